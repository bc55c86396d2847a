"""Export of the folder for TensorBoard's projector as one zip file."""

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from embviz.checks.arguments import checked, path_of
from embviz.dataset import Dataset
from embviz.errors import ExportError
from embviz.export.folder import real_path, replaced_file, staging_folder
from embviz.export.names import folder_name
from embviz.export.tensorboard.export import ExportReport, export_projector, tensorboard_command
from embviz.features.features import Features
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection


@checked()
def export_zip(
    path: str | Path,
    dataset: Dataset,
    features: Sequence[Features],
    *,
    projections: Sequence[Projection] = (),
    progress: Progress = no_progress,
) -> ExportReport:
    """Write a zip file with the files of `export_projector` in one folder, named after the file by `folder_name`.

    The files are prepared in a temporary folder beside the zip file, not in memory: 70,000 digits are 220 MB. An
    existing file is replaced once the new one is complete.

    Parameters
    ----------
    path
        Path of the zip file.
    dataset, features, projections, progress
        As in `export_projector`.

    Returns
    -------
    ExportReport
        Report on the zip file; its command is for the folder in which the file is unpacked.

    Raises
    ------
    InputError
        If the values do not belong together, or TensorBoard would hide them.
    ExportError
        If the file cannot be written.
    """
    file = real_path(path_of("path", path))
    name = folder_name(file.stem)
    with replaced_file(file) as partial, staging_folder(file.parent) as parent:
        folder = parent / name
        report = export_projector(folder, dataset, features, projections=projections, progress=progress)
        with _new_archive(partial) as archive:
            for each in report.files:
                progress(f"Packing {each}", 0, 1)
                archive.write(folder / each, f"{name}/{each}")
        with zipfile.ZipFile(partial) as archive:
            if damaged := archive.testzip():
                raise ExportError(f"{damaged} reads back damaged from {file}; the disk may be failing")
        total_bytes = partial.stat().st_size
    return replace(report, path=file, total_bytes=total_bytes, command=tensorboard_command(name))


def _new_archive(path: Path) -> zipfile.ZipFile:
    """New zip file that takes files of any date; zip files only know 1980 to 2107, and a wrong clock may be outside."""
    return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False)
