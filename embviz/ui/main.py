"""The page put together: controls left, the plot in the middle, findings right."""

from functools import partial

import streamlit as st

from embviz.errors import EmbvizError
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from embviz.projection.titles import projection_title, spec_title, steps_of, time_title
from embviz.server import FRONTEND, shelf
from embviz.ui.component import projector
from embviz.ui.contract.requests import projector_request
from embviz.ui.current_view import VIEW, State, begin, current_view, go_on, run_of, try_again
from embviz.ui.first_picture import FIRST_TAB
from embviz.ui.focus import current_focus, set_focus
from embviz.ui.panels.export import EXPORT
from embviz.ui.panels.inspect import INSPECT
from embviz.ui.panels.overlap import OVERLAP
from embviz.ui.panels.panel import TABS, Highlight
from embviz.ui.sidebar.axes import shares_came_late
from embviz.ui.sidebar.color import color_control
from embviz.ui.sidebar.controls import view_spec_controls
from embviz.ui.sidebar.run import run_controls
from embviz.ui.words import Markdown, as_html, as_text, filled, joined
from embviz.view import Forming, View

PANELS = (INSPECT, OVERLAP, EXPORT)
"""The tabs of the right column, from left to right."""
ABOUT = "embviz shows which classes your model or your data confuse, and how sure you can be."


def main() -> None:
    """Render the page; Streamlit calls this on every interaction."""
    st.set_page_config(page_title="embviz", page_icon="◍", layout="wide", menu_items={"About": ABOUT})
    st.html(FRONTEND / "style.css")
    st.html(FRONTEND / "page.css")
    with st.sidebar:
        try:
            spec, color_place = view_spec_controls()
        except EmbvizError as error:  # EMBVIZ_DATA_DIR names no folder, say
            st.error(as_text(error))
            return
        run_place = st.container(key="run")
    top_line = st.container(key="top")  # unlike st.empty it keeps what it has meanwhile, and the plot stays where it is
    left, right = st.columns([2.5, 1], gap="medium")
    middle = left.container(key="middle")
    with middle.container(key="notice"):
        shown, state = current_view(spec)
    with run_place:
        _run_control(shown, state)
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
        focus = current_focus(shown.dataset)
        run = run_of(shown)
        address = run.address(VIEW.job) if run else None
        is_asked = state in ("shown", "forming")
        begins = state == "beginning"
        request = projector_request(
            shown,
            coloring,
            highlight.classes,
            focus,
            shelf,
            address,
            highlight.neighborhood,
            is_asked=is_asked,
            begins=begins,
        )
        projector(request, set_focus, partial(go_on, run), partial(begin, spec))
    for panel, tab in opened:
        with tab:
            panel.draw(shown)
    if shares_came_late(spec):
        st.rerun()


def _run_control(shown: View | Forming | None, state: State) -> None:
    if isinstance(shown, Forming):
        run_controls(shown)
    elif state == "shown" and shown is not None:
        outcome = _outcome(shown.projection)
        st.caption(filled("Shown · {time}{outcome}", time=_time(shown.projection), outcome=outcome))
    if state == "failed":
        st.button("↻ Try again", width="stretch", on_click=try_again)
    if state in ("not computed", "beginning"):
        st.button("▶ Run", type="primary", width="stretch", on_click=begin)


def _outcome(projection: Projection) -> Markdown:
    """What the method says of its own result."""
    said: list[Markdown] = []
    if projection.iterations is not None:
        said.append(filled(" · {n:,} {step}s", n=projection.iterations, step=steps_of(projection.spec)))
    if projection.kl_divergence is not None:
        said.append(filled(" · KL {divergence:.2f}", divergence=projection.kl_divergence))
    if projection.equal_items:
        said.append(filled(" · {n:,} items at distance 0 from others, drawn apart by chance", n=projection.equal_items))
    if projection.explained_variance_ratio is not None and isinstance(projection.spec, Pca):
        share = sum(projection.explained_variance_ratio[axis - 1] for axis in projection.spec.axes)
        said.append(filled(" · {percent:.1f} % of the variance", percent=100 * share))
    return joined("", said)


def _time(projection: Projection) -> str:
    return time_title(projection.seconds, projection.neighbor_seconds)


def _top_line(text: str) -> str:
    """Each part in a span of its own, so that the style sheet can leave some out where the window is narrow."""
    spans = "</span><span> · ".join(as_html(part) for part in text.split(" · "))
    return f'<p class="embviz-top"><b>embviz</b><span title="{as_html(text)}"><span>{spans}</span></span></p>'


def view_title(shown: View | Forming) -> str:
    """One line that says what is shown: data, n of N, features, method with its parameters, time."""
    dataset, features, spec = shown.dataset, shown.features, shown.spec.projection
    space = f"{features.name} {features.vectors.shape[1]}-d"
    if features.test_accuracy is not None:
        space += f" (test accuracy {features.test_accuracy:.1%})".replace("%", " %")
    return " · ".join(
        [
            f"{shown.spec.source.title} {dataset.split}".strip(),
            f"{len(dataset):,} of {dataset.n_split:,}",
            space,
            projection_title(shown.projection) if isinstance(shown, View) else spec_title(spec),
            _time(shown.projection) if isinstance(shown, View) else "forming",
        ]
    )
