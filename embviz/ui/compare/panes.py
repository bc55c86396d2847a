"""The panes that a visitor compares with the first one: added and closed, each with what it first shows."""

from dataclasses import dataclass, replace

from embviz.projection.specs import ProjectionSpec
from embviz.projection.titles import METHODS
from embviz.ui.current_view import drop
from embviz.ui.pane import Pane
from embviz.ui.session import PROJECTOR, session
from embviz.view import View

COMPARED = [method for method in METHODS if method != "directions"]
"""Methods of panes beside the first one; directions between items are chosen for that one only."""

MOST_PANES = 4
"""Of one page, the first one included."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the controls of a new pane say at first.

    Attributes
    ----------
    method
        Name of the method.
    seed
        Its seed.
    """

    method: str = "pca"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """The panes beside the first one.

    Attributes
    ----------
    panes
        From left to right and from top to bottom.
    n_made
        How many were ever made: a new one gets a key that none had before.
    """

    panes: tuple[Pane, ...] = ()
    n_made: int = 0


def compared_panes() -> tuple[Pane, ...]:
    """The panes that the visitor compares with the first one."""
    return session().kept(Compared).panes


def add_pane(first: View, shown: list[ProjectionSpec]) -> None:
    """Add a pane that shows what the first one does until its own layout is there; nothing where there are enough.

    Parameters
    ----------
    first
        What the first pane shows.
    shown
        The layouts that are asked for in the panes there are, the first one's at the beginning.
    """
    compared = session().kept(Compared)
    if len(compared.panes) >= MOST_PANES - 1:
        return
    pane = Pane(f"{PROJECTOR}-{compared.n_made + 2}", view=first)
    pane.keep(next_suggestion(shown))
    session().keep(Compared((*compared.panes, pane), compared.n_made + 1))


def close_pane(pane: Pane) -> None:
    """Close a pane: its run and what is looked up for it stop."""
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
    own = methods[0] if methods[0] not in ("pca", "directions") else "tsne"
    return Suggestion(own, 1 + max(spec.seed for spec in shown))
