"""The metadata file of an export: columns that TensorBoard can show, search and color by, one row per item."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from embviz.arrays import AnyArray
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.export.names import one_line, tensor_name, unique_names
from embviz.features.features import Features
from embviz.items.names import split_positions
from embviz.items.sequences import NEXT_COLUMNS, next_rows, without_rings

METADATA_FILE = "metadata.tsv"

NUMBER = re.compile(
    r"[\s\ufeff]*(?:[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)|0x[0-9a-f]+|0o[0-7]+|0b[01]+)?[\s\ufeff]*",
    re.IGNORECASE,
)
"""Pattern of cells that TensorBoard's page, by JavaScript's rules, reads as a number, or as no value (empty)."""

CHUNK = 1_000_000
"""Number of bytes that TensorBoard's page reads and decodes at a time."""


def metadata_columns(dataset: Dataset, features: Sequence[Features] = ()) -> dict[str, list[str]]:
    """The columns ``label``, ``id``, ``index`` and ``prediction``, then the dataset's own, as texts, one per cell.

    There is no ``label`` without labels, and no ``index`` (the position in the split) if `Dataset.splits` is empty. If
    networks predict differently, there is a column ``prediction_<features>`` for each. A column of the dataset gets a
    number if its name is taken, and is left out if it repeats a column before it or is the same for every item.

    TensorBoard labels points by the first column that is not all numbers, and shows nothing for a label that is the
    number 0. So if the names of all classes are numbers, they are written ``class 0``, ``class 1``, and so on.

    Texts are put on one line. A bool is written as 1 or 0, because a column of texts could become the one that labels
    the points. NaN is an empty cell, which TensorBoard shows as no value. A class without a name is ``(no name)``,
    because TensorBoard cannot color an empty cell. Columns of next items, by which TensorBoard draws lines, hold the
    position among the items of this file, and nothing where the next item is not in it, or would close a ring.

    Parameters
    ----------
    dataset
        The items.
    features
        Features whose predictions become columns, if they have any.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> toy = dataset_from_arrays(vectors=[[0], [1]], labels=[7, 1],
    ...                           metadata=[{"id": "a b", "odd": True}, {"id": "", "odd": False}])
    >>> metadata_columns(toy)
    {'label': ['class 7', 'class 1'], 'id': ['0', '1'], 'id_2': ['a b', ''], 'odd': ['1', '0']}
    """
    return {header: cells for _, header, cells in _columns(dataset, features)}


def renamed_columns(dataset: Dataset, features: Sequence[Features] = ()) -> dict[str, str]:
    """The new names of the dataset's columns that `metadata_columns` renames, by their old names.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> renamed_columns(dataset_from_arrays(vectors=[[0], [1]], metadata=[{"id": "a"}, {"id": "b"}]))
    {'id': 'id_2'}
    """
    return {name: header for name, header in column_headers(dataset, features).items() if name != header}


def column_headers(dataset: Dataset, features: Sequence[Features] = ()) -> dict[str, str]:
    """The headers of the dataset's columns that `metadata_columns` writes, by the columns' names."""
    return {name: header for name, header, _ in _columns(dataset, features) if name is not None}


def class_cells(dataset: Dataset) -> list[str]:
    """The text of each class in the column ``label``.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> class_cells(dataset_from_arrays(vectors=[[0], [1]], labels=[7, 1]))
    ['class 1', 'class 7']
    """
    cells = _cells_of_classes(dataset.class_names)
    used = [] if dataset.labels is None else [cells[code] for code in dataset.labels]
    return [_class(cell) for cell in cells] if used and _is_numeric(used) else cells


def _columns(dataset: Dataset, features: Sequence[Features]) -> list[tuple[str | None, str, list[str]]]:
    """Each column's name in the dataset (None for columns that are not the dataset's own), its header and its cells."""
    for each in features:
        check_same_items(f"{each.name} features", each.items, dataset)
    ours: dict[str, list[str]] = {}
    if dataset.labels is not None:
        class_names = _cells_of_classes(dataset.class_names)
        ours["label"] = [class_names[code] for code in dataset.labels]
    ours["id"] = [str(item) for item in dataset.ids]
    positions = split_positions(dataset)
    if positions is not None:
        ours["index"] = [str(position) for position in positions]
    ours |= _predictions(features)
    own = {name: cells for name, cells in _own_columns(dataset).items() if ours.get(name) != cells}
    constant = constant_columns(dataset)
    own = {name: cells for name, cells in own.items() if name not in constant}
    if "label" in ours and _is_numeric(ours["label"]):
        classes = {name: cells for name, cells in ours.items() if name not in ("id", "index")}
        ours |= {name: list(map(_class, cells)) for name, cells in classes.items()}
    headers = unique_names([*ours, *(one_line(name) or "column" for name in own)])
    return list(zip([None] * len(ours) + list(own), headers, [*ours.values(), *own.values()], strict=True))


def constant_columns(dataset: Dataset) -> dict[str, str]:
    """The dataset's own columns that are the same for every item, if there are several items: names and cells.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> constant_columns(dataset_from_arrays(vectors=[[0], [1]], metadata=[{"a": 1, "b": 1}, {"a": 1, "b": 2}]))
    {'a': '1'}
    """
    return {name: cells[0] for name, cells in _own_columns(dataset).items() if len(cells) > 1 and len(set(cells)) == 1}


def rings_opened(dataset: Dataset) -> dict[str, int]:
    """How many lines `metadata_columns` leaves out of each column of next items because they would close a ring."""
    joined = {name: next_rows(dataset, name) for name in NEXT_COLUMNS if name in dataset.metadata}
    left_out = {name: int(np.count_nonzero(rows != without_rings(rows))) for name, rows in joined.items()}
    return {name: count for name, count in left_out.items() if count}


def _own_columns(dataset: Dataset) -> dict[str, list[str]]:
    return {
        name: _next_cells(dataset, name) if name in NEXT_COLUMNS else _cells(column)
        for name, column in dataset.metadata.items()
    }


def _next_cells(dataset: Dataset, name: str) -> list[str]:
    return [str(row) if row >= 0 else "" for row in without_rings(next_rows(dataset, name)).tolist()]


def _class(number: str) -> str:
    return f"class {number}"


def _is_numeric(cells: Sequence[str]) -> bool:
    """Whether TensorBoard reads a column as numbers."""
    return all(map(NUMBER.fullmatch, cells))


def metadata_tsv(columns: Mapping[str, Sequence[str]]) -> bytes:
    """The content of the metadata file for TensorBoard: UTF-8, a header unless there is one column, no blank row.

    TensorBoard's page decodes the file in chunks of 1,000,000 bytes, and breaks a character that spans two chunks. So
    an ``id`` before such a character gets up to three leading spaces, which readers of numbers ignore.

    Raises
    ------
    InputError
        If a row has more than 250,000 bytes.
    """
    header = ["\t".join(columns)] if len(columns) > 1 else []
    rows = [f"{row}\n".encode() for row in [*header, *map("\t".join, zip(*columns.values(), strict=True))]]
    longest = max(rows, key=len)
    if len(longest) > CHUNK // 4:
        raise InputError(
            f"metadata of one item must fit {CHUNK // 4} bytes, got {len(longest)} starting "
            f"{longest[:40].decode(errors='ignore')!r}; leave that column out"
        )
    return _with_whole_characters(b"".join(rows), list(columns).index("id"))


def read_metadata_tsv(data: bytes) -> dict[str, list[str]]:
    """The columns of a metadata file, read by the rules of TensorBoard's page.

    Chunks are decoded one by one, blank rows are dropped, and the first row is a header if it has a tab.

    Raises
    ------
    ValueError
        If a chunk is not UTF-8, or a row does not have as many cells as the header.
    """
    text = "".join(data[start : start + CHUNK].decode() for start in range(0, len(data), CHUNK))
    rows = [row.split("\t") for row in text.split("\n") if row.strip()]
    header = rows.pop(0) if "\t" in text.partition("\n")[0] else ["label"]
    columns: dict[str, list[str]] = {name: [] for name in header}
    for row in rows:
        for name, cell in zip(header, row, strict=True):
            columns[name].append(cell)
    return columns


def _predictions(features: Sequence[Features]) -> dict[str, list[str]]:
    """The columns with the names of the predicted classes; a single column if all networks predict the same."""
    known = [(each.name, _predicted(each)) for each in features if each.predictions is not None]
    if not known:
        return {}
    if all(cells == known[0][1] for _, cells in known):
        return {"prediction": known[0][1]}
    names = unique_names(f"prediction_{tensor_name(name)}" for name, _ in known)
    return {name: cells for name, (_, cells) in zip(names, known, strict=True)}


def _predicted(features: Features) -> list[str]:
    assert features.predictions is not None, "it has a network"
    names = _cells_of_classes(features.class_names)
    return [names[code] for code in features.predictions]


def _cells_of_classes(names: Sequence[str]) -> list[str]:
    return unique_names(one_line(name) or "(no name)" for name in names)


def _cells(column: AnyArray) -> list[str]:
    match column.dtype.kind:
        case "b":
            return ["1" if value else "0" for value in column]
        case "f":
            return ["" if value != value else repr(value) for value in column.tolist()]
        case _:
            return [one_line(str(value)) for value in column.tolist()]


def _with_whole_characters(table: bytes, id_column: int) -> bytes:
    """The table without a character across a chunk boundary: spaces are inserted before the id in the row above."""
    text = bytearray(table)
    boundary = CHUNK
    while boundary < len(text):
        while text[boundary] & 0xC0 == 0x80:  # inside a character
            row = text.rfind(b"\n", 0, text.rfind(b"\n", 0, boundary)) + 1
            cell = row
            for _ in range(id_column):
                cell = text.index(b"\t", cell) + 1
            text.insert(cell, ord(" "))
        boundary += CHUNK
    return bytes(text)
