"""The page put together: controls left, the plot in the middle, findings right."""

from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from embviz.durations import Clock, expected_plan, keep_durations
from embviz.errors import Cancelled, EmbvizError, Unwatched
from embviz.features.features import Pixels
from embviz.progress import Progress
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from embviz.projection.titles import projection_title, spec_title, steps_of, time_title
from embviz.server import FRONTEND, shelf
from embviz.store import default_store
from embviz.ui.axes_control import shares_came_late
from embviz.ui.component import projector
from embviz.ui.contract import projector_request
from embviz.ui.controls import dataset_title, view_spec_controls
from embviz.ui.export_panel import export_panel
from embviz.ui.first_picture import FIRST_TAB, first_picture
from embviz.ui.focus import current_focus, set_focus
from embviz.ui.inspect_panel import inspect_panel
from embviz.ui.neighborhood import marked_neighborhood
from embviz.ui.overlap_panel import chosen_pair, overlap_panel
from embviz.ui.pending import Pending, pending_card, pending_of
from embviz.ui.run_panel import Run, as_before, go_on, run_panel
from embviz.ui.watch import forget, is_running, never, watched_result
from embviz.ui.words import Markdown, as_html, as_text, filled, joined
from embviz.view import Forming, Inputs, View, ViewSpec, inputs_of, view_of, work_of

PANELS = {"Inspect": inspect_panel, "Overlap": overlap_panel, "Export": export_panel}
ABOUT = "embviz shows which classes your model or your data confuse, and how sure you can be."


State = Literal["shown", "running", "forming", "not computed", "beginning", "failed"]
"""What has become of what was asked for; beginning: it will be computed when the browser has drawn what is there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Outcome of asking for a view: itself, or what has to be computed when somebody presses Run.

    Attributes
    ----------
    backdrop
        What can be drawn meanwhile, where nothing else was drawn before.
    held
        What Run will need, held in memory so that it is not read again.
    """

    view: View | None
    pending: Pending | None = None
    backdrop: View | None = None
    held: Inputs | None = None


def main() -> None:
    """Render the page; Streamlit calls this on every interaction."""
    st.set_page_config(page_title="embviz", page_icon="◍", layout="wide", menu_items={"About": ABOUT})
    st.html(FRONTEND / "style.css")
    st.html(FRONTEND / "page.css")
    with st.sidebar:
        try:
            spec = view_spec_controls()
        except EmbvizError as error:  # EMBVIZ_DATA_DIR names no folder, say
            st.error(as_text(error))
            return
        run_place = st.container(key="run")
    top_line = st.container(key="top")  # unlike st.empty it keeps what it has meanwhile, and the plot stays where it is
    left, right = st.columns([2.5, 1], gap="medium")
    middle = left.container(key="middle")
    with middle.container(key="notice"):
        shown, state = _current_view(spec)
    with run_place:
        _run_control(shown, state)
    if shown is None:
        top_line.html(_top_line("loading" if state == "running" else "nothing to show yet"))
        if state == "running":
            middle.skeleton(height=480)  # or as high as the plot will be, where it has a height
        return
    top_line.html(_top_line(view_title(shown)))
    with right.container(key="findings"):
        tabs = st.tabs(list(PANELS), key="tab", default=FIRST_TAB, on_change="rerun")
    is_open = {name: bool(tab.open) for name, tab in zip(PANELS, tabs, strict=True)}
    with middle:  # before the panels, which may have to measure something first
        highlighted = chosen_pair(shown) if is_open["Overlap"] else None
        focus = current_focus(shown.dataset)
        run = _run_of(shown)
        neighborhood = marked_neighborhood(shown) if is_open["Inspect"] else None
        address = run.address() if run else None
        is_asked = state in ("shown", "forming")
        request = projector_request(shown, highlighted, focus, shelf, address, neighborhood, is_asked=is_asked)
        more, begin = (lambda: go_on(run) if run else None), (lambda: _begin(spec))
        projector(request, set_focus, more, begin, begins=state == "beginning")
    for tab, (name, panel) in zip(tabs, PANELS.items(), strict=True):
        if is_open[name]:
            with tab:
                panel(shown)
    if shares_came_late(spec):
        st.rerun()


def _current_view(spec: ViewSpec) -> tuple[View | Forming | None, State]:
    """The view to draw, and what has become of the one asked for; the last one stays until that can be seen."""
    run = _asked_run(spec)
    before: View | None = st.session_state.get("view")
    if st.session_state.get("first") != spec:
        st.session_state.pop("first", None)

    def work(clock: Clock) -> Asked:
        store = default_store()
        held = inputs_of(spec, store=store, progress=clock)
        needed = work_of(spec, store=store, progress=clock)
        if run is not None or isinstance(spec.projection, Pca):
            clock.plan = expected_plan(needed, store)
        if run is None:
            view = view_of(spec, compute=False, store=store, progress=clock)
        else:
            view = view_of(spec, compute=True, store=store, progress=clock, on_forming=run.begin, steering=run.steering)
        if view is None:
            return Asked(None, pending_of(needed, store), None if before else _backdrop(spec, clock), held)
        if not view.projection.departure:
            keep_durations(needed, clock.passed(), store)
        return Asked(view)

    try:
        asked = watched_result("view", (spec, run is not None), work, shows_itself=run.is_visible if run else never)
    except Cancelled as error:
        if isinstance(error, Unwatched):
            st.warning(filled("{error} Press Run to start again.", error=error))
        cancelled: Run | None = st.session_state.pop("run", None)
        if cancelled is not None:
            as_before(cancelled)
            return _current_view(spec)
        pending_card(spec, None, _begin)
        return before, "not computed"
    except EmbvizError as error:
        if run is not None:
            run.has_failed = True
        st.error(as_text(error))
        return before, "failed"
    if asked is None:
        if run is not None and run.is_visible():
            return run.forming, "forming"
        return before, "running"
    if asked.pending is not None:
        if before is None and spec == first_picture():
            st.session_state["view"], st.session_state["tab"] = asked.backdrop, "Inspect"  # with all classes in color
            st.session_state["first"] = spec
        if st.session_state.get("first") == spec:
            return before or asked.backdrop, "beginning"
        pending_card(spec, asked.pending, _begin)
        return before or asked.backdrop, "not computed"
    st.session_state["view"] = asked.view
    return asked.view, "shown"


def _backdrop(spec: ViewSpec, progress: Progress) -> View | None:
    """Principal components of the pixels, which are quickly there."""
    spec = replace(spec, features=Pixels(), projection=Pca(spec.projection.n_components))
    return view_of(spec, compute=False, store=default_store(), progress=progress)


def _begin(only: ViewSpec | None = None) -> None:
    """Start a run of what the controls say then, or of `only` this if they still say so."""
    st.session_state["start"] = True if only is None else only
    st.session_state.pop("first", None)


def _asked_run(spec: ViewSpec) -> Run | None:
    """The run started for `spec`, unless something else was asked for since."""
    run: Run | None = st.session_state.get("run")
    start = st.session_state.pop("start", None)
    starts = start is True or start == spec
    if starts and not (run is not None and run.is_asked and run.spec == spec and is_running("view")):  # pressed twice
        run = st.session_state["run"] = Run(
            spec
        )  # with what the controls say now: they may have changed with the press
    if run is None:
        return None
    run.is_asked = run.is_asked and run.spec == spec
    if not (run.is_asked or run.is_as_planned()):
        del st.session_state["run"]  # nothing will show it again, and its frames are large
    return run if run.is_asked else None


def _run_of(shown: View | Forming) -> Run | None:
    """The last run, if what is shown came from it."""
    run: Run | None = st.session_state.get("run")
    return run if run is not None and run.made(shown.spec) else None


def _run_control(shown: View | Forming | None, state: State) -> None:
    if isinstance(shown, Forming):
        run_panel(shown)
    elif state == "shown" and shown is not None:
        outcome = _outcome(shown.projection)
        st.caption(filled("Shown · {time}{outcome}", time=_time(shown.projection), outcome=outcome))

    def try_again() -> None:
        if "run" in st.session_state:
            _begin()
        forget("view")

    if state == "failed":
        st.button("↻ Try again", width="stretch", on_click=try_again)
    if state in ("not computed", "beginning"):
        st.button("▶ Run", type="primary", width="stretch", on_click=_begin)


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
            dataset_title(dataset),
            f"{len(dataset):,} of {dataset.n_split:,}",
            space,
            projection_title(shown.projection) if isinstance(shown, View) else spec_title(spec),
            _time(shown.projection) if isinstance(shown, View) else "forming",
        ]
    )
