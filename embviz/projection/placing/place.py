"""Placing of new items into a finished layout, by the method that made it."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Float64Array, Int32Array, summary
from embviz.checks.arguments import checked
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.neighbors.among import SearchedRows, nearest_among, searched_rows
from embviz.neighbors.distances import measured_vectors
from embviz.progress import Progress, blocks_of, no_progress
from embviz.projection.admission import neighbors_needed
from embviz.projection.pca import PrincipalComponents, first_components
from embviz.projection.placing.axes import Axes, axes_of, scores_along
from embviz.projection.placing.placed import Placed, farther_shares
from embviz.projection.preprocess.reduced import reduced_features, reduced_vectors
from embviz.projection.preprocess.scaling import Scaling, scaled_features, scaled_vectors, scaling
from embviz.projection.preprocess.steps import components_kept, scaling_of
from embviz.projection.projection import Projection
from embviz.projection.ready import make_ready
from embviz.projection.specs import Columns, Directions, LinearSpec, Pca, Tsne, Umap

Settle = Callable[[Int32Array, Float32Array, Float32Array], Float32Array]
"""Function that returns coordinates of items, given their nearest laid-out items, the distances, and their vectors."""

BLOCK = 1024
"""Number of items that are placed between two calls of progress."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Ground:
    """A finished layout, ready for items to be placed in it, some at a time.

    Attributes
    ----------
    projection
        The layout.
    laid_out
        The features that were laid out.
    scaling
        Scaling of the laid-out items, which new items get, too; None if the spec has no scaling.
    axes
        Axes of a PCA layout, or of the principal components in whose space neighbors are searched; None if there are no
        components.
    center
        `PrincipalComponents.center` of the components in whose space neighbors are searched; None if there are none.
    rows
        The laid-out items' vectors, prepared for the search of new items' neighbors.
    usual_distances
        float32, shape (n,): the distance of each laid-out item to the nearest of the others.
    """

    projection: Projection
    laid_out: Features
    scaling: Scaling | None
    axes: Axes | None
    center: Float64Array | None
    rows: SearchedRows
    usual_distances: Float32Array
    _settle: Settle | None = field(repr=False)

    __repr__ = summary

    def __post_init__(self) -> None:
        self.projection.check_made_from(self.laid_out)


@checked()
def place(
    features: Features,
    into: Projection,
    *,
    laid_out: Features,
    graph: NeighborGraph | None = None,
    components: PrincipalComponents | None = None,
    progress: Progress = no_progress,
) -> Placed:
    """Coordinates of new items in a finished layout, in which the laid-out items do not move.

    The position of an item depends on its vector, the layout and the seed of its spec, not on the items that are placed
    with it, their order, or the number of threads. PCA uses the mean and the axes of the laid-out items. t-SNE and UMAP
    use their own objective: each item comes to rest among the laid-out items that are nearest to it. Placed items do
    not push each other apart, and equal ones get equal coordinates. Labels have no effect, even if they shaped the
    layout.

    Parameters
    ----------
    features
        The new items, in the space of the laid-out ones.
    into
        The layout, by any engine; also one that was steered.
    laid_out
        The features that `into` is a layout of.
    graph
        Nearest neighbors of the laid-out items, as for `project`; computed here if not given.
    components
        Principal components of the laid-out items, as for `project`; used if the spec reduces the features first.
        Computed here if not given, with the same result.
    progress
        Called several times a second, with the stages of `neighbor_graph` and ``placing``.

    Raises
    ------
    SpecError
        If there are no new items, or their vectors have no distance by the metric of the spec, or the layout is by
        columns or along directions.
    InputError
        If the layout was not made from `laid_out`, the new features are of another kind or length, or graph or
        components were made from other features.

    Examples
    --------
    >>> from embviz import Pca, dataset_from_arrays, project, vector_features
    >>> line = vector_features(dataset_from_arrays(vectors=[[0, 0], [3, 4], [6, 8]]))
    >>> new = vector_features(dataset_from_arrays(vectors=[[6, 8], [9, 12]]))
    >>> placed = place(new, project(line, Pca()), laid_out=line)
    >>> placed.coords.round(4).tolist()
    [[5.0, 0.0], [10.0, 0.0]]
    >>> placed.nearest_ids.tolist(), placed.nearest_distances.tolist()
    ([2, 2], [0.0, 5.0])
    """
    began = time.perf_counter()
    _check_same_space(features, laid_out)
    ground = ground_of(into, laid_out, graph=graph, components=components, progress=progress)
    return placed_on(ground, features, began=began, progress=progress)


def placing_spec(projection: Projection) -> Pca | Tsne | Umap:
    """The spec of a layout, if new items can be placed into the layout.

    Raises
    ------
    SpecError
        If the layout is along directions or by columns, into which new items cannot be placed.
    """
    if isinstance(projection.spec, Columns):
        raise SpecError("new items cannot be placed into a layout by columns; lay all items out together")
    if isinstance(projection.spec, Directions):
        raise SpecError(
            "new items cannot be placed into a layout along directions, which depend on the items laid out; "
            "lay all items out together"
        )
    return projection.spec


def ground_of(
    projection: Projection,
    laid_out: Features,
    *,
    graph: NeighborGraph | None = None,
    components: PrincipalComponents | None = None,
    progress: Progress = no_progress,
) -> Ground:
    """A layout prepared for `placed_on`, so that the work on the laid-out items is done once. See `place`."""
    projection.check_made_from(laid_out)
    spec = placing_spec(projection)
    name = scaling_of(spec.preprocess)
    by = None if name is None else scaling(laid_out.vectors, name, progress=progress)
    scaled = scaled_features(laid_out, name, progress=progress)
    axes, searched, metric, k = None, scaled, "euclidean", 1
    if isinstance(spec, Pca):
        components = None
        axes = axes_of(scaled.vectors, projection.coords, progress=progress)
    else:
        metric, k = spec.metric, neighbors_needed(spec, len(laid_out))
        make_ready(f"place-{spec.method}", spec.n_components, progress)
        kept = components_kept(spec.preprocess)
        if kept is None:
            components = None
        else:
            components = components or first_components(scaled, kept, metric=metric, progress=progress)
            searched = reduced_features(scaled, spec, components)
            axes = axes_of(measured_vectors(scaled.vectors, metric), components.scores[:, :kept], progress=progress)
    if graph is None:
        graph = neighbor_graph(searched, 1, metric=metric, progress=progress)
    graph.check_made_from(searched)
    if graph.metric != metric:
        raise InputError(f"the graph must be by the {metric} metric of the layout, got a {graph.metric} one")
    rows = searched_rows(searched, k, metric=metric, progress=progress)
    usual = np.ascontiguousarray(graph.distances[:, 0])
    center = None if components is None else components.center
    return Ground(projection, laid_out, by, axes, center, rows, usual, _settle_function(projection))


def placed_on(
    ground: Ground, features: Features, *, began: float | None = None, progress: Progress = no_progress
) -> Placed:
    """Coordinates of new items in a prepared layout; `Placed.seconds` counts from `began`, if given. See `place`."""
    began = time.perf_counter() if began is None else began
    _check_same_space(features, ground.laid_out)
    spec = ground.projection.spec
    k = 1 if isinstance(spec, Pca) else neighbors_needed(spec, ground.rows.n)
    scaled = features.vectors
    if ground.scaling is not None:
        scaled = scaled_vectors(scaled, ground.scaling, progress=progress)
    vectors = _searched_vectors(ground, scaled, progress)
    found = nearest_among(ground.rows, vectors, k, progress=progress)
    for array in (found.indices, found.distances):
        array.flags.writeable = False  # kernels are compiled for read-only arrays, as a graph has them
    if ground._settle is None:
        assert ground.axes is not None, "every layout of PCA has them"
        coords = scores_along(ground.axes, scaled, progress=progress)
    else:
        coords = np.empty((len(features), spec.n_components), np.float32)
        for block in blocks_of("placing", len(features), BLOCK, progress):
            coords[block] = ground._settle(found.indices[block], found.distances[block], vectors[block])
    nearest = np.ascontiguousarray(found.distances[:, 0])
    return Placed(
        coords=coords,
        ids=features.ids,
        nearest_ids=ground.laid_out.ids[found.indices[:, 0]],
        nearest_distances=nearest,
        farther_shares=farther_shares(nearest, ground.usual_distances),
        usual_distances=ground.usual_distances,
        spec=spec,
        source=features.fingerprint,
        items=features.items,
        layout=ground.projection.fingerprint,
        laid_out=ground.laid_out.fingerprint,
        seconds=time.perf_counter() - began,
    )


def _check_same_space(features: Features, laid_out: Features) -> None:
    if (features.spec, features.network) != (laid_out.spec, laid_out.network):
        also = "" if features.spec != laid_out.spec else " by another classifier"
        raise InputError(
            f"the layout is of {laid_out.name} features and the new items have {features.name} ones{also}; "
            "give features of the same kind"
        )
    width, wanted = features.vectors.shape[1], laid_out.vectors.shape[1]
    if width != wanted:
        raise InputError(f"the layout is of vectors of {wanted} values, got new ones of {width}; give vectors as long")


def _settle_function(projection: Projection) -> Settle | None:
    coords = projection.coords
    match projection.spec:
        case Tsne() as tsne:
            from embviz.projection.placing.tsne import placed_by_tsne, tsne_ground  # numba: half a second

            crowd = tsne_ground(coords)
            return lambda indices, distances, _: placed_by_tsne(crowd, tsne, indices, distances)
        case Umap() as umap:
            from embviz.projection.placing.umap import placed_by_umap, umap_ground

            still = umap_ground(coords, umap)
            return lambda indices, distances, vectors: placed_by_umap(still, umap, indices, distances, _keys(vectors))
    return None


def _searched_vectors(ground: Ground, scaled: Float32Array, progress: Progress) -> Float32Array:
    """The vectors by which new items' neighbors are searched, reduced in the same way as the laid-out items."""
    spec = ground.projection.spec
    if isinstance(spec, LinearSpec) or ground.axes is None or ground.center is None:
        return scaled
    scores = scores_along(ground.axes, measured_vectors(scaled, spec.metric), progress=progress)
    return reduced_vectors(scores, ground.center, spec.metric)


def _keys(vectors: Float32Array) -> NDArray[np.uint64]:
    """A number for each vector, equal for equal vectors, from which the item's random numbers follow."""
    digests = b"".join(hashlib.blake2b(row.data, digest_size=8).digest() for row in np.ascontiguousarray(vectors))
    return np.frombuffer(digests, "<u8").astype(np.uint64)
