"""Files by which a page tells the Python session that opened it what is selected and tagged, in a private folder."""

import secrets
from pathlib import Path

import numpy as np

from embviz.annotations import Annotations, given_tags
from embviz.arrays import Int64Array
from embviz.storage.journal import Journal

_SELECTED, _TAGS = "selected.npy", "tags.jsonl"


def tell_selected(folder: Path, ids: Int64Array) -> None:
    """Write the ids of the selected items over the earlier ones; a reader sees either all old or all new ids.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    part = folder / f"{secrets.token_hex(8)}.npy"
    np.save(part, ids, allow_pickle=False)
    part.replace(folder / _SELECTED)


def told_selected(folder: Path) -> Int64Array:
    """Ids of the items that are selected, ascending; empty if nothing was selected yet, or the folder is gone.

    Raises
    ------
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     tell_selected(Path(name), np.array([3, 5]))
    ...     told_selected(Path(name)).tolist()
    [3, 5]
    """
    path = folder / _SELECTED
    found: Int64Array = np.load(path, allow_pickle=False) if path.exists() else np.zeros(0, np.int64)
    return found


def tags_journal_in(folder: Path) -> Journal:
    """The journal of the tags that visitors of the page give."""
    return Journal(folder / _TAGS)


def told_annotations(folder: Path) -> Annotations:
    """The tags that visitors of the page gave and did not undo."""
    return given_tags(tags_journal_in(folder).events()).annotations
