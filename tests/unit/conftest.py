"""What the tests of several modules of the package share."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from embviz.cli import main

Forbid = Callable[[Path], None]


@pytest.fixture
def forbid(monkeypatch: pytest.MonkeyPatch) -> Forbid:
    """Makes a folder one that nobody may read or enter: root, too, whom rights do not stop."""
    forbidden: list[Path] = []

    def refusing(real):
        def call(path=".", *arguments, **options):
            if not isinstance(path, int):
                given = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100  # Path.resolve would ask again
                enters = given in forbidden and real is not stat
                if enters or any(folder in given.parents for folder in forbidden):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real(path, *arguments, **options)

        return call

    stat = os.stat
    for name in ("stat", "scandir", "listdir", "open"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    return forbidden.append


@pytest.fixture
def cli(capsys):
    """Runs a command in this process: its exit code, what it printed, what it said on stderr."""

    def run(*arguments):
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as end:
            code = end.code
        printed, said = capsys.readouterr()
        return code, printed, said

    return run
