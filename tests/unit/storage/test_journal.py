"""A journal keeps every event that was whole, whoever was killed, and however full the disk is."""

import errno
import json
import os
import signal
import subprocess
import sys

import pytest

from embviz.storage.journal import Journal

WRITER = """import sys
from pathlib import Path
from embviz.storage.journal import Journal

journal = Journal(Path(sys.argv[1]))
number = 0
while number < int(sys.argv[3]):
    assert journal.append({"by": sys.argv[2], "number": number, "ids": "1-9." * 2000}) == ""
    number += 1
    print(number, flush=True)
"""


def writer(path, name, count):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new folder" / "tags.jsonl"


def test_what_one_adds_another_reads_in_order(path):
    one, other = Journal(path), Journal(path)
    assert other.events() == []
    for number in range(3):
        assert (one if number % 2 else other).append({"number": number, "text": "a\nb ü \ud800"}) == ""
    assert [event["number"] for event in one.events()] == [0, 1, 2]
    assert other.events() == one.events() == Journal(path).events()


@pytest.mark.parametrize("cut", [1, 10, 25])
def test_the_line_of_a_killed_process_takes_no_other_with_it(path, cut):
    Journal(path).append({"number": 0})
    Journal(path).append({"number": 1, "long": "x" * 30})
    path.write_bytes(path.read_bytes()[:-cut])
    journal = Journal(path)
    journal.append({"number": 2})
    kept = [event["number"] for event in journal.events()]
    assert kept == ([0, 1, 2] if cut == 1 else [0, 2])  # without its line end, an event is whole


def test_a_process_that_is_killed_has_written_what_it_said(path):
    process = writer(path, "a", 10**6)
    said = [int(process.stdout.readline()) for _ in range(20)][-1]
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    numbers = [event["number"] for event in Journal(path).events()]
    assert numbers == list(range(len(numbers))) and len(numbers) >= said


def test_two_processes_at_once_lose_nothing(path):
    processes = [writer(path, name, 150) for name in "ab"]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    events = Journal(path).events()
    for name in "ab":
        assert [event["number"] for event in events if event["by"] == name] == list(range(150))


def test_on_a_full_disk_an_event_is_kept_in_memory_and_that_is_said(path, monkeypatch):
    journal = Journal(path)
    journal.append({"number": 0})

    def partly(descriptor, line, write=os.write):
        return write(descriptor, line[: len(line) // 2])

    monkeypatch.setattr("embviz.storage.journal.os.write", partly)
    assert journal.append({"number": 1}) == os.strerror(errno.ENOSPC)
    monkeypatch.undo()
    assert [event["number"] for event in journal.events()] == [0, 1]
    assert [event["number"] for event in Journal(path).events()] == [0]
    journal.append({"number": 2})
    assert [event["number"] for event in Journal(path).events()] == [0, 1, 2]
    assert journal.events() == Journal(path).events()


@pytest.mark.parametrize("cut", range(0, 90, 5))
def test_what_could_not_be_written_is_written_with_the_next_event_once_and_in_order(path, monkeypatch, cut):
    """Whatever part of the waiting events the disk still took, and also if it is full again and again."""
    journal = Journal(path)

    def numbers(of):
        return [event["number"] for event in of.events()]

    def full(descriptor, lines, write=os.write):
        return write(descriptor, lines[: min(cut, len(lines) - 2)])

    journal.append({"number": 0})
    for number in (1, 2, 3, 4):
        with monkeypatch.context() as patched:
            patched.setattr("embviz.storage.journal.os.write", full)
            assert journal.append({"number": number}) == os.strerror(errno.ENOSPC)
        assert numbers(journal) == list(range(number + 1))
    assert journal.append({"number": 5}) == ""
    assert numbers(journal) == numbers(Journal(path)) == list(range(6))


def test_what_is_in_the_file_is_there_once_though_the_disk_did_not_confirm_it(path, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    journal = Journal(path)
    with monkeypatch.context() as patched:
        patched.setattr("embviz.storage.journal.os.fsync", fail)
        assert journal.append({"number": 0}) == os.strerror(errno.EIO)
    journal.append({"number": 1})
    assert [event["number"] for event in journal.events()] == [0, 1]


def test_what_is_no_event_is_passed_over(path):
    Journal(path).append({"number": 0})
    with path.open("ab") as file:
        file.write(b"[1]\n" + b"[" * 100_000 + b'\n\xff\xfe\n"text"\n\n' + json.dumps({"number": 1}).encode())
    assert [event["number"] for event in Journal(path).events()] == [0, 1]


def test_a_journal_without_a_file_is_kept_in_memory():
    journal = Journal(None)
    assert journal.append({"number": 0}) == ""
    assert journal.events() == [{"number": 0}]
    assert Journal(None).events() == []
