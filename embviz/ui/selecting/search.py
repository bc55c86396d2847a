"""The search of the Inspect tab: one field, how many items it finds, and buttons that select them."""

from dataclasses import dataclass, replace
from keyword import iskeyword
from typing import Literal

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embviz.arrays import Int64Array, fingerprint
from embviz.dataset import Dataset
from embviz.neighbors.distances import METRICS
from embviz.search import CHANGES, Change, Query, changed_selection
from embviz.server import shelf
from embviz.ui.component import gallery
from embviz.ui.contract.addresses import images_address
from embviz.ui.focus import current_focus, pin, pinned_row, select
from embviz.ui.panels.items.cards import item_card
from embviz.ui.selecting.found import Near, OfClass, Wanted, answer_to, searched_columns
from embviz.ui.session import session
from embviz.ui.words import Markdown, as_html, as_text, filled, told_apart
from embviz.view import Forming, View

Way = Literal["text", "regex", "expression", "class", "near"]

WAYS: dict[Way, str] = {
    "text": "Text in",
    "regex": "Regular expression in",
    "expression": "Expression",
    "class": "Class",
    "near": "Neighbors of the pinned item",
}

COLUMNS = {"label": "Class label", "id": "Id", "item": "Item", "prediction": "Prediction"}

HINTS = {
    "text": "Search, such as 7",
    "regex": "Search, such as ^[17]$",
    "expression": "label == 7 and prediction == 1",
}

BUTTONS: dict[Change, tuple[str, str]] = {
    "select": ("Select", "Select the items found, and no others"),
    "add": ("Add", "Add the items found to the selection"),
    "remove": ("Remove", "Take the items found out of the selection"),
    "keep": ("Keep", "Keep only those selected items that were found"),
}

FIRST_FOUND = 6
"""Number of found items that are shown: one line."""

HELP = "Case is ignored unless you type a capital letter."

MOST_NEAR = 999
"""Largest number of neighbors that can be selected at once."""


@dataclass(frozen=True, slots=True)
class Sought:
    """The last search of the visitor, with the values of each way to search."""

    way: Way = "text"
    text: str = ""
    column: str = ""
    class_name: str = ""
    k: int = 12
    metric: str = "euclidean"
    in_layout: bool = False


def search_section(view: View | Forming) -> None:
    """Draw the search."""
    with st.container(key="search", gap="small"):
        _search(view, current_focus(view.dataset).serial)


@st.fragment
def _search(view: View | Forming, serial: int) -> None:
    """Draw the search as a fragment, so that the rest of the page is not drawn again while somebody types.

    `serial` is the serial number of the focus with which the rest of the page was drawn.
    """
    if current_focus(view.dataset).serial != serial:
        st.rerun()
    wanted = _controls(view)
    if wanted is None:
        return
    answer = answer_to(wanted, view)
    if answer.ids is None:
        st.html(f'<p class="embviz-refusal" role="alert">{as_html(answer.refusal)}</p>')
        return
    n = len(answer.ids)
    st.caption(filled("**{n:,}** of {all:,} found, including hidden ones", n=n, all=len(view.dataset)))
    _buttons(view, answer.ids)
    if n:
        rows = [int((view.dataset.ids == item).argmax()) for item in answer.ids[:FIRST_FOUND]]
        cards = [item_card(view.dataset, row, caption="") for row in rows]
        gallery("found", images_address(view.dataset, shelf), cards, lambda ids: pin(view.dataset, ids[0]))


def _buttons(view: View | Forming, found: Int64Array) -> None:
    dataset = view.dataset
    selected = current_focus(dataset).selected_ids()
    with st.container(horizontal=True, gap="small", key="search-buttons"):
        for change in CHANGES:
            if change != "select" and len(selected) == 0:
                continue
            label, says = BUTTONS[change]
            after = changed_selection(selected, found, change)
            st.button(
                as_text(label),
                key=f"search-{change}",
                help=as_text(says),
                disabled=np.array_equal(after, selected),
                on_click=select,
                args=(dataset, after.tolist()),
            )


def _controls(view: View | Forming) -> Wanted | None:
    """The search that is asked for, None while nothing is entered; draws the choice of a way, and its controls."""
    columns, dataset = list(searched_columns(view)), view.dataset
    said = session().kept(Sought)
    offered: list[Way] = ["text", "regex", "expression"]
    offered += ["class"] if dataset.labels is not None else []
    offered += ["near"] if pinned_row(dataset) is not None and len(dataset) > 1 else []
    place = offered.index(said.way) if said.way in offered else 0
    left, right = st.columns(2, gap="small")
    way = left.selectbox(
        "Search by", offered, place, key="search-way", format_func=WAYS.__getitem__, label_visibility="collapsed"
    )
    said = replace(said, way=way)
    wanted: Wanted | None
    match way:
        case "class":
            said, wanted = _class_control(said, dataset, right)
        case "near":
            said, wanted = _near_controls(said, view, right)
        case _:
            said, wanted = _text_controls(said, columns, right)
    session().keep(said)
    return wanted


def _class_control(said: Sought, dataset: Dataset, right: DeltaGenerator) -> tuple[Sought, Wanted]:
    names = list(dataset.class_names)
    place = names.index(said.class_name) if said.class_name in names else 0
    key = f"search-class-{dataset.name}"
    name = right.selectbox("Class", names, place, key=key, label_visibility="collapsed")
    return replace(said, class_name=name), OfClass(name)


def _near_controls(said: Sought, view: View | Forming, right: DeltaGenerator) -> tuple[Sought, Wanted]:
    spaces = [False, True] if isinstance(view, View) else [False]
    in_layout = right.selectbox(
        "Near in",
        spaces,
        int(said.in_layout and len(spaces) > 1),
        key="search-space",
        format_func={False: f"in {view.features.name}", True: "in this layout"}.__getitem__,
        label_visibility="collapsed",
    )
    left, right = st.columns(2, gap="small")
    most = min(MOST_NEAR, len(view.dataset) - 1)
    k = left.number_input("How many", 1, most, min(said.k, most), key="search-k")
    metric = right.selectbox(
        "Distance",
        METRICS,
        METRICS.index(said.metric),
        key="search-metric",
        format_func=str.capitalize,
        disabled=in_layout,
        help="In a layout distances are always Euclidean.",
    )
    pinned = current_focus(view.dataset).pinned
    assert pinned is not None, "neighbors are offered where an item is pinned"
    said = replace(said, k=k, metric=metric, in_layout=in_layout)
    return said, Near(pinned, k, "euclidean" if in_layout else metric, in_layout)


def _text_controls(said: Sought, columns: list[str], right: DeltaGenerator) -> tuple[Sought, Wanted | None]:
    mode = said.way
    assert mode != "class" and mode != "near", "they have controls of their own"
    if said.way != "expression":
        place = columns.index(said.column) if said.column in columns else 0
        key = f"search-column-{fingerprint(*columns)}"
        titles = told_apart({each: _column_title(each) for each in columns})
        title = titles.__getitem__
        column = right.selectbox("In", columns, place, key=key, format_func=title, label_visibility="collapsed")
        said = replace(said, column=column)
    text = st.text_input(
        "Search",
        said.text,
        key="search-text",
        type="search",
        live=True,
        placeholder=HINTS[said.way],
        help=_help(said.way, columns),
        label_visibility="collapsed",
    )
    return replace(said, text=text), Query(text, mode, said.column) if text.strip() else None


def _column_title(column: str) -> str:
    """Title of a column in the select.

    Examples
    --------
    >>> _column_title("label"), _column_title("writer")
    ('Class label', 'writer')
    """
    return COLUMNS.get(column, column)


def _help(way: Way, columns: list[str]) -> Markdown:
    if way == "expression":
        names = [f"`{name}`" if not name.isidentifier() or iskeyword(name) else name for name in columns]
        return filled(
            "Names of columns, numbers, texts in quotes; compared by == != < <= > >= in; joined by and, or, not. "
            "Items without a value are not found. Columns: {names}",
            names=f"{', '.join(names):.500}",
        )
    return as_text(HELP)
