"""Reader of IDX files, those of MNIST and its family and any others: in a folder, or given one by one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from embviz.arrays import AnyArray, Int64Array, check_memory
from embviz.datasets.files.contents import Contents, Field, Kind, Read, known_column
from embviz.datasets.files.idx.finding import IdxFile, IdxSet, idx_sets_below, idx_sets_of
from embviz.datasets.named.folders import contents, is_folder, text_of
from embviz.datasets.named.idx_format import idx_rows
from embviz.datasets.named.idx_sets import QMNIST_COLUMNS, TITLES, LabelNames, emnist_names, known_set
from embviz.datasets.named.tfds import CLASS_NAMES
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

_DIGITS = tuple("0123456789")
_MAPPING = "-mapping.txt"
"""End of the name of EMNIST's file that says which character each label is."""


def idx_contents(paths: Sequence[Path]) -> Contents:
    """Contents of IDX files: MNIST, Fashion-MNIST, KMNIST, EMNIST, QMNIST, or anything else of this format.

    EMNIST's images, which are stored on their side, are turned upright, and QMNIST's numbers of each item are columns.
    Labels get class names if the files are known to be of a set such as Fashion-MNIST.

    Parameters
    ----------
    paths
        One folder with the files of one set in it or at most five folders below; or files of one set, to which files
        beside them of the same split are added, such as labels for images.

    Raises
    ------
    DatasetError
        If there is no IDX file, there are several sets, a file is broken or does not hold what its name says, a split
        lacks labels or images that another has, or a link leads out of the folder.
    """
    is_one_folder = len(paths) == 1 and is_folder(paths[0])
    files = [path for path in paths if not path.name.lower().endswith(_MAPPING)] or paths  # it is found beside labels
    found = idx_sets_below(paths[0]) if is_one_folder else idx_sets_of(files)
    found, writers = _writers_apart(found)
    if len(found) > 1:
        titles = ", ".join(each.title for each in found)
        raise DatasetError(f"there are several sets: {titles}; give the folder or the files of one")
    (idx_set,) = found
    firsts, n = _places(idx_set)
    fields, notes, title = [], list[str](), ""
    images = list(idx_set.of_kind("images").values())
    is_on_side = _is_emnist(idx_set) and all(len(file.header.shape) == 3 for file in images)
    if images:
        fields.append(_values_field("image", images, is_on_side))
    if images and is_on_side:
        notes.append("EMNIST's images are stored on their side and were turned upright.")
    if labels := list(idx_set.of_kind("labels").values()):
        more, title, said = _label_fields(idx_set, labels)
        fields += more
        notes += said
    if vectors := idx_set.of_kind("vectors"):
        fields.append(_values_field("vectors", list(vectors.values()), is_on_side=False))
    if writers:
        fields += _writer_fields(writers, {file.split: file for file in idx_set.files}, fields)
        notes.append("Writers and series come from QMNIST, which has these items in the same order.")
    name = title or (paths[0].resolve().name if is_one_folder else idx_set.name or files[0].name)
    splits = tuple(firsts.items()) if "" not in firsts else ()
    return Contents(text_of(name), n, tuple(fields), splits, tuple(notes))


def _places(idx_set: IdxSet) -> tuple[dict[str, int], int]:
    """Position of the first item of each split, and the number of items in all."""
    kinds = list(dict.fromkeys(file.kind for file in idx_set.files))
    firsts, n = {}, 0
    for split in idx_set.splits:
        files = {file.kind: file for file in idx_set.files if file.split == split}
        first = next(iter(files.values()))
        if missing := [kind for kind in kinds if kind not in files]:
            raise DatasetError(
                f"there is no file of {' and '.join(missing)} for {first.path}, as there is for other splits; "
                "put one beside it, or give one split at a time"
            )
        for other in files.values():
            if other.header.shape[0] != first.header.shape[0]:
                counts = [f"{file.path} holds {file.header.shape[0]:,} {file.kind}" for file in (first, other)]
                raise DatasetError(f"{' but '.join(counts)}; get the files of one split again")
        firsts[split] = n
        n += first.header.shape[0]
    return firsts, n


def _values_field(name: str, files: Sequence[IdxFile], is_on_side: bool) -> Field:
    """A field of images, or of vectors where a file has rows of numbers."""
    _check_alike(files)
    shape = files[0].header.shape[1:]
    dtype = files[0].header.dtype.newbyteorder("=")
    kind: Kind = "images" if len(shape) == 2 else "vectors"
    return Field(name, kind, shape[::-1] if is_on_side else shape, dtype, _joined(files, is_on_side))


def _check_alike(files: Sequence[IdxFile]) -> None:
    first = files[0]
    for other in files[1:]:
        if (other.header.shape[1:], other.header.dtype) != (first.header.shape[1:], first.header.dtype):
            said = [f"{file.path} has {file.header.dtype.name} of {file.header.shape[1:]}" for file in (first, other)]
            raise DatasetError(f"{' but '.join(said)} per item; give one split at a time")


def _joined(files: Sequence[IdxFile], is_on_side: bool = False) -> Read:
    """Function that reads items, which are numbered through all files in order."""

    def read(rows: slice, progress: Progress) -> AnyArray:
        wanted = range(sum(file.header.shape[0] for file in files))[rows]
        low, high = (min(wanted), max(wanted) + 1) if wanted else (0, 0)
        shape = files[0].header.shape[1:]
        values = np.empty(
            (high - low, *(shape[::-1] if is_on_side else shape)), files[0].header.dtype.newbyteorder("=")
        )
        start = 0
        for file in files:
            stop = start + file.header.shape[0]
            inside = slice(max(low, start) - start, min(high, stop) - start)
            if inside.start < inside.stop:
                part = idx_rows(file.path, file.header, inside, progress)
                values[start + inside.start - low : start + inside.stop - low] = (
                    part.swapaxes(1, 2) if is_on_side else part
                )
            start = stop
        return values if wanted.step == 1 else values[np.array(wanted, int) - low]

    return read


def _label_fields(idx_set: IdxSet, labels: Sequence[IdxFile]) -> tuple[list[Field], str, list[str]]:
    """Columns of labels, the name of the set, which is empty if it is unknown, and notes on it."""
    _check_alike(labels)
    header = labels[0].header
    if _is_qmnist(labels):
        notes = ["The last of QMNIST's eight numbers per item, which has no meaning, is left out."]
        return _qmnist_fields(labels), "QMNIST", notes
    if len(header.shape) > 1:
        return [_values_field("label", labels, is_on_side=False)], "", []
    check_memory("labels", (sum(file.header.shape[0] for file in labels),), np.int64, DatasetError)
    values = _joined(labels)(slice(None), no_progress)
    if values.dtype.kind == "f":
        return [known_column("label", values.astype(np.float64))], "", []
    codes = values.astype(np.int64)
    if _is_emnist(idx_set):
        part = "-".join(word for word in idx_set.name.split("-") if word != "emnist")
        names = emnist_names(part, _mapping(idx_set))
        return [_coded("label", codes, names, labels)], f"EMNIST {part}".strip(), list(names.notes)
    name, note = known_set([file.path for file in labels])
    if not name or not 0 <= codes.min() <= codes.max() < len(CLASS_NAMES[name]):
        return [known_column("label", codes)], "", []
    return [known_column("label", codes, CLASS_NAMES[name])], TITLES[name], [note] if note else []


def _qmnist_fields(labels: Sequence[IdxFile]) -> list[Field]:
    table = _joined(labels)(slice(None), no_progress).astype(np.int64)
    label = _coded("label", table[:, 0], LabelNames(_DIGITS), labels)
    return [label, *(known_column(name, table[:, at]) for at, name in enumerate(QMNIST_COLUMNS) if at)]


def _is_emnist(idx_set: IdxSet) -> bool:
    return "emnist" in idx_set.name.split("-")


def _is_qmnist(labels: Sequence[IdxFile]) -> bool:
    """Whether files of labels have eight whole numbers per item."""
    width = len(QMNIST_COLUMNS) + 1
    return bool(labels) and all(file.header.shape[1:] == (width,) and file.header.dtype.kind == "i" for file in labels)


def _writers_apart(found: list[IdxSet]) -> tuple[list[IdxSet], dict[str, IdxFile]]:
    """The sets to read, and QMNIST's labels by split, if they come without images beside another set; else empty."""
    alone = [each for each in found if not each.of_kind("images") and _is_qmnist([*each.of_kind("labels").values()])]
    if len(found) == 2 and len(alone) == 1:
        return [each for each in found if each is not alone[0]], alone[0].of_kind("labels")
    return found, {}


def _writer_fields(
    writers: Mapping[str, IdxFile], files: Mapping[str, IdxFile], fields: Sequence[Field]
) -> list[Field]:
    """QMNIST's columns for MNIST's items; labels must agree, and MNIST's test items are the first of QMNIST's."""
    tables = []
    for split, file in files.items():
        if split not in writers or writers[split].header.shape[0] < file.header.shape[0]:
            raise DatasetError(f"QMNIST's labels for {file.path} are not there; give both of its files")
        tables.append(_joined([writers[split]])(slice(file.header.shape[0]), no_progress))
    table = np.concatenate(tables).astype(np.int64)
    for label in (field for field in fields if field.name == "label"):
        if len(wrong := np.flatnonzero(label.read(slice(None), no_progress) != table[:, 0])):
            raise DatasetError(
                f"QMNIST's label of item {wrong[0]} is {table[wrong[0], 0]}, which is not that of the other file; "
                "give files of the same items in the same order"
            )
    return [known_column(name, table[:, at]) for at, name in enumerate(QMNIST_COLUMNS) if at]


def _coded(name: str, values: Int64Array, names: LabelNames, files: Sequence[IdxFile]) -> Field:
    """A column of class codes; labels outside the known classes are refused."""
    if not names.names:
        return known_column(name, values)
    codes = values - names.first
    wrong = np.flatnonzero((codes < 0) | (codes >= len(names.names)))
    if len(wrong):
        row = int(wrong[0])
        raise DatasetError(
            f"{', '.join(str(file.path) for file in files)}: label {row} is {values[row]}, expected {names.first}.."
            f"{names.first + len(names.names) - 1}; get the file again"
        )
    return known_column(name, codes, names.names)


def _mapping(idx_set: IdxSet) -> Path | None:
    """EMNIST's file that says which character each label is; None if it is not beside the others."""
    name = idx_set.name + _MAPPING
    files = contents(idx_set.place)[1]
    return next((path for path in files if path.name.lower() == name and not path.is_symlink()), None)
