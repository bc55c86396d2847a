"""The whole export: its files, its errors and notes, the check that reads it back, and cancelling."""

import json
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from google.protobuf import text_format
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

import embviz
from embviz.arrays import Float32Array
from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import Cancelled, ExportError, InputError
from embviz.export import export_projector
from embviz.export.tensorboard import check, export as tensorboard
from embviz.features.features import Activations, Features
from embviz.features.pixels import pixel_features
from embviz.features.vectors import vector_features
from embviz.projection.projection import Projection
from tests.unit.toy import digits, hidden_features, layout


def test_every_path_is_a_file_of_the_folder_and_no_link(tmp_path: Path) -> None:
    dataset = digits(10)
    features = pixel_features(dataset)
    report = export_projector(tmp_path, dataset, [features], projections=[layout(features)])
    text = (tmp_path / "projector_config.pbtxt").read_bytes()
    (embedding,) = text_format.Parse(text, ProjectorConfig()).embeddings
    paths = {embedding.tensor_path, embedding.metadata_path, embedding.bookmarks_path, embedding.sprite.image_path}
    others = {"embviz.json", "events.out.tfevents.0.embviz", "standalone_config.json", "projector_config.pbtxt"}
    assert paths | others == set(report.files)
    entries = list(tmp_path.iterdir())
    assert {entry.name for entry in entries if entry.is_file() and not entry.is_symlink()} == set(report.files)
    assert report.total_bytes == sum(entry.stat().st_size for entry in entries)
    assert not any(b"\r" in entry.read_bytes() for entry in entries if entry.suffix in (".pbtxt", ".tsv", ".json"))


def test_the_config_is_written_last(tmp_path: Path) -> None:
    seen = []
    dataset = digits(10)
    features = pixel_features(dataset)
    target = tmp_path / "export"

    def progress(stage: str, done: int, total: int) -> None:
        seen.append((stage, (target / "projector_config.pbtxt").exists()))

    export_projector(target, dataset, [features], progress=progress)
    assert [stage for stage, _ in seen][-1].startswith("Checking")
    assert not any(visible for _, visible in seen)


def test_the_manifest_says_how_to_make_it_again(tmp_path: Path) -> None:
    dataset = digits(10)
    features = pixel_features(dataset)
    report = export_projector(tmp_path, dataset, [features], projections=[layout(features)])
    manifest = json.loads((tmp_path / "embviz.json").read_text())
    assert manifest["files"] == list(report.files)
    assert manifest["dataset"]["fingerprint"] == dataset.fingerprint
    assert manifest["tensors"][0]["spec"] == {"type": "Pixels"}
    assert manifest["projections"][0]["spec"]["perplexity"] == 30
    assert manifest["projections"][0]["spec"]["seed"] == 0
    assert manifest["versions"]["numpy"] == np.__version__
    assert manifest["versions"]["embviz"] == embviz.__version__
    assert (manifest["projections"][0]["departure"], manifest["projections"][0]["iterations"]) == ("", None)


@pytest.mark.parametrize("name", ["digits", "my digits", "it's"])
def test_the_command_is_what_to_type(name: str, tmp_path: Path) -> None:
    dataset = digits(4)
    report = export_projector(tmp_path / name, dataset, [pixel_features(dataset)])
    assert shlex.split(report.command) == ["tensorboard", "--logdir", str(tmp_path / name)]


def made_up(vectors: Float32Array, dataset: Dataset) -> Features:
    return Features(vectors, dataset.ids, Activations("hidden"), dataset.items)


def turned_round(dataset: Dataset) -> Dataset:
    """The same images and labels in reverse order, under the same ids."""
    assert dataset.images is not None and dataset.labels is not None
    return replace(dataset, images=dataset.images[::-1].copy(), labels=dataset.labels[::-1].copy())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d: ([], []), "give at least one Features"),
        (lambda d: ([pixel_features(turned_round(d))], []), "in another order"),
        (lambda d: ([pixel_features(d), pixel_features(subset(d, np.arange(3)))], []), "of other items"),
        (lambda d: ([made_up(np.ones((4, 1), np.float32), d)], []), "less than 2 rows or columns, got 4 x 1"),
        (lambda d: ([pixel_features(d)], [layout(hidden_features(d))]), "t-SNE 2D, .* was not made from .*pixels"),
    ],
    ids=["none", "order", "number", "one dimension", "projection"],
)
def test_values_that_do_not_belong_together_are_refused(
    make: Callable[[Dataset], tuple[list[Features], list[Projection]]], message: str, tmp_path: Path
) -> None:
    dataset = digits(4)
    features, projections = make(dataset)
    with pytest.raises(InputError, match=message):
        export_projector(tmp_path / "export", dataset, features, projections=projections)
    assert not (tmp_path / "export").exists()


def test_more_items_than_tensorboard_shows_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorboard, "SHOWN_ITEMS", 9)
    dataset = digits(10)
    features = pixel_features(dataset)
    report = export_projector(tmp_path, dataset, [features], projections=[layout(features)])
    assert any(note.startswith("TensorBoard shows the first 9 of these 10 items") for note in report.notes)
    assert not any(name.startswith("bookmarks") for name in report.files)


def test_renamed_columns_and_replaced_exports_are_noted(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(
        vectors=[[0.1, 0.2], [0.3, 0.4]], metadata=[{"id": "a", "b\tc": 1, "same": ""}, {"b\tc": 2}]
    )
    export_projector(tmp_path, dataset, [vector_features(dataset)])
    report = export_projector(tmp_path, dataset, [vector_features(dataset)])
    assert report.notes == (
        "metadata column 'id' is called 'id_2' in metadata.tsv",
        "metadata column 'b\\tc' is called 'b c' in metadata.tsv",
        "metadata column 'same' is the same for every item and was left out",
        "restart TensorBoard if it is showing this folder: it reads the files once",
    )


@pytest.mark.parametrize("file", ["tensor-pixels.bytes", "metadata.tsv", "sprite.png", "bookmarks-pixels.json"])
def test_reading_back_notices_a_damaged_file(file: str, tmp_path: Path) -> None:
    dataset, other = digits(10), digits(11)
    features, others = pixel_features(dataset), pixel_features(other)
    export_projector(tmp_path / "good", dataset, [features], projections=[layout(features)])
    export_projector(tmp_path / "other", other, [others], projections=[layout(others)])
    check.check_projector(tmp_path / "good", dataset, [features], [layout(features)])
    shutil.copy(tmp_path / "other" / file, tmp_path / "good" / file)
    with pytest.raises(ExportError, match=f"{file} reads back different|reads back wrong"):
        check.check_projector(tmp_path / "good", dataset, [features], [layout(features)])


def test_cancelling_at_any_moment_leaves_the_old_export(tmp_path: Path) -> None:
    dataset = digits(10)
    features = pixel_features(dataset)
    calls = 0

    def count(stage: str, done: int, total: int) -> None:
        nonlocal calls
        calls += 1

    export_projector(tmp_path / "old", dataset, [features], progress=count)
    before = {entry.name: entry.read_bytes() for entry in (tmp_path / "old").iterdir()}
    assert calls >= 3
    for last in range(calls):
        left = last

        def cancel(stage: str, done: int, total: int) -> None:
            nonlocal left
            if left == 0:
                raise Cancelled(stage)
            left -= 1

        for target in (tmp_path / "old", tmp_path / "new"):
            left = last
            with pytest.raises(Cancelled):
                export_projector(target, dataset, [features], projections=[layout(features)], progress=cancel)
    assert {entry.name: entry.read_bytes() for entry in (tmp_path / "old").iterdir()} == before
    assert not (tmp_path / "new").exists()


def test_the_report_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = digits(4)
    monkeypatch.chdir(tmp_path)
    report = export_projector("missing/../out", dataset, [pixel_features(dataset)])
    assert report.path == tmp_path / "out" and report.path.is_dir()
    assert shlex.split(report.command)[-1] == str(tmp_path / "out")
