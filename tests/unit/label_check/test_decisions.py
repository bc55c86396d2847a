"""The log of decisions survives killed writers, several visitors and a full disk; the dataset never changes."""

import errno
import multiprocessing
import os

import numpy as np
import pytest

import embviz.label_check.decisions
from embviz.dataset import subset
from embviz.datasets import Given, dataset_of
from embviz.errors import ExportError, InputError
from embviz.label_check.decisions import (
    Decision,
    add_decisions,
    corrected_labels,
    decision,
    decisions_csv,
    decisions_in,
    decisions_path,
    decisions_text,
    last_decisions,
    valid_decisions,
    withdrawal,
)
from embviz.storage.store import Store
from tests.unit.label_check.gaussians import gaussians, labeled


@pytest.fixture
def log(tmp_path):
    return tmp_path / "decisions" / "log.jsonl"


def test_what_is_added_is_read_in_order(log):
    assert decisions_in(log) == []
    lines = [decision(3, "7", "keep", by="ann"), decision(4, 'say "é\n"', "relabel", "1")]
    add_decisions(log, lines[:1])
    add_decisions(log, lines[1:])
    assert decisions_in(log) == lines
    assert log.read_bytes() == decisions_text(lines)


def test_a_decision_that_is_taken_back_gives_way_to_the_one_before(log):
    first, second = decision(3, "7", "unsure"), decision(3, "7", "relabel", "1")
    lines = [first, second, withdrawal(second)]
    assert last_decisions(lines) == {3: first}
    assert valid_decisions([*lines, withdrawal(second), withdrawal(first)]) == []


def test_half_a_line_of_a_killed_process_costs_that_line_only(log, caplog):
    first, second = decision(3, "7", "keep"), decision(4, "7", "keep")
    add_decisions(log, [first])
    with log.open("ab") as file:
        file.write(b'{"key": "ab", "id": 5, "la')
    assert decisions_in(log) == [first]
    add_decisions(log, [second])
    assert decisions_in(log) == [first, second]
    assert "1 lines of" in caplog.text


@pytest.mark.parametrize(
    "line",
    [b"null", b"[]", b"{}", b'{"key": 1}', b"\xff\xfe", b"[" * 100_000, b'{"id": "3"}', decisions_text([]) + b"{"],
)
def test_lines_that_are_no_decisions_are_left_out(log, line):
    log.parent.mkdir()
    made = decision(3, "7", "keep")
    log.write_bytes(line + b"\n" + decisions_text([made]))
    assert decisions_in(log) == [made]


def test_a_verdict_is_one_of_three():
    with pytest.raises(InputError, match="verdict must be one of keep, relabel, unsure, got 'maybe'"):
        decision(3, "7", "maybe")


def write_many(path, by):
    for item in range(50):
        add_decisions(path, [decision(item, "7", "keep", by=by)])


def test_visitors_who_write_at_once_lose_nothing(log):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(log, str(number))) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = decisions_in(log)
    assert len(found) == len({each.key for each in found}) == 150
    for number in range(3):
        assert [each.id for each in found if each.by == str(number)] == list(range(50))


def test_a_full_disk_leaves_the_log_as_it_was_and_is_said(log, monkeypatch):
    first = decision(3, "7", "keep")
    add_decisions(log, [first])
    write = os.write

    def half(descriptor, content):
        write(descriptor, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(embviz.label_check.decisions.os, "write", half)
    with pytest.raises(ExportError, match=r"cannot be kept in .*: No space left on device"):
        add_decisions(log, [decision(4, "7", "keep")])
    monkeypatch.undo()
    assert log.read_bytes() == decisions_text([first])


def test_a_folder_in_place_of_the_log_is_an_error_in_a_sentence(log):
    log.mkdir(parents=True)
    with pytest.raises(ExportError, match="cannot be kept in"):
        add_decisions(log, [decision(4, "7", "keep")])
    with pytest.raises(ExportError, match="cannot be read"):
        decisions_in(log)


def test_all_parts_of_a_source_have_one_log_and_other_data_another(tmp_path):
    vectors, labels = gaussians(30)
    store = Store(tmp_path)
    whole = dataset_of(Given(labeled(vectors, labels)), "all")
    part = subset(whole, np.array([3, 1]))
    other = dataset_of(Given(labeled(vectors, labels[::-1])), "all")
    assert decisions_path(whole, store) == decisions_path(part, store) != decisions_path(other, store)
    assert decisions_path(whole, Store(None)) is None


def test_cleaning_up_the_store_spares_decisions(tmp_path):
    from embviz.storage.artifacts import Artifact

    vectors, labels = gaussians(30)
    store = Store(tmp_path, limit=1)
    path = decisions_path(labeled(vectors, labels), store)
    add_decisions(path, [decision(3, "0", "keep")])
    store.save("graph", "a1", Artifact({"x": np.zeros(9)}, {}))
    store.save("graph", "b2", Artifact({"x": np.zeros(9)}, {}))
    assert len(decisions_in(path)) == 1


def test_corrected_labels_are_the_given_ones_but_for_relabeled_items():
    vectors, labels = gaussians(30)
    dataset = subset(labeled(vectors, labels), np.arange(29, 9, -1))
    before = dataset.fingerprint
    made = [
        decision(12, "0", "relabel", "2"),
        decision(13, "1", "keep"),
        decision(14, "2", "relabel", "no class"),
        decision(3, "0", "relabel", "1"),
    ]
    corrected = corrected_labels(dataset, last_decisions(made))
    changed = np.flatnonzero(corrected != dataset.labels)
    assert dataset.ids[changed].tolist() == [12]
    assert corrected[changed].tolist() == [2]
    assert dataset.fingerprint == before


def test_the_table_of_decisions_neutralizes_formulas():
    made = Decision("k", 3, "=1", "relabel", "+2", "", "2026-01-01T00:00:00+00:00")
    assert decisions_csv({3: made}).decode().splitlines() == [
        "id,label,verdict,new,at",
        "3,'=1,relabel,'+2,2026-01-01T00:00:00+00:00",
    ]
