"""The manifest of an export, embviz.json: its files, and how they were made."""

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from typing import Any

from embviz.dataset import Dataset
from embviz.export.metadata import class_cells, column_headers, constant_columns
from embviz.export.spec_fields import spec_fields
from embviz.export.tensorboard.belonging import check_belonging
from embviz.features.features import Features, FeatureSpec, Reduced, Scaled
from embviz.items.sequences import NEXT_COLUMNS
from embviz.projection.projection import Projection
from embviz.projection.specs import ProjectionSpec
from embviz.projection.titles import projection_title
from embviz.version import __version__

PACKAGES = ("numpy", "scikit-learn", "umap-learn", "faiss-cpu", "pillow")
"""Packages whose versions may change the exported values."""


def manifest_json(
    files: Iterable[str],
    dataset: Dataset,
    features: Mapping[str, Features],
    projections: Sequence[Projection],
) -> str:
    """The text of the manifest: the provenance of an export, and the names of its files.

    Parameters
    ----------
    files
        Names of all files of the export.
    dataset
        The items.
    features
        Tensor name to features.
    projections
        The layouts in the bookmarks.

    Raises
    ------
    InputError
        If features or layouts belong to other items than the dataset's.
    """
    check_belonging(dataset, features.values(), projections)
    described = {
        "format": "embviz projector export",
        "files": sorted(files),
        "dataset": {
            "name": dataset.name,
            "split": dataset.split,
            "n": len(dataset),
            "n_split": dataset.n_split,
            "fingerprint": dataset.fingerprint,
            "image_shape": [] if dataset.images is None else list(dataset.images.shape[1:]),
            "classes": [
                {"name": name, "cell": cell}
                for name, cell in zip(dataset.class_names, class_cells(dataset), strict=True)
            ],
            "columns": [
                {"header": header, "name": name, "type": _type(dataset, name)}
                for name, header in column_headers(dataset, list(features.values())).items()
            ],
            "constants": [
                {"name": name, "type": _type(dataset, name), "cell": cell}
                for name, cell in constant_columns(dataset).items()
            ],
        },
        "tensors": [
            {
                "name": name,
                "features": each.name,
                "shape": list(each.vectors.shape),
                "spec": _spec(each.spec),
                "test_accuracy": each.test_accuracy,
                "fingerprint": each.fingerprint,
            }
            for name, each in features.items()
        ],
        "projections": [
            {
                "title": projection_title(each),
                "spec": _spec(each.spec),
                "source": each.source,
                "seconds": each.seconds,
                "neighbor_seconds": each.neighbor_seconds,
                "kl_divergence": each.kl_divergence,
                "iterations": each.iterations,
                "departure": each.departure,
                "fingerprint": each.fingerprint,
            }
            for each in projections
        ],
        "versions": {"embviz": __version__, "python": platform.python_version(), **_versions()},
    }
    return json.dumps(described, indent=2) + "\n"


def _type(dataset: Dataset, name: str) -> str:
    dtype = dataset.metadata[name].dtype
    if name in NEXT_COLUMNS:
        return "float64"  # positions, and NaN for no next item
    return "text" if dtype.kind == "U" else dtype.name


def _spec(spec: FeatureSpec | Scaled | Reduced | ProjectionSpec) -> dict[str, Any]:
    return {"type": type(spec).__name__, **spec_fields(spec)}


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):  # not every export needs every package
            found[name] = metadata.version(name)
    return found
