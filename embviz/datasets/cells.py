"""Labels and metadata that are given item by item: labels become class codes, dicts become columns."""

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
"""Type of one value of an item's metadata; None means that the item has no value."""

_EXACT_IN_FLOAT64 = 2**53
_NO_LISTS = (str, bytes, bytearray, memoryview, set, frozenset, Mapping)
_MISSING_IN_TABLES = ("NAType", "NaTType")
"""Names of the classes of pandas.NA and pandas.NaT; importing pandas to compare with these would take long."""


def check_is_list(name: str, values: object, advice: str) -> None:
    """Refuse values that are not one value per item in order: a text, bytes, a set, a dict, a table or one number.

    Parameters
    ----------
    name
        Name of the values in a message.
    values
        Values that the caller passed.
    advice
        Words for what to give instead, as the end of a message.

    Raises
    ------
    DatasetError
        If the values are not a sequence, array or iterator.
    """
    is_table = hasattr(values, "columns")  # pandas and polars list the names of the columns, not the rows
    is_one_number = isinstance(values, np.ndarray) and not values.ndim
    if isinstance(values, _NO_LISTS) or is_table or is_one_number or not isinstance(values, Iterable):
        raise DatasetError(f"{name} must be a sequence with one value per item, got {described(values)}; {advice}")


def length_of(values: Any) -> int | None:
    """Number of values; None if they have no length, as an iterator has none."""
    try:
        return len(values)
    except (TypeError, OverflowError):  # OverflowError: Python counts no further than 2**63
        return None


def masked_rows(values: object) -> list[int]:
    """Indices of the rows with masked values in a masked array or a list of masked arrays; else empty."""
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ascontiguousarray(np.ma.getmask(values))
        gaps = mask.view(np.bool_)  # the mask of a record array has fields
        return np.flatnonzero(gaps.reshape(len(mask), -1).any(axis=1)).tolist() if gaps.any() else []
    rows = values if isinstance(values, list | tuple) else []
    return [row for row, part in enumerate(rows) if isinstance(part, np.ma.MaskedArray) and np.ma.is_masked(part)]


def listed(name: str, values: Any, advice: str, n: int) -> list[object]:
    """The values as a list, with numpy's numbers and texts as Python's own.

    Parameters
    ----------
    name, values, advice
        As in `check_is_list`, which must have been called for them.
    n
        Number of items. At most n + 1 values are read, because an iterator may never end.

    Raises
    ------
    DatasetError
        If there are more than n values, they cannot be read, or some are masked.
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
    """Python's own number or text for one of numpy's; any other value as it is.

    A float32 0.1 becomes 0.1, not 0.10000000149011612. A longdouble too large for a float stays a longdouble.
    """
    if not isinstance(value, np.generic) or value.dtype.kind not in "biufU":
        return value
    if not isinstance(value, np.floating):
        return value.item()
    number = float(str(value))
    return value if np.isinf(number) and np.isfinite(value) else number


def label_codes(values: list[object]) -> tuple[Int64Array, tuple[str, ...]]:
    """Class code of each label, and the class names: the different labels as text, sorted.

    If all labels are numbers, they are sorted by value, else as texts. A code is the position of a label's text in the
    class names.

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
    """Label as text; 1.0 becomes "1", because tables often turn integer labels into floats."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def columns_of(items: list[object]) -> dict[str, AnyArray]:
    """Metadata columns from one dict per item: the union of the keys, in order of appearance; types as in `_column`.

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
        raise DatasetError(f"{where} ends in a NUL character, which numpy drops; remove it")
    return value


def _column(name: str, cells: list[Cell]) -> AnyArray:
    """Column of the first type that keeps every value: bool, int64, float64 (missing: NaN), text (missing: empty)."""
    types = {type(cell) for cell in cells}
    integers = [cell for cell in cells if type(cell) is int]
    if types == {bool}:
        return np.array(cells, dtype=np.bool_)
    if types == {int} and all(-(2**63) <= value < 2**63 for value in integers):
        return np.array(cells, dtype=np.int64)
    numbers = types <= {int, float, NoneType} and types != {NoneType}
    if numbers and all(abs(value) <= _EXACT_IN_FLOAT64 for value in integers):
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    texts = ["" if cell is None or cell != cell else str(cell) for cell in cells]  # NaN too: pandas has it for None
    longest = max(map(len, texts))
    check_memory(
        f"metadata {name!r}, its longest text of {longest:,} characters,", (len(texts), longest), np.str_, DatasetError
    )
    return np.array(texts, dtype=np.str_)
