"""Reader of AnnData's `.h5ad` files: cells with a matrix, columns of `obs`, and vectors and layouts of `obsm`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.datasets.files.anndata.hdf5 import (
    SIGNATURE,
    Group,
    Node,
    attribute,
    checked_array,
    hdf5_file,
    is_group,
    node_in,
    of_file,
    read_part,
)
from embviz.datasets.files.anndata.matrices import matrix_fields
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.opened import title_of
from embviz.errors import DatasetError
from embviz.progress import Progress

_NUMBERS = {
    "b": np.dtype(np.bool_),
    "i": np.dtype(np.int64),
    "u": np.dtype(np.int64),
    "f": np.dtype(np.float64),
}
"""Type of a column by the kind of the stored numbers."""
_CATEGORIES = "__categories"
"""Group in which AnnData 0.7 keeps the categories of all columns."""


@dataclass(frozen=True, slots=True)
class _File:
    """The file, and how many items it holds."""

    path: Path
    n: int


def h5ad_contents(path: Path) -> Contents:
    """Contents of an AnnData file: columns of `obs`, vectors of `X` and `obsm`, layouts of 2 or 3 columns in `obsm`.

    Files of versions before 0.8 are read, too: they have `obs` as an array of records, or categories in a group of
    their own. `layers`, `obsp`, `uns`, `var` and `varm` are not read.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    DatasetError
        If it is not such a file, or its parts have different lengths.
    MissingDependencyError
        If h5py is not installed.
    """
    with hdf5_file(path) as root:
        obs = node_in(root, "obs")
        if obs is None:
            raise DatasetError(f"{path} has no `obs`; give a file that AnnData's write_h5ad wrote")
        file = _File(path, _length(path, obs))
        fields: list[Field] = []
        notes: list[str] = []
        for each in chain(_columns(file, root, obs), matrix_fields(path, root, file.n)):
            if isinstance(each, Field):
                fields.append(each)
            else:
                notes.append(each)
        layers = node_in(root, "layers")
        if layers is not None and is_group(layers) and len(layers):
            notes.append(f"layers are left out ({', '.join(sorted(layers.keys())):.80}); copy one to X to see it")
    if not fields:
        raise DatasetError(f"{path} holds nothing of its {file.n:,} items that can be shown; see its obs, obsm and X")
    return Contents(title_of(path), file.n, tuple(fields), notes=tuple(notes))


def looks_like_anndata(beginning: bytes) -> bool:
    """Whether a file with this beginning is an HDF5 file; of these, only AnnData's are read."""
    return beginning.startswith(SIGNATURE)


def _length(path: Path, obs: Node) -> int:
    if not is_group(obs):
        n = checked_array(obs, 1).shape[0]
    else:
        index = node_in(obs, str(attribute(obs, "_index", "_index")))
        if index is None or is_group(index):
            raise DatasetError(f"{path} has no names of items in `obs`; give a file that AnnData's write_h5ad wrote")
        n = checked_array(index, 1).shape[0]
    if not n:
        raise DatasetError(f"{path} holds no items; give a file with at least one")
    return int(n)


def _check_length(file: _File, name: str, n: int) -> None:
    if n != file.n:
        raise DatasetError(f"{file.path}: {name} has {n:,} rows, and obs {file.n:,}; write the file again")


def _columns(file: _File, root: Group, obs: Node) -> Iterator[Field | str]:
    if not is_group(obs):
        yield from _records(file, root, obs)
        return
    index = str(attribute(obs, "_index", "_index"))
    ordered = [name for name in attribute(obs, "column-order", []) if isinstance(name, str)]
    present = set(obs)
    names = [name for name in dict.fromkeys([index, *ordered, *sorted(present)]) if name in present]
    older = node_in(obs, _CATEGORIES)
    for name in names:
        if name == _CATEGORIES:
            continue
        node = node_in(obs, name)
        shown = "name" if name == "_index" and "name" not in names else name
        categories = node_in(older, name) if older is not None else None
        yield from _column(file, shown, f"/obs/{name}", node, categories)


def _column(file: _File, shown: str, where: str, node: Node, categories: Node | None) -> Iterator[Field | str]:
    encoding = attribute(node, "encoding-type")
    if encoding == "categorical" and is_group(node):
        codes, categories = node_in(node, "codes"), node_in(node, "categories")
        if codes is None or categories is None:
            raise DatasetError(f"{file.path}: {where} lacks its codes or categories; write the file again")
        yield from _categorical(file, shown, where, _whole(codes), _whole(categories))
    elif is_group(node) and str(encoding).startswith("nullable-"):
        values, mask = (_whole(checked) for checked in (node_in(node, "values"), node_in(node, "mask")))
        yield from _nullable(file, shown, where, values, mask.astype(bool))
    elif is_group(node):
        yield f"column {shown!r:.60} is left out: it is {encoding or 'a group'}, not one value per item"
    elif categories is not None:
        yield from _categorical(file, shown, where, _whole(node), _whole(categories))
    else:
        yield from _plain(file, shown, where, node)


def _plain(file: _File, shown: str, where: str, node: Node) -> Iterator[Field | str]:
    checked_array(node, 1)
    _check_length(file, where, node.shape[0])
    dtype = _column_dtype(node)
    if dtype is None:
        yield f"column {shown!r:.60} is left out: its values are neither texts nor numbers"
    else:
        yield Field(shown, "column", (), dtype, partial(_read_column, file.path, where, dtype))


def _column_dtype(node: Node) -> np.dtype[np.generic] | None:
    """Type of a column by what is stored; None for values that are neither text nor numbers."""
    import h5py

    try:
        stored = node.dtype
    except TypeError:  # numpy has no such type
        return None
    if h5py.check_string_dtype(stored) is not None:
        return np.dtype(np.str_)
    return _NUMBERS.get(stored.kind)


def _read_column(path: Path, where: str, dtype: np.dtype[np.generic], rows: slice, _: Progress) -> AnyArray:
    return of_file(path, where, lambda node: _as_column(read_part(node, rows), dtype))


def _as_column(values: AnyArray, dtype: np.dtype[np.generic]) -> AnyArray:
    return values if dtype.kind == "U" else values.astype(dtype)


def _categorical(file: _File, shown: str, where: str, codes: AnyArray, categories: AnyArray) -> Iterator[Field | str]:
    """A column of class codes, or of texts if classes are missing or share a name; a sentence if some are missing."""
    _check_length(file, where, len(codes))
    names = tuple(map(str, categories.tolist()))
    if codes.dtype.kind not in "iu" or (len(codes) and not -1 <= codes.min() <= codes.max() < len(names)):
        raise DatasetError(f"{file.path}: {where} has codes for which there are no categories; write the file again")
    wide: Int64Array = codes.astype(np.int64)
    missing = int((wide < 0).sum())
    if not missing and len(set(names)) == len(names):
        yield Field(shown, "column", (), wide.dtype, partial(_part, wide), names)
        return
    texts = np.array([*names, ""], np.str_)[wide]  # -1, for no class, is the empty text
    yield Field(shown, "column", (), texts.dtype, partial(_part, texts))
    if missing:
        yield f"column {shown!r:.60} has no value for {missing:,} of {file.n:,} items"


def _nullable(file: _File, shown: str, where: str, values: AnyArray, mask: AnyArray) -> Iterator[Field | str]:
    _check_length(file, where, len(values))
    _check_length(file, f"{where}/mask", len(mask))
    missing = int(mask.sum())
    if values.dtype.kind == "U":
        filled: AnyArray = np.where(mask, "", values)
    elif missing:
        filled = np.where(mask, np.nan, values.astype(np.float64))
    else:
        filled = values.astype(_NUMBERS.get(values.dtype.kind, np.dtype(np.float64)))
    yield Field(shown, "column", (), filled.dtype, partial(_part, filled))
    if missing:
        yield f"column {shown!r:.60} has no value for {missing:,} of {file.n:,} items"


def _records(file: _File, root: Group, obs: Node) -> Iterator[Field | str]:
    """The columns of an array of records, as files before 0.8 may have it."""
    uns = node_in(root, "uns")
    records: Any = read_part(checked_array(obs, 1), slice(None))
    for name in records.dtype.names or ():
        values = records[name]
        categories = node_in(uns, f"{name}_categories") if uns is not None and is_group(uns) else None
        if values.dtype.kind in "SO":
            values = np.array([_decoded(each) for each in values.tolist()], np.str_)
        if categories is not None:
            yield from _categorical(file, name, f"/obs/{name}", values, _whole(categories))
        elif values.ndim == 1 and values.dtype.kind in (*_NUMBERS, "U"):
            column = values.astype(_NUMBERS.get(values.dtype.kind, values.dtype))
            yield Field(name, "column", (), column.dtype, partial(_part, column))
        else:
            yield f"column {name!r:.60} is left out: its values are neither texts nor numbers"


def _decoded(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _whole(node: Node) -> AnyArray:
    return read_part(checked_array(node, 1), slice(None))


def _part(values: AnyArray, rows: slice, _: Progress) -> AnyArray:
    return values[rows]
