"""``faithfulness``, ``ladder`` and ``stability``: the numbers are the library's, and the JSON keys are a contract."""

import json
from dataclasses import asdict

import numpy as np
import pytest

import embviz
from embviz.faithfulness import verdict
from embviz.features import pixel_features
from embviz.pipeline import faithfulness_of, ladder_of, projection_of, stability_of
from embviz.projection import Pca, Umap
from embviz.stability import verdict as stability_verdict
from embviz.storage.csv_text import read_csv
from embviz.storage.store import Store


@pytest.fixture
def answer(cli):
    """Runs a command with ``--json`` and returns the object it printed, after checking that it printed no more."""

    def run(*arguments):
        code, printed, _ = cli(*arguments, "--json")
        assert code == 0 and printed.count("\n") == 1
        return json.loads(printed)

    return run


@pytest.fixture(scope="module")
def digits():
    return embviz.load_dataset("digits", "test")


@pytest.fixture(scope="module")
def pixels(digits):
    return pixel_features(digits)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "ours")


def test_faithfulness_prints_the_means_and_writes_the_items(answer, digits, pixels, store, tmp_path):
    layout = projection_of(pixels, Pca(), store=store)
    found = faithfulness_of(pixels, layout, digits, 7, store=store)
    printed = answer("faithfulness", "digits", "--k", "7", "--out", str(tmp_path / "scores.csv"))
    assert printed == {
        "dataset": "digits",
        "split": "test",
        "n": 539,
        "space": "pixels",
        "title": printed["title"],
        "k": 7,
        "means": found.means,
        "hubness": {"largest": int(found.hubness.max()), "skewness": found.hubness_skewness},
        "singularity": None,
        "arrangement": asdict(found.arrangement) | {"sentence": found.arrangement.sentence},
        "recall": 1.0,
        "n_ranked": 539,
        "out": str(tmp_path / "scores.csv"),
    }
    table = read_csv((tmp_path / "scores.csv").read_text(encoding="utf-8"))
    assert list(table)[:4] == ["id", "label", "x", "y"]
    assert list(map(int, table["id"])) == digits.ids.tolist()
    for name, values in found.columns.items():
        np.testing.assert_array_equal(np.array(table[name], float), values)


def test_a_ladder_prints_its_rungs_with_intervals_and_the_sentence(answer, digits, pixels, store):
    layout = projection_of(pixels, Umap(n_neighbors=9), store=store)
    found = ladder_of(pixels, layout, digits, (1, 8), 10, store=store)
    printed = answer("ladder", "digits", "--classes", "1", "8", "--method", "umap", "--n-neighbors", "9")
    assert [rung["name"] for rung in printed["rungs"]] == ["features", "edges", "layout"]
    assert [rung["index"] for rung in printed["rungs"]] == list(found.indices)
    assert [rung["standard_error"] for rung in printed["rungs"]] == list(found.index_errors)
    assert [rung["interval"]["low"] for rung in printed["rungs"]] == [each.low for each in found.intervals]
    assert [(step["from"], step["to"]) for step in printed["steps"]] == [("features", "edges"), ("edges", "layout")]
    assert printed["whole"]["interval"]["high"] == found.whole.interval.high
    assert printed["whole"]["interval"]["method"] == "jackknife"
    assert printed["sentence"] == verdict(found, layout.spec)
    assert (printed["classes"], printed["group"], printed["no_interval"]) == (["1", "8"], None, None)


def test_stability_prints_the_mean_and_the_sentence(answer, digits, pixels, store, tmp_path):
    out = str(tmp_path / "scores.csv")
    printed = answer("stability", "digits", "--method", "umap", "--seeds", "2", "--seed", "3", "--out", out)
    found = stability_of(pixels, Umap(seed=3), digits, 10, n_seeds=2, store=store)
    assert (printed["seeds"], printed["mean"], printed["n_moving"]) == ([3, 4], found.mean, found.n_moving)
    assert printed["sentence"] == stability_verdict(found, Umap())
    table = read_csv((tmp_path / "scores.csv").read_text(encoding="utf-8"))
    np.testing.assert_array_equal(np.array(table["stability"], float), found.kept)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("faithfulness", "digits"), "neighbors kept"),
        (("faithfulness", "digits"), "by class: trustworthiness"),
        (("ladder", "digits", "--classes", "1", "8"), "layout    overlap index"),
        (("stability", "digits"), "PCA is not random: every seed gives the same layout."),
    ],
)
def test_what_is_printed_for_people_says_it_in_words(cli, arguments, said):
    code, printed, _ = cli(*arguments)
    assert code == 0
    assert said in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("faithfulness", "digits", "--k", "270"), "choose k in 1..269"),
        (("faithfulness", "digits", "--out", "scores.txt"), "go into a .csv file, got 'scores.txt'"),
        (("ladder", "digits", "--classes", "1", "1"), "must be two different classes, got '1' twice"),
        (("ladder", "digits", "--classes", "1", "x"), "class 'x' has no items"),
        (("ladder", "digits", "--classes", "1", "7", "--perplexity", "5"), "pca has no --perplexity"),
        (("stability", "digits", "--seeds", "1"), "compares at least 2 seeds, got 1"),
    ],
)
def test_what_cannot_work_is_one_line(cli, arguments, said):
    code, printed, errors = cli(*arguments)
    assert (code, printed) == (2, "")
    assert said in errors.splitlines()[-1]
