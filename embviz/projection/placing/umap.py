"""Place items into a UMAP layout by epochs of UMAP in which the laid-out items do not move."""

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int32Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import ONE, ZERO, kernel, one_at_a_time, serial
from embviz.projection.placing.crowd import in_three
from embviz.projection.specs import Umap
from embviz.projection.umap.fuzzy import memberships
from embviz.projection.umap.kernels import (
    NEGATIVES,
    clamped,
    is_due,
    move_at,
    move_coefficients,
    random_item,
    stream_of,
)
from embviz.projection.umap.umap import curve

EPOCHS = 100
"""Passes over an item's edges; with 200, no more of its neighbors in the layout have its label."""

LEARNING_RATE = 0.25
"""Step size at the start, as in umap-learn's `transform`; it falls to 0 at the end."""


class UmapGround(NamedTuple):
    """A UMAP layout, ready for items to be placed in it.

    Attributes
    ----------
    coords
        float32, shape (n, 3): the laid-out items; the third coordinate is 0 in 2-D.
    coefficients
        `move_coefficients` of the spec.
    a, b
        Parameters of UMAP's curve, see `curve`.
    seed
        Seed of the spec.
    """

    coords: Float32Array
    coefficients: Float32Array
    a: np.float32
    b: np.float32
    seed: np.uint64


def umap_ground(coords: Float32Array, spec: Umap) -> UmapGround:
    """A layout, float32 of shape (n, 2 or 3), prepared for `placed_by_umap`."""
    a, b = curve(spec.min_dist, spec.spread)
    return UmapGround(in_three(coords), move_coefficients(a, b), np.float32(a), np.float32(b), np.uint64(spec.seed))


def placed_by_umap(
    ground: UmapGround, spec: Umap, indices: Int32Array, distances: Float32Array, keys: NDArray[np.uint64]
) -> Float32Array:
    """Coordinates of placed items, float32, shape (m, 2 or 3), given their nearest laid-out items and their keys.

    Parameters
    ----------
    ground
        The layout.
    spec
        Spec of the layout.
    indices, distances
        int32 and float32, shape (m, k): the laid-out items that `neighbors_needed` asks for, and how far they are.
    keys
        uint64, shape (m,): a number for each item, from which its random numbers follow, with the seed.
    """
    weights = np.empty(distances.shape, np.float32)
    out = np.empty((len(indices), 3), np.float32)
    with one_at_a_time:
        memberships(distances, weights)
        _settle(indices, weights, keys, ground, out)
    return np.ascontiguousarray(out[:, : spec.n_components])


@serial
def _start(near: Int32Array, weights: Float32Array, ground: UmapGround) -> int:
    """The one of the nearest laid-out items at whose place the cross-entropy of the attraction is least."""
    coords = ground.coords
    best, least = int(near[0]), np.float32(np.inf)
    for candidate in range(len(near)):
        at = int(near[candidate])
        total = ZERO
        for entry in range(len(near)):
            j = np.int64(near[entry])
            dx, dy, dz = coords[at, 0] - coords[j, 0], coords[at, 1] - coords[j, 1], coords[at, 2] - coords[j, 2]
            total += weights[entry] * np.log(ONE + ground.a * (dx * dx + dy * dy + dz * dz) ** ground.b)
        if total < least:
            best, least = at, total
    return best


@serial
def _settled(near: Int32Array, weights: Float32Array, key: np.uint64, ground: UmapGround, out: Float32Array) -> None:
    """Write an item's position after `EPOCHS` epochs to `out`; they are as in `epoch2`, but no other item moves."""
    coords, pull, push = ground.coords, ground.coefficients[0], ground.coefficients[1]
    start = _start(near, weights, ground)
    x, y, z = coords[start, 0], coords[start, 1], coords[start, 2]
    n = len(coords)
    for epoch in range(EPOCHS):
        step = np.float32(LEARNING_RATE * (1 - epoch / EPOCHS))
        stream, draw = stream_of(ground.seed, epoch, key), 0
        for entry in range(len(near)):
            if not is_due(weights[entry], epoch):
                continue
            j = np.int64(near[entry])
            dx, dy, dz = x - coords[j, 0], y - coords[j, 1], z - coords[j, 2]
            by = move_at(pull, dx * dx + dy * dy + dz * dz)
            x += step * clamped(by * dx)
            y += step * clamped(by * dy)
            z += step * clamped(by * dz)
            mx, my, mz = ZERO, ZERO, ZERO
            for _ in range(NEGATIVES):
                other = random_item(stream, draw, n)
                draw += 1
                dx, dy, dz = x - coords[other, 0], y - coords[other, 1], z - coords[other, 2]
                by = move_at(push, dx * dx + dy * dy + dz * dz)
                mx += clamped(by * dx)
                my += clamped(by * dy)
                mz += clamped(by * dz)
            x += step * mx
            y += step * my
            z += step * mz
    out[0], out[1], out[2] = x, y, z


@kernel
def _settle(
    indices: Int32Array,
    weights: Float32Array,
    keys: NDArray[np.uint64],
    given: UmapGround,
    out: Float32Array,
) -> None:
    n = len(indices)
    coords, coefficients, a, b, seed = given  # unpacked here: numba passes no tuples to threads
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                ground = UmapGround(coords, coefficients, a, b, seed)
                _settled(indices[i], weights[i], keys[i], ground, out[i])
            begin, end = next_block(taken, n)
