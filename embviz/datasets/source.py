"""Sources of data, as values with a stamp: two sources are equal only if their data are the same."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from embviz.arrays import fingerprint
from embviz.checks.arguments import check_fields, path_of
from embviz.dataset import Dataset
from embviz.datasets.named.folders import is_folder
from embviz.datasets.places import files_stamp, folder_files, named_files
from embviz.errors import DatasetError

TITLES = {
    "digits": "Digits 8×8",
    "mnist": "MNIST",
    "fashion_mnist": "Fashion-MNIST",
    "kmnist": "KMNIST",
}
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
    """

    name: str
    stamp: str = ""

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if self.name not in TITLES:
            raise DatasetError(f"no dataset is called {self.name!r}; give {', '.join(TITLES)}")

    @property
    def title(self) -> str:
        """Title of the dataset on the page."""
        return TITLES[self.name]

    @property
    def key(self) -> str:
        """Hash of all fields, so that a browser knows which data ids belong to."""
        return fingerprint("named", self.name, self.stamp)

    @property
    def address(self) -> str:
        """Argument of `load_dataset` that leads here; it stays the same when the data change."""
        return self.name


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of files in MNIST's format, with the state of the files at one moment.

    Attributes
    ----------
    path
        Absolute path of the folder, so that it means the same in every working directory.
    stamp
        State of the files, from `stamp_of`.
    """

    path: Path
    stamp: str

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if not self.path.is_absolute():
            raise DatasetError(f"a source has the whole path of its files, got {self.path}; use source_named")

    @property
    def title(self) -> str:
        """Name of the folder."""
        return os.fsencode(self.path.name).decode("utf-8", "replace")  # names of files may hold bytes that are no text

    @property
    def key(self) -> str:
        """Hash of all fields, so that a browser knows which data ids belong to."""
        return fingerprint("files", str(self.path), self.stamp)

    @property
    def address(self) -> str:
        """Argument of `load_dataset` that leads here; it stays the same when the data change."""
        return str(self.path)


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
        """Hash of the stamp, so that a browser knows which data ids belong to."""
        return fingerprint("given", self.stamp)

    @property
    def address(self) -> str:
        """Empty, because `load_dataset` cannot find the dataset."""
        return ""


DataSource = Named | Files | Given
"""A source of data. A value that is stored under its source is never taken for one of changed data."""


def source_named(name_or_path: str | os.PathLike[str]) -> Named | Files:
    """Source with this name, or of the folder with this path, in its present state; nothing is downloaded.

    A string that is the name of a dataset means that dataset; a path object means a folder first, then a name.

    Raises
    ------
    DatasetError
        If there is neither such a dataset nor such a folder, or its files cannot be looked at.

    Examples
    --------
    >>> source_named("digits")
    Named(name='digits', stamp='')
    """
    path = None
    if not (isinstance(name_or_path, str) and (name_or_path in TITLES or not name_or_path or "\0" in name_or_path)):
        path = path_of("name_or_path", name_or_path, DatasetError)
    if path is not None and is_folder(path):
        path = path.resolve()
        return Files(path, _stamp_of_folder(path))
    name = name_or_path if isinstance(name_or_path, str) else str(path)
    if name not in TITLES:
        names = ", ".join(TITLES)
        raise DatasetError(f"no dataset and no folder {name!r}; give {names} or a folder of MNIST-format files")
    return Named(name, _stamp_of_name(name))


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
        case Files(path=path):
            return _stamp_of_folder(path)
        case Given(stamp=stamp):
            return stamp


def _stamp_of_name(name: str) -> str:
    files = None if name == "digits" else named_files(name)  # digits are part of scikit-learn
    return "" if files is None else files_stamp(files.paths)


def _stamp_of_folder(path: Path) -> str:
    return files_stamp(folder_files(path).paths)
