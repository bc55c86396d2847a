"""What the points are colored by: a select that lists what is known of the items shown."""

from dataclasses import dataclass, replace

import streamlit as st

from embviz.coloring import CategoryColoring, ColorBy, Coloring, coloring_of, colorings_offered
from embviz.ui.session import Control, session
from embviz.ui.words import as_text
from embviz.view import Forming, View

TITLES = {"label": "Class label", "prediction": "Prediction", "correctness": "Right or wrong", "nothing": "One color"}
AS_CATEGORIES = "On: a color for each number, as for codes. Off: a scale of colors from the lowest to the highest."

KEPT = 2
"""Colorings that are kept, so that a click elsewhere makes none: that of the select, and that of its toggle."""


@dataclass(frozen=True, slots=True)
class ColorChoice:
    """What was chosen last; None before."""

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
    if not offered:
        return None
    chosen = session().kept(ColorChoice).by
    by = chosen if chosen in offered else offered[0]
    control = Control[ColorBy]("color-by")
    if chosen is not None:  # else the browser may know better: it still has what was chosen before a restart
        control.show(by)

    def changed() -> None:
        session().keep(ColorChoice(control.value))

    place = offered.index(by)
    picked = st.selectbox("Color by", offered, place, key=control.key, on_change=changed, format_func=title)
    coloring = _kept_coloring(picked, shown)
    if picked.what != "column" or shown.dataset.metadata[picked.column].dtype.kind not in "if":
        return coloring
    are_usual = isinstance(coloring, CategoryColoring)
    as_categories = st.toggle(
        "As categories", are_usual, key=f"categories-{picked.column}", help=as_text(AS_CATEGORIES)
    )
    if as_categories == are_usual:
        return coloring
    return _kept_coloring(replace(picked, kind="categories" if as_categories else "values"), shown)


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
