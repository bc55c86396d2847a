"""Check an array's shape, type and values, make it read-only, describe it in a few words, and hash content."""

import hashlib
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from embviz.errors import InputError

Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]
Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
UInt8Array = npt.NDArray[np.uint8]
UInt16Array = npt.NDArray[np.uint16]
AnyArray = npt.NDArray[np.generic]

MOST_ROWS_NAMED = 5
"""Most row numbers that a message lists."""
MOST_SHOWN = 20
"""Most elements of a tuple or mapping that `summary` shows one by one."""
MOST_CHARACTERS = 80
"""Most characters of a text that `summary` shows whole."""


class DataclassValue(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def frozen_array(name: str, value: AnyArray, dtype: npt.DTypeLike, shape: Sequence[int | None]) -> AnyArray:
    """The array itself, checked, C-contiguous and read-only.

    Not copied where it is C-contiguous already: the caller's array becomes read-only. Pass a copy to keep yours
    writable.

    Parameters
    ----------
    name
        What to call the array in an error message.
    value
        The array.
    dtype
        The exact type it must have; nothing is converted silently.
    shape
        Expected length of each axis; None allows any length.

    Raises
    ------
    InputError
        If the value is not a plain array, its type or shape differ, or it holds NaN or infinity.

    Examples
    --------
    >>> frozen_array("labels", np.array([1, 7]), np.int64, (2,)).flags.writeable
    False
    >>> frozen_array("labels", np.array([1, 7]), np.int64, (3,))
    Traceback (most recent call last):
    embviz.errors.InputError: labels must have shape (3,), got (2,)
    """
    check_array(name, value, dtype, shape)
    array = np.asarray(value, order="C")
    array.flags.writeable = False
    return array


def check_array(name: str, value: AnyArray, dtype: npt.DTypeLike, shape: Sequence[int | None]) -> None:
    """Check type, shape and values of an array as `frozen_array` does, without making it read-only."""
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray):
        raise InputError(f"{name} must be an array {np.dtype(dtype)} without gaps, got a {type(value).__name__}")
    if value.dtype != np.dtype(dtype):
        raise InputError(f"{name} must be {np.dtype(dtype)}, got {value.dtype}")
    fits = len(shape) == value.ndim and all(want in (None, got) for want, got in zip(shape, value.shape, strict=True))
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in shape) + ("," if len(shape) == 1 else "")
        raise InputError(f"{name} must have shape ({wanted}), got {value.shape}")
    if not value.flags.c_contiguous:
        check_memory(name, value.shape, value.dtype)  # a broadcast view of one number can claim any size
    if value.dtype.kind == "f" and not is_finite(value):
        raise InputError(f"{name} must be finite, but {not_finite(value)}; remove or replace those rows")


def is_finite(values: AnyArray) -> bool:
    """Whether no value is NaN or infinite; makes no mask as large as the array.

    Examples
    --------
    >>> is_finite(np.array([0.0, 1.0])), is_finite(np.array([0.0, np.nan]))
    (True, False)
    """
    return values.size == 0 or bool(np.isfinite(values.min()) and np.isfinite(values.max()))  # NaN if any is


def not_finite(values: AnyArray, given: AnyArray | None = None) -> str:
    """Text that names the rows with NaN, infinity, or numbers too large for float32; `values` must have such a row.

    If `values` were rounded to float32, `given` holds them unrounded, which tells large numbers from infinity.

    Examples
    --------
    >>> not_finite(np.array([[0.0, np.nan], [1.0, 2.0], [np.inf, 0.0]]))
    'row 0 holds NaN, row 2 infinity'
    """
    infinite = np.isinf(values)
    found = {"NaN": np.isnan(values), "infinity": infinite}
    if given is not None:
        found |= {"infinity": np.isinf(given), "more than 3.4e38": infinite & np.isfinite(given)}
    of_rows = {what: np.flatnonzero(bad.reshape(len(values), -1).any(axis=1)) for what, bad in found.items()}
    parts = [
        f"{rows_named(rows)} hold{'s' if len(rows) == 1 else ''} {what}" for what, rows in of_rows.items() if len(rows)
    ]
    return ", ".join([parts[0], *(part.replace(" holds ", " ").replace(" hold ", " ") for part in parts[1:])])


def check_memory(name: str, shape: tuple[int, ...], dtype: npt.DTypeLike, error: type[InputError] = InputError) -> None:
    """Refuse an array larger than the machine's memory before it is made.

    For an array of texts, whose `dtype` has no length, the last axis of `shape` counts characters.

    Raises
    ------
    InputError
        Of class `error`, if the array would take more than the machine's memory.

    Examples
    --------
    >>> check_memory("vectors", (10**7, 10**6), np.float32)
    Traceback (most recent call last):
    embviz.errors.InputError: vectors would take 40 TB as float32, more than the memory of this machine; give fewer
    """
    wanted = math.prod(shape) * (np.dtype(dtype).itemsize or 4)
    if wanted > memory_bytes():
        size = f"{_size(wanted)} as {np.dtype(dtype).name}"
        raise error(f"{name} would take {size}, more than the memory of this machine; give fewer")


def memory_bytes() -> int:
    """Bytes of memory that the machine has, used or not; 2**48 where the system does not tell (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return 2**48


def _size(n_bytes: int) -> str:
    unit, name = next(pair for pair in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1, "bytes")) if n_bytes >= pair[0])
    return f"{n_bytes / unit:,.3g} {name}"


def rows_named(rows: Iterable[int]) -> str:
    """Text that lists up to five row numbers; of more rows, it tells how many there are and lists the first five.

    Examples
    --------
    >>> rows_named([17]), rows_named([17, 42]), rows_named(range(9))
    ('row 17', 'rows 17, 42', '9 rows (0, 1, 2, 3, 4, ...)')
    """
    numbers = [int(row) for row in rows]
    if len(numbers) > MOST_ROWS_NAMED:
        return f"{len(numbers):,} rows ({', '.join(map(str, numbers[:MOST_ROWS_NAMED]))}, ...)"
    return f"row{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"


def summary(value: DataclassValue) -> str:
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


def array_bytes(value: DataclassValue) -> int:
    """Bytes of all arrays that a dataclass holds, including those in its mappings and tuples, and in dataclasses there.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Toy:
    ...     coords: Float32Array
    ...     columns: dict[str, AnyArray]
    >>> array_bytes(Toy(np.zeros((2, 3), np.float32), {"size": np.zeros(2)}))
    40
    """
    return sum(_held_bytes(getattr(value, field.name)) for field in fields(value))


def _held_bytes(part: object) -> int:
    if isinstance(part, np.ndarray):
        return part.nbytes
    if isinstance(part, Mapping | tuple):
        return sum(map(_held_bytes, part.values() if isinstance(part, Mapping) else part))
    return array_bytes(part) if is_dataclass(part) and not isinstance(part, type) else 0


def _brief(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        return f"{value[:MOST_CHARACTERS]!r}... {len(value)} characters"
    if isinstance(value, Mapping):
        return "{" + _first_of([f"{_brief(key)}: {_brief(one)}" for key, one in value.items()]) + "}"
    if type(value) is tuple:
        return f"({_first_of(list(map(_brief, value)))}{',' * (len(value) == 1)})"
    return repr(value)


def _first_of(shown: list[str]) -> str:
    return f"{', '.join(shown[:3])}, ... {len(shown)} in all" if len(shown) > MOST_SHOWN else ", ".join(shown)


def row_codes(rows: AnyArray, blocks: Iterable[slice] = (slice(None),)) -> Int64Array:
    """Code of each row: equal for rows that are equal byte for byte, counted from 0 in order of appearance.

    Compares hashes of 16 bytes, because a table of the rows themselves would take as much memory as the rows.
    `blocks` are slices that together cover all rows, in order.

    Examples
    --------
    >>> row_codes(np.array([[5], [6], [5]])).tolist()
    [0, 1, 0]
    """
    known: dict[bytes, int] = {}
    codes = np.empty(len(rows), np.int64)
    for block in blocks:
        part = np.ascontiguousarray(rows[block])
        digests = (hashlib.blake2b(row.data, digest_size=16).digest() for row in part)
        codes[block] = [known.setdefault(digest, len(known)) for digest in digests]
    return codes


def fingerprint(*parts: str | AnyArray) -> str:
    """Hash of texts and arrays, the same on every machine for equal texts and equal arrays of the same type.

    The first 32 hex digits of SHA-256. Not a secret and not a signature: it names stored artifacts, and addresses
    whose content never changes.

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
            data = part.encode(errors="surrogatepass")  # file names may hold bytes that are not UTF-8
            digest.update(f"str {len(data)}:".encode())
            digest.update(data)
        else:
            digest.update(f"array {part.dtype.str} {part.shape}:".encode())
            digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data if part.size else b"")
    return digest.hexdigest()[:32]
