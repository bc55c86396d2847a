"""Repulsion of placed items by the items of a finished t-SNE layout, summed over a tree of the laid-out items."""

import math
from typing import NamedTuple

import numpy as np
from numba import prange

from embviz.arrays import Float32Array, Float64Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import ONE, ZERO, kernel, serial
from embviz.projection.kernels.z_order import z_order
from embviz.projection.tsne.tree import LEAF, fill_branches, fill_leaves

OPENING = np.float32(0.5)
"""Ratio of a group's width to the distance of its center, below which the group counts as one item."""


class Crowd(NamedTuple):
    """The items of a layout as a tree, over which their repulsion at any position is summed (Barnes and Hut, 1986).

    Attributes
    ----------
    points
        float32, shape (3, n): the items along a space-filling curve; the third coordinate is 0 in 2-D.
    nodes
        float32, shape (2 * width, 10): mass, center, low and high corner of each group; width is a power of 2, at least
        the number of leaves.
    spread
        1 divided by the degrees of freedom of Student's distribution: 1 in 2-D, 0.5 in 3-D.
    """

    points: Float32Array
    nodes: Float32Array
    spread: np.float32


def crowd_of(coords: Float32Array) -> Crowd:
    """The tree of a layout, float32 of shape (n, 2 or 3)."""
    n, dims = coords.shape
    leaves = -(-n // LEAF)
    width = 2 ** math.ceil(math.log2(leaves)) if leaves > 1 else 1
    crowd = Crowd(np.empty((3, n), np.float32), np.zeros((2 * width, 10), np.float32), np.float32(1 / (dims - 1)))
    places = in_three(coords)
    fill_leaves(places, z_order(places), crowd.points, crowd.nodes[width:])
    fill_branches(crowd.nodes)
    return crowd


def in_three(coords: Float32Array) -> Float32Array:
    """The coordinates in 3-D: those in 2-D get a third one, which is 0."""
    missing = 3 - coords.shape[1]
    return np.ascontiguousarray(np.pad(coords, ((0, 0), (0, missing))))


Press = tuple[np.float32, np.float32, np.float32, np.float32]
"""The sum of all items' kernels at a position, and the sum of their repulsion there along x, y and z."""


@serial
def press_at(x: np.float32, y: np.float32, z: np.float32, crowd: Crowd) -> Press:
    """Sums over all items of 1 / w^((f + 1) / 2) and of (position - item) / w^((f + 3) / 2), approximately.

    Here w = 1 + distance^2 / f, and f are the degrees of freedom; groups of items that are far away count as one item.
    """
    points, nodes, spread = crowd
    n, width = points.shape[1], len(nodes) // 2
    total, fx, fy, fz = ZERO, ZERO, ZERO, ZERO
    stack = np.empty(64, np.int64)
    stack[0], depth = 1, 1
    while depth > 0:
        depth -= 1
        at = stack[depth]
        node = nodes[at]
        dx, dy, dz = x - node[1], y - node[2], z - node[3]
        square = dx * dx + dy * dy + dz * dz
        across = max(node[7] - node[4], node[8] - node[5], node[9] - node[6])
        if across * across < OPENING * OPENING * square:
            near = ONE / (ONE + spread * square)
            likely = node[0] * (near if spread == ONE else near * np.sqrt(near))
            total += likely
            likely *= near
            fx, fy, fz = fx + likely * dx, fy + likely * dy, fz + likely * dz
        elif at >= width:
            begin = (at - width) * LEAF
            for place in range(begin, min(n, begin + LEAF)):
                dx, dy, dz = x - points[0, place], y - points[1, place], z - points[2, place]
                near = ONE / (ONE + spread * (dx * dx + dy * dy + dz * dz))
                likely = near if spread == ONE else near * np.sqrt(near)
                total += likely
                likely *= near
                fx, fy, fz = fx + likely * dx, fy + likely * dy, fz + likely * dz
        else:
            if nodes[2 * at + 1, 0] > ZERO:
                stack[depth] = 2 * at + 1
                depth += 1
            stack[depth] = 2 * at
            depth += 1
    return total, fx, fy, fz


@kernel
def presses(coords: Float32Array, crowd: Crowd, out: Float64Array) -> None:
    """Write the sum of all items' kernels at each position to `out`; at an item, it includes that item's kernel, 1."""
    n = len(coords)
    points, nodes, spread = crowd  # unpacked here, because numba passes no tuples to threads
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                out[i] = press_at(coords[i, 0], coords[i, 1], coords[i, 2], Crowd(points, nodes, spread))[0]
            begin, end = next_block(taken, n)
