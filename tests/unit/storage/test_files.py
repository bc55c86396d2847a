"""Anything but a regular file is refused at once, and no file stays open."""

import os
from pathlib import Path

import pytest

from embviz.storage.files import opened_file


def open_descriptors():
    linux = Path("/proc/self/fd")
    return len(list((linux if linux.is_dir() else Path("/dev/fd")).iterdir()))


def test_a_file_is_read(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    with opened_file(tmp_path / "file") as file:
        assert file.read() == b"content"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link to itself", "nothing"])
def test_what_is_no_regular_file_is_neither_waited_for_nor_left_open(kind, tmp_path):
    path = tmp_path / "path"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "link to itself":
        path.symlink_to(path)
    before = open_descriptors()
    for _ in range(20):
        with pytest.raises(OSError), opened_file(path):
            pass
    assert open_descriptors() == before
