"""`project --method directions`: ends as classes, expressions and all; what does not fit is one line."""

import csv
import json

import numpy as np
import pytest
from pyarrow import parquet

from embviz.cli.main import main
from embviz.datasets import load_dataset

DIGITS = load_dataset("digits", "all")


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBVIZ_STORE_DIR", str(tmp_path / "store"))


def project(tmp_path, *options):
    out = tmp_path / "layout.csv"
    return main(["project", "digits", "--split", "all", "--json", "--out", str(out), *options]), out


def test_ends_are_classes_expressions_and_all(tmp_path, capsys):
    directions = ["--direction", "1", "7", "--direction", "label in (4, 9) and id > 100", "all"]
    code, out = project(tmp_path, "--method", "directions", *directions)
    answer = json.loads(capsys.readouterr().out)
    assert code == 0 and answer["dims"] == 2
    assert answer["title"] == "Custom 2D, 1 → 7, label in (4, 9) and id > 100 → all items"
    x = np.array([float(row["x"]) for row in csv.DictReader(out.read_text().splitlines())])
    assert x[DIGITS.labels == 1].mean() == pytest.approx(-x[DIGITS.labels == 7].mean(), rel=1e-4)


def test_a_table_says_the_directions(tmp_path):
    out = tmp_path / "layout.parquet"
    ends = ["--direction", "1", "7", "--direction", "label == 4", "all"]
    assert main(["project", "digits", "--method", "directions", *ends, "--limit", "100", "--out", str(out)]) == 0
    told = json.loads(parquet.read_schema(out).metadata[b"embviz"])["layout"]["directions"]
    assert [each["start"]["name"] for each in told] == ["1", "label == 4"]
    assert told[1]["start"]["ids"] and told[1]["end"]["kind"] == "all"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--method", "directions"], "needs --direction FROM TO once for each axis"),
        (["--method", "directions", "--direction", "1", "7"], "2 or 3 directions, got 1"),
        (["--method", "directions", "--dims", "3", *["--direction", "1", "7"] * 2], "3 for --dims 3; got 2"),
        (["--method", "directions", *["--direction", "1", "label = 7"] * 2], "not a class, not the word all"),
        (["--method", "directions", *["--direction", "1", "label == 77"] * 2], "matches no items of"),
        (["--method", "directions", "--perplexity", "5", *["--direction", "1", "7"] * 2], "has no --perplexity"),
        (["--method", "pca", "--direction", "1", "7"], "pca has no --direction"),
    ],
)
def test_what_does_not_fit_is_one_line(tmp_path, capsys, options, sentence):
    code, out = project(tmp_path, *options)
    said = capsys.readouterr().err.strip().splitlines()
    assert code == 2 and sentence in said[-1] and not out.exists()
