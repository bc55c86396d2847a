"""Files of coordinates are read whole, or refused with what is wrong; round trips are in test_coordinates.py."""

import os
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from embviz.errors import InputError
from embviz.export import read_coordinates

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
        ("id,label,x,y,index\n1,a,2,3,b\n", "row 0 has no whole number >= 0 as index"),
        ("id,label,x,y,index\n1,a,2,3,\n", "row 0 has no whole number >= 0 as index"),
        ("id,label,index,x,y\n1,a,2,3,4\n", "its columns are"),
        ("id,label,x,y\n-1,a,2,3\n", "row 0 has no whole number >= 0 as id"),
        ("id,label,x,y\n1.5,a,2,3\n", "row 0 has no whole number"),
        ("id,label,x,y\n,a,2,3\n", "row 0 has no whole number"),
        (f"id,label,x,y\n{'9' * 30},a,2,3\n", "row 0 has no whole number"),
        (f"id,label,x,y\n{'9' * 19},a,2,3\n", r"row 0 has an id that is not in 0\.\."),
        ("id,label,x,y\n1,a,2,3\n1,b,2,3\n", "row 1 has an id that occurred before"),
        ("id,label,x,y\n1,a,2,here\n", "row 0 has no numbers as x, y, z"),
        ("id,label,x,y\n1,a,,3\n2,b,nan,3\n3,c,inf,3\n", "rows 0, 1, 2 have no numbers"),
        ("id,label,x,y\n1,a,1_0,3\n", "row 0 has no numbers"),
        ("id,label,x,y\n1,a,2,3\n2,a,1e400,3\n", "row 1 holds infinity"),
        ("id,label,x,y\n1,a,2,3\n2,a,1e39,3\n", "row 1 holds more than 3.4e38"),
    ],
)
def test_what_are_no_coordinates_is_refused_with_what_is_wrong(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    with pytest.raises(
        InputError, match=rf"c\.csv is not a file of coordinates \(.*{reason}.*\); give one that embviz"
    ):
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
        ({"id": pyarrow.array([2, 2])}, "row 1 has an id that occurred before"),
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
    with pytest.raises(InputError, match=rf"not a file of coordinates \(.*{reason}"):
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
        ("c.csv", b"\xff\xfe", "not a file of coordinates"),
        ("c.parquet", b"PAR1", "not a file of coordinates"),
        ("c.parquet", b"", "not a file of coordinates"),
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
    with pytest.raises(InputError, match="is not a file of coordinates"):
        read_coordinates(path)
