"""Writing the files of an export, except its manifest, into one folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from embviz.dataset import Dataset
from embviz.export.metadata import METADATA_FILE, metadata_tsv
from embviz.export.tensorboard.belonging import check_belonging
from embviz.export.tensorboard.bookmarks import bookmarks_json
from embviz.export.tensorboard.config import CONFIG_FILE, STANDALONE_FILE, TensorEntry, config_text, standalone_json
from embviz.export.tensorboard.events import write_events
from embviz.export.tensorboard.tensors import write_tensor
from embviz.features.features import Features
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.sprites import sprite_sheet, write_sprite_png

SPRITE_FILE = "sprite.png"

CATEGORIES = 50
"""Largest number of different values of a column for which TensorBoard gives each value its own color."""


def write_contents(
    folder: Path,
    dataset: Dataset,
    features: Mapping[str, Features],
    projections: Sequence[Projection],
    columns: Mapping[str, Sequence[str]],
    *,
    base_url: str = "",
    progress: Progress = no_progress,
) -> list[TensorEntry]:
    """Write the files, the config last; return the config's entries: each tensor with the names of its files.

    Parameters
    ----------
    folder
        An existing folder.
    dataset
        The items.
    features
        Tensor name to features.
    projections
        Layouts of these features.
    columns
        Columns of the metadata file, from `metadata_columns`.
    base_url
        As in `standalone_json`.
    progress
        Called with stages that name each large file, and with the number of rows that are written.

    Raises
    ------
    InputError
        If features or layouts belong to other items than the dataset's.
    """
    check_belonging(dataset, features.values(), projections)
    (folder / METADATA_FILE).write_bytes(metadata_tsv(columns))
    sprite_cell = 0
    if dataset.images is not None:
        sheet = sprite_sheet(dataset.images, progress=progress)
        progress(f"Writing {SPRITE_FILE}", 0, 1)
        write_sprite_png(folder / SPRITE_FILE, sheet)
        sprite_cell = sheet.cell
    entries = []
    for name, each in features.items():
        layouts = [made for made in projections if made.source == each.fingerprint]
        entry = TensorEntry(
            name=name,
            path=write_tensor(folder, f"tensor-{name}", each.vectors, progress=progress),
            shape=(len(each), each.vectors.shape[1]),
            metadata_path=METADATA_FILE,
            sprite_path=SPRITE_FILE if sprite_cell else "",
            sprite_cell=sprite_cell,
            bookmarks_path=f"bookmarks-{name}.json" if layouts else "",
        )
        if layouts:
            label_by = next(iter(columns)) if len(columns) > 1 else "label"
            text = bookmarks_json(layouts, entry.shape[1], label_by=label_by, color_by=_color_by(dataset))
            _write(folder / entry.bookmarks_path, text)
        entries.append(entry)
    write_events(folder)
    _write(folder / STANDALONE_FILE, standalone_json(entries, base_url))
    _write(folder / CONFIG_FILE, config_text(entries))
    return entries


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _color_by(dataset: Dataset) -> str | None:
    few = dataset.labels is not None and len(np.unique(dataset.labels)) <= CATEGORIES
    return "label" if few else None
