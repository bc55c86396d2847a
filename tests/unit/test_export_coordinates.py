"""Coordinate files hold the same float32 and ids in every format."""

import csv
import io
import os
from pathlib import Path

import numpy as np
import pandas
import pyarrow
import pytest
from pyarrow import parquet

from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import ExportError, InputError
from embviz.export import read_coordinates, selection_csv, write_coordinates
from embviz.export.csv_text import neutralized, read_csv, restored
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne

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


SAVED = "id,label,x,y\n7,a,1,2.5\n8,'=b,-1e-05,.5\n"


@pytest.mark.parametrize(
    "text",
    [
        SAVED,
        f"\ufeff{SAVED}",
        SAVED.replace("\n", "\r\n"),
        f"{SAVED}\n",
        f"{SAVED}\r\n\r\n",
        SAVED.rstrip("\n"),
        SAVED.replace("id", '"id"').replace("1,", '"1",'),
    ],
)
def test_what_other_programs_saved_of_it_is_taken(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(text.encode())
    read = read_coordinates(tmp_path / "c.csv")
    assert read.ids.tolist() == [7, 8] and read.ids.dtype == np.int64
    assert read.labels == ["a", "=b"]
    assert np.array_equal(read.coords, np.array([[1, 2.5], [-1e-5, 0.5]], np.float32))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "its columns are ''"),
        ("a,b\n1,2\n", "its columns are 'a, b'"),
        ("id,label\n1,a\n", "its columns are 'id, label'"),
        ("id,label,x\n1,a,2\n", "its columns are 'id, label, x'"),
        ("id,label,x,z\n1,a,2,3\n", "its columns are"),
        ("id,label,y\n1,a,2\n", "its columns are"),
        ("id,label,x,y,note\n1,a,2,3,n\n", "its columns are"),
        ("id;label;x;y\n1;a;2;3\n", "its columns are 'id;label;x;y'"),
        ("id,label,x,y,y\n1,a,2,3,3\n", "two of its columns have one name"),
        ("id,label,x,y\n", "no rows"),
        ("id,label,x,y\n1,a,2\n", "row 0 has 3 cells, and there are 4 columns"),
        ("id,label,x,y\n1,a,2,3\n2,b,2,3,4\n", "row 1 has 5 cells"),
        ("id,label,x,y\n1,a,2,3\n\n2,b,2,3\n", "row 1 has 1 cells"),
        ('id,label,x,y\n1,"a,2,3\n', "quotation mark"),
        ('id,label,x,y\n1,a"b,2,3\n', "quotation mark"),
        ("id,label,x,y\n-1,a,2,3\n", "row 0 has no whole number >= 0 as id"),
        ("id,label,x,y\n1.5,a,2,3\n", "row 0 has no whole number"),
        ("id,label,x,y\n,a,2,3\n", "row 0 has no whole number"),
        (f"id,label,x,y\n{'9' * 30},a,2,3\n", "row 0 has no whole number"),
        (f"id,label,x,y\n{'9' * 19},a,2,3\n", r"row 0 has an id that is not in 0\.\."),
        ("id,label,x,y\n1,a,2,3\n1,b,2,3\n", "row 1 has an id that was there before"),
        ("id,label,x,y\n1,a,2,here\n", "row 0 has no numbers as x, y, z"),
        ("id,label,x,y\n1,a,,3\n2,b,nan,3\n3,c,inf,3\n", "rows 0, 1, 2 have no numbers"),
        ("id,label,x,y\n1,a,1_0,3\n", "row 0 has no numbers"),
        ("id,label,x,y\n1,a,2,3\n2,a,1e400,3\n", "row 1 holds infinity"),
        ("id,label,x,y\n1,a,2,3\n2,a,1e39,3\n", "row 1 holds more than 3.4e38"),
    ],
)
def test_what_are_no_coordinates_is_refused_with_what_is_wrong(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"c\.csv is no file of coordinates \(.*{reason}.*\); give one that embviz"):
        read_coordinates(tmp_path / "c.csv")


GOOD: dict[str, pyarrow.Array] = {
    "id": pyarrow.array([1, 2]),
    "label": pyarrow.array(["a", "b"]),
    "x": pyarrow.array([0.1, 0.2], pyarrow.float32()),
    "y": pyarrow.array([1.0, 2.0], pyarrow.float32()),
}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": pyarrow.array([1, 2.5])}, "its column id is of type double"),
        ({"id": pyarrow.array([1, None])}, "row 1 has no id, x, y or z"),
        ({"id": pyarrow.array([1, -2])}, "row 1 has an id that is not in"),
        ({"id": pyarrow.array([1, 2**63], pyarrow.uint64())}, "row 1 has an id that is not in"),
        ({"id": pyarrow.array([2, 2])}, "row 1 has an id that was there before"),
        ({"id": pyarrow.array([{"a": 1}, None])}, "its column id is of type struct"),
        ({"id": pyarrow.array([1, 2], pyarrow.timestamp("s"))}, "its column id is of type timestamp"),
        ({"label": pyarrow.array([0, 1])}, "its column label is of type int64"),
        ({"x": pyarrow.array([1.0, None])}, "row 1 has no id, x, y or z"),
        ({"x": pyarrow.array([1.0, float("nan")])}, "row 1 holds NaN"),
        ({"y": pyarrow.array([1e300, 1.0])}, "row 0 holds more than 3.4e38"),
        ({"y": pyarrow.array([[1.0], [2.0]])}, "its column y is of type list"),
        ({"y": pyarrow.array(["1", "2"])}, "its column y is of type string"),
        ({"note": pyarrow.array(["1", "2"])}, "its columns are 'id, label, x, y, note'"),
    ],
)
def test_a_table_that_is_none_of_coordinates_is_refused(
    changes: dict[str, pyarrow.Array], reason: str, tmp_path: Path
) -> None:
    parquet.write_table(pyarrow.table(GOOD | changes), tmp_path / "c.parquet")
    with pytest.raises(InputError, match=rf"no file of coordinates \(.*{reason}"):
        read_coordinates(tmp_path / "c.parquet")
    wider = {"id": GOOD["id"].cast("int8"), "x": GOOD["x"].cast("double"), "label": pyarrow.nulls(2)}
    parquet.write_table(pyarrow.table(GOOD | wider), tmp_path / "c.parquet")
    read = read_coordinates(tmp_path / "c.parquet")
    assert (read.ids.tolist(), read.labels) == ([1, 2], ["", ""])
    assert np.array_equal(read.coords, np.array([[0.1, 1], [0.2, 2]], np.float32))


def test_a_table_with_two_columns_of_one_name_is_refused(tmp_path: Path) -> None:
    table = pyarrow.table(GOOD).append_column("x", GOOD["x"])
    parquet.write_table(table, tmp_path / "c.parquet")
    with pytest.raises(InputError, match="its columns are 'id, label, x, y, x'"):
        read_coordinates(tmp_path / "c.parquet")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("c.csv", b"\xff\xfe", "no file of coordinates"),
        ("c.parquet", b"PAR1", "no file of coordinates"),
        ("c.parquet", b"", "no file of coordinates"),
        ("c.npy", b"", "numpy.load"),
        ("c.txt", b"", "change the ending"),
    ],
)
def test_files_of_other_formats_are_refused(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read_coordinates(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
@pytest.mark.parametrize("kind", ["pipe", "folder", "link to itself", "nothing"])
@pytest.mark.parametrize("name", ["c.csv", "c.parquet"])
def test_what_is_no_file_is_refused_and_not_waited_for(kind: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "link to itself":
        path.symlink_to(path)
    with pytest.raises(InputError, match="is no file of coordinates"):
        read_coordinates(path)


def test_a_column_that_says_the_same_as_ours_is_not_repeated() -> None:
    same = [{"label": name, "id": row, "writer": row} for row, name in enumerate("ba")]
    dataset = dataset_from_arrays(vectors=np.eye(2), labels=["b", "a"], metadata=same)
    header = rows_of(selection_csv(dataset, random_layout(dataset, 2), np.array([0])))[0]
    assert header == ["id", "label", "x", "y", "writer"]
