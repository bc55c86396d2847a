"""The Inspect tab: the pinned item with its nearest neighbors, and the selection."""

import numpy as np
import streamlit as st

from embviz.arrays import Float32Array, Int64Array
from embviz.dataset import Dataset
from embviz.export import selection_csv
from embviz.features.features import Features
from embviz.neighbors.query import nearest_items
from embviz.server import shelf
from embviz.ui.component import gallery
from embviz.ui.contract import Json, images_address
from embviz.ui.focus import current_focus, focus_on, pinned_row, selected_rows
from embviz.ui.words import Markdown, filled, joined
from embviz.view import Forming, View

NEIGHBORS = 12
MOST_IMAGES = 120
"""How many selected items are shown as images; all of them go into the CSV."""


def inspect_panel(view: View | Forming) -> None:
    """Draw the tab."""
    row = pinned_row(view.dataset)
    rows = selected_rows(view.dataset)
    if row is None and len(rows) == 0:
        st.markdown("**Point at an item** to see it. **Click** to pin it and see its nearest neighbors.")
        st.markdown("Draw around items with **Lasso** or **Box** to select them.")
    if row is not None:
        _pinned_item(view, row)
    if len(rows):
        _selection(view, rows)


def _pinned_item(view: View | Forming, row: int) -> None:
    dataset, features = view.dataset, view.features
    st.markdown("###### Pinned")
    picture, facts = st.columns([1, 1.4], gap="small")
    with picture:
        card = item_card(dataset, row, caption="")
        gallery("pinned", images_address(dataset, shelf), [card | {"title": ""}], lambda ids: None, image_size=112)
    with facts:
        st.markdown(_facts(view, row))
        if st.button("Unpin"):
            focus_on(dataset, None, current_focus(dataset).selected_ids().tolist())
            st.rerun()
    k = min(NEIGHBORS, len(dataset) - 1)
    if k < 1:
        return
    neighbors, distances = _nearest(features, row, k)
    st.markdown(filled("###### {k} nearest in {features}", k=k, features=features.name))
    cards = [
        item_card(dataset, int(neighbor), caption=f"{distance:.3g}")
        | {"differs": dataset.labels is not None and bool(dataset.labels[neighbor] != dataset.labels[row])}
        for neighbor, distance in zip(neighbors, distances, strict=True)
    ]
    gallery("neighbors", images_address(dataset, shelf), cards, lambda ids: _pin(dataset, ids[0]), image_size=36)
    if dataset.labels is not None:
        same = int((dataset.labels[neighbors] == dataset.labels[row]).sum())
        st.caption(
            filled(
                "{same} of {k} share its label; an orange border marks the others. Numbers are distances.",
                same=same,
                k=k,
            )
        )


def _nearest(features: Features, row: int, k: int) -> tuple[Int64Array, Float32Array]:
    """The nearest of the pinned item, looked for once: with 70,000 items that takes as long as drawing the page."""
    key = (features.fingerprint, row, k)
    if st.session_state.get("nearest", (None, None))[0] != key:
        st.session_state["nearest"] = (key, nearest_items(features.vectors, row, k))
    found: tuple[Int64Array, Float32Array] = st.session_state["nearest"][1]
    return found


def _facts(view: View | Forming, row: int) -> Markdown:
    dataset, features = view.dataset, view.features
    lines = []
    if dataset.labels is not None:
        lines.append(filled("**{label}**", label=dataset.class_names[dataset.labels[row]]))
    lines.append(filled("id {id}", id=dataset.ids[row]))
    if features.predictions is not None:
        lines.append(filled("predicted {label}", label=dataset.class_names[features.predictions[row]]))
    lines += [filled("{name}: {cell}", name=name, cell=column[row]) for name, column in dataset.metadata.items()]
    return joined("  \n", lines)


def _selection(view: View | Forming, rows: Int64Array) -> None:
    dataset = view.dataset
    st.markdown(filled("###### {n:,} selected", n=len(rows)))
    if dataset.labels is not None:
        counts = np.bincount(dataset.labels[rows], minlength=len(dataset.class_names))
        st.markdown(
            joined(
                " · ",
                (
                    filled("**{label}** {n:,}", label=dataset.class_names[code], n=counts[code])
                    for code in np.argsort(-counts, kind="stable")
                    if counts[code]
                ),
            )
        )
    with st.container(horizontal=True):
        if isinstance(view, View):  # else there are no coordinates to write yet
            projection = view.projection
            st.download_button(
                "CSV",
                lambda: selection_csv(dataset, projection, rows),
                "embviz-selection.csv",
                "text/csv",
                on_click="ignore",
            )
        if st.button("Clear selection"):
            focus_on(dataset, current_focus(dataset).pinned, None)
            st.rerun()
    cards = [item_card(dataset, int(row), caption="") for row in rows[:MOST_IMAGES]]
    gallery("selection", images_address(dataset, shelf), cards, lambda ids: _pin(dataset, ids[0]), image_size=36)
    if len(rows) > MOST_IMAGES:
        st.caption(filled("The first {some} are shown; the CSV has all {n:,}.", some=MOST_IMAGES, n=len(rows)))


def _pin(dataset: Dataset, pinned: int) -> None:
    focus_on(dataset, pinned, current_focus(dataset).selected_ids().tolist())


def item_card(dataset: Dataset, row: int, caption: str) -> Json:
    """A gallery card of one item."""
    title = "" if dataset.labels is None else dataset.class_names[dataset.labels[row]]
    return {"ids": [int(dataset.ids[row])], "title": title, "caption": caption, "differs": False}
