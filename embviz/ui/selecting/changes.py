"""Buttons for the whole selection: select all other items instead, grow it by nearest neighbors, or isolate it."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embviz.arrays import Int64Array
from embviz.progress import Progress
from embviz.search import grown_selection
from embviz.storage.store import default_store
from embviz.ui.focus import current_focus, select
from embviz.ui.selecting.isolation import isolate_button
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import filled
from embviz.view import Forming, View, graph_in_turn

GROWTH = 10
"""Neighbors of each selected item that are selected, too, when the selection grows."""


@dataclass(frozen=True, eq=False, slots=True)
class Grown:
    """The ids that are selected after a selection has grown."""

    ids: Int64Array


@dataclass(frozen=True, slots=True)
class Growing:
    """The selection that is to grow, with the fingerprints of its dataset and features; None if none is to grow."""

    order: tuple[str | None, str, str] | None = None


GROW = Computation[Grown]("grow")


def selection_changes(view: View | Forming, rows: Int64Array) -> None:
    """Draw the buttons, and the progress of a selection that grows; `rows` are the selected rows."""
    with st.container(horizontal=True, gap="small"):
        _buttons(view, rows)
        isolate_button(view, rows)
    _growth(view, rows)


def _buttons(view: View | Forming, rows: Int64Array) -> None:
    dataset = view.dataset
    others = np.delete(dataset.ids, rows)
    st.button(
        "Invert",
        on_click=select,
        args=(dataset, others.tolist()),
        help="Select all other items instead, also those of hidden classes",
    )
    order = (current_focus(dataset).selected, dataset.fingerprint, view.features.fingerprint)
    st.button(
        "Grow",
        on_click=_grow,
        args=(order,),
        disabled=len(rows) == len(dataset),
        help=filled(
            "Also select the {k} nearest neighbors of each selected item, measured in {features} and not in the layout",
            k=GROWTH,
            features=view.features.name,
        ),
    )


def _growth(view: View | Forming, rows: Int64Array) -> None:
    dataset = view.dataset
    order = (current_focus(dataset).selected, dataset.fingerprint, view.features.fingerprint)
    if session().kept(Growing).order != order:
        return

    def work(progress: Progress) -> Grown:
        graph = graph_in_turn(view, GROWTH, store=default_store(), progress=progress)
        return Grown(dataset.ids if graph is None else dataset.ids[grown_selection(rows, graph, graph.k)])

    found = computed(GROW, order, work)
    if found.state != "running":
        session().keep(Growing())
    if found.value is not None:
        GROW.forget()
        select(dataset, found.value.ids.tolist())
        st.rerun()


def _grow(order: tuple[str | None, str, str]) -> None:
    GROW.forget()
    session().keep(Growing(order))
