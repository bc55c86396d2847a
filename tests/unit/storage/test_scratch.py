"""Scratch folders: they are made where there is room, and those of killed processes are removed."""

import logging
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest

from embviz.errors import ExportError
from embviz.logs import warn_once
from embviz.storage import locks, scratch
from embviz.storage.scratch import ScratchFolder

ROOT = Path(__file__).parents[3]
Usage = namedtuple("Usage", "total used free")  # as `shutil.disk_usage` gives it


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Folder for temporary files in this test."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    scratch._clear_up.cache_clear()
    warn_once.cache_clear()
    return tmp_path / "temporary"


def test_a_folder_is_ones_own_until_it_is_removed(temporary):
    first, second = ScratchFolder(10), ScratchFolder(10)
    assert first.path.parent == second.path.parent == temporary and first.path != second.path
    (first.path / "file").touch()
    first.remove()
    assert list(temporary.iterdir()) == [second.path]
    second.remove()
    assert not list(temporary.iterdir())


WORKER = """
import tempfile, sys, time
tempfile.tempdir = sys.argv[1]
from embviz.storage.scratch import ScratchFolder
scratch = ScratchFolder(10)
(scratch.path / "file").touch()
print("halfway", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_what_a_killed_process_left_goes_and_what_others_use_stays(temporary):
    command = [sys.executable, "-c", WORKER, str(temporary)]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert worker.stdout.readline() == "halfway\n"
    (temporary / "embviz-my-own-folder").mkdir()
    (temporary / "embviz-abcdefgh.txt").touch()
    theirs = set(temporary.iterdir())
    ScratchFolder(10).remove()
    assert set(temporary.iterdir()) == theirs
    worker.kill()
    worker.communicate()
    scratch._clear_up.cache_clear()  # as in a process that starts now
    ScratchFolder(10).remove()
    assert {entry.name for entry in temporary.iterdir()} == {"embviz-my-own-folder", "embviz-abcdefgh.txt"}


@pytest.mark.parametrize("trouble", ["full", "missing", "read-only"])
def test_without_room_for_temporary_files_the_store_is_used_and_it_is_said_once(
    trouble, temporary, own_store, monkeypatch, caplog
):
    if trouble == "full":
        usage = shutil.disk_usage
        monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(9, 9, 0) if path == temporary else usage(path))
    elif trouble == "missing":
        temporary.rmdir()
    else:

        def refused(*arguments, dir=None, **options):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    for _ in range(3):
        folder = ScratchFolder(10)
        assert folder.path.parent == own_store
        folder.remove()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "is used instead" in caplog.text


def test_without_room_anywhere_one_sentence_says_so(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(9, 9, 10**6))
    with pytest.raises(ExportError, match=r"has 1 MB left, of 2 needed; .*; make room, or set TMPDIR"):
        ScratchFolder(2 * 10**6)
    monkeypatch.setenv("EMBVIZ_STORE_DIR", "~nobody-of-this-name")
    with pytest.raises(ExportError, match=r"the store cannot be written to \(there is none\)"):
        ScratchFolder(2 * 10**6)


def test_a_folder_that_cannot_be_opened_is_one_sentence_and_does_not_stay(temporary, monkeypatch):
    """With a umask of 777 a folder cannot be opened even by the process that made it."""

    def refused(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locks, "held", refused)
    with pytest.raises(ExportError, match=r"no folder can be made in .* \(Permission denied\); set TMPDIR"):
        ScratchFolder(10)
    assert not list(temporary.iterdir())
