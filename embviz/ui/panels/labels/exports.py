"""Parts of the Label check tab below the queue: groups with suspicious labels, effect of corrections, and files."""

import io
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from embviz.dataset import Dataset
from embviz.findings.labels import CorrectedOverlaps, corrected_overlaps_of
from embviz.label_check import LabelCheck
from embviz.label_check.decisions import Decision, corrected_labels, decisions_csv, decisions_text
from embviz.label_check.reasons import doubts_csv, doubts_of
from embviz.pipeline import suspicious_groups
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.focus import select
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import as_html, filled
from embviz.view import Forming, View

K = 10
"""Neighbors by which overlap is measured, as in the Overlap tab."""
MOST_GROUPS = 8
"""Suspicious groups that are listed."""

CORRECTED_OVERLAP = Computation[CorrectedOverlaps]("corrected-overlap")


@dataclass(frozen=True, slots=True)
class MeasuredWith:
    """The last request for an overlap with corrected labels: data, features, relabeled items, and the pair."""

    asked: tuple[str, str, tuple[tuple[int, str], ...], tuple[int, int]] | None = None


def group_view(check: LabelCheck, dataset: Dataset) -> None:
    """Draw the groups with the most surprising numbers of suspects; a button selects the suspects of a group."""
    found = suspicious_groups(check, dataset, MOST_GROUPS)
    if not found:
        return
    with st.expander(filled("By {group}", group=dataset.group)):
        for place, each in enumerate(found):
            text, button = st.columns([2, 1], gap="small", vertical_alignment="center")
            text.markdown(
                filled(
                    "{column} **{group}**: {k} of {n} labeled {label} look like {other}",
                    column=dataset.group,
                    group=each.group,
                    k=each.n_suspects,
                    n=each.n_items,
                    label=dataset.class_names[each.label],
                    other=dataset.class_names[each.looks_like],
                )
            )
            ids = [int(dataset.ids[row]) for row in each.rows]
            button.button("Select", key=f"suspects-{place}", on_click=select, args=(dataset, ids))


def overlap_with_corrections(view: View | Forming, last: dict[int, Decision]) -> None:
    """Draw the overlap of the pair before and after the corrections, once it was asked for."""
    dataset = view.dataset
    changed = {item: made for item, made in last.items() if made.verdict == "relabel"}
    labels = corrected_labels(dataset, changed)
    assert dataset.labels is not None, "they are checked"
    if np.array_equal(labels, dataset.labels):
        return
    pair = _pair(dataset, changed)
    names = tuple(dataset.class_names[code] for code in pair)
    relabeled = tuple(sorted((item, made.new) for item, made in changed.items()))
    asked = (dataset.fingerprint, view.features.fingerprint, relabeled, pair)
    if st.button(filled("Overlap of {a} and {b} with corrected labels", a=names[0], b=names[1]), width="stretch"):
        session().keep(MeasuredWith(asked))
    if session().kept(MeasuredWith).asked != asked:
        return

    def work(progress: Progress) -> CorrectedOverlaps:
        corrected = replace(dataset, labels=labels)
        return corrected_overlaps_of(view, corrected, pair, K, store=default_store(), progress=progress)

    found = computed(CORRECTED_OVERLAP, asked, work, again=filled("Measure again")).value
    if found is not None:
        before, after = (f"{100 * each.index:.2f}\xa0%" for each in (found.before, found.after))
        st.html(
            f'<div class="embviz-numbers"><div><span>As labeled</span><b>{as_html(before)}</b><span>of mixed</span>'
            f"</div><div><span>With corrections</span><b>{as_html(after)}</b><span>of mixed</span></div></div>"
        )


def _pair(dataset: Dataset, changed: dict[int, Decision]) -> tuple[int, int]:
    """Codes of the pair chosen in the Overlap tab, or else of the last correction's two classes."""
    names = dataset.class_names
    chosen = session().pair
    if chosen is None or not set(chosen) <= set(names):
        last = [made for made in changed.values() if {made.label, made.new} <= set(names)][-1]
        chosen = (last.label, last.new)
    return names.index(chosen[0]), names.index(chosen[1])


def label_exports(check: LabelCheck, dataset: Dataset, lines: list[Decision], last: dict[int, Decision]) -> None:
    """Draw the buttons that download the ranking, the decisions, the corrected labels and the log."""

    def ranking() -> bytes:
        rows = check.worst_first[check.is_suspect[check.worst_first]]
        return doubts_csv(doubts_of(check, dataset, rows.tolist()))

    def labels() -> bytes:
        stream = io.BytesIO()
        np.savez(
            stream,
            ids=dataset.ids,
            labels=corrected_labels(dataset, last),
            class_names=np.array(dataset.class_names),
        )
        return stream.getvalue()

    files = {
        "Doubtful labels": (ranking, "embviz-labels.csv", "text/csv"),
        "Decisions": (lambda: decisions_csv(last), "embviz-decisions.csv", "text/csv"),
        "Corrected labels": (labels, "embviz-corrected-labels.npz", "application/octet-stream"),
        "Log": (lambda: decisions_text(lines), "embviz-decisions.jsonl", "application/jsonl"),
    }
    st.markdown("###### Downloads")
    with st.container(horizontal=True):
        for title, (content, name, mime) in files.items():
            key = f"labels-{name}"
            st.download_button(filled("{title}", title=title), content, name, mime, on_click="ignore", key=key)
    st.caption("The dataset itself is never changed. Corrected labels: an .npz file with ids, class codes and names.")
