"""Preparing large files for download, each in a temporary folder of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embviz.dataset import Dataset
from embviz.export.archive import export_zip
from embviz.export.interop import interop_parquet
from embviz.export.names import tensor_name
from embviz.export.tensorboard.export import ExportReport
from embviz.features.features import Features
from embviz.jobs.turns import Turns
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.storage.scratch import ScratchFolder

ROOM = 64 * 2**20
"""Bytes of free space for metadata, bookmarks and more."""

file_turns = Turns(1)
"""Queue for writing files: 70,000 items take hundreds of megabytes, so one visitor is served at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class PreparedFiles:
    """A finished zip file, and its temporary folder, which is removed when this value is dropped."""

    report: ExportReport
    folder: ScratchFolder


@dataclass(frozen=True, eq=False, slots=True)
class PreparedFile:
    """One finished file, and its temporary folder, which is removed when this value is dropped."""

    path: Path
    folder: ScratchFolder


def prepared_files(
    dataset: Dataset,
    features: Sequence[Features],
    projections: Sequence[Projection],
    *,
    progress: Progress = no_progress,
) -> PreparedFiles:
    """The zip file of `export_zip`, named after the dataset, written when it is this visitor's turn in the queue.

    Raises
    ------
    InputError
        If the values do not belong together, or TensorBoard would hide them.
    ExportError
        If the disk has too little free space for the files, or they cannot be written.
    Cancelled
        If `progress` raised it.
    """
    images = 0 if dataset.images is None else dataset.images.nbytes
    vectors = sum(each.vectors.nbytes for each in features)
    with file_turns.turn(progress):
        folder = ScratchFolder(2 * (images + vectors) + ROOM)  # a folder, and a zip of it
        path = folder.path / f"{stem_of(dataset)}.zip"
        report = export_zip(path, dataset, features, projections=projections, progress=progress)
    return PreparedFiles(report, folder)


def prepared_table(
    dataset: Dataset,
    features: Features,
    projection: Projection,
    graph: NeighborGraph | None,
    *,
    progress: Progress = no_progress,
) -> PreparedFile:
    """The parquet file of `interop_parquet`, named after the dataset, written when it is this visitor's turn.

    Raises
    ------
    InputError
        If the values do not belong together.
    ExportError
        If the disk has too little free space for the file, or it cannot be written.
    Cancelled
        If `progress` raised it.
    """
    images = 0 if dataset.images is None else dataset.images.nbytes
    with file_turns.turn(progress):
        folder = ScratchFolder(images + features.vectors.nbytes + ROOM)
        path = folder.path / f"{stem_of(dataset)}.parquet"
        interop_parquet(path, dataset, features, projection, neighbors=graph, progress=progress)
    return PreparedFile(path, folder)


def stem_of(dataset: Dataset) -> str:
    """The name of a dataset's export file, without the ending."""
    return f"embviz-{tensor_name(dataset.title.replace(' ', '-'))}"
