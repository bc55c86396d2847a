"""Numbers that look random, made of ids: the same for the same id, whatever the order and the number of items."""

import numpy as np
import numpy.typing as npt

from embviz.arrays import Int64Array

UInt64Array = npt.NDArray[np.uint64]

_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""Constants of the generator SplitMix64 (Steele, Lea and Flood, 2014)."""


def mixed(ids: Int64Array | UInt64Array) -> UInt64Array:
    """A number for each id, uint64, by SplitMix64; different ids have different numbers.

    Examples
    --------
    >>> len(set(mixed(np.arange(1000)).tolist())), mixed(np.arange(2)).tolist() == mixed(np.arange(2)).tolist()
    (1000, True)
    """
    number = ids.astype(np.uint64) + np.uint64(_MIX[0])
    for shift, factor in ((30, _MIX[1]), (27, _MIX[2])):
        number = (number ^ (number >> np.uint64(shift))) * np.uint64(factor)
    return number ^ (number >> np.uint64(31))
