"""Files of MNIST's format in a folder, under the names that unpackers and downloads give them."""

import os
import re
import stat
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from embviz.datasets.named.folders import contents, is_folder
from embviz.datasets.named.idx import IdxSplit
from embviz.errors import DatasetError

_PREFIXES = {"train": "train", "test": "t10k"}
_KINDS = ("images-idx3", "labels-idx1")
_PACKED = "gz|zip|xz|bz2|zst|7z|rar|tgz|tar|bin"


def idx_names(split: str) -> tuple[str, str]:
    """Names of the two files of a split, images and labels, without ``.gz``.

    Examples
    --------
    >>> idx_names("test")
    ('t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte')
    """
    images, labels = (f"{_PREFIXES[split]}-{kind}-ubyte" for kind in _KINDS)
    return images, labels


def idx_splits(files: Mapping[str, Path]) -> dict[str, IdxSplit]:
    """The splits that have both their files: ``train``, ``test``, or both, in this order.

    Parameters
    ----------
    files
        Paths by file name. Names that files of MNIST's format do not have are ignored. Of several files for one
        purpose, those that can be read and are not empty come first, then those with the usual name, plain before gzip.

    Examples
    --------
    >>> names = ["t10k-images-idx3-ubyte.gz", "t10k-labels.idx1-ubyte", "train-images-idx3-ubyte"]
    >>> list(idx_splits({name: Path(name) for name in names}))
    ['test']
    """
    splits = {}
    for split in _PREFIXES:
        images, labels = (_found(name, files) for name in idx_names(split))
        if images and labels:
            splits[split] = IdxSplit(images, labels)
    return splits


def idx_folder_splits(folder: Path, wanted: Iterable[str] = ()) -> dict[str, IdxSplit]:
    """The splits in a folder, which must include those that are wanted.

    Raises
    ------
    DatasetError
        If there is no such folder, it cannot be read, or a file of a wanted split is missing; the
        message names a file that seems to be meant for it.
    """
    files = _files(folder)
    splits = idx_splits(files)
    missing = [name for split in wanted for name in idx_names(split) if not _found(name, files)]
    if missing:
        lacks = ", ".join(f"{name}[.gz]" for name in missing)
        advice = f"it has split {next(iter(splits))!r}" if splits else "give a folder of MNIST-format files"
        raise DatasetError(f"{folder} lacks {lacks}; {_meant(missing, folder, files) or advice}")
    return splits


def unread_files(folder: Path) -> str:
    """A hint, with advice, that a file may belong to a split that the folder lacks; empty if there is none.

    Raises
    ------
    DatasetError
        If the folder cannot be read.
    """
    files = _files(folder)
    missing = [name for split in _PREFIXES for name in idx_names(split) if not _found(name, files)]
    return _meant(missing, folder, files) if missing else ""


def _files(folder: Path) -> dict[str, Path]:
    """Files by name, of the folder and of subfolders named like a file of MNIST, which some unpackers make."""
    folders, others = contents(folder)
    inner = [path for each in folders if _is_a_name(each.name) for path in _inner_files(each)]
    return {path.name: path for path in [*inner, *others]}


def _inner_files(folder: Path) -> list[Path]:
    """The files of a folder; if they cannot be listed, the folder itself, so that reading it raises the error."""
    try:
        return contents(folder)[1]
    except DatasetError:
        return [folder]


def _is_a_name(name: str) -> bool:
    return any(_pattern(each).fullmatch(name) for split in _PREFIXES for each in idx_names(split))


def _found(name: str, files: Mapping[str, Path]) -> Path | None:
    own = [files[each] for each in (name, f"{name}.gz") if each in files]
    others = [path for other, path in files.items() if _pattern(name).fullmatch(other)]
    return next(filter(_has_content, [*own, *others]), None) or next(iter([*own, *others]), None)


def _has_content(path: Path) -> bool:
    """Whether the path is a file with something in it, and it may be read."""
    try:
        found = path.stat()
    except OSError:  # such as a broken link; reported when the file is read
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size > 0 and os.access(path, os.R_OK)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Pattern of what the name may have become: t10k-images.idx3-ubyte, test_labels-idx1-ubyte.GZ, and so on."""
    loosely = name.replace("-", "[-._]").replace("t10k", "(t10k|test)")
    return re.compile(loosely + r"(\.gz)?", re.IGNORECASE)


def _meant(missing: Iterable[str], folder: Path, files: Mapping[str, Path]) -> str:
    """A hint that a file of the folder may be a missing one under another name or in a subfolder; empty if none is."""
    folders = {path.name for path in contents(folder)[0]}
    for name in missing:
        split, kind, _ = name.replace("t10k", "(t10k|test)").split("-", 2)
        alike = re.compile(
            rf"(^|.*[^a-z]){split}(.*{kind}.*(idx|ubyte)|.*(idx|ubyte).*{kind}|[-._ ]?{kind}(\.({_PACKED}))*$)",
            re.IGNORECASE,
        )
        for other in filter(alike.match, [*files, *sorted(folders)]):
            if "emnist" in other.lower():
                return f"{other} is there, but EMNIST's images lie on their side: turn them, and call the file {name}"
            if other in folders:
                return f"{other} is a folder that does not hold {name}: put that file in its place"
            return f"{other} is there, but not read under this name: unpack it if it is packed, and call it {name}"
    return _below(folder)


def _below(folder: Path) -> str:
    """A hint that files are in the subfolder where torchvision puts them, or cannot be read there; empty if neither."""
    try:
        places = [place for place in (folder / "raw", folder / "MNIST" / "raw") if is_folder(place)]
        holding = [place for place in places if idx_splits(_files(place))]
    except DatasetError as error:
        return str(error)
    return f"the files are in {holding[0]}: give that folder" if holding else ""
