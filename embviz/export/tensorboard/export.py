"""Export of a folder that TensorBoard's Embedding Projector opens, without TensorFlow."""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from embviz.checks.arguments import checked, path_of
from embviz.dataset import Dataset
from embviz.errors import InputError
from embviz.export.folder import MANIFEST_FILE, manifest_files, real_path, replaced_folder
from embviz.export.metadata import (
    METADATA_FILE,
    constant_columns,
    metadata_columns,
    renamed_columns,
    rings_opened,
)
from embviz.export.names import tensor_name, unique_names
from embviz.export.tensorboard.belonging import check_belonging
from embviz.export.tensorboard.check import check_projector
from embviz.export.tensorboard.config import CONFIG_FILE, TensorEntry
from embviz.export.tensorboard.contents import write_contents
from embviz.export.tensorboard.manifest import manifest_json
from embviz.features.features import Features
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.sprites import MAX_SIDE

SHOWN_ITEMS = 100_000
"""Largest number of items that TensorBoard shows; of more items it shows the first ones, not a sample."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """Report on a finished export: its files, the command that opens it, and what TensorBoard shows differently.

    Attributes
    ----------
    path
        Path of the folder, or of the zip file.
    files
        Names of the files in the folder or zip file, sorted.
    total_bytes
        Bytes of all files together; for a zip file, its own size.
    command
        Command that opens the folder in TensorBoard.
    notes
        One sentence for each thing that is different in TensorBoard, with advice if there is any.
    """

    path: Path
    files: tuple[str, ...]
    total_bytes: int
    command: str
    notes: tuple[str, ...]


@checked()
def export_projector(
    path: str | Path,
    dataset: Dataset,
    features: Sequence[Features],
    *,
    projections: Sequence[Projection] = (),
    base_url: str = "",
    overwrite: bool = False,
    progress: Progress = no_progress,
) -> ExportReport:
    """Write a folder that ``tensorboard --logdir`` opens in its Projector tab; it can be moved anywhere.

    If TensorBoard is started on the parent folder, it shows every export in it as a run.

    The folder has one tensor per `Features`, the items' metadata and images, the layouts as bookmarks (the panel at
    the bottom right), ``embviz.json`` with the provenance, and ``standalone_config.json`` for
    projector.tensorflow.org. All files are read back and compared before they appear. An earlier export in the same
    folder is replaced only once the new one is complete and checked.

    Parameters
    ----------
    path
        Path of the folder, which is made if needed; `~` is the home folder. Other files in it are kept.
    dataset
        The items; at least 2.
    features
        At least one `Features`, of the dataset's items in the dataset's order, with at least 2 dimensions.
    projections
        Layouts of these features.
    base_url
        URL at which the folder will be served; only the standalone projector needs it.
    overwrite
        Whether to write even into a folder that is not an export, and replace files of the same names there.
    progress
        Called with stages that name each large file, and with the number of rows that are done.

    Raises
    ------
    InputError
        If the values do not belong together, or TensorBoard would hide them.
    ExportError
        If the folder holds other files and `overwrite` is off, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.features.vectors import vector_features
    >>> toy = dataset_from_arrays(vectors=[[0.1, 0.2], [0.3, 0.4]], metadata=[{"word": "one"}, {"word": "two"}])
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     report = export_projector(f"{parent}/toy", toy, [vector_features(toy)])
    >>> report.files[:3]
    ('embviz.json', 'events.out.tfevents.0.embviz', 'metadata.tsv')
    >>> report.files[3:]
    ('projector_config.pbtxt', 'standalone_config.json', 'tensor-vectors.bytes')
    """
    folder = real_path(path_of("path", path))
    _check_inputs(dataset, features, projections)
    names = unique_names((tensor_name(each.name) for each in features), ignore_case=True)
    tensors = dict(zip(names, features, strict=True))
    columns = metadata_columns(dataset, features)
    layouts = projections if len(dataset) <= SHOWN_ITEMS else ()
    with replaced_folder(folder, last=CONFIG_FILE, overwrite=overwrite) as staging:
        replaces = manifest_files(folder) is not None
        entries = write_contents(staging, dataset, tensors, layouts, columns, base_url=base_url, progress=progress)
        files = tuple(sorted([MANIFEST_FILE, *(entry.name for entry in staging.iterdir())]))
        manifest = manifest_json(files, dataset, tensors, layouts)
        (staging / MANIFEST_FILE).write_text(manifest, encoding="utf-8", newline="\n")
        check_projector(staging, dataset, features, layouts, progress=progress)
        total_bytes = sum((staging / name).stat().st_size for name in files)
    renamed = renamed_columns(dataset, features)
    notes = _notes(dataset, entries, renamed, n_left_out=len(projections) - len(layouts), replaces=replaces)
    return ExportReport(folder, files, total_bytes, tensorboard_command(folder), notes)


def tensorboard_command(folder: str | Path) -> str:
    """The command that opens the folder in TensorBoard, quoted for the shell.

    Examples
    --------
    >>> tensorboard_command("digits")
    'tensorboard --logdir digits'
    """
    quoted = shlex.quote(str(folder)) if os.name == "posix" else subprocess.list2cmdline([str(folder)])
    return f"tensorboard --logdir {quoted}"


def _check_inputs(dataset: Dataset, features: Sequence[Features], projections: Sequence[Projection]) -> None:
    if not features:
        raise InputError("nothing to export: give at least one Features, for example pixel_features(dataset)")
    check_belonging(dataset, features, projections)
    for each in features:
        n, n_dimensions = each.vectors.shape
        if n < 2 or n_dimensions < 2:
            raise InputError(
                f"TensorBoard hides tensors with less than 2 rows or columns, got {n} x {n_dimensions} {each.name}; "
                "give more items or dimensions"
            )


def _notes(
    dataset: Dataset, entries: Sequence[TensorEntry], renamed: Mapping[str, str], *, n_left_out: int, replaces: bool
) -> tuple[str, ...]:
    notes: list[str] = []
    if len(dataset) > SHOWN_ITEMS:
        notes.append(
            f"TensorBoard shows the first {SHOWN_ITEMS:,} of these {len(dataset):,} items; "
            "export a sample to see them all"
        )
    if n_left_out:
        notes.append(f"bookmarks hold at most {SHOWN_ITEMS:,} items, so {n_left_out} projections were left out")
    cell = entries[0].sprite_cell
    if dataset.images is not None and cell < max(dataset.images.shape[1:3]):
        notes.append(
            f"thumbnails are {cell} x {cell} pixels, so that the sprite sheet stays within TensorBoard's {MAX_SIDE}"
        )
    notes += [
        f"{entry.path} is text, which opens more slowly: TensorBoard would take these numbers for text if binary"
        for entry in entries
        if entry.path.endswith(".tsv")
    ]
    notes += [f"metadata column {name!r} is called {header!r} in {METADATA_FILE}" for name, header in renamed.items()]
    notes += [
        f"metadata column {name!r} is the same for every item and was left out" for name in constant_columns(dataset)
    ]
    notes += [
        f"sequences of column {name!r} that end where they began are cut there ({count:,} lines), "
        "because TensorBoard would never stop following them"
        for name, count in rings_opened(dataset).items()
    ]
    if replaces:
        notes.append("restart TensorBoard if it is showing this folder: it reads the files once")
    return tuple(notes)
