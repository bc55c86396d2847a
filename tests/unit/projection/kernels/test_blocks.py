"""Blocks of a kernel: threads together take every item exactly once, however fast each of them is."""

import numba
import numpy as np
import pytest

from embviz.projection.kernels.blocks import BLOCK, LANES, next_block, none_taken
from embviz.projection.kernels.compiled import kernel, one_at_a_time

ROUNDS = 200
"""Number of repetitions, so many that two threads would take the same block at times if they did not take turns."""


@kernel
def count_visits(visits, blocks):
    n = len(visits)
    taken = none_taken()
    for _lane in numba.prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                visits[i] += 1
            blocks[begin // BLOCK] += end - begin
            begin, end = next_block(taken, n)


@pytest.mark.parametrize("n", [1, BLOCK, BLOCK + 1, 100 * BLOCK, 1_000 * BLOCK + 5])
@pytest.mark.parametrize("threads", [1, 2])
def test_every_item_is_in_one_block_that_one_thread_takes(n, threads):
    visits, blocks = np.zeros(n, np.int64), np.zeros(-(-n // BLOCK), np.int64)
    before = numba.get_num_threads()
    with one_at_a_time:
        numba.set_num_threads(min(threads, before))
        try:
            for _ in range(ROUNDS):
                count_visits(visits, blocks)
        finally:
            numba.set_num_threads(before)
    assert (visits == ROUNDS).all()
    np.testing.assert_array_equal(blocks, ROUNDS * np.diff(np.append(np.arange(0, n, BLOCK), n)))
