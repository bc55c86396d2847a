"""The weighted edges from which a t-SNE or UMAP layout was made, from its neighbor graph in the store."""

from embviz.dataset import Dataset, check_same_items
from embviz.faithfulness import edges_of
from embviz.features import Features
from embviz.pipeline.neighbors import graph_of, searched_of
from embviz.progress import Progress, no_progress
from embviz.projection.admission import admission
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.preprocess.scaling import scaled_features
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
    """The weighted edges from which a layout was made, for the neighbors that `projection_of` finds; None if linear.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.
    SpecError
        If the spec does not fit the features.
    Cancelled
        If `progress` raised it.
    """
    check_same_items("features", features.items, dataset)
    if isinstance(spec, LinearSpec):
        return None
    scaled = scaled_features(features, spec.preprocess, progress=progress)
    searched, _ = searched_of(scaled, spec, store=store, progress=progress)
    admitted = admission(spec, *features.vectors.shape, labels=dataset)
    graph = graph_of(searched, admitted.n_neighbors, metric=spec.metric, store=store, progress=progress)
    return edges_of(graph, spec, admitted.labels, progress=progress)
