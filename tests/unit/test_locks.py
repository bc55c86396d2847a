"""Locks end with whoever holds them; where there are none nobody can tell, and nothing of others is removed."""

import errno
import sys
import tempfile

import pytest

from embviz import scratch
from embviz.export.folder import replaced_file, staging_folder
from embviz.locks import held
from embviz.scratch import ScratchFolder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")


@pytest.fixture
def no_locks(monkeypatch):
    """A disk that knows none."""
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
