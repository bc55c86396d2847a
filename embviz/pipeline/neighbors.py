"""Neighbor graphs of features: one per metric, kept in the store, and used by layouts and statistics alike."""

from embviz.features import Features
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.neighbors.query import Neighborhood, item_distance, nearest_items
from embviz.pipeline.components import components_at_hand, components_of, stored_components
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.admission import neighbors_needed
from embviz.projection.pca import PrincipalComponents
from embviz.projection.preprocess.reduced import reduced_features
from embviz.projection.preprocess.scaling import scaled_features
from embviz.projection.preprocess.steps import components_kept
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne, Umap
from embviz.storage.store import Store

SHARED_NEIGHBORS = 90
"""Number of neighbors per item that are searched even if fewer are asked for.

So one graph serves t-SNE with its default perplexity 30, UMAP and overlap.
"""


def graph_of(
    features: Features, k: int, *, metric: str = "euclidean", store: Store, progress: Progress = no_progress
) -> NeighborGraph:
    """The graph of the k nearest neighbors of every item, from the store if it is there.

    For each features and metric, one graph with `SHARED_NEIGHBORS` neighbors is stored, and the first k of these are
    returned; for a larger k, another graph is stored.

    Raises
    ------
    SpecError
        If `neighbor_graph` raises it.
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


def neighborhood_of(features: Features, row: int, k: int, *, metric: str = "euclidean") -> Neighborhood:
    """The k nearest neighbors of one item; not stored, because the search takes milliseconds.

    Principal components in memory make the search faster, and do not change the result.

    Raises
    ------
    SpecError
        As `nearest_items`.
    """
    components = components_at_hand(features)
    scores = None if components is None else components.scores
    return Neighborhood(row, *nearest_items(features.vectors, row, k, metric, scores), metric, features.items)


def layout_neighborhood_of(projection: Projection, row: int, k: int) -> Neighborhood:
    """The k items nearest to one item in a layout, by Euclidean distance; cosines mean nothing in a layout.

    Raises
    ------
    SpecError
        As `nearest_items`.
    """
    return Neighborhood(row, *nearest_items(projection.coords, row, k), "euclidean", projection.items)


def distance_of(features: Features, row: int, other: int, metric: str) -> float:
    """The distance between two items.

    Raises
    ------
    SpecError
        As `item_distance`.
    """
    return item_distance(features.vectors, row, other, metric)


def searched_of(
    scaled: Features, spec: Tsne | Umap, *, store: Store, progress: Progress = no_progress
) -> tuple[Features, PrincipalComponents]:
    """The features by which a layout's neighbors are searched: `scaled`, reduced by PCA if `spec` asks for it.

    Also returns the principal components of `scaled`, as many as the layout needs, from the store if they are there.

    Raises
    ------
    SpecError
        If `spec` does not fit the features.
    Cancelled
        If `progress` raised it.
    """
    n_needed = components_kept(spec.preprocess) or spec.n_components
    components = components_of(scaled, n_needed, metric=spec.metric, store=store, progress=progress)
    return reduced_features(scaled, spec, components), components


def has_graph(features: Features, spec: Tsne | Umap, *, store: Store) -> bool:
    """Whether the neighbor graph that a layout needs is in the store.

    If the spec reduces the features, this is the graph of the reduced features; False if their components are missing.
    """
    searched, n_kept = scaled_features(features, spec.preprocess), components_kept(spec.preprocess)
    if n_kept is not None:
        components = stored_components(searched, n_kept, metric=spec.metric, store=store)
        if components is None:
            return False
        searched = reduced_features(searched, spec, components)
    return store.has("graph", _graph_address(searched, neighbors_needed(spec, len(features)), spec.metric)[1])


def _graph_address(features: Features, k: int, metric: str) -> tuple[int, str]:
    """Number of neighbors per item of the stored graph, and its key in the store."""
    width = max(k, min(SHARED_NEIGHBORS, len(features) - 1))
    return width, key_of(NeighborGraph, features.fingerprint, str(width), metric)
