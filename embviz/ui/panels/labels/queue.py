"""The queue of doubtful labels: one item with its neighbors, and what the visitor decides about it."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.items.names import item_name
from embviz.label_check import KINDS, MEANING, LabelCheck
from embviz.label_check.decisions import Decision
from embviz.label_check.reasons import doubts_of
from embviz.label_check.together import NOBODY
from embviz.server import shelf
from embviz.ui.component import gallery
from embviz.ui.contract.addresses import images_address
from embviz.ui.focus import pin
from embviz.ui.panels.items.cards import item_card
from embviz.ui.panels.labels.decisions import decide, to_undo, undo
from embviz.ui.session import Control, session
from embviz.ui.words import Markdown, as_text, filled

ALL = "all"


@dataclass(frozen=True, slots=True)
class KindChoice:
    """The kind of doubt that the visitor chose last, kept in the session.

    Streamlit forgets what a control says while its tab is closed.
    """

    kind: str = ALL


def label_queue(check: LabelCheck, dataset: Dataset, last: dict[int, Decision]) -> None:
    """Draw the next item whose label is in doubt and not decided yet, the worst first."""
    rows = _rows_of(check)
    left = rows[~np.isin(dataset.ids[rows], list(last))]
    st.markdown(filled("###### {done:,} of {n:,} decided", done=len(rows) - len(left), n=len(rows)))
    if len(left):
        _item(check, dataset, int(left[0]))
    elif len(rows):
        st.markdown("**All of these are decided.** The downloads below contain the corrected labels.")
    else:
        st.markdown("No label is in doubt.")
    _undo_button(dataset)


def _rows_of(check: LabelCheck) -> Int64Array:
    """Rows of the kind of doubt that is chosen, worst first."""
    ordered: Int64Array = check.worst_first[check.is_suspect[check.worst_first]]
    present = [KINDS[code] for code in np.unique(check.kind[ordered])]
    options = [ALL, *present]
    kept = session().kept(KindChoice).kind
    chosen, control = kept if kept in options else ALL, Control[str | None]("label-kind")
    control.show(chosen)
    st.pills(
        "Kind of doubt",
        options,
        key=control.key,
        on_change=lambda: session().keep(KindChoice(control.value or ALL)),
        format_func=lambda name: as_text(name),
        label_visibility="collapsed",
    )
    if chosen == ALL:
        return ordered
    st.caption(as_text(MEANING[chosen]))
    of_kind: Int64Array = ordered[check.kind[ordered] == KINDS.index(chosen)]
    return of_kind


def _item(check: LabelCheck, dataset: Dataset, row: int) -> None:
    (doubt,) = doubts_of(check, dataset, [row])
    picture, facts = st.columns([1, 1.4], gap="small")
    with picture:
        card = item_card(dataset, row, caption="")
        card["title"] = ""
        images = images_address(dataset, shelf)
        gallery("doubted", images, [card], lambda ids: pin(dataset, ids[0]), image_size=112, columns=1)
    with facts:
        st.markdown(filled("labeled **{label}**  \nlooks like **{other}**", label=doubt.label, other=doubt.suggested))
        st.caption(filled("{kind} · {name}", kind=doubt.kind, name=item_name(doubt.id, dataset.splits)))
    _verdict_buttons(dataset, row, doubt.suggested)
    st.caption(as_text(f"{doubt.reason}."))
    near = [int(place) for place in check.neighbors[row] if place != NOBODY]
    cards = [item_card(dataset, place, caption="", beside=row) for place in near]
    gallery("doubted-neighbors", images_address(dataset, shelf), cards, lambda ids: pin(dataset, ids[0]), columns=8)
    _other_class(dataset, row, doubt.suggested)


def _verdict_buttons(dataset: Dataset, row: int, suggested: str) -> None:
    """Draw Keep, Relabel and Unsure; their keys name the item, so that a second press does not decide the next one."""
    assert dataset.labels is not None, "they are checked"
    item, label = int(dataset.ids[row]), dataset.class_names[dataset.labels[row]]
    with st.container(horizontal=True, key="verdicts"):
        st.button(
            filled("Keep {label}", label=label),
            key=f"keep-{item}",
            shortcut="K",
            on_click=decide,
            args=(dataset, item, label, "keep"),
        )
        chosen = _new_label(item).value_or(suggested)
        st.button(
            filled("Relabel {new}", new=chosen),
            key=f"relabel-{item}",
            type="primary",
            shortcut="L",
            on_click=decide,
            args=(dataset, item, label, "relabel", chosen),
        )
        st.button("Unsure", key=f"unsure-{item}", shortcut="U", on_click=decide, args=(dataset, item, label, "unsure"))


def _other_class(dataset: Dataset, row: int, suggested: str) -> None:
    """Draw the choice of another class than the suggested one, where there is one."""
    assert dataset.labels is not None, "they are checked"
    others = [dataset.class_names[code] for code in np.unique(dataset.labels) if code != dataset.labels[row]]
    if len(others) > 1:
        st.selectbox("Relabel as", others, others.index(suggested), key=_new_label(int(dataset.ids[row])).key)


def _new_label(item: int) -> Control[str]:
    return Control(f"new-label-{item}")


def _undo_button(dataset: Dataset) -> None:
    of = to_undo(dataset)
    if of is None:
        return
    st.button(
        filled("Undo: {what}", what=_in_words(of)), key="undo-label", shortcut="Z", on_click=undo, args=(dataset, of)
    )


def _in_words(of: Decision) -> Markdown:
    if of.verdict == "relabel":
        return filled("{label} became {new}", label=of.label, new=of.new)
    return filled("{verdict} {label}", verdict=of.verdict, label=of.label)
