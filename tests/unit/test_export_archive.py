"""The zip file holds exactly what the folder would."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import Cancelled
from embviz.export import export_projector, export_zip
from embviz.features.vectors import vector_features


def test_unpacked_it_is_the_exported_folder(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(20, 4)), labels=list("ab") * 10)
    report = export_zip(tmp_path / "digits.zip", dataset, [vector_features(dataset)])
    export_projector(tmp_path / "folder", dataset, [vector_features(dataset)])
    with zipfile.ZipFile(tmp_path / "digits.zip") as archive:
        archive.extractall(tmp_path)
    names = {entry.name for entry in (tmp_path / "digits").iterdir()}
    assert names == set(report.files) == {entry.name for entry in (tmp_path / "folder").iterdir()}
    assert all((tmp_path / "digits" / name).read_bytes() == (tmp_path / "folder" / name).read_bytes() for name in names)
    assert report.path == tmp_path / "digits.zip"
    assert report.total_bytes == report.path.stat().st_size
    assert report.command == "tensorboard --logdir digits"


@pytest.mark.parametrize("stage", ["Writing", "Checking", "Packing"])
def test_cancelling_leaves_the_old_file_and_nothing_else(stage: str, tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(20, 4)))
    (tmp_path / "digits.zip").write_text("old")

    def cancel(running: str, done: int, total: int) -> None:
        if running.startswith(stage):
            raise Cancelled(running)

    with pytest.raises(Cancelled):
        export_zip(tmp_path / "digits.zip", dataset, [vector_features(dataset)], progress=cancel)
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("digits.zip", "old")]
