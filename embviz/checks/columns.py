"""Checks of texts and metadata columns: whether files and browsers can hold them."""

import numpy as np

from embviz.arrays import AnyArray
from embviz.checks.wording import described
from embviz.errors import DatasetError

_COLUMN_TYPES = (np.dtype(np.int64), np.dtype(np.float64), np.dtype(np.bool_))


def whole_text(what: str, text: str) -> str:
    r"""The text itself, checked to be one that files and browsers can hold.

    Raises
    ------
    DatasetError
        If the text has lone surrogates, which come from reading it with a wrong encoding.

    Examples
    --------
    >>> whole_text("label 3", "a\ud800")
    Traceback (most recent call last):
    embviz.errors.DatasetError: label 3 is 'a\ud800' and has a lone surrogate; read it again with the right encoding
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise DatasetError(f"{what} is {text!a:.80} and has a lone surrogate; read it again with the right encoding")
    return text


def frozen_column(name: str, column: AnyArray, n: int) -> AnyArray:
    """Metadata column, checked and read-only; unlike vectors it may hold NaN, for items without a value."""
    if not isinstance(column, np.ndarray):
        raise DatasetError(f"metadata {name!r} must be an array with a value for each item, got {described(column)}")
    if isinstance(column, np.ma.MaskedArray):
        raise DatasetError(f"metadata {name!r} is a masked array; fill its gaps, numbers with NaN, or leave it out")
    if column.shape != (n,) or not (column.dtype.kind == "U" or column.dtype in _COLUMN_TYPES):
        raise DatasetError(
            f"metadata {name!r} must be text, int64, float64 or bool of shape ({n},), "
            f"got {column.dtype} of shape {column.shape}"
        )
    column = np.asarray(column, order="C")
    if column.dtype.kind == "U" and _has_half_characters(column):
        (row,) = np.flatnonzero([_has_half_characters(column[row : row + 1]) for row in range(n)])[:1]
        whole_text(f"metadata {name!r} of row {row}", str(column[row]))
    column.flags.writeable = False
    return column


def _has_half_characters(texts: AnyArray) -> bool:
    characters = np.ascontiguousarray(texts).view(np.uint32)
    return bool(((characters >= 0xD800) & (characters <= 0xDFFF)).any())
