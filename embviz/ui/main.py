"""The page put together: controls left, the plot in the middle, findings right."""

import streamlit as st

from embviz.errors import EmbvizError
from embviz.projection.titles import outcome_titles, projection_title, spec_title, time_title
from embviz.server import FRONTEND
from embviz.ui.current_view import State, begin, current_view, run_of, try_again
from embviz.ui.first_picture import FIRST_TAB
from embviz.ui.pane import Pane
from embviz.ui.panels.export import EXPORT
from embviz.ui.panels.inspect import INSPECT
from embviz.ui.panels.label_check import LABEL_CHECK
from embviz.ui.panels.overlap import OVERLAP
from embviz.ui.panels.panel import TABS, Highlight
from embviz.ui.plot import draw_plot
from embviz.ui.session import session
from embviz.ui.sidebar.axes import shares_came_late
from embviz.ui.sidebar.color import color_control
from embviz.ui.sidebar.controls import view_spec_controls
from embviz.ui.sidebar.run import run_controls
from embviz.ui.words import as_html, as_text
from embviz.view import Forming, View

PANELS = (INSPECT, OVERLAP, LABEL_CHECK, EXPORT)
"""The tabs of the right column, from left to right."""
ABOUT = "embviz shows which classes your model or your data confuse, and how sure you can be."


def main() -> None:
    """Render the page; Streamlit calls this on every interaction."""
    st.set_page_config(page_title="embviz", page_icon="◍", layout="wide", menu_items={"About": ABOUT})
    st.html(FRONTEND / "style.css")
    st.html(FRONTEND / "page.css")
    with st.sidebar:
        try:
            asked = view_spec_controls()
        except EmbvizError as error:  # EMBVIZ_DATA_DIR names no folder, say
            st.error(as_text(error))
            return
        run_place = st.container(key="run")
    if asked is None:  # its files are looked through, or cannot be read, as the sidebar says
        st.container(key="top").html(_top_line("nothing to show yet"))
        return
    spec, color_place = asked
    pane = session().pane
    top_line = st.container(key="top")  # unlike st.empty it keeps what it has meanwhile, and the plot stays where it is
    left, right = st.columns([2.5, 1], gap="medium")
    middle = left.container(key=pane.named("middle"))
    with middle.container(key=pane.named("notice")):
        shown, state = current_view(pane, spec)
    with run_place:
        _run_control(pane, shown, state)
    if shown is None:
        top_line.html(_top_line("loading" if state == "running" else "nothing to show yet"))
        if state == "running":
            middle.skeleton(height=480)  # or as high as the plot will be, where it has a height
        return
    top_line.html(_top_line(view_title(shown)))
    with color_place:
        coloring = color_control(shown)
    with right.container(key="findings"):
        tabs = st.tabs([panel.title for panel in PANELS], key=TABS.key, default=FIRST_TAB, on_change="rerun")
    opened = [(panel, tab) for panel, tab in zip(PANELS, tabs, strict=True) if tab.open]  # one at most
    with middle:  # before the panels, which may have to measure something first
        highlight = next((panel.highlight(shown) for panel, _ in opened), Highlight())
        draw_plot(pane, spec, shown, state, coloring, highlight)
    for panel, tab in opened:
        with tab:
            panel.draw(shown)
    if shares_came_late(spec):
        st.rerun()


def _run_control(pane: Pane, shown: View | Forming | None, state: State) -> None:
    if isinstance(shown, Forming):
        run = run_of(pane, shown)
        assert run is not None, "it forms in a run"
        run_controls(run)
    elif state == "shown" and shown is not None:
        made = shown.projection
        said = ["Shown", time_title(made.seconds, made.neighbor_seconds), *outcome_titles(made)]
        st.caption(as_text(" · ".join(said)))
    if state == "failed":
        st.button("↻ Try again", width="stretch", on_click=try_again, args=(pane,))
    if state in ("not computed", "beginning"):
        st.button("▶ Run", type="primary", width="stretch", on_click=begin, args=(pane,))


def _top_line(text: str) -> str:
    """Each part in a span of its own, so that the style sheet can leave some out where the window is narrow."""
    spans = "</span><span> · ".join(as_html(part) for part in text.split(" · "))
    return f'<p class="embviz-top"><b>embviz</b><span title="{as_html(text)}"><span>{spans}</span></span></p>'


def view_title(shown: View | Forming) -> str:
    """One line that says what is shown: data, n of N, features, method with its parameters, time."""
    dataset, features, made = shown.dataset, shown.features, shown.projection if isinstance(shown, View) else None
    space = f"{features.name} {features.vectors.shape[1]}-d"
    if features.test_accuracy is not None:
        space += f" (test accuracy {features.test_accuracy:.1%})".replace("%", " %")
    return " · ".join(
        [
            f"{shown.spec.source.title} {dataset.split}".strip(),
            f"{len(dataset):,} of {dataset.n_split:,}",
            space,
            spec_title(shown.spec.projection) if made is None else projection_title(made),
            "forming" if made is None else time_title(made.seconds, made.neighbor_seconds),
        ]
    )
