"""``check-labels``: its numbers are the library's, its columns and keys a contract."""

import csv
import json

import numpy as np
import pytest

from embviz import load_dataset, pixel_features
from embviz.label_check import doubts_of
from embviz.pipeline import label_check_of
from embviz.storage.store import default_store
from tests.unit.label_check.gaussians import gaussians

KEYS = [
    *("dataset", "split", "n", "space", "group", "wrong_share", "standard_error", "interval"),
    *("neighbor_disagreement", "confident_learning", "kinds", "labels", "groups", "out"),
]


@pytest.fixture
def table(tmp_path):
    """A file of 90 vectors by 9 writers, all of whose third writer's class 2 is labeled 1."""
    vectors, labels = gaussians(90)
    writers = np.arange(90) // 10
    labels[(writers == 3) & (labels == 2)] = 1
    path = tmp_path / "table.csv"
    rows = zip(vectors.tolist(), labels.tolist(), writers.tolist(), strict=True)
    lines = [",".join(map(str, [*vector, f"={label}", writer])) + "\n" for vector, label, writer in rows]
    path.write_text("a,b,c,d,e,kind,writer\n" + "".join(lines))
    return path


def test_the_file_has_the_worst_labels_first_with_exactly_these_columns(cli, tmp_path):
    out = tmp_path / "labels.csv"
    code, printed, _ = cli("check-labels", "digits", "--split", "test", "--top", 5, "--out", out)
    assert code == 0
    with out.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["id", "label", "suggested", "score", "kind", "reason"]
    digits = load_dataset("digits", "test")
    check = label_check_of(pixel_features(digits), digits, store=default_store())
    expected = doubts_of(check, digits, check.worst_first[:5].tolist())
    assert [row[:2] for row in rows[1:]] == [[str(doubt.id), doubt.label] for doubt in expected]
    scores = [float(row[3]) for row in rows[1:]]
    assert scores == sorted(scores, reverse=True)
    assert str(out) in printed
    assert printed.startswith("At most about")


def test_json_has_the_same_numbers_and_the_groups(cli, table):
    options = (table, "--vectors", "a,b,c,d,e", "--labels", "kind", "--group", "writer")
    code, printed, _ = cli("check-labels", *options, "--top", 3, "--json")
    found = json.loads(printed)
    assert code == 0
    assert list(found) == KEYS
    assert len(found["labels"]) == 3
    assert list(found["labels"][0]) == ["id", "label", "suggested", "score", "kind", "reason"]
    assert sum(found["kinds"].values()) == found["n"] == 90
    assert found["interval"]["low"] <= found["wrong_share"] <= found["interval"]["high"]
    assert found["interval"]["method"] == "delete-a-group"
    assert (found["group"], found["groups"][0]["group"]) == ("writer", "3")
    assert (found["groups"][0]["label"], found["groups"][0]["looks_like"]) == ("=1", "=2")
    code, printed, _ = cli("check-labels", *options)
    assert "writer 3: " in printed


def test_a_class_named_like_a_formula_stays_a_text_in_the_file(cli, table, tmp_path):
    out = tmp_path / "labels.csv"
    options = (table, "--vectors", "a,b,c,d,e", "--labels", "kind", "--top", 1, "--out", out)
    assert cli("check-labels", *options)[0] == 0
    assert out.read_text().splitlines()[1].split(",")[1].startswith("'=")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--top", 0), "--top must be at least 1, got 0"),
        (("--out", "labels.txt"), "must end in .csv, got 'labels.txt'"),
    ],
)
def test_what_cannot_work_is_one_line(cli, options, sentence):
    code, _, said = cli("check-labels", "digits", *options)
    assert code == 2
    assert sentence in said


def test_data_without_labels_say_how_to_name_them(cli, tmp_path):
    path = tmp_path / "vectors.npy"
    np.save(path, np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32))
    code, _, said = cli("check-labels", path)
    assert code == 2
    assert "has no labels to check; name their column: --labels" in said
