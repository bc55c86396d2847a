"""Datasets of two classes for these tests."""

import numpy as np

from embviz.dataset import Dataset
from embviz.datasets import dataset_from_arrays
from embviz.features import Features, vector_features
from embviz.overlap import groups_of


def gaussians(n: int, d: int, distance: float, *, seed: int = 0, groups: int = 0, first: int | None = None) -> Dataset:
    """Two normal classes "a" and "b" whose means are so far apart, in groups of that number if any."""
    rng = np.random.default_rng(seed)
    is_b = np.arange(n) >= (n // 2 if first is None else first)
    vectors = rng.normal(size=(n, d))
    vectors[:, 0] += distance * is_b
    metadata = [{"writer": f"w{writer}"} for writer in rng.integers(0, groups, n)] if groups else None
    return dataset_from_arrays(vectors=vectors, labels=np.where(is_b, "b", "a"), metadata=metadata)


def with_vectors(dataset: Dataset, vectors: np.ndarray) -> Dataset:
    """The same items, with these vectors."""
    names = [dataset.class_names[code] for code in dataset.labels]
    return dataset_from_arrays(vectors=vectors, labels=names)


def seen(dataset: Dataset, column: str | None = None) -> tuple[Features, dict]:
    """Features and groups of the dataset, as the functions of the room take them."""
    return vector_features(dataset), {"groups": groups_of(dataset, column)}
