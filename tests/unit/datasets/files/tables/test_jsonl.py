"""JSON lines: as pandas and pipelines write them, and broken as they are in practice."""

import json
import os

import numpy as np
import pytest

from embviz.datasets.files.tables import jsonl
from embviz.datasets.files.tables.jsonl import jsonl_contents
from embviz.errors import DatasetError
from tests.unit.glyphs import all_of, glyphs


def opened(tmp_path, content):
    path = tmp_path / "it.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return jsonl_contents(path)


def lines_of(*objects):
    return "".join(json.dumps(each) + "\n" for each in objects)


def read(contents):
    return {field.name: all_of(field).tolist() for field in contents.fields}


def test_lists_are_vectors_and_lists_of_lists_images(tmp_path):
    images = glyphs(3)
    contents = opened(
        tmp_path,
        lines_of(*({"id": f"i{n}", "v": [n, 0.5], "image": images[n].tolist(), "label": n} for n in range(3))),
    )
    fields = {field.name: field for field in contents.fields}
    assert (fields["v"].kind, fields["image"].kind, fields["image"].shape) == ("vectors", "images", (6, 5))
    assert fields["image"].dtype == np.uint8
    assert np.array_equal(all_of(fields["image"], slice(1, 3)), images[1:])
    assert read(contents)["v"] == [[0, 0.5], [1, 0.5], [2, 0.5]]


def test_keys_that_some_objects_lack_are_gaps(tmp_path):
    found = read(opened(tmp_path, lines_of({"a": 1, "t": "x"}, {"b": True}, {"a": 2, "b": False, "t": None})))
    assert found["a"][0] == 1 and np.isnan(found["a"][1])
    assert found["t"] == ["x", "", ""] and found["b"] == ["", "True", "False"]


def test_blocks_are_put_together_whatever_their_types(tmp_path, monkeypatch):
    objects = [{"v": [n, n + 1], "n": n} for n in range(50)] + [{"v": [0.5, 1000], "n": 1.5, "late": "x"}]
    whole = read(opened(tmp_path, lines_of(*objects)))
    monkeypatch.setattr(jsonl, "_BLOCK", 100)
    assert read(opened(tmp_path, lines_of(*objects))) == whole
    assert whole["late"] == [""] * 50 + ["x"] and whole["v"][-1] == [0.5, 1000]


@pytest.mark.parametrize("content", ["\ufeff{}", "{}\r\n", "\n\n{}\n\n", "{}"])
def test_marks_and_line_ends_do_not_matter(tmp_path, content):
    assert read(opened(tmp_path, content.replace("{}", '{"a": 1}'))) == {"a": [1]}


BROKEN = {
    "empty": ("", "is empty"),
    "blank": ("\n\n", "is empty"),
    "an array": ('[{"a": 1}]', "one JSON array; write one object per line"),
    "a line of text": ("hello\n", "a first line that is not a JSON object"),
    "cut": (lines_of({"a": 1}) + '{"a": 2', "row 1 is not a JSON object"),
    "a line of another kind": (lines_of({"a": 1}) + "5\n", "row 1"),
    "another type": (lines_of({"a": 1}, {"a": "x"}), "row 1: column 'a' holds string, in the rows before number"),
    "the same key twice": ('{"a": 1, "a": 2}\n', "row 0 has two values called 'a'"),
    "latin-1": (b'{"a": 1}\n{"a": "\xe9"}\n', "row 1 holds text that is not UTF-8"),
    "brackets without end": ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "more than 64 brackets in one another"),
    "objects without end": ('{"a":' * 100_000 + "1" + "}" * 100_000, "more than 64 brackets in one another"),
    "nothing but objects": (lines_of({"a": {"b": 1}}), "nothing that can be shown"),
}


@pytest.mark.parametrize("content, sentence", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_sentence(tmp_path, content, sentence):
    with pytest.raises(DatasetError, match=sentence) as found:
        opened(tmp_path, content)
    assert "it.jsonl" in str(found.value) and "\n" not in str(found.value)


def test_a_line_longer_than_a_block_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "_BLOCK", 100)
    with pytest.raises(DatasetError, match="has a line of more than"):
        opened(tmp_path, lines_of({"a": "x" * 300}))


def test_types_that_change_between_blocks_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "_BLOCK", 100)
    with pytest.raises(DatasetError, match="a value of another type further down"):
        opened(tmp_path, lines_of(*({"a": n} for n in range(50)), *({"a": "x"} for n in range(50))))


UNFIT = {
    "a shorter vector": ({"v": [1]}, "row 1 has 1 numbers, the first row 2"),
    "a longer vector": ({"v": [1, 2, 3]}, "row 1 has 3 numbers, the first row 2"),
    "no vector": ({"v": None}, "row 1 lacks a number"),
    "a gap in a vector": ({"v": [1, None]}, "row 1 lacks a number"),
}


@pytest.mark.parametrize("second, sentence", UNFIT.values(), ids=UNFIT)
def test_ragged_rows_are_refused_with_their_row(tmp_path, second, sentence):
    (field,) = opened(tmp_path, lines_of({"v": [1, 2]}, second)).fields
    with pytest.raises(DatasetError, match=sentence):
        all_of(field)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "it.jsonl")
    with pytest.raises(DatasetError, match="not a regular file"):
        jsonl_contents(tmp_path / "it.jsonl")
