"""The zip file holds exactly the files that an exported folder would have."""

import os
import shlex
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

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


NAMES = ["...zip", "..zip", ".zip", "-v.zip", "a b.zip"]
if sys.platform == "linux":
    NAMES.append(os.fsdecode(b"\xff.zip"))  # other systems only have names in UTF-8


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_whatever_the_name_it_is_one_folder_that_the_command_opens(name: str, tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(20, 4)))
    export_projector(tmp_path, dataset, [vector_features(dataset)])
    before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    report = export_zip(tmp_path / name, dataset, [vector_features(dataset)])
    after = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    assert after.pop(name) and after == before
    with zipfile.ZipFile(tmp_path / name) as archive:
        members = [PurePosixPath(member) for member in archive.namelist()]
    assert sorted(member.name for member in members) == list(report.files)
    ((folder, _),) = {(member.parent.as_posix(), len(member.parts)) for member in members}
    assert folder not in (".", "..") and not folder.startswith("-")
    assert shlex.split(report.command) == ["tensorboard", "--logdir", folder]


def test_several_at_once_into_one_folder_all_succeed(tmp_path: Path) -> None:
    """Threads stand in for processes, because they exclude each other by the same locks."""
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(5, 4)))
    features = [vector_features(dataset)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: export_zip(tmp_path / f"{number % 3}.zip", dataset, features), range(12)))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["0.zip", "1.zip", "2.zip"]
    for entry in tmp_path.iterdir():
        with zipfile.ZipFile(entry) as archive:
            assert archive.testzip() is None


def test_somebodys_own_folder_with_a_name_like_ours_stays(tmp_path: Path) -> None:
    (tmp_path / ".embviz-export-notes").mkdir()
    (tmp_path / ".embviz-export-notes" / "note").write_text("mine")
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(5, 4)))
    export_zip(tmp_path / "out.zip", dataset, [vector_features(dataset)])
    export_projector(tmp_path / "out", dataset, [vector_features(dataset)])
    assert (tmp_path / ".embviz-export-notes" / "note").read_text() == "mine"
