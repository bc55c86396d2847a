"""Check that the spec of a layout fits items, vectors and graph, and tell which neighbors and labels it needs."""

import math
from dataclasses import dataclass

from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.neighbors import NeighborGraph
from embviz.projection.columns.coords import check_columns
from embviz.projection.directions.coords import rows_at
from embviz.projection.pca import check_axes
from embviz.projection.preprocess.steps import check_preprocess
from embviz.projection.specs import Columns, Directions, Pca, ProjectionSpec, Tsne, Umap
from embviz.projection.supervision import shaping_labels
from embviz.projection.titles import METHODS


@dataclass(frozen=True, eq=False, slots=True)
class Admission:
    """Neighbors and labels that a layout needs, for a spec that fits the items.

    Attributes
    ----------
    n_neighbors
        Number of nearest neighbors of each item; 0 for a linear layout.
    labels
        int64, shape (n,): class codes that shape a supervised layout; None for any other.
    """

    n_neighbors: int
    labels: Int64Array | None = None


def admission(
    spec: ProjectionSpec,
    n_items: int,
    n_features: int | None = None,
    *,
    labels: Int64Array | Dataset | None = None,
    graph: NeighborGraph | None = None,
) -> Admission:
    """Neighbors and labels that `spec` needs for `n_items` items; a spec that does not fit them is refused.

    Parameters
    ----------
    spec
        The layout asked for.
    n_items, n_features
        Number of vectors, and of values in each; None if unknown, as for a graph without its vectors.
    labels
        Labels that shape a supervised layout: int64, shape (n,), class codes, -1 for an unlabeled item; or the dataset
        that has them. Other layouts ignore them.
    graph
        The neighbor graph to be used, if there is one. Whether it was made from these items is not checked here.

    Raises
    ------
    SpecError
        If there are too few items, a component or column asked for does not exist, `preprocess` would drop no
        component, labels or the class to ignore are missing, or the graph has another metric, another number of items,
        or too few neighbors.
    InputError
        If labels have another type or shape.

    Examples
    --------
    >>> admission(Tsne(perplexity=30), 10_000, 784).n_neighbors
    90
    >>> admission(Umap(supervised=True), 10_000, 784)
    Traceback (most recent call last):
    embviz.errors.SpecError: supervised UMAP needs labels; give labels, or leave supervised off
    """
    needed = neighbors_needed(spec, n_items)
    if isinstance(spec, Pca):
        if n_features is not None:
            check_axes(spec.axes, n_items, n_features)
        return Admission(needed)
    if isinstance(spec, Directions):
        if isinstance(labels, Dataset):
            for direction in spec.directions:
                rows_at(direction.start, labels.ids, labels)
                rows_at(direction.end, labels.ids, labels)
        return Admission(needed)
    if isinstance(spec, Columns):
        check_columns(spec, n_features, labels if isinstance(labels, Dataset) else None)
        return Admission(needed)
    if n_features is not None:
        check_preprocess(spec.preprocess, n_items, n_features)
    shaping = shaping_labels(spec, labels, n_items)
    if graph is not None and (len(graph) != n_items or graph.metric != spec.metric or graph.k < needed):
        raise SpecError(
            f"{METHODS[spec.method]} needs {needed} {spec.metric} neighbors of each of {n_items:,} items, got "
            f"{graph.k} {graph.metric} ones of each of {len(graph):,}; make such a graph"
        )
    return Admission(needed, shaping)


def neighbors_needed(spec: ProjectionSpec, n_items: int) -> int:
    """The number of nearest neighbors per item that a spec needs, not counting the item itself; 0 for a linear layout.

    Raises
    ------
    SpecError
        If `n_items` are too few for the spec; the message says what would work.

    Examples
    --------
    >>> neighbors_needed(Tsne(perplexity=30), 10_000), neighbors_needed(Umap(n_neighbors=15), 10_000)
    (90, 14)
    >>> neighbors_needed(Tsne(perplexity=50), 100)
    Traceback (most recent call last):
    embviz.errors.SpecError: perplexity 50 needs at least 151 items, got 100; use perplexity <= 33 or more items
    """
    match spec:
        case Pca() | Directions() | Columns():
            if n_items < 2:
                raise SpecError(f"{METHODS[spec.method]} needs at least 2 items, got {n_items}; show more items")
            return 0
        case Tsne(perplexity=perplexity):
            needed = math.ceil(3 * perplexity)
            _check_items("perplexity", perplexity, needed + 1, n_items, largest=(n_items - 1) // 3)
            return needed
        case Umap(n_neighbors=n_neighbors):
            _check_items("n_neighbors", n_neighbors, n_neighbors + 1, n_items, largest=n_items - 1)
            return n_neighbors - 1


def _check_items(name: str, value: float, needed: int, n_items: int, largest: int) -> None:
    if n_items < needed:
        advice = f"use {name} <= {largest} or more items" if largest >= 2 else "show more items"
        raise SpecError(f"{name} {value:g} needs at least {needed} items, got {n_items}; {advice}")
