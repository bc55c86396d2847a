"""Coordinate files hold the same float32 and ids in every format."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest
from pyarrow import parquet

from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import ExportError, InputError
from embviz.export import read_coordinates, selection_csv, write_coordinates
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne
from embviz.storage.csv_text import neutralized, read_csv, restored

NASTY = ['a,"b"', "line\nbreak", "\rcarriage", "=1+1", "caf\u00e9 \u304a", ""]
FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
]
HARMLESS = ["seven", "-1", "-2.5e-3", "a=b", "1+1", "2026-01-01", " =1", ""]


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
    assert [restored(row[1]) for row in rows] == [dataset.class_names[code] for code in dataset.labels]
    assert np.array([row[2:] for row in rows], dtype=np.float32).tobytes() == projection.coords.tobytes()


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("dims", [2, 3])
def test_items_of_splits_have_their_place_in_them(dims: int, suffix: str, tmp_path: Path) -> None:
    dataset = replace(nasty_dataset(), splits=(("train", 0), ("test", 4)))
    projection = random_layout(dataset, dims)
    path = write_coordinates(tmp_path / f"c.{suffix}", dataset, projection)
    table = pandas.read_csv(path) if suffix == "csv" else pandas.read_parquet(path)
    assert table.columns.tolist() == ["id", "label", *"xyz"[:dims], "index"]
    assert table["index"].tolist() == [3, 2, 5, 0, 7, 0, 1]  # of ids 7, 2, 9, 4, 11, 0, 1
    read = read_coordinates(path)
    assert np.array_equal(read.ids, dataset.ids) and np.array_equal(read.coords, projection.coords)


def test_a_selection_of_splits_has_their_place_and_its_columns_after_it() -> None:
    dataset = replace(nasty_dataset(), splits=(("train", 0), ("test", 4)))
    columns = read_csv(selection_csv(dataset, random_layout(dataset, 2), np.array([4, 0])))
    assert list(columns) == ["id", "label", "x", "y", "index", "x_2", "note"]
    assert columns["index"] == ["7", "3"]


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


@pytest.mark.parametrize("suffix", ["csv", "npy", "parquet"])
def test_it_is_said_by_which_parameters_and_seed(suffix: str, tmp_path: Path) -> None:
    dataset = nasty_dataset()
    layout = random_layout(dataset, 2)
    path = write_coordinates(tmp_path / f"coords.{suffix}", dataset, layout)
    if suffix == "parquet":
        text = parquet.read_schema(path).metadata[b"embviz"]
    else:
        text = (tmp_path / f"coords.{suffix}.json").read_bytes()
    told = json.loads(text)["layout"]
    assert told.pop("departure") == layout.departure
    assert told.pop("method") == layout.spec.method
    assert type(layout.spec)(**told) == layout.spec


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


def test_the_selection_has_the_metadata() -> None:
    dataset = nasty_dataset()
    projection = random_layout(dataset, 2)
    header, *rows = rows_of(selection_csv(dataset, projection, np.array([3, 0])))
    assert header == ["id", "label", "x", "y", "x_2", "note"]
    assert [row[0] for row in rows] == [str(dataset.ids[3]), str(dataset.ids[0])]
    assert [row[4] for row in rows] == [str(dataset.ids[3]), str(dataset.ids[0])]
    assert [restored(row[5]) for row in rows] == [dataset.metadata["note"][3], dataset.metadata["note"][0]]
    assert np.array([row[2:4] for row in rows], np.float32).tobytes() == projection.coords[[3, 0]].tobytes()


def test_an_empty_selection_is_a_header() -> None:
    dataset = nasty_dataset()
    empty = selection_csv(dataset, random_layout(dataset, 2), np.array([], dtype=np.int64))
    assert empty == "id,label,x,y,x_2,note\n"


@pytest.mark.parametrize(
    "rows",
    [
        np.array([-1]),
        np.array([7]),
        np.array([1, 1]),
        np.array([True] * 7),
        np.array([]),
        np.array([1.0]),
        np.array([1, None]),
        np.array([[1, 2]]),
        np.array(["1"]),
        np.array(1),
        np.ma.array([1, 2], mask=[0, 1]),
        np.broadcast_to(0, 10**12),
        [1, 2],
        None,
    ],
    ids=str,
)
def test_rows_that_are_no_positions_are_refused(rows: np.ndarray) -> None:
    dataset = nasty_dataset()
    with pytest.raises(InputError, match="rows must be"):
        selection_csv(dataset, random_layout(dataset, 2), rows)


@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS, "'", "''=1", "'=1"])
def test_no_text_begins_as_a_formula_does_and_every_one_comes_back(text: str) -> None:
    cell = neutralized(text)
    assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n"))
    assert not cell.startswith("-") or float(cell) < 0
    assert restored(cell) == text
    assert cell == text or text not in HARMLESS


@pytest.mark.parametrize("where", ["labels", "metadata", "column names"])
def test_a_spreadsheet_runs_no_cell_of_a_selection_and_we_read_it_as_it_was(where: str, tmp_path: Path) -> None:
    texts = [*FORMULAS, *HARMLESS]
    plain = [f"text {row}" for row in range(len(texts))]
    items = [{"note": text} for text in (texts if where == "metadata" else plain)]
    if where == "column names":
        items = [dict.fromkeys(texts, row) for row in range(len(texts))]
    labels = texts if where == "labels" else plain
    dataset = dataset_from_arrays(vectors=np.eye(len(texts)), labels=labels, metadata=items)
    projection = random_layout(dataset, 2)
    csv_text = selection_csv(dataset, projection, np.arange(len(texts)))
    for cell in (cell for row in rows_of(csv_text) for cell in row):
        assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n")), cell
        assert not cell.startswith("-") or float(cell) < 0
    columns = read_csv(csv_text)
    assert columns["label"] == labels
    assert list(columns)[4:] == list(items[0])
    assert columns.get("note", plain) == [item.get("note", name) for item, name in zip(items, plain, strict=True)]
    read = read_coordinates(write_coordinates(tmp_path / "c.csv", dataset, projection))
    assert read.labels == labels


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("dims", [2, 3])
def test_coordinates_are_read_back_bit_for_bit(suffix: str, dims: int, tmp_path: Path) -> None:
    dataset = nasty_dataset()
    projection = random_layout(dataset, dims)
    read = read_coordinates(write_coordinates(tmp_path / f"c{suffix}", dataset, projection))
    assert read.ids.tolist() == dataset.ids.tolist()
    assert read.labels == [dataset.class_names[code] for code in dataset.labels]
    assert read.coords.dtype == np.float32 and read.coords.tobytes() == projection.coords.tobytes()
    unlabeled = dataset_from_arrays(vectors=[[1.0], [2.0]])
    path = write_coordinates(tmp_path / f"d{suffix}", unlabeled, random_layout(unlabeled, 2))
    assert read_coordinates(path).labels == ["", ""]


@pytest.mark.parametrize("name", ["c.csv", "c.parquet"])
def test_names_of_any_length_come_back(name: str, tmp_path: Path) -> None:
    labels = ["long " * 28_000, '"' * 1000, "\r\n\n"]
    dataset = dataset_from_arrays(vectors=np.eye(3), labels=labels)
    read = read_coordinates(write_coordinates(tmp_path / name, dataset, random_layout(dataset, 2)))
    assert read.labels == labels


def test_the_file_is_named_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = nasty_dataset()
    monkeypatch.chdir(tmp_path)
    assert write_coordinates("missing/../c.csv", dataset, random_layout(dataset, 2)) == tmp_path / "c.csv"


def test_a_column_that_says_the_same_as_ours_is_not_repeated() -> None:
    same = [{"label": name, "id": row, "writer": row} for row, name in enumerate("ba")]
    dataset = dataset_from_arrays(vectors=np.eye(2), labels=["b", "a"], metadata=same)
    header = rows_of(selection_csv(dataset, random_layout(dataset, 2), np.array([0])))[0]
    assert header == ["id", "label", "x", "y", "writer"]
