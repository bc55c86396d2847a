"""Where data come from, as a value with a stamp: two sources are equal as long as their data are the same."""

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
"""The names there are, and how people write them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A dataset that has a name, as its files were when somebody looked.

    Attributes
    ----------
    name
        A key of `TITLES`.
    stamp
        What `stamp_of` said then; empty where there were no files, or none that might change.
    """

    name: str
    stamp: str = ""

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if self.name not in TITLES:
            raise DatasetError(f"no dataset is called {self.name!r}; give {', '.join(TITLES)}")

    @property
    def title(self) -> str:
        """What a person calls the data."""
        return TITLES[self.name]

    @property
    def key(self) -> str:
        """Names the data that ids count in: the same for every split and sample, another one once they have changed."""
        return fingerprint("named", self.name, self.stamp)

    @property
    def address(self) -> str:
        """What `load_dataset` takes for it, now and when the data have changed."""
        return self.name


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of files of MNIST's format, as they were when somebody looked.

    Attributes
    ----------
    path
        The folder, absolute: what is meant does not change with the working directory.
    stamp
        What `stamp_of` said then.
    """

    path: Path
    stamp: str

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if not self.path.is_absolute():
            raise DatasetError(f"a source has the whole path of its files, got {self.path}; use source_named")

    @property
    def title(self) -> str:
        """What a person calls the data: the name of the folder."""
        return os.fsencode(self.path.name).decode("utf-8", "replace")  # a file's name may be no text

    @property
    def key(self) -> str:
        """Names the data that ids count in: the same for every split and sample, another one once they have changed."""
        return fingerprint("files", str(self.path), self.stamp)

    @property
    def address(self) -> str:
        """What `load_dataset` takes for it, now and when the data have changed."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Given:
    """A dataset that somebody made, of arrays for example. It cannot change.

    Attributes
    ----------
    dataset
        All of it. Not compared itself: equal data given twice are one source.
    stamp
        Its fingerprint.
    """

    dataset: Dataset = field(compare=False)
    stamp: str = field(init=False)

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        object.__setattr__(self, "stamp", self.dataset.fingerprint)

    @property
    def title(self) -> str:
        """What a person calls the data."""
        return self.dataset.name

    @property
    def key(self) -> str:
        """Names the data that ids count in: the same for every sample."""
        return fingerprint("given", self.stamp)

    @property
    def address(self) -> str:
        """Empty: no text leads to it."""
        return ""


DataSource = Named | Files | Given
"""Each is a value whose stamp changes when the data do, so that whatever is kept by it is never that of other data."""


def source_named(name_or_path: str | os.PathLike[str]) -> Named | Files:
    """The source that a name or the path of a folder stands for, as it is now. Downloads nothing.

    A text that is a name means that dataset; a path to a folder that is called so means the folder.

    Raises
    ------
    DatasetError
        If there is no such name and no such folder, or its files cannot be looked at.

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
    """What the stamp of the source would be if one looked now.

    Raises
    ------
    DatasetError
        If its files are gone, or cannot be looked at.

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
    files = None if name == "digits" else named_files(name)  # digits come with scikit-learn
    return "" if files is None else files_stamp(files.paths)


def _stamp_of_folder(path: Path) -> str:
    return files_stamp(folder_files(path).paths)
