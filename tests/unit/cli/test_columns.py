"""`project --method columns`: a file's own numbers as coordinates; what does not fit is one line."""

import csv
import json

import numpy as np
import pytest
from pyarrow import parquet

from embviz.cli.main import main

ROWS = [(place / 7, place * 100, "ab"[place % 2], 5 - place) for place in range(12)]


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBVIZ_STORE_DIR", str(tmp_path / "store"))


def project(tmp_path, *options, out="layout.csv"):
    table = tmp_path / "table.jsonl"
    names = ("v", "height", "weight", "kind", "7")
    values = [([x, -x], x or None, y, kind, z) for x, y, kind, z in ROWS]  # the first one has no height
    table.write_text("\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in values))
    given = ["--vectors", "v", "--labels", "kind", "--method", "columns"]
    return main(["project", str(table), *given, "--json", "--out", str(tmp_path / out), *options]), tmp_path / out


def written(out):
    return np.array([[float(row["x"]), float(row["y"])] for row in csv.DictReader(out.read_text().splitlines())])


def test_columns_are_named_and_items_without_a_value_are_counted(tmp_path, capsys):
    code, out = project(tmp_path, "--axes", "weight", "height")
    answer = json.loads(capsys.readouterr().out)
    assert code == 0 and (answer["dims"], answer["method"], answer["preprocess"]) == (2, "columns", None)
    assert answer["title"] == "Columns 2D, weight, height, 1 item without a value"
    np.testing.assert_allclose(written(out)[1:], [(y, x) for x, y, *_ in ROWS[1:]], rtol=1e-6)


def test_a_number_is_a_column_of_that_name_or_else_a_feature(tmp_path, capsys):
    code, out = project(tmp_path, "--axes", "2", "7")
    assert code == 0 and json.loads(capsys.readouterr().out)["title"] == "Columns 2D, feature 2, 7"
    np.testing.assert_allclose(written(out), [(-x, z) for x, _, _, z in ROWS], rtol=1e-6)


def test_files_say_which_columns_were_axes(tmp_path):
    code, out = project(tmp_path, "--axes", "weight", "2", "--preprocess", "standardize", out="layout.parquet")
    told = json.loads(parquet.read_schema(out).metadata[b"embviz"])["layout"]
    assert code == 0 and told["method"] == "columns"
    assert (told["columns"], told["preprocess"]) == (["weight", 2], "standardize")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "columns needs --axes with a column for each axis, two or three; got 0"),
        (["--axes", "weight", "height", "--dims", "3"], "3 for --dims 3; got 2"),
        (["--axes", "weight"], "2 or 3 different columns, got ('weight',)"),
        (["--axes", "weight", "kin"], "column 'kin' is not there; choose from height, weight, 7"),
        (["--axes", "1", "3"], "there is no feature 3, the vectors have 2"),
        (["--axes", "1", "2", "--preprocess", "unit"], "preprocess must be None, center or standardize, got 'unit'"),
        (["--axes", "1", "2", "--perplexity", "5"], "columns has no --perplexity"),
        (["--method", "pca", "--axes", "weight", "height"], "--axes of pca are numbers of components"),
        (["--method", "tsne", "--axes", "1", "2"], "tsne has no --axes"),
    ],
)
def test_what_does_not_fit_is_one_line(tmp_path, capsys, options, sentence):
    code, out = project(tmp_path, *options)
    said = capsys.readouterr().err.strip().splitlines()
    assert code == 2 and sentence in said[-1] and not out.exists()
