"""The choice of what the points are colored by: labels, predictions, columns or scores of the items shown."""

from dataclasses import dataclass, replace

import streamlit as st

from embviz.coloring import KNOWN, CategoryColoring, ColorBy, Coloring, coloring_of, colorings_offered
from embviz.dataset import Dataset
from embviz.export.scores import Scores
from embviz.features.features import Features
from embviz.findings.trust import scores_at_hand
from embviz.server import shelf
from embviz.storage.store import default_store
from embviz.ui.component import recoloring
from embviz.ui.contract.legend import recolor_request
from embviz.ui.session import Control, session
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import as_text, told_apart
from embviz.view import Forming, View

SCORES = {
    "trustworthiness": "Trustworthiness",
    "continuity": "Continuity",
    "neighbor_recall": "Neighbors kept",
    "class_trustworthiness": "Trustworthiness by class",
    "class_continuity": "Continuity by class",
    "hubness": "How often a neighbor",
    "singularity": "Singularity score",
    "stability": "Stability from seed to seed",
    "label_doubt": "Label in doubt",
}
"""Titles of the items' scores in the select *Color by*, which offers a score once a tab has measured it."""

AS_CATEGORIES = "On: a color for each number, as for codes. Off: a scale of colors from the lowest to the highest."

KEPT = 8
"""Number of colorings kept, so that no run computes one again: for each of four panes two, of select and toggle."""


@dataclass(frozen=True, slots=True)
class ColorChoice:
    """The coloring that was chosen last; None if none was, or if a bookmark restored the usual colors (`is_usual`)."""

    by: ColorBy | None = None
    is_usual: bool = False


@dataclass(frozen=True, slots=True)
class ColorShown:
    """The coloring of the first pane's points, None where all have one color; and whether that is the usual one."""

    by: ColorBy | None = None
    is_usual: bool = True

    @property
    def chosen(self) -> ColorBy | None:
        """The coloring if it is not the usual one; else None."""
        return None if self.is_usual else self.by


@dataclass(frozen=True, eq=False, slots=True)
class Colorings:
    """The colorings made last, each with its key, the newest at the end."""

    made: tuple[tuple[tuple[ColorBy, str, str, str], Coloring | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Recoloring:
    """State of a change of color.

    Attributes
    ----------
    is_ahead
        Whether the select is drawn by itself, ahead of the rest of the page.
    is_painted
        Whether the plot has the colors, so that the rest of the page may follow.
    """

    is_ahead: bool = False
    is_painted: bool = False


def color_control(shown: View | Forming, tagged: Dataset, drawn: str) -> Coloring | None:
    """Draw the select *Color by*; returns the coloring that it asks for, None for one color.

    `tagged` is the dataset with tags as columns; scores are those of the items without tags. If items cannot be colored
    by what was chosen for other items, the first coloring offered is shown. If none is offered, nothing is drawn, and
    None is returned. `drawn` is the revision of the items in the projector of the first pane, which gets other colors
    at once; the rest of the page follows.
    """
    session().keep(Recoloring())
    _choice(shown, tagged, drawn)
    session().keep(Recoloring(is_ahead=True))
    return coloring_like(shown, tagged)


@st.fragment
def _choice(shown: View | Forming, tagged: Dataset, drawn: str) -> None:
    """Draw the select as a fragment, because points are to have their colors before all of the page is drawn again."""
    state = session().kept(Recoloring)
    if state.is_painted:
        st.rerun()
    coloring = _asked_coloring(shown, tagged)
    request = recolor_request(session().pane.key, drawn, coloring, shown, shelf) if state.is_ahead else None
    recoloring("recoloring", request, _painted)


def _painted() -> None:
    session().keep(Recoloring(is_painted=True))


def _asked_coloring(shown: View | Forming, tagged: Dataset) -> Coloring | None:
    """Draw the select; returns the coloring that it asks for."""
    scores = _scores_of(shown)
    offered = colorings_offered(tagged, shown.features, scores)
    if not offered:
        session().keep(ColorShown())
        return None
    choice = session().kept(ColorChoice)
    chosen = choice.by
    by = chosen if chosen in offered else first_shown("color-by", offered[0], offered.__contains__)
    control = Control[ColorBy]("color-by")
    if chosen is not None or choice.is_usual:  # else the browser may still have what was chosen before a restart
        control.show(by)

    def changed() -> None:
        session().keep(ColorChoice(control.value))

    place = offered.index(by)
    titles = told_apart({each: title(each) for each in offered})
    shown_as = titles.__getitem__
    picked = st.selectbox("Color by", offered, place, key=control.key, on_change=changed, format_func=shown_as)
    by = _with_kind(picked, shown, tagged, scores)
    session().keep(ColorShown(by, is_usual=by == offered[0]))
    return _kept_coloring(by, shown, tagged, scores)


def _with_kind(picked: ColorBy, shown: View | Forming, tagged: Dataset, scores: Scores) -> ColorBy:
    """The coloring that was picked, as categories or as numbers; draws the toggle for columns that can be either."""
    if picked.what != "column" or tagged.metadata[picked.column].dtype.kind not in "if":
        return picked
    are_usual = isinstance(_kept_coloring(picked, shown, tagged, scores), CategoryColoring)
    key = f"categories-{picked.column}"
    as_categories = st.toggle("As categories", first_shown(key, are_usual), key=key, help=as_text(AS_CATEGORIES))
    return picked if as_categories == are_usual else replace(picked, kind="categories" if as_categories else "values")


def coloring_like(shown: View | Forming, tagged: Dataset) -> Coloring | None:
    """The coloring of a view by what the first pane shows, or else the first one offered; None for one color.

    `tagged` is its dataset with tags as columns.
    """
    scores = _scores_of(shown)
    offered = colorings_offered(tagged, shown.features, scores)
    by = session().kept(ColorShown).by
    if not offered or by is None:
        return None
    is_offered = by in offered or replace(by, kind=None) in offered
    return _kept_coloring(by if is_offered else offered[0], shown, tagged, scores)


def color_by_score(name: str) -> None:
    """Have the items colored by one of their scores from the next run on."""
    session().keep(ColorChoice(ColorBy("score", name, "values")))


def bring_back_color(by: ColorBy | None) -> None:
    """Have the points colored by `by`, or as usual if it is None, from the next run on; called in a callback."""
    asked = by if by is None or by.what == "score" else replace(by, kind=None)
    session().keep(ColorChoice(asked, is_usual=by is None))
    if by is not None and by.what == "column" and by.kind is not None:
        Control[bool](f"categories-{by.column}").show(by.kind == "categories")


def title(by: ColorBy) -> str:
    """Title of a coloring in the select.

    Examples
    --------
    >>> title(ColorBy("correctness")), title(ColorBy("column", "writer"))
    ('Right or wrong', 'writer')
    """
    match by.what:
        case "score":
            return SCORES.get(by.column, by.column)
        case "column":
            return by.column
        case "nothing":
            return "One color"
    return KNOWN[by.what].title


def _scores_of(shown: View | Forming) -> Scores:
    """The scores measured for the items and the layout shown, by name; empty while the layout forms."""
    return scores_at_hand(shown, default_store()) if isinstance(shown, View) else {}


def _kept_coloring(by: ColorBy, shown: View | Forming, tagged: Dataset, scores: Scores) -> Coloring | None:
    layout = shown.projection.fingerprint if isinstance(shown, View) and by.what == "score" else ""
    key = (by, tagged.fingerprint, shown.features.fingerprint, layout)
    made = dict(session().kept(Colorings).made)
    coloring = made.pop(key) if key in made else _made_coloring(by, shown.features, tagged, scores)
    session().keep(Colorings((*list(made.items())[1 - KEPT :], (key, coloring))))
    return coloring


def _made_coloring(by: ColorBy, features: Features, tagged: Dataset, scores: Scores) -> Coloring | None:
    """A new coloring; that of a score is named as in the select."""
    coloring = coloring_of(by, tagged, features, scores)
    return replace(coloring, name=title(by)) if by.what == "score" and coloring is not None else coloring
