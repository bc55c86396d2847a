"""The neighborhood of the pinned item: how many neighbors, by which metric, in the features or in the layout."""

from dataclasses import dataclass
from typing import Literal

from embviz.errors import SpecError
from embviz.neighbors.query import Neighborhood
from embviz.pipeline import layout_neighborhood_of, neighborhood_of
from embviz.ui.focus import pinned_row
from embviz.ui.session import session
from embviz.view import Forming, View

MOST_NEIGHBORS = 999
"""Largest number of neighbors that can be chosen."""

Space = Literal["features", "layout"]


@dataclass(frozen=True, slots=True)
class NeighborChoice:
    """The number of neighbors, the metric and the space that the visitor chose last, kept in the session."""

    k: int = 12
    metric: str = "euclidean"
    space: Space = "features"

    def space_in(self, view: View | Forming) -> Space:
        """The space in which neighbors are searched: always the features while a layout forms."""
        return self.space if isinstance(view, View) else "features"


@dataclass(frozen=True, eq=False, slots=True)
class LastNeighborhood:
    """The neighborhood that was found last, with the key it was found for: vectors, row, number and metric."""

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
    layout = view.projection if isinstance(view, View) and choice.space_in(view) == "layout" else None
    metric = choice.metric if layout is None else "euclidean"
    key = ((view.features if layout is None else layout).fingerprint, row, k, metric)
    if visitor.kept(LastNeighborhood).key != key:
        found = (
            neighborhood_of(view.features, row, k, metric=metric)
            if layout is None
            else layout_neighborhood_of(layout, row, k)
        )
        visitor.keep(LastNeighborhood(key, found))
    return visitor.kept(LastNeighborhood).found


def marked_neighborhood(view: View | Forming) -> Neighborhood | None:
    """The neighborhood to mark in the plot; None also if the metric cannot measure, which the Inspect tab explains."""
    try:
        return pinned_neighborhood(view)
    except SpecError:
        return None
