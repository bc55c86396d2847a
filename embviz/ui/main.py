"""The page put together: controls left, the plot in the middle, findings right."""

import html
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from embviz.errors import Cancelled, EmbvizError
from embviz.features.features import Activations
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap
from embviz.server import FRONTEND, shelf
from embviz.store import default_store
from embviz.ui.component import projector
from embviz.ui.contract import projector_request
from embviz.ui.controls import METHODS, dataset_title, view_spec_controls
from embviz.ui.export_panel import export_panel
from embviz.ui.focus import current_focus, set_focus
from embviz.ui.inspect_panel import inspect_panel
from embviz.ui.overlap_panel import chosen_pair, overlap_panel
from embviz.ui.watch import watched_result
from embviz.view import View, ViewSpec, view_of

PANELS = {"Inspect": inspect_panel, "Overlap": overlap_panel, "Export": export_panel}
ABOUT = "embviz shows which classes your model or your data confuse, and how sure you can be."


State = Literal["shown", "running", "not computed", "failed"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Outcome of asking for a view: None in it means that one has to press Run."""

    view: View | None


def main() -> None:
    """Render the page; Streamlit calls this on every interaction."""
    st.set_page_config(page_title="embviz", page_icon="◍", layout="wide", menu_items={"About": ABOUT})
    st.html(FRONTEND / "style.css")
    st.html(FRONTEND / "page.css")
    with st.sidebar:
        try:
            spec = view_spec_controls()
        except EmbvizError as error:  # EMBVIZ_DATA_DIR names no folder, say
            st.error(str(error))
            return
        run_place = st.container()
    top_line = st.empty()
    left, right = st.columns([2.5, 1], gap="medium")
    middle = left.container(key="middle")
    with middle.container(key="notice"):
        view, state = _current_view(spec)
    with run_place:
        _run_control(spec, view, state)
    if view is None:
        top_line.html(_top_line("loading" if state == "running" else "nothing to show yet"))
        if state == "running":
            middle.skeleton(height=480)
        return
    top_line.html(_top_line(view_title(view)))
    with right.container(key="findings"):
        tabs = st.tabs(list(PANELS), key="tab", on_change="rerun")
    is_open = {name: bool(tab.open) for name, tab in zip(PANELS, tabs, strict=True)}
    with middle:  # before the panels, which may have to measure something first
        highlighted = chosen_pair(view) if is_open["Overlap"] else None
        projector(projector_request(view, highlighted, current_focus(view.dataset), shelf), set_focus)
    for tab, (name, panel) in zip(tabs, PANELS.items(), strict=True):
        if is_open[name]:
            with tab:
                panel(view)


def _current_view(spec: ViewSpec) -> tuple[View | None, State]:
    """The view to draw, and what has become of the one asked for; the last one stays until that is there."""
    compute = st.session_state.get("run") == spec
    try:
        asked = watched_result(
            "view",
            (spec, compute),
            lambda progress: Asked(view_of(spec, compute=compute, store=default_store(), progress=progress)),
        )
    except Cancelled:
        st.session_state.pop("run", None)
        return st.session_state.get("view"), "not computed"
    except EmbvizError as error:
        st.error(str(error))
        return st.session_state.get("view"), "failed"
    if asked is None:
        return st.session_state.get("view"), "running"
    if asked.view is None:
        return st.session_state.get("view"), "not computed"
    st.session_state["view"] = asked.view
    return asked.view, "shown"


def _run_control(spec: ViewSpec, view: View | None, state: State) -> None:
    if state == "shown" and view is not None:
        st.caption(f"Shown · {view.projection.seconds:.1f} s{_outcome(view.projection)}")
    if state != "not computed":
        return

    def run() -> None:
        st.session_state["run"] = spec

    st.button("▶ Run", type="primary", width="stretch", on_click=run)
    trains = isinstance(spec.features, Activations)
    st.caption(
        f"Not computed yet{' (may train the classifier first)' if trains else ''}; the plot shows the last result."
    )


def _outcome(projection: Projection) -> str:
    """What the method says of its own result."""
    if projection.kl_divergence is not None:
        return f" · KL {projection.kl_divergence:.2f}"
    if projection.explained_variance_ratio is not None and isinstance(projection.spec, Pca):
        share = sum(projection.explained_variance_ratio[axis - 1] for axis in projection.spec.axes)
        return f" · {100 * share:.1f} % of the variance"
    return ""


def _top_line(text: str) -> str:
    return f'<p class="embviz-top"><b>embviz</b><span>{html.escape(text)}</span></p>'


def view_title(view: View) -> str:
    """One line that says what is shown: data, n of N, features, method with its parameters, time."""
    dataset, features, spec = view.dataset, view.features, view.projection.spec
    space = f"{features.name} {features.vectors.shape[1]}-d"
    if features.test_accuracy is not None:
        space += f" (test accuracy {features.test_accuracy:.1%})".replace("%", " %")
    return " · ".join(
        [
            dataset_title(dataset),
            f"{len(dataset):,} of {dataset.n_split:,}",
            space,
            f"{METHODS[spec.method]} {spec.n_components}D{_parameters(spec)}",
            f"{view.projection.seconds:.1f} s",
        ]
    )


def _parameters(spec: ProjectionSpec) -> str:
    match spec:
        case Tsne():
            return f", perplexity {spec.perplexity:g}, seed {spec.seed}"
        case Umap():
            return f", {spec.n_neighbors} neighbors, minimum distance {spec.min_dist:g}, seed {spec.seed}"
        case Pca():
            return ""
