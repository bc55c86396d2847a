"""Drawing of the comparison: the Compare button, the line above each pane, and the panes beside the first one."""

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
from embviz.ui.kept.tags import with_tags
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
    """The view that a pane shows, and the view spec that it was asked for.

    Attributes
    ----------
    spec
        The view spec that was asked for.
    view
        The view that is drawn, which may be an earlier one.
    state
        State of the view that was asked for.
    """

    spec: ViewSpec
    view: View | Forming
    state: State


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The view spec that the controls of a pane asked for last; None before they were drawn."""

    spec: ViewSpec | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Aligned:
    """The layout of a pane aligned to the first one's, and the fingerprints of the two layouts; None at first."""

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
            help="Show another layout beside this one"
            if len(panes) < MOST_PANES - 1
            else "There can be four panes at most",
            disabled=view is None or len(panes) >= MOST_PANES - 1,
            on_click=add_pane,
            args=(view, layouts),
        )


def beside_others() -> Beside | None:
    """The relation of the first pane to the panes beside it; None if there are none."""
    return Beside(HAS_SAME_VIEW.value_or(True)) if compared_panes() else None


def first_head(first: Shown) -> None:
    """Draw the line above the first pane, with the toggles for all panes; nothing if it is the only pane."""
    if not compared_panes():
        return
    pane = session().pane
    with st.container(key=pane.named("head"), gap=None):
        _title(1, first.view, "")
        with st.container(key=pane.named("compare-controls"), horizontal=True, gap="small"):
            st.toggle(
                "Align",
                IS_ALIGNED.value_or(True),
                key=IS_ALIGNED.key,
                help="Turn, mirror and scale the other layouts to match this one as closely as possible",
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
        _title(number, shown, _alignment_title(alignment, shown, first))
    same_items = shown.dataset.items == first.view.dataset.items
    draw_plot(
        pane,
        spec,
        shown,
        state,
        coloring_like(shown, with_tags(shown).dataset),
        highlight if same_items else Highlight(classes=highlight.classes),
        beside=Beside(HAS_SAME_VIEW.value_or(True), alignment),
        focus_of=session().pane,
    )


def _alignment(pane: Pane, shown: View | Forming, first: Shown) -> Alignment | None:
    """The layout of a pane aligned to the first one's, computed once for the two; None where it is not aligned."""
    if not _is_to_be_aligned(shown, first):
        return None
    assert isinstance(shown, View) and isinstance(first.view, View), "what forms is not aligned"
    layout, reference = shown.projection, first.view.projection
    of = (layout.fingerprint, reference.fingerprint)
    if pane.kept(Aligned).of != of:
        pane.keep(Aligned(of, alignment_of(layout, reference)))
    return pane.kept(Aligned).alignment


def _is_to_be_aligned(shown: View | Forming, first: Shown) -> bool:
    """Whether to align a pane: this is switched on, both layouts are complete and different, and of the same source."""
    if not IS_ALIGNED.value_or(True) or isinstance(shown, Forming) or isinstance(first.view, Forming):
        return False
    is_other = shown.projection.fingerprint != first.view.projection.fingerprint
    return is_other and shown.spec.source == first.view.spec.source


def _alignment_title(alignment: Alignment | None, shown: View | Forming, first: Shown) -> str:
    """Text on how a pane is aligned to the first one, or why it is not; empty where there is nothing to say."""
    if not _is_to_be_aligned(shown, first):
        return ""
    if alignment is None:
        have_same_dims = shown.spec.projection.n_components == first.view.spec.projection.n_components
        return f"not aligned, {'too few items in common' if have_same_dims else 'other number of dimensions'}"
    some = "" if alignment.n_common == len(shown.dataset) else f" by {alignment.n_common:,} items in common"
    return f"aligned to 1{some}: {alignment.title}"


def _title(number: int, shown: View | Forming, aligned: str) -> None:
    st.html(_title_line(number, pane_title(shown, aligned)))


def _title_line(number: int, text: str) -> str:
    said = as_html(text)
    return f'<p class="embviz-pane-title"><b>{number}</b><span title="{said}">{said}</span></p>'


def pane_title(shown: View | Forming, aligned: str) -> str:
    """One line that says what a pane shows: first the layout, because data and features are often the same in all.

    `aligned` is the text on how the pane is aligned to the first one.
    """
    dataset, features, made = shown.dataset, shown.features, shown.projection if isinstance(shown, View) else None
    said = [
        spec_title(shown.spec.projection) if made is None else projection_title(made),
        aligned,
        f"{features.name} {features.vectors.shape[1]}-d",
        dataset.split,
        f"{len(dataset):,} of {dataset.n_split:,}",
        "forming" if made is None else time_title(made.seconds, made.neighbor_seconds),
    ]
    return " · ".join(filter(None, said))
