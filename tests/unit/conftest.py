"""What the tests of several modules of the package share."""

import pytest

from embviz.cli import main


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
