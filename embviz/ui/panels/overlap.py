"""The Overlap tab: how much two classes overlap, in feature space and in the projection."""

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st

from embviz.dataset import Dataset, check_same_items
from embviz.findings import PairFindings, matrix_of, pair_findings_of
from embviz.items.names import item_name
from embviz.overlap import ClosestPairs, Overlap, OverlapMatrix
from embviz.progress import Progress
from embviz.server import shelf
from embviz.storage.store import default_store
from embviz.ui.component import gallery, heatmap
from embviz.ui.contract.addresses import images_address
from embviz.ui.contract.messages import GalleryCard
from embviz.ui.focus import look_at_pair
from embviz.ui.panels.labels.confusion import confusion_of_classifier
from embviz.ui.panels.panel import Highlight, Panel
from embviz.ui.session import Control, session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_html, filled
from embviz.view import Forming, View

K = 10
"""Number of nearest neighbors by which overlap is measured."""
PAIRS = 12
"""Number of closest pairs that are shown."""

PAIR = Computation[PairFindings]("pair")
MATRIX = Computation[OverlapMatrix]("matrix")
AGAIN = filled("Measure again")
OTHERS_ONLY = Control[bool]("others-only")
"""Whether neighbors are looked up in other groups only; shown where the dataset has groups."""


@dataclass(frozen=True, slots=True)
class PairLists:
    """The number of times that a pair was chosen elsewhere than in the two lists of classes.

    It is part of the lists' keys, so that they are drawn anew each time. Otherwise the browser could send the old
    choice of the lists once more, as if it had just been made.
    """

    times: int = 0


def chosen_pair(view: View | Forming) -> tuple[int, int] | None:
    """Codes of the two classes chosen in the tab; None if fewer than two classes have items.

    At first these are classes "1" and "7" if both have items, else the first two classes that have items.
    """
    names = _classes_with_items(view.dataset)
    if len(names) < 2:
        return None
    first: tuple[str, str] = ("1", "7") if {"1", "7"} <= set(names) else (names[0], names[1])
    pair = session().pair or first
    if not set(pair) <= set(names):
        pair = first
    all_names = view.dataset.class_names
    return all_names.index(pair[0]), all_names.index(pair[1])


def _classes_with_items(dataset: Dataset) -> list[str]:
    return (
        []
        if dataset.labels is None
        else [dataset.class_names[code] for code in np.flatnonzero(np.bincount(dataset.labels))]
    )


def overlap_panel(view: View | Forming) -> None:
    """Draw the Overlap tab."""
    pair = chosen_pair(view)
    if pair is None:
        st.markdown("Overlap compares **classes**: it needs items with at least two different labels.")
        return
    _pair_controls(view, pair)
    with st.container(key="pair-findings"):  # page.css gives it a least height, so that the table below does not move
        _pair_findings_shown(view, pair)
    _all_pairs(view, pair)
    confusion_of_classifier(view, pair)


def _pair_findings_shown(view: View | Forming, pair: tuple[int, int]) -> None:
    others_only = bool(view.dataset.group) and OTHERS_ONLY.value_or(False)

    def work(progress: Progress) -> PairFindings:
        return pair_findings_of(view, pair, K, PAIRS, others_only=others_only, store=default_store(), progress=progress)

    findings = computed(PAIR, (_key(view), pair, others_only), work, again=AGAIN).value
    if findings is not None:
        _pair_numbers(view, pair, findings)
        _closest(view, findings.closest)


def _key(view: View | Forming) -> tuple[str, str, str | None]:
    layout = view.projection.fingerprint if isinstance(view, View) else None
    return view.dataset.fingerprint, view.features.fingerprint, layout


def _pair_controls(view: View | Forming, pair: tuple[int, int]) -> None:
    all_names, names = view.dataset.class_names, _classes_with_items(view.dataset)
    lists = session().kept(PairLists)
    controls = (Control[str](f"pair-a-{lists.times}"), Control[str](f"pair-b-{lists.times}"))

    def changed() -> None:
        a, b = (control.value for control in controls)
        if a != b and lists == session().kept(PairLists):
            session().pair = (a, b)

    for control, code in zip(controls, pair, strict=True):
        control.show(all_names[code])
    a, b = (names.index(all_names[code]) for code in pair)
    first, second = st.columns(2, gap="small")
    first.selectbox("Class", names, a, key=controls[0].key, on_change=changed)
    second.selectbox("and class", names, b, key=controls[1].key, on_change=changed)
    if view.dataset.group:
        st.toggle(
            filled("Compare with other {group}s only", group=view.dataset.group),
            key=OTHERS_ONLY.key,
            help=filled(
                "Neighbors are looked up among items of other {group}s. The others of the same {group} look alike, "
                "and make classes seem further apart than they are for a stranger.",
                group=view.dataset.group,
            ),
        )


def _pair_numbers(view: View | Forming, pair: tuple[int, int], findings: PairFindings) -> None:
    cards = [_number("In feature space", findings.in_features), _number("In this projection", findings.in_projection)]
    st.html(f'<div class="embviz-numbers">{"".join(cards)}</div>')
    found = findings.in_features
    a, b = (view.dataset.class_names[code] for code in pair)
    st.markdown(
        filled(
            "About **{found:.0f} in 1,000** neighbors of a {a} or {b} belong to the other class; "
            "thoroughly mixed classes would show {chance:.0f}.",
            found=1000 * found.rate,
            a=a,
            b=b,
            chance=1000 * found.chance,
        )
    )
    st.caption(_interval_sentence(found))


def _interval_sentence(found: Overlap) -> Markdown:
    """What the interval covers, or why there is none."""
    interval, spread = found.index_interval, found.spread
    assert spread is not None, "a pair is measured with its spread"
    if interval is None:
        return filled("There is no interval: {reason}.", reason=spread.missing)
    return filled(
        "In feature space {covers}{comma} would show {low} to {high} (95 % interval).",
        covers=interval.covers,
        comma="," if spread.group else "",
        low=percent(interval.low),
        high=percent(interval.high),
    )


def _number(title: str, found: Overlap | None) -> str:
    if found is None:
        return f"<div><span>{title}</span><b>–</b><span>when it has formed</span></div>"
    return (
        f'<div title="{as_html(_definition(found))}"><span>{title}</span><b>{percent(found.index)}</b>'
        "<span>of mixed</span></div>"
    )


def _definition(found: Overlap) -> str:
    return (
        f"Share of the {found.k} nearest neighbors that belong to the other class, among the {found.n:,} items "
        f"of both, averaged over the two classes ({percent(found.rate)}), divided by what chance would give "
        f"({percent(found.chance)}). "
        "0 %: apart. 100 %: thoroughly mixed."
    )


def _closest(view: View | Forming, closest: ClosestPairs) -> None:
    dataset = view.dataset
    check_same_items("pairs", closest.items, dataset)
    st.markdown("###### Closest pairs")
    cards = [
        _pair_card(dataset, (int(dataset.ids[a]), int(dataset.ids[b])), float(distance))
        for a, b, distance in zip(closest.rows_a, closest.rows_b, closest.distances, strict=True)
    ]
    images = images_address(dataset, shelf)
    gallery("closest", images, cards, lambda ids: look_at_pair(dataset, (ids[0], ids[1])))


def _pair_card(dataset: Dataset, pair: tuple[int, int], distance: float) -> GalleryCard:
    name = " and ".join(item_name(item, dataset.splits) for item in pair)
    return {"ids": list(pair), "name": name, "title": "", "caption": f"{distance:.3g}", "differs": False}


def _all_pairs(view: View | Forming, pair: tuple[int, int]) -> None:
    def work(progress: Progress) -> OverlapMatrix:
        return matrix_of(view, K, store=default_store(), progress=progress)

    st.markdown("###### All pairs · feature space")
    matrix = computed(MATRIX, (view.dataset.fingerprint, view.features.fingerprint), work, again=AGAIN).value
    if matrix is not None:
        names = list(view.dataset.class_names)
        heatmap("all-pairs", names, _percentages(matrix), pair, lambda codes: _choose(names, codes))
        st.caption(
            filled("Overlap index in percent: 0 apart, 100 mixed; k = {k}. Click a cell to look at that pair.", k=K)
        )


def _choose(names: list[str], codes: tuple[int, int]) -> None:
    visitor = session()
    visitor.pair = (names[codes[0]], names[codes[1]])
    visitor.keep(PairLists(visitor.kept(PairLists).times + 1))


def _percentages(matrix: OverlapMatrix) -> list[list[float | None]]:
    return [[None if math.isnan(value) else 100 * float(value) for value in line] for line in matrix.index]


def percent(share: float) -> str:
    """A share, 0..1, in percent with one decimal, or with two below 1 %.

    Examples
    --------
    >>> percent(0.0413), percent(0.0042)
    ('4.1 %', '0.42 %')
    """
    return f"{100 * share:.2f} %" if 0 < share < 0.01 else f"{100 * share:.1f} %"


OVERLAP = Panel("Overlap", overlap_panel, lambda view: Highlight(classes=chosen_pair(view)))
