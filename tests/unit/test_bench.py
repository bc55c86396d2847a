"""The benchmarks can start, and the time that the host of a virtual machine takes is read correctly."""

import importlib
import math
from pathlib import Path

import pytest

from tests.bench import host
from tests.bench.host import Ticks, stolen_share, ticks


def test_ticks_are_those_of_all_processors(tmp_path):
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 20 30 1000 7 4 2 50 100 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n")
    assert ticks(stat) == Ticks(ran=100 + 20 + 30 + 4 + 2, stolen=50)


def test_nothing_is_known_where_linux_does_not_tell(tmp_path):
    nothing = ticks(tmp_path / "stat")
    assert math.isnan(stolen_share(nothing, nothing))


def test_the_share_is_of_the_time_in_which_something_wanted_to_run():
    assert stolen_share(Ticks(100, 10), Ticks(130, 20)) == 0.25


@pytest.mark.parametrize("name", sorted(path.stem for path in Path(host.__file__).parent.glob("[a-z]*.py")))
def test_what_the_benchmarks_import_is_there(name):
    importlib.import_module(f"tests.bench.{name}")
