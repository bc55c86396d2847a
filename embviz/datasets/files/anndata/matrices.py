"""The matrices of an AnnData file, dense or sparse: `X` and the members of `obsm`, as vectors and layouts."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, check_memory
from embviz.datasets.files.anndata.hdf5 import (
    Group,
    Node,
    attribute,
    checked_array,
    is_group,
    node_in,
    of_file,
    read_part,
)
from embviz.datasets.files.contents import Field
from embviz.errors import DatasetError
from embviz.progress import Progress, blocks_of, no_progress

_BLOCK = 4096
_DIMENSIONS_OF_LAYOUTS = (2, 3)


def matrix_fields(path: Path, root: Group, n: int) -> Iterator[Field | str]:
    """A field for each matrix of the `n` items; a sentence for each matrix that is left out or has NaN.

    Raises
    ------
    DatasetError
        If a matrix has another number of rows than `n`, or is broken.
    """
    x = node_in(root, "X")
    if x is not None:
        yield from _matrix(path, "X", "/X", x, n)
    obsm = node_in(root, "obsm")
    if obsm is None:
        return
    if not is_group(obsm):
        yield from _matrices_of_records(path, obsm, n)
        return
    for name in sorted(obsm.keys()):
        yield from _matrix(path, name, f"/obsm/{name}", node_in(obsm, name), n)


def _matrix(path: Path, name: str, where: str, node: Node, n: int) -> Iterator[Field | str]:
    if is_group(node):
        yield from _sparse(path, name, where, node, n)
        return
    if node.ndim != 2 or node.dtype.kind not in "fiub" or not node.shape[1]:
        yield f"{name!r:.60} is left out: it is {node.dtype} of shape {node.shape}, not a row of numbers for each item"
        return
    checked_array(node, 2)
    _check_rows(path, where, node.shape[0], n)
    read = partial(_read_dense, path, where)
    yield _field(name, where, node.shape[1], node.dtype.newbyteorder("="), read)
    if node.dtype.kind == "f" and where != "/X":
        yield from _gaps(name, n, read)


def _field(name: str, where: str, d: int, dtype: np.dtype[np.generic], read: "partial[AnyArray]") -> Field:
    is_layout = where.startswith("/obsm/") and d in _DIMENSIONS_OF_LAYOUTS
    return Field(name, "layout" if is_layout else "vectors", (d,), dtype, read)


def _read_dense(path: Path, where: str, rows: slice, progress: Progress) -> AnyArray:
    return of_file(path, where, lambda node: _dense_rows(node, rows, progress))


def _dense_rows(node: Node, rows: slice, progress: Progress) -> AnyArray:
    start, stop, _ = rows.indices(node.shape[0])
    shape = (max(stop - start, 0), node.shape[1])
    check_memory(str(node.name), shape, node.dtype, DatasetError)
    values = np.empty(shape, node.dtype.newbyteorder("="))
    for block in blocks_of(f"Reading {node.name}", len(values), _BLOCK, progress):
        values[block] = read_part(node, slice(start + block.start, start + block.stop))
    return values


def _sparse(path: Path, name: str, where: str, node: Group, n: int) -> Iterator[Field | str]:
    kind = str(attribute(node, "encoding-type") or attribute(node, "h5sparse_format"))
    if kind not in ("csr_matrix", "csr"):
        place = "adata.X" if where == "/X" else f"adata.obsm[{name!r:.60}]"
        advice = f"set {place} = {place}.tocsr()" if kind.startswith("csc") else "give an array of numbers"
        yield f"{name!r:.60} is left out: it is {kind or 'a group'}; {advice}"
        return
    shape = attribute(node, "shape", None) or attribute(node, "h5sparse_shape", None)
    parts = [node_in(node, part) for part in ("data", "indices", "indptr")]
    if not isinstance(shape, list) or len(shape) != 2 or any(part is None for part in parts):
        raise DatasetError(f"{path}: {where} lacks its shape, data, indices or indptr; write the file again")
    data, indices, indptr = (checked_array(part, 1) for part in parts)
    _check_rows(path, where, int(shape[0]), n)
    if data.dtype.kind not in "fiub" or len(indptr) != n + 1 or len(indices) != len(data):
        raise DatasetError(f"{path}: {where} is not a sparse matrix of {n:,} rows; write the file again")
    yield _field(name, where, int(shape[1]), data.dtype.newbyteorder("="), partial(_read_sparse, path, where))


def _read_sparse(path: Path, where: str, rows: slice, progress: Progress) -> AnyArray:
    return of_file(path, where, lambda node: _sparse_rows(path, where, node, rows, progress))


def _sparse_rows(path: Path, where: str, node: Group, rows: slice, progress: Progress) -> AnyArray:
    n, d = (int(length) for length in attribute(node, "shape", None) or attribute(node, "h5sparse_shape", None))
    data, indices, indptr = (node[part] for part in ("data", "indices", "indptr"))
    start, stop, _ = rows.indices(n)
    shape = (max(stop - start, 0), d)
    check_memory(str(node.name), shape, data.dtype, DatasetError)
    values = np.zeros(shape, data.dtype.newbyteorder("="))
    for block in blocks_of(f"Reading {node.name}", len(values), _BLOCK, progress):
        ends = read_part(indptr, slice(start + block.start, start + block.stop + 1)).astype(np.int64)
        columns = read_part(indices, slice(int(ends[0]), int(ends[-1]))).astype(np.int64)
        fits = not len(columns) or 0 <= columns.min() <= columns.max() < d
        if ends[0] < 0 or ends[-1] > len(data) or (np.diff(ends) < 0).any() or not fits:
            raise DatasetError(
                f"{path}: {where} has values outside of its shape, at or after row {start + block.start}; get it again"
            )
        of_rows = np.repeat(np.arange(block.start, block.stop), np.diff(ends))
        np.add.at(values, (of_rows, columns), read_part(data, slice(int(ends[0]), int(ends[-1]))))
    return values


def _matrices_of_records(path: Path, obsm: Node, n: int) -> Iterator[Field | str]:
    """Fields of an `obsm` that is an array of records, as in AnnData before 0.7: each of its fields is a matrix."""
    records: Any = read_part(checked_array(obsm, 1), slice(None))
    for name in records.dtype.names or ():
        values = records[name]
        _check_rows(path, f"/obsm/{name}", len(values), n)
        if values.ndim != 2 or values.dtype.kind not in "fiub":
            yield f"{name!r:.60} is left out: it is not a row of numbers for each item"
            continue
        read = partial(_part, np.ascontiguousarray(values))
        yield _field(name, f"/obsm/{name}", values.shape[1], values.dtype, read)
        yield from _gaps(name, n, read)


def _part(values: AnyArray, rows: slice, _: Progress) -> AnyArray:
    return values[rows]


def _gaps(name: str, n: int, read: "partial[AnyArray]") -> Iterator[str]:
    """A sentence that counts the items with NaN in their row; nothing if there are none."""
    missing = 0
    for start in range(0, n, _BLOCK):
        missing += int(np.isnan(read(slice(start, start + _BLOCK), no_progress)).any(axis=1).sum())
    if missing:
        yield f"{name!r:.60} has no numbers for {missing:,} of {n:,} items"


def _check_rows(path: Path, where: str, rows: int, n: int) -> None:
    if rows != n:
        raise DatasetError(f"{path}: {where} has {rows:,} rows, and obs {n:,}; write the file again")
