"""What the page was started on, by an environment variable that anybody may have set to anything."""

import json
from pathlib import Path

import pytest

from embviz.datasets import Files, Named, source_named
from embviz.datasets.files.uses.wishes import Wishes
from embviz.datasets.own.started import VARIABLE, started_source, started_text
from embviz.errors import DatasetError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    return path


def test_nothing_is_started_on_nothing(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert started_source() is None


@pytest.mark.parametrize("wishes", [Wishes(), Wishes(vectors="a,b", labels="kind", group="none")])
def test_a_file_arrives_with_all_that_was_said(file, wishes, monkeypatch):
    source = source_named(file, wishes)
    monkeypatch.setenv(VARIABLE, started_text(source))
    assert started_source() == source


def test_a_name_and_files_by_options_alone_arrive(file, monkeypatch):
    for source in (source_named("digits"), source_named(None, Wishes(vectors=str(file)))):
        monkeypatch.setenv(VARIABLE, started_text(source))
        assert started_source() == source and isinstance(source, Named | Files)


def test_a_file_whose_name_is_no_text_arrives(tmp_path, monkeypatch):
    path = tmp_path / "caf\udce9.csv"
    try:
        path.write_text("a,b\n1,2\n")
    except OSError:
        pytest.skip("this disk takes only names that are text")
    monkeypatch.setenv(VARIABLE, started_text(source_named(path)))
    assert started_source() == source_named(path)


def test_a_file_that_has_changed_is_another_source(file, monkeypatch):
    monkeypatch.setattr("embviz.datasets.own.started._TIMES_AS_LONG", 0)
    monkeypatch.setenv(VARIABLE, started_text(source_named(file)))
    before = started_source()
    file.write_text("a,b\n1,2\n3,4\n")
    assert before != started_source() == source_named(file)


HOSTILE = [
    "{",
    "[]",
    "{}",
    "null",
    "[" * 50_000,
    " " * 100_001,
    json.dumps({"file": 5}),
    json.dumps({"file": "table.csv"}),
    json.dumps({"file": ""}),
    json.dumps({"file": "/etc/pass\0wd"}),
    json.dumps({"file": "/no/such/file"}),
    json.dumps({"dataset": "/etc/passwd"}),
    json.dumps({"dataset": "digits", "file": "/etc/passwd"}),
    json.dumps({"dataset": "digits", "labels": "kind"}),
    json.dumps({"file": "/etc/passwd", "run": "rm"}),
    json.dumps({"file": ["/etc/passwd"]}),
    json.dumps({"given": "here"}),
    json.dumps({"given": "/no/such/folder"}),
    json.dumps({"given": "/etc", "labels": "kind"}),
    json.dumps({"given": "/etc", "file": "/etc/passwd"}),
]


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\0" not in text], ids=lambda text: text[:40])
def test_anything_else_is_refused_in_one_sentence(text, monkeypatch):
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(DatasetError) as raised:
        started_source()
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 400
