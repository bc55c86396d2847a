"""The Label check tab: how many labels are wrong at most, and a queue of labels that are probably wrong."""

import numpy as np
import streamlit as st

from embviz.errors import ExportError
from embviz.findings.labels import checked_labels_of
from embviz.label_check import KINDS, LabelCheck
from embviz.pipeline import has_label_check
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.panels.labels.asked import LABELS, Asked, ask
from embviz.ui.panels.labels.decisions import last_of, lines_of, unsaved_reason
from embviz.ui.panels.labels.exports import group_view, label_exports, overlap_with_corrections
from embviz.ui.panels.labels.queue import label_queue
from embviz.ui.panels.methods import in_words
from embviz.ui.panels.panel import Panel
from embviz.ui.session import session
from embviz.ui.waiting.computed import computed
from embviz.ui.words import as_html, as_text, filled
from embviz.view import Forming, View


def label_check_panel(view: View | Forming) -> None:
    """Draw the Label check tab."""
    dataset = view.dataset
    if dataset.labels is None or (dataset.labels == dataset.labels[0]).all():
        st.markdown("Labels are checked against **each other**: this needs items with at least two different labels.")
        return
    check = _check_of(view)
    if check is None:
        return
    _headline(check)
    try:
        last = last_of(dataset)
        label_queue(check, dataset, last)
        lines = lines_of(dataset)
    except ExportError as error:
        st.error(as_text(error))
        return
    if reason := unsaved_reason(dataset):
        kept = "What you decided is kept until you leave the page; saving is tried again with your next decision."
        st.warning(filled("{reason}. {kept}", reason=reason, kept=kept))
    group_view(check, dataset)
    overlap_with_corrections(view, last)
    label_exports(check, dataset, lines, last)


def _check_of(view: View | Forming) -> LabelCheck | None:
    """The label check if it was asked for or is stored, else None; opening the tab alone computes nothing."""
    key = (view.dataset.fingerprint, view.features.fingerprint)
    if session().kept(Asked).of != key and not has_label_check(view.features, view.dataset, store=default_store()):
        st.markdown(
            filled(
                "Finds labels that are **probably wrong**: compares each item's label with its nearest neighbors in "
                "{features}, and with classifiers that were not trained on it. This takes seconds to a minute.",
                features=view.features.name,
            )
        )
        st.button("Check labels", type="primary", width="stretch", on_click=ask, args=(key,))
        return None

    def work(progress: Progress) -> LabelCheck:
        return checked_labels_of(view, store=default_store(), progress=progress)

    return computed(LABELS, key, work, again=filled("Check labels again")).value


def _headline(check: LabelCheck) -> None:
    wrong, n = check.wrong, int(np.sum(check.kind == KINDS.index("probably mislabeled")))
    interval = wrong.interval
    between = "" if interval is None else f"{100 * interval.low:.1f} to {100 * interval.high:.1f}\xa0%"
    st.html(
        f'<div class="embviz-numbers"><div><span>Wrong at most</span><b>{100 * wrong.share:.1f}\xa0%</b>'
        f"<span>{as_html(between)}</span></div>"
        f"<div><span>Likely wrong</span><b>{n:,}</b><span>of {len(check):,}</span></div></div>"
    )
    covers = "" if interval is None else interval.covers
    st.caption(
        filled(
            "Wrong at most: share of labels that contradict the {space} of their items{range}.",
            space=check.space,
            range=f"; below it, the 95 % confidence interval for {covers}" if covers else "",
        ),
        help=as_text(in_words("Labels wrong at most")),
    )


LABEL_CHECK = Panel("Label check", label_check_panel)
