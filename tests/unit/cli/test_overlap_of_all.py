"""``overlap --classes all``: every two classes with interval and rank, and what is said where nothing was counted."""

import json

import numpy as np
import pytest

import embviz


@pytest.fixture
def answer(cli):
    """What a command prints as JSON."""

    def ask(*arguments):
        code, printed, said = cli(*map(str, arguments), "--json")
        assert code == 0, said
        return json.loads(printed)

    return ask


@pytest.fixture
def apart(tmp_path):
    """A file of three classes: two that are mixed, and one far away from both."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [40, 50, 30])
    vectors = rng.normal(size=(120, 3)) + 100 * (labels == 2)[:, None]
    path = tmp_path / "apart.npz"
    np.savez(path, vectors=vectors.astype(np.float32), labels=labels, patient=np.arange(120) % 17)
    return path


def test_every_pair_has_the_numbers_of_the_pair_alone(answer):
    table = answer("overlap", "digits", "--classes", "all")
    assert (table["n"], table["k"], table["group"], table["missing"]) == (539, 10, None, [])
    indices = [each["index"] for each in table["pairs"]]
    assert len(indices) == 45 and indices == sorted(indices, reverse=True)
    for each in table["pairs"][::11]:
        alone = answer("overlap", "digits", "--classes", *each["classes"])
        assert {key: each[key] for key in ("rate", "n", "interval")} == {
            "rate": alone["rate"],
            "n": alone["n"],
            "interval": pytest.approx(alone["interval"], abs=1e-12),
        }


def test_ranks_are_those_of_the_library(answer):
    digits = embviz.load_dataset("digits", "test")
    features = embviz.pixel_features(digits)
    ranks = embviz.overlap_matrix(features, digits, 10, space="pixels").ranks
    for each in answer("overlap", "digits", "--classes", "all")["pairs"]:
        a, b = map(digits.class_names.index, each["classes"])
        assert (each["rank"]["low"], each["rank"]["high"]) == ranks.between(a, b)
        assert [tuple(map(digits.class_names.index, pair)) for pair in each["not_told_from"]] == ranks.not_told_from(
            a, b
        )


def test_where_no_neighbor_crosses_the_most_is_said_that_it_can_be(answer, cli, apart):
    alone = answer("overlap", apart, "--classes", 0, 2, "--group", "none")
    assert (alone["rate"], alone["rate_at_most"]) == (0, 3 / 60)
    assert alone["index_at_most"] == pytest.approx(3 / 60 / alone["chance"])
    assert answer("overlap", apart, "--classes", 0, 1, "--group", "none")["rate_at_most"] is None
    assert answer("overlap", apart, "--classes", 0, 2, "--group", "patient")["rate_at_most"] == 3 / 17
    _, printed, _ = cli("overlap", str(apart), "--classes", "0", "2", "--group", "none")
    assert printed.startswith("0 and 2 in vectors: overlap index at most 9.86% (rate at most 5.00%, chance 50.72%")
    _, printed, _ = cli("overlap", str(apart), "--classes", "all", "--group", "none")
    assert "0 and 2: at most 9.86% (0.00% to 9.86%, rank" in printed
    assert " 0.00% (" not in printed


def test_a_pair_that_cannot_be_measured_is_named_with_the_reason(answer, cli, tmp_path):
    path = tmp_path / "few.npz"
    np.savez(path, vectors=np.arange(17, dtype=np.float32)[:, None], labels=np.repeat([0, 1, 2], [11, 5, 1]))
    table = answer("overlap", path, "--classes", "all")
    assert sorted(each["classes"] for each in table["pairs"]) == [["0", "1"], ["0", "2"]]
    assert table["missing"][0]["classes"] == ["1", "2"]
    single = next(each for each in table["pairs"] if each["classes"] == ["0", "2"])
    assert (single["interval"], single["no_interval"]) == (None, "one class has a single item")
    _, printed, _ = cli("overlap", str(path), "--classes", "all")
    assert "1 and 2: none, k must be in 1..5 for classes 1 and 2, which have 6 items together, got 10" in printed
    assert "no interval: one class has a single item" in printed


def test_classes_that_cannot_be_measured_are_called_as_the_user_calls_them(cli, tmp_path):
    path = tmp_path / "few.npz"
    np.savez(path, vectors=np.eye(14, 2, dtype=np.float32), labels=np.repeat(["x", "y", "z"], [5, 4, 5]))
    for classes in (("x", "y"), ("all",)):
        code, printed, said = cli("overlap", path, "--classes", *classes)
        assert code == (0 if classes == ("all",) else 2)
        assert "k must be in 1..8 for classes x and y, which have 9 items together, got 10" in printed + said
        assert "show more items or choose other classes, or k <= 8 on the command line or in Python" in printed + said
    for command in ("layers", "ladder"):
        _, _, said = cli(command, path, "--classes", "x", "y")
        assert "for classes x and y, which have 9 items together, got 10" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("all", "--other-groups"), "neighbors of other groups only need groups"),
        (("1",), "expected 2 arguments, or the word all, got '1'"),
    ],
)
def test_what_is_not_two_classes_or_all_is_refused(cli, arguments, message):
    code, _, said = cli("overlap", "digits", "--classes", *arguments)
    assert code == 2 and message in said
