"""The section of the Overlap tab that says at which stage the chosen pair's overlap arises; computed when opened.

It shows the overlap at up to three stages, which the code calls the rungs of a ladder: in the features, in the edges of
the neighbor graph that the method lays out, and in the layout.
"""

import streamlit as st

from embviz.faithfulness import Ladder
from embviz.faithfulness.verdict import verdict
from embviz.findings.trust import ladder_in_turn
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.panels.bars import Bar, bars_html
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import as_text, filled
from embviz.view import View

LADDER = Computation[Ladder]("ladder")
AGAIN = filled("Measure again")

TITLES = {"features": "Feature space", "edges": "Weights", "layout": "Projection"}
"""Titles of the rungs."""

EXPLAINED = {
    "features": "Features: share of neighbors of the other class, in percent of the share in mixed classes.",
    "edges": "Neighbor graph: share of edge weights to the other class, in percent of the share in mixed classes.",
    "layout": "Layout: share of neighbors of the other class, in percent of the share in mixed classes.",
}


def ladder_section(view: View, pair: tuple[int, int], k: int) -> None:
    """Draw the section; the ladder is computed when it is opened."""
    opened = st.expander("Where does this overlap arise?", key="ladder", on_change="rerun")
    if not opened.open:
        return

    def work(progress: Progress) -> Ladder:
        return ladder_in_turn(view, pair, k, store=default_store(), progress=progress)

    with opened:
        key = (view.dataset.fingerprint, view.features.fingerprint, view.projection.fingerprint, frozenset(pair))
        found = computed(LADDER, key, work, again=AGAIN).value
        if found is not None:
            st.markdown(filled("**{said}**", said=verdict(found, view.projection.spec)))
            st.html(bars_html(_bars(found)))
            _said_below(found)


def _bars(found: Ladder) -> list[Bar]:
    bars = []
    for rung, index, interval in zip(found.rungs, found.indices, found.intervals, strict=True):
        if interval is None:
            bars.append(Bar(TITLES[rung], index, EXPLAINED[rung]))
            continue
        said = f"95 % confidence interval: {100 * interval.low:.1f} to {100 * interval.high:.1f}\xa0%."
        bars.append(Bar(TITLES[rung], index, f"{EXPLAINED[rung]} {said}", (interval.low, interval.high)))
    return bars


def _said_below(found: Ladder) -> None:
    if found.no_edges:
        st.caption(as_text(f"There is no bar for the weights: {found.no_edges}."))
    if not found.missing:
        others = filled(", from other {group}s", group=found.group) if found.group else filled("")
        st.caption(
            filled("Lines: 95 % confidence intervals for the mean over samples of this size{others}.", others=others)
        )
