"""Addresses of the arrays that the page fetches from the shelf, and the bytes at each address."""

from functools import partial

import numpy as np

from embviz.alignment import Alignment
from embviz.coloring import CategoryColoring, Coloring
from embviz.dataset import Dataset, check_same_items
from embviz.features.features import Features
from embviz.items.sequences import joined_rows, next_column
from embviz.items.texts import Texts
from embviz.projection.projection import Projection
from embviz.server import Shelf
from embviz.ui.contract.messages import ImagesAddress, ItemsAddress, LabelsMessage, LinesAddress

CHUNK_ITEMS = 2500
"""Images per fetch. So many MNIST digits are some 400 kB gzipped: the first arrive soon, and 70,000 block nothing."""


def items_address(dataset: Dataset, features: Features, shelf: Shelf) -> ItemsAddress:
    """Address of ids, label codes and predictions as three int32 columns; -1 where there is none."""
    check_same_items("features", features.items, dataset)
    predicted = "plain" if features.predictions is None else features.fingerprint
    revision = f"{dataset.fingerprint}-{predicted}"
    return {
        "revision": revision,
        "url": shelf.put(f"items-{revision}", _items_body, dataset, features),
        "count": len(dataset),
        "idLimit": dataset.n_source,
        "splits": [list(split) for split in dataset.splits],
        "names": list(dataset.class_names),
    }


def coords_address(layout: Projection | Alignment, shelf: Shelf) -> str:
    """Address of the coordinates as float32, row after row."""
    return shelf.put(f"coords-{layout.fingerprint}", _coords_body, layout)


def coloring_address(coloring: Coloring, shelf: Shelf) -> str:
    """Address of the codes of categories, int32, or of numbers scaled to 0..1 from lowest to highest, float32."""
    return shelf.put(f"coloring-{coloring.fingerprint}", _coloring_body, coloring)


def labels_message(labels: Texts, dataset: Dataset, shelf: Shelf) -> LabelsMessage:
    """Name and address of the label texts: the end of each text in bytes as int32, then all texts as UTF-8."""
    check_same_items("labels", labels.items, dataset)
    url = shelf.put(f"labels-{labels.revision}", _labels_body, labels)
    return {"name": labels.name, "revision": labels.revision, "url": url}


def lines_address(dataset: Dataset, shelf: Shelf) -> LinesAddress | None:
    """Address of the lines between items: two ids for each, as int32; None if no column says which item is next."""
    if next_column(dataset) is None:
        return None
    revision = dataset.fingerprint
    return {"revision": revision, "url": shelf.put(f"lines-{revision}", _lines_body, dataset)}


def images_address(dataset: Dataset, shelf: Shelf) -> ImagesAddress | None:
    """Addresses of gzipped parts of the images, each int32 count, int32 ids, and the pixels; None without images."""
    images = dataset.images
    if images is None:
        return None

    def address(start: int) -> str:
        key = f"images-{dataset.fingerprint}-{start}"
        return shelf.put(key, partial(_images_body, start), dataset, compressed=True)

    return {
        "revision": dataset.fingerprint,
        "urls": [address(start) for start in range(0, len(dataset), CHUNK_ITEMS)],
        "height": images.shape[1],
        "width": images.shape[2],
        "channels": 3 if images.ndim == 4 else 1,
    }


def _items_body(dataset: Dataset, features: Features) -> bytes:
    columns = np.full((3, len(dataset)), -1, np.int32)
    columns[0] = dataset.ids
    if dataset.labels is not None:
        columns[1] = dataset.labels
    if features.predictions is not None:
        columns[2] = features.predictions
    return columns.tobytes()


def _coords_body(layout: Projection | Alignment) -> bytes:
    return layout.coords.tobytes()


def _coloring_body(coloring: Coloring) -> bytes:
    return (coloring.codes if isinstance(coloring, CategoryColoring) else coloring.places()).tobytes()


def _labels_body(labels: Texts) -> bytes:
    encoded = [text.encode("utf-8", "replace") for text in labels.texts]
    return np.cumsum([len(text) for text in encoded], dtype=np.int32).tobytes() + b"".join(encoded)


def _lines_body(dataset: Dataset) -> bytes:
    return dataset.ids[joined_rows(dataset)].astype(np.int32).tobytes()


def _images_body(start: int, dataset: Dataset) -> bytes:
    assert dataset.images is not None, "only images have addresses"
    part = slice(start, start + CHUNK_ITEMS)
    ids = dataset.ids[part].astype(np.int32)
    return np.int32(len(ids)).tobytes() + ids.tobytes() + dataset.images[part].tobytes()
