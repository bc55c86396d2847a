"""The order of the stages, and which of their results are kept in the store."""

from functools import lru_cache

import numpy as np

from embviz.arrays import Int64Array, fingerprint
from embviz.components import components_of, stored_components
from embviz.dataset import Dataset, check_same_items
from embviz.datasets import load_dataset, source_stamp
from embviz.errors import DatasetError
from embviz.features import (
    Activations,
    Features,
    FeatureSpec,
    Network,
    Pixels,
    Vectors,
    activation_features,
    pixel_features,
    train_network,
    vector_features,
)
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.overlap import OverlapMatrix, labeled_vectors, overlap_matrix
from embviz.progress import Progress, no_progress
from embviz.projection import project
from embviz.projection.preprocess import check_preprocess, components_kept
from embviz.projection.projection import Projection
from embviz.projection.ready import loading_meanwhile
from embviz.projection.reduced import reduced_features
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap, neighbors_needed
from embviz.projection.steering import Steering
from embviz.store import Store
from embviz.stored import kept_value, key_of, stored_value

SHARED_NEIGHBORS = 90
"""Neighbors per item that are looked up even where fewer are asked for: one graph serves t-SNE at its
usual perplexity 30, UMAP, overlap and inspection."""


def features_of(dataset: Dataset, spec: FeatureSpec, *, store: Store, progress: Progress = no_progress) -> Features:
    """The features of a dataset; a network that is not in the store is trained first.

    It is trained on the train split of where the dataset came from, whichever split or sample of it
    the dataset is, and its accuracy is that on the test split.

    Raises
    ------
    DatasetError
        If the dataset has no images or vectors, as the spec needs, or nothing to train a network on.
    Cancelled
        If `progress` raised it.
    """
    match spec:
        case Pixels():
            return pixel_features(dataset)
        case Vectors():
            return vector_features(dataset)
        case Activations(layer=layer, seed=seed):
            return activation_features(dataset, _network_of(dataset, seed, store, progress), layer)


def stored_features(
    dataset: Dataset, spec: FeatureSpec, *, store: Store, progress: Progress = no_progress
) -> Features | None:
    """The features of a dataset if they are quickly made; None if a network would have to be trained.

    None also where there is nothing to train one on: `features_of` says why.

    Raises
    ------
    DatasetError
        If the dataset has no images or vectors, as the spec needs.
    """
    if not isinstance(spec, Activations):
        return features_of(dataset, spec, store=store, progress=progress)
    try:
        network = _stored_network(dataset, spec.seed, store)
    except DatasetError:
        return None
    return None if network is None else activation_features(dataset, network, spec.layer)


def graph_of(
    features: Features, k: int, *, metric: str = "euclidean", store: Store, progress: Progress = no_progress
) -> NeighborGraph:
    """The k nearest neighbors of every item, out of the one graph that is kept per features and metric.

    Raises
    ------
    SpecError
        As `neighbor_graph`.
    Cancelled
        If `progress` raised it.
    """
    width, key = _graph_address(features, k, metric)

    def fits(graph: NeighborGraph) -> bool:
        made = (len(graph), graph.k, graph.metric, graph.ties, graph.source)
        return made == (len(features), width, metric, "even", features.fingerprint)

    graph = stored_value(NeighborGraph, store, "graph", key, fits=fits, seconds=0.0)
    if graph is None:
        made = neighbor_graph(features, width, metric=metric, ties="even", progress=progress)
        graph = kept_value(made, store, "graph", key, known=("seconds",))
    return graph.first(k)


def has_graph(features: Features, spec: Tsne | Umap, *, store: Store) -> bool:
    """Whether the neighbors that a layout needs are in the store, or those among the components that it keeps."""
    searched: Features | None = features
    if spec.preprocess is not None:
        components = stored_components(features, components_kept(spec.preprocess), metric=spec.metric, store=store)
        searched = None if components is None else reduced_features(features, spec, components)
    if searched is None:
        return False
    return store.has("graph", _graph_address(searched, neighbors_needed(spec, len(features)), spec.metric)[1])


def _graph_address(features: Features, k: int, metric: str) -> tuple[int, str]:
    """How many neighbors of each item are kept together, and under which key."""
    width = max(k, min(SHARED_NEIGHBORS, len(features) - 1))
    return width, key_of(NeighborGraph, features.fingerprint, str(width), metric)


def projection_of(
    features: Features,
    spec: ProjectionSpec,
    *,
    store: Store,
    labels: Int64Array | Dataset | None = None,
    steering: Steering | None = None,
    progress: Progress = no_progress,
) -> Projection:
    """The layout of the features, from the store if it is there.

    A layout that was steered away from its spec, by stopping it early for one, is neither stored nor taken from there.
    PCA's is not stored either, but its components are: see `components_of`. `labels` are those of a supervised UMAP,
    or the dataset that has them.

    Raises
    ------
    SpecError
        If there are too few items for the spec, or as `project`.
    InputError
        If the dataset is of other items than the features.
    Cancelled
        If `progress` raised it.
    """
    needed = neighbors_needed(spec, len(features))
    if isinstance(spec, Pca):
        components = components_of(features, max(spec.axes), store=store, progress=progress)
        return project(features, spec, components=components, labels=labels, progress=progress)
    is_steered = steering is not None and steering.was_steered
    projection = None if is_steered else stored_projection(features, spec, store=store, labels=labels)
    if projection is None:
        check_preprocess(spec.preprocess, *features.vectors.shape)
        watched = loading_meanwhile(spec, progress)
        n_kept = 1 if spec.preprocess is None else components_kept(spec.preprocess)
        components = components_of(features, n_kept, metric=spec.metric, store=store, progress=progress)
        searched = reduced_features(features, spec, components)
        graph = graph_of(searched, needed, metric=spec.metric, store=store, progress=watched)
        projection = project(
            features,
            spec,
            graph=graph,
            components=components,
            labels=labels,
            steering=steering,
            progress=progress,
        )
        if steering is None or not steering.was_steered:
            kept_value(
                projection,
                store,
                "projection",
                _projection_key(features, spec, labels),
                known=("spec", "source", "items"),
            )
    return projection


def stored_projection(
    features: Features, spec: ProjectionSpec, *, store: Store, labels: Int64Array | Dataset | None = None
) -> Projection | None:
    """The layout of the features if it is in the store, or its components are if it is one of PCA."""
    if isinstance(spec, Pca):
        components = stored_components(features, max(spec.axes), store=store)
        return None if components is None else project(features, spec, components=components, labels=labels)
    return stored_value(
        Projection,
        store,
        "projection",
        _projection_key(features, spec, labels),
        fits=lambda projection: np.array_equal(projection.ids, features.ids) and _is_whole(projection),
        spec=spec,
        source=features.fingerprint,
        items=features.items,
    )


def _is_whole(projection: Projection) -> bool:
    """Whether it is the layout that its spec describes, and says of itself all that its method has to say."""
    spec = projection.spec
    said = (
        (projection.explained_variance_ratio, False),
        (projection.kl_divergence, isinstance(spec, Tsne)),
        (projection.iterations, not isinstance(spec, Pca) and spec.engine == "embviz"),
        (projection.equal_items, True),
    )
    return not projection.departure and all((value is not None) == expected for value, expected in said)


def overlap_matrix_of(
    features: Features, dataset: Dataset, k: int, *, store: Store, progress: Progress = no_progress
) -> OverlapMatrix:
    """The overlap of every two classes in feature space, out of the shared neighbor graph.

    Raises
    ------
    InputError
        If the features are not those of the dataset's items.
    SpecError
        If the dataset has no labels or fewer than 2 items, or k is below 1.
    Cancelled
        If `progress` raised it.
    """
    matrix = stored_overlap_matrix(features, dataset, k, store=store)
    if matrix is None:
        graph = graph_of(features, min(SHARED_NEIGHBORS, len(features) - 1), store=store, progress=progress)
        matrix = overlap_matrix(
            features, dataset, len(dataset.class_names), k, space=features.name, graph=graph, progress=progress
        )
        kept_value(matrix, store, "overlap", _matrix_key(features, dataset, k))
    return matrix


def stored_overlap_matrix(features: Features, dataset: Dataset, k: int, *, store: Store) -> OverlapMatrix | None:
    """The overlap of every two classes in feature space, if it is in the store; raises as `overlap_matrix_of`."""
    _, codes = labeled_vectors(features, dataset)
    counts = np.bincount(codes, minlength=len(dataset.class_names))

    def fits(matrix: OverlapMatrix) -> bool:
        return (matrix.k, matrix.space) == (k, features.name) and np.array_equal(matrix.n_per_class, counts)

    return stored_value(OverlapMatrix, store, "overlap", _matrix_key(features, dataset, k), fits=fits)


def _matrix_key(features: Features, dataset: Dataset, k: int) -> str:
    return key_of(OverlapMatrix, features.fingerprint, dataset.fingerprint, str(k))


def _network_of(dataset: Dataset, seed: int, store: Store, progress: Progress) -> Network:
    network = _stored_network(dataset, seed, store)
    if network is None:
        train, test = (load_dataset(dataset.origin, split, progress=progress) for split in ("train", "test"))
        key = key_of(Network, train.fingerprint, test.fingerprint, str(seed))
        trained = train_network(train, test, seed=seed, progress=progress)
        network = kept_value(trained, store, "network", key, known=("class_names", "image_shape"))
    return network


def _stored_network(dataset: Dataset, seed: int, store: Store) -> Network | None:
    if not dataset.origin:
        raise DatasetError(
            f"dataset {dataset.name!r} has no train split to train a classifier on; "
            "use a dataset that load_dataset knows, or pixels or vectors as features"
        )
    key = key_of(Network, *_split_fingerprints(dataset.origin, source_stamp(dataset.origin)), str(seed))
    shape = () if dataset.images is None else dataset.images.shape[1:]

    def fits(network: Network) -> bool:
        return network.seed == seed

    return stored_value(Network, store, "network", key, fits=fits, class_names=dataset.class_names, image_shape=shape)


@lru_cache(maxsize=16)
def _split_fingerprints(origin: str, stamp: str) -> tuple[str, str]:
    """Of what is trained and measured on, as long as its `stamp` is the same."""
    return load_dataset(origin, "train").fingerprint, load_dataset(origin, "test").fingerprint


def _projection_key(features: Features, spec: ProjectionSpec, labels: Int64Array | Dataset | None) -> str:
    if isinstance(labels, Dataset):
        check_same_items(f"{features.name} features", features.items, labels)
        labels = labels.labels
    supervising = [fingerprint(labels)] if isinstance(spec, Umap) and spec.supervised and labels is not None else []
    return key_of(Projection, features.fingerprint, repr(spec), *supervising)
