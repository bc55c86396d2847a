"""Folders are looked into the same way on every version of Python, and the message says why one cannot be."""

from pathlib import Path

import pytest

from embviz.datasets.named.folders import contents, is_file, is_folder
from embviz.errors import DatasetError
from tests.unit.conftest import Forbid


def test_what_is_there_is_told_apart_from_what_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "to nothing").symlink_to("nothing")
    (tmp_path / "to here").symlink_to(tmp_path)
    for name, kinds in {
        ".": (True, False),
        "file": (False, True),
        "to here": (True, False),
        "to nothing": (False, False),
        "nothing": (False, False),
        "file/below": (False, False),
    }.items():
        assert (is_folder(tmp_path / name), is_file(tmp_path / name)) == kinds, name
    assert contents(tmp_path) == ([tmp_path / "to here"], [tmp_path / "file", tmp_path / "to nothing"])


@pytest.mark.parametrize("look", [is_folder, is_file, contents])
def test_what_cannot_be_looked_at_is_an_error(look: object, tmp_path: Path, forbid: Forbid) -> None:
    (tmp_path / "loop").symlink_to("loop")
    forbid(tmp_path / "locked")
    for path in (tmp_path / "locked" / "below", tmp_path / ("x" * 300), tmp_path / "loop"):
        with pytest.raises(DatasetError, match=f"cannot (look at|read folder) {path}: .*; "):
            look(path)


def test_an_entry_that_cannot_be_looked_at_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("x" * 300)
    (tmp_path / "folder").mkdir()
    assert contents(tmp_path) == ([tmp_path / "folder"], [tmp_path / "link"])
