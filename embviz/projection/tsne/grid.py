"""Repulsion in a 2-D layout by a grid: items' charges are spread to nodes, convolved by an FFT, and read as forces."""

import math
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numba import get_num_threads

from embviz.arrays import Float32Array
from embviz.projection.kernels.blocks import BLOCK
from embviz.projection.tsne.grid_kernels import center, corners, gather, multiply, spread
from embviz.projection.tsne.near import NearPushes, near_kernel
from embviz.projection.tsne.repulsion import WIDEST

SPACING = 2**-1.5
"""Spacing of the nodes of a fine grid, in units of the layout, in which the kernel 1 / (1 + d^2) is about 1 wide."""

COARSE = 1.0
"""Least spacing of a coarse grid, to which near pairs are added: pushes err by 1 %, FFTs take 1/8 of the time."""

REACH = 2.5
"""Distance, in spacings of a coarse grid, up to which near pairs are summed one by one; at 2, pushes err by 2 %."""

FEW = 50
"""Number of near items per item, if items lie evenly, at which pairs take about as long as FFTs; a coarse grid's
spacing is chosen for it."""

PAIRS_PER_NODE = 90
"""Number of near pairs that take as long as one node of a fine grid; with more pairs per node, the grid is fine."""

LEAST_ACROSS = 20
"""Least number of spacings across a layout; for a small layout the spacing is made finer."""

NARROW = 0.05
"""Extent of a layout below which d^2 is so small that pushes are proportional to d."""

MOST_NODES = 1000
"""Largest number of nodes per axis; a layout that is too wide for it gets a wider spacing."""

ROOM = 1.05
"""Factor by which a grid is made larger than needed, so that it can be kept while the layout grows."""

MARGIN = 8
"""Number of nodes between a convolution and its periodic copies, where correcting for the splines causes ripples."""

ALONE = 512
"""Size of an FFT per axis, periodic copies included, up to which one thread is as fast as several that must wake up."""

BEFORE, AROUND = 1.5, 6
"""Spacings from the first node to the first item, and number of nodes that a grid has beyond the layout's spacings."""


@dataclass(frozen=True, eq=False, slots=True)
class _Plan:
    """The constants of a grid of one size and spacing.

    Attributes
    ----------
    nodes, size
        Number of nodes per axis, and size of an FFT per axis, periodic copies included.
    spacing
        Distance between two nodes, in units of the layout.
    quarter
        Transform of the kernel divided by the transform of the splines. A quarter is enough, because it is even
        along both axes.
    near
        Potential of one node's charge at the nodes 0, 1, 2 and 3 away along either axis.
    charges
        Memory for the charges of the nodes.
    """

    nodes: int
    size: int
    spacing: float
    quarter: Float32Array
    near: Float32Array
    charges: Float32Array


class GridRepulsion:
    """A `Repulsion` by a grid, approximate, whose time grows with the number of items and the layout's area.

    It is a particle-mesh convolution as in FIt-SNE (Linderman et al., 2019), with four differences. Cubic
    B-splines interpolate, and their smoothing is divided out of the kernel. Only the potential, the
    sum of 1 / (1 + d^2), is computed at the nodes; pushes are its gradient, as in smooth particle-mesh
    Ewald summation (Essmann et al., 1995), without the push of each item on itself (Ballenegger et
    al., 2011). The normalization is taken from the spectrum (Parseval). So one transform and one
    inverse suffice. Where items lie sparsely, a coarse grid carries only the smooth part of the kernel,
    and `NearPushes` adds its sharp peak.
    """

    def __init__(self, n: int) -> None:
        self._corners = np.empty((2, 2), np.float32)
        self._own = np.empty(-(-n // BLOCK))
        self._near = NearPushes(n)
        self._plans: dict[bool, _Plan] = {}

    def push(self, coords: Float32Array, out: Float32Array) -> float:
        """Write the pushes and return the sum over all pairs, as `Repulsion.push` defines them."""
        corners(coords, self._corners)
        low, high = self._corners
        span = float((high - low).max())
        if not span < WIDEST:
            return math.nan
        if span < NARROW:
            return _narrow_push(coords, out)
        rounding = float(np.abs(self._corners).max()) * 2.0**-20  # the spacing must not be finer than float32 resolves
        coarse = self._coarse_spacing(coords, low, span)
        plan = self._fitting_plan(max(span, LEAST_ACROSS * rounding), coarse)
        nodes, size = plan.nodes, plan.size
        corner = low - np.float32(BEFORE * plan.spacing)
        scale = np.float32(1 / plan.spacing)
        spread(coords, corner, scale, plan.charges)
        workers = get_num_threads() if size > ALONE else 1
        # One axis after the other, so that rows that are zero, or not needed, are not transformed.
        spectrum = scipy.fft.rfft(plan.charges, size, axis=1, workers=workers)
        spectrum = scipy.fft.fft(spectrum, size, axis=0, overwrite_x=True, workers=workers)
        pairs = multiply(spectrum, plan.quarter) / size**2
        spectrum = scipy.fft.ifft(spectrum, axis=0, overwrite_x=True, workers=workers)
        potential = scipy.fft.irfft(spectrum[:nodes], size, axis=1, workers=workers)
        gather(coords, corner, scale, potential, plan.near, out, self._own)
        pairs -= float(self._own.sum())
        if coarse is not None:
            pairs += self._near.add(out)
        center(out)
        return pairs

    def _coarse_spacing(self, coords: Float32Array, low: Float32Array, span: float) -> float | None:
        """The spacing of a coarse grid, after items were sorted for it; None where a fine grid is faster."""
        n = len(coords)
        widest = span / LEAST_ACROSS
        most_pairs = PAIRS_PER_NODE * min(span / SPACING, MOST_NODES) ** 2
        if widest < COARSE or (n * 3 * REACH * COARSE / span) ** 2 > most_pairs:  # too many even if they lie evenly
            return None
        evenly = span / (3 * REACH) * math.sqrt(FEW / n)
        for power in range(_power(max(min(widest, evenly), COARSE) / COARSE), -1, -1):
            spacing = COARSE * 2 ** (power / 2)
            if span / spacing > MOST_NODES - AROUND:
                break
            if self._near.sort(coords, low, span, REACH * spacing) <= most_pairs:
                return spacing
        return None

    def _fitting_plan(self, span: float, coarse: float | None) -> _Plan:
        least = max(min(SPACING, span / LEAST_ACROSS), span / (MOST_NODES - AROUND))
        spacing = coarse or SPACING * 2 ** (-_power(SPACING / least) / 2)
        needed = math.ceil(span / spacing) + AROUND
        plan = self._plans.get(coarse is None)
        if plan is None or plan.spacing != spacing or not 0.6 * plan.nodes < needed <= plan.nodes:
            nodes = min(int(needed * ROOM) + 2, max(needed, MOST_NODES))
            plan = self._plans[coarse is None] = _plan(nodes, spacing, None if coarse is None else REACH * coarse)
        return plan


def _power(ratio: float) -> int:
    """The power of the square root of 2 that is at most `ratio`.

    Spacings differ by such powers only, so that a grid can be kept while the layout grows.
    """
    return math.floor(2 * math.log2(ratio))


def _narrow_push(coords: Float32Array, out: Float32Array) -> float:
    """Write the pushes and return the sum over all pairs for a layout so narrow that 1 / (1 + d^2) is about 1 - d^2."""
    n = len(coords)
    middle = coords.mean(axis=0, dtype=np.float64).astype(np.float32)
    np.subtract(coords, middle, out=out)
    squares = float(np.square(out).sum(dtype=np.float64))
    out *= np.float32(n)
    return n * (n - 1) - 2 * n * squares


def _plan(nodes: int, spacing: float, reach: float | None) -> _Plan:
    """The plan of a grid that carries the whole kernel or, given `reach`, the kernel without its near part."""
    size = scipy.fft.next_fast_len(2 * nodes + MARGIN, real=True)
    while size % 2:
        size = scipy.fft.next_fast_len(size + 1, real=True)
    nodes = (size - MARGIN) // 2
    half = size // 2
    squares = (np.arange(half + 1) * spacing) ** 2
    squares = squares[:, None] + squares
    values = 1 / (1 + squares) - (near_kernel(squares, reach) if reach else 0)
    angles = np.pi * np.arange(half + 1) / half
    # A cubic B-spline weighs the nodes around a node 1/6, 2/3, 1/6: once for charges, once for the potential.
    smoothing = ((2 + np.cos(angles)) / 3) ** 2
    quarter = scipy.fft.dctn(values, 1, workers=get_num_threads()) / (smoothing[:, None] * smoothing)
    waves = np.cos(angles * np.arange(4)[:, None]) * np.r_[1, np.full(half - 1, 2), 1] / size
    return _Plan(
        nodes=nodes,
        size=size,
        spacing=spacing,
        quarter=quarter.astype(np.float32),
        near=(waves @ quarter @ waves.T).astype(np.float32),
        charges=np.empty((nodes, nodes), np.float32),
    )
