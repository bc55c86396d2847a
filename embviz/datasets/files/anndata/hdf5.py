"""Untrusted HDF5 files, read by h5py: links, data in other files, and arrays far larger than their data are refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from embviz.arrays import AnyArray, check_memory
from embviz.datasets.files.opened import opened
from embviz.errors import DatasetError, MissingDependencyError

Group = Any
"""An `h5py.Group`; h5py publishes no types, and need not be installed."""
Node = Any
"""An `h5py.Group` or an `h5py.Dataset`."""

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MOST_PACKED = 1100
"""Largest ratio of an array's size to its size in the file; deflate makes zeros about 1030 times smaller."""
_SMALL = 2**20

Result = TypeVar("Result")


@contextmanager
def hdf5_file(path: Path) -> Iterator[Group]:
    """Root group of an HDF5 file, open for reading; every error in reading it becomes a DatasetError.

    Raises
    ------
    DatasetError
        If it is not an HDF5 file, or is broken.
    MissingDependencyError
        If h5py is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise MissingDependencyError("HDF5 files need h5py: pip install h5py") from error
    with opened(path) as file:
        if file.read(len(SIGNATURE)) != SIGNATURE:
            raise DatasetError(f"{path} is not an HDF5 file; give one that AnnData's write_h5ad wrote")
    try:
        with h5py.File(path, "r") as root:
            yield root
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        if isinstance(error, DatasetError):
            raise
        raise DatasetError(f"{path} cannot be read ({error!s:.120}); get the file again") from error


def node_in(group: Group, name: str) -> Node | None:
    """Group or array of this name in a group; None if there is none.

    Raises
    ------
    DatasetError
        If it is a soft or external link, to another file or to a place in this one.
    """
    import h5py

    key = name.encode("utf-8", "surrogateescape")
    if not group.id.links.exists(key):  # `name in group` would follow a link, and open what it leads to
        return None
    if group.id.links.get_info(key).type != h5py.h5l.TYPE_HARD:
        raise DatasetError(f"{_where(group, name)} is a link; write the file again with the data in that place")
    return group[name]


def is_group(node: Node) -> bool:
    """Whether a node is a group; else it is an array."""
    import h5py

    return isinstance(node, h5py.Group)


def attribute(node: Node, name: str, default: Any = "") -> Any:
    """Attribute of a node: texts as str, arrays as lists; `default` if there is no such attribute."""
    value = node.attrs.get(name, default)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray):
        return [each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in value.tolist()]
    return value


def checked_array(node: Node, n_dimensions: int) -> Node:
    """The node itself, after a check that it is an array of this many dimensions with its data in the file.

    Raises
    ------
    DatasetError
        If it is a group, has another number of dimensions, has its data in other files, or claims to be far larger
        than its data.
    """
    where = _where(node.parent, node.name)
    if is_group(node) or node.ndim != n_dimensions:
        found = "a group" if is_group(node) else f"an array of shape {node.shape}"
        raise DatasetError(f"{where} is {found}, expected {n_dimensions} dimensions; write it again")
    if node.is_virtual or node.external:
        raise DatasetError(f"{where} has its data in another file; write the file again with all data in it")
    stored = node.id.get_storage_size()
    if node.nbytes > _SMALL and node.nbytes > _MOST_PACKED * stored:
        raise DatasetError(f"{where} claims {node.nbytes:,} bytes, but only {stored:,} are there; write it again")
    return node


def read_part(node: Node, rows: slice) -> AnyArray:
    """Some rows of an array that passed `checked_array`: numbers in the machine's byte order, texts as str.

    Raises
    ------
    DatasetError
        If they would not fit into memory.
    """
    import h5py

    start, stop, _ = rows.indices(node.shape[0])
    if h5py.check_string_dtype(node.dtype) is not None:
        texts = node.asstr(errors="backslashreplace")[start:stop] if stop > start else []
        return np.array([str(text) for text in texts], np.str_)
    check_memory(str(node.name), (max(stop - start, 0), *node.shape[1:]), node.dtype, DatasetError)
    values: AnyArray = node[start:stop]
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def of_file(path: Path, name: str, use: Callable[[Node], Result]) -> Result:
    """Result of `use` for the node with this full name; the file is open only during the call.

    Raises
    ------
    DatasetError
        If the file cannot be read, or no longer has this node.
    """
    with hdf5_file(path) as root:
        node = root
        for part in name.strip("/").split("/"):
            found = node_in(node, part) if is_group(node) else None
            if found is None:
                raise DatasetError(f"{path} no longer has {name}; open it again")
            node = found
        return use(node)


def _where(group: Group, name: str) -> str:
    whole = name if name.startswith("/") else f"{group.name.rstrip('/')}/{name}"
    return f"{whole} of {group.file.filename}"
