"""Columns of metadata keep every text, and become numbers only where nothing is lost by it."""

from pathlib import Path

import numpy as np
import pyarrow
import pytest
from hypothesis import given, settings, strategies as st

from embviz.datasets.files.projector.metadata import column_dtype, column_values, metadata_of


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["7", "-1", "0"], "i", [7, -1, 0]),
        (["  7", "10"], "i", [7, 10]),
        (["1.5", "2"], "f", [1.5, 2]),
        (["1", ""], "f", [1, np.nan]),
        (["1", "nan", "-inf"], "f", [1, np.nan, -np.inf]),
        (["+1", "1e-3"], "f", [1, 1e-3]),
        (["True", "False"], "b", [True, False]),
        (["1", "0"], "i", [1, 0]),
        (["007", "10"], "U", ["007", "10"]),
        (["1.5", "007"], "U", ["1.5", "007"]),
        (["12345678901234567890", "1"], "U", ["12345678901234567890", "1"]),
        (["12345678901234567", ""], "U", ["12345678901234567", ""]),
        (["", ""], "U", ["", ""]),
        (["nan", ""], "U", ["nan", ""]),
        (["1,5", "2"], "U", ["1,5", "2"]),
        (["1_000", "2"], "U", ["1_000", "2"]),
        (["0x10", "2"], "U", ["0x10", "2"]),
        (["2026-11-26", "2026-11-27"], "U", ["2026-11-26", "2026-11-27"]),
        (["NA", "null", "None"], "U", ["NA", "null", "None"]),
        (["true", "False"], "U", ["true", "False"]),
        (["\u304a", '"a"', "=1+1", "<b>"], "U", ["\u304a", '"a"', "=1+1", "<b>"]),
    ],
)
def test_the_narrowest_type_that_keeps_every_cell_is_taken(cells: list[str], kind: str, values: list[object]) -> None:
    texts = pyarrow.chunked_array([pyarrow.array(cells)])
    dtype = column_dtype(texts)
    assert dtype.kind == kind
    assert np.array_equal(column_values("a", texts, dtype), values, equal_nan=kind == "f")


CELLS = st.text(st.characters(exclude_characters="\t\n\r\0\ufeff", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=20), crlf=st.booleans())
def test_every_text_that_fits_a_cell_comes_back(
    rows: list[tuple[str, str]], crlf: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("metadata") / "metadata.tsv"
    end = "\r\n" if crlf else "\n"
    path.write_bytes("".join(f"{a}\t{b}{end}" for a, b in [("one", "two"), *rows]).encode())
    columns = metadata_of(path, len(rows)).columns
    assert {name: texts.to_pylist() for name, texts in columns.items()} == {
        "one": [a for a, _ in rows],
        "two": [b for _, b in rows],
    }


def test_thousands_of_columns_of_one_name_each_get_their_own(tmp_path: Path) -> None:
    path = tmp_path / "metadata.tsv"
    path.write_text("\t".join(["a", "a_2"] * 5000) + "\n" + "\t".join("1" for _ in range(10_000)) + "\n")
    metadata = metadata_of(path, 1)
    assert len(metadata.columns) == 10_000
    assert len(metadata.notes) == 3


def test_a_cell_longer_than_what_is_read_at_a_time_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "metadata.tsv"
    path.write_text("a\tb\n" + "x" * 9_000_000 + "\t1\nshort\t2\n")
    assert [len(text) for text in metadata_of(path, 2).columns["a"].to_pylist()] == [9_000_000, 5]
