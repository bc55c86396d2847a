"""The parquet file for other programs, read by pyarrow alone and by Hugging Face's `datasets`."""

import importlib.util
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pyarrow import parquet

from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import Cancelled, InputError
from embviz.export import interop_parquet
from embviz.features.features import Features
from embviz.features.pixels import pixel_features
from embviz.features.vectors import vector_features
from embviz.neighbors.graph import neighbor_graph
from tests.unit.datasets.files.glyphs import glyphs
from tests.unit.toy import hidden_features, layout


@pytest.fixture
def dataset() -> Dataset:
    made = dataset_from_arrays(
        images=glyphs(30),
        labels=(["seven", "=1+1", "caf\u00e9 \u304a"] * 10),
        metadata=[{"writer": row % 4, "x": f"note {row}", "size": row / 3, "odd": bool(row % 2)} for row in range(30)],
        name="toy",
    )
    return subset(made, np.random.default_rng(0).permutation(30)[:20])


def written(path: Path, dataset: Dataset, dims: int = 2) -> tuple[Path, Features]:
    features = hidden_features(dataset)
    neighbors = neighbor_graph(features, 5)
    return interop_parquet(path, dataset, features, layout(features, dims), neighbors=neighbors), features


@pytest.mark.parametrize("dims", [2, 3])
def test_pyarrow_alone_reads_every_value(dataset: Dataset, dims: int, tmp_path: Path) -> None:
    path, features = written(tmp_path / "toy.parquet", dataset, dims)
    table = parquet.read_table(path)
    axes = ["x", "y", "z"][:dims]
    assert table.column_names == [
        *("id", "label", *axes, "image", "vector", "neighbors"),
        *("writer", "x_2", "size", "odd"),
    ]
    columns = table.to_pydict()
    assert columns["id"] == dataset.ids.tolist()
    assert columns["label"] == dataset.labels.tolist()
    assert np.array_equal(np.array([columns[axis] for axis in axes], np.float32).T, layout(features, dims).coords)
    assert np.array_equal(np.array(columns["vector"], np.float32), features.vectors)
    images = [np.asarray(Image.open(io.BytesIO(each["bytes"]))) for each in columns["image"]]
    assert np.array_equal(images, dataset.images)
    assert [each["path"] for each in columns["image"]] == [f"{item}.png" for item in dataset.ids]
    for name, cells in dataset.metadata.items():
        assert columns["x_2" if name == "x" else name] == cells.tolist()


def test_neighbors_are_rows_of_the_file_and_ids_of_the_same_items(dataset: Dataset, tmp_path: Path) -> None:
    path, features = written(tmp_path / "toy.parquet", dataset)
    columns = parquet.read_table(path).to_pydict()
    for row, near in enumerate(columns["neighbors"]):
        assert [columns["id"][other] for other in near["ids"]] == near["item_ids"]
        distances = np.linalg.norm(features.vectors[near["ids"]] - features.vectors[row], axis=1)
        assert np.allclose(distances, near["distances"], atol=1e-5)
        assert row not in near["ids"]


def test_the_schema_says_class_names_and_how_it_was_made(dataset: Dataset, tmp_path: Path) -> None:
    path, _ = written(tmp_path / "toy.parquet", dataset)
    schema = parquet.read_schema(path)
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert features["label"] == {"names": list(dataset.class_names), "_type": "ClassLabel"}
    assert list(features) == schema.names
    made = json.loads(schema.metadata[b"embviz"])
    assert made["fingerprint"] == dataset.fingerprint
    assert (made["projection"]["type"], made["projection"]["perplexity"]) == ("Tsne", 30)
    assert made["neighbors"] == {"metric": "euclidean", "k": 5, "recall": 1, "ids": "rows of this file"}


@pytest.mark.skipif(importlib.util.find_spec("datasets") is None, reason="needs datasets")
@pytest.mark.filterwarnings("ignore")  # those of another library
def test_datasets_opens_it_with_classes_and_images(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasets import ClassLabel, Image as ImageFeature, load_dataset

    path, features = written(tmp_path / "toy.parquet", dataset)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    opened = load_dataset("parquet", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    assert isinstance(opened.features["label"], ClassLabel)
    assert isinstance(opened.features["image"], ImageFeature)
    assert opened.features["label"].names == list(dataset.class_names)
    assert opened["id"][:] == dataset.ids.tolist()
    assert np.array_equal([np.asarray(image) for image in opened["image"]], dataset.images)
    assert np.array_equal(np.array(opened["vector"][:], np.float32), features.vectors)
    assert opened[3]["neighbors"]["ids"] == neighbor_graph(features, 5).indices[3].tolist()


def test_pandas_reads_lists_as_arrays(dataset: Dataset, tmp_path: Path) -> None:
    import pandas

    path, features = written(tmp_path / "toy.parquet", dataset)
    frame = pandas.read_parquet(path)
    assert np.array_equal(np.stack(frame["vector"]), features.vectors)


def test_what_there_is_none_of_has_no_column(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=np.eye(3))
    features = vector_features(dataset)
    path = interop_parquet(tmp_path / "a.parquet", dataset, features, layout(features))
    assert parquet.read_schema(path).names == ["id", "x", "y", "vector"]


def test_datasets_of_several_blocks_are_written_whole(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(images=glyphs(2500, 3, 2), labels=["a"] * 2500)
    features = pixel_features(dataset)
    path = interop_parquet(tmp_path / "a.parquet", dataset, features, layout(features))
    assert parquet.read_table(path, columns=["id"]).column("id").to_pylist() == list(range(2500))


def test_what_does_not_belong_together_is_refused(dataset: Dataset, tmp_path: Path) -> None:
    hidden, pixels = hidden_features(dataset), pixel_features(dataset)
    with pytest.raises(InputError, match=r"goes into a \.parquet file, got 'a\.csv'; change the ending"):
        interop_parquet(tmp_path / "a.csv", dataset, hidden, layout(hidden))
    with pytest.raises(InputError, match="the layout was not made from these features"):
        interop_parquet(tmp_path / "a.parquet", dataset, hidden, layout(pixels))
    with pytest.raises(InputError, match="was made from other vectors"):
        interop_parquet(tmp_path / "a.parquet", dataset, hidden, layout(hidden), neighbors=neighbor_graph(pixels, 3))
    other = subset(dataset, np.arange(19))
    with pytest.raises(InputError, match="are of other items"):
        interop_parquet(tmp_path / "a.parquet", other, hidden, layout(hidden))
    assert list(tmp_path.iterdir()) == []


def test_cancelling_leaves_the_earlier_file(dataset: Dataset, tmp_path: Path) -> None:
    path, features = written(tmp_path / "toy.parquet", dataset)
    before = path.read_bytes()

    def cancel(stage: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        interop_parquet(path, replace(dataset), features, layout(features), progress=cancel)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["toy.parquet"]
