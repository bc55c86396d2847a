"""The Inspect tab: the search, the pinned item with its nearest neighbors, and the selection."""

import numpy as np
import streamlit as st

from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.export import images_zip, selection_csv
from embviz.items.names import item_name
from embviz.items.order import rarest_first
from embviz.neighbors.distances import METRICS
from embviz.neighbors.query import Neighborhood
from embviz.server import shelf
from embviz.ui.component import gallery
from embviz.ui.contract.addresses import images_address
from embviz.ui.focus import go_back, held_row, pin, pinned_before, pinned_row, select, selected_rows
from embviz.ui.kept.tags import tag_control, with_tags
from embviz.ui.panels.items.cards import item_card
from embviz.ui.panels.items.neighborhood import (
    MOST_NEIGHBORS,
    NeighborChoice,
    Space,
    marked_neighborhood,
    pinned_neighborhood,
)
from embviz.ui.panels.items.two_items import draw_two_items, hold_button
from embviz.ui.panels.panel import Highlight, Panel
from embviz.ui.selecting.changes import selection_changes
from embviz.ui.selecting.search import search_section
from embviz.ui.session import Control, session
from embviz.ui.words import Markdown, as_text, filled, joined, three_digits
from embviz.view import Forming, View

MOST_IMAGES = 120
"""Largest number of selected items that are shown as images; the CSV has all of them."""

MOST_WHOLE, LIST_HEIGHT = 60, 480
"""Most neighbors that are listed in full; a longer list scrolls, and has this height in CSS pixels."""

MOST_PACKED = 500
"""Largest number of images that are packed for a download: more would take longer than a click may."""


def inspect_panel(view: View | Forming) -> None:
    """Draw the Inspect tab."""
    row = pinned_row(view.dataset)
    rows = selected_rows(view.dataset)
    search_section(view)
    if row is None and len(rows) == 0:
        st.markdown("**Point at an item** to see it. **Click** to pin it and see its nearest neighbors.")
        st.markdown("Draw around items with **Lasso** or **Box** to select them.")
    if row is not None:
        _pinned_item(view, row)
    if len(rows):
        _selection(view, rows)


def _pinned_item(view: View | Forming, row: int) -> None:
    dataset = view.dataset
    st.markdown("###### Pinned")
    picture, facts = st.columns([1, 1.4], gap="small")
    with picture:
        card = item_card(dataset, row, caption="")
        card["title"] = ""
        images = images_address(dataset, shelf)
        gallery("pinned", images, [card], lambda ids: None, image_size=112, columns=1)
    with facts:
        st.markdown(_facts(view, row))
        with st.container(horizontal=True):
            if pinned_before(dataset) is not None:
                st.button("← Back", on_click=go_back, args=(dataset,), help="Pin the item that was pinned before")
            hold_button(dataset, int(dataset.ids[row]))
            st.button("Unpin", on_click=pin, args=(dataset, None))
    held = held_row(dataset)
    if held is not None:
        draw_two_items(view, held, row)
    most = min(MOST_NEIGHBORS, len(dataset) - 1)
    if most < 1:
        return
    _neighbor_controls(view, most)
    try:
        neighborhood = pinned_neighborhood(view)
    except SpecError as error:
        st.error(as_text(error))
        return
    assert neighborhood is not None, "an item is pinned, and there are others"
    _neighbors(view, neighborhood)


def _neighbor_controls(view: View | Forming, most: int) -> None:
    choice = session().kept(NeighborChoice)
    count, metric = Control[int]("neighbor-count"), Control[str]("neighbor-metric")
    space = Control[Space]("neighbor-space")
    k, in_space = min(choice.k, most), choice.space_in(view)
    in_layout = in_space == "layout"
    count.show(k)
    metric.show(METRICS[0] if in_layout else choice.metric)
    space.show(in_space)

    def changed() -> None:
        session().keep(NeighborChoice(count.value, choice.metric if in_layout else metric.value, space.value))

    left, middle, right = st.columns([0.9, 1.45, 1.05], gap="xsmall")
    left.number_input("Neighbors", 1, most, k, key=count.key, on_change=changed)
    middle.selectbox(
        "Metric",
        METRICS,
        METRICS.index(metric.value),
        key=metric.key,
        on_change=changed,
        format_func=str.capitalize,
        disabled=in_layout,
        help="In a layout only Euclidean distance means something: its origin is arbitrary." if in_layout else None,
    )
    spaces: list[Space] = ["features", "layout"] if isinstance(view, View) else ["features"]
    titles = {"features": as_text(view.features.name.capitalize()), "layout": as_text("Layout")}
    right.selectbox(
        "Measured in", spaces, spaces.index(in_space), key=space.key, on_change=changed, format_func=titles.__getitem__
    )


def _neighbors(view: View | Forming, found: Neighborhood) -> None:
    dataset = view.dataset
    space = session().kept(NeighborChoice).space_in(view)
    where = "the layout" if space == "layout" else view.features.name
    st.markdown(filled("###### {k} nearest in {where}", k=len(found), where=where))
    cards = [
        item_card(dataset, int(neighbor), caption=three_digits(distance), beside=found.row)
        for neighbor, distance in zip(found.rows, found.distances, strict=True)
    ]
    farthest = float(found.distances[-1]) or 1.0
    bars = [float(distance) / farthest for distance in found.distances]
    with st.container(height=LIST_HEIGHT if len(cards) > MOST_WHOLE else "content", border=False):
        gallery("neighbors", images_address(dataset, shelf), cards, lambda ids: pin(dataset, ids[0]), bars=bars)
    if dataset.labels is not None:
        same = int((dataset.labels[found.rows] == dataset.labels[found.row]).sum())
        st.caption(
            filled(
                "{same} of {k} share the pinned item's label; orange marks the others, here and in the plot. Numbers "
                "and bars are distances.",
                same=same,
                k=len(found),
            )
        )


def _facts(view: View | Forming, row: int) -> Markdown:
    dataset, features = view.dataset, view.features
    lines = []
    if dataset.labels is not None:
        lines.append(filled("**{label}**", label=dataset.class_names[dataset.labels[row]]))
    item = int(dataset.ids[row])
    if dataset.splits:
        lines.append(filled("{name}", name=item_name(item, dataset.splits)))
    lines.append(filled("id {id}", id=item))
    if features.predictions is not None:
        lines.append(filled("predicted {label}", label=dataset.class_names[features.predictions[row]]))
    columns = {name: column for name, column in dataset.metadata.items() if name != "split" or not dataset.splits}
    lines += [filled("{name}: {cell}", name=name, cell=column[row]) for name, column in columns.items()]
    return joined("  \n", lines)


def _selection(view: View | Forming, rows: Int64Array) -> None:
    dataset = view.dataset
    st.markdown(filled("###### {n:,} selected", n=len(rows)))
    with st.container(horizontal=True):
        if isinstance(view, View):  # a layout that forms has no final coordinates to write
            projection, tagged = view.projection, with_tags(view).dataset
            st.download_button(
                "CSV",
                lambda: selection_csv(tagged, projection, rows),
                "embviz-selection.csv",
                "text/csv",
                on_click="ignore",
            )
        if dataset.images is not None:
            st.download_button(
                "Images",
                lambda: images_zip(dataset, rows),
                "embviz-selection.zip",
                "application/zip",
                disabled=len(rows) > MOST_PACKED,
                help=filled("A PNG file for each, in a folder per class; up to {n:,} items at once", n=MOST_PACKED),
                on_click="ignore",
            )
        st.button("Clear selection", on_click=select, args=(dataset, None), help="Esc does so, too; Ctrl+Z restores it")
    selection_changes(view, rows)
    tag_control(view, rows)
    sorted_rows = rarest_first(dataset, rows)
    narrowed = _chosen_class(dataset, sorted_rows)
    shown = sorted_rows if narrowed is None else narrowed
    cards = [item_card(dataset, int(row), caption="") for row in shown[:MOST_IMAGES]]
    gallery("selection", images_address(dataset, shelf), cards, lambda ids: pin(dataset, ids[0]))
    if len(shown) > MOST_IMAGES:
        st.caption(filled("The first {some} are shown; the CSV has all {n:,}.", some=MOST_IMAGES, n=len(rows)))


def _chosen_class(dataset: Dataset, rows: Int64Array) -> Int64Array | None:
    """The given rows whose class was clicked below the selection, in the given order; None if no class was clicked."""
    if dataset.labels is None:
        return None
    codes = dataset.labels[rows]
    counts = np.bincount(codes, minlength=len(dataset.class_names))

    def title(code: int) -> Markdown:
        return filled("**{label}** {n:,}", label=dataset.class_names[code], n=counts[code])

    options = list(dict.fromkeys(codes.tolist()))
    code = st.pills(
        "Show only one class", options, format_func=title, label_visibility="collapsed", key="selected-class"
    )
    return None if code is None else rows[codes == code]


INSPECT = Panel("Inspect", inspect_panel, lambda view: Highlight(neighborhood=marked_neighborhood(view)))
