"""The focus of a pane: the pinned item, the selected items and the pair looked at, set by page or browser."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.contract.requests import source_of
from embviz.ui.kept.told import tell_python
from embviz.ui.pane import Pane
from embviz.ui.session import session

MOST_PINS = 50
"""Largest number of formerly pinned items that are remembered."""


@dataclass(frozen=True, slots=True)
class Pins:
    """Items that were pinned before the present one.

    Attributes
    ----------
    source
        The data that the ids belong to, as in `Focus`.
    ids
        Ids of the items, at most `MOST_PINS`, the last one at the end.
    """

    source: str = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The item that is held, so that what is pinned next is compared with it.

    Attributes
    ----------
    source
        The data that the id belongs to, as in `Focus`.
    id
        Id of the item; None if none is held.
    """

    source: str = ""
    id: int | None = None


def current_focus(dataset: Dataset) -> Focus:
    """The focus on items of `dataset` in the pane that the tabs are about; an empty one if it was on other data."""
    return focus_in(session().pane, dataset)


def focus_in(pane: Pane, dataset: Dataset) -> Focus:
    """The focus on items of `dataset` in a pane; an empty one if it was on other data."""
    focus = pane.focus
    if focus.source == source_of(dataset):
        return focus
    return Focus(source=source_of(dataset), serial=focus.serial)


def set_focus(pane: Pane, focus: Focus) -> None:
    """Set the focus of a pane, unless its serial number says that it is older than the present one."""
    before = pane.focus
    if focus.serial < before.serial:
        return
    pane.focus = focus
    if (focus.source, focus.selected) != (before.source, before.selected):
        tell_python(focus)
    pane.keep(pins_after(pane.kept(Pins), before, focus))


def pins_after(pins: Pins, before: Focus, focus: Focus) -> Pins:
    """The formerly pinned items after `focus` has replaced `before`.

    Examples
    --------
    >>> pins_after(Pins("toy", (3,)), Focus("toy", pinned=5), Focus("toy", pinned=8)).ids
    (3, 5)
    """
    if focus.source != pins.source:
        pins = Pins(focus.source)
    if before.source != focus.source or before.pinned is None or before.pinned == focus.pinned:
        return pins
    return replace(pins, ids=(*pins.ids, before.pinned)[-MOST_PINS:])


def pin(dataset: Dataset, item: int | None) -> None:
    """Pin the item with an id; None unpins."""
    before = current_focus(dataset)
    set_focus(session().pane, replace(before, serial=before.serial + 1, pinned=item, pair=None))


def pinned_before(dataset: Dataset) -> int | None:
    """Id of the item of `dataset` that was pinned before the present one; None if there is none to go back to."""
    pins = session().pane.kept(Pins)
    shown = [item for item in pins.ids if pins.source == source_of(dataset) and item in dataset.ids]
    return shown[-1] if shown else None


def go_back(dataset: Dataset) -> None:
    """Pin the item that was pinned before, if there is one, and forget the present one."""
    item = pinned_before(dataset)
    if item is None:
        return
    pins = session().pane.kept(Pins)
    last = len(pins.ids) - 1 - pins.ids[::-1].index(item)
    pin(dataset, item)
    session().pane.keep(replace(pins, ids=pins.ids[:last]))


def held_id(dataset: Dataset) -> int | None:
    """Id of the item that is held to be compared with the pinned one; None if none is, or it is of other data."""
    held = session().kept(Held)
    return held.id if held.source == source_of(dataset) else None


def hold(dataset: Dataset, item: int | None) -> None:
    """Hold the item with an id, so that it stays in sight when another one is pinned; None lets go of it."""
    session().keep(Held(source_of(dataset), item))


def exchange(dataset: Dataset) -> None:
    """Pin the item that is held, and hold the one that was pinned."""
    held, pinned = held_id(dataset), current_focus(dataset).pinned
    if held is not None and pinned is not None:
        hold(dataset, pinned)
        pin(dataset, held)


def select(dataset: Dataset, items: Sequence[int] | None) -> None:
    """Select the items with these ids; None or an empty sequence clears the selection."""
    before = current_focus(dataset)
    mask = id_set(items, dataset.n_source) if items else None
    set_focus(session().pane, replace(before, serial=before.serial + 1, selected=mask, pair=None))


def look_at_pair(dataset: Dataset, pair: tuple[int, int]) -> None:
    """Show two items, given by their ids, as the pair looked at; the pinned and selected items stay."""
    before = current_focus(dataset)
    set_focus(session().pane, replace(before, serial=before.serial + 1, pair=pair))


def pinned_row(dataset: Dataset) -> int | None:
    """Row of the pinned item in `dataset`; None if nothing is pinned, or the item is not in `dataset`."""
    return _row_of(dataset, current_focus(dataset).pinned)


def held_row(dataset: Dataset) -> int | None:
    """Row of the item that is held; None if there is none, it is the pinned one itself, or not in `dataset`."""
    held = held_id(dataset)
    return None if held == current_focus(dataset).pinned else _row_of(dataset, held)


def _row_of(dataset: Dataset, item: int | None) -> int | None:
    if item is None:
        return None
    rows = np.flatnonzero(dataset.ids == item)
    return int(rows[0]) if len(rows) else None


def selected_rows(dataset: Dataset) -> Int64Array:
    """Rows of the selected items that are in `dataset`, ascending."""
    selected = current_focus(dataset).is_selected()
    if not selected.any():
        return np.zeros(0, np.int64)
    known = np.zeros(dataset.n_source, np.bool_)
    known[: len(selected)] = selected[: dataset.n_source]
    return np.flatnonzero(known[dataset.ids]).astype(np.int64)
