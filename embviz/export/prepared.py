"""Files for TensorBoard that wait in a folder of their own until a visitor takes them away."""

from collections.abc import Sequence
from dataclasses import dataclass

from embviz.dataset import Dataset
from embviz.export.archive import export_zip
from embviz.export.names import tensor_name
from embviz.export.tensorboard.export import ExportReport
from embviz.features.features import Features
from embviz.jobs.turns import Turns
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.storage.scratch import ScratchFolder

ROOM = 64 * 2**20
"""Bytes for metadata and bookmarks, and to spare."""

file_turns = Turns(1)
"""Files of 70,000 items are hundreds of megabytes to write, pack and read back: one visitor's after the other's."""


@dataclass(frozen=True, eq=False, slots=True)
class PreparedFiles:
    """A finished zip; the folder it lies in goes when nobody has it any more."""

    report: ExportReport
    folder: ScratchFolder


def prepared_files(
    dataset: Dataset,
    features: Sequence[Features],
    projections: Sequence[Projection],
    *,
    progress: Progress = no_progress,
) -> PreparedFiles:
    """What `export_zip` writes of these values, named after the dataset, when it is its turn.

    Raises
    ------
    InputError
        If the values do not belong together, or TensorBoard would hide them.
    ExportError
        If there is no room for the files, or they cannot be written.
    Cancelled
        If `progress` raised it.
    """
    images = 0 if dataset.images is None else dataset.images.nbytes
    vectors = sum(each.vectors.nbytes for each in features)
    with file_turns.turn(progress):
        folder = ScratchFolder(2 * (images + vectors) + ROOM)  # a folder, and a zip of it
        path = folder.path / f"embviz-{tensor_name(dataset.title.replace(' ', '-'))}.zip"
        report = export_zip(path, dataset, features, projections=projections, progress=progress)
    return PreparedFiles(report, folder)
