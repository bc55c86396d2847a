"""`project --cluster`: its options, and what it says; calls are made without a cluster."""

import json
import re

import pytest

from embviz.storage.csv_text import read_csv
from tests.unit.distributed.serial import made_serially
from tests.unit.distributed.tables import items, written


@pytest.fixture
def project(cli, monkeypatch, tmp_path):
    """Runs the command on a few items with some more options."""
    made_serially(monkeypatch)
    pattern = written(tmp_path / "data", items(120), 3)

    def run(*more, columns=("--vectors", "embedding", "--label", "label", "--id", "id")):
        out = ("--cluster", "local:2", "--landmarks", "50", "--out", str(tmp_path / "out"))
        return cli("project", pattern, *columns, *out, *more)

    return run


def test_what_was_laid_out_and_placed_is_said_and_again_that_it_is_there(project, tmp_path):
    code, printed, _ = project("--method", "umap")
    first, second, kept, overlap = printed.splitlines()
    assert code == 0
    assert first == (
        "50 items laid out, UMAP 2D, 15 neighbors, min_dist 0.1, seed 0, and 70 placed among them: "
        f"{(tmp_path / 'out').resolve()}"
    )
    assert second.endswith("about 1 % would be if they were like the laid-out items.")
    assert re.fullmatch(
        r"Of the 10 landmarks nearest to an item in feature space, \d+\.\d% are among the 10 nearest in the layout "
        r"\(120 items measured\)\.",
        kept,
    )
    assert re.fullmatch(
        r"class \d and class \d overlap most: 0\.0% of what thoroughly mixed classes would, 95 % confidence interval "
        r"0\.0% to \d+\.\d%; in the layout \d+\.\d%\. Other pairs: _overlap\.csv\.",
        overlap,
    )
    assert project("--method", "umap")[1].splitlines()[-1] == "3 of 3 partitions were there already."


def test_json_has_the_overlaps_of_every_two_classes_and_how_many_neighbors_are_kept(project, tmp_path):
    said = json.loads(project("--method", "umap", "--json")[1])["measured"]
    assert (said["n"], said["k"], said["missing"], len(said["overlaps"])) == (120, 10, "", 3)
    assert 0 < said["corrected_recall"] < said["neighbor_recall"] < 1
    rows = read_csv((tmp_path / "out" / "_overlap.csv").read_text(encoding="utf-8"))
    assert [[a, b] for a, b in zip(rows["class_a"], rows["class_b"], strict=True)] == [
        each["classes"] for each in said["overlaps"]
    ]
    for place, each in enumerate(said["overlaps"]):
        for space in ("features", "layout"):
            for name in ("index", "low", "high"):
                assert float(rows[f"{space}_{name}"][place]) == pytest.approx(each[space][name], rel=1e-5)


def test_without_labels_it_is_said_that_there_are_no_overlaps(project):
    printed = project("--method", "umap", columns=("--vectors", "embedding", "--id", "id"))[1]
    assert printed.splitlines()[-1] == "No overlaps of classes: there are no two classes."


def test_json_has_numbers_and_the_list_of_variances(project):
    code, printed, _ = project("--json")
    said = json.loads(printed)
    assert (code, said["n"], said["width"], said["method"], said["placed"]) == (0, 120, 6, "pca", 0)
    assert len(said["explained_variance_ratio"]) == 6 and sum(said["explained_variance_ratio"]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--limit", "10"), "a layout on a cluster does not take --limit; leave it out"),
        (("--split", "train"), "a layout on a cluster does not take --split; leave it out"),
        (("--split", "test"), "a layout on a cluster does not take --split; leave it out"),
        (("--features", "pixels"), "a layout on a cluster does not take --features; leave it out"),
        (("--method", "directions", "--direction", "1", "7"), "--method directions works on one machine only"),
        (("--method", "columns", "--axes", "1", "2"), "--method columns works on one machine only"),
        (
            ("--method", "umap", "--preprocess", "unit"),
            "a layout on a cluster cannot scale vectors, got preprocess 'unit'",
        ),
        (("--perplexity", "9"), "pca has no --perplexity"),
        (("--cluster", "cloud"), "a cluster is local, local:4 or tcp://host:8786, got 'cloud'"),
        (("--vectors", "words"), "part0.parquet has no column 'words'; it has 'id', 'label', 'embedding'"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_line(project, more, said):
    code, printed, complaint = project(*more)
    assert code == 2 and not printed
    assert said in complaint and complaint.count("\n") == 1


def test_without_vectors_it_is_said_what_is_needed(project):
    code, _, complaint = project(columns=())
    assert code == 2 and "needs files and their vectors" in complaint


@pytest.mark.parametrize("option", ["--id", "--landmarks"])
def test_options_of_a_cluster_need_one(cli, tmp_path, option):
    code, _, complaint = cli("project", "digits", "--out", str(tmp_path / "a.csv"), option, "7")
    assert code == 2
    assert complaint == f"embviz: {option} needs a layout on a cluster; add --cluster local, or leave it out\n"
