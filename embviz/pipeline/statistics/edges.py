"""The weighted edges from which a layout was made, from what the store has of its neighbors."""

from embviz.dataset import Dataset, check_same_items
from embviz.faithfulness import edges_of
from embviz.features import Features
from embviz.pipeline.components import components_of
from embviz.pipeline.neighbors import graph_of
from embviz.progress import Progress, no_progress
from embviz.projection.admission import admission
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.preprocess import components_kept
from embviz.projection.reduced import reduced_features
from embviz.projection.specs import LinearSpec, ProjectionSpec
from embviz.storage.store import Store


def layout_edges_of(
    features: Features,
    spec: ProjectionSpec,
    dataset: Dataset,
    *,
    store: Store,
    progress: Progress = no_progress,
) -> SparseGraph | None:
    """The edges from which a layout was made, as `projection_of` finds its neighbors; None for PCA.

    Raises
    ------
    InputError
        If the features are not of the dataset's items.
    SpecError
        If the spec does not fit the features.
    Cancelled
        If `progress` raised it.
    """
    check_same_items("features", features.items, dataset)
    if isinstance(spec, LinearSpec):
        return None
    searched = features
    if spec.preprocess is not None:
        n_kept = components_kept(spec.preprocess)
        components = components_of(features, n_kept, metric=spec.metric, store=store, progress=progress)
        searched = reduced_features(features, spec, components)
    needed = admission(spec, *features.vectors.shape, labels=dataset).n_neighbors
    graph = graph_of(searched, needed, metric=spec.metric, store=store, progress=progress)
    return edges_of(graph, spec, dataset.labels, progress=progress)
