"""What stands over the plot while it is not what the sidebar asks for."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from embviz.jobs.durations import CLASSIFIER, NEIGHBORS, Work, expected_plan
from embviz.projection.titles import spec_title
from embviz.storage.store import Store
from embviz.ui.waiting.stages import time_in_words
from embviz.ui.words import filled
from embviz.view import ViewSpec


@dataclass(frozen=True, slots=True)
class Pending:
    """A view that is to be computed when somebody says so.

    Attributes
    ----------
    work
        What it takes.
    seconds
        How long that took on this machine before; None if it was never done.
    """

    work: Work
    seconds: float | None


def pending_of(work: Work, store: Store) -> Pending:
    """The work, and how long it takes if that was ever measured."""
    plan = expected_plan(work, store)
    return Pending(work, plan.seconds if plan.is_measured else None)


def pending_card(spec: ViewSpec, pending: Pending | None, begin: Callable[[], None]) -> None:
    """Draw what would be computed, if that is known, and the button that does it."""
    title = spec.source.title
    with st.container(key="pending"):
        st.markdown("**Not computed yet**")
        if pending is not None:
            said = what_run_does(pending, title if spec.split == "all" else f"{title} {spec.split}")
            time = "" if pending.seconds is None else f"It takes {time_in_words(pending.seconds)}."
            st.markdown(filled("{said} {time}", said=said, time=time))
        st.button("▶ Run", key="run-pending", type="primary", on_click=begin)
        st.caption("Until then the plot shows, in pale colors, what the top line says.")


def what_run_does(pending: Pending, data: str) -> str:
    """One sentence for whoever is about to press Run.

    Examples
    --------
    >>> from embviz.jobs.durations import LAYOUT
    >>> from embviz.projection.specs import Tsne
    >>> what_run_does(Pending(Work(Tsne(), 10_000, 784, (NEIGHBORS, LAYOUT)), None), "MNIST test")
    'Run finds neighbors and lays out 10,000 items of MNIST test: t-SNE 2D, perplexity 30, seed 0.'
    >>> what_run_does(Pending(Work(Tsne(seed=7), 1797, 64, (LAYOUT,)), None), "Digits")
    'Run lays out 1,797 items of Digits: t-SNE 2D, perplexity 30, seed 7.'
    """
    work = pending.work
    first = {CLASSIFIER: "trains the classifier", NEIGHBORS: "finds neighbors"}
    before = ", ".join(said for part, said in first.items() if part in work.parts)
    last = f"lays out {work.n_items:,} items of {data}: {spec_title(work.projection)}."
    return f"Run {before} and {last}" if before else f"Run {last}"
