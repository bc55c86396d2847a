"""Labeled Gaussian classes with labels that are wrong on purpose."""

from dataclasses import replace

import numpy as np

from embviz import Dataset, dataset_from_arrays


def gaussians(n=600, n_classes=3, distance=6.0, d=5, seed=0):
    """Vectors and their true classes; means of classes are `distance` apart from the origin, along an axis each."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % n_classes
    vectors = rng.normal(size=(n, d))
    vectors[np.arange(n), labels % d] += distance * (1 + labels // d)
    return vectors.astype(np.float32), labels


def with_flips(labels, share, n_classes, seed=1):
    """Labels of which a share is replaced by other ones at random, and which they are."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(len(labels), round(share * len(labels)), replace=False)
    flipped = labels.copy()
    flipped[rows] = (labels[rows] + rng.integers(1, n_classes, len(rows))) % n_classes
    return flipped, flipped != labels


def labeled(vectors, labels, writers=None) -> Dataset:
    """A dataset of these vectors and labels; `writers` are the groups."""
    metadata = None if writers is None else [{"writer": writer} for writer in writers]
    made = dataset_from_arrays(vectors=vectors, labels=labels, metadata=metadata)
    return made if writers is None else replace(made, group="writer")
