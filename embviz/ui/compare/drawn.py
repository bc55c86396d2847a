"""Draws what comparing adds to the page: the button, the line above each pane, and the panes beside the first one."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embviz.alignment import Alignment
from embviz.datasets import DatasetInfo
from embviz.pipeline import alignment_of
from embviz.projection.titles import projection_title, spec_title, time_title
from embviz.ui.compare.controls import pane_spec_controls
from embviz.ui.compare.panes import MOST_PANES, add_pane, close_pane, compared_panes
from embviz.ui.contract.requests import Beside
from embviz.ui.current_view import State, current_view, try_again
from embviz.ui.pane import Pane
from embviz.ui.panels.panel import Highlight
from embviz.ui.plot import draw_plot
from embviz.ui.session import Control, session
from embviz.ui.sidebar.color import coloring_like
from embviz.ui.words import as_html
from embviz.view import Forming, View, ViewSpec

IS_ALIGNED = Control[bool]("compare-aligned")
HAS_SAME_VIEW = Control[bool]("compare-views")


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """What a pane shows, and what it was asked for.

    Attributes
    ----------
    spec
        What was asked for.
    view
        What is shown.
    state
        What has become of what was asked for.
    """

    spec: ViewSpec
    view: View | Forming
    state: State


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What the controls of a pane said last; None before they were drawn."""

    spec: ViewSpec | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Aligned:
    """The layout of a pane laid over the first one's, and the fingerprints of the two layouts; nothing at first."""

    of: tuple[str, str] = ("", "")
    alignment: Alignment | None = None


def compare_button(place: DeltaGenerator, first: Shown) -> None:
    """Draw the button that adds a pane."""
    panes = compared_panes()
    view = session().pane.view
    asked = [pane.kept(AskedFor).spec for pane in panes]
    layouts = [first.spec.projection, *(spec.projection for spec in asked if spec is not None)]
    with place:
        st.button(
            "Compare",
            key="compare-add",
            type="tertiary",
            help="Show another layout beside this one" if len(panes) < MOST_PANES - 1 else "Four panes are the most",
            disabled=view is None or len(panes) >= MOST_PANES - 1,
            on_click=add_pane,
            args=(view, layouts),
        )


def beside_others() -> Beside | None:
    """How the first pane stands beside others; None where it is alone."""
    return Beside(HAS_SAME_VIEW.value_or(True)) if compared_panes() else None


def first_head(first: Shown) -> None:
    """Draw the line above the first pane, with what holds for all panes; nothing where it is alone."""
    if not compared_panes():
        return
    pane = session().pane
    with st.container(key=pane.named("head"), gap=None):
        _title(1, first.view, None)
        with st.container(key=pane.named("compare-controls"), horizontal=True, gap="small"):
            st.toggle(
                "Align",
                IS_ALIGNED.value_or(True),
                key=IS_ALIGNED.key,
                help="Turn, mirror and scale the other layouts so that they lie over this one",
            )
            st.toggle(
                "Same view",
                HAS_SAME_VIEW.value_or(True),
                key=HAS_SAME_VIEW.key,
                help="Zoom, move and turn all panes together",
            )


def draw_compared(place: DeltaGenerator, first: Shown, info: DatasetInfo, highlight: Highlight) -> None:
    """Draw the panes beside the first one, each with its own controls, run, progress and title."""
    for number, pane in enumerate(compared_panes(), start=2):
        with place.container(key=pane.named("middle")):
            _draw_pane(number, pane, first, info, highlight)


def _draw_pane(number: int, pane: Pane, first: Shown, info: DatasetInfo, highlight: Highlight) -> None:
    with st.container(key=pane.named("head"), gap=None):
        title = st.container()
        st.button("✕", key=pane.named("close"), type="tertiary", help="Close", on_click=close_pane, args=(pane,))
        spec = pane_spec_controls(pane, first.spec, info)
        pane.keep(AskedFor(spec))
    with st.container(key=pane.named("notice")):
        shown, state = current_view(pane, spec)
        if state == "failed":
            st.button("↻ Try again", key=pane.named("try-again"), on_click=try_again, args=(pane,))
    if shown is None:
        with title:
            st.html(_title_line(number, "loading"))
        return
    alignment = _alignment(pane, shown, first)
    with title:
        _title(number, shown, alignment)
    same_items = shown.dataset.items == first.view.dataset.items
    draw_plot(
        pane,
        spec,
        shown,
        state,
        coloring_like(shown),
        highlight if same_items else Highlight(classes=highlight.classes),
        beside=Beside(HAS_SAME_VIEW.value_or(True), alignment),
        focus_of=session().pane,
    )


def _alignment(pane: Pane, shown: View | Forming, first: Shown) -> Alignment | None:
    """The layout of a pane laid over the first one's: made once for the two."""
    if not IS_ALIGNED.value_or(True) or isinstance(shown, Forming) or isinstance(first.view, Forming):
        return None
    layout, reference = shown.projection, first.view.projection
    if shown.spec.source != first.view.spec.source or layout.fingerprint == reference.fingerprint:
        return None
    of = (layout.fingerprint, reference.fingerprint)
    if pane.kept(Aligned).of != of:
        pane.keep(Aligned(of, alignment_of(layout, reference)))
    return pane.kept(Aligned).alignment


def _title(number: int, shown: View | Forming, alignment: Alignment | None) -> None:
    st.html(_title_line(number, pane_title(shown, alignment)))


def _title_line(number: int, text: str) -> str:
    said = as_html(text)
    return f'<p class="embviz-pane-title"><b>{number}</b><span title="{said}">{said}</span></p>'


def pane_title(shown: View | Forming, alignment: Alignment | None) -> str:
    """One line that says what a pane shows: first the layout, because data and features are often the same in all."""
    dataset, features, made = shown.dataset, shown.features, shown.projection if isinstance(shown, View) else None
    said = [spec_title(shown.spec.projection) if made is None else projection_title(made)]
    if alignment is not None:
        some = "" if alignment.n_common == len(dataset) else f" by {alignment.n_common:,} items in both"
        said.append(f"aligned to 1{some}: {alignment.title}")
    said += [
        f"{features.name} {features.vectors.shape[1]}-d",
        dataset.split,
        f"{len(dataset):,} of {dataset.n_split:,}",
        "forming" if made is None else time_title(made.seconds, made.neighbor_seconds),
    ]
    return " · ".join(filter(None, said))
