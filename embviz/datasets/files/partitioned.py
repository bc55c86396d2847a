"""Reader of the folder of a layout made on a cluster: its landmarks are opened, a sample that fits one machine."""

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
"""Names of files; programs that read a folder of parquet files as one table leave out those with an underscore."""

_METHODS = {"tsne": "t-SNE", "umap": "UMAP"}


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """Content of a folder's manifest; None if there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # RecursionError: deeply nested brackets
        return None
    return found if isinstance(found, dict) else None


def looks_partitioned(path: Path) -> bool:
    """Whether a path is the folder of a layout made on a cluster."""
    return manifest_of(path) is not None


def partitioned_contents(paths: Sequence[Path], *, progress: Progress = no_progress) -> Contents:
    """Contents of a layout made on a cluster: vectors of its landmarks as they were laid out, and coordinates.

    Parameters
    ----------
    paths
        One folder.
    progress
        As in `parquet_contents`.

    Raises
    ------
    DatasetError
        If the landmarks are not there yet, or cannot be read.
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
    """A sentence on how to see the layout. The page can repeat t-SNE or UMAP of landmarks, but not PCA of all items."""
    columns = "Its coordinates are in the columns that begin with 'layout'"
    layout = manifest.get("layout")
    method = _METHODS.get(str(layout.get("method"))) if isinstance(layout, dict) else None
    return f"{columns}; {method} with its parameters and seed shows it." if method else f"{columns}."
