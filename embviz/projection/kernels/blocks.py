"""Blocks of items for the threads of a kernel: each thread takes the next block when it is done with one."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import types
from numba.extending import intrinsic

from embviz.arrays import Int64Array
from embviz.projection.kernels.compiled import serial

BLOCK = 64
"""Number of items in a block. It is fixed, so that sums are rounded alike whatever the number of threads."""

LANES = 256
"""Largest number of threads that a kernel can use."""


def _atomic_increment(context: Any, count: Any) -> Any:
    """Code that atomically adds 1 to the only number of an int64 array and returns the number before."""

    def code(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = target.make_array(signature.args[0])(target, builder, value=arguments[0])
        return builder.atomic_rmw("add", array.data, target.get_constant(types.int64, 1), "monotonic")

    return types.int64(count), code


_one_more = cast(Callable[[Int64Array], int], intrinsic(_atomic_increment))


@serial
def none_taken() -> Int64Array:
    """The number of blocks taken so far, 0, as the array that `next_block` counts in."""
    count = np.empty(1, np.int64)
    count[0] = 0
    return count


@serial
def next_block(taken: Int64Array, n: int) -> tuple[int, int]:
    """Begin and end of a block of n items that no other thread takes; it begins at n or beyond if none is left.

    A thread on a slow or busy processor takes fewer blocks; with equal shares, the other threads would wait for it.
    This is not a generator, which would spare each kernel a line, because numba cannot load one from its cache.
    """
    begin = _one_more(taken) * BLOCK
    return begin, min(n, begin + BLOCK)
