"""The overlap of two classes in a layout method's weighted edges: t-SNE's affinities, or UMAP's fuzzy graph."""

from dataclasses import dataclass, replace

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int64Array
from embviz.dataset import Dataset, check_same_items
from embviz.features.features import Features
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.progress import Progress, no_progress
from embviz.projection.admission import admission
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.pca import first_components
from embviz.projection.preprocess.reduced import reduced_features
from embviz.projection.preprocess.scaling import scaled_features
from embviz.projection.preprocess.steps import components_kept
from embviz.projection.ready import make_ready
from embviz.projection.specs import Tsne, Umap
from embviz.projection.supervision import shaping_labels


@dataclass(frozen=True, slots=True)
class EdgeReplicates:
    """The overlap of two classes in weighted edges, with all items and without the items of each group in turn.

    Attributes
    ----------
    index
        Rate divided by chance, see `edge_replicates`.
    indices
        float64, shape (G,): the index without the items of each of the G groups.
    """

    index: float
    indices: Float64Array


def edges_of_features(
    features: Features,
    spec: Tsne | Umap,
    labels: Int64Array | Dataset | None = None,
    *,
    progress: Progress = no_progress,
) -> SparseGraph:
    """The weighted edges of a layout of these features: `edges_of` the neighbors that `project` would search.

    `labels` are as `project` takes them.

    Raises
    ------
    SpecError
        If the spec does not fit the features, or labels are missing.
    InputError
        If the dataset has other items than the features.
    """
    if isinstance(labels, Dataset):
        check_same_items(f"{features.name} features", features.items, labels)
    admitted = admission(spec, *features.vectors.shape, labels=labels)
    searched, n_kept = scaled_features(features, spec.preprocess, progress=progress), components_kept(spec.preprocess)
    if n_kept is not None:
        components = first_components(searched, n_kept, metric=spec.metric, progress=progress)
        searched = reduced_features(searched, spec, components)
    graph = neighbor_graph(searched, admitted.n_neighbors, metric=spec.metric, ties="even", progress=progress)
    return edges_of(graph, spec, admitted.labels, progress=progress)


def edges_of(
    graph: NeighborGraph, spec: Tsne | Umap, labels: Int64Array | None = None, *, progress: Progress = no_progress
) -> SparseGraph:
    """The weighted neighbor graph of the method: the joint probabilities P of t-SNE, or the fuzzy graph of UMAP.

    Parameters
    ----------
    graph
        The neighbor graph, as for `project`: `neighbors_needed` neighbors by the spec's metric.
    spec
        Spec of the layout.
    labels
        As `start_layout` takes them.
    progress
        Called with the stages of `make_ready`, and with ``affinities``.
    """
    shaping = shaping_labels(replace(spec, ignored_label=None), labels, len(graph))
    make_ready(spec.method, spec.n_components, progress)
    if isinstance(spec, Tsne):
        from embviz.projection.tsne.affinities import affinities

        return affinities(graph, spec.perplexity, shaping, spec.label_strength, progress=progress)
    from embviz.projection.umap.fuzzy import fuzzy_graph

    return fuzzy_graph(graph, shaping, spec.label_strength, progress=progress)


def edge_replicates(
    edges: SparseGraph, rows: Int64Array, is_second: BoolArray, groups: Int64Array
) -> EdgeReplicates | None:
    """The overlap of two classes in weighted edges, and without each group of items in turn.

    The rate of a class is the share of the weight of its edges to items of the two classes that goes to the other one;
    the rate of the pair is the mean of both, and its index is that rate divided by the rate expected for random labels.
    Leaving a group out removes all edges at its items, and leaves the weights of the others unchanged.

    Parameters
    ----------
    edges
        Edges between all items of the dataset.
    rows
        int64, shape (m,): rows of the items of the two classes.
    is_second, groups
        As in `overlap_replicates`, shape (m,) each.

    Returns
    -------
    EdgeReplicates or None
        None if one class has no edges to items of the two classes, or none once some group is left out.

    Examples
    --------
    Items 0 and 1 are of one class, 2 and 3 of the other. Edges within a class have weight 3, all others 1; so two
    fifths of the weight at each item cross, and labels at random would have 4 / (2 * 3) cross.

    >>> from embviz.projection.kernels.sparse import sparse_graph
    >>> weights = np.array([3, 1, 1, 3, 1, 1, 1, 1, 3, 1, 1, 3], np.float32)
    >>> columns = np.array([1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2], np.uint32)
    >>> edges = sparse_graph(np.array([0, 3, 6, 9, 12]), columns, weights)
    >>> found = edge_replicates(edges, np.arange(4), np.array([False, False, True, True]), np.arange(4))
    >>> round(found.index, 6)
    0.6
    """
    n_groups, m = int(groups.max()) + 1, len(rows)
    place = np.full(len(edges), -1)
    place[rows] = np.arange(m)
    ends = np.repeat(place, np.diff(edges.starts)), place[edges.columns]
    is_inside = (ends[0] >= 0) & (ends[1] >= 0)
    begin, end, weights = ends[0][is_inside], ends[1][is_inside], edges.weights[is_inside].astype(np.float64)
    crosses = is_second[begin] != is_second[end]
    is_within = groups[begin] == groups[end]
    all_of, without = np.empty((2, 2)), np.empty((2, 2, n_groups))
    for side in (False, True):
        for which, counted in enumerate((crosses, np.ones_like(crosses))):
            taken = np.where(counted & (is_second[begin] == side), weights, 0.0)
            gone = np.bincount(groups[begin], taken, n_groups)
            gone += np.bincount(groups[end], np.where(is_within, 0.0, taken), n_groups)
            all_of[int(side), which] = taken.sum()
            without[int(side), which] = taken.sum() - gone
    if (without[:, 1] <= 1e-9 * all_of[:, 1, None]).any():
        return None
    left = m - np.bincount(groups, minlength=n_groups)
    indices = (np.clip(without[:, 0], 0, None) / without[:, 1]).mean(axis=0) / _chance(left)
    return EdgeReplicates(float((all_of[:, 0] / all_of[:, 1]).mean() / _chance(m)), indices)


def _chance(n: Int64Array | int) -> Float64Array | float:
    """The expected rate if labels were random, among n items of two classes."""
    return n / (2 * (np.maximum(n, 2) - 1))
