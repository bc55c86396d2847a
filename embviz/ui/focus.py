"""The focus of one visitor: the item pinned, the items selected and the pair looked at, whoever changed them last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.contract.requests import source_of
from embviz.ui.session import session

MOST_PINS = 50
"""How many items pinned before are remembered."""


@dataclass(frozen=True, slots=True)
class Pins:
    """Ids of the items pinned before this one, the last one at the end.

    Attributes
    ----------
    source
        Which data the ids belong to, as in `Focus`.
    ids
        At most `MOST_PINS`.
    """

    source: str = ""
    ids: tuple[int, ...] = ()


def current_focus(dataset: Dataset) -> Focus:
    """What is pinned and selected among the items of `dataset`; nothing if the focus was on other data."""
    focus = session().focus
    if focus.source == source_of(dataset):
        return focus
    return Focus(source=source_of(dataset), serial=focus.serial)


def set_focus(focus: Focus) -> None:
    """Take over what the page says was pinned and selected, unless something newer is known."""
    visitor = session()
    before = visitor.focus
    if focus.serial < before.serial:
        return
    visitor.focus = focus
    visitor.keep(pins_after(visitor.kept(Pins), before, focus))


def pins_after(pins: Pins, before: Focus, focus: Focus) -> Pins:
    """What had been pinned once `focus` has replaced `before`.

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
    """Pin the item of this id, or none."""
    before = current_focus(dataset)
    set_focus(replace(before, serial=before.serial + 1, pinned=item, pair=None))


def pinned_before(dataset: Dataset) -> int | None:
    """Id of the item that was pinned before, if there is one to go back to among the items of `dataset`."""
    pins = session().kept(Pins)
    shown = [item for item in pins.ids if pins.source == source_of(dataset) and item in dataset.ids]
    return shown[-1] if shown else None


def go_back(dataset: Dataset) -> None:
    """Pin the item that was pinned before, and forget that this one was."""
    item = pinned_before(dataset)
    if item is None:
        return
    pins = session().kept(Pins)
    last = len(pins.ids) - 1 - pins.ids[::-1].index(item)
    pin(dataset, item)
    session().keep(replace(pins, ids=pins.ids[:last]))


def select(dataset: Dataset, items: Sequence[int] | None) -> None:
    """Select the items of these ids, or none."""
    before = current_focus(dataset)
    mask = id_set(items, dataset.n_source) if items else None
    set_focus(replace(before, serial=before.serial + 1, selected=mask, pair=None))


def look_at_pair(dataset: Dataset, pair: tuple[int, int]) -> None:
    """Look at two items side by side, by their ids; what is pinned and selected stays."""
    before = current_focus(dataset)
    set_focus(replace(before, serial=before.serial + 1, pair=pair))


def pinned_row(dataset: Dataset) -> int | None:
    """Row of the pinned item, or None if nothing is pinned or it is not among the items shown."""
    pinned = current_focus(dataset).pinned
    if pinned is None:
        return None
    rows = np.flatnonzero(dataset.ids == pinned)
    return int(rows[0]) if len(rows) else None


def selected_rows(dataset: Dataset) -> Int64Array:
    """Rows of the selected items that are shown, ascending."""
    selected = current_focus(dataset).is_selected()
    if not selected.any():
        return np.zeros(0, np.int64)
    known = np.zeros(dataset.n_source, np.bool_)
    known[: len(selected)] = selected[: dataset.n_source]
    return np.flatnonzero(known[dataset.ids]).astype(np.int64)
