"""The browser contract without Streamlit: what the page is sent, and what it may answer."""

import base64
import binascii
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from embviz.arrays import BoolArray, Int64Array
from embviz.checks.wording import described
from embviz.dataset import Dataset, check_same_items
from embviz.errors import ProtocolError
from embviz.features.features import Features
from embviz.neighbors.query import Neighborhood
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from embviz.projection.titles import axis_titles, steps_of
from embviz.run import Run
from embviz.server import Shelf, live_runs
from embviz.ui.palette import class_colors
from embviz.view import Forming, View

CHUNK_ITEMS = 2500
"""Images per fetch: 400 kB of MNIST digits, so the first arrive at once and 70,000 never block."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Focus:
    """What is pinned and selected on the page.

    Attributes
    ----------
    source
        Which data the ids belong to; a focus on other data means nothing.
    serial
        Counts the changes of either side; the higher one is the newer.
    pinned
        Id, or None.
    selected
        Ids as base64 of a bit mask (bit ``id % 8`` of byte ``id // 8``), or None.
    pair
        Ids of two items of different classes that are looked at side by side, or None. Not a selection: that stays
        as it is, and is drawn again when the pair is let go.
    """

    source: str = ""
    serial: int = 0
    pinned: int | None = None
    selected: str | None = None
    pair: tuple[int, int] | None = None

    def selected_ids(self) -> Int64Array:
        """The selected ids, ascending.

        Examples
        --------
        >>> Focus(selected=id_set([1, 7], 10)).selected_ids().tolist()
        [1, 7]
        """
        return np.flatnonzero(self.is_selected()).astype(np.int64)

    def is_selected(self) -> BoolArray:
        """Whether it is selected, for each id from 0 to the highest one that is, or further.

        Examples
        --------
        >>> Focus(selected=id_set([1, 2], 3)).is_selected().tolist()
        [False, True, True, False, False, False, False, False]
        """
        mask = np.frombuffer(base64.b64decode(self.selected or ""), np.uint8)
        return np.unpackbits(mask, bitorder="little").view(np.bool_)


def id_set(ids: Sequence[int] | Int64Array, id_limit: int) -> str:
    """Ids as base64 of a bit mask, all below `id_limit`: 50,000 ids of 70,000 take 12 kB."""
    mask = np.zeros(id_limit, np.uint8)
    mask[np.asarray(ids, np.int64)] = 1
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def focus_from_json(answer: object, source: str, id_limit: int) -> Focus:
    """The focus the page answered with.

    Parameters
    ----------
    answer
        What came over the wire.
    source, id_limit
        Those of the request that the page was sent: which data the ids belong to, and what they are all below.

    Raises
    ------
    ProtocolError
        If it is anything but what `index.js` sends, or about other data.
    """
    if not isinstance(answer, Mapping) or set(answer) != {"source", "serial", "pinned", "selected", "pair"}:
        raise ProtocolError(f"focus must have source, serial, pinned, selected and pair, got {described(answer)}")
    serial, pinned, selected, pair = (answer[key] for key in ("serial", "pinned", "selected", "pair"))
    if answer["source"] != source:
        raise ProtocolError(f"focus is on other data than are shown: {described(answer['source'])}")
    if not _is_count(serial) or not (pinned is None or _is_count(pinned)):
        given = f"{described(serial)} and {described(pinned)}"
        raise ProtocolError(f"focus.serial must be a count and focus.pinned an id or null, got {given}")
    checked = None if selected is None else _checked_id_set(selected, id_limit)
    return Focus(source, serial, pinned, checked, None if pair is None else _checked_pair(pair))


def _checked_pair(pair: object) -> tuple[int, int]:
    ids = ids_from_json(pair, 2)
    if len(ids) != 2 or ids[0] == ids[1]:
        raise ProtocolError(f"focus.pair must be null or two different ids, got {described(pair)}")
    return ids[0], ids[1]


def _checked_id_set(selected: object, id_limit: int) -> str:
    """The base64 of a bit mask that is not longer than one of all ids: it is not decoded before that is known."""
    most = 4 * math.ceil(id_limit / 24)  # each character says 6 bits
    if not isinstance(selected, str) or len(selected) > most:
        raise ProtocolError(f"focus.selected must be null or at most {most:,} characters, got {described(selected)}")
    try:
        base64.b64decode(selected, validate=True)
    except (ValueError, binascii.Error) as error:
        raise ProtocolError("focus.selected must be base64 of a bit mask") from error
    return selected


def ids_from_json(answer: object, most: int) -> list[int]:
    """The ids, or class codes, of what was clicked: at most so many.

    Raises
    ------
    ProtocolError
        If it is not a list of so many counts.
    """
    if not isinstance(answer, list | tuple) or len(answer) > most or not all(_is_count(value) for value in answer):
        raise ProtocolError(f"expected a list of at most {most} ids, got {described(answer)}")
    return list(answer)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53  # as JavaScript counts


def source_of(dataset: Dataset) -> str:
    """Which data ids belong to: the same for every split, sample and layout of one source, until its data change."""
    assert dataset.source is not None, "what a view shows comes from a source"
    return dataset.source.key


def projector_request(
    shown: View | Forming,
    highlighted: tuple[int, int] | None,
    focus: Focus,
    shelf: Shelf,
    run: Run | None = None,
    neighborhood: Neighborhood | None = None,
    *,
    is_asked: bool = True,
) -> Json:
    """What the projector is told to show; arrays go onto the shelf, only their addresses are in it.

    `run` is the one in which the layout forms, or has formed; `neighborhood` that of the pinned item, to be marked;
    `is_asked` says whether it is what the sidebar asks for.
    """
    dataset, spec = shown.dataset, shown.spec.projection
    told = None if run is None else _run(run)
    if isinstance(shown, View):
        revision = shown.projection.fingerprint
        url = shelf.put(f"coords-{revision}", _coords_body, shown.projection)
        axes = axis_titles(shown.projection)
    else:
        assert told is not None, "a layout that is forming has a run"
        revision, url, axes = told["url"], None, []
    return {
        "source": source_of(dataset),
        "isAsked": is_asked,
        "items": _items_address(dataset, shown.features, shelf),
        "coords": {
            "revision": revision,
            "url": url,
            "dims": spec.n_components,
            "axes": axes,
            "scaled": isinstance(spec, Pca),
        },
        "run": told,
        "images": images_address(dataset, shelf),
        "classes": _classes(dataset),
        "highlighted": None if highlighted is None else list(highlighted),
        "neighbors": None if neighborhood is None else _neighbors(dataset, neighborhood),
        "focus": {
            "source": focus.source,
            "serial": focus.serial,
            "pinned": focus.pinned,
            "selected": focus.selected,
            "pair": None if focus.pair is None else list(focus.pair),
        },
    }


def _run(run: Run) -> Json:
    unit = steps_of(run.spec.projection)
    return {"url": live_runs.put(run), "place": run.place, "unit": unit, "more": run.more}


def _neighbors(dataset: Dataset, found: Neighborhood) -> Json:
    check_same_items("neighbors", found.items, dataset)
    return {
        "of": int(dataset.ids[found.row]),
        "ids": dataset.ids[found.rows].tolist(),
        "distances": found.distances.tolist(),
    }


def images_address(dataset: Dataset, shelf: Shelf) -> Json | None:
    """Where the page finds the images: gzipped chunks that name the ids they hold."""
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


def _items_address(dataset: Dataset, features: Features, shelf: Shelf) -> Json:
    """Ids, label codes and predictions as three int32 columns; -1 where there is none."""
    predicted = "plain" if features.predictions is None else features.fingerprint
    revision = f"{dataset.fingerprint}-{predicted}"
    url = shelf.put(f"items-{revision}", _items_body, dataset, features)
    splits = [list(split) for split in dataset.splits]
    return {"revision": revision, "url": url, "count": len(dataset), "idLimit": dataset.n_source, "splits": splits}


def _coords_body(projection: Projection) -> bytes:
    return projection.coords.tobytes()


def _images_body(start: int, dataset: Dataset) -> bytes:
    assert dataset.images is not None, "only images have addresses"
    part = slice(start, start + CHUNK_ITEMS)
    ids = dataset.ids[part].astype(np.int32)
    return np.int32(len(ids)).tobytes() + ids.tobytes() + dataset.images[part].tobytes()


def _items_body(dataset: Dataset, features: Features) -> bytes:
    columns = np.full((3, len(dataset)), -1, np.int32)
    columns[0] = dataset.ids
    if dataset.labels is not None:
        columns[1] = dataset.labels
    if features.predictions is not None:
        columns[2] = features.predictions
    return columns.tobytes()


def _classes(dataset: Dataset) -> list[Json]:
    if dataset.labels is None:
        return []
    counts = np.bincount(dataset.labels, minlength=len(dataset.class_names))
    colors = class_colors(len(dataset.class_names))
    return [
        {"name": name, "count": int(count), "color": asdict(color)}
        for name, count, color in zip(dataset.class_names, counts, colors, strict=True)
    ]
