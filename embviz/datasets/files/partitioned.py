"""The folder of a layout of more items than one machine holds: what is opened of it are its landmarks."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from embviz.datasets.files.contents import Contents
from embviz.datasets.files.tables.parquet import parquet_contents
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

MANIFEST, LANDMARKS = "_layout.json", "_landmarks.parquet"
"""Names that begin so are left out by what reads a folder of parquet files as one table."""

_METHODS = {"tsne": "t-SNE", "umap": "UMAP"}


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """What the manifest of a folder says; None if there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # RecursionError: deeply nested brackets
        return None
    return found if isinstance(found, dict) else None


def looks_partitioned(path: Path) -> bool:
    """Whether a path is the folder of such a layout."""
    return manifest_of(path) is not None


def partitioned_contents(paths: Sequence[Path], *, progress: Progress = no_progress) -> Contents:
    """The landmarks of such a layout: their vectors as they were laid out, and their coordinates.

    Parameters
    ----------
    paths
        One folder.
    progress
        As in `parquet_contents`.

    Raises
    ------
    DatasetError
        If they are not there yet, or cannot be read.
    """
    folder = paths[0]
    manifest = manifest_of(folder) or {}
    n = manifest.get("n")
    if not isinstance(n, int) or not (folder / LANDMARKS).is_file():
        raise DatasetError(f"{folder.name} has no landmarks yet; start the command that writes it again")
    found = parquet_contents([folder / LANDMARKS], progress=progress)
    if n < found.n:
        raise DatasetError(f"{folder.name} says {n:,} items, and has {found.n:,} landmarks; make it again")
    note = f"These are {found.n:,} of {n:,} items: the landmarks of the layout. {_where_it_is(manifest)}"
    return replace(found, name=folder.name, n_whole=n, notes=(note, *found.notes))


def _where_it_is(manifest: dict[str, Any]) -> str:
    """How one sees the layout itself: PCA has axes of all items, which the landmarks alone do not have."""
    columns = "Its coordinates are in the columns that begin with 'layout'"
    layout = manifest.get("layout")
    method = _METHODS.get(str(layout.get("method"))) if isinstance(layout, dict) else None
    return f"{columns}; {method} with its parameters and seed shows it." if method else f"{columns}."
