"""What the small maps of a layer lens and the picture of a pair axis are sent; arrays go onto the shelf."""

from dataclasses import asdict
from functools import partial

import numpy as np

from embviz.arrays import AnyArray, fingerprint
from embviz.dataset import Dataset, check_same_items
from embviz.features.features import Pixels
from embviz.items.names import item_name
from embviz.layers import LayerLens, PairAxis, Separation
from embviz.layers.wording import space_name
from embviz.server import Shelf
from embviz.ui.contract.contract import Json
from embviz.ui.palette import class_colors

MOST_MARKS = 200
"""Largest number of items that are marked on an axis: those that lie furthest on the other class's side."""


def maps_request(lens: LayerLens, dataset: Dataset, pinned: int | None, shelf: Shelf) -> Json:
    """What the small maps of a lens are told; `pinned` is the id of the pinned item."""
    first = lens.spaces[0]
    check_same_items("spaces", first.items, dataset)
    assert dataset.labels is not None, "there are two classes"
    items = np.concatenate([dataset.ids[first.rows], dataset.labels[first.rows] == lens.classes[1]]).astype(np.int32)
    maps = [
        {"title": space_name(each.space), "url": shelf.put(f"map-{fingerprint(each.coords)}", _coords_body, each)}
        for each in lens.spaces
    ]
    url = shelf.put(f"map-items-{fingerprint(items)}", partial(_items_body, lens.classes[1]), dataset, first)
    return {
        "maps": maps,
        "items": {"url": url, "count": len(first.rows)},
        "colors": _colors(dataset, lens.classes),
        "pinned": pinned if pinned in dataset.ids[first.rows] else None,
    }


def axis_request(axis: PairAxis, dataset: Dataset, shelf: Shelf) -> Json:
    """What the picture of an axis is told; the weights are drawn where the features are the pixels of images."""
    check_same_items("the axis", axis.items, dataset)
    places = {int(row): place for place, row in enumerate(axis.rows)}
    marks = [
        {
            "id": int(dataset.ids[row]),
            "name": item_name(int(dataset.ids[row]), dataset.splits),
            "score": float(axis.scores[places[int(row)]]),
            "side": int(axis.is_second[places[int(row)]]),
        }
        for row in axis.crossing[:MOST_MARKS]
    ]
    return {
        "names": [dataset.class_names[code] for code in axis.classes],
        "colors": _colors(dataset, axis.classes),
        "count": len(axis.rows),
        "scores": shelf.put(f"axis-{fingerprint(axis.scores)}", _scores_body, axis),
        "sides": shelf.put(f"axis-sides-{fingerprint(axis.is_second)}", _sides_body, axis),
        "marks": marks,
        "weights": _weights(axis, dataset, shelf),
    }


def _weights(axis: PairAxis, dataset: Dataset, shelf: Shelf) -> Json | None:
    if dataset.images is None or axis.space != Pixels().name:
        return None
    height, width = dataset.images.shape[1:3]
    return {
        "url": shelf.put(f"axis-weights-{fingerprint(axis.weights)}", _weights_body, axis),
        "height": height,
        "width": width,
        "channels": 3 if dataset.images.ndim == 4 else 1,
    }


def _colors(dataset: Dataset, classes: tuple[int, int]) -> list[Json]:
    colors = class_colors(len(dataset.class_names))
    return [asdict(colors[code]) for code in classes]


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
