"""Kinds of doubt about a label, by what disagrees with it: the neighbors, a classifier, or both."""

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int64Array

KINDS = ("looks right", "probably mislabeled", "ambiguous", "outlier", "model's blind spot")
"""Names of the kinds; a kind's index here is its code."""
LOOKS_RIGHT, MISLABELED, AMBIGUOUS, OUTLIER, BLIND_SPOT = range(len(KINDS))

MEANING = {
    "looks right": "Neighbors and classifier give no reason to doubt the label.",
    "probably mislabeled": "Most neighbors and a classifier that never saw the item agree on another class.",
    "ambiguous": "The evidence is divided: the item has something of both classes.",
    "outlier": "The item is far from all others, so that neither neighbors nor a classifier say much about it.",
    "model's blind spot": "Most neighbors share the label; only the classifier disagrees. It is probably the "
    "classifier that is wrong.",
}
"""Meaning of each kind, in words."""

FENCE = 1.5
"""Number of interquartile ranges above the upper quartile of distances beyond which an item is far (Tukey, 1977)."""


def kinds_of(
    score: Float64Array,
    is_issue: BoolArray,
    votes: tuple[Int64Array, Int64Array],
    agrees: BoolArray,
    distance: Float64Array,
    k: int,
) -> Int64Array:
    """The kind of doubt about each item's label, as a code in `KINDS`; int64, shape (n,).

    Parameters
    ----------
    score
        Evidence against each label, see `LabelCheck`; above 0 it outweighs the evidence for it.
    is_issue
        Whether confident learning counts the label as an issue.
    votes
        Number of neighbors with the given label, and with the suggested one.
    agrees
        Whether the held-out classifier predicts the suggested class.
    distance
        Distance to the nearest neighbor.
    k
        Number of neighbors.

    Examples
    --------
    >>> score, votes = np.array([-3.0, 2, 2, 2]), (np.array([8, 1, 7, 4]), np.array([0, 7, 1, 4]))
    >>> found = kinds_of(score, np.zeros(4, bool), votes, np.ones(4, bool), np.ones(4), 8)
    >>> [KINDS[code] for code in found]
    ['looks right', 'probably mislabeled', "model's blind spot", 'ambiguous']
    """
    given, suggested = votes
    low, high = np.percentile(distance, (25, 75))
    is_far = distance > high + FENCE * (high - low)
    chosen = np.select(
        [2 * given > k, (2 * suggested > k) & agrees, is_far], [BLIND_SPOT, MISLABELED, OUTLIER], AMBIGUOUS
    )
    return np.where((score > 0) | is_issue, chosen, LOOKS_RIGHT).astype(np.int64)
