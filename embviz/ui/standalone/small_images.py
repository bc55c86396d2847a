"""Images made smaller, all alike, so that a file that holds all of them does not become too large to be sent."""

from dataclasses import replace

import numpy as np

from embviz.dataset import Dataset

MOST_BYTES = 64_000_000
"""Most bytes of all images, uncompressed: the 70,000 digits of MNIST take 55 MB, and are not made smaller."""
LEAST_SIDE = 8
"""Least width and height in pixels: nothing can be recognized in a smaller image."""


def with_small_images(dataset: Dataset, most_bytes: int = MOST_BYTES) -> tuple[Dataset, str]:
    """The dataset with images of at most `most_bytes`, and a sentence on what was done; empty if nothing was.

    Each new pixel is the mean of a block of 2 × 2, 3 × 3 or more pixels; incomplete blocks at the right and lower edge
    are dropped. If images would become too small, they are left out. The result is for display only.

    Examples
    --------
    >>> images = np.zeros((2, 32, 32), np.uint8)
    >>> made, said = with_small_images(Dataset("toy", "", np.arange(2), n_source=2, n_split=2, images=images), 512)
    >>> made.images.shape, said
    ((2, 16, 16), 'Images are shown in 16 × 16 of 32 × 32 pixels, to keep the file small.')
    """
    images = dataset.images
    if images is None or images.nbytes <= most_bytes:
        return dataset, ""
    n, height, width, *channels = images.shape
    times = 2
    while n * (height // times) * (width // times) * (channels[0] if channels else 1) > most_bytes:
        times += 1
    rows, columns = height // times, width // times
    if min(rows, columns) < LEAST_SIDE:
        left_out = f"Images are left out: {n:,} of {height} × {width} pixels would make the file too large."
        return replace(dataset, images=None), left_out
    squares = images[:, : rows * times, : columns * times].reshape(n, rows, times, columns, times, *channels)
    small = np.empty((n, rows, columns, *channels), np.uint8)
    for place, each in enumerate(squares):  # one after the other, because means are floats
        np.rint(each.mean(axis=(1, 3)), out=small[place], casting="unsafe")
    said = f"Images are shown in {rows} × {columns} of {height} × {width} pixels, to keep the file small."
    return replace(dataset, images=small), said
