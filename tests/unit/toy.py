"""Small values for tests of the export."""

import numpy as np

from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.features.features import Activations, Features
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne


def digits(n: int) -> Dataset:
    """Random images of 5 x 5 with classes, ids that are no row numbers, and a metadata column."""
    rng = np.random.default_rng(n)
    made = dataset_from_arrays(
        images=rng.integers(0, 256, (3 * n, 5, 5)),
        labels=rng.choice(list("abc"), 3 * n),
        metadata=[{"writer": f"w{row}"} for row in range(3 * n)],
        name="toy",
    )
    return subset(made, rng.permutation(3 * n)[:n])


def hidden_features(dataset: Dataset) -> Features:
    rng = np.random.default_rng(1)
    return Features(
        vectors=rng.normal(size=(len(dataset), 4)).astype(np.float32),
        ids=dataset.ids,
        spec=Activations("hidden"),
        items=dataset.items,
        predictions=dataset.labels,
        class_names=dataset.class_names,
    )


def layout(features: Features, dims: int = 2) -> Projection:
    coords = np.random.default_rng(2).normal(size=(len(features), dims)).astype(np.float32)
    return Projection(coords, features.ids, Tsne(n_components=dims), features.fingerprint, features.items, seconds=0.5)
