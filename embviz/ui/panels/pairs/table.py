"""The table of all class pairs: index, interval and rank of each, and pairs that may share the chosen one's rank."""

import math
from collections.abc import Callable

import numpy as np
import streamlit as st

from embviz.arrays import Float64Array
from embviz.overlap import OverlapMatrix
from embviz.overlap.table.ranks import MOST_RANKED
from embviz.pipeline import readable_classes
from embviz.ui.component import heatmap
from embviz.ui.contract.table_messages import HeatmapRequest, HeatmapWords
from embviz.ui.words import Markdown, filled, joined

WORDS: HeatmapWords = {"between": "and", "unit": "of thoroughly mixed", "least": "apart", "most": "of mixed"}
MOST_NAMED = 6
"""Most pairs that the sentence names; the table marks all of them."""


def pair_table(
    matrix: OverlapMatrix, names: list[str], pair: tuple[int, int], on_pair: Callable[[tuple[int, int]], None]
) -> None:
    """Draw the table, and a sentence on the rank of the chosen pair.

    Parameters
    ----------
    matrix, names
        The overlaps, and the names of all classes.
    pair
        Codes of the chosen classes.
    on_pair
        Called with the codes of the classes of a cell that was clicked.
    """
    codes = readable_classes(matrix.index, pair).tolist()

    def clicked(cell: tuple[int, int]) -> None:
        on_pair((codes[cell[0]], codes[cell[1]]))

    heatmap("all-pairs", table_request(matrix, names, pair, codes), clicked)
    some_classes(len(codes), len(names), "overlap others most")
    st.caption(
        filled("Overlap index in percent: 0 apart, 100 mixed; k = {k}. Click a cell to look at that pair.", k=matrix.k)
    )
    st.caption(rank_sentence(matrix, pair, names))


def some_classes(n_shown: int, n: int, why: str) -> None:
    """Draw a sentence that a table shows only some classes, and why these; nothing if it shows all."""
    if n_shown < n:
        st.caption(filled("Shown: {shown} of {n:,} classes, those that {why}.", shown=n_shown, n=n, why=why))


def table_request(matrix: OverlapMatrix, names: list[str], pair: tuple[int, int], codes: list[int]) -> HeatmapRequest:
    """The request for the table of the classes with these codes, which the pair is among.

    It has the numbers of each cell, and the pairs that cannot be told from the chosen one.
    """
    lows, highs = matrix.index_interval
    ranks = matrix.ranks
    listed = [] if ranks is None else zip(ranks.pairs.tolist(), ranks.ranges.tolist(), strict=True)
    alike = [] if ranks is None or matrix.missing(*pair) else ranks.not_told_from(*pair)
    place = {code: at for at, code in enumerate(codes)}
    ranked = [(both, rank, between) for rank, (both, between) in enumerate(listed, start=1) if {*both} <= place.keys()]
    return {
        "names": [names[code] for code in codes],
        "values": _percentages(matrix.index, codes),
        "lows": _percentages(lows, codes),
        "highs": _percentages(highs, codes),
        "most": _percentages(matrix.index_at_most, codes),
        "pair": [place[code] for code in pair],
        "ranks": [[place[a], place[b], rank, *between] for (a, b), rank, between in ranked],
        "alike": [[place[code] for code in both] for both in alike if {*both} <= place.keys()],
        "words": WORDS,
    }


def _percentages(values: Float64Array, codes: list[int]) -> list[list[float | None]]:
    part = values[np.ix_(codes, codes)]
    return [[None if math.isnan(value) else 100 * float(value) for value in line] for line in part]


def rank_sentence(matrix: OverlapMatrix, pair: tuple[int, int], names: list[str]) -> Markdown:
    """Sentence on the rank of the chosen pair among all, and on the pairs from which it cannot be told apart."""
    ranks = matrix.ranks
    if ranks is None:
        return filled("There are too many pairs to rank them; up to {most:,} pairs can be ranked.", most=MOST_RANKED)
    if reason := matrix.missing(*pair, names):
        return filled("The two classes have no rank: {reason}.", reason=reason)
    others = ranks.not_told_from(*pair)
    low, high = ranks.between(*pair)
    said = filled(
        "By overlap {a} and {b} have rank {rank} of {all} pairs; ranks {low} to {high} are possible (95 % "
        "confidence). ",
        a=names[pair[0]],
        b=names[pair[1]],
        rank=ranks.place(*pair) + 1,
        all=len(ranks.pairs),
        low=low,
        high=high,
    )
    if not others:
        return joined("", [said, filled("Every other pair differs from them by more than chance.")])
    shown = [filled("{a} and {b}", a=names[a], b=names[b]) for a, b in others[:MOST_NAMED]]
    more = len(others) - len(shown)
    rest = filled(" and {more} more, dotted in the table.", more=more) if more else filled(", dotted in the table.")
    return joined("", [said, filled("Their rank cannot be told from that of "), joined(", ", shown), rest])
