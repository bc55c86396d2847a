"""The focus of one visitor: the item pinned and the items selected, whichever side changed them last."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.ui.contract import Focus, id_set, source_of


def current_focus(dataset: Dataset) -> Focus:
    """What is pinned and selected among the items of `dataset`; nothing if the focus was on other data."""
    focus: Focus = st.session_state.get("focus", Focus())
    if focus.source == source_of(dataset):
        return focus
    return Focus(source=source_of(dataset), serial=focus.serial)


def set_focus(focus: Focus) -> None:
    """Take over what the page says was pinned and selected, unless something newer is known."""
    if focus.serial >= st.session_state.get("focus", Focus()).serial:
        st.session_state["focus"] = focus


def focus_on(dataset: Dataset, pinned: int | None, selected: Sequence[int] | None) -> None:
    """Pin an item and select items from Python; both as ids."""
    before = current_focus(dataset)
    mask = id_set(selected, dataset.n_source) if selected else None
    set_focus(replace(before, serial=before.serial + 1, pinned=pinned, selected=mask))


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
