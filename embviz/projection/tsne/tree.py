"""Repulsion in a 3-D layout by a tree of groups of items; a group that is far away counts as one item."""

import math

import numpy as np
from numba import prange

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import HALF, ONE, ZERO, kernel, serial
from embviz.projection.kernels.z_order import z_order
from embviz.projection.tsne.repulsion import WIDEST

LEAF = 16
"""Number of items in a leaf, which all get the pushes of the same groups; it divides the size of a block of items."""

OPENING = np.float32(0.7)
"""Ratio of a group's width to its center's distance from a leaf's box, below which the group counts as one item."""

HELD = 512
"""Number of groups and items that are collected before their pushes on a leaf are computed together."""


class TreeRepulsion:
    """A `Repulsion` by a tree, approximate, whose time grows as n log n, however wide the layout is.

    The algorithm is that of Barnes and Hut (1986) over a balanced binary tree of the items along a
    space-filling curve, evaluated for a leaf at a time (Barnes, 1990). A grid is faster in two dimensions,
    but a layout in three dimensions is so wide that nearly all of a grid would be empty.
    """

    def __init__(self, n: int) -> None:
        self._leaves = -(-n // LEAF)
        self._width = 2 ** math.ceil(math.log2(self._leaves)) if self._leaves > 1 else 1
        self._points = np.empty((3, n), np.float32)
        self._nodes = np.zeros((2 * self._width, 10), np.float32)
        self._sums = np.empty(n)

    def push(self, coords: Float32Array, out: Float32Array) -> float:
        """Write the pushes and return the sum over all pairs, as `Repulsion.push` defines them."""
        if not np.ptp(coords, axis=0).max() < WIDEST:
            return math.nan
        order = z_order(coords)
        fill_leaves(coords, order, self._points, self._nodes[self._width :])
        fill_branches(self._nodes)
        _push(self._points, order, self._nodes, out, self._sums)
        return float(self._sums.sum())


# A node holds its mass, its center (3), its low corner (3) and its high corner (3).


@kernel
def fill_leaves(coords: Float32Array, order: Int64Array, points: Float32Array, nodes: Float32Array) -> None:
    """Copy the items to `points` in the order of the curve, and fill each leaf's node in from its items."""
    n = len(coords)
    for leaf in prange((n + LEAF - 1) // LEAF):
        begin, end = leaf * LEAF, min(n, (leaf + 1) * LEAF)
        node = nodes[leaf]
        node[0] = np.float32(end - begin)
        for axis in range(3):
            low = high = coords[order[begin], axis]
            total = ZERO
            for place in range(begin, end):
                value = coords[order[place], axis]
                points[axis, place] = value
                total += value
                low = min(low, value)
                high = max(high, value)
            node[1 + axis] = total / node[0]
            node[4 + axis] = low
            node[7 + axis] = high


@serial
def fill_branches(nodes: Float32Array) -> None:
    """Fill every node in from the two nodes below it, from the leaves up to the root, which is node 1."""
    for at in range(len(nodes) // 2 - 1, 0, -1):
        node, left, right = nodes[at], nodes[2 * at], nodes[2 * at + 1]
        node[0] = left[0] + right[0]
        if right[0] == ZERO:  # empty leaves are all on the right
            node[:] = left
            continue
        for axis in range(3):
            node[1 + axis] = (left[0] * left[1 + axis] + right[0] * right[1 + axis]) / node[0]
            node[4 + axis] = min(left[4 + axis], right[4 + axis])
            node[7 + axis] = max(left[7 + axis], right[7 + axis])


@serial
def _is_far(node: Float32Array, leaf: Float32Array) -> bool:
    width, square, apart = ZERO, ZERO, False
    for axis in range(3):
        apart |= node[4 + axis] > leaf[7 + axis] or node[7 + axis] < leaf[4 + axis]  # boxes that meet may share items
        width = max(width, node[7 + axis] - node[4 + axis])
        outside = max(ZERO, leaf[4 + axis] - node[1 + axis], node[1 + axis] - leaf[7 + axis])
        square += outside * outside
    return bool(apart and width * width < OPENING * OPENING * square)


@serial
def _apply(
    held: Float32Array,
    count: int,
    points: Float32Array,
    begin: int,
    end: int,
    forces: Float32Array,
    totals: Float32Array,
) -> None:
    """Add the pushes of `count` collected groups on the items of a leaf to `forces`, and their kernels to `totals`."""
    for place in range(begin, end):
        x, y, z = points[0, place], points[1, place], points[2, place]
        total, fx, fy, fz = ZERO, ZERO, ZERO, ZERO
        for other in range(count):
            dx = x - held[1, other]
            dy = y - held[2, other]
            dz = z - held[3, other]
            near = ONE / (ONE + HALF * (dx * dx + dy * dy + dz * dz))
            mass = held[0, other] * near * np.sqrt(near)
            total += mass
            mass *= near
            fx += mass * dx
            fy += mass * dy
            fz += mass * dz
        totals[place - begin] += total
        forces[0, place - begin] += fx
        forces[1, place - begin] += fy
        forces[2, place - begin] += fz


@kernel
def _push(points: Float32Array, order: Int64Array, nodes: Float32Array, out: Float32Array, sums: Float64Array) -> None:
    n = points.shape[1]
    width = len(nodes) // 2
    taken = none_taken()
    for _lane in prange(LANES):
        first, last = next_block(taken, n)
        while first < n:
            for leaf in range(first // LEAF, (last + LEAF - 1) // LEAF):
                begin, end = leaf * LEAF, min(n, (leaf + 1) * LEAF)
                own = nodes[width + leaf]
                held = np.empty((4, HELD + LEAF), np.float32)
                forces = np.zeros((3, LEAF), np.float32)
                totals = np.zeros(LEAF, np.float32)
                stack = np.empty(64, np.int64)
                stack[0] = 1
                depth, count = 1, 0
                while depth > 0:
                    depth -= 1
                    at = stack[depth]
                    if _is_far(nodes[at], own):
                        for part in range(4):
                            held[part, count] = nodes[at, part]
                        count += 1
                    elif at >= width:
                        for place in range((at - width) * LEAF, min(n, (at - width + 1) * LEAF)):
                            held[0, count] = ONE
                            for axis in range(3):
                                held[1 + axis, count] = points[axis, place]
                            count += 1
                    else:
                        if nodes[2 * at + 1, 0] > ZERO:
                            stack[depth] = 2 * at + 1
                            depth += 1
                        stack[depth] = 2 * at
                        depth += 1
                    if count >= HELD:
                        _apply(held, count, points, begin, end, forces, totals)
                        count = 0
                _apply(held, count, points, begin, end, forces, totals)
                for place in range(begin, end):
                    i = order[place]
                    sums[i] = totals[place - begin] - ONE  # without the kernel of the item with itself
                    for axis in range(3):
                        out[i, axis] = forces[axis, place - begin]
            first, last = next_block(taken, n)
