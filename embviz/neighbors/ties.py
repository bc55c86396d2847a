"""Rules for ties: which of several equally far neighbors are listed if not all of them fit into a list."""

import numpy as np

from embviz.arrays import Float64Array, Int64Array

TIES = ("row", "even")
"""Rules for ties. ``row``: the lowest rows are listed; ``even``: rows drawn at random for each list.

With ``even``, the order of the rows does not affect layouts.
"""


def draws_of(n: int, seed: int = 0) -> Float64Array:
    """Two random numbers in 0..1 for each of n rows, for `even_picks`; shape (n, 2), the same for the same seed."""
    return np.random.default_rng(seed).random((n, 2))


def even_picks(draws: Float64Array, totals: Int64Array, counts: Int64Array) -> Int64Array:
    """Different random numbers in 0 .. total - 1 for each of q lists, `counts` per list; int64, list after list.

    The numbers of a list are an arithmetic progression modulo its total, whose start and step are drawn. So time and
    memory grow with the numbers picked, not with those to choose from.

    Parameters
    ----------
    draws
        float64, shape (q, 2): two random numbers in 0..1 for each list, from `draws_of`.
    totals, counts
        int64, shape (q,): how many numbers to choose from, and how many to pick; 0 <= count <= total.

    Examples
    --------
    >>> picks = even_picks(draws_of(2), np.array([1000, 3]), np.array([4, 3]))
    >>> len(set(picks[:4].tolist())), sorted(picks[4:].tolist())
    (4, [0, 1, 2])
    """
    totals = np.maximum(totals, 1)
    first = (draws[:, 0] * totals).astype(np.int64)
    step = 1 + (draws[:, 1] * (totals - 1)).astype(np.int64)
    while len(common := np.flatnonzero(np.gcd(step, totals) > 1)):  # would repeat before all numbers came
        step[common] = step[common] % totals[common] + 1
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    picks: Int64Array = (np.repeat(first, counts) + place * np.repeat(step, counts)) % np.repeat(totals, counts)
    return picks
