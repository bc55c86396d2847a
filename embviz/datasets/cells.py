"""What is said of each item, one value after the other: labels to class codes, dicts to columns."""

from collections.abc import Iterable, Mapping
from types import NoneType

import numpy as np

from embviz.arrays import AnyArray, Int64Array, check_memory, rows_named
from embviz.dataset import whole_text
from embviz.errors import DatasetError
from embviz.wording import MOST_BITS, described

Cell = str | int | float | bool | None
"""What one field of an item's metadata may hold; None means the item has none."""

_EXACT_IN_FLOAT64 = 2**53


def listed(name: str, values: object, advice: str) -> list[object]:
    """One value per item, numpy's numbers and texts as Python's own.

    Parameters
    ----------
    name
        What to call them in a message.
    values
        A sequence or array. Not one text, a set, which has no order, a dict or a table.
    advice
        What to give instead of something else.

    Raises
    ------
    DatasetError
        If it is no sequence, or has gaps.
    """
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        rows = rows_named(np.flatnonzero(np.ma.getmaskarray(values).reshape(len(values), -1).any(axis=1)))
        raise DatasetError(f"{name} are masked in {rows}; fill the gaps, or leave those items out")
    is_table = hasattr(values, "columns")  # pandas and polars list the names of the columns, not the rows
    if isinstance(values, str | bytes | set | frozenset | Mapping) or is_table or not isinstance(values, Iterable):
        raise DatasetError(f"{name} must be a sequence with one value per item, got {described(values)}; {advice}")
    try:
        array_like = not isinstance(values, np.ndarray) and hasattr(values, "__array__")
        return [_plain(value) for value in (np.asarray(values) if array_like else values)]
    except Exception as error:  # whatever the iterator of a foreign class raises
        raise DatasetError(f"{name} must be a sequence with one value per item: {error}; {advice}") from error


def _plain(value: object) -> object:
    """Python's own number or text for numpy's. float32 0.1 is 0.1, not the float64 that is nearest to it."""
    if not isinstance(value, np.generic) or value.dtype.kind not in "biufU":
        return value
    return float(str(value)) if isinstance(value, np.floating) else value.item()


def label_codes(values: list[object]) -> tuple[Int64Array, tuple[str, ...]]:
    """The place of each label's text in the list of all different ones, and that list: numbers by value, then texts.

    Examples
    --------
    >>> codes, names = label_codes([10, 9.0, 10])
    >>> codes.tolist(), names
    ([1, 0, 1], ('9', '10'))
    """
    labels = [_label(row, value) for row, value in enumerate(values)]
    numbers = [label for label in labels if isinstance(label, (int, float)) and not isinstance(label, bool)]
    if len(numbers) == len(labels):
        class_names = tuple(_class_name(number) for number in sorted(set(numbers)))
    else:
        class_names = tuple(sorted({_class_name(label) for label in labels}))
    code_of = {name: code for code, name in enumerate(class_names)}
    return np.array([code_of[_class_name(label)] for label in labels], dtype=np.int64), class_names


def _label(row: int, value: object) -> str | int | float:
    if not isinstance(value, (str, int, float)) or value != value or _is_too_long(value):
        raise DatasetError(
            f"label {row} is {described(value)}; give every item a text or a number, or leave labels out"
        )
    if isinstance(value, str):
        whole_text(f"label {row}", value)
    return value


def _is_too_long(value: object) -> bool:
    return isinstance(value, int) and value.bit_length() > MOST_BITS


def _class_name(label: str | int | float) -> str:
    """The label as text, where 1.0 is "1": tables often turn integer labels into floats."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def columns_of(items: list[object]) -> dict[str, AnyArray]:
    """Columns of the union of the keys in order of appearance, each of the narrowest type that keeps every value.

    Examples
    --------
    >>> columns_of([{"writer": 4, "note": "x"}, {"writer": None}])["writer"].tolist()
    [4.0, nan]
    """
    dicts: list[dict[str, Cell]] = []
    for row, item in enumerate(items):
        if not isinstance(item, Mapping):
            raise DatasetError(f"metadata {row} is {described(item)}; give one dict per item")
        dicts.append({_key(row, key): _cell(row, key, cell) for key, cell in item.items()})
    names = dict.fromkeys(name for item in dicts for name in item)
    return {name: _column(name, [item.get(name) for item in dicts]) for name in names}


def _key(row: int, key: object) -> str:
    if not isinstance(key, str):
        raise DatasetError(f"metadata {row} has the key {described(key)}; keys name columns and must be texts")
    return whole_text(f"a key of metadata {row}", str(key))


def _cell(row: int, key: str, cell: object) -> Cell:
    value = _plain(cell)
    if not isinstance(value, (str, int, float, NoneType)) or _is_too_long(value):
        raise DatasetError(
            f"metadata {row} holds a {type(cell).__name__} at {key!r}; give text, a number, bool or None"
        )
    return whole_text(f"metadata {row} at {key!r}", value) if isinstance(value, str) else value


def _column(name: str, cells: list[Cell]) -> AnyArray:
    """The narrowest of bool, int64, float64 (a missing value is NaN) and text (empty) that keeps every value."""
    types = {type(cell) for cell in cells}
    integers = [cell for cell in cells if type(cell) is int]
    if types == {bool}:
        return np.array(cells, dtype=np.bool_)
    if types == {int} and all(-(2**63) <= value < 2**63 for value in integers):
        return np.array(cells, dtype=np.int64)
    numbers = types <= {int, float, NoneType} and types != {NoneType}
    if numbers and all(abs(value) <= _EXACT_IN_FLOAT64 for value in integers):
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    texts = ["" if cell is None else str(cell) for cell in cells]
    longest = max(map(len, texts))
    check_memory(
        f"metadata {name!r}, its longest text of {longest:,} characters,", (len(texts), longest), np.str_, DatasetError
    )
    return np.array(texts, dtype=np.str_)
