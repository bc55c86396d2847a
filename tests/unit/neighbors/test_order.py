"""The order of neighbors: by distance and, among equal distances, by position, as numpy's lexsort has it."""

import numpy as np
import pytest

from embviz.neighbors.distances import order_of_nearest


@pytest.mark.parametrize("levels", [1, 3, 50, 10**6])
@pytest.mark.parametrize("shape", [(1, 1), (40, 1), (1, 30), (200, 30)])
def test_it_is_that_of_lexsort_whatever_the_ties(shape, levels):
    rng = np.random.default_rng(levels)
    distances = rng.integers(0, levels, shape).astype(np.float32)
    distances[rng.random(shape) < 0.1] = np.inf
    positions = np.argsort(rng.random(shape), axis=1)
    np.testing.assert_array_equal(order_of_nearest(distances, positions), np.lexsort((positions, distances)))
