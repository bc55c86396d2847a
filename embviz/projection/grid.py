"""Pushing all items of a 2-D layout apart by way of a grid: charges onto nodes, a convolution by FFT, forces back."""

import math
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Float64Array
from embviz.projection.compiled import BLOCK
from embviz.projection.grid_kernels import STRETCH, corners, gather, multiply, spread, total

SPACING = 0.5
"""Of the nodes, in units of the layout: the kernel 1 / (1 + d^2) is 1 wide. Pushes err by 4 % in a sparse layout."""

LEAST_ACROSS = 20
"""Nodes across a layout that is still small; then the spacing is finer."""

MOST_NODES = 1000
"""Per axis; a layout that is wider than so many spacings gets a coarser grid."""

ROOM = 1.05
"""How much larger than needed a grid is made, so that it lasts while the layout grows."""

WIDEST = 1e6
"""A layout wider than this has run apart."""

MARGIN = 8
"""Nodes between a convolution and its periodic copies, where the splines' correction rings."""

PARTS = 4
"""Grids that charges are added to side by side; fixed, so that the sum does not depend on the threads."""


@dataclass(frozen=True, eq=False, slots=True)
class _Plan:
    """Transforms of the kernels for grids of one size and spacing."""

    nodes: int
    size: int
    spacing: float
    potential: Float32Array
    forces: Float32Array
    charges: Float32Array
    products: NDArray[np.complex64]
    sums: Float64Array


class GridRepulsion:
    """An approximation whose time grows with the number of items and the area of the layout.

    Particle-mesh convolution as in FIt-SNE (Linderman et al., 2019), with quadratic B-splines for
    interpolation whose smoothing is divided out of the kernel, and the normalization taken from the
    spectrum (Parseval), so that one forward and two inverse transforms suffice. No item pushes
    itself: the force kernel is odd.
    """

    def __init__(self, n: int) -> None:
        self._corners = np.empty((2, -(-n // BLOCK), 2), np.float32)
        self._plan: _Plan | None = None

    def push(self, coords: Float32Array, out: Float32Array) -> float:
        """See `Repulsion`."""
        corners(coords, self._corners)
        low, high = self._corners[0].min(axis=0), self._corners[1].max(axis=0)
        span = float((high - low).max())
        if not span < WIDEST:
            return math.nan
        rounding = float(np.abs(self._corners).max()) * 2.0**-20  # far from 0, nodes must not be finer than float32
        plan = self._plan = self._fitting_plan(max(span, LEAST_ACROSS * rounding))
        nodes, size = plan.nodes, plan.size
        corner = low - np.float32(1.5 * plan.spacing)
        scale = np.float32(1 / plan.spacing)
        spread(coords, corner, scale, plan.charges)
        charge = np.empty((nodes, nodes), np.float32)
        total(plan.charges.reshape(PARTS, -1), charge.reshape(-1))
        # Axis by axis, so that rows known to be zero, or not wanted, are not transformed.
        spectrum = scipy.fft.rfft(charge, size, axis=1, workers=-1)
        spectrum = scipy.fft.fft(spectrum, size, axis=0, workers=-1)
        multiply(spectrum.reshape(-1), plan.potential, plan.forces, plan.products.reshape(2, -1), plan.sums)
        fields = scipy.fft.ifft(plan.products, axis=1, overwrite_x=True, workers=-1)[:, :nodes]
        gather(coords, corner, scale, scipy.fft.irfft(fields, size, axis=2, workers=-1), out)
        return float(plan.sums.sum()) - len(coords)

    def _fitting_plan(self, span: float) -> _Plan:
        finest = span / LEAST_ACROSS
        spacing = SPACING * 2.0 ** min(0, math.ceil(2 * math.log2(max(finest, 1e-30) / SPACING)) / 2)
        spacing = max(spacing, span / (MOST_NODES - 4))
        needed = math.ceil(span / spacing) + 4
        plan = self._plan
        if plan is not None and plan.spacing == spacing and 0.6 * plan.nodes < needed <= plan.nodes:
            return plan
        return _plan(min(int(needed * ROOM) + 2, max(needed, MOST_NODES)), spacing)


def _plan(nodes: int, spacing: float) -> _Plan:
    size = scipy.fft.next_fast_len(2 * nodes + MARGIN, real=True)
    while size % 2:
        size = scipy.fft.next_fast_len(size + 1, real=True)
    nodes = (size - MARGIN) // 2
    half = size // 2
    steps = np.arange(half + 1) * spacing  # kernels are even or odd, so a quarter of each is all of it
    near = 1 / (1 + steps[:, None] ** 2 + steps**2)
    # A quadratic B-spline weighs the nodes around a node 1/8, 3/4, 1/8: once for charges, once for forces.
    smoothing = (0.75 + 0.25 * np.cos(np.pi * np.arange(half + 1) / half)) ** 2
    divisor = smoothing[:, None] * smoothing
    twice = np.full(half + 1, 2.0)  # the half of the spectrum that a real transform leaves out
    twice[[0, -1]] = 1
    potential = scipy.fft.dctn(near, 1, workers=-1) * twice / (divisor * size**2)
    force = np.zeros_like(near)  # times i: the transform of an odd kernel is imaginary
    evenly = scipy.fft.dct(near**2 * steps[:, None], 1, axis=1, workers=-1)
    force[1:half] = -scipy.fft.dst(evenly[1:half], 1, axis=0, workers=-1)
    force /= divisor

    def whole(quarter: Float64Array, sign: int) -> Float32Array:
        return np.concatenate([quarter, sign * quarter[half - 1 : 0 : -1]]).astype(np.float32).reshape(-1)

    return _Plan(
        nodes=nodes,
        size=size,
        spacing=spacing,
        potential=whole(potential, 1),
        forces=np.stack([whole(force, -1), whole(force.T, 1)]),
        charges=np.empty((PARTS, nodes, nodes), np.float32),
        products=np.empty((2, size, half + 1), np.complex64),
        sums=np.empty(-(-size * (half + 1) // STRETCH)),
    )
