"""Check an array's shape, type and values, make it read-only, say it in a few words, and hash content."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from embviz.errors import InputError

Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]
Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]
UInt8Array = npt.NDArray[np.uint8]
AnyArray = npt.NDArray[np.generic]

MOST_ROWS_NAMED = 5


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def frozen_array(name: str, value: AnyArray, dtype: npt.DTypeLike, shape: Sequence[int | None]) -> AnyArray:
    """The array itself, checked, C-contiguous and read-only.

    Takes ownership: an array that already has the right type and layout is not copied but made
    read-only in place, so 220 MB stay 220 MB. Pass a copy to keep yours writable.

    Parameters
    ----------
    name
        What to call the array in an error message.
    value
        The array.
    dtype
        The exact type it must have; nothing is converted silently.
    shape
        Expected length of each axis, None where any length will do.

    Raises
    ------
    InputError
        If it is no plain array, type or shape differ, or a float array holds NaN or infinity.

    Examples
    --------
    >>> frozen_array("labels", np.array([1, 7]), np.int64, (2,)).flags.writeable
    False
    >>> frozen_array("labels", np.array([1, 7]), np.int64, (3,))
    Traceback (most recent call last):
    embviz.errors.InputError: labels must have shape (3,), got (2,)
    """
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray):
        raise InputError(f"{name} must be an array {np.dtype(dtype)} without gaps, got a {type(value).__name__}")
    if value.dtype != np.dtype(dtype):
        raise InputError(f"{name} must be {np.dtype(dtype)}, got {value.dtype}")
    fits = len(shape) == value.ndim and all(want in (None, got) for want, got in zip(shape, value.shape, strict=True))
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in shape) + ("," if len(shape) == 1 else "")
        raise InputError(f"{name} must have shape ({wanted}), got {value.shape}")
    if value.dtype.kind == "f" and not is_finite(value):
        raise InputError(f"{name} must be finite, but {not_finite(value)}; remove or replace those rows")
    array = np.asarray(value, order="C")
    array.flags.writeable = False
    return array


def is_finite(values: AnyArray) -> bool:
    """Whether no value is NaN or infinite, without a mask as large as the array.

    Examples
    --------
    >>> is_finite(np.array([0.0, 1.0])), is_finite(np.array([0.0, np.nan]))
    (True, False)
    """
    return values.size == 0 or bool(np.isfinite(values.min()) and np.isfinite(values.max()))  # NaN wins both


def not_finite(values: AnyArray) -> str:
    """Which rows hold NaN, and which infinity: the end of a sentence about values that are not `is_finite`.

    Examples
    --------
    >>> not_finite(np.array([[0.0, np.nan], [1.0, 2.0], [np.inf, 0.0]]))
    'row 0 holds NaN, row 2 infinity'
    """
    found = {"NaN": np.isnan(values), "infinity": np.isinf(values)}
    of_rows = {what: np.flatnonzero(bad.reshape(len(values), -1).any(axis=1)) for what, bad in found.items()}
    parts = [
        f"{rows_named(rows)} hold{'s' if len(rows) == 1 else ''} {what}" for what, rows in of_rows.items() if len(rows)
    ]
    return ", ".join([parts[0], *(part.replace(" holds ", " ").replace(" hold ", " ") for part in parts[1:])])


def rows_named(rows: Iterable[int]) -> str:
    """The first of some rows, and how many there are.

    Examples
    --------
    >>> rows_named([17]), rows_named([17, 42]), rows_named(range(9))
    ('row 17', 'rows 17, 42', '9 rows (0, 1, 2, 3, 4, ...)')
    """
    numbers = [int(row) for row in rows]
    if len(numbers) > MOST_ROWS_NAMED:
        return f"{len(numbers):,} rows ({', '.join(map(str, numbers[:MOST_ROWS_NAMED]))}, ...)"
    return f"row{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"


def summary(value: _Dataclass) -> str:
    """The `repr` of a dataclass that holds arrays: type and shape of each instead of its numbers.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(repr=False)
    ... class Toy:
    ...     name: str
    ...     coords: Float32Array
    ...     __repr__ = summary
    >>> Toy("two", np.zeros((2, 3), np.float32))
    Toy(name='two', coords=float32 (2, 3))
    """
    parts = [f"{field.name}={_brief(getattr(value, field.name))}" for field in fields(value) if field.repr]
    return f"{type(value).__name__}({', '.join(parts)})"


def _brief(value: object) -> str:
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else repr(value)


def row_codes(blocks: Iterator[AnyArray] | Sequence[AnyArray]) -> Iterator[Int64Array]:
    """For each block of rows a number per row, equal for rows that are equal byte for byte; counted from 0.

    Keeps 16 bytes for each different row: a table of the rows themselves would be as large as they are.

    Examples
    --------
    >>> [codes.tolist() for codes in row_codes([np.array([[5], [6]]), np.array([[5]])])]
    [[0, 1], [0]]
    """
    known: dict[bytes, int] = {}
    for block in blocks:
        digests = (hashlib.blake2b(np.ascontiguousarray(row).data, digest_size=16).digest() for row in block)
        yield np.fromiter((known.setdefault(digest, len(known)) for digest in digests), np.int64, len(block))


def fingerprint(*parts: str | AnyArray) -> str:
    """Hash of texts and arrays: equal content gives equal text, on every machine.

    Not a secret and not a signature: 32 hex digits of SHA-256, to name a stored artefact or an
    immutable address.

    Examples
    --------
    >>> fingerprint("pixels", np.zeros(2)) == fingerprint("pixels", np.zeros(2))
    True
    >>> fingerprint("pixels", np.zeros(2)) == fingerprint("pixels", np.zeros(2, np.float32))
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            data = part.encode(errors="surrogatepass")  # file names may hold bytes that are no UTF-8
            digest.update(f"str {len(data)}:".encode())
            digest.update(data)
        else:
            digest.update(f"array {part.dtype.str} {part.shape}:".encode())
            digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data if part.size else b"")
    return digest.hexdigest()[:32]
