"""Find the files of MNIST's format in a folder, under the names that unpackers and downloads give them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from embviz.datasets.idx import IdxSplit
from embviz.errors import DatasetError

_PREFIXES = {"train": "train", "test": "t10k"}
_KINDS = ("images-idx3", "labels-idx1")


def idx_names(split: str) -> tuple[str, str]:
    """What the two files of a split are called, without ``.gz``.

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
        File name to path. Names that no MNIST-format file has are ignored. Where a file is there more than
        once, its own name comes before others, and plain before gzip.

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
    """The splits a folder holds, the wanted ones among them.

    Raises
    ------
    DatasetError
        If there is no such folder, it cannot be read, or a file of a wanted split is missing; a file that seems to
        be meant for it is named.
    """
    files = _files(folder)
    splits = idx_splits(files)
    missing = [name for split in wanted for name in idx_names(split) if not _found(name, files)]
    if missing:
        lacks = ", ".join(f"{name}[.gz]" for name in missing)
        advice = f"it has split {next(iter(splits))!r}" if splits else "give a folder of MNIST-format files"
        raise DatasetError(f"{folder} lacks {lacks}; {_meant(missing, files) or advice}")
    return splits


def unread_files(folder: Path) -> str:
    """What is in a folder that seems to be meant for a split whose files it lacks, and what to do; empty if nothing.

    Raises
    ------
    DatasetError
        If the folder cannot be read.
    """
    files = _files(folder)
    return _meant([name for split in _PREFIXES for name in idx_names(split) if not _found(name, files)], files)


def _files(folder: Path) -> dict[str, Path]:
    """Those of the folder, and of folders in it that are called as such a file is, as some unpackers make them."""
    try:
        entries = sorted(folder.iterdir())
        inner = [path for entry in entries if entry.is_dir() and _is_a_name(entry.name) for path in entry.iterdir()]
    except OSError as error:
        raise DatasetError(
            f"cannot read folder {folder}: {error.strerror or error}; give a folder of MNIST-format files"
        ) from error
    return {path.name: path for path in [*inner, *entries] if not path.is_dir()}


def _is_a_name(name: str) -> bool:
    return any(_pattern(each).fullmatch(name) for split in _PREFIXES for each in idx_names(split))


def _found(name: str, files: Mapping[str, Path]) -> Path | None:
    others = (path for other, path in files.items() if _pattern(name).fullmatch(other))
    return files.get(name) or files.get(f"{name}.gz") or next(others, None)


def _pattern(name: str) -> re.Pattern[str]:
    """Of what the name may have become: t10k-images.idx3-ubyte, test_labels-idx1-ubyte.GZ, and so on."""
    loosely = name.replace("-", "[-._]").replace("t10k", "(t10k|test)")
    return re.compile(loosely + r"(\.gz)?", re.IGNORECASE)


def _meant(missing: Iterable[str], files: Mapping[str, Path]) -> str:
    """A sentence on a file that seems to be one of those missing; empty without any."""
    for name in missing:
        split, kind, _ = name.replace("t10k", "(t10k|test)").split("-", 2)
        alike = re.compile(rf"{split}(?=.*{kind})(?=.*(idx|ubyte))", re.IGNORECASE)
        for other in filter(alike.match, files):
            return f"{other} is there, but not read under this name: unpack it if it is packed, and call it {name}"
    return ""
