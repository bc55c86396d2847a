"""The neighborhood of the pinned item, with as many neighbors and by the metric that the visitor has chosen."""

from dataclasses import dataclass

from embviz.errors import SpecError
from embviz.neighbors.query import Neighborhood, nearest_items
from embviz.pipeline.components import components_at_hand
from embviz.ui.focus import pinned_row
from embviz.ui.session import session
from embviz.view import Forming, View

MOST_NEIGHBORS = 100
"""Largest number of neighbors that can be chosen."""


@dataclass(frozen=True, slots=True)
class NeighborChoice:
    """The number of neighbors and the metric that the visitor chose last, kept in the session."""

    k: int = 12
    metric: str = "euclidean"


@dataclass(frozen=True, eq=False, slots=True)
class LastNeighborhood:
    """The neighborhood that was found last, with the key it was found for: features, row, number and metric."""

    key: tuple[str, int, int, str] | None = None
    found: Neighborhood | None = None


def pinned_neighborhood(view: View | Forming) -> Neighborhood | None:
    """The neighborhood of the pinned item; None if nothing is pinned or there is no other item.

    The neighborhood found last is kept in the session, so that it is not searched for at every run of the page.

    Raises
    ------
    SpecError
        If the metric cannot measure these features.
    """
    row = pinned_row(view.dataset)
    visitor = session()
    choice = visitor.kept(NeighborChoice)
    k = min(choice.k, len(view.dataset) - 1)
    if row is None or k < 1:
        return None
    key = (view.features.fingerprint, row, k, choice.metric)
    if visitor.kept(LastNeighborhood).key != key:
        components = components_at_hand(view.features)
        scores = None if components is None else components.scores
        nearest = nearest_items(view.features.vectors, row, k, choice.metric, scores)
        visitor.keep(LastNeighborhood(key, Neighborhood(row, *nearest, choice.metric)))
    return visitor.kept(LastNeighborhood).found


def marked_neighborhood(view: View | Forming) -> Neighborhood | None:
    """The neighborhood to mark in the plot; None also if the metric cannot measure, which the Inspect tab explains."""
    try:
        return pinned_neighborhood(view)
    except SpecError:
        return None
