"""Small views for tests of the contract."""

import gzip
from dataclasses import replace
from typing import Any

import numpy as np

from embviz.dataset import Dataset
from embviz.datasets import Named
from embviz.features.features import Features, Pixels
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, ProjectionSpec
from embviz.server import Shelf
from embviz.view import View, ViewSpec

IDS = np.array([40, 7, 99, 12])
SOURCE = Named("mnist", stamp="as it was")


def toy_dataset(**changes: Any) -> Dataset:
    dataset = Dataset(
        name="toy",
        split="test",
        ids=IDS.copy(),
        n_source=100,
        n_split=50,
        images=np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3),
        labels=np.array([2, 0, 2, 1]),
        class_names=("zero", "one", "two"),
        source=SOURCE,
    )
    return replace(dataset, **changes)


def toy_features(dataset: Dataset, predictions: list[int] | None = None) -> Features:
    return Features(
        vectors=np.zeros((len(dataset), 6), np.float32),
        ids=dataset.ids,
        spec=Pixels(),
        items=dataset.items,
        predictions=None if predictions is None else np.array(predictions),
        network=repr(predictions),
        class_names=() if predictions is None else dataset.class_names,
    )


def toy_view(dataset: Dataset, spec: ProjectionSpec | None = None, predictions: list[int] | None = None) -> View:
    spec = spec or Pca(2)
    features = toy_features(dataset, predictions)
    projection = Projection(
        coords=np.arange(len(dataset) * spec.n_components, dtype=np.float32).reshape(len(dataset), -1),
        ids=dataset.ids,
        spec=spec,
        source=features.fingerprint,
        items=dataset.items,
        seconds=0.1,
        explained_variance_ratio=np.array([0.5, 0.25, 0.0966, 0.0004]) if isinstance(spec, Pca) else None,
    )
    return View(ViewSpec(SOURCE, "test", None, Pixels(), spec), dataset, features, projection)


def fetched(shelf: Shelf, address: str) -> bytes:
    """The body at an address, unpacked as a browser does."""
    secret, key = address.split("/")[2:]
    body = shelf.get(secret, key)
    assert body is not None
    return gzip.decompress(body) if key.endswith(".gz") else body
