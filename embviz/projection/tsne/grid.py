"""Pushing all items of a 2-D layout apart by way of a grid: charges onto nodes, a convolution by FFT, forces back."""

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
"""Of the nodes, in units of the layout, where items are crowded: the kernel 1 / (1 + d^2) is 1 wide."""

COARSE = 1.0
"""Least spacing where near items are looked at pair by pair: pushes err by 1 %, and the transforms take an eighth."""

REACH = 2.5
"""Spacings within which they are; with 2, pushes err by 2 %."""

FEW = 50
"""Others that an item is to meet where items lie evenly: then pairs take about as long as transforms."""

PAIRS_PER_NODE = 90
"""That take as long as a node of a fine grid: where more pairs than that would meet, the grid is fine instead."""

LEAST_ACROSS = 20
"""Nodes across a layout that is still small; then the spacing is finer."""

NARROW = 0.05
"""Width of a layout in which d^2 is so small that pushes grow in proportion to d."""

MOST_NODES = 1000
"""Per axis; a layout that is wider than so many spacings gets a coarser grid."""

ROOM = 1.05
"""How much larger than needed a grid is made, so that it lasts while the layout grows."""

MARGIN = 8
"""Nodes between a convolution and its periodic copies, where the splines' correction rings."""

ALONE = 512
"""Nodes per axis, periodic copies included, up to which one thread transforms as fast as several that must wake up."""

BEFORE, AROUND = 1.5, 6
"""Spacings between the first node and the first item, and nodes that a grid has more than the layout has spacings."""


@dataclass(frozen=True, eq=False, slots=True)
class _Plan:
    """What does not change as long as the grid is as large and as fine.

    Attributes
    ----------
    quarter
        Transform of the kernel, divided by that of the splines; even along both axes, so a quarter is all.
    near
        Potential of a node's charge at the nodes 0, 1, 2 and 3 away along either axis.
    charges
        Room for them, node by node.
    """

    nodes: int
    size: int
    spacing: float
    quarter: Float32Array
    near: Float32Array
    charges: Float32Array


class GridRepulsion:
    """An approximation whose time grows with the number of items and the area of the layout.

    Particle-mesh convolution as in FIt-SNE (Linderman et al., 2019), with four differences. Cubic
    B-splines interpolate, and their smoothing is divided out of the kernel. Only the potential, the
    sum of 1 / (1 + d^2), is computed at the nodes; pushes are its gradient, as in smooth particle-mesh
    Ewald summation (Essmann et al., 1995), without the push of each item on itself (Ballenegger et
    al., 2011). The normalization is taken from the spectrum (Parseval). So one transform and one
    inverse suffice. Where items lie so sparsely that the kernel's peak matters, the grid carries only
    the smooth rest of the kernel, and `NearPushes` adds the peak.
    """

    def __init__(self, n: int) -> None:
        self._corners = np.empty((2, 2), np.float32)
        self._own = np.empty(-(-n // BLOCK))
        self._near = NearPushes(n)
        self._plans: dict[bool, _Plan] = {}

    def push(self, coords: Float32Array, out: Float32Array) -> float:
        """See `Repulsion`."""
        corners(coords, self._corners)
        low, high = self._corners
        span = float((high - low).max())
        if not span < WIDEST:
            return math.nan
        if span < NARROW:
            return _narrow_push(coords, out)
        rounding = float(np.abs(self._corners).max()) * 2.0**-20  # far from 0, nodes must not be finer than float32
        coarse = self._coarse_spacing(coords, low, span)
        plan = self._fitting_plan(max(span, LEAST_ACROSS * rounding), coarse)
        nodes, size = plan.nodes, plan.size
        corner = low - np.float32(BEFORE * plan.spacing)
        scale = np.float32(1 / plan.spacing)
        spread(coords, corner, scale, plan.charges)
        workers = get_num_threads() if size > ALONE else 1
        # Axis by axis, so that rows known to be zero, or not wanted, are not transformed.
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
        """That of the grid if near items are to be looked at pair by pair, for which they are sorted then."""
        n = len(coords)
        widest = span / LEAST_ACROSS
        most_pairs = PAIRS_PER_NODE * min(span / SPACING, MOST_NODES) ** 2
        if widest < COARSE or (n * 3 * REACH * COARSE / span) ** 2 > most_pairs:  # even if items lie evenly
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
    """Of the root of 2, rounded down: spacings differ by it, so that a grid lasts while the layout grows."""
    return math.floor(2 * math.log2(ratio))


def _narrow_push(coords: Float32Array, out: Float32Array) -> float:
    """All pushes in a layout so narrow that 1 / (1 + d^2) is 1 - d^2."""
    n = len(coords)
    middle = coords.mean(axis=0, dtype=np.float64).astype(np.float32)
    np.subtract(coords, middle, out=out)
    squares = float(np.square(out).sum(dtype=np.float64))
    out *= np.float32(n)
    return n * (n - 1) - 2 * n * squares


def _plan(nodes: int, spacing: float, reach: float | None) -> _Plan:
    """For the whole kernel, or for what its near part leaves."""
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
