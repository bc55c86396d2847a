"""The same items for every page: a folder of IDX files, a TensorBoard export, a plain Plotly page."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from embviz.dataset import Dataset, subset
from embviz.datasets import load_dataset
from embviz.datasets.named.idx_folder import idx_names
from embviz.export import export_projector
from embviz.features import Features, pixel_features
from embviz.projection import Pca, Projection, project


@dataclass(frozen=True, eq=False, slots=True)
class Items:
    """The items that every page shows.

    Attributes
    ----------
    title
        Name of the items in the report.
    dataset, features, projection
        The items, their pixels, and a layout of these by PCA in 3-D.
    """

    title: str
    dataset: Dataset
    features: Features
    projection: Projection


def mnist_here() -> bool:
    """Whether ``EMBVIZ_DATA_DIR`` is set to a folder, which has to hold MNIST."""
    return bool(os.environ.get("EMBVIZ_DATA_DIR"))


def bench_items(n: int) -> Items:
    """The first `n` items of MNIST, test before train (10,000 are the test split), or all digits if it is not here."""
    if mnist_here():
        everything = load_dataset("mnist", "all")
        test_first = np.argsort(everything.metadata["split"] != "test", kind="stable")
        dataset = subset(everything, test_first[:n])
        title = {10_000: "MNIST test", 70_000: "MNIST, all"}.get(n, f"first {n:,} of MNIST, test before train")
    else:
        dataset, title = load_dataset("digits", "all"), "scikit-learn's digits"
    features = pixel_features(dataset)
    return Items(title, dataset, features, project(features, Pca(n_components=3, axes=(1, 2, 3))))


def idx_folder(folder: Path, dataset: Dataset) -> Path:
    """Folder in MNIST's format whose test split is the dataset; as ``EMBVIZ_DATA_DIR`` it is what the page opens on."""
    assert dataset.images is not None and dataset.labels is not None, "MNIST has both"
    arrays: list[npt.NDArray[Any]] = [dataset.images, dataset.labels]
    folder.mkdir()
    for name, array in zip(idx_names("test"), arrays, strict=True):
        header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        (folder / name).write_bytes(header + array.astype(np.uint8).tobytes())
    return folder


def tensorboard_folder(folder: Path, items: Items, *, with_images: bool) -> Path:
    """Folder with the export of the items; without images TensorBoard draws discs instead of thumbnails."""
    dataset = items.dataset if with_images else replace(items.dataset, images=None)
    features = replace(items.features, items=dataset.items)  # `items` is another without images
    export_projector(folder, dataset, [features])
    return folder


def plotly_folder(folder: Path, items: Items, size: tuple[int, int]) -> Path:
    """Folder with a page that ``plotly`` writes: one scatter3d trace per class, with default settings."""
    labels = items.dataset.labels
    assert labels is not None, "every item has a label"
    figure = go.Figure()
    for code, name in enumerate(items.dataset.class_names):
        x, y, z = items.projection.coords[labels == code].T
        figure.add_trace(go.Scatter3d(x=x, y=y, z=z, mode="markers", name=name))
    folder.mkdir()
    figure.write_html(
        folder / "index.html",
        include_plotlyjs="directory",
        div_id="plot",
        default_width=f"{size[0]}px",
        default_height=f"{size[1]}px",
        post_script="document.getElementById('{plot_id}').dataset.painted = 'all/3/pca';",
    )
    return folder
