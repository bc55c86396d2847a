"""Contents of .npy and .npz files: each named array is a field, with its splits put one after the other."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from embviz.datasets.files.arrays.fields import array_fields, texts_of
from embviz.datasets.files.arrays.npy import MAGIC, StoredArray, npy_array
from embviz.datasets.files.arrays.npz import npz_arrays
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.uses.usual_names import CLASS_NAMES, SPLITS, is_label_name, split_in, without_split
from embviz.errors import DatasetError
from embviz.progress import no_progress
from embviz.storage.files import opened_file

_MOST_CLASSES = 100_000


def array_contents(paths: Sequence[Path]) -> Contents:
    """Contents of ``.npy`` and ``.npz`` files together: arrays of one length, or of one length per split.

    Names that differ by ``train``, ``val`` and ``test`` alone (``x_train``, ``test_images.npy``) are splits of one
    field. A list of texts called ``class_names`` or the like has the names of the label codes.

    Raises
    ------
    DatasetError
        If a file cannot be read, or lengths, shapes or types of the arrays do not fit together.
    """
    arrays: list[StoredArray] = []
    notes: list[str] = []
    for path in paths:
        found, said = npz_arrays(path) if _is_npz(path) else ([npy_array(path)], [])
        is_nameless = len(found) == 1 and re.fullmatch(r"arr_\d+", found[0].name)
        arrays += [replace(found[0], name=path.stem)] if is_nameless else found
        notes += said
    if twice := [name for name, count in Counter(array.name for array in arrays).items() if count > 1]:
        raise DatasetError(f"two of the files hold an array called {twice[0]!r}; give each its own name")
    names, arrays = _class_names_apart(arrays)
    splits = _splits_of(arrays)
    parts, n, lengths, said = _parts(arrays, splits) if splits else _same_length(arrays)
    fields = [field for name, each in parts.items() for field in array_fields(name, each)]
    taken = [note for each in parts.values() for array in each for note in array.notes]
    starts = np.cumsum([0, *lengths.values()][:-1]).tolist()
    return Contents(
        name=paths[0].stem,
        n=n,
        fields=tuple(_with_class_names(fields, names)),
        splits=tuple(zip(lengths, starts, strict=True)) if splits else (),
        notes=tuple(dict.fromkeys([*notes, *said, *taken])),
    )


def _is_npz(path: Path) -> bool:
    """Whether a file is a zip file, or at least has the ending ``.npz``."""
    try:
        with opened_file(path) as file:
            beginning = file.read(len(MAGIC))
    except OSError:  # reported when the file is read
        beginning = b""
    return beginning != MAGIC and (beginning.startswith(b"PK") or path.suffix.lower() == ".npz")


def _class_names_apart(arrays: list[StoredArray]) -> tuple[tuple[str, ...], list[StoredArray]]:
    """The names of the classes, empty if no array lists them, and the arrays without that list."""
    longest = max(array.n for array in arrays)
    for array in arrays:
        is_list = array.dtype.kind in "US" and not array.shape and array.n < min(longest, _MOST_CLASSES)
        if is_list and array.name.lower() in CLASS_NAMES:
            texts = texts_of(array.where, array.read(slice(None), no_progress), 0)
            return tuple(texts.tolist()), [other for other in arrays if other is not array]
    return (), arrays


def _with_class_names(fields: list[Field], names: tuple[str, ...]) -> list[Field]:
    codes = [field for field in fields if field.kind == "column" and field.dtype.kind == "i"]
    named = [field for field in codes if is_label_name(field.name)] or (codes if len(codes) == 1 else [])
    return [replace(field, class_names=names) if field in named else field for field in fields]


def _splits_of(arrays: Sequence[StoredArray]) -> dict[str, dict[str, StoredArray]]:
    """Arrays by split, then by name without the split; empty unless every array's name has a split in it."""
    if not all(split_in(array.name) for array in arrays):
        return {}
    found: dict[str, dict[str, StoredArray]] = {split: {} for split in SPLITS}
    for array in arrays:
        found[split_in(array.name)][without_split(array.name) or "values"] = array
    return {split: by_name for split, by_name in found.items() if by_name}


def _parts(
    arrays: Sequence[StoredArray], splits: Mapping[str, Mapping[str, StoredArray]]
) -> tuple[dict[str, list[StoredArray]], int, dict[str, int], list[str]]:
    """The arrays of each field in the order of splits, the number of items, the number in each split, and notes."""
    names = list(dict.fromkeys(name for by_name in splits.values() for name in by_name))
    whole = [split for split, by_name in splits.items() if len(by_name) == len(names)]
    if not whole:
        held = "; ".join(f"{split} has {', '.join(by_name)}" for split, by_name in splits.items())
        raise DatasetError(f"no split has all arrays: {held}; give those that belong together")
    notes = [
        f"Split {split} has no {', '.join(name for name in names if name not in by_name)} and was left out."
        for split, by_name in splits.items()
        if split not in whole
    ]
    lengths = {}
    for split in whole:
        lengths[split] = next(iter(splits[split].values())).n
        if any(array.n != lengths[split] for array in splits[split].values()):
            raise DatasetError(f"lengths differ: {_lengths(splits[split].values())}; give one of each per item")
    parts = {name: [splits[split][name] for split in whole] for name in names}
    for first, *others in parts.values():
        for other in others:
            if other.shape != first.shape or other.dtype.kind != first.dtype.kind:
                raise DatasetError(
                    f"{first.where} has items of shape {first.shape} ({first.dtype}), {other.where} of {other.shape} "
                    f"({other.dtype}); give splits that are alike, or one of them alone"
                )
    return _shortly_named(parts), sum(lengths.values()), lengths, notes


def _shortly_named(parts: dict[str, list[StoredArray]]) -> dict[str, list[StoredArray]]:
    """Parts by name without the first words that all share: ``kmnist-imgs``, ``kmnist-labels`` become imgs, labels."""
    words = [re.split(r"[_\-. ]+", name) for name in parts]
    same = 0
    while len(parts) > 1 and all(len(each) > same + 1 for each in words) and len({each[same] for each in words}) == 1:
        same += 1
    return {"_".join(each[same:]) if same else name: parts[name] for name, each in zip(parts, words, strict=True)}


def _same_length(
    arrays: Sequence[StoredArray],
) -> tuple[dict[str, list[StoredArray]], int, dict[str, int], list[str]]:
    """The same values as `_parts`, for arrays without splits; arrays of another length than most are left out."""
    (n, count), *others = Counter(array.n for array in arrays).most_common()
    if others and count == 1:
        raise DatasetError(f"lengths differ: {_lengths(arrays)}; give arrays with one value or row per item")
    if others and others[0][1] == count:
        raise DatasetError(f"lengths differ: {_lengths(arrays)}; save arrays of other items in another file")
    notes = [
        f"{a.where} has {a.n:,} values, not one for each of {n:,} items, and was left out." for a in arrays if a.n != n
    ]
    return {array.name: [array] for array in arrays if array.n == n}, n, {}, notes


def _lengths(arrays: Iterable[StoredArray]) -> str:
    return ", ".join(f"{array.where} has {array.n:,}" for array in arrays)
