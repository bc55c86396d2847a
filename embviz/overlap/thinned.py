"""The jackknife of single items, averaged over random parts of the sample, for the standard error of an overlap."""

from functools import cache
from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array

KEPT = 2 / 3
"""Probability with which each item is in a random part of the sample."""
NEGLIGIBLE = 1e-6
"""Probability of being among the k nearest of a part below which a neighbor is ignored."""


class Effects(NamedTuple):
    """Expected counts in neighbor lists over random parts of the sample, and their changes by each listed item.

    Attributes
    ----------
    expected
        float64, shape (q,): mean share of the k nearest that cross, over the parts that contain the list's item.
    changes
        float64, shape (q, w): mean change of that share by each listed item, times `KEPT`.
    """

    expected: Float64Array
    changes: Float64Array


@cache
def list_length(k: int) -> int:
    """The number of neighbors that must be known so that all but a millionth of the parts contain k of them.

    Examples
    --------
    >>> list_length(1), list_length(10)
    (13, 35)
    """
    return len(_chances(k)[0])


@cache
def _chances(k: int) -> tuple[Float64Array, Float64Array]:
    """For each position p: probability that a part has fewer than k of the p entries before, or k - 1 of p - 1."""
    from scipy.stats import binom

    places = np.arange(4 * k + 40)
    is_among = binom.cdf(k - 1, places, KEPT)
    length = int(np.argmax(is_among < NEGLIGIBLE))
    is_last = np.where(places > 0, binom.pmf(k - 1, np.maximum(places - 1, 0), KEPT), 0)
    return is_among[:length], is_last[:length]


def thinned_effects(distances: Float32Array, crosses: BoolArray, is_allowed: BoolArray, k: int) -> Effects:
    """Expected counts of the k nearest of each list over random parts of the sample, in closed form.

    If items of a list tie, the result is the mean over all their orders. Items beyond `list_length` do not count.

    Parameters
    ----------
    distances, crosses, is_allowed, k
        As in `counts_in_lists`; lists may be shorter than k.

    Examples
    --------
    The nearer of two neighbors crosses: it is the nearest in every part that contains it, which are two thirds of the
    parts. The other one is the nearest only in parts without the first, and does not change the crossing share.

    >>> every = np.ones((1, 2), bool)
    >>> found = thinned_effects(np.array([[1, 2]], np.float32), np.array([[True, False]]), every, 1)
    >>> found.expected.round(3).tolist(), found.changes.round(3).tolist()
    ([0.667], [[0.667, 0.0]])
    """
    n, width = distances.shape
    is_among, is_last = (np.append(each, 0) for each in _chances(k))
    place = np.minimum(np.cumsum(is_allowed, axis=1) - 1, len(is_among) - 1)
    among, last = np.where(is_allowed, is_among[place], 0), np.where(is_allowed, is_last[place], 0)
    # Items that are equally far are one block; forbidden ones are left at weight 0.
    is_new = np.ones((n, width), np.bool_)
    is_new[:, 1:] = distances[:, 1:] != distances[:, :-1]
    block = np.cumsum(is_new.ravel()) - 1
    allowed, crossing = is_allowed.ravel(), (crosses & is_allowed).ravel()

    def of_block(values: Float64Array | BoolArray) -> Float64Array:
        return np.asarray(np.bincount(block, values.ravel()), np.float64)

    size = np.maximum(of_block(allowed), 1)
    n_crossing = of_block(crossing)
    among_mean, last_mean = of_block(among) / size, of_block(last) / size
    first = of_block(np.where(is_new, place, 0))
    within = (of_block(last * place) - first * of_block(last)) / np.maximum(size * (size - 1), 1)
    expected = KEPT * (among_mean[block] * crossing).reshape(n, width).sum(axis=1) / k
    # An item that joins takes the last place from those behind it.
    taken = (last_mean[block] * crossing).reshape(n, width)
    after = taken[:, ::-1].cumsum(axis=1)[:, ::-1].ravel()
    starts = np.flatnonzero(is_new)
    behind = after[starts] - last_mean * n_crossing
    lost = behind[block] + within[block] * (n_crossing[block] - crossing)
    changes = np.where(allowed, among_mean[block] * crossing - KEPT * lost, 0) / k
    return Effects(expected, KEPT * changes.reshape(n, width))


def thinned_deviations(sums: Float64Array, members: Float64Array) -> Float64Array:
    """The change of the overlap rate by each item, scaled so that the squares sum to its variance; shape (n,).

    The jackknife counts the part of the variance that comes from r items jointly r times. This counts it r (2 / 3)^(r -
    1) times: for r up to 4 at least once, and at most 4 / 3 times.

    Parameters
    ----------
    sums
        Shape (2, n): for the lists of the items of each class, the sum of the `Effects` of each item: on its own list,
        and on the lists that contain it.
    members
        Shape (2, n): 1 for the class of each item, 0 for the other one.
    """
    n = members.shape[1]
    sizes = members.sum(axis=1)
    moved = (sums / sizes[:, None]).mean(axis=0)
    moved -= (members * (members @ moved / sizes)[:, None]).sum(axis=0)
    scaled: Float64Array = np.sqrt(n / (n - 1)) * moved
    return scaled
