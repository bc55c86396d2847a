"""The report of the benchmark of many visitors has each measured value beside its target."""

import os
import sys

import pytest

from tests.bench.levels import Level, level
from tests.bench.visitors import VisitorsReport, markdown


def test_the_table_has_every_row_and_compares_the_end_with_the_beginning() -> None:
    report = VisitorsReport(50, 70_000, 10, 10_000)
    report.one, report.clicks, report.others_clicks = [0.06], [0.2, 0.4, 0.6], [0.5, 0.9]
    report.first_frames = [2.0, 30.0]
    report.levels = {"first": Level(500, 40), "at most": Level(1400, 300), "last": Level(550, 42)}
    table = markdown(report, "a machine")
    for cell in (
        "0.40 / 0.58 / 0.60 (n = 3)",
        "2.0 | < 3",
        "30.0",
        "0.90 (n = 2)",
        "1,400 MB, 300",
        "+10% | within 10 %",
    ):
        assert cell in table


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_what_a_process_holds_grows_when_it_opens_something() -> None:
    before = level(os.getpid())
    read, write = os.pipe()
    held = bytearray(64 * 2**20)
    after = level(os.getpid())
    os.close(read)
    os.close(write)
    assert after.descriptors == before.descriptors + 2
    assert after.megabytes > before.megabytes + len(held) / 2**21
