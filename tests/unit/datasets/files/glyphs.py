"""Images for tests of readers, none of which looks the same transposed, mirrored or inverted."""

import numpy as np

from embviz.arrays import UInt8Array


def glyphs(n: int, height: int = 7, width: int = 5) -> UInt8Array:
    """uint8, shape (n, height, width): an L of ink on paper, and the number of the item at the top right."""
    images = np.zeros((n, height, width), np.uint8)
    images[:, 1:-1, 0] = 200
    images[:, -2, :-2] = 100
    images[:, 0, -1] = np.arange(n) % 255 + 1
    return images
