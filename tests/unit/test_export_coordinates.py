"""Coordinate files hold the same float32 and ids in every format."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas
import pytest

from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import ExportError, InputError
from embviz.export import selection_csv, write_coordinates
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne

NASTY = ['a,"b"', "line\nbreak", "\rcarriage", "=1+1", "caf\u00e9 \u304a", ""]


def nasty_dataset() -> Dataset:
    made = dataset_from_arrays(
        vectors=np.eye(12), labels=NASTY * 2, metadata=[{"x": row, "note": NASTY[row % 6]} for row in range(12)]
    )
    return subset(made, np.array([7, 2, 9, 4, 11, 0, 1]))


def random_layout(dataset: Dataset, dims: int) -> Projection:
    coords = np.random.default_rng(0).normal(size=(len(dataset), dims)).astype(np.float32)
    coords[0, 0] = np.float32(0.1)
    return Projection(coords, dataset.ids, Tsne(n_components=dims), source="", items=dataset.items, seconds=0)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("dims", [2, 3])
def test_csv_holds_id_class_name_and_the_exact_coordinates(dims: int, tmp_path: Path) -> None:
    dataset = nasty_dataset()
    projection = random_layout(dataset, dims)
    path = write_coordinates(tmp_path / "coords.CSV", dataset, projection)
    header, *rows = rows_of(path.read_bytes().decode())
    assert header == ["id", "label", "x", "y", "z"][: 2 + dims]
    assert [int(row[0]) for row in rows] == dataset.ids.tolist()
    assert [row[1] for row in rows] == [dataset.class_names[code] for code in dataset.labels]
    assert np.array([row[2:] for row in rows], dtype=np.float32).tobytes() == projection.coords.tobytes()


def test_pandas_reads_the_csv(tmp_path: Path) -> None:
    dataset = nasty_dataset()
    projection = random_layout(dataset, 2)
    table = pandas.read_csv(write_coordinates(tmp_path / "c.csv", dataset, projection), keep_default_na=False)
    assert table["id"].tolist() == dataset.ids.tolist()
    assert table["x"].astype(np.float32).tolist() == projection.coords[:, 0].tolist()


@pytest.mark.parametrize("dims", [2, 3])
def test_parquet_holds_the_same_with_types(dims: int, tmp_path: Path) -> None:
    dataset = nasty_dataset()
    projection = random_layout(dataset, dims)
    table = pandas.read_parquet(write_coordinates(tmp_path / "coords.parquet", dataset, projection))
    assert list(table.columns) == ["id", "label", "x", "y", "z"][: 2 + dims]
    assert table["id"].to_numpy().tolist() == dataset.ids.tolist()
    assert table["label"].tolist() == [dataset.class_names[code] for code in dataset.labels]
    assert table.dtypes["x"] == np.float32
    assert np.array_equal(table[list("xyz")[:dims]].to_numpy(), projection.coords)


def test_npy_holds_the_coordinates_alone(tmp_path: Path) -> None:
    projection = random_layout(nasty_dataset(), 3)
    path = write_coordinates(tmp_path / "coords.npy", nasty_dataset(), projection)
    stored = np.load(path, allow_pickle=False)
    assert stored.dtype == np.float32
    assert np.array_equal(stored, projection.coords)


def test_without_labels_the_label_is_empty(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=[[1.0], [2.0]])
    projection = random_layout(dataset, 2)
    text = write_coordinates(tmp_path / "c.csv", dataset, projection).read_text()
    assert [row[1] for row in rows_of(text)] == ["label", "", ""]
    table = pandas.read_parquet(write_coordinates(tmp_path / "c.parquet", dataset, projection))
    assert table["label"].isna().all()


@pytest.mark.parametrize("name", ["coords.txt", "coords", ".csv"])
def test_an_unknown_ending_is_refused(name: str, tmp_path: Path) -> None:
    dataset = nasty_dataset()
    with pytest.raises(InputError, match=r"go into \.csv, \.parquet, \.npy files, got"):
        write_coordinates(tmp_path / name, dataset, random_layout(dataset, 2))
    assert not list(tmp_path.iterdir())


def test_a_layout_of_other_items_is_refused(tmp_path: Path) -> None:
    dataset = nasty_dataset()
    other = subset(dataset, np.arange(7)[::-1].copy())
    with pytest.raises(InputError, match="of other items"):
        write_coordinates(tmp_path / "c.csv", dataset, random_layout(other, 2))
    with pytest.raises(InputError, match="of other items"):
        selection_csv(dataset, random_layout(other, 2), np.array([0]))


def test_an_existing_file_is_replaced_and_a_place_that_cannot_be_written_named(tmp_path: Path) -> None:
    dataset = nasty_dataset()
    (tmp_path / "c.csv").write_text("old")
    write_coordinates(tmp_path / "c.csv", dataset, random_layout(dataset, 2))
    assert (tmp_path / "c.csv").read_text().startswith("id,label,x,y\n")
    with pytest.raises(ExportError, match=r"cannot write .*c\.csv/d\.csv"):
        write_coordinates(tmp_path / "c.csv" / "d.csv", dataset, random_layout(dataset, 2))


def test_the_selection_has_the_metadata_and_keeps_texts_as_they_are() -> None:
    dataset = nasty_dataset()
    projection = random_layout(dataset, 2)
    header, *rows = rows_of(selection_csv(dataset, projection, np.array([3, 0])))
    assert header == ["id", "label", "x", "y", "x_2", "note"]
    assert [row[0] for row in rows] == [str(dataset.ids[3]), str(dataset.ids[0])]
    assert [row[4] for row in rows] == [str(dataset.ids[3]), str(dataset.ids[0])]
    assert [row[5] for row in rows] == [dataset.metadata["note"][3], dataset.metadata["note"][0]]
    assert np.array([row[2:4] for row in rows], np.float32).tobytes() == projection.coords[[3, 0]].tobytes()


def test_an_empty_selection_is_a_header() -> None:
    dataset = nasty_dataset()
    empty = selection_csv(dataset, random_layout(dataset, 2), np.array([], dtype=np.int64))
    assert empty == "id,label,x,y,x_2,note\n"


@pytest.mark.parametrize("row", [-1, 7])
def test_rows_out_of_range_are_refused(row: int) -> None:
    dataset = nasty_dataset()
    with pytest.raises(InputError, match=r"rows must be in 0\.\.6"):
        selection_csv(dataset, random_layout(dataset, 2), np.array([row]))
