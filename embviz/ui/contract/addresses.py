"""Addresses of the arrays that the page fetches from the shelf, and the bytes at each address."""

from functools import partial

import numpy as np

from embviz.alignment import Alignment
from embviz.arrays import Int64Array
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
MOST_AT_ONCE = 100_000
"""Of more items, images are fetched when they are pointed at: all would take the memory of the browser."""
FEWER_ITEMS = 250
"""Images per fetch where they are fetched when pointed at."""


def items_address(dataset: Dataset, features: Features, shelf: Shelf) -> ItemsAddress:
    """Address of ids, label codes and predictions as three int32 columns; -1 where there is none."""
    revision = items_revision(dataset, features)
    return {
        "revision": revision,
        "url": shelf.put(f"items-{revision}", _items_body, dataset, features),
        "count": len(dataset),
        "idLimit": dataset.n_source,
        "splits": [list(split) for split in dataset.splits],
        "names": list(dataset.class_names),
    }


def items_revision(dataset: Dataset, features: Features) -> str:
    """Text that is the same where ids, labels and predictions are."""
    check_same_items("features", features.items, dataset)
    predicted = "plain" if features.predictions is None else features.fingerprint
    return f"{dataset.fingerprint}-{predicted}"


def coords_address(layout: Projection | Alignment, shelf: Shelf) -> str:
    """Address of the coordinates as float32, row after row."""
    return shelf.put(f"coords-{layout.fingerprint}", _coords_body, layout)


def coloring_address(coloring: Coloring, shelf: Shelf) -> str:
    """Address of the codes of categories, int8, or of numbers scaled to 0..1 from lowest to highest, float32."""
    return shelf.put(f"coloring-{coloring.fingerprint}", coloring_body, coloring)


def coloring_body(coloring: Coloring) -> bytes:
    """What is at the address of a coloring."""
    if isinstance(coloring, CategoryColoring):
        return coloring.codes.astype(np.int8).tobytes()  # there are fewer colors than 127
    return coloring.places().tobytes()


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
    """Addresses of gzipped parts of the images, each int32 count, int32 ids, and the pixels; None without images.

    Parts are in the order of the dataset, or of ids where the browser has to know which part an image is in.
    """
    images = dataset.images
    if images is None:
        return None
    is_by_id = len(dataset) > MOST_AT_ONCE
    rows = _rows_by_id(dataset) if is_by_id else None
    starts = range(0, len(dataset), FEWER_ITEMS if is_by_id else CHUNK_ITEMS)

    def address(start: int) -> str:
        part = slice(start, start + starts.step)
        key = f"images-{dataset.fingerprint}-{start}-{starts.step}"
        return shelf.put(key, partial(_images_body, part if rows is None else rows[part]), dataset, compressed=True)

    return {
        "revision": dataset.fingerprint,
        "urls": [address(start) for start in starts],
        "firsts": None if rows is None else dataset.ids[rows[:: starts.step]].tolist(),
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


def _labels_body(labels: Texts) -> bytes:
    encoded = [text.encode("utf-8", "replace") for text in labels.texts]
    return np.cumsum([len(text) for text in encoded], dtype=np.int32).tobytes() + b"".join(encoded)


def _lines_body(dataset: Dataset) -> bytes:
    return dataset.ids[joined_rows(dataset)].astype(np.int32).tobytes()


def _rows_by_id(dataset: Dataset) -> Int64Array:
    """The rows in the order of their ids, which most datasets have anyway."""
    ids = dataset.ids
    return np.arange(len(ids)) if bool(np.all(ids[1:] > ids[:-1])) else np.argsort(ids)


def _images_body(part: slice | Int64Array, dataset: Dataset) -> bytes:
    assert dataset.images is not None, "only images have addresses"
    ids = dataset.ids[part].astype(np.int32)
    return np.int32(len(ids)).tobytes() + ids.tobytes() + dataset.images[part].tobytes()
