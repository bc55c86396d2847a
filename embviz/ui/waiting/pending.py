"""The card over the plot that offers to compute what the sidebar asks for."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from embviz.jobs.durations import CLASSIFIER, NEIGHBORS, Work, expected_plan
from embviz.projection.titles import spec_title
from embviz.storage.store import Store
from embviz.ui.pane import Pane
from embviz.ui.waiting.stages import time_in_words
from embviz.ui.words import filled
from embviz.view import ViewSpec


@dataclass(frozen=True, slots=True)
class Pending:
    """A view that will be computed when the visitor presses Run.

    Attributes
    ----------
    work
        The parts of the computation.
    seconds
        How long these will take, as measured on this machine; None if they were never measured here.
    """

    work: Work
    seconds: float | None


def pending_of(work: Work, store: Store) -> Pending:
    """The work to be done for a view, and how long it takes if that was ever measured."""
    plan = expected_plan(work, store)
    return Pending(work, plan.seconds if plan.is_measured else None)


def pending_card(pane: Pane, spec: ViewSpec, pending: Pending | None, begin: Callable[[], None]) -> None:
    """Draw over a pane a sentence on what would be computed, if that is known, and a Run button that calls `begin`."""
    title = spec.source.title
    with st.container(key=pane.named("pending")):
        st.markdown("**Not computed yet**")
        if pending is not None:
            said = what_run_does(pending, title if spec.split == "all" else f"{title} {spec.split}")
            time = "" if pending.seconds is None else f"It takes {time_in_words(pending.seconds)}."
            st.markdown(filled("{said} {time}", said=said, time=time))
        st.button("▶ Run", key=pane.named("run-pending"), type="primary", on_click=begin)
        st.caption("Until then the plot shows, in pale colors, the layout that is named above it.")


def what_run_does(pending: Pending, data: str) -> str:
    """A sentence that tells a visitor what pressing Run will do; `data` is what the dataset is called.

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
