"""Repulsion of t-SNE, which pushes every item away from every other: the protocol, and the exact computation."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numba import prange

from embviz.arrays import Float32Array, Float64Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import HALF, ONE, ZERO, kernel

WIDEST = 1e6
"""Extent from which a layout counts as diverging."""


class Repulsion(Protocol):
    """A way to compute how all items of a layout push each other apart."""

    def push(self, coords: Float32Array, out: Float32Array) -> float:
        """Write sum_j (y_i - y_j) / w_ij^((f + 3) / 2) to `out`; return the sum of 1 / w_ij^((f + 1) / 2) over pairs.

        Here w_ij = 1 + d_ij^2 / f, and f, the degrees of freedom, is the number of dimensions minus one: in 3-D
        Student's t-distribution has lighter tails, because there is more room far from an item (van der Maaten,
        2009). The returned sum is NaN or not above 0 if coordinates have grown without limit.
        """


@dataclass(frozen=True, eq=False, slots=True)
class ExactRepulsion:
    """A `Repulsion` summed over every pair, whose time grows with the square of the number of items."""

    sums: Float64Array

    def push(self, coords: Float32Array, out: Float32Array) -> float:
        """Write the pushes and return the sum over all pairs, as `Repulsion.push` defines them."""
        (_push2 if coords.shape[1] == 2 else _push3)(coords, out, self.sums)
        return float(self.sums.sum())


def exact_repulsion(n: int) -> ExactRepulsion:
    """An exact repulsion for a layout of n items."""
    return ExactRepulsion(np.empty(n))


@kernel
def _push2(coords: Float32Array, out: Float32Array, sums: Float64Array) -> None:
    n = len(coords)
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                x, y = coords[i, 0], coords[i, 1]
                total, fx, fy = ZERO, ZERO, ZERO
                for low, high in ((0, i), (i + 1, n)):
                    for j in range(low, high):
                        dx = x - coords[j, 0]
                        dy = y - coords[j, 1]
                        near = ONE / (ONE + dx * dx + dy * dy)
                        total += near
                        fx += near * near * dx
                        fy += near * near * dy
                sums[i] = total
                out[i, 0] = fx
                out[i, 1] = fy
            begin, end = next_block(taken, n)


@kernel
def _push3(coords: Float32Array, out: Float32Array, sums: Float64Array) -> None:
    n = len(coords)
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                x, y, z = coords[i, 0], coords[i, 1], coords[i, 2]
                total, fx, fy, fz = ZERO, ZERO, ZERO, ZERO
                for low, high in ((0, i), (i + 1, n)):
                    for j in range(low, high):
                        dx = x - coords[j, 0]
                        dy = y - coords[j, 1]
                        dz = z - coords[j, 2]
                        near = ONE / (ONE + HALF * (dx * dx + dy * dy + dz * dz))
                        likely = near * np.sqrt(near)
                        total += likely
                        fx += likely * near * dx
                        fy += likely * near * dy
                        fz += likely * near * dz
                sums[i] = total
                out[i, 0] = fx
                out[i, 1] = fy
                out[i, 2] = fz
            begin, end = next_block(taken, n)
