"""Splits, classes and order of image files, told by their paths, and the file that a name in a table means."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Parts = tuple[str, ...]
"""A path in parts: folders and the file's name, below the folder or archive that was given."""

NO_FOLDER = "(no folder)"
"""The class of files that are in no folder of a class, if other files are in such folders."""

_SPLITS = {
    "train": ("train", "training"),
    "val": ("val", "valid", "validation", "dev"),
    "test": ("test", "testing", "t10k"),
}
"""Names of folders of splits, in the order in which splits come."""
_SPLIT_OF = {name: split for split, names in _SPLITS.items() for name in names}

_LEFTOVERS = ("__macosx", "thumbs.db", "desktop.ini")
"""Names of files and folders that operating systems add, in lower case."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Files in the order of the items that they become.

    Attributes
    ----------
    order
        Positions of the paths that were given: by split, and within one in natural order of folders and names.
    splits
        Name and first item of each split; empty without splits.
    classes
        Class code of each item; empty if folders do not tell classes.
    class_names
        Names of the classes, which are those of folders, in natural order.
    """

    order: tuple[int, ...]
    splits: tuple[tuple[str, int], ...]
    classes: tuple[int, ...]
    class_names: tuple[str, ...]


def is_leftover(parts: Parts) -> bool:
    """Whether a file is hidden or was added by an operating system, or is in such a folder.

    Examples
    --------
    >>> is_leftover(("__MACOSX", "cat", "._1.png")), is_leftover(("cat", ".DS_Store")), is_leftover(("cat", "1.png"))
    (True, True, False)
    """
    return any(part.startswith(".") or part.lower() in _LEFTOVERS for part in parts)


def natural_key(text: str) -> tuple[object, ...]:
    """Sorts texts as people count: numbers in them by value, and letters by the alphabet before upper and lower case.

    Examples
    --------
    >>> sorted(["10.png", "2.png", "B", "a"], key=natural_key)
    ['2.png', '10.png', 'a', 'B']
    """
    pieces = re.split(r"([0-9]+)", unicodedata.normalize("NFC", text).casefold())
    digits = [piece.lstrip("0") for piece in pieces[1::2]]  # compared as texts: Python makes no number of 5,000 digits
    return pieces[0], [(len(each), each, after) for each, after in zip(digits, pieces[2::2], strict=True)], text


def tree_of(paths: Sequence[Parts]) -> Tree:
    """Split, class and order of files, told by their folders: ``train/cat/1.png``, ``cat/1.png``, or ``1.png``.

    Folders that contain all files are ignored, unless one has the name of a split. Files in deeper folders have the
    class of the uppermost folder below the split.

    Parameters
    ----------
    paths
        Paths of the files, at least one.

    Examples
    --------
    >>> tree = tree_of([("data", "test", "cat", "1.png"), ("data", "train", "dog", "10.png"),
    ...                 ("data", "train", "dog", "2.png")])
    >>> tree.order, tree.splits, tree.classes, tree.class_names
    ((2, 1, 0), (('train', 0), ('test', 2)), (1, 1, 0), ('cat', 'dog'))
    """
    below = _below_common_folders(paths)
    splits = [_split_of(parts[0]) if len(parts) > 1 else "" for parts in below]
    has_splits = all(splits)
    folders = [
        unicodedata.normalize("NFC", parts[has_splits]) if len(parts) > 1 + has_splits else NO_FOLDER for parts in below
    ]
    ranks = {name: rank for rank, name in enumerate(_SPLITS)}
    keys = {part: natural_key(part) for part in {part for parts in below for part in parts}}
    places = [
        (ranks[split] if has_splits else 0, [keys[part] for part in parts])
        for split, parts in zip(splits, below, strict=True)
    ]
    order = sorted(range(len(below)), key=places.__getitem__)
    firsts: dict[str, int] = {}
    for item, at in enumerate(order):
        firsts.setdefault(splits[at], item)
    class_names = sorted(set(folders), key=natural_key)
    codes = {name: code for code, name in enumerate(class_names)} if len(class_names) > 1 else {}
    return Tree(
        order=tuple(order),
        splits=tuple(firsts.items()) if has_splits else (),
        classes=tuple(codes[folders[at]] for at in order) if codes else (),
        class_names=tuple(codes),
    )


def rows_named(names: Sequence[str], paths: Sequence[Parts]) -> list[int | None]:
    """Position of the path that each name means; None if it means no path, or may mean several.

    A name is a path below the given folder, one without some of its upper folders, or either without the ending. A
    number that is none of these is compared with names of digits by value: tables lose the zeros before a number. A
    name is only compared with the given paths, never opened, so that a name that leads elsewhere means none of them.

    Examples
    --------
    >>> rows_named(["img/2.png", "1", "../1.png"], [("img", "1.png"), ("img", "2.png")])
    [1, 0, None]
    >>> rows_named(["3", "10"], [("00003.png",), ("00010.png",)])
    [0, 1]
    """
    meant: dict[str, int | None] = {}
    for at, parts in enumerate(paths):
        for name in _names_of(parts):
            meant[name] = at if name not in meant else None
    whole = {unicodedata.normalize("NFC", "/".join(parts)): at for at, parts in enumerate(paths)}
    cleaned = [unicodedata.normalize("NFC", name.strip().replace("\\", "/").removeprefix("./")) for name in names]
    by_value: dict[str, int | None] = {}
    for at, parts in enumerate(paths):
        if (value := _value(parts[-1].rpartition(".")[0] or parts[-1])) is not None:
            by_value[value] = at if value not in by_value else None
    plain = {**meant, **whole}
    return [plain[name] if name in plain else by_value.get(_value(name) or "") for name in cleaned]


def _value(name: str) -> str | None:
    """A whole number without zeros before it, as text: Python makes no number of 5,000 digits; None for other names."""
    return (name.lstrip("0") or "0") if name.isascii() and name.isdigit() else None


def _names_of(parts: Parts) -> Iterable[str]:
    for start in range(len(parts)):
        name = unicodedata.normalize("NFC", "/".join(parts[start:]))
        stem, point, _ = name.rpartition(".")
        yield name
        if point and stem and not stem.endswith("/"):
            yield stem


def _below_common_folders(paths: Sequence[Parts]) -> list[Parts]:
    depth = 0
    first = paths[0]
    while (
        len(first) > depth + 1
        and not _split_of(first[depth])
        and all(len(parts) > depth + 1 and parts[depth] == first[depth] for parts in paths)
    ):
        depth += 1
    return [parts[depth:] for parts in paths]


def _split_of(folder: str) -> str:
    return _SPLIT_OF.get(folder.lower(), "")
