"""What is said of each item, one value after the other: labels to class codes, dicts to columns."""

from collections.abc import Iterable, Mapping
from itertools import islice
from types import NoneType
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, Int64Array, check_memory, rows_named
from embviz.checks.columns import whole_text
from embviz.checks.wording import MOST_BITS, described
from embviz.errors import DatasetError

Cell = str | int | float | bool | None
"""What one field of an item's metadata may hold; None means the item has none."""

_EXACT_IN_FLOAT64 = 2**53
_NO_LISTS = (str, bytes, bytearray, memoryview, set, frozenset, Mapping)
_MISSING_IN_TABLES = ("NAType", "NaTType")
"""Names of the classes of pandas.NA and pandas.NaT; importing pandas for them would take long."""


def check_is_list(name: str, values: object, advice: str) -> None:
    """Refuse what has no value for each item: one text, bytes, a set, which has no order, a dict or a table.

    Parameters
    ----------
    name
        What to call the values in a message.
    values
        What was given.
    advice
        What to give instead.

    Raises
    ------
    DatasetError
        If it is no sequence, array or iterator.
    """
    is_table = hasattr(values, "columns")  # pandas and polars list the names of the columns, not the rows
    is_one_number = isinstance(values, np.ndarray) and not values.ndim
    if isinstance(values, _NO_LISTS) or is_table or is_one_number or not isinstance(values, Iterable):
        raise DatasetError(f"{name} must be a sequence with one value per item, got {described(values)}; {advice}")


def length_of(values: Any) -> int | None:
    """How many there are; None if that is only known when they have been read, as of an iterator."""
    try:
        return len(values)
    except (TypeError, OverflowError):  # Python counts no further than 2**63
        return None


def masked_rows(values: object) -> list[int]:
    """Which rows of a masked array have gaps, or which of the rows in a list."""
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ascontiguousarray(np.ma.getmask(values))
        gaps = mask.view(np.bool_)  # that of records has fields
        return np.flatnonzero(gaps.reshape(len(mask), -1).any(axis=1)).tolist() if gaps.any() else []
    rows = values if isinstance(values, list | tuple) else []
    return [row for row, part in enumerate(rows) if isinstance(part, np.ma.MaskedArray) and np.ma.is_masked(part)]


def listed(name: str, values: Any, advice: str, n: int) -> list[object]:
    """One value per item, numpy's numbers and texts as Python's own.

    Parameters
    ----------
    name, values, advice
        As in `check_is_list`, which has let them pass.
    n
        Number of items: no more than one further value is read of what may never end.

    Raises
    ------
    DatasetError
        If there are more, they cannot be read, or some are masked.
    """
    if isinstance(values, np.ma.MaskedArray) and (masked := masked_rows(values)):
        raise DatasetError(f"{name} are masked in {rows_named(masked)}; fill the gaps, or leave those items out")
    try:
        array_like = not isinstance(values, np.ndarray) and hasattr(values, "__array__")
        read = [_plain(value) for value in islice(np.asarray(values) if array_like else values, n + 1)]
    except Exception as error:  # whatever the iterator of a foreign class raises
        raise DatasetError(f"{name} must be a sequence with one value per item: {error}; {advice}") from error
    if len(read) > n:
        raise DatasetError(f"lengths differ: {name} go on after {n} items; give one of each per item")
    return read


def _plain(value: object) -> object:
    """Python's own number or text for numpy's. float32 0.1 is 0.1, not the float64 that is nearest to it.

    A longdouble that no float holds stays one.
    """
    if not isinstance(value, np.generic) or value.dtype.kind not in "biufU":
        return value
    if not isinstance(value, np.floating):
        return value.item()
    number = float(str(value))
    return value if np.isinf(number) and np.isfinite(value) else number


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
    if _is_too_large(value):
        raise DatasetError(f"label {row} is {described(value)}, too large a number; give a smaller one, or a text")
    if not isinstance(value, (str, int, float)) or value != value:
        raise DatasetError(
            f"label {row} is {described(value)}; give every item a text or a number, or leave labels out"
        )
    if isinstance(value, str):
        whole_text(f"label {row}", value)
    return value


def _is_too_large(value: object) -> bool:
    return (isinstance(value, int) and value.bit_length() > MOST_BITS) or isinstance(value, np.longdouble)


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
    where = f"metadata {row} at {key!r}"
    value = None if type(cell).__name__ in _MISSING_IN_TABLES else _plain(cell)
    if _is_too_large(value):
        raise DatasetError(f"{where} is {described(value)}, too large a number; give a smaller one, or a text")
    if not isinstance(value, (str, int, float, NoneType)):
        raise DatasetError(
            f"metadata {row} holds a {type(cell).__name__} at {key!r}; give text, a number, bool or None"
        )
    if isinstance(value, str) and whole_text(where, value).endswith("\0"):
        raise DatasetError(f"{where} ends in a NUL character, which numpy drops; take it off")
    return value


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
    texts = ["" if cell is None or cell != cell else str(cell) for cell in cells]  # pandas has NaN for None
    longest = max(map(len, texts))
    check_memory(
        f"metadata {name!r}, its longest text of {longest:,} characters,", (len(texts), longest), np.str_, DatasetError
    )
    return np.array(texts, dtype=np.str_)
