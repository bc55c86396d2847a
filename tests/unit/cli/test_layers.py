"""``layers`` and ``axis``: their numbers are the library's, and their JSON keys are a contract."""

import json
import re
from dataclasses import asdict

import pytest

import embviz
from embviz.cli.measuring.layers import layers_text
from embviz.features import pixel_features
from embviz.pipeline import layer_lens_of, layer_specs, pair_axis_of
from embviz.storage.store import default_store


@pytest.fixture
def answer(cli, monkeypatch):
    """Runs a command with ``--json`` and returns the object it printed."""
    monkeypatch.setattr("embviz.features.network.EPOCHS", 1)

    def run(*arguments):
        code, printed, said = cli(*arguments, "--json")
        assert code == 0 and printed.count("\n") == 1, said
        return json.loads(printed)

    return run


def test_sizes_of_hidden_layers_are_refused_where_no_layer_is_looked_at(cli):
    sizes = ["--classes", 1, 7, "--limit", 100, "--hidden-layer-sizes", 20, 10]
    code, _, said = cli("layers", "digits", "--features", "pixels", *sizes)
    assert code == 2 and "--hidden-layer-sizes needs features of a classifier" in said


LAYERS_KEYS = [
    *("dataset", "split", "n", "classes", "k", "group", "spaces", "steps", "apart_in"),
    *("classifier_has_seen_them", "said"),
]
AXIS_KEYS = [
    "dataset",
    "split",
    "n",
    "space",
    "classes",
    "group",
    "accuracy",
    "interval",
    "no_interval",
    "crossing_ids",
]


def test_layers_prints_the_librarys_numbers(answer):
    found = answer("layers", "digits", "--classes", 3, 8, "--k", 5)
    assert list(found) == LAYERS_KEYS
    digits = embviz.load_dataset("digits")
    lens = layer_lens_of(digits, (3, 8), 5, store=default_store())
    assert [each["space"] for each in found["spaces"]] == ["pixels", "hidden", "logits"]
    for said, each in zip(found["spaces"], lens.spaces, strict=True):
        assert said["index"] == each.overlap.index and said["index_interval"] == asdict(each.overlap.index_interval)
        for name, judged in (("neighbors", each.neighbors), ("probe", each.probe)):
            assert said[name]["accuracy"] == judged.value and said[name]["interval"] == asdict(judged.interval)
    for said, step in zip(found["steps"], lens.steps, strict=True):
        assert (said["change"], said["interval"]) == (step.change, asdict(step.interval))
    assert found["apart_in"] == (lens.parting.after if lens.parting else None)
    assert not found["classifier_has_seen_them"]


def test_layers_of_a_deeper_classifier_and_chosen_spaces(answer):
    deep = ["--hidden-layer-sizes", 20, 10]
    found = answer("layers", "digits", *deep, "--classes", 3, 8)
    names = [spec.name for spec in layer_specs(embviz.load_dataset("digits"), (20, 10))]
    assert [each["space"] for each in found["spaces"]] == names == ["pixels", "hidden-1", "hidden-2", "logits"]
    chosen = answer("layers", "digits", *deep, "--classes", 3, 8, "--features", "pixels", "--features", "hidden-2")
    assert chosen["spaces"] == [found["spaces"][0], found["spaces"][2]]


def test_layers_in_words(cli, answer):
    said = answer("layers", "digits", "--split", "all", "--classes", 3, 8)
    _, printed, _ = cli("layers", "digits", "--split", "all", "--classes", 3, 8)
    lines = printed.splitlines()
    assert lines[0] == said["said"]
    assert [line.split()[0] for line in lines[3:6]] == ["pixels", "hidden", "logits"]
    assert f"{said['spaces'][0]['index']:.1%}" in lines[3]
    assert "The classifier was trained on some of these items" in lines[-1]


def test_columns_in_words_do_not_run_together():
    """The widest number is 100 % with an interval up to 100 %; names of spaces may be longer than any number."""
    interval = {"low": 1.0, "high": 1.0}
    judged = {"accuracy": 1.0, "interval": interval}
    names = ["pixels", "vectors:a-model-with-a-long-name"]
    spaces = [
        {"space": name, "index": 1.0, "index_interval": interval, "neighbors": judged, "probe": judged}
        for name in names
    ]
    answer = {"said": "", "spaces": spaces, "group": None, "k": 10, "n": 20, "classifier_has_seen_them": False}
    _, _, head, *lines = layers_text(answer).splitlines()
    ends = {tuple(match.end() for match in re.finditer(r"\S+( \S+)*", line))[-3:] for line in (head, *lines[:2])}
    assert len(ends) == 1, "each column ends at one place"
    for line, name in zip(lines, names, strict=False):
        assert re.split(r" {2,}", line) == [name, *["100.0% [100.0%, 100.0%]"] * 3]


def test_axis_prints_the_librarys_numbers(cli, answer):
    found = answer("axis", "digits", "--classes", 3, 8)
    assert list(found) == AXIS_KEYS
    digits = embviz.load_dataset("digits")
    axis = pair_axis_of(pixel_features(digits), digits, (3, 8), store=default_store())
    assert found["accuracy"] == axis.accuracy.value and found["interval"] == asdict(axis.accuracy.interval)
    assert found["crossing_ids"] == digits.ids[axis.crossing].tolist()
    _, printed, _ = cli("axis", "digits", "--classes", 3, 8)
    assert printed.startswith(f"3 and 8 in pixels: {len(axis.crossing)} of {len(axis.rows)} items lie on the other")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("layers", "digits", "--classes", 3, 3), "must be two different classes"),
        (("layers", "digits", "--classes", 3, "x"), "class 'x' has no items"),
        (("layers", "digits", "--classes", 3, 8, "--k", 0), "k must be in 1.."),
        (("layers", "digits", "--classes", 3, 8, "--features", "hidden-2"), "one of hidden, logits"),
        (("layers", "digits", "--classes", 3, 8, "--hidden-layer-sizes", 0), "numbers in 1..2,000"),
        (("axis", "digits", "--classes", 3, 8, "--group", "split"), "one class has all its items in one group"),
        (("axis", "digits", "--classes", 3, 8, "--hidden-layer-sizes", 5), "leave it out, or choose one of its layers"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(cli, arguments, message):
    code, printed, said = cli(*arguments)
    assert code == 2 and not printed and message in said.splitlines()[-1]
