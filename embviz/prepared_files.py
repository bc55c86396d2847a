"""The files that a visitor takes away of a view: prepared in turn, so that many at once do not slow down all."""

from collections.abc import Sequence
from dataclasses import dataclass

from embviz.export import ExportReport, export_zip
from embviz.export.names import tensor_name
from embviz.features.features import Features, feature_spec
from embviz.jobs.turns import Turns
from embviz.library import shared_features
from embviz.progress import Progress, no_progress
from embviz.storage.scratch import ScratchFolder
from embviz.storage.store import Store
from embviz.view import View, turns

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
    view: View, names: Sequence[str], *, store: Store, progress: Progress = no_progress
) -> PreparedFiles:
    """TensorBoard's files of the items of a view and of its layout, with the features of these names.

    Raises
    ------
    InputError
        If the view has no such features, or TensorBoard would hide them.
    ExportError
        If there is no room for the files, or they cannot be written.
    Cancelled
        If `progress` raised it.
    """
    dataset = view.dataset
    features = [_features_in_turn(view, name, store, progress) for name in names]
    images = 0 if dataset.images is None else dataset.images.nbytes
    vectors = sum(each.vectors.nbytes for each in features)
    with file_turns.turn(progress):
        folder = ScratchFolder(2 * (images + vectors) + ROOM)  # a folder, and a zip of it
        path = folder.path / f"embviz-{tensor_name(dataset.title.replace(' ', '-'))}.zip"
        report = export_zip(path, dataset, features, projections=[view.projection], progress=progress)
    return PreparedFiles(report, folder)


def _features_in_turn(view: View, name: str, store: Store, progress: Progress) -> Features:
    """Those of the view, or others of its items; a classifier is trained when it is its turn among the layouts."""
    if name == view.features.name:
        return view.features
    spec = feature_spec(name)
    features = shared_features(view.dataset, spec, False, store, progress)
    if features is None:
        with turns.turn(progress):
            features = shared_features(view.dataset, spec, True, store, progress)
            assert features is not None, "they were computed"
    return features
