"""Sets of IDX files that belong together: found below a folder, or made of given files and of those beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from embviz.datasets.files.idx.names import SPLITS, IdxName, idx_name, is_idx_name
from embviz.datasets.named.folders import check_inside, contents
from embviz.datasets.named.idx_format import IdxHeader, idx_header
from embviz.errors import DatasetError

_MOST_DEPTH = 5
"""Most levels of folders that are searched: torchvision has files in ``MNIST/raw``, some unpackers one level deeper."""
_KINDS = {1: "labels", 2: "vectors", 3: "images"}
"""Content of a file by its number of dimensions, if its name does not tell."""


@dataclass(frozen=True, slots=True)
class IdxFile:
    """One file of a set: where it is, its split, what it holds (``images``, ``labels``, ``vectors``), its header."""

    path: Path
    split: str
    kind: str
    header: IdxHeader


@dataclass(frozen=True, slots=True)
class IdxSet:
    """Files that belong together.

    Attributes
    ----------
    name
        The `set_name` that the names of the files share, see `IdxName`.
    place
        The folder that they are in.
    files
        One of each split and kind, in order of the splits.
    """

    name: str
    place: Path
    files: tuple[IdxFile, ...]

    @property
    def title(self) -> str:
        """Name of the set and its folder, for a message that lists several sets."""
        return f"{self.name} in {self.place}" if self.name else str(self.place)

    @property
    def splits(self) -> tuple[str, ...]:
        """Splits of the files, in order."""
        return tuple(dict.fromkeys(file.split for file in self.files))

    def of_kind(self, kind: str) -> dict[str, IdxFile]:
        """Files of this kind by split, in order of the splits."""
        return {file.split: file for file in self.files if file.kind == kind}


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    place: Path
    name: IdxName


def idx_sets_below(folder: Path) -> list[IdxSet]:
    """Sets of IDX files in a folder or at most five folders below it.

    Raises
    ------
    DatasetError
        If there is none, a file is broken or does not hold what its name says, or a link leads out of the folder.
    """
    root = folder.resolve()
    left, found, pickles = [(root, 0)], list[Path](), list[Path]()
    while left:
        place, depth = left.pop()
        folders, others = contents(place)
        others = [path for path in others if not path.name.startswith(".")]
        for path in [*folders, *others]:
            check_inside(root, path)
        left += [(path, depth + 1) for path in folders if depth < _MOST_DEPTH and not path.is_symlink()]
        found += [path for path in others if is_idx_name(path.name)]
        pickles += [path for path in others if path.suffix in (".pt", ".pth")]
    if not found and pickles:
        raise DatasetError(
            f"{pickles[0]} is a pickle, which may run anything and is not opened; give a folder with the files that it "
            "was made of, which torchvision calls raw, or save the arrays by numpy.savez"
        )
    if not found:
        raise DatasetError(f"{folder} holds no IDX file, such as train-images-idx3-ubyte; give a folder that does")
    return _sets(_candidate(path) for path in found)


def idx_sets_of(paths: Sequence[Path]) -> list[IdxSet]:
    """Sets of the given IDX files; files beside them of the same set and split, such as labels for images, are added.

    Raises
    ------
    DatasetError
        If a file is broken or does not hold what its name says.
    """
    given = [_candidate(path) for path in paths]
    known = {each.name for each in given}
    splits = {(each.name.set_name, each.name.split) for each in given}
    beside = [
        each
        for place in dict.fromkeys(path.parent for path in paths)
        for each in map(_candidate, filter(_is_meant, contents(place)[1]))
        if (each.name.set_name, each.name.split) in splits and each.name not in known and each.name.kind
    ]
    here = given[0].place
    return _sets(_Candidate(each.path, here, each.name) for each in [*given, *beside])


def _candidate(path: Path) -> _Candidate:
    """A file and the folder of its set; a folder that an unpacker made, named like an IDX file, is skipped."""
    place = path.parent.parent if is_idx_name(path.parent.name) else path.parent
    return _Candidate(path, place, idx_name(path.name))


def _is_meant(path: Path) -> bool:
    return is_idx_name(path.name)


def _sets(candidates: Iterable[_Candidate]) -> list[IdxSet]:
    groups: dict[tuple[Path, str], dict[IdxName, list[Path]]] = {}
    for each in candidates:
        groups.setdefault((each.place, each.name.set_name), {}).setdefault(each.name, []).append(each.path)
    return [IdxSet(name, place, tuple(_files(groups[place, name]))) for place, name in sorted(groups)]


def _files(alike: dict[IdxName, list[Path]]) -> list[IdxFile]:
    files: dict[tuple[str, str], IdxFile] = {}
    for name, paths in alike.items():
        path = min(paths, key=_preference)
        header = idx_header(path)
        kind = _KINDS[len(header.shape)]
        if name.kind and kind not in (name.kind, "vectors"):
            raise DatasetError(
                f"{path} holds {kind}, as its dimensions say: see whether the files of images and labels have each "
                "other's names"
            )
        file = IdxFile(path, name.split, name.kind or kind, header)
        if other := files.get((file.split, file.kind)):
            raise DatasetError(f"{other.path} and {path} both hold {file.kind}; give one of them")
        files[file.split, file.kind] = file
    return sorted(files.values(), key=lambda file: SPLITS.index(file.split))


def _preference(path: Path) -> tuple[bool, bool, str]:
    """Sort key of files with one `IdxName`: empty files come last, and packed files after plain ones."""
    try:
        is_empty = not path.stat().st_size
    except OSError:  # reported when the file is read
        is_empty = True
    return is_empty, path.name.lower().endswith(".gz"), str(path)
