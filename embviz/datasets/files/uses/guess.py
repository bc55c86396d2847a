"""Guess of what each field of files is used for, by plain rules, each with a sentence that explains it."""

import math
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from embviz.arrays import AnyArray
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.uses.ranges import range_said, value_range
from embviz.datasets.files.uses.roles import Pictures, Roles
from embviz.datasets.files.uses.usual_names import GROUPS, LABELS, is_id_name, is_label_name, is_name_of_ids
from embviz.items.sequences import NEXT_COLUMNS
from embviz.progress import Progress, no_progress

MOST_COLUMNS = 200
"""Most columns that are shown of an item unless the user asks for more."""
_FIRST_ROWS = 256
_LEAST_SIDE = 4
_MOST_CLASSES = 10_000
_FEW = 20
"""Number of different values up to which a field may hold classes, however few the items are."""
_PIXEL_NAMES = ("pix", "im", "x", "px", "data", "values")
_ID_NAMES = ("id", "ids", "index", "idx", "row_id", "uuid", "key")
_PAPER = 200
"""Brightness in 0..255 from which a border is taken for paper."""


def guessed_roles(
    contents: Contents,
    progress: Progress = no_progress,
    *,
    labels: str | None = None,
    no_features: Collection[str] = (),
) -> tuple[Roles, tuple[str, ...]]:
    """Guessed roles of fields, and a sentence on each guess.

    Parameters
    ----------
    contents
        Fields of the files; some of their values are read.
    progress
        Called while values are read.
    labels
        The field of classes, if it is known; None to guess it.
    no_features
        Columns that are known to be no features: those of groups, or of files of metadata.
    """
    said: list[str] = []
    guessed = _labels(contents, said if labels is None else [], progress)
    # A column of classes is no feature, also if others are asked for; "y" may be a coordinate beside "x".
    other = guessed if labels is not None and guessed != labels and guessed not in ("y", "Y") else None
    labels = guessed if labels is None else labels
    images = _images(contents, (labels, other), said, progress)
    used = {labels, images.field if images else None}
    layouts = tuple(field.name for field in contents.fields if field.kind == "layout")
    several = [
        field.name
        for field in contents.fields
        if field.name not in used and (_is_several_classes(field) or (field.kind == "vectors" and field.name == other))
    ]
    used |= set(several)
    of_ids = [field.name for field in contents.fields if field.kind == "vectors" and _is_of_ids(field)]
    used |= set(of_ids)
    said += [f"{name!r} holds ids of other items, and is left out." for name in of_ids]
    left = [field for field in contents.fields if field.name not in used]
    columns = [field.name for field in left if field.kind == "column"]
    vectors: list[tuple[str, ...]] = [(field.name,) for field in left if field.kind == "vectors"]
    if not vectors and images is None:
        numbers = [field for field in left if field.name not in (*no_features, other)]
        vectors = _vectors_of_columns(numbers, said) or [(name,) for name in layouts[:1]]
    sets = [field for field in contents.fields if field.shape and (field.name,) in vectors]
    said += [f"Vectors: {field.name!r}, {field.shape[0]:,} numbers per item." for field in sets]
    for name in several:
        said.append(f"{name!r} has several classes per item; each is shown as a column.")
    for field in left:
        if field.kind == "images":
            said.append(f"{field.name!r} holds further images, which are left out.")
    if len(columns) > MOST_COLUMNS:
        said.append(f"The first {MOST_COLUMNS} of {len(columns):,} columns are shown.")
    group = next((name for name in columns if name.lower() in GROUPS), None)
    if group:
        said.append(f"Items with the same {group!r} are taken to belong together.")
    roles = Roles(
        vectors=tuple(vectors),
        images=images,
        labels=labels,
        group=group,
        columns=(*columns[:MOST_COLUMNS], *several),
        layouts=layouts,
    )
    return roles, tuple(said)


def _labels(contents: Contents, said: list[str], progress: Progress) -> str | None:
    """Name of the field of classes: by its name, its named classes, or as the only one of texts; None without one."""
    columns = [field for field in contents.fields if field.kind == "column"]
    named = [field for name in LABELS for field in columns if field.name.lower() == name]
    named += [field for field in columns if is_label_name(field.name) and field not in named]
    for field in named:
        count = _n_different(field, progress)
        if field.class_names or _are_classes(count, contents.n):
            said.append(f"Labels: {field.name!r}, {count:,} different values.")
            return field.name
        said.append(f"{field.name!r} has {count:,} different values for {contents.n:,} items: too many for classes.")
    for field in contents.fields:
        if field.kind == "vectors" and is_one_hot(field, progress):
            said.append(f"Labels: the position of the 1 among the {field.shape[0]} numbers of {field.name!r}.")
            return field.name
    coded = [field for field in columns if field.class_names]
    if len(coded) == 1 and coded[0] not in named:
        said.append(f"Labels: {coded[0].name!r}, the only column of {len(coded[0].class_names):,} named classes.")
        return coded[0].name
    texts = [field for field in columns if field.dtype.kind == "U" and field.name not in NEXT_COLUMNS]
    if len(texts) == 1 and not named:
        count = _n_different(texts[0], progress)
        if 1 < count <= contents.n // 2 and count <= _MOST_CLASSES:
            said.append(f"Labels: {texts[0].name!r}, the only text, of {count:,} different values.")
            return texts[0].name
    return None


def _n_different(field: Field, progress: Progress) -> int:
    """Number of different values; the number of all values if some are not whole numbers."""
    values = field.read(slice(None), progress)
    if values.dtype.kind == "f":
        numbers = values[~np.isnan(np.asarray(values, np.float64))]
        if not np.array_equal(numbers, np.round(np.asarray(numbers, np.float64))):
            return len(values)
    return len(np.unique(values))


def _are_classes(count: int, n: int) -> bool:
    return count <= max(_FEW, min(n // 2, _MOST_CLASSES))


def is_one_hot(field: Field, progress: Progress = no_progress) -> bool:
    """Whether each value of a field has a single 1 among zeros; floats count only if the field is named like labels."""
    if not 1 < field.shape[0] <= _MOST_CLASSES or not (is_label_name(field.name) or field.dtype.kind in "iub"):
        return False
    first = field.read(slice(0, _FIRST_ROWS), no_progress)
    return _one_hot_rows(first) and _one_hot_rows(field.read(slice(None), progress))


def _one_hot_rows(values: AnyArray) -> bool:
    is_one = values == np.ones(1, values.dtype)
    return bool((is_one.sum(axis=1) == 1).all() and np.count_nonzero(values) == len(values))


def _is_of_ids(field: Field) -> bool:
    return field.dtype.kind in "iu" and is_name_of_ids(field.name)


def _is_several_classes(field: Field) -> bool:
    """Whether a field marks several classes per item: it holds zeros and ones, and is named like labels."""
    if field.kind != "vectors" or not is_label_name(field.name) or field.shape[0] > MOST_COLUMNS:
        return False
    first: Any = field.read(slice(0, _FIRST_ROWS), no_progress)
    return bool(np.isin(first, (0, 1)).all())


def _images(contents: Contents, labels: Collection[str | None], said: list[str], progress: Progress) -> Pictures | None:
    for field in contents.fields:
        if field.kind == "images" and (shape := _shape_of_pictures(field.shape)):
            return _pictures(field, *shape, said, progress)
    for field in contents.fields:
        if field.kind == "vectors" and field.name not in labels and (side := _side(field)):
            words: list[str] = []
            found = _pictures(field, side, False, words, progress)
            is_named = field.name.lower().startswith(_PIXEL_NAMES)
            is_usual = (found.low, found.high) in ((0.0, 255.0), (0.0, 1.0), (-1.0, 1.0), (0.0, 16.0))
            if (is_named and is_usual) or ((found.low, found.high) == (0.0, 255.0) and field.dtype.kind in "iu"):
                said += words
                return found
    return None


def pictures_of(field: Field, progress: Progress = no_progress) -> Pictures | None:
    """`Pictures` for a field of images, or of vectors that may be square images; None if its shape does not fit."""
    if field.kind == "images":
        shape = _shape_of_pictures(field.shape)
        return None if shape is None else _pictures(field, *shape, [], progress)
    side = _side(field) if field.kind == "vectors" else ()
    return _pictures(field, side, False, [], progress) if side else None


def _shape_of_pictures(shape: tuple[int, ...]) -> tuple[tuple[int, ...], bool] | None:
    """Shape of an image as (h, w) or (h, w, c), and whether it is stored as (c, h, w); None if it cannot be drawn."""
    if len(shape) == 2 or shape[2:] in ((3,), (4,)):
        return shape, False
    return ((shape[1], shape[2], shape[0]), True) if shape[0] in (3, 4) else None


def _side(field: Field) -> tuple[int, ...]:
    """Shape of the square image, gray or in color, that a vector may be; empty if no square has as many numbers."""
    (length,) = field.shape
    for colors in ((), (3,)):
        side = math.isqrt(length // math.prod(colors))
        if side >= _LEAST_SIDE and side * side * math.prod(colors) == length:
            return (side, side, *colors)
    return ()


def _pictures(field: Field, shape: tuple[int, ...], planar: bool, said: list[str], progress: Progress) -> Pictures:
    low, high = value_range(field, progress)
    size = f"{shape[0]} × {shape[1]}{' in color' if len(shape) == 3 else ''}"
    how = ", the colors one after the other" if planar else ""
    said.append(f"Images: {field.name!r}, {size} (height × width){how}, values {range_said(low, high)}.")
    if field.kind == "vectors":
        said.append(f"They are {math.prod(shape):,} numbers per item, taken to be a square, row by row.")
    if shape[2:] == (4,):
        said.append("The fourth number of each pixel is taken for its opacity, and left out.")
    inverted = len(shape) == 2 and _is_on_paper(field, shape, low, high)
    if inverted:
        said.append("Their borders are bright as paper: dark is taken for ink.")
    return Pictures(field.name, shape, low, high, planar=planar, inverted=inverted)


def _is_on_paper(field: Field, shape: tuple[int, ...], low: float, high: float) -> bool:
    first = np.asarray(field.read(slice(0, _FIRST_ROWS), no_progress), np.float64).reshape(-1, *shape)
    edges = np.concatenate([first[:, 0], first[:, -1], first[:, :, 0], first[:, :, -1]], axis=None)
    return bool(((edges - low) / (high - low) * 255 >= _PAPER).mean() >= 0.9)


def _vectors_of_columns(fields: Sequence[Field], said: list[str]) -> list[tuple[str, ...]]:
    """One vector of all columns of numbers that are not ids, codes of classes or groups."""
    numbers = tuple(
        field.name
        for field in fields
        if field.kind == "column"
        and (field.dtype.kind == "f" or (field.dtype.kind == "i" and not is_id_name(field.name)))
        and not (field.numbers_rows or field.class_names)
        and field.name.lower() not in (*_ID_NAMES, *NEXT_COLUMNS, *GROUPS)
    )
    if not numbers:
        return []
    listed = ", ".join(numbers[:5]) + (", …" if len(numbers) > 5 else "")
    several = f"the {len(numbers):,} columns of numbers side by side ({listed})"
    said.append(f"Vectors: {several if len(numbers) > 1 else f'the only column of numbers ({listed})'}.")
    return [numbers]
