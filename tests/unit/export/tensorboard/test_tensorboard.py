"""The whole export, served by TensorBoard's own projector plugin in this process."""

import gzip
import io
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import werkzeug.test
import werkzeug.wrappers
from PIL import Image
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin

from embviz.datasets.arrays import dataset_from_arrays
from embviz.export import export_projector
from embviz.export.tensorboard.events import EVENTS_FILE
from embviz.features.features import Activations
from embviz.features.pixels import pixel_features
from embviz.features.vectors import vector_features
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from tests.unit.toy import digits, hidden_features, layout


class Served:
    """An export as TensorBoard's plugin serves it to its page."""

    def __init__(self, folder: Path) -> None:
        multiplexer = EventMultiplexer()
        multiplexer.AddRunsFromDirectory(str(folder))
        multiplexer.Reload()
        provider = MultiplexerDataProvider(multiplexer, str(folder))
        self.plugin = ProjectorPlugin(TBContext(logdir=str(folder), data_provider=provider))

    def get(self, route: str, **query: Any) -> bytes:
        client = werkzeug.test.Client(self.plugin.get_plugin_apps()[f"/{route}"], werkzeug.wrappers.Response)
        response = client.get(query_string=query)
        body = response.get_data()
        if response.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert response.status_code == 200, body
        return body

    def info(self) -> list[dict[str, Any]]:
        return json.loads(self.get("info", run="."))["embeddings"]

    def tensor(self, name: str, **query: Any) -> bytes:
        return self.get("tensor", run=".", name=name, **query)


def test_the_event_file_is_one_to_tensorboard_whose_folder_may_hold_several_exports(tmp_path: Path) -> None:
    dataset = digits(4)
    for name in ("first", "second", "deeper/third"):
        export_projector(tmp_path / name, dataset, [pixel_features(dataset)])
    (event,) = event_file_loader.EventFileLoader(str(tmp_path / "first" / EVENTS_FILE)).Load()
    assert event.file_version == "brain.Event:2" and event.wall_time == 0
    assert sorted(json.loads(Served(tmp_path).get("runs"))) == ["deeper/third", "first", "second"]
    assert json.loads(Served(tmp_path / "first").get("runs")) == ["."]


@pytest.mark.parametrize("n", [2, 10, 99, 101])
def test_tensorboard_serves_what_was_exported(n: int, tmp_path: Path) -> None:
    dataset = digits(n)
    pixels, hidden = pixel_features(dataset), hidden_features(dataset)
    projections = [layout(pixels), layout(pixels, 3), layout(hidden)]
    export_projector(tmp_path / "export", dataset, [pixels, hidden], projections=projections)
    shutil.move(tmp_path / "export", tmp_path / "moved")
    served = Served(tmp_path / "moved")

    assert json.loads(served.get("runs")) == ["."]
    assert [(each["tensorName"], each["tensorShape"]) for each in served.info()] == [
        ("pixels", [n, 25]),
        ("hidden", [n, 4]),
    ]
    for features in (pixels, hidden):
        assert served.tensor(features.name) == features.vectors.tobytes()
        rows = served.get("metadata", run=".", name=features.name).decode().split("\n")
        assert rows.pop() == ""
        assert rows[0] == "label\tid\tprediction\twriter"
        names = [dataset.class_names[code] for code in dataset.labels]
        assert rows[1:] == [f"{name}\t{i}\t{name}\tw{i}" for name, i in zip(names, dataset.ids, strict=True)]
        with Image.open(io.BytesIO(served.get("sprite_image", run=".", name=features.name))) as image:
            assert image.format == "PNG"
            shown = np.asarray(image.convert("RGBA"))[..., 3]
        per_side = shown.shape[0] / 5
        assert shown.shape[0] == shown.shape[1] <= 8192
        for row in range(n):  # the rule of TensorBoard's vertex shader
            x, y = int(math.fmod(row, per_side)) * 5, math.floor(row / per_side) * 5
            assert np.array_equal(shown[y : y + 5, x : x + 5], dataset.images[row])
    states = json.loads(served.get("bookmarks", run=".", name="pixels"))
    assert [len(state["projections"]) for state in states] == [n, n]
    assert [state["projections"][0].keys() for state in states] == [
        {"umap-0", "umap-1"},
        {"umap-0", "umap-1", "umap-2"},
    ]
    for state, projection in zip(states, projections[:2], strict=True):
        shown = np.array([list(point.values()) for point in state["projections"]], dtype=np.float32)
        assert shown.tobytes() == projection.coords.tobytes()


def test_vectors_and_dicts_become_projector_files_in_three_lines(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(100, 256)).astype(np.float32)
    words = [{"word": f"word {row}", "count": row} for row in range(100)]

    dataset = dataset_from_arrays(vectors=vectors, metadata=words)
    features = vector_features(dataset)
    export_projector(tmp_path / "words", dataset, [features])

    served = Served(tmp_path / "words")
    assert served.info()[0].keys() == {"tensorName", "metadataPath", "tensorShape", "tensorPath"}
    assert served.tensor("vectors") == vectors.tobytes()
    rows = served.get("metadata", run=".", name="vectors").decode().splitlines()
    assert rows[0] == "id\tword\tcount"
    assert rows[100] == "99\tword 99\t99"


@pytest.mark.parametrize(
    "values",
    [np.zeros((9, 3)), np.full((9, 3), 0.5), np.eye(9, 3) * 255, np.arange(128, 155).reshape(9, 3)],
    ids=["zeros", "halves", "0 and 255", "whole numbers"],
)
def test_vectors_whose_bytes_are_text_do_not_break_tensorboard(values: np.ndarray, tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=values)
    report = export_projector(tmp_path / "export", dataset, [vector_features(dataset)])
    assert "tensor-vectors.tsv" in report.files
    assert any("is text" in note for note in report.notes)
    assert Served(tmp_path / "export").tensor("vectors") == dataset.vectors.tobytes()


def test_tensorboard_may_ask_for_the_first_rows_only(tmp_path: Path) -> None:
    dataset = digits(10)
    features = pixel_features(dataset)
    export_projector(tmp_path, dataset, [features])
    served = Served(tmp_path)
    assert served.tensor("pixels", num_rows=3) == features.vectors[:3].tobytes()
    assert len(served.get("metadata", run=".", name="pixels", num_rows=3).decode().splitlines()) == 4


def test_a_single_column_of_ids_has_no_header(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=[[0.1, 0.2], [0.3, 0.4]])
    export_projector(tmp_path, dataset, [vector_features(dataset)])
    assert Served(tmp_path).get("metadata", run=".", name="vectors") == b"0\n1\n"


def test_the_tab_becomes_active(tmp_path: Path) -> None:
    export_projector(tmp_path, digits(4), [pixel_features(digits(4))])
    plugin = Served(tmp_path).plugin
    assert not plugin.is_active()
    if plugin._thread_for_determining_is_active:
        plugin._thread_for_determining_is_active.join()
    assert plugin.is_active()


def test_features_of_one_name_get_different_tensors(tmp_path: Path) -> None:
    dataset = digits(10)
    first = hidden_features(dataset)
    second = replace(first, vectors=first.vectors + 1, spec=Activations("hidden", seed=1))
    export_projector(tmp_path, dataset, [first, second], projections=[layout(second)])
    served = Served(tmp_path)
    assert [each["tensorName"] for each in served.info()] == ["hidden", "hidden_2"]
    assert served.tensor("hidden_2") == second.vectors.tobytes()
    assert [each.get("bookmarksPath") for each in served.info()] == [None, "bookmarks-hidden_2.json"]


def test_pca_layouts_name_their_components(tmp_path: Path) -> None:
    dataset = digits(4)
    features = pixel_features(dataset)
    coords = np.arange(8, dtype=np.float32).reshape(4, 2)
    pca = Projection(coords, dataset.ids, Pca(axes=(1, 3)), source=features.fingerprint, items=dataset.items, seconds=0)
    export_projector(tmp_path, dataset, [features], projections=[pca])
    (state,) = json.loads(Served(tmp_path).get("bookmarks", run=".", name="pixels"))
    assert state["label"] == "PCA 2D, components 1, 3 (embviz)"
    assert (state["selectedColorOptionName"], state["selectedLabelOption"]) == ("label", "label")
