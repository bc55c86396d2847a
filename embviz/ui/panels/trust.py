"""The Trust tab: how far the picture shows neighbors as they are in the data, and what another seed would change."""

from dataclasses import dataclass

import streamlit as st

from embviz.faithfulness import Faithfulness
from embviz.findings.trust import faithfulness_in_turn, neighbors_compared, stability_at_hand, stability_in_turn
from embviz.progress import Progress
from embviz.projection.specs import LinearSpec
from embviz.stability import Stability
from embviz.stability.verdict import verdict
from embviz.storage.store import default_store
from embviz.ui.panels.bars import Bar, bars_html
from embviz.ui.panels.methods import in_words
from embviz.ui.panels.panel import Panel
from embviz.ui.session import session
from embviz.ui.sidebar.color import color_by_score
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_text, filled
from embviz.view import Forming, View

FAITHFULNESS = Computation[Faithfulness]("faithfulness")
STABILITY = Computation[Stability]("stability")
AGAIN = filled("Measure again")

BY_CHANCE = 0.5
"""Trustworthiness and continuity of a random layout."""

OF_CLASSES = {
    "class_trustworthiness": "Trustworthiness, if only neighbors of another class count as wrong",
    "class_continuity": "Continuity, if only lost neighbors of the same class count",
}


@dataclass(frozen=True, slots=True)
class OrderedSeeds:
    """Fingerprint of the layout whose comparison with other seeds was asked for last; None if none was."""

    layout: str | None = None


def trust_panel(view: View | Forming) -> None:
    """Draw the Trust tab."""
    if not isinstance(view, View):
        st.markdown("Neighbors in the layout and in feature space are compared **when the layout has formed**.")
        return
    if not neighbors_compared(view):
        st.markdown("Neighbors in the layout and in feature space are compared for **at least 3 items**.")
        return

    def work(progress: Progress) -> Faithfulness:
        return faithfulness_in_turn(view, store=default_store(), progress=progress)

    st.markdown("###### Neighbors kept")
    key = (view.dataset.fingerprint, view.features.fingerprint, view.projection.fingerprint)
    found = computed(FAITHFULNESS, key, work, again=AGAIN).value
    if found is not None:
        _numbers(found)
        _more(found)
    _other_seeds(view)


def _numbers(found: Faithfulness) -> None:
    means, chance = found.means, (BY_CHANCE, BY_CHANCE)
    bars = [
        Bar("Kept", means["corrected_recall"], in_words("Kept"), (0.0, 0.0)),
        Bar("Trustworthiness", means["trustworthiness"], in_words("Trustworthiness"), chance),
        Bar("Continuity", means["continuity"], in_words("Continuity"), chance),
    ]
    st.html(bars_html(bars, longest=1.0))
    st.markdown(
        filled(
            "Of an item's {k} nearest neighbors in feature space, **{kept:.1f}** are among its {k} nearest in this "
            "layout; chance would keep {chance:.2g}.",
            k=found.k,
            kept=found.k * means["neighbor_recall"],
            chance=found.k * found.k / (len(found) - 1),
        )
    )
    st.caption("Marks: the values of a random layout.")
    st.button("Color items by neighbors kept", width="stretch", on_click=color_by_score, args=("neighbor_recall",))


def _more(found: Faithfulness) -> None:
    if found.arrangement is not None:
        st.markdown(as_text(found.arrangement.sentence))
    with st.expander("By class, hubs, and positions"):
        for name, said in OF_CLASSES.items():
            if name in found.means:
                st.markdown(filled("{said}: **{share}**.", said=said, share=_percent(found.means[name])))
        st.markdown(
            filled(
                "In feature space, the item that is most often a neighbor (the largest hub) is among the {k} nearest "
                "neighbors of **{n:,}** items; the average over all items is {k}.",
                n=int(found.hubness.max()),
                k=found.k,
            )
        )
        if found.arrangement is not None:
            st.markdown(
                filled(
                    "Angles between the classes differ from those in the data by **{here:.3f}** (class angular "
                    "distortion, 0 to 1); with items at random places they would differ by {chance:.3f}.",
                    here=found.arrangement.distortion,
                    chance=found.arrangement.by_chance,
                ),
                help=as_text(in_words("Arrangement of the classes")),
            )
        if found.singularity is not None:
            st.button(
                "Color items by singularity score",
                width="stretch",
                on_click=color_by_score,
                args=("singularity",),
                help=as_text(in_words("Singularity score")),
            )
        if found.n_ranked < len(found):
            st.caption(filled("Ranks are estimated from {n:,} items that were drawn at random.", n=found.n_ranked))


def _other_seeds(view: View) -> None:
    st.markdown("###### Other seeds")
    if view.projection.n_laid_out is not None:
        st.markdown(
            "Isolated items keep their places in a layout of more items. Layouts with other seeds are compared "
            "for **all items**, or for these after *Lay out anew*."
        )
        return
    order = OrderedSeeds(view.projection.fingerprint)
    is_there = stability_at_hand(view, default_store()) is not None or isinstance(view.projection.spec, LinearSpec)
    if not is_there and session().kept(OrderedSeeds) != order:
        st.markdown("Where items lie is partly chance. Layouts with four other seeds show which neighbors stay.")
        if st.button("Compute layouts with four other seeds", width="stretch"):
            STABILITY.forget()
            session().keep(order)
            st.rerun()
        return

    def work(progress: Progress) -> Stability:
        return stability_in_turn(view, store=default_store(), progress=progress)

    found = computed(STABILITY, order, work)
    if found.state == "cancelled":
        session().keep(OrderedSeeds())
        st.caption("Cancelled.")
    if found.value is not None:
        st.markdown(as_text(verdict(found.value, view.projection.spec)))
        if found.value.mean < 1:
            st.button("Color items by stability", width="stretch", on_click=color_by_score, args=("stability",))


def _percent(share: float) -> Markdown:
    return filled("{number:.1f} %", number=100 * share)


TRUST = Panel("Trust", trust_panel)
