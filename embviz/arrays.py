"""Check an array's shape, type and values, make it read-only, and hash content."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from embviz.errors import InputError

Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]
Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]
UInt8Array = npt.NDArray[np.uint8]
AnyArray = npt.NDArray[np.generic]


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
        If type or shape differ, or a float array holds NaN or infinity.

    Examples
    --------
    >>> frozen_array("labels", np.array([1, 7]), np.int64, (2,)).flags.writeable
    False
    >>> frozen_array("labels", np.array([1, 7]), np.int64, (3,))
    Traceback (most recent call last):
    embviz.errors.InputError: labels must have shape (3,), got (2,)
    """
    if value.dtype != np.dtype(dtype):
        raise InputError(f"{name} must be {np.dtype(dtype)}, got {value.dtype}")
    fits = len(shape) == value.ndim and all(want in (None, got) for want, got in zip(shape, value.shape, strict=True))
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in shape) + ("," if len(shape) == 1 else "")
        raise InputError(f"{name} must have shape ({wanted}), got {value.shape}")
    if value.dtype.kind == "f" and not is_finite(value):
        raise InputError(f"{name} must be finite, but holds NaN or infinity; remove or replace those rows")
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
