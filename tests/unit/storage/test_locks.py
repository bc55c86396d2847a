"""Locks end with their holder; without locks nobody can tell what is in use, and nothing of others is removed."""

import errno
import sys
import tempfile
from contextlib import contextmanager

import pytest

from embviz.export.folder import replaced_file, staging_folder
from embviz.storage import locks, scratch
from embviz.storage.locks import held, is_temporary, remove_left, temporary_folder
from embviz.storage.scratch import ScratchFolder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")


@pytest.fixture
def no_locks(monkeypatch):
    """File system without locks."""
    import fcntl

    def refused(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_lock_is_held_by_one_and_free_again_afterwards(kind, tmp_path):
    place = tmp_path / kind
    place.touch() if kind == "file" else place.mkdir()
    for _ in range(2):
        with held(place) as first, held(place) as second:
            assert (first, second) == (True, False)


def test_without_locks_nobody_can_tell(no_locks, tmp_path):
    with held(tmp_path) as first, held(tmp_path) as second:
        assert first is second is None


def test_what_may_be_under_way_is_not_removed(no_locks, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch._clear_up.cache_clear()
    theirs = ScratchFolder(10)
    scratch._clear_up.cache_clear()
    ours = ScratchFolder(10)
    assert theirs.path.exists() and ours.path.exists()
    with staging_folder(tmp_path) as one, staging_folder(tmp_path) as other:
        assert one.exists() and other.exists()
    with replaced_file(tmp_path / "out.csv") as one, replaced_file(tmp_path / "out.csv") as other:
        one.touch()
        other.touch()
        assert one.exists()


def test_what_was_left_is_removed_and_nothing_that_only_looks_like_it(tmp_path):
    left = tmp_path / ".mine-abcdefgh"
    left.mkdir()
    (left / "half").touch()
    for name in (".mine-notes", ".mine-abcdefghi", ".other-abcdefgh"):
        (tmp_path / name).mkdir()
    (tmp_path / ".mine-ijklmnop").touch()
    (tmp_path / ".mine-qrstuvwx").symlink_to(tmp_path / ".mine-notes")
    assert [path for path in tmp_path.iterdir() if is_temporary(path, ".mine-")] == [left]
    others = set(tmp_path.iterdir()) - {left}
    with temporary_folder(tmp_path, ".mine-") as ours:
        remove_left(tmp_path, ".mine-")
        assert set(tmp_path.iterdir()) == others | {ours}
    assert set(tmp_path.iterdir()) == others


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), FileNotFoundError(2, "No such file")])
def test_what_cannot_be_opened_or_is_gone_by_then_stops_nobody(error, tmp_path, monkeypatch):
    names = [".mine-aaaaaaaa", ".mine-bbbbbbbb", ".mine-cccccccc"]
    for name in names:
        (tmp_path / name).mkdir()

    def refusing(path):
        if path.name == names[1]:
            raise error
        return held(path)

    monkeypatch.setattr(locks, "held", refusing)
    remove_left(tmp_path, ".mine-")
    assert [path.name for path in tmp_path.iterdir()] == [names[1]]


@pytest.mark.parametrize("moment", ["before it is opened", "before it is locked", "while it is locked by the other"])
def test_a_folder_that_another_process_takes_for_left_is_made_again(moment, tmp_path, monkeypatch):
    taken = []

    @contextmanager
    def interrupted(path):
        is_first = not taken
        taken.append(path)
        if is_first and moment == "before it is opened":
            path.rmdir()
        with held(path) as is_mine:
            if is_first and moment != "before it is opened":
                path.rmdir()
            yield is_mine and not (is_first and moment == "while it is locked by the other")

    monkeypatch.setattr(locks, "held", interrupted)
    with temporary_folder(tmp_path, ".mine-") as ours:
        assert taken == [taken[0], ours] and list(tmp_path.iterdir()) == [ours]
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_opened_does_not_stay(tmp_path, monkeypatch):
    """With a umask of 777 a folder cannot be opened even by the process that made it."""

    def refused(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locks, "held", refused)
    with pytest.raises(PermissionError), temporary_folder(tmp_path, ".mine-"):
        pass
    assert not list(tmp_path.iterdir())
