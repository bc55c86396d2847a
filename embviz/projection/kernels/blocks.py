"""How threads share out the items of a kernel: each takes the next block when it is done with one."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import types
from numba.extending import intrinsic

from embviz.arrays import Int64Array
from embviz.projection.kernels.compiled import serial

BLOCK = 64
"""Items that one thread handles in one go. Fixed, so that sums and vector loops end where they always do."""

LANES = 256
"""Threads at most, all of which take one block after the other."""


def _atomic_increment(context: Any, count: Any) -> Any:
    """Add 1 to the only number of an int64 array; what it was before, which no two threads are told alike."""

    def code(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = target.make_array(signature.args[0])(target, builder, value=arguments[0])
        return builder.atomic_rmw("add", array.data, target.get_constant(types.int64, 1), "monotonic")

    return types.int64(count), code


_one_more = cast(Callable[[Int64Array], int], intrinsic(_atomic_increment))


@serial
def none_taken() -> Int64Array:
    """For `next_block`, before any is taken."""
    count = np.empty(1, np.int64)
    count[0] = 0
    return count


@serial
def next_block(taken: Int64Array, n: int) -> tuple[int, int]:
    """Begin and end of a block of n items that no other thread takes; it begins at n or beyond if none is left.

    A thread whose processor is slow, or busy, takes fewer; of shares of equal size it would be the last to end.
    Not a generator, which would spare each kernel a line: numba compiles one, but cannot load it from its cache.
    """
    begin = _one_more(taken) * BLOCK
    return begin, min(n, begin + BLOCK)
