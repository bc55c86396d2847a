"""Measures of how far a view's layout can be trusted: computed once for all visitors, one after another."""

from embviz.arrays import Float64Array, Int64Array
from embviz.faithfulness import Faithfulness, Ladder, OverlapChange, usual_k
from embviz.findings.labels import label_scores_at_hand
from embviz.library import Kind, library_of
from embviz.pipeline import (
    faithfulness_of,
    ladder_of,
    overlap_change_of,
    stability_of,
    stored_faithfulness,
    stored_ladder,
    stored_overlap_change,
    stored_stability,
)
from embviz.progress import Progress, no_progress
from embviz.stability import Stability
from embviz.storage.store import Store
from embviz.view import View, turns

FAITHFUL = Kind[Faithfulness](2**24, "ranks")
LADDERS = Kind[Ladder](2**16, "class overlap")
CHANGES = Kind[OverlapChange](2**20, "class overlap")
STABLE = Kind[Stability](2**22, "neighbors")


def neighbors_compared(view: View) -> int:
    """Number of neighbors per item by which faithfulness and stability compare layouts; 0 for fewer than 3 items."""
    return usual_k(len(view.dataset))


def faithfulness_in_turn(view: View, *, store: Store, progress: Progress = no_progress) -> Faithfulness:
    """The faithfulness of a layout: how well items keep their neighbors; taken from memory or the store if possible.

    Raises
    ------
    SpecError
        If there are fewer than 3 items.
    Cancelled
        If `progress` raised it.
    """
    k = neighbors_compared(view)
    shown = view.features, view.projection, view.dataset

    def found() -> Faithfulness:
        stored = stored_faithfulness(*shown, k, store=store)
        if stored is not None:
            return stored
        with turns.turn(progress):
            return faithfulness_of(*shown, k, store=store, progress=progress)

    return library_of(store).shared(FAITHFUL, _key(view, k), found, progress)


def ladder_in_turn(
    view: View, pair: tuple[int, int], k: int, *, store: Store, progress: Progress = no_progress
) -> Ladder:
    """The ladder of two classes, their overlap in features, edges and layout; from memory or the store if possible.

    Raises
    ------
    SpecError
        If one of the classes has no items, or k is out of range.
    Cancelled
        If `progress` raised it.
    """
    shown = view.features, view.projection, view.dataset

    def found() -> Ladder:
        stored = stored_ladder(*shown, pair, k, store=store)
        if stored is not None:
            return stored
        with turns.turn(progress):
            return ladder_of(*shown, pair, k, store=store, progress=progress)

    return library_of(store).shared(LADDERS, (*_key(view, k), frozenset(pair)), found, progress)


def change_in_turn(view: View, k: int, *, store: Store, progress: Progress = no_progress) -> OverlapChange:
    """The change of every two classes' overlap by a layout, from memory or the store if it is there.

    Raises
    ------
    SpecError
        If the dataset has no labels or fewer than 2 items, or `k` is below 1.
    Cancelled
        If `progress` raised it.
    """
    shown = view.features, view.projection, view.dataset

    def found() -> OverlapChange:
        stored = stored_overlap_change(*shown, k, store=store)
        if stored is not None:
            return stored
        with turns.turn(progress):
            return overlap_change_of(*shown, k, store=store, progress=progress)

    return library_of(store).shared(CHANGES, _key(view, k), found, progress)


def stability_in_turn(view: View, *, store: Store, progress: Progress = no_progress) -> Stability:
    """The stability of a layout: how well neighbors stay from seed to seed; from memory or the store if possible.

    The layouts of all seeds are one turn in the queue of layouts.

    Raises
    ------
    SpecError
        If there are fewer than 3 items.
    Cancelled
        If `progress` raised it.
    """
    k = neighbors_compared(view)
    asked = view.features, view.projection.spec, view.dataset

    def found() -> Stability:
        stored = stored_stability(*asked, k, store=store)
        if stored is not None:
            return stored
        with turns.turn(progress):
            return stability_of(*asked, k, store=store, progress=progress)

    return library_of(store).shared(STABLE, _seeds_key(view, k), found, progress)


def faithfulness_at_hand(view: View, store: Store) -> Faithfulness | None:
    """The faithfulness of a layout if it is in memory, else None; reads no file."""
    return library_of(store).found(FAITHFUL, _key(view, neighbors_compared(view)))


def stability_at_hand(view: View, store: Store) -> Stability | None:
    """The stability of a layout if it is in memory, else None; reads no file."""
    return library_of(store).found(STABLE, _seeds_key(view, neighbors_compared(view)))


def scores_at_hand(view: View, store: Store) -> dict[str, Float64Array | Int64Array]:
    """Scores with one value per item that are in memory, by name; reads no file and computes nothing."""
    faithful, stable = faithfulness_at_hand(view, store), stability_at_hand(view, store)
    found: dict[str, Float64Array | Int64Array] = {} if faithful is None else dict(faithful.columns)
    if stable is not None:
        found["stability"] = stable.kept
    return found | label_scores_at_hand(view, store)


def _key(view: View, k: int) -> tuple[str, str, str, int]:
    return view.dataset.fingerprint, view.features.fingerprint, view.projection.fingerprint, k


def _seeds_key(view: View, k: int) -> tuple[str, str, str, int]:
    return view.dataset.fingerprint, view.features.fingerprint, repr(view.projection.spec), k
