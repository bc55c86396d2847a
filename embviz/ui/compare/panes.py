"""The panes that a visitor compares with the first one: adding, closing, and what each suggests at first."""

from dataclasses import dataclass, replace

from embviz.projection.specs import ProjectionSpec
from embviz.projection.titles import METHODS
from embviz.ui.current_view import drop
from embviz.ui.pane import Pane
from embviz.ui.session import PROJECTOR, session
from embviz.view import View

COMPARED = [method for method in METHODS if method not in ("directions", "columns")]
"""Methods of panes beside the first one; axes are chosen for that one only."""

MOST_PANES = 4
"""Largest number of panes on one page, the first one included."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The method and the seed that the controls of a new pane show at first.

    Attributes
    ----------
    method
        Name of the method.
    seed
        Seed of the layout.
    """

    method: str = "pca"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """The panes beside the first one.

    Attributes
    ----------
    panes
        The panes, from left to right and from top to bottom.
    n_made
        Number of panes ever made, so that a new one gets a key that none had before.
    """

    panes: tuple[Pane, ...] = ()
    n_made: int = 0


def compared_panes() -> tuple[Pane, ...]:
    """The panes that the visitor compares with the first one."""
    return session().kept(Compared).panes


def add_pane(first: View, shown: list[ProjectionSpec]) -> None:
    """Add a pane that shows the first one's view until its own is computed; does nothing if there are `MOST_PANES`.

    Parameters
    ----------
    first
        The view that the first pane shows.
    shown
        Specs of the layouts that the existing panes are asked for, the first pane's first.
    """
    compared = session().kept(Compared)
    if len(compared.panes) >= MOST_PANES - 1:
        return
    pane = Pane(f"{PROJECTOR}-{compared.n_made + 2}", view=first)
    pane.keep(next_suggestion(shown))
    session().keep(Compared((*compared.panes, pane), compared.n_made + 1))


def close_pane(pane: Pane) -> None:
    """Close a pane, and stop all that is computed for it."""
    compared = session().kept(Compared)
    session().keep(replace(compared, panes=tuple(each for each in compared.panes if each is not pane)))
    drop(pane)


def next_suggestion(shown: list[ProjectionSpec]) -> Suggestion:
    """The method and seed that a new pane suggests: a method that no pane shows yet.

    If all methods are shown, it is the first pane's method, or t-SNE if that one has no seed, with a new seed.

    Examples
    --------
    >>> from embviz.projection.specs import Pca, Tsne, Umap
    >>> next_suggestion([Tsne()]), next_suggestion([Tsne(), Pca()])
    (Suggestion(method='pca', seed=0), Suggestion(method='umap', seed=0))
    >>> next_suggestion([Tsne(), Pca(), Umap(seed=1)])
    Suggestion(method='tsne', seed=2)
    """
    methods = [spec.method for spec in shown]
    for method in COMPARED:
        if method not in methods:
            return Suggestion(method, shown[0].seed)
    own = methods[0] if methods[0] in ("tsne", "umap") else "tsne"
    return Suggestion(own, 1 + max(spec.seed for spec in shown))
