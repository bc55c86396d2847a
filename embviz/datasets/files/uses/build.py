"""The dataset that is made of the fields of files, once it is known what each is used for."""

import warnings
from collections.abc import Sequence

import numpy as np

from embviz.arrays import AnyArray, Float32Array, check_memory, is_finite, not_finite
from embviz.dataset import Dataset, Source
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.uses.classes import classes_of
from embviz.datasets.files.uses.images import images_of
from embviz.datasets.files.uses.roles import Roles
from embviz.datasets.rounding import rounding_loss
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

_AXES = ("x", "y", "z")
_MOST_NAMED = 12


def dataset_of(
    contents: Contents,
    roles: Roles,
    *,
    split: str = "",
    is_guessed: bool = False,
    source: Source | None = None,
    progress: Progress = no_progress,
) -> Dataset:
    """Dataset made of files whose fields are used as the roles say.

    An item has the same id whichever split is loaded: its position among all items of the files.

    Parameters
    ----------
    contents
        Fields of the files.
    roles
        What the fields are used for.
    split
        Name of a split of the contents; empty for all items.
    is_guessed
        Whether the vectors are guessed: a set that cannot be used is then left out, with a warning, if another can be.
    source
        As in `Dataset`.
    progress
        Called while fields are read.

    Raises
    ------
    DatasetError
        If there is no such field or split, or values cannot be used as the roles say.
    """
    fields = {field.name: field for field in contents.fields}
    if unknown := [name for name in roles.fields if name not in fields]:
        raise DatasetError(f"{contents.name} has no field {unknown[0]!r:.80}; it has {names_said(fields)}")
    check_something_to_lay_out(contents, roles)
    rows = rows_of(contents, split)
    sets: dict[str, Float32Array] = {}
    refused: list[DatasetError] = []
    for names in roles.vectors:
        try:
            sets[names[0]] = _vectors(contents.name, [fields[name] for name in names], rows, progress)
        except DatasetError as error:
            if not is_guessed:
                raise
            refused.append(error)
    if refused and not sets:
        raise refused[0]
    for why in refused:
        warnings.warn(f"Vectors are left out: {why}.", stacklevel=2)
    labels, class_names = None, tuple[str, ...]()
    if roles.labels is not None:
        labels, class_names = classes_of(fields[roles.labels], roles.class_names, rows, progress)
    columns: dict[str, AnyArray] = {}
    if len(contents.splits) > 1:
        columns["split"] = _split_column(contents, rows)
    for name in dict.fromkeys([*([roles.group] if roles.group else []), *roles.columns, *roles.layouts]):
        for key, values in _columns(fields[name], rows, progress).items():
            columns[_free(key, columns)] = values
    n = rows.stop - rows.start
    return Dataset(
        name=contents.name,
        split=split or ("all" if len(contents.splits) > 1 else "".join(name for name, _ in contents.splits)),
        ids=np.arange(rows.start, rows.stop, dtype=np.int64),
        n_source=contents.n_whole or contents.n,
        n_split=contents.n_whole or n,
        images=None if roles.images is None else images_of(fields[roles.images.field], roles.images, rows, progress),
        vectors=next(iter(sets.values()), None),
        more_vectors=dict(list(sets.items())[1:]),
        labels=labels,
        class_names=class_names,
        metadata=columns,
        splits=contents.splits if len(contents.splits) > 1 else (),
        group=roles.group or "",
        source=source,
    )


def check_something_to_lay_out(contents: Contents, roles: Roles) -> None:
    """Refuse files of which no field is used for vectors or images.

    Raises
    ------
    DatasetError
        If the roles name neither; the message says what such files must have, as visitors of the page cannot name it.
    """
    if not roles.vectors and roles.images is None:
        has = names_said([field.name for field in contents.fields])
        raise DatasetError(
            f"{contents.name} has neither vectors nor images in {has}; give files that have columns of numbers, arrays "
            "of numbers, or images, or name fields in which they were not recognized: --vectors or --images on the "
            "command line, vectors= or images= in Python"
        )


def number_columns_of(contents: Contents, roles: Roles) -> tuple[str, ...]:
    """Names of the metadata columns of numbers that the dataset will have; reads no field."""
    fields = {field.name: field for field in contents.fields}
    found: list[str] = []
    for name in (*roles.columns, *roles.layouts):
        field = fields[name]
        if field.kind == "layout":
            found += [f"{name}_{ending}" for ending in _AXES[: field.shape[0]]]
        elif field.kind == "column" and field.dtype.kind in "iuf":
            found.append(name)
    return tuple(dict.fromkeys(found))


def names_said(names: Sequence[str] | dict[str, Field]) -> str:
    """The first of some names, for a message."""
    listed = list(names)
    return ", ".join(map("{!r:.40}".format, listed[:12])) + (
        f" and {len(listed) - 12:,} more" if len(listed) > 12 else ""
    )


def rows_of(contents: Contents, split: str) -> slice:
    """The rows of a split of the contents; all of them for an empty name.

    Raises
    ------
    DatasetError
        If there is no such split.
    """
    if not split:
        return slice(0, contents.n)
    ends = [*(first for _, first in contents.splits[1:]), contents.n]
    found = {name: slice(first, end) for (name, first), end in zip(contents.splits, ends, strict=False)}
    if split not in found:
        has = f"it has {', '.join(found)}" if found else "it has no splits: leave split out"
        raise DatasetError(f"{contents.name} has no split {split!r:.40}; {has}")
    return found[split]


def _vectors(where: str, parts: Sequence[Field], rows: slice, progress: Progress) -> Float32Array:
    for field in parts:
        if field.dtype.kind not in "biuf":
            raise DatasetError(f"{where}: {field.name!r} holds text, and vectors are numbers; choose another field")
    n = rows.stop - rows.start
    widths = [int(np.prod(field.shape)) for field in parts]
    check_memory(f"{where}: vectors", (n, sum(widths)), np.float32, DatasetError)
    given = [field.read(rows, progress).reshape(n, width) for field, width in zip(parts, widths, strict=True)]
    values: AnyArray = given[0] if len(given) == 1 else np.concatenate(given, axis=1)
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        vectors = np.ascontiguousarray(values, np.float32)
    if not is_finite(vectors):
        names = names_said([field.name for field in parts])
        raise DatasetError(
            f"{where}: vectors of {names} must be finite, but {not_finite(vectors, values)}; "
            "fill them, or leave those rows out"
        )
    if loss := rounding_loss(values, vectors):
        warnings.warn(f"{where}: {parts[0].name!r}: {loss}", stacklevel=2)
    return vectors


def _columns(field: Field, rows: slice, progress: Progress) -> dict[str, AnyArray]:
    """The columns of a field: one, or one for each of its numbers."""
    values = field.read(rows, progress)
    if field.kind == "column":
        return {field.name: values}
    if field.kind == "images":
        raise DatasetError(f"{field.name!r} holds images, and a column has one value per item; choose another field")
    endings = _AXES if field.kind == "layout" else tuple(map(str, range(field.shape[0])))
    is_yes_or_no = field.kind == "vectors" and bool(np.isin(values, (0, 1)).all())
    dtype = np.bool_ if is_yes_or_no else np.float64
    return {
        f"{field.name}_{ending}": np.ascontiguousarray(values[:, place], dtype)
        for place, ending in enumerate(endings[: field.shape[0]])
    }


def _free(name: str, taken: dict[str, AnyArray]) -> str:
    """The name, with a number after it if another column has this name."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _split_column(contents: Contents, rows: slice) -> AnyArray:
    names = np.array([name for name, _ in contents.splits])
    places = (
        np.searchsorted([first for _, first in contents.splits], np.arange(rows.start, rows.stop), side="right") - 1
    )
    return names[places]
