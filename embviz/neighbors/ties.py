"""Which neighbors are listed where more are equally far than there is room for."""

import numpy as np

from embviz.arrays import Float64Array, Int64Array

TIES = ("row", "even")
"""Those of the lowest rows, or some drawn at random for each item anew, so that the order of rows shows nowhere."""


def draws_of(n: int, seed: int = 0) -> Float64Array:
    """Two random numbers in 0..1 for each of n rows, always the same: what `even_picks` goes by; shape (n, 2)."""
    return np.random.default_rng(seed).random((n, 2))


def even_picks(draws: Float64Array, totals: Int64Array, counts: Int64Array) -> Int64Array:
    """For each row `counts` different numbers below its total, each as likely as any other, one row after the other.

    An arithmetic progression modulo the total, whose start and step are drawn: it takes no more time or room
    than there are picks, however many there are to choose from.

    Parameters
    ----------
    draws
        float64, shape (q, 2), of each row, 0..1.
    totals, counts
        int64, shape (q,): 0 <= count <= total.

    Examples
    --------
    >>> picks = even_picks(draws_of(2), np.array([1000, 3]), np.array([4, 3]))
    >>> len(set(picks[:4].tolist())), sorted(picks[4:].tolist())
    (4, [0, 1, 2])
    """
    totals = np.maximum(totals, 1)
    first = (draws[:, 0] * totals).astype(np.int64)
    step = 1 + (draws[:, 1] * (totals - 1)).astype(np.int64)
    while len(common := np.flatnonzero(np.gcd(step, totals) > 1)):  # it would come round before all are seen
        step[common] = step[common] % totals[common] + 1
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    picks: Int64Array = (np.repeat(first, counts) + place * np.repeat(step, counts)) % np.repeat(totals, counts)
    return picks
