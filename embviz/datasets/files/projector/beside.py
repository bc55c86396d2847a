"""A file that a config names, found in the config's folder, also if the name is an address or from another machine."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from embviz.errors import DatasetError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://[^/]*|[A-Za-z]:(?=[\\/])")
"""Text before the path: scheme and host of an address, or the drive of a path on Windows."""


def file_beside(config: Path, written: str) -> Path | None:
    """Path of a file that a config names, in the config's folder; None if it is not there.

    A path in a config may start at its folder, at the root of a web site, or at the folder in which it was written; it
    may also be an address. So its leading parts are left out, one after the other, until a file is found.

    Parameters
    ----------
    config
        The config.
    written
        The path as the config has it.

    Raises
    ------
    DatasetError
        If the file is a link that leads out of the folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     config = Path(folder, "config.json")
    ...     _ = Path(folder, "labels.tsv").write_text("a")
    ...     found = file_beside(config, "oss_data/labels.tsv"), file_beside(config, "other.tsv")
    >>> found[0].name, found[1]
    ('labels.tsv', None)
    """
    folder = config.parent
    path = _ADDRESS.sub("", written, count=1)
    if "://" in written:
        path = unquote(path.partition("?")[0])
    parts = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part.strip("/") not in ("", ".", "..")]
    for start in range(len(parts)):
        candidate = folder.joinpath(*parts[start:])
        try:
            is_there = candidate.is_file()
            is_inside = is_there and candidate.resolve().is_relative_to(folder.resolve())
        except (OSError, ValueError):  # a name that no file can have
            continue
        if is_there and not is_inside:
            raise DatasetError(f"{candidate} leads out of {folder}; put the file itself there")
        if is_there:
            return candidate
    return None


def is_named_so(config: Path, written: str, found: Path) -> bool:
    """Whether `found` is the path that the config has, taken from the config's folder."""
    return Path(config.parent, written) == found
