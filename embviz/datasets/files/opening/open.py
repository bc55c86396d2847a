"""Files opened together: each by its reader, and their fields side by side."""

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.opening.readers import (
    DATA_TABLE_ENDINGS,
    IMAGE_FOLDER,
    IMAGE_ZIP,
    READERS,
    TABLE_ENDINGS,
    TENSORBOARD,
    Reader,
    reader_of,
    recognized,
)
from embviz.datasets.files.pictures.by_table import check_pairing_by_order, images_of_table
from embviz.datasets.files.pictures.scan import note_on_others
from embviz.datasets.files.tables.folder_columns import is_value_folder
from embviz.datasets.files.tensorboard import tensorboard_contents
from embviz.datasets.named.folders import contents as folder_contents, is_folder
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress


def contents_of(
    paths: Sequence[Path], tensor: str = "", *, apart: Collection[Path] = (), progress: Progress = no_progress
) -> Contents:
    """Contents of files or folders that belong together.

    Several files of one shape are parts of one thing, as shards of a table are; files of different shapes hold
    different fields of the same items, in the same order. A table in a folder of arrays is left out, with a note, if it
    is not of the same items.

    Parameters
    ----------
    paths
        The files and folders, at least one.
    tensor
        Name of the tensor of a log folder that is wanted; empty for the first.
    apart
        Absolute paths of tables that are opened by themselves, and not with the arrays in their folder.
    progress
        Called while the files are looked through.

    Raises
    ------
    DatasetError
        If one cannot be read or is of a kind that embviz does not open, they are not of the same items, or none has
        the tensor.
    """
    by_reader: dict[Reader, list[Path]] = {}
    for path in (file for given in paths for file in _files(given)):
        by_reader.setdefault(reader_of(path), []).append(path)
    images = [path for reader in (IMAGE_FOLDER, IMAGE_ZIP) for path in by_reader.pop(reader, [])]
    parts: list[Contents] = []
    if tensor:
        parts = [tensorboard_contents(path, tensor) for path in by_reader.pop(TENSORBOARD, [])]
        if not parts:
            raise DatasetError(f"only a log folder of TensorBoard has tensors, got tensor {tensor!r:.60}; leave it out")
    for reader, some in by_reader.items():
        groups = [some] if reader.takes_several else [[path] for path in some]
        parts += [reader.contents(group, progress) for group in groups]
    notes: list[str] = []
    for table in (each for given in paths for each in _tables_beside_arrays(given)):
        if table in paths or table.absolute() in apart:
            continue
        try:
            part = reader_of(table).contents([table], progress)
            joined([*parts, part])
        except DatasetError as error:
            notes.append(f"{table.name} is left out: {error}.")
        else:
            parts.append(part)
    for path in images:
        parts, _ = with_images(parts, path, progress)
    whole = joined(parts)[0]
    # A table beside images is read, but the reader of images notes it as a file that is left out.
    read = {note_on_others([path.name]) for some in by_reader.values() for path in some}
    name = f"{_name_of(paths)}: {tensor}" if tensor else _name_of(paths)
    return replace(whole, name=name, notes=(*(note for note in whole.notes if note not in read), *notes))


def with_images(parts: Sequence[Contents], images: Path, progress: Progress) -> tuple[list[Contents], int]:
    """Contents with the images of a folder or a zip file added, and the index of these images.

    Images are in the order in which a table among the contents names them; if none does, in the order of their
    names, and a note says so.

    Raises
    ------
    DatasetError
        If they cannot be read, or a column is called as one that names images, and names none of them.
    """
    for place, part in enumerate(parts):
        found = images_of_table(part, images, progress)
        if found is not None:
            return [*parts[:place], *found, *parts[place + 1 :]], place + 1
    alone = reader_of(images).contents([images], progress)
    check_pairing_by_order(parts, alone)
    note = "No column names the images: they are taken in the order of their names."
    return [*parts, replace(alone, notes=(note, *alone.notes)) if parts else alone], len(parts)


def is_image_store(path: Path) -> bool:
    """Whether a path is a folder or a zip file of images alone, without a table that names them.

    Raises
    ------
    DatasetError
        If it cannot be looked at.
    """
    return recognized(path) in (IMAGE_FOLDER, IMAGE_ZIP) and _files(path) == [path]


def joined(parts: Sequence[Contents]) -> tuple[Contents, list[dict[str, str]]]:
    """Contents with the fields of several contents side by side, and for each of these the new names of its fields.

    Raises
    ------
    DatasetError
        If they have different numbers of items.
    """
    if len({part.n for part in parts}) > 1:
        counts = ", ".join(f"{part.name} has {part.n:,}" for part in parts)
        raise DatasetError(f"numbers of items differ: {counts}; give files of the same items")
    fields: dict[str, Field] = {}
    names: list[dict[str, str]] = []
    for part in parts:
        names.append({})
        for field in part.fields:
            name, number = field.name, 1
            while name in fields:
                number += 1
                name = f"{part.name} {field.name}{f' ({number})' if number > 2 else ''}"
            names[-1][field.name] = name
            fields[name] = replace(field, name=name)
    whole = Contents(
        name=parts[0].name,
        n=parts[0].n,
        fields=tuple(fields.values()),
        splits=next((part.splits for part in parts if part.splits), ()),
        n_whole=max(part.n_whole for part in parts),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )
    return whole, names


def is_opened(folder: Path) -> bool:
    """Whether a folder holds what embviz opens as a whole.

    Raises
    ------
    DatasetError
        If it cannot be looked at.
    """
    return bool(_files_in(folder))


def _files(path: Path) -> list[Path]:
    if not is_folder(path):
        return [path]
    found = _files_in(path)
    if not found:
        raise DatasetError(f"folder {path} holds nothing that embviz opens as a whole; give files that belong together")
    return found


def _files_in(folder: Path) -> list[Path]:
    """The folder itself if there is a reader for it, else the files in it that are opened together; empty if none are.

    Files that are opened together are the shards or arrays of one reader, or the only file that can be opened. If the
    folder holds images and one table, the table is returned, too, as it may name the images.
    """
    reader = recognized(folder)
    if reader is not None:
        others = folder_contents(folder)[1]
        tables = [file for file in others if file.suffix.lower() in TABLE_ENDINGS and not file.name.startswith(".")]
        return [folder, *tables] if reader is IMAGE_FOLDER and len(tables) == 1 else [folder]
    own = _own_files(folder)
    alone: list[Path] = []
    for each in READERS:
        found = [file for file in own if file.suffix.lower() in each.endings]
        if found and each.takes_several:
            return found
        alone += found
    return alone if len(alone) == 1 else []


def _tables_beside_arrays(path: Path) -> list[Path]:
    """The only table in a folder whose arrays or shards are opened, as it may hold labels; empty if there is none."""
    if not is_folder(path) or recognized(path) is not None:
        return []
    opened = _files_in(path)
    tables = [file for file in _own_files(path) if file.suffix.lower() in DATA_TABLE_ENDINGS and file not in opened]
    return tables if len(tables) == 1 else []


def _own_files(folder: Path) -> list[Path]:
    """Files in a folder and in the folders in it, without hidden ones and links that lead out of it.

    Folders whose names hold values of columns are looked into at any depth.
    """
    folders, inside = folder_contents(folder)
    inside = list(inside)
    while folders:
        below: list[Path] = []
        for each in folders:
            deeper, others = folder_contents(each)
            inside += others
            below += [child for child in deeper if is_value_folder(child) and not child.is_symlink()]
        folders = below
    whole = folder.resolve()
    return [file for file in inside if file.resolve().is_relative_to(whole) and not file.name.startswith(".")]


def _name_of(paths: Sequence[Path]) -> str:
    """Name of the dataset: that of the file or folder, or what the names of several files begin with."""
    names = [os.fsencode(path.name if is_folder(path) else path.stem).decode("utf-8", "replace") for path in paths]
    same = 0
    while len({name[: same + 1] for name in names}) == 1 and same < len(names[0]):
        same += 1
    return names[0][:same].strip("-_. 0123456789") if len(names) > 1 and same > 1 else names[0]
