"""Sources of data, as values with a stamp: two sources are equal only if their data are the same."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from embviz.arrays import fingerprint
from embviz.checks.arguments import check_fields, path_of
from embviz.dataset import Dataset
from embviz.datasets.files.uses.roles import Roles
from embviz.datasets.files.uses.wishes import NO_WISHES, Wishes, why_nothing_to_open
from embviz.datasets.named.folders import is_file, is_folder
from embviz.datasets.named.idx_folder import idx_folder_splits
from embviz.datasets.named.idx_sets import TITLES as SET_TITLES
from embviz.datasets.own.added import IN_ORDER, Match
from embviz.datasets.places import files_of, files_stamp, named_files
from embviz.errors import DatasetError

TITLES = {"digits": "Digits 8×8", **SET_TITLES}
"""Title of each dataset that has a name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A dataset that has a name, with the state of its files at one moment.

    Attributes
    ----------
    name
        A key of `TITLES`.
    stamp
        State of the files, from `stamp_of`. Empty if there were no files, or if they cannot change.
    wishes
        Its `group` names the column that groups the items; other wishes are not allowed for a named dataset.
    """

    name: str
    stamp: str = ""
    wishes: Wishes = NO_WISHES

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if self.name not in TITLES:
            raise DatasetError(f"no dataset is called {self.name!r}; give {', '.join(TITLES)}")
        if self.wishes != Wishes(group=self.wishes.group):
            raise DatasetError(
                f"{self.name!r} has its own vectors, images and labels; give these options with a file only"
            )

    @property
    def title(self) -> str:
        """Title of the dataset on the page."""
        return TITLES[self.name]

    @property
    def key(self) -> str:
        """Hash of all fields, so that a browser can tell which data an id belongs to."""
        return fingerprint("named", self.name, self.stamp, repr(self.wishes))

    @property
    def address(self) -> str:
        """Argument of `load_dataset` for this source; it stays the same when the data change."""
        return self.name


@dataclass(frozen=True, slots=True)
class Files:
    """The user's own files, with their state at one moment.

    Attributes
    ----------
    paths
        Absolute paths of files and folders, so that they mean the same in every working directory. Empty if the wishes
        name the files.
    wishes
        What the user wants fields to be used for.
    stamp
        State of the files, from `stamp_of`.
    """

    paths: tuple[Path, ...]
    wishes: Wishes
    stamp: str

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if relative := [path for path in self.paths if not path.is_absolute()]:
            raise DatasetError(f"a source needs absolute paths of its files, got {relative[0]}; use source_named")

    @property
    def title(self) -> str:
        """Name of the first file or folder, and of the tensor in it that was chosen."""
        name = self.paths[0].name if self.paths else Path(self.wishes.vectors or self.wishes.images or "files").name
        title = os.fsencode(name).decode("utf-8", "replace")  # names of files may hold bytes that are not text
        return f"{title}: {self.wishes.tensor}" if self.wishes.tensor else title

    @property
    def key(self) -> str:
        """Hash of all fields, so that a browser can tell which data an id belongs to."""
        return fingerprint("files", *map(str, self.paths), repr(self.wishes), self.stamp)

    @property
    def address(self) -> str:
        """Argument of `load_dataset` for this source, the same when the data change; empty if one is not enough."""
        return str(self.paths[0]) if len(self.paths) == 1 and self.wishes == Wishes() else ""

    @property
    def is_idx_folder(self) -> bool:
        """Whether the source is one folder of files in MNIST's format, with no wish except a group."""
        is_alone = len(self.paths) == 1 and self.wishes == Wishes(group=self.wishes.group)
        return is_alone and is_folder(self.paths[0]) and bool(idx_folder_splits(self.paths[0]))


@dataclass(frozen=True, slots=True)
class Given:
    """A dataset that was made in Python, from arrays for example.

    Attributes
    ----------
    dataset
        All items. Sources are compared by the stamp alone: two equal datasets are one source.
    stamp
        Fingerprint of the dataset, which cannot change.
    """

    dataset: Dataset = field(compare=False)
    stamp: str = field(init=False)

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        object.__setattr__(self, "stamp", self.dataset.fingerprint)

    @property
    def title(self) -> str:
        """Name of the dataset."""
        return self.dataset.name

    @property
    def key(self) -> str:
        """Hash of the stamp, so that a browser can tell which data an id belongs to."""
        return fingerprint("given", self.stamp)

    @property
    def address(self) -> str:
        """Empty, because `load_dataset` cannot find the dataset."""
        return ""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Files that a visitor dropped on the page, with what their fields are used for; only that visitor has the source.

    Attributes
    ----------
    paths
        Paths of the files, in a folder that is removed with the visitor's session.
    roles
        What each field is used for, as the visitor confirmed it.
    name
        Title of the data on the page.
    stamp
        Random text that nobody can guess, different for each upload: the files themselves do not change.
    tensor
        Name of a tensor in a log folder of TensorBoard; empty for the first, and for other files.
    base
        Data that were open, and whose items get the columns of the files; None if the files are the data.
    match
        Which row of the files belongs to which of these items.
    """

    paths: tuple[Path, ...]
    roles: Roles
    name: str
    stamp: str
    tensor: str = ""
    base: "Named | Files | Given | Uploaded | None" = None
    match: Match = IN_ORDER

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if not self.paths or not self.stamp:
            raise DatasetError("an upload has files and a stamp of its own; give both")

    @property
    def title(self) -> str:
        """Title of the data on the page."""
        return self.name

    @property
    def key(self) -> str:
        """Hash of all fields, so that a browser can tell which data an id belongs to."""
        base = () if self.base is None else (self.base.key, repr(self.match))
        said = (repr(self.roles), self.name, self.stamp, self.tensor, *base)
        return fingerprint("uploaded", *map(str, self.paths), *said)

    @property
    def address(self) -> str:
        """Empty, because `load_dataset` cannot find the files."""
        return ""


DataSource = Named | Files | Uploaded | Given
"""A source of data. It includes a stamp, so that a value stored under a source is not found once its data change."""


def source_named(name_or_path: str | os.PathLike[str] | None, wishes: Wishes = NO_WISHES) -> Named | Files:
    """Source with this name, or of the file or folder with this path, in its present state; nothing is downloaded.

    A string that is the name of a dataset means that dataset; a path object means a file or folder first, then a name.

    Parameters
    ----------
    name_or_path
        Name of a dataset, or path of a file or folder; None if the wishes name the files.
    wishes
        What the user wants fields to be used for.

    Raises
    ------
    DatasetError
        If there is neither such a dataset nor such a path, or its files cannot be looked at.

    Examples
    --------
    >>> source_named("digits").title
    'Digits 8×8'
    """
    if name_or_path is None:
        if not any(is_folder(path) or is_file(path) for path in _paths(wishes)):
            raise DatasetError(why_nothing_to_open(wishes))
        return _files((), wishes)
    path = None
    if not (isinstance(name_or_path, str) and (name_or_path in TITLES or not name_or_path or "\0" in name_or_path)):
        path = path_of("name_or_path", name_or_path, DatasetError)
    if path is not None and (is_folder(path) or is_file(path)):
        return _files((path.resolve(),), wishes)
    name = name_or_path if isinstance(name_or_path, str) else str(path)
    if name not in TITLES:
        names = ", ".join(TITLES)
        raise DatasetError(f"no dataset and no file or folder {name!r}; give {names}, a file or a folder")
    return Named(name, _stamp_of_name(name), wishes)


def stamp_of(source: DataSource) -> str:
    """Present state of the data of a source: it differs from `source.stamp` if the data have changed since then.

    Raises
    ------
    DatasetError
        If the files of the source are gone, or cannot be looked at.

    Examples
    --------
    >>> stamp_of(Named("digits"))
    ''
    """
    match source:
        case Named(name=name):
            return _stamp_of_name(name)
        case Files():
            return _stamp_of_files(source.paths, source.wishes)
        case Uploaded(stamp=stamp) | Given(stamp=stamp):
            return stamp


def _stamp_of_name(name: str) -> str:
    files = None if name == "digits" else named_files(name)  # digits are part of scikit-learn
    return "" if files is None else files_stamp(files.paths)


def _files(paths: tuple[Path, ...], wishes: Wishes) -> Files:
    return Files(paths, wishes, _stamp_of_files(paths, wishes))


def _stamp_of_files(paths: tuple[Path, ...], wishes: Wishes) -> str:
    for path in paths:
        if not (is_folder(path) or is_file(path)):
            raise DatasetError(f"there is no file or folder {path} any more; put it back, or give another one")
    return files_stamp([file for path in (*paths, *_paths(wishes)) for file in files_of(path)])


def _paths(wishes: Wishes) -> list[Path]:
    """The paths that wishes may be; each may also be the name of a field."""
    given = (wishes.vectors, wishes.labels, wishes.images, wishes.metadata)
    return [Path(wish).expanduser() for wish in given if wish and "\0" not in wish]
