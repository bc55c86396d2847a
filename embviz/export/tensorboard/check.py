"""The check of an export: its files are read by TensorBoard's rules and compared with the exported values."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embviz.dataset import Dataset
from embviz.errors import ExportError
from embviz.export.metadata import metadata_columns, read_metadata_tsv
from embviz.export.tensorboard.belonging import check_belonging
from embviz.export.tensorboard.bookmarks import bookmark_coords
from embviz.export.tensorboard.config import CONFIG_FILE, TensorEntry, parse_config
from embviz.export.tensorboard.events import EVENTS_FILE, events_bytes
from embviz.export.tensorboard.tensors import same_tensor
from embviz.features.features import Features
from embviz.progress import Progress, blocks_of, no_progress
from embviz.projection.projection import Projection
from embviz.sprites import read_sprite_png, shader_cell, thumbnails


def check_projector(
    folder: Path,
    dataset: Dataset,
    features: Sequence[Features],
    projections: Sequence[Projection] = (),
    *,
    progress: Progress = no_progress,
) -> None:
    """Compare every file that the config names: tensors bit for bit, metadata, each sprite cell, each bookmark.

    Raises
    ------
    ExportError
        If a file differs from the exported values.
    InputError
        If features or layouts belong to other items than the dataset's.
    OSError
        If a file is missing or cannot be read.
    """
    check_belonging(dataset, features, projections)
    try:
        entries = parse_config((folder / CONFIG_FILE).read_text("utf-8"))
        _agree(folder / CONFIG_FILE, len(entries) == len(features))
        for entry, each in zip(entries, features, strict=True):
            _agree(folder / entry.path, entry.shape == each.vectors.shape)
            _agree(folder / entry.path, same_tensor(folder / entry.path, each.vectors, progress=progress))
            _check_bookmarks(folder, entry, [made for made in projections if made.source == each.fingerprint])
        _agree(folder / EVENTS_FILE, (folder / EVENTS_FILE).read_bytes() == events_bytes())
        _check_metadata(folder, entries, dataset, features)
        _check_sprites(folder, entries, dataset, progress)
    except (ValueError, KeyError) as error:
        raise ExportError(f"the export in {folder} reads back wrong ({error}); the disk may be failing") from error


def _agree(path: Path, holds: bool) -> None:
    if not holds:
        raise ExportError(f"{path} reads back different from what was written; the disk may be failing")


def _check_bookmarks(folder: Path, entry: TensorEntry, projections: Sequence[Projection]) -> None:
    _agree(folder / CONFIG_FILE, bool(entry.bookmarks_path) == bool(projections))
    if not projections:
        return
    path = folder / entry.bookmarks_path
    states = json.loads(path.read_bytes())
    _agree(path, len(states) == len(projections))
    for state, projection in zip(states, projections, strict=True):
        _agree(path, np.array_equal(np.array(bookmark_coords(state), dtype=np.float32), projection.coords))


def _check_metadata(
    folder: Path, entries: Sequence[TensorEntry], dataset: Dataset, features: Sequence[Features]
) -> None:
    expected = metadata_columns(dataset, features)
    for name in {entry.metadata_path for entry in entries}:
        stored = read_metadata_tsv((folder / name).read_bytes())
        headers = list(expected) if len(expected) > 1 else ["label"]  # TensorBoard's name for a single column
        _agree(folder / name, list(stored) == headers)
        for header, cells in zip(headers, expected.values(), strict=True):
            _agree(folder / name, [cell.lstrip(" ") for cell in stored[header]] == cells)


def _check_sprites(folder: Path, entries: Sequence[TensorEntry], dataset: Dataset, progress: Progress) -> None:
    for name, cell in {(entry.sprite_path, entry.sprite_cell) for entry in entries}:
        _agree(folder / CONFIG_FILE, bool(name) == (dataset.images is not None))
        if dataset.images is None:
            continue
        pixels = read_sprite_png(folder / name)
        for block in blocks_of(f"Checking {name}", len(dataset), 4096, progress):
            for row, expected in enumerate(thumbnails(dataset.images[block], cell), block.start):
                _agree(folder / name, np.array_equal(shader_cell(pixels, cell, row), expected))
