"""The neighborhood of the pinned item, as the visitor wants it: how many neighbors, and by which metric."""

from dataclasses import dataclass

import streamlit as st

from embviz.components import components_at_hand
from embviz.errors import SpecError
from embviz.neighbors.query import Neighborhood, nearest_items
from embviz.ui.focus import pinned_row
from embviz.view import Forming, View

MOST_NEIGHBORS = 100


@dataclass(frozen=True, slots=True)
class NeighborChoice:
    """How many neighbors, and by which metric."""

    k: int = 12
    metric: str = "euclidean"


def neighbor_choice() -> NeighborChoice:
    """What was chosen last."""
    choice: NeighborChoice = st.session_state.get("neighbor-choice", NeighborChoice())
    return choice


def choose_neighbors(choice: NeighborChoice) -> None:
    """From now on."""
    st.session_state["neighbor-choice"] = choice


def pinned_neighborhood(view: View | Forming) -> Neighborhood | None:
    """That of the pinned item; None if nothing is pinned or there is no other item. The last one asked for is kept.

    Raises
    ------
    SpecError
        If the metric cannot measure these features.
    """
    row = pinned_row(view.dataset)
    choice = neighbor_choice()
    k = min(choice.k, len(view.dataset) - 1)
    if row is None or k < 1:
        return None
    key = (view.features.fingerprint, row, k, choice.metric)
    kept: tuple[object, Neighborhood] | None = st.session_state.get("neighborhood")
    if kept is None or kept[0] != key:
        components = components_at_hand(view.features)
        scores = None if components is None else components.scores
        nearest = nearest_items(view.features.vectors, row, k, choice.metric, scores)
        kept = (key, Neighborhood(row, *nearest, choice.metric))
        st.session_state["neighborhood"] = kept
    return kept[1]


def marked_neighborhood(view: View | Forming) -> Neighborhood | None:
    """The one to mark in the plot; none also where the metric cannot measure, as the Inspect tab then says."""
    try:
        return pinned_neighborhood(view)
    except SpecError:
        return None
