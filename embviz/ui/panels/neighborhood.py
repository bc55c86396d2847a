"""The neighborhood of the pinned item, as the visitor wants it: how many neighbors, and by which metric."""

from dataclasses import dataclass

from embviz.errors import SpecError
from embviz.neighbors.query import Neighborhood
from embviz.pipeline import neighborhood_of
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
        visitor.keep(LastNeighborhood(key, neighborhood_of(view.features, row, k, metric=choice.metric)))
    return visitor.kept(LastNeighborhood).found


def marked_neighborhood(view: View | Forming) -> Neighborhood | None:
    """The one to mark in the plot; none also where the metric cannot measure, as the Inspect tab then says."""
    try:
        return pinned_neighborhood(view)
    except SpecError:
        return None
