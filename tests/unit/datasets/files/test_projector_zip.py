"""Zip files of projector folders: what the Export tab makes is opened as it was, and others are refused unharmed."""

import gc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets.files import projector_zip
from embviz.datasets.files.projector_zip import looks_like_projector_zip, projector_zip_contents
from embviz.datasets.files.tensorboard import tensorboard_contents
from embviz.errors import Cancelled, DatasetError
from embviz.export import export_projector, export_zip
from embviz.features.pixels import pixel_features
from embviz.progress import no_progress
from tests.unit.toy import digits, layout

CONFIG = 'embeddings { tensor_path: "x.tsv" }'


@pytest.fixture(autouse=True)
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def packed(path: Path, files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_the_zip_of_an_export_is_opened_as_its_folder_and_goes_when_nobody_has_it(
    tmp_path: Path, unpacked: Path
) -> None:
    dataset = digits(12)
    features = pixel_features(dataset)
    export_zip(tmp_path / "toy.zip", dataset, [features], projections=[layout(features)])
    export_projector(tmp_path / "toy", dataset, [features], projections=[layout(features)])
    assert looks_like_projector_zip(tmp_path / "toy.zip")
    contents, expected = projector_zip_contents(tmp_path / "toy.zip"), tensorboard_contents(tmp_path / "toy")
    assert (contents.name, contents.n, contents.notes) == (expected.name, expected.n, expected.notes)
    for field, other in zip(contents.fields, expected.fields, strict=True):
        assert (field.name, field.kind, field.class_names) == (other.name, other.kind, other.class_names)
        rows = slice(3, None)
        assert np.array_equal(field.read(rows, no_progress), other.read(rows, no_progress))
    assert list(unpacked.iterdir())
    del contents, field
    gc.collect()
    assert not list(unpacked.iterdir())


def test_a_zip_is_called_after_itself_and_its_notes_do_not_say_where_it_was_unpacked(
    tmp_path: Path, unpacked: Path
) -> None:
    files = {"projector_config.pbtxt": CONFIG + 'embeddings { tensor_path: "y.tsv" }', "x.tsv": "1\t2\n"}
    contents = projector_zip_contents(packed(tmp_path / "words.zip", files))
    assert not any(str(unpacked) in note for note in contents.notes)
    only = projector_zip_contents(packed(tmp_path / "words.zip", {**files, "projector_config.pbtxt": CONFIG}))
    assert only.name == "words"


REFUSED = {
    "no config": ({"x.tsv": "1\t2"}, "holds no projector_config"),
    "a path upwards": ({"../x.tsv": "1", "projector_config.pbtxt": CONFIG}, "which would be unpacked elsewhere"),
    "a path upwards, of Windows": ({"a\\..\\..\\x.tsv": "1"}, "which would be unpacked elsewhere"),
    "a path from the root": ({"/etc/x.tsv": "1"}, "which would be unpacked elsewhere"),
    "a path on a drive": ({"C:\\x.tsv": "1"}, "which would be unpacked elsewhere"),
    "a file in the place of a folder": ({"a": "1", "a/x.tsv": "1"}, "cannot be unpacked"),
}


@pytest.mark.parametrize(("files", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_packed_wrongly_is_refused(files: dict[str, str | bytes], message: str, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "temporary" not in path.parts}
    path = packed(tmp_path / "bad.zip", files)
    with pytest.raises(DatasetError, match=message):
        projector_zip_contents(path)
    assert {each for each in tmp_path.rglob("*") if "temporary" not in each.parts} == before | {path}


def test_one_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.tsv", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x.tsv", "2")
    with pytest.raises(DatasetError, match=r"holds 'x\.tsv' twice"):
        projector_zip_contents(path)


def test_what_would_fill_the_disk_is_refused_before_anything_is_unpacked(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector_zip, "_MOST_BYTES", 10**6)
    bomb = packed(tmp_path / "bomb.zip", {"projector_config.pbtxt": CONFIG, "x.tsv": bytes(10**6)})
    assert bomb.stat().st_size < 10**4
    many = packed(tmp_path / "many.zip", {str(number): "" for number in range(10_001)})
    for path, message in ((bomb, r"2 files of 0\.0 GB"), (many, r"10,001 files of 0\.0 GB")):
        with pytest.raises(DatasetError, match=f"would unpack to {message}; unpack it yourself, and give the folder"):
            projector_zip_contents(path)
    assert not list(unpacked.iterdir())


@pytest.mark.parametrize("cut", [10, 100])
def test_a_zip_cut_short_is_refused(cut: int, tmp_path: Path) -> None:
    path = packed(tmp_path / "bad.zip", {"projector_config.pbtxt": CONFIG, "x.tsv": "1\t2"})
    path.write_bytes(path.read_bytes()[:-cut])
    assert not looks_like_projector_zip(path)
    with pytest.raises(DatasetError, match="is not a complete zip file"):
        projector_zip_contents(path)


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "bad.zip", {"projector_config.pbtxt": CONFIG, "x.tsv": "1\t2"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"1\t2", b"7\t2"))
    with pytest.raises(DatasetError, match=r"'x\.tsv' in it cannot be read \(Bad CRC-32"):
        projector_zip_contents(path)


def test_unpacking_can_be_cancelled(tmp_path: Path, unpacked: Path) -> None:
    def cancel(stage: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        projector_zip_contents(packed(tmp_path / "a.zip", {"projector_config.pbtxt": CONFIG}), progress=cancel)
    gc.collect()
    assert not list(unpacked.iterdir())
