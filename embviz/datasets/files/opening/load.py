"""Dataset made of files: fields are used as the user wishes, or as guessed where there is no wish."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from embviz.checks.arguments import fitting, path_of
from embviz.dataset import Dataset, Source
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.opening.open import contents_of, is_image_store, joined, with_images
from embviz.datasets.files.tables.frame import frame_contents
from embviz.datasets.files.uses.build import dataset_of, names_said
from embviz.datasets.files.uses.granted import features_in, labels_among, no_features, with_wish
from embviz.datasets.files.uses.guess import guessed_roles
from embviz.datasets.files.uses.readable import readable_contents
from embviz.datasets.files.uses.roles import Roles
from embviz.datasets.files.uses.wishes import NO_GROUP, NO_WISHES, OPTIONS, Wishes, why_nothing_to_open
from embviz.datasets.named.folders import is_file, is_folder
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, eq=False, slots=True)
class Opened:
    """Files that were looked through: their fields, and what each is used for.

    Attributes
    ----------
    contents
        Fields of the files.
    roles
        What the fields are used for.
    said
        What was recognized, guessed, fitted or left out, one sentence each.
    is_guessed
        Whether the vectors are guessed, not asked for.
    """

    contents: Contents
    roles: Roles
    said: tuple[str, ...]
    is_guessed: bool


def opened_files(
    paths: Sequence[Path],
    wishes: Wishes = NO_WISHES,
    *,
    further_files: bool = True,
    progress: Progress = no_progress,
) -> Opened:
    """Fields of files, and what they are used for.

    Parameters
    ----------
    paths
        Files and folders of the same items; may be empty if the wishes name files.
    wishes
        What the user wants fields to be used for.
    further_files
        Whether wishes may name files, too. False for visitors of the page: they must not read files of this machine.
    progress
        Called while the files are looked through.

    Raises
    ------
    DatasetError
        If a file cannot be read, or a wish names neither a field nor a file.
    """
    said = {option: wish for option in OPTIONS if (wish := getattr(wishes, option)) is not None}
    apart = {Path(wish).absolute() for wish in said.values()} if further_files else set()
    parts = [contents_of(paths, wishes.tensor or "", apart=apart, progress=progress)] if paths else []
    name = parts[0].name if parts else ""
    own = {field.name for part in parts for field in part.fields}
    if said.get("group") == NO_GROUP:
        del said["group"]
    named = {option: _file(option, wish, own) for option, wish in said.items()} if further_files else {}
    files = {option: path for option, path in named.items() if path is not None}
    stores = [path for path in paths if is_image_store(path)] if files else []
    if stores:  # opened again, as a table among the further files may name their images
        others = [path for path in paths if path not in stores]
        parts = [contents_of(others, progress=progress)] if others else []
    parts, places = _with_files(parts, list(dict.fromkeys([*files.values(), *stores])), progress)
    if not parts:
        raise DatasetError(why_nothing_to_open(wishes))
    contents, names = joined(parts)
    contents = replace(contents, name=name or contents.name)
    by_name = {field.name: field for field in contents.fields}
    asked: dict[str, list[Field]] = {}
    for option, wish in said.items():
        if option in files:
            asked[option] = [by_name[name] for name in names[places[files[option]]].values()]
        elif not set(_listed(wish, by_name)) <= by_name.keys():
            raise DatasetError(
                f"{option} must be a field or a file, and {wish!r:.80} is neither; the fields are {names_said(by_name)}"
            )
        else:
            asked[option] = [by_name[name] for name in _listed(wish, by_name)]
    if "vectors" in files and any(field.kind == "column" for field in asked["vectors"]):
        place = places[files["vectors"]]
        features = features_in(parts[place], names[place], asked, files)
        asked["vectors"] = [by_name[name] for name in features]
    return _opened(contents, asked, files, progress)


def _with_files(
    parts: list[Contents], files: Sequence[Path], progress: Progress
) -> tuple[list[Contents], dict[Path, int]]:
    """`parts` with the contents of further files, images last, and the index of the contents of each of these files."""
    places: dict[Path, int] = {}
    images = [path for path in files if is_image_store(path)]
    for path in files:
        if path not in images:
            places[path] = len(parts)
            parts = [*parts, contents_of([path], progress=progress)]
    for path in images:
        parts, at = with_images(parts, path, progress)
        places = {each: place + (place >= at) for each, place in places.items()} | {path: at}
    return parts, places


def _opened(contents: Contents, asked: Mapping[str, list[Field]], files: Collection[str], progress: Progress) -> Opened:
    """The contents, and what each of their fields is used for: as `asked`, or else as guessed.

    `files` are the options whose value is a file.
    """
    if "vectors" not in asked:
        contents = readable_contents(contents, {field.name for fields in asked.values() for field in fields})
    labels = labels_among(asked["labels"], "labels" in files) if "labels" in asked else None
    roles, said = guessed_roles(contents, progress, labels=labels, no_features=no_features(asked))
    for option, chosen in asked.items():
        roles = with_wish(roles, option, chosen, option in files, progress)
    return Opened(contents, roles, (*contents.notes, *said), "vectors" not in asked)


def file_dataset(
    paths: Sequence[Path],
    split: str,
    wishes: Wishes = NO_WISHES,
    *,
    source: Source | None = None,
    progress: Progress = no_progress,
) -> Dataset:
    """Dataset made of files; warnings say what was left out, fitted, or guessed.

    Parameters
    ----------
    paths, wishes, progress
        As in `opened_files`.
    split
        Split of the files. ``all`` means all items, and so does ``test`` if there are fewer than two splits.
    source
        As in `Dataset`.

    Raises
    ------
    DatasetError
        As `opened_files` and `dataset_of`.
    """
    return _dataset(opened_files(paths, wishes, progress=progress), split, source=source, progress=progress)


def used_files(
    paths: Sequence[Path],
    split: str,
    roles: Roles,
    tensor: str = "",
    *,
    source: Source | None = None,
    progress: Progress = no_progress,
) -> Dataset:
    """Dataset made of files whose fields are used as `roles` say; nothing is guessed, and no warning given.

    Parameters
    ----------
    paths, progress
        As in `opened_files`.
    split
        As in `file_dataset`.
    roles
        What each field is used for.
    tensor
        As in `contents_of`.
    source
        As in `Dataset`.

    Raises
    ------
    DatasetError
        If a file cannot be read, or its fields cannot be used as `roles` say.
    """
    contents = contents_of(paths, tensor, progress=progress)
    return dataset_of(contents, roles, split=_split_of(contents, split), source=source, progress=progress)


def dataset_from_table(
    table: Any,
    *,
    vectors: str | Sequence[str] | None = None,
    labels: str | None = None,
    images: str | None = None,
    group: str | None = None,
    name: str = "table",
    progress: Progress = no_progress,
) -> Dataset:
    """Dataset of a data frame: of pandas, polars, pyarrow, DuckDB, or whatever else narwhals knows.

    What is not given is guessed as for files: columns of lists of numbers, or numbered columns (``pixel0``,
    ``pixel1``, ...), are vectors or images; a column called ``label`` or the like has the classes; all others are
    metadata.

    Parameters
    ----------
    table
        One row per item.
    vectors
        The name of a column of lists; the start that the names of numbered columns share, such as ``pixel``; or the
        names of several columns of numbers, each of which becomes one feature.
    labels
        The column with the class of each item.
    images
        A column of image files as bytes, of arrays, or a series of columns.
    group
        The column that says which items belong together, such as all items of one writer.
    name
        Name to show.
    progress
        Called while the table is looked through.

    Raises
    ------
    DatasetError
        If `table` is not a data frame, lacks a column that is asked for, or holds nothing to lay out.

    Examples
    --------
    >>> import pyarrow
    >>> toy = pyarrow.table({"embedding": [[0.0, 1.0], [2.0, 3.0]], "label": ["seven", "one"], "writer": [4, 9]})
    >>> made = dataset_from_table(toy)
    >>> made.vectors.tolist(), made.labels.tolist(), made.class_names, list(made.metadata)
    ([[0.0, 1.0], [2.0, 3.0]], [1, 0], ('one', 'seven'), ['writer'])
    """
    contents = frame_contents(table, fitting("name", name, str, DatasetError), progress=progress)
    fields = {field.name: field for field in contents.fields}
    wishes = {"images": images, "vectors": vectors, "labels": labels, "group": group}
    asked: dict[str, list[Field]] = {}
    for option, wish in wishes.items():
        if wish is None:
            continue
        names = fitting(option, wish, Sequence[str], DatasetError) if not isinstance(wish, str) else [wish]
        if unknown := [each for each in names if each not in fields]:
            raise DatasetError(f"the table has no column {unknown[0]!r:.80}; it has {names_said(fields)}")
        asked[option] = [fields[each] for each in names]
    return _dataset(_opened(contents, asked, (), progress), "all", progress=progress)


def _dataset(opened: Opened, split: str, *, source: Source | None = None, progress: Progress) -> Dataset:
    """The dataset made of opened files, with a warning for each of their notes."""
    contents = opened.contents
    for note in contents.notes:
        warnings.warn(note, stacklevel=3)
    split = _split_of(contents, split)
    return dataset_of(
        contents, opened.roles, split=split, is_guessed=opened.is_guessed, source=source, progress=progress
    )


def _split_of(contents: Contents, split: str) -> str:
    """The split as `rows_of` takes it: empty for all items, also for ``test`` if there are fewer than two splits."""
    is_all = split == "all" or (split == "test" and len(contents.splits) < 2)
    return "" if is_all else split


def _listed(wish: str, names: Collection[str]) -> list[str]:
    """The names in a wish; a name may have commas in it."""
    return [wish] if wish in names else wish.split(",")


def _file(option: str, wish: str, names: Collection[str]) -> Path | None:
    """The file or folder that a wish names; None if the wish names fields, or nothing is there."""
    if set(_listed(wish, names)) <= set(names):
        return None
    path = path_of(option, wish, DatasetError)
    return path if is_file(path) or is_folder(path) else None
