"""Benchmarks of embviz: ``python -m tests.bench page``."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from tests.bench.inputs import mnist_here
from tests.bench.page import page_report
from tests.bench.report import machine_lines, markdown, raw_json


def main() -> None:
    """Measure, print Markdown on stdout and what is going on on stderr."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    page = commands.add_parser("page", help="the page in a browser, beside TensorBoard and plain Plotly")
    page.add_argument("--sizes", type=int, nargs="+", default=[10_000, 70_000], help="numbers of items of MNIST")
    page.add_argument("--repeats", type=int, default=3)
    page.add_argument("--limit", type=float, default=120, help="seconds that one step may take")
    page.add_argument("--json", type=Path, help="write every sample to this file")
    arguments = parser.parse_args()
    if not mnist_here():
        print(
            "**EMBVIZ_DATA_DIR is not set**: scikit-learn's 1,797 digits are measured instead of MNIST, and the "
            "targets for 10,000 items are not. Set it to a folder with the four MNIST files.\n"
        )

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    before = os.getloadavg()[0]
    report = asyncio.run(page_report(arguments.sizes, arguments.repeats, arguments.limit, say))
    machine = machine_lines(report.chromium, (before, os.getloadavg()[0]))
    if arguments.json:
        arguments.json.write_text(raw_json(report, machine), encoding="utf-8")
    print(markdown(report, machine, arguments.repeats))


if __name__ == "__main__":
    main()
