"""The faithfulness of layouts: computed once and kept in the store."""

from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError, SpecError
from embviz.faithfulness import Faithfulness, layout_faithfulness
from embviz.features import Features
from embviz.pipeline.neighbors import graph_of
from embviz.pipeline.statistics.edges import layout_edges_of
from embviz.pipeline.stored import kept_value, key_of, spec_key, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne
from embviz.storage.store import Store


def faithfulness_of(
    features: Features,
    projection: Projection,
    dataset: Dataset,
    k: int,
    *,
    store: Store,
    progress: Progress = no_progress,
) -> Faithfulness:
    """The faithfulness of a layout to the neighbors in feature space, from the store if it is there.

    The faithfulness of a layout that was steered is not stored, because the layout is not.

    Raises
    ------
    InputError
        If the layout was not made from these features, or they belong to other items than the dataset's.
    SpecError
        If there are too few items for k.
    Cancelled
        If `progress` raised it.
    """
    found = stored_faithfulness(features, projection, dataset, k, store=store)
    if found is None:
        _check_k(k, len(features))
        graph = graph_of(features, k, store=store, progress=progress)
        edges = None
        if isinstance(projection.spec, Tsne) and projection.n_laid_out is None:
            edges = layout_edges_of(features, projection.spec, dataset, store=store, progress=progress)
        found = layout_faithfulness(features, projection, dataset, k, graph=graph, edges=edges, progress=progress)
        if not projection.departure:
            kept_value(found, store, "faithfulness", _key(features, projection, dataset, k))
    return found


def stored_faithfulness(
    features: Features, projection: Projection, dataset: Dataset, k: int, *, store: Store
) -> Faithfulness | None:
    """The faithfulness of a layout from the store, else None; raises `InputError` as `faithfulness_of`."""
    check_same_items("features", features.items, dataset)
    check_same_items("layout", projection.items, dataset)
    if projection.source != features.fingerprint:
        raise InputError("the layout was not made from these features; take those that it was made from")
    if projection.departure:
        return None

    def fits(found: Faithfulness) -> bool:
        return (len(found), found.k, found.items) == (len(features), k, dataset.items)

    return stored_value(Faithfulness, store, "faithfulness", _key(features, projection, dataset, k), fits=fits)


def _check_k(k: int, n: int) -> None:
    if not 1 <= k < n / 2:
        advice = f"choose k in 1..{(n - 1) // 2}" if n > 2 else "show at least 3 items"
        raise SpecError(f"neighbors of a layout are compared for k below half of the {n} items, got k {k}; {advice}")


def _key(features: Features, projection: Projection, dataset: Dataset, k: int) -> str:
    made_from = (features.fingerprint, projection.fingerprint, dataset.fingerprint, spec_key(projection.spec))
    return key_of(Faithfulness, *made_from, str(k))
