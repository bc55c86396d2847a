"""From features to a layout: the one door to every method."""

import time

from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.neighbors.distances import measured_vectors
from embviz.progress import Progress, no_progress
from embviz.projection.pca import principal_components
from embviz.projection.process import layout_in_child
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap, neighbors_needed
from embviz.projection.start import starting_layout


def project(
    features: Features,
    spec: ProjectionSpec,
    *,
    graph: NeighborGraph | None = None,
    progress: Progress = no_progress,
) -> Projection:
    """A layout of the features in 2 or 3 dimensions.

    The same features and spec give the same coordinates on one machine; on another one, t-SNE and
    UMAP may differ.

    Parameters
    ----------
    features
        What to lay out.
    spec
        Which method, with its parameters.
    graph
        Nearest neighbors of the features by the spec's metric, at least `neighbors_needed` of them;
        computed here if not given. PCA uses none.
    progress
        Called at least ten times a second while t-SNE or UMAP runs.

    Raises
    ------
    SpecError
        If the spec does not fit the features, or the graph does not fit them or the spec.
    MissingDependencyError
        If the package of the method is not installed.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.features.vectors import vector_features
    >>> line = vector_features(dataset_from_arrays(vectors=[[0, 0], [3, 4], [6, 8]]))
    >>> project(line, Pca()).coords.round(4).tolist()
    [[-5.0, 0.0], [0.0, 0.0], [5.0, 0.0]]
    """
    needed = neighbors_needed(spec, len(features))
    if isinstance(spec, Pca):
        return _pca(features, spec, progress)
    if graph is None:
        graph = neighbor_graph(features, needed, metric=spec.metric, progress=progress)
    _check_graph(graph, features, spec, needed)
    began = time.perf_counter()
    vectors = measured_vectors(features.vectors, spec.metric)
    start = starting_layout(vectors, spec.n_components, spec.seed, progress=progress)
    coords, kl_divergence = layout_in_child(spec, start, graph.first(needed), progress=progress)
    return Projection(
        coords=coords,
        ids=features.ids,
        spec=spec,
        source=features.fingerprint,
        seconds=time.perf_counter() - began,
        kl_divergence=kl_divergence,
    )


def _pca(features: Features, spec: Pca, progress: Progress) -> Projection:
    began = time.perf_counter()
    found = principal_components(features.vectors, spec.axes, progress=progress)
    return Projection(
        coords=found.scores,
        ids=features.ids,
        spec=spec,
        source=features.fingerprint,
        seconds=time.perf_counter() - began,
        explained_variance_ratio=found.explained_variance_ratio,
    )


def _check_graph(graph: NeighborGraph, features: Features, spec: Tsne | Umap, needed: int) -> None:
    given = f"{graph.k} {graph.metric} neighbors of {len(graph)} items"
    if len(graph) != len(features) or graph.metric != spec.metric or graph.k < needed:
        raise SpecError(
            f"{spec.method} needs {needed} {spec.metric} neighbors of {len(features)} items, got {given}; "
            "compute the graph from the same features, or leave it out"
        )
