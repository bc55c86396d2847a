"""The Overlap tab: how much two classes overlap, in feature space and in the projection."""

import math

import numpy as np
import streamlit as st

from embviz.dataset import Dataset
from embviz.errors import Cancelled, EmbvizError
from embviz.findings import PairFindings, matrix_of, pair_findings_of
from embviz.item_names import item_name
from embviz.overlap import ClosestPairs, Overlap, OverlapMatrix
from embviz.server import shelf
from embviz.store import default_store
from embviz.ui.component import gallery, heatmap
from embviz.ui.contract import Json, images_address
from embviz.ui.focus import look_at_pair
from embviz.ui.watch import forget, watched_result
from embviz.ui.words import as_html, as_text, filled
from embviz.view import Forming, View

K = 10
PAIRS = 12


def chosen_pair(view: View | Forming) -> tuple[int, int] | None:
    """The class codes chosen in the tab: 1 and 7 at first where both have items; None below two classes with items."""
    names = _classes_with_items(view.dataset)
    if len(names) < 2:
        return None
    first: tuple[str, str] = ("1", "7") if {"1", "7"} <= set(names) else (names[0], names[1])
    pair = st.session_state.get("pair", first)
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
    """Draw the tab."""
    pair = chosen_pair(view)
    if pair is None:
        st.markdown("Overlap compares **classes**: it needs items with at least two different labels.")
        return
    _pair_controls(view, pair)
    with st.container(key="pair-findings"):  # as high as what comes into it, so that the table below does not move
        _pair_findings_shown(view, pair)
    _all_pairs(view, pair)


def _pair_findings_shown(view: View | Forming, pair: tuple[int, int]) -> None:
    try:
        findings = watched_result(
            "pair",
            (_key(view), pair),
            lambda progress: pair_findings_of(view, pair, K, PAIRS, store=default_store(), progress=progress),
        )
    except Cancelled:
        _measure_again("pair")
    except EmbvizError as error:
        st.error(as_text(error))
    else:
        if findings is not None:
            _pair_numbers(view, findings)
            _closest(view, findings.closest)


def _key(view: View | Forming) -> tuple[str, str | None]:
    return view.features.fingerprint, view.projection.fingerprint if isinstance(view, View) else None


def _pair_controls(view: View | Forming, pair: tuple[int, int]) -> None:
    all_names, names = view.dataset.class_names, _classes_with_items(view.dataset)
    # A pair chosen elsewhere gets lists of its own: the browser may yet say of those before what they had, as if new.
    times = st.session_state.get("pair-times", 0)
    keys = (f"pair-a-{times}", f"pair-b-{times}")

    def changed() -> None:
        a, b = (st.session_state[key] for key in keys)
        if a != b and times == st.session_state.get("pair-times", 0):
            st.session_state["pair"] = (a, b)

    for key, code in zip(keys, pair, strict=True):
        st.session_state[key] = all_names[code]
    a, b = (names.index(all_names[code]) for code in pair)
    first, second = st.columns(2, gap="small")
    first.selectbox("Class", names, a, key=keys[0], on_change=changed)
    second.selectbox("and class", names, b, key=keys[1], on_change=changed)


def _pair_numbers(view: View | Forming, findings: PairFindings) -> None:
    cards = [_number("In feature space", findings.in_features), _number("In this projection", findings.in_projection)]
    st.html(f'<div class="embviz-numbers">{"".join(cards)}</div>')
    found = findings.in_features
    a, b = (view.dataset.class_names[code] for code in found.classes)
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
    st.markdown("###### Closest pairs")
    cards = [
        _pair_card(dataset, (int(dataset.ids[a]), int(dataset.ids[b])), float(distance))
        for a, b, distance in zip(closest.rows_a, closest.rows_b, closest.distances, strict=True)
    ]
    images = images_address(dataset, shelf)
    gallery("closest", images, cards, lambda ids: look_at_pair(dataset, (ids[0], ids[1])))


def _pair_card(dataset: Dataset, pair: tuple[int, int], distance: float) -> Json:
    name = " and ".join(item_name(item, dataset.splits) for item in pair)
    return {"ids": list(pair), "name": name, "title": "", "caption": f"{distance:.3g}", "differs": False}


def _all_pairs(view: View | Forming, pair: tuple[int, int]) -> None:
    dataset, features = view.dataset, view.features
    st.markdown("###### All pairs · feature space")
    try:
        matrix = watched_result(
            "matrix",
            features.fingerprint,
            lambda progress: matrix_of(view, K, store=default_store(), progress=progress),
        )
    except Cancelled:
        _measure_again("matrix")
        return
    except EmbvizError as error:
        st.error(as_text(error))
        return
    if matrix is not None:
        names = list(dataset.class_names)
        heatmap("all-pairs", names, _percentages(matrix), pair, lambda codes: _choose(names, codes))
        st.caption(
            filled("Overlap index in percent: 0 apart, 100 mixed; k = {k}. Click a cell to look at that pair.", k=K)
        )


def _measure_again(name: str) -> None:
    st.button("Measure again", key=f"again-{name}", on_click=forget, args=(name,))


def _choose(names: list[str], codes: tuple[int, int]) -> None:
    st.session_state["pair"] = (names[codes[0]], names[codes[1]])
    st.session_state["pair-times"] = st.session_state.get("pair-times", 0) + 1


def _percentages(matrix: OverlapMatrix) -> list[list[float | None]]:
    return [[None if math.isnan(value) else 100 * float(value) for value in line] for line in matrix.index]


def percent(share: float) -> str:
    """A share in percent with one decimal, two below 1 %.

    Examples
    --------
    >>> percent(0.0413), percent(0.0042)
    ('4.1 %', '0.42 %')
    """
    return f"{100 * share:.2f} %" if 0 < share < 0.01 else f"{100 * share:.1f} %"
