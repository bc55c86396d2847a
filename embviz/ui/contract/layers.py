"""Requests to draw the small maps of the Layers tab and the picture of an axis; their arrays go onto the shelf."""

from functools import partial

import numpy as np

from embviz.arrays import AnyArray, fingerprint
from embviz.coloring import label_coloring
from embviz.coloring.palette import CATEGORIES
from embviz.dataset import Dataset, check_same_items
from embviz.features.features import Pixels
from embviz.items.names import item_name
from embviz.layers import LayerLens, PairAxis, Separation
from embviz.layers.wording import space_name
from embviz.server import Shelf
from embviz.ui.contract.color_messages import ColorMessage
from embviz.ui.contract.layer_messages import AxisRequest, MapMessage, MapsRequest, MarkMessage, WeightsAddress

MOST_MARKS = 200
"""Largest number of items that are marked on an axis. Of the items on the other class's side, these are the ones
farthest from the border between the classes."""


def maps_request(pane: str, lens: LayerLens, dataset: Dataset, pinned: int | None, shelf: Shelf) -> MapsRequest:
    """The request to draw the small maps of two classes, one for each feature space; `pinned` is an id."""
    first = lens.spaces[0]
    check_same_items("spaces", first.items, dataset)
    make = partial(_items_body, lens.classes[1])
    revision = fingerprint(make(dataset, first).hex())
    return {
        "pane": pane,
        "maps": [_map(each, shelf) for each in lens.spaces],
        "items": shelf.put(f"map-items-{revision}", make, dataset, first),
        "count": len(first.rows),
        "colors": _colors(dataset, lens.classes),
        "pinned": pinned if pinned in dataset.ids[first.rows] else None,
    }


def axis_request(pane: str, axis: PairAxis, dataset: Dataset, shelf: Shelf) -> AxisRequest:
    """The request to draw the picture of an axis; it has weights only if the features are the pixels of images."""
    check_same_items("the axis", axis.items, dataset)
    return {
        "pane": pane,
        "names": [dataset.class_names[code] for code in axis.classes],
        "colors": _colors(dataset, axis.classes),
        "count": len(axis.rows),
        "scores": shelf.put(f"axis-{fingerprint(axis.scores)}", _scores_body, axis),
        "sides": shelf.put(f"axis-sides-{fingerprint(axis.is_second)}", _sides_body, axis),
        "marks": _marks(axis, dataset),
        "weights": _weights(axis, dataset, shelf),
    }


def _map(space: Separation, shelf: Shelf) -> MapMessage:
    url = shelf.put(f"map-{fingerprint(space.coords)}", _coords_body, space)
    return {"title": space_name(space.space), "url": url}


def _marks(axis: PairAxis, dataset: Dataset) -> list[MarkMessage]:
    places = np.searchsorted(axis.rows, axis.crossing[:MOST_MARKS])
    ids = dataset.ids[axis.rows[places]].tolist()
    return [
        {"id": item, "name": item_name(item, dataset.splits), "score": score, "side": int(side)}
        for item, score, side in zip(ids, axis.scores[places].tolist(), axis.is_second[places], strict=True)
    ]


def _weights(axis: PairAxis, dataset: Dataset, shelf: Shelf) -> WeightsAddress | None:
    if dataset.images is None or axis.space != Pixels().name:
        return None
    height, width = dataset.images.shape[1:3]
    return {
        "url": shelf.put(f"axis-weights-{fingerprint(axis.weights)}", _weights_body, axis),
        "height": height,
        "width": width,
        "channels": 3 if dataset.images.ndim == 4 else 1,
    }


def _colors(dataset: Dataset, classes: tuple[int, int]) -> list[ColorMessage]:
    """Colors of the two classes as by label; those of the first two categories if both classes are among the others."""
    coloring = label_coloring(dataset)
    assert coloring is not None and dataset.labels is not None, "there are two classes"
    codes = [int(coloring.codes[np.argmax(dataset.labels == code)]) for code in classes]
    first, second = (CATEGORIES if codes[0] == codes[1] else [coloring.colors[code] for code in codes])[:2]
    return [{"light": color.light, "dark": color.dark} for color in (first, second)]


def _coords_body(space: Separation) -> bytes:
    return space.coords.tobytes()


def _items_body(second: int, dataset: Dataset, space: Separation) -> bytes:
    assert dataset.labels is not None, "there are two classes"
    is_second = dataset.labels[space.rows] == second
    return _as_bytes(np.concatenate([dataset.ids[space.rows], is_second]), np.int32)


def _scores_body(axis: PairAxis) -> bytes:
    return _as_bytes(axis.scores, np.float32)


def _sides_body(axis: PairAxis) -> bytes:
    return _as_bytes(axis.is_second, np.int32)


def _weights_body(axis: PairAxis) -> bytes:
    return _as_bytes(axis.weights, np.float32)


def _as_bytes(values: AnyArray, dtype: type) -> bytes:
    return values.astype(dtype).tobytes()
