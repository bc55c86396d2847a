"""The Overlap tab: how much two classes overlap, in feature space and in the projection."""

import streamlit as st

from embviz.dataset import Dataset, check_same_items
from embviz.findings.pairs import PairFindings, matrix_of, pair_findings_of
from embviz.items.names import item_name
from embviz.overlap import ClosestPairs, Overlap, OverlapMatrix
from embviz.progress import Progress
from embviz.server import shelf
from embviz.storage.store import default_store
from embviz.ui.component import gallery
from embviz.ui.contract.addresses import images_address
from embviz.ui.contract.gallery_messages import GalleryCard
from embviz.ui.focus import look_at_pair
from embviz.ui.panels.labels.confusion import confusion_of_classifier
from embviz.ui.panels.pairs.change import change_section
from embviz.ui.panels.pairs.choice import K, choose_pair, chosen_pair, others_only_chosen, pair_controls, say_no_pair
from embviz.ui.panels.pairs.estimates import more_estimates
from embviz.ui.panels.pairs.ladder import ladder_section
from embviz.ui.panels.pairs.shares import percent, percent_or_most
from embviz.ui.panels.pairs.table import pair_table
from embviz.ui.panels.panel import Highlight, Panel
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_html, filled, joined, three_digits
from embviz.view import Forming, View

PAIRS = 12
"""Number of closest pairs that are shown."""

PAIR = Computation[PairFindings]("pair")
MATRIX = Computation[OverlapMatrix]("matrix")
AGAIN = filled("Measure again")


def overlap_panel(view: View | Forming) -> None:
    """Draw the Overlap tab."""
    pair = chosen_pair(view)
    if pair is None:
        say_no_pair()
        return
    pair_controls(view, pair)
    with st.container(key="pair-findings"):  # page.css gives it a least height, so that the table below does not move
        _pair_findings_shown(view, pair)
    more_estimates(view, pair)
    _all_pairs(view, pair)
    confusion_of_classifier(view, pair)
    if isinstance(view, View):
        change_section(view, K)


def _pair_findings_shown(view: View | Forming, pair: tuple[int, int]) -> None:
    others_only = others_only_chosen(view)

    def work(progress: Progress) -> PairFindings:
        return pair_findings_of(view, pair, K, PAIRS, others_only=others_only, store=default_store(), progress=progress)

    findings = computed(PAIR, (_key(view), pair, others_only), work, again=AGAIN).value
    if findings is not None:
        _pair_numbers(view, pair, findings)
        if isinstance(view, View):
            ladder_section(view, pair, K)
        _closest(view, findings.closest)


def _key(view: View | Forming) -> tuple[str, str, str | None]:
    layout = view.projection.fingerprint if isinstance(view, View) else None
    return view.dataset.fingerprint, view.features.fingerprint, layout


def _pair_numbers(view: View | Forming, pair: tuple[int, int], findings: PairFindings) -> None:
    cards = [_number("In feature space", findings.in_features), _number("In this projection", findings.in_projection)]
    st.html(f'<div class="embviz-numbers">{"".join(cards)}</div>')
    found = findings.in_features
    a, b = (view.dataset.class_names[code] for code in pair)
    st.markdown(
        filled(
            "{about} **{found:.0f} in 1,000** neighbors of a {a} or {b} belong to the other class; "
            "thoroughly mixed classes would show {chance:.0f}.",
            about="About" if found.rate_at_most is None else "No such neighbor was seen, so at most",
            found=1000 * (found.rate if found.rate_at_most is None else found.rate_at_most),
            a=a,
            b=b,
            chance=1000 * found.chance,
        )
    )
    st.caption(_interval_sentence(found))


def _interval_sentence(found: Overlap) -> Markdown:
    """The interval in words, or why there is none."""
    interval, spread = found.index_interval, found.spread
    if interval is None:
        return filled("There is no interval: {reason}.", reason=spread.missing)
    return filled(
        "95 % confidence interval in feature space: {low} to {high}, for {covers}.",
        covers=interval.covers,
        low=percent(interval.low),
        high=percent(interval.high),
    )


def _number(title: str, found: Overlap | None) -> str:
    if found is None:
        return f"<div><span>{title}</span><b>–</b><span>when it has formed</span></div>"
    return (
        f'<div title="{as_html(_definition(found))}"><span>{title}</span>'
        f"<b>{percent_or_most(found.index, found.index_at_most)}</b>"
        "<span>of mixed</span></div>"
    )


def _definition(found: Overlap) -> str:
    return (
        f"Share of the {found.k} nearest neighbors that belong to the other class, among the {found.n:,} items "
        f"of both, averaged over the two classes ({percent_or_most(found.rate, found.rate_at_most)}), "
        "divided by what chance would give "
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
    return {"ids": list(pair), "name": name, "title": "", "caption": three_digits(distance), "differs": False}


def _all_pairs(view: View | Forming, pair: tuple[int, int]) -> None:
    others_only = others_only_chosen(view)

    def work(progress: Progress) -> OverlapMatrix:
        return matrix_of(view, K, others_only=others_only, store=default_store(), progress=progress)

    others = filled(", other {group}s only", group=view.dataset.group) if others_only else filled("")
    st.markdown(joined("", [filled("###### All pairs · feature space"), others]))
    key = (view.dataset.fingerprint, view.features.fingerprint, others_only)
    matrix = computed(MATRIX, key, work, again=AGAIN).value
    if matrix is not None:
        names = list(view.dataset.class_names)
        pair_table(matrix, names, pair, lambda codes: choose_pair(names, codes))


OVERLAP = Panel("Overlap", overlap_panel, lambda view: Highlight(classes=chosen_pair(view)))
