"""The neighborhood of the pinned item, as the visitor wants it: how many neighbors, and by which metric."""

from dataclasses import dataclass

from embviz.errors import SpecError
from embviz.neighbors.query import Neighborhood, nearest_items
from embviz.pipeline.components import components_at_hand
from embviz.ui.focus import pinned_row
from embviz.ui.session import session
from embviz.view import Forming, View

MOST_NEIGHBORS = 100


@dataclass(frozen=True, slots=True)
class NeighborChoice:
    """How many neighbors, and by which metric: what was chosen last is kept in the session."""

    k: int = 12
    metric: str = "euclidean"


@dataclass(frozen=True, eq=False, slots=True)
class LastNeighborhood:
    """The one found last, and what for."""

    key: tuple[str, int, int, str] | None = None
    found: Neighborhood | None = None


def pinned_neighborhood(view: View | Forming) -> Neighborhood | None:
    """That of the pinned item; None if nothing is pinned or there is no other item. The last one asked for is kept.

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
    """The one to mark in the plot; none also where the metric cannot measure, as the Inspect tab then says."""
    try:
        return pinned_neighborhood(view)
    except SpecError:
        return None
