"""Deformed MNIST digits as principal components, as many as wanted: ``python -m tests.bench.deformed N FOLDER``."""

import sys
from pathlib import Path

import numpy as np

from embviz.arrays import Float32Array, Int64Array, UInt8Array
from embviz.datasets import load_dataset
from embviz.projection.pca import principal_components
from tests.bench.inputs import mnist_here

COMPONENTS = 50
FITTED = 50_000
"""Deformed digits whose principal components all are given in."""
BLOCK = 4_096
TURN, GROWTH, SHEAR, SHIFT, BEND = 0.22, 0.13, 0.15, 1.5, 1.3
"""Largest turn (radians), growth and shear (shares), shift and bend (pixels) of a digit."""
KNOTS = 5
"""Displacements of a bend are drawn at so many places a side, and between them along straight lines."""

VECTORS, LABELS = "vectors.npy", "labels.npy"


def write_deformed(n: int, folder: Path) -> tuple[Path, Path]:
    """Write principal components (n, 50) float32 and labels (n,) of deformed digits; where they are there, read those.

    Item i is the same whatever n is (components up to their last bit, for n >= `FITTED`).
    """
    vectors, labels = folder / VECTORS, folder / LABELS
    if not (vectors.exists() and len(np.load(vectors, mmap_mode="r")) == n):
        folder.mkdir(parents=True, exist_ok=True)
        images, codes = _digits()
        order = np.random.default_rng(0).permutation(len(images))[np.arange(n) % len(images)]
        np.save(labels, codes[order])
        _write_components(images, order, vectors)
    return vectors, labels


def deformed(images: UInt8Array, block: int) -> Float32Array:
    """Images (b, h, w), each turned, sheared, moved and bent by random amounts of its own, 0..255, as rows (b, h * w).

    `block` is the seed; what is outside of an image is 0.
    """
    count, height, width = images.shape
    draw = np.random.default_rng((1, block)).uniform
    turn, growth = draw(-TURN, TURN, count), 1 + draw(-GROWTH, GROWTH, (2, count))
    shear, shift = draw(-SHEAR, SHEAR, count), draw(-SHIFT, SHIFT, (2, count))
    bends = draw(-BEND, BEND, (count, 2, KNOTS, KNOTS)).astype(np.float32)
    down, across = _between(height), _between(width)
    moved = np.einsum("yi,ncij,xj->cnyx", down, bends, across, optimize=True)
    y = (np.arange(height, dtype=np.float32) - (height - 1) / 2)[:, None]
    x = np.arange(width, dtype=np.float32) - (width - 1) / 2
    cos, sin = np.cos(turn), np.sin(turn)
    rows = [(cos * growth[0], sin * growth[0]), (shear * cos - sin * growth[1], shear * sin + cos * growth[1])]
    to = [
        (a[:, None, None] * y + b[:, None, None] * x + s[:, None, None] + (side - 1) / 2).astype(np.float32) + bend
        for (a, b), s, side, bend in zip([rows[0], rows[1]], shift, (height, width), moved, strict=True)
    ]
    return _sampled(images, to[0], to[1]).reshape(count, height * width)


def _between(side: int) -> Float32Array:
    """Weights (side, knots) of the knots at each pixel: at most two of them are above 0."""
    at = np.linspace(0, KNOTS - 1, side, dtype=np.float32)
    weights: Float32Array = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(KNOTS, dtype=np.float32)))
    return weights


def _sampled(images: UInt8Array, y: Float32Array, x: Float32Array) -> Float32Array:
    """The images at places between pixels, in proportion to the four around them."""
    count, height, width = images.shape
    framed = np.zeros((count, height + 2, width + 2), np.float32)
    framed[:, 1:-1, 1:-1] = images
    y, x = np.clip(y + 1, 0, height + 0.999), np.clip(x + 1, 0, width + 0.999)
    top, left = y.astype(np.int32), x.astype(np.int32)
    y -= top
    x -= left
    first = (np.arange(count, dtype=np.int32)[:, None, None] * (height + 2) + top) * (width + 2) + left
    flat = framed.reshape(-1)
    above = flat[first] * (1 - x) + flat[first + 1] * x
    below = flat[first + width + 2] * (1 - x) + flat[first + width + 3] * x
    return above * (1 - y) + below * y


def _digits() -> tuple[UInt8Array, Int64Array]:
    dataset = load_dataset("mnist" if mnist_here() else "digits", "all")
    assert dataset.images is not None and dataset.labels is not None, "digits have both"
    return dataset.images, dataset.labels


def _write_components(images: UInt8Array, order: Int64Array, path: Path) -> None:
    some = np.concatenate([_block(images, order, start) for start in range(0, min(FITTED, len(order)), BLOCK)])
    width = min(COMPONENTS, some.shape[1])
    mean = some.mean(axis=0, dtype=np.float64).astype(np.float32)
    scores = principal_components(some, tuple(range(1, width + 1))).scores
    along = np.linalg.lstsq(some - mean, scores, rcond=None)[0].astype(np.float32)
    partial = path.with_name(f".{path.name}")
    out = np.lib.format.open_memmap(partial, "w+", np.float32, (len(order), width))
    for start in range(0, len(order), BLOCK):
        part = _block(images, order, start)
        out[start : start + len(part)] = (part - mean) @ along
    out.flush()
    partial.replace(path)


def _block(images: UInt8Array, order: Int64Array, start: int) -> Float32Array:
    return deformed(images[order[start : start + BLOCK]], start // BLOCK) / np.float32(255)


if __name__ == "__main__":
    print(*write_deformed(int(sys.argv[1]), Path(sys.argv[2])))
