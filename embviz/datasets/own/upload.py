"""Files that a visitor dropped on the page, written into a folder that is removed when nothing uses it any more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import IO

from embviz.datasets.own.tensors import tensor_names
from embviz.errors import DatasetError
from embviz.storage.scratch import ScratchFolder

MOST_BYTES = 500 * 10**6
"""Most bytes of all files of one upload together."""
MOST_FILES = 20_000
_MOST_BYTES_OF_NAME = 200
_DEEPEST = 8
_NO_NAME = re.compile(r"[^\w. +()=,@-]")


@dataclass(frozen=True, eq=False, slots=True)
class Upload:
    """Files that a visitor uploaded; they stay on the disk as long as something refers to this object.

    Attributes
    ----------
    paths
        Paths to open: the files, or the folder that all of them are in.
    name
        Name of the data on the page: that of the first file, or of the folder.
    stamp
        Random text that nobody can guess, different for each upload.
    folder
        The temporary folder that they are in.
    tensors
        Names of the tensors of different items, if they are a log folder of TensorBoard.
    """

    paths: tuple[Path, ...]
    name: str
    stamp: str
    folder: ScratchFolder
    tensors: tuple[str, ...] = ()


def upload_of(files: Sequence[tuple[str, IO[bytes], int]]) -> Upload:
    """Upload of files, written to the disk under names that cannot lead out of its folder.

    Parameters
    ----------
    files
        For each file: its name from the browser, after its folders if a folder was dropped; content; number of bytes.

    Raises
    ------
    DatasetError
        If there is no file, there are too many, they are too large, or two have the same name.
    ExportError
        If there is no room on the disk.
    """
    if not files:
        raise DatasetError("nothing was dropped; give a file")
    if len(files) > MOST_FILES:
        raise DatasetError(f"{len(files):,} files are more than {MOST_FILES:,}; pack them into one zip file")
    n_bytes = sum(size for _, _, size in files)
    if n_bytes > MOST_BYTES:
        raise DatasetError(
            f"the files have {n_bytes / 1e6:,.0f} MB, and at most {MOST_BYTES / 1e6:,.0f} MB can be dropped; "
            "start the page with `embviz app FILE` for larger ones"
        )
    places = [_place(name) for name, _, _ in files]
    folded = [str(place).casefold() for place in places]  # some file systems ignore case
    if len(set(folded)) < len(folded):
        twice = next(name for at, (name, _, _) in enumerate(files) if folded[at] in folded[:at])
        raise DatasetError(f"two files are called {twice!r:.80}; give each its own name")
    folder = ScratchFolder(n_bytes)
    for place, (_, content, _) in zip(places, files, strict=True):
        path = folder.path / "files" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            content.seek(0)
            while block := content.read(1 << 20):
                file.write(block)
    roots = {place.parts[0] for place in places}
    is_folder = len(roots) == 1 and len(places[0].parts) > 1
    named = [Path(next(iter(roots)))] if is_folder else places
    paths = tuple(folder.path / "files" / place for place in named)
    return Upload(paths, named[0].name, token_urlsafe(16), folder, tuple(tensor_names(paths)))


def _place(name: str) -> Path:
    r"""A relative path that does not lead upwards, made of a name that may be written to do harm.

    Examples
    --------
    >>> _place("../../etc/passwd").as_posix(), _place("C:\\cats\\1.png").as_posix(), _place("").as_posix()
    ('etc/passwd', 'C_/cats/1.png', 'file')
    """
    parts = [_NO_NAME.sub("_", part).lstrip(". ") for part in re.split(r"[/\\]", name)]
    kept = [part.encode()[-_MOST_BYTES_OF_NAME:].decode(errors="ignore") for part in parts if part][-_DEEPEST:]
    return Path(*kept) if kept else Path("file")
