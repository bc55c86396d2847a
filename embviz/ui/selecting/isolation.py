"""Isolation: some items of a pane are shown alone, in their places or in a layout of their own, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from embviz.arrays import Int64Array
from embviz.datasets import DataSource
from embviz.items.id_set import IdSet, id_set
from embviz.items.isolated import FEWEST, Isolated
from embviz.ui.current_view import begin
from embviz.ui.focus import select
from embviz.ui.pane import Pane
from embviz.ui.session import Control, session
from embviz.ui.words import filled
from embviz.view import Forming, View, ViewSpec, isolated_view

RESTORED = ("perplexity", "n-neighbors")
"""Controls whose maximum depends on the number of items: isolating may lower their values, which Back restores."""


@dataclass(frozen=True, slots=True)
class Level:
    """Items that were isolated: from all items, or from the items of the level before.

    Attributes
    ----------
    items
        The isolated items.
    asked
        View spec of the controls when the items were isolated. The items keep their places until the controls ask
        for another one. None if the items are laid out anew.
    beneath
        Items of the layout in which the isolated ones keep their places; None for a layout of all items.
    data
        Source, split and limit of the controls when the items were isolated. Other data end the isolation.
    controls
        Values of the controls `RESTORED` when the items were isolated.
    """

    items: IdSet
    asked: ViewSpec | None
    beneath: IdSet | None
    data: tuple[object, ...]
    controls: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Isolation:
    """The levels of isolation in a pane, the last one at the end, and the view spec that its controls ask for."""

    levels: tuple[Level, ...] = ()
    said: ViewSpec | None = None


@dataclass(frozen=True, eq=False, slots=True)
class LastPart:
    """The last view of isolated items, and the whole view and ids that it was made from; reused while these stay."""

    whole: View | None = None
    items: IdSet | None = None
    part: View | None = None


def isolated_spec(pane: Pane, said: ViewSpec) -> ViewSpec:
    """The view spec to compute if the controls ask for `said`: of all items, or of those that are laid out alone.

    If `said` is about other data, the isolation ends.
    """
    levels = pane.kept(Isolation).levels
    if levels and levels[-1].data != data_of(said):
        levels = ()
        st.toast(filled("Other data are shown now, so no items are isolated any more."))
    pane.keep(Isolation(levels, said))
    if not levels:
        return said
    last = levels[-1]
    if last.asked is not None and last.asked != said:  # a changed control lays out the isolated items alone
        pane.keep(Isolation((*levels[:-1], replace(last, asked=None)), said))
        st.rerun()  # because fewer items lower the limits of some controls
    items = last.beneath if last.asked is not None else last.items
    return said if items is None else replace(said, isolated=Isolated(items))


def isolated_part(pane: Pane, shown: View | Forming | None) -> View | Forming | None:
    """The part of a view that is shown: its isolated items, or all of it; None if `shown` is None."""
    levels = pane.kept(Isolation).levels
    if not levels or not isinstance(shown, View) or data_of(shown.spec) != levels[-1].data:
        return shown
    items = levels[-1].items
    if shown.spec.isolated is not None and shown.spec.isolated.ids == items:
        return shown
    last = pane.kept(LastPart)
    if last.whole is not shown or last.items != items:
        are_there = len(items.rows_in(shown.dataset.ids)) >= FEWEST  # else `shown` is an earlier view, of other items
        last = LastPart(shown, items, isolated_view(shown, items) if are_there else shown)
        pane.keep(last)
    return last.part


def laid_out_items(pane: Pane, source: DataSource, split: str, limit: int | None) -> IdSet | None:
    """Ids of the items that the controls ask to lay out; None for all."""
    levels = pane.kept(Isolation).levels
    if not levels or levels[-1].data != (source, split, limit):
        return None
    return levels[-1].beneath if levels[-1].asked is not None else levels[-1].items


def isolate_button(view: View | Forming, rows: Int64Array) -> None:
    """Draw the button that shows only the selected items, which are at `rows`.

    It cannot be pressed while the plot still shows other data than the controls ask for.
    """
    pane = session().pane
    is_possible = FEWEST <= len(rows) < len(view.dataset) and isinstance(view, View) and _is_asked_for(pane, view)
    st.button(
        "Isolate",
        on_click=_isolate,
        args=(pane, view, rows),
        disabled=not is_possible,
        help="Show only the selected items, in their places; Back undoes it",
    )


def isolation_bar(shown: View | Forming) -> None:
    """Draw the number of isolated items, and the buttons Back and Lay out anew; an empty container if none are.

    The container is drawn even if it is empty, so that Streamlit recognizes the elements after it.
    """
    pane = session().pane
    levels = pane.kept(Isolation).levels
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="isolation"):
        if not levels:
            return
        st.markdown(filled("**{n:,} isolated**", n=len(levels[-1].items)), width="content")
        st.button("← Back", key="isolation-back", on_click=_go_back, args=(pane,), help="Show the others again")
        if levels[-1].asked is not None:
            st.button(
                "Lay out anew",
                on_click=_lay_out_anew,
                args=(pane,),
                help=filled(
                    "Compute a layout of only these {n:,} items. Changing the features or the projection does so, too.",
                    n=len(shown.dataset),
                ),
            )


def data_of(spec: ViewSpec) -> tuple[object, ...]:
    """Source, split and limit of a view spec."""
    return spec.source, spec.split, spec.limit


def _is_asked_for(pane: Pane, view: View | Forming) -> bool:
    """Whether a view is of the data that the controls ask for."""
    said = pane.kept(Isolation).said
    return said is not None and data_of(view.spec) == data_of(said)


def _isolate(pane: Pane, view: View, rows: Int64Array) -> None:
    if not _is_asked_for(pane, view):  # pressed after other data were chosen, before the page was drawn again
        return
    levels, said = pane.kept(Isolation).levels, pane.kept(Isolation).said
    assert said is not None, "the controls were drawn before the button"
    base = view.spec.isolated
    kept_among = levels[-1].beneath if levels else None
    beneath = kept_among if base is None or base.keeps_places else base.ids
    controls = {key: Control[object](key).value_or(None) for key in RESTORED}
    level = Level(id_set(view.dataset.ids[rows]), said, beneath, data_of(said), controls)
    pane.keep(Isolation((*levels, level), said))
    select(view.dataset, None)


def _lay_out_anew(pane: Pane) -> None:
    isolation = pane.kept(Isolation)
    if not isolation.levels:  # pressed twice
        return
    pane.keep(replace(isolation, levels=(*isolation.levels[:-1], replace(isolation.levels[-1], asked=None))))
    begin(pane)


def _go_back(pane: Pane) -> None:
    isolation = pane.kept(Isolation)
    if not isolation.levels:  # pressed twice
        return
    last = isolation.levels[-1]
    pane.keep(replace(isolation, levels=isolation.levels[:-1]))
    for key, said in last.controls.items():
        if said is not None:
            Control[object](key).show(said)
