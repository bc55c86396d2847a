"""What the points are colored by: a select that lists what is known of the items shown."""

from dataclasses import dataclass, replace

import streamlit as st

from embviz.coloring import CategoryColoring, ColorBy, Coloring, coloring_of, colorings_offered
from embviz.ui.session import Control, session
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import as_text
from embviz.view import Forming, View

TITLES = {"label": "Class label", "prediction": "Prediction", "correctness": "Right or wrong", "nothing": "One color"}
AS_CATEGORIES = "On: a color for each number, as for codes. Off: a scale of colors from the lowest to the highest."

KEPT = 2
"""Colorings that are kept, so that a click elsewhere makes none: that of the select, and that of its toggle."""


@dataclass(frozen=True, slots=True)
class ColorChoice:
    """What was chosen last; None before, or if a bookmark brings the usual colors back."""

    by: ColorBy | None = None
    is_usual: bool = False


@dataclass(frozen=True, slots=True)
class ColorShown:
    """What the points have been colored by; None for the usual colors."""

    by: ColorBy | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Colorings:
    """Those made last, each with what it was made for, the newest at the end."""

    made: tuple[tuple[tuple[ColorBy, str, str], Coloring | None], ...] = ()


def color_control(shown: View | Forming) -> Coloring | None:
    """Draw the select; the colors that it asks for. Without anything to color by there are none, and no select.

    Where items have nothing of what was chosen for others, they have the first colors offered.
    """
    offered = colorings_offered(shown.dataset, shown.features)
    session().keep(ColorShown())
    if not offered:
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
    picked = st.selectbox("Color by", offered, place, key=control.key, on_change=changed, format_func=title)
    coloring = _kept_coloring(picked, shown)
    session().keep(ColorShown(None if picked == offered[0] else picked))
    if picked.what != "column" or shown.dataset.metadata[picked.column].dtype.kind not in "if":
        return coloring
    are_usual = isinstance(coloring, CategoryColoring)
    key = f"categories-{picked.column}"
    as_categories = st.toggle("As categories", first_shown(key, are_usual), key=key, help=as_text(AS_CATEGORIES))
    taken = replace(picked, kind="categories" if as_categories else "values")
    session().keep(ColorShown(taken))
    return coloring if as_categories == are_usual else _kept_coloring(taken, shown)


def bring_back_color(by: ColorBy | None) -> None:
    """Let the points be colored by this from now on, None for the usual colors; called in a callback."""
    session().keep(ColorChoice(None if by is None else replace(by, kind=None), is_usual=by is None))
    if by is not None and by.kind is not None:
        Control[bool](f"categories-{by.column}").show(by.kind == "categories")


def color_shown(shown: View | Forming) -> Coloring | None:
    """The colors that `color_control` has drawn the points of this view in; None for one color."""
    offered = colorings_offered(shown.dataset, shown.features)
    by = session().kept(ColorShown).by or (offered[0] if offered else None)
    return None if by is None else _kept_coloring(by, shown)


def title(by: ColorBy) -> str:
    """What the select calls it.

    Examples
    --------
    >>> title(ColorBy("correctness")), title(ColorBy("column", "writer"))
    ('Right or wrong', 'writer')
    """
    return TITLES.get(by.what, by.column)


def _kept_coloring(by: ColorBy, shown: View | Forming) -> Coloring | None:
    key = (by, shown.dataset.fingerprint, shown.features.fingerprint)
    made = dict(session().kept(Colorings).made)
    coloring = made.pop(key) if key in made else coloring_of(by, shown.dataset, shown.features)
    session().keep(Colorings((*list(made.items())[1 - KEPT :], (key, coloring))))
    return coloring
