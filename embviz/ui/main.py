"""The page put together: controls left, the plot in the middle, findings right."""

import streamlit as st

from embviz.errors import EmbvizError
from embviz.findings.trust import faithfulness_at_hand, scores_at_hand
from embviz.projection.titles import outcome_titles, projection_title, spec_title, time_title
from embviz.server import FRONTEND
from embviz.storage.store import default_store
from embviz.ui.compare.drawn import Shown, beside_others, compare_button, draw_compared, first_head
from embviz.ui.contract.addresses import items_revision
from embviz.ui.current_view import State, begin, current_view, run_of, try_again
from embviz.ui.first_picture import FIRST_TAB
from embviz.ui.kept.bookmarks import bookmark_without_camera, bookmarks_control, keep_camera
from embviz.ui.kept.tags import with_tags
from embviz.ui.pane import Pane
from embviz.ui.panels.export import EXPORT
from embviz.ui.panels.inspect import INSPECT
from embviz.ui.panels.label_check import LABEL_CHECK
from embviz.ui.panels.layers import LAYERS
from embviz.ui.panels.overlap import OVERLAP
from embviz.ui.panels.panel import TABS, Highlight
from embviz.ui.panels.trust import TRUST
from embviz.ui.plot import draw_plot
from embviz.ui.selecting.isolated_again import is_cut_down, isolate_again
from embviz.ui.selecting.isolation import isolated_part, isolated_spec, isolation_bar
from embviz.ui.session import session
from embviz.ui.sidebar.color import ColorShown, color_control
from embviz.ui.sidebar.controls import view_spec_controls
from embviz.ui.sidebar.label import label_control, label_shown
from embviz.ui.sidebar.layout.axes import shares_came_late
from embviz.ui.sidebar.run import run_controls
from embviz.ui.state.address import address_of, bring_back_focus, look_to_bring_back, state_now
from embviz.ui.state.restoring import controls_drawn, first_tab, shown_sentences
from embviz.ui.words import as_html, as_text
from embviz.view import Forming, View

PANELS = (INSPECT, OVERLAP, LAYERS, TRUST, LABEL_CHECK, EXPORT)
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
        except EmbvizError as error:  # for example: EMBVIZ_DATA_DIR is not a folder
            st.error(as_text(error))
            return
        bookmarks_place = st.container(key="bookmarks")
        run_place = st.container(key="run")
    if asked is None:  # the files are being read, or cannot be read; the sidebar says which
        st.container(key="top").html(_top_line("nothing to show yet"))
        return
    said, info, color_place = asked
    controls_drawn(said)
    pane = session().pane
    isolate_again(pane, said)
    spec = isolated_spec(pane, said)
    top_line = st.container(key="top")  # st.empty would be empty while the page runs, and the plot would move
    compare_place = st.container(key="compare")
    bring_back_place = st.container(key="brought-back")
    left, right = st.columns([2.5, 1], gap="medium")
    panes = left.container(key="panes")
    middle = panes.container(key=pane.named("middle"))
    with middle.container(key=pane.named("notice")):
        made, state = current_view(pane, spec)
    if is_cut_down(pane, made, state):
        st.rerun()
    shown = isolated_part(pane, made)
    with run_place:
        _run_control(pane, shown, state)
    if shown is None:
        top_line.html(_top_line("loading" if state == "running" else "nothing to show yet"))
        if state == "running":
            middle.skeleton(height=480)  # or as high as the plot, where page.css sets its height
        return
    known = _scores_known(shown)
    top_line.html(_top_line(view_title(shown)))
    bring_back_focus(pane, shown)
    with color_place:
        tagged = with_tags(shown)
        coloring = color_control(shown, tagged.dataset, items_revision(shown.dataset, shown.features))
        label_control(tagged)
    with right.container(key="findings"):
        isolation_bar(shown)
        titles = [panel.title for panel in PANELS]
        tabs = st.tabs(titles, key=TABS.key, default=first_tab(FIRST_TAB, titles), on_change="rerun")
    opened = [(panel, tab) for panel, tab in zip(PANELS, tabs, strict=True) if tab.open]  # one at most
    first = Shown(spec, shown, state)
    with middle:  # before the panels, because a panel may first have to measure something
        highlight = next((panel.highlight(shown) for panel, _ in opened), Highlight())
        now = state_now(pane, said, shown, session().kept(ColorShown).chosen, label_shown(tagged))
        draw_plot(
            pane,
            spec,
            shown,
            state,
            coloring,
            highlight,
            beside=beside_others(),
            address=address_of(now, said.source),
            look=look_to_bring_back(pane, now, state),
            asks_look=bookmark_without_camera(),
            on_look=keep_camera,
        )
        first_head(first)
    draw_compared(panes, first, info, highlight)
    compare_button(compare_place, first)
    with bookmarks_place:
        bookmarks_control(now, said.source.title, shown)
    for panel, tab in opened:
        with tab:
            panel.draw(shown)
    with bring_back_place:
        shown_sentences(said)
    if shares_came_late(spec) or _scores_known(shown) != known:  # a panel has just measured them
        st.rerun()


def _scores_known(shown: View | Forming) -> frozenset[str]:
    """Names of the scores of the items that are in memory: the line above the plot and the list of colors show them."""
    return frozenset(scores_at_hand(shown, default_store())) if isinstance(shown, View) else frozenset()


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
    """HTML of the top line, each part in a span, so that the style sheet can leave some out where space is narrow."""
    spans = "</span><span> · ".join(as_html(part) for part in text.split(" · "))
    return f'<p class="embviz-top"><b>embviz</b><span title="{as_html(text)}"><span>{spans}</span></span></p>'


def view_title(shown: View | Forming) -> str:
    """One line that says what is shown: data, n of N, features, method with its parameters, time, trust if measured."""
    dataset, features, made = shown.dataset, shown.features, shown.projection if isinstance(shown, View) else None
    space = f"{features.name} {features.vectors.shape[1]}-d"
    if features.test_accuracy is not None:
        space += f" (test accuracy {features.test_accuracy:.1%})".replace("%", " %")
    faithful = faithfulness_at_hand(shown, default_store()) if isinstance(shown, View) else None
    trusted = [] if faithful is None else [f"trustworthiness {faithful.means['trustworthiness']:.3f}"]
    return " · ".join(
        [
            f"{shown.spec.source.title} {dataset.split}".strip(),
            f"{len(dataset):,} of {dataset.n_split:,}{'' if shown.spec.isolated is None else ' isolated'}",
            space,
            spec_title(shown.spec.projection) if made is None else projection_title(made),
            "forming" if made is None else time_title(made.seconds, made.neighbor_seconds),
            *trusted,
        ]
    )
