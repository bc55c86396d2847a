"""How a layout is shaken, so that it settles anew."""

import numpy as np

from embviz.arrays import Float32Array

SHAKE = 0.05
"""Standard deviation of a perturbation, as a share of the layout's own."""


def perturbed(coords: Float32Array, seed: int, nth: int) -> Float32Array:
    """The layout with every item moved a little, at random but by the seed; `nth` counts the times it was done.

    Examples
    --------
    >>> perturbed(np.ones((3, 2), np.float32), 0, 1).tolist()  # no extent of its own: nothing to go by
    [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]
    """
    noise = np.random.default_rng((seed, nth)).standard_normal(coords.shape, np.float32)
    return coords + noise * np.float32(SHAKE * float(coords.std()))
