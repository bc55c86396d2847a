"""Place items into a t-SNE layout by descending the objective of t-SNE, while the laid-out items do not move.

If one item is added to a layout of n, the part of the Kullback-Leibler divergence that its position changes is, up to
terms of 1 / n, 1 / n times the sum over its neighbors of P log w^((f + 1) / 2), plus the sum of all kernels at its
position divided by the mean of that sum over the laid-out items. The conditional probabilities of the added item stand
for both directions, because the laid-out items do not list it as a neighbor.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from embviz.arrays import Float32Array, Int32Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import HALF, ONE, ZERO, kernel, one_at_a_time, serial
from embviz.projection.placing.crowd import Crowd, crowd_of, in_three, press_at, presses
from embviz.projection.specs import Tsne
from embviz.projection.tsne.affinities import conditional_probabilities

STARTS = 15
"""Number of nearest laid-out items among which a placed item's start is chosen: the one with the least objective."""

STEPS = 60
"""Largest number of evaluations of the objective for an item; 5 of 10,000 digits had not converged after so many."""

NEAR_ENOUGH = np.float32(1e-3)
"""Step length below which an item has converged, as a share of the kernel's width, or of the layout's if narrower."""

LEAST_PRESSED = 1e-6
"""Lower bound of the mean sum of kernels; with less, a layout is so wide that its items hardly repel each other."""


class TsneGround(NamedTuple):
    """A t-SNE layout, ready for items to be placed in it.

    Attributes
    ----------
    coords
        float32, shape (n, 3): the laid-out items; the third coordinate is 0 in 2-D.
    crowd
        The tree of the laid-out items.
    pressed
        float32, shape (n,): the sum of all kernels at each laid-out item.
    share
        Factor on repulsion: 1 divided by the mean sum of the other items' kernels at a laid-out item.
    width
        Extent of the layout along its widest axis, which also limits the length of a step.
    """

    coords: Float32Array
    crowd: Crowd
    pressed: Float32Array
    share: np.float32
    width: np.float32


def tsne_ground(coords: Float32Array) -> TsneGround:
    """A layout, float32 of shape (n, 2 or 3), prepared for `placed_by_tsne`."""
    places = in_three(coords)
    pressed = np.empty(len(coords))
    with one_at_a_time:
        crowd = crowd_of(coords)
        presses(places, crowd, pressed)
    share = 1 / max(float((pressed - 1).mean()), LEAST_PRESSED)
    width = np.float32(np.ptp(coords, axis=0).max())
    return TsneGround(places, crowd, pressed.astype(np.float32), np.float32(share), width)


def placed_by_tsne(ground: TsneGround, spec: Tsne, indices: Int32Array, distances: Float32Array) -> Float32Array:
    """Coordinates of placed items, float32, shape (m, 2 or 3), given their nearest laid-out items.

    Parameters
    ----------
    ground
        The layout.
    spec
        Spec of the layout.
    indices, distances
        int32 and float32, shape (m, k): the laid-out items that `neighbors_needed` asks for, and how far they are.
    """
    weights = np.empty(distances.shape, np.float32)
    out = np.empty((len(indices), 3), np.float32)
    with one_at_a_time:
        conditional_probabilities(distances, np.log(spec.perplexity), weights)
        _settle(indices, weights, ground, out)
    return np.ascontiguousarray(out[:, : spec.n_components])


@serial
def _start(near: Int32Array, weights: Float32Array, ground: TsneGround) -> int:
    """The one of the nearest laid-out items where the objective is least; it has local minima between their places."""
    coords, spread = ground.coords, ground.crowd.spread
    heaviness = HALF / spread + HALF
    best, least = int(near[0]), np.float32(np.inf)
    for candidate in range(min(STARTS, len(near))):
        at = int(near[candidate])
        total = ZERO
        for entry in range(len(near)):
            j = np.int64(near[entry])
            dx, dy, dz = coords[at, 0] - coords[j, 0], coords[at, 1] - coords[j, 1], coords[at, 2] - coords[j, 2]
            total += weights[entry] * np.log(ONE + spread * (dx * dx + dy * dy + dz * dz))
        value = heaviness * total + ground.share * ground.pressed[at]
        if value < least:
            best, least = at, value
    return best


@serial
def _settled(near: Int32Array, weights: Float32Array, ground: TsneGround, out: Float32Array) -> None:
    """Write the position of an item to `out`: the best one found by descending its objective from `_start`.

    A step leads to the minimum of an approximation, in which a parabola bounds the attraction from above and repulsion
    is the same everywhere. The step is halved if the objective would rise.
    """
    coords, spread = ground.coords, ground.crowd.spread
    heaviness = HALF / spread + HALF
    start = _start(near, weights, ground)
    x, y, z = coords[start, 0], coords[start, 1], coords[start, 2]
    out[0], out[1], out[2] = x, y, z
    arrived = NEAR_ENOUGH * min(ground.width, ONE)
    least, pace = np.float32(np.inf), ONE
    sx, sy, sz = ZERO, ZERO, ZERO
    for _ in range(STEPS):
        total, held, px, py, pz = ZERO, ZERO, ZERO, ZERO, ZERO
        for entry in range(len(near)):
            j = np.int64(near[entry])
            dx, dy, dz = x - coords[j, 0], y - coords[j, 1], z - coords[j, 2]
            w = ONE + spread * (dx * dx + dy * dy + dz * dz)
            pull = weights[entry] / w
            total += weights[entry] * np.log(w)
            held += pull
            px, py, pz = px + pull * dx, py + pull * dy, pz + pull * dz
        pressed, fx, fy, fz = press_at(x, y, z, ground.crowd)
        value = heaviness * total + ground.share * pressed
        if value < least:
            least = value
            out[0], out[1], out[2] = x, y, z
            sx, sy, sz = ground.share * fx - px, ground.share * fy - py, ground.share * fz - pz
            long = np.sqrt(sx * sx + sy * sy + sz * sz)
            scale = ground.width / long if long > ground.width * held else ONE / held
            sx, sy, sz = sx * scale, sy * scale, sz * scale
            pace = min(ONE, pace + pace)
        else:
            pace *= HALF
        if pace * pace * (sx * sx + sy * sy + sz * sz) < arrived * arrived:
            return
        x, y, z = out[0] + pace * sx, out[1] + pace * sy, out[2] + pace * sz


@kernel
def _settle(indices: Int32Array, weights: Float32Array, ground: TsneGround, out: Float32Array) -> None:
    n = len(indices)
    coords, (points, nodes, spread), pressed, share, width = ground  # unpacked here: numba passes no tuples to threads
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                crowd = Crowd(points, nodes, spread)
                _settled(indices[i], weights[i], TsneGround(coords, crowd, pressed, share, width), out[i])
            begin, end = next_block(taken, n)
