"""Benchmarks: ``python -m tests.bench page``, ``layouts``, ``statistics``, ``intervals``, ``labels``, …."""

import argparse
import asyncio
import json
import os
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.bench import layout_tables, report
from tests.bench.clusters import Size
from tests.bench.inputs import mnist_here
from tests.bench.intervals import coverages, markdown as interval_table, mnist_deviations
from tests.bench.judges import judgments, markdown as judges_table
from tests.bench.labels import markdown as label_table, planted_labels, writers_first
from tests.bench.layouts import JOBS, layout_report
from tests.bench.measuring import markdown as statistics_table, measured_statistics
from tests.bench.own import markdown as own_table, own_report
from tests.bench.page import page_report
from tests.bench.scale import ROWS
from tests.bench.search import search_table
from tests.bench.visitors import markdown, visitors_report


def main() -> None:
    """Measure; print the report as Markdown on stdout, and progress on stderr."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    page = commands.add_parser("page", help="the page in a browser, beside TensorBoard and plain Plotly")
    page.add_argument("--limit", type=float, default=120, help="seconds that one step may take")
    layouts = commands.add_parser("layouts", help="t-SNE and UMAP beside the libraries (tests/bench/requirements.txt)")
    layouts.add_argument("--jobs", choices=JOBS, nargs="+", default=list(JOBS), help="what to measure: everything")
    layouts.add_argument(
        "--stolen",
        type=float,
        default=1,
        help="share of the processors' time that a virtual machine's host may take from a measurement; those from "
        "which it takes more are made again, a few times at most",
    )
    layouts.add_argument("--commit", help="measure embviz at this commit beside, instead of other libraries")
    for command in (page, layouts):
        command.add_argument("--sizes", type=int, nargs="+", default=[10_000, 70_000], help="numbers of items of MNIST")
        command.add_argument("--repeats", type=int, default=3)
        command.add_argument("--json", type=Path, help="write every sample to this file")
    scale = commands.add_parser("scale", help="what many items take, beside the libraries")
    scale.add_argument("--rows", choices=ROWS, nargs="+", default=list(ROWS), help="what to measure: everything")
    scale.add_argument("--repeats", type=int, default=3)
    scale.add_argument("--items", type=int, default=1_000_000, help="rows of what a cluster lays out")
    scale.add_argument("--width", type=int, default=32, help="numbers in each")
    visitors = commands.add_parser("visitors", help="many visitors at once: clicks, layouts, memory")
    visitors.add_argument("--visitors", type=int, default=50, help="who click at the same time")
    visitors.add_argument("--items", type=int, default=70_000, help="that they look at")
    visitors.add_argument("--layouts", type=int, default=10, help="started at the same time")
    visitors.add_argument("--layout-items", type=int, default=10_000, help="of each of the layouts started at once")
    visitors.add_argument("--minutes", type=float, default=2, help="after all have left, until memory is looked at")
    visitors.add_argument("--visits", type=float, default=25, help="minutes of visits one after the other; 0: none")
    visitors.add_argument("--limit", type=float, default=600, help="seconds that one step may take")
    visitors.add_argument("--json", type=Path, help="write every sample to this file")
    intervals = commands.add_parser("intervals", help="how often intervals of an overlap hold, by simulation")
    intervals.add_argument("--draws", type=int, default=1_000, help="samples of each setting")
    intervals.add_argument("--mnist", action="store_true", help="samples of MNIST's items instead, which take longer")
    own = commands.add_parser("own", help="own files on the page: opening, colors, hover, panes")
    own.add_argument("--repeats", type=int, default=3)
    own.add_argument("--atlas", type=Path, help="the Python of an environment with embedding-atlas, to measure it, too")
    commands.add_parser("search", help="searches of 100,000 items")
    statistics = commands.add_parser("statistics", help="how long statistics of 10,000 items take, and until a cancel")
    statistics.add_argument("--repeats", type=int, default=3)
    labels = commands.add_parser("labels", help="planted wrong labels, beside cleanlab")
    labels.add_argument("--data", default="mnist", help="a named set of ten classes, or the folder of one: mnist")
    labels.add_argument("--seeds", type=int, default=5, help="of each kind of planted labels")
    judges = commands.add_parser("judges", help="the same for the accuracies of vote, linear probe and axis")
    judges.add_argument("--draws", type=int, default=300, help="samples of each setting")
    arguments = parser.parse_args()
    if arguments.command == "search":
        print(search_table())
        return
    if arguments.command == "own":
        print(own_table(asyncio.run(own_report(arguments.repeats, _say, arguments.atlas))))
        return
    if arguments.command == "statistics":
        before = os.getloadavg()[0]
        print(statistics_table(measured_statistics(arguments.repeats, _say), before))
        return
    if arguments.command == "intervals":
        if arguments.mnist:
            print(mnist_deviations(arguments.draws, _say))
        else:
            print(interval_table(list(coverages(arguments.draws, _say)), arguments.draws))
        return
    if arguments.command == "labels":
        data, seeds = arguments.data, arguments.seeds
        found, first = list(planted_labels(data, seeds, _say)), writers_first(data, 2 * seeds, _say)
        print(label_table(data, found, first))
        return
    if arguments.command == "judges":
        print(judges_table(list(judgments(arguments.draws, _say)), arguments.draws))
        return
    if not mnist_here() and (arguments.command != "scale" or "place" in arguments.rows):
        print(
            "**EMBVIZ_DATA_DIR is not set**: scikit-learn's 1,797 digits are measured instead of MNIST, and the "
            "targets for 10,000 items are not. Set it to a folder with the four MNIST files.\n"
        )
    {"page": _page, "layouts": _layouts, "scale": _scale, "visitors": _visitors}[arguments.command](arguments)


def _page(arguments: argparse.Namespace) -> None:
    before = os.getloadavg()[0]
    measured = asyncio.run(page_report(arguments.sizes, arguments.repeats, arguments.limit, _say))
    machine = report.machine_lines(measured.chromium, (before, os.getloadavg()[0]))
    if arguments.json:
        arguments.json.write_text(report.raw_json(measured, machine), encoding="utf-8")
    print(report.markdown(measured, machine, arguments.repeats))


def _layouts(arguments: argparse.Namespace) -> None:
    before = os.getloadavg()[0]
    try:
        measured = layout_report(
            arguments.sizes, arguments.jobs, arguments.repeats, _say, arguments.stolen, arguments.commit
        )
    except PackageNotFoundError as error:
        raise SystemExit(f"{error.name} is not installed: pip install -r tests/bench/requirements.txt") from error
    versions = ", ".join(f"{name} {version}" for name, version in measured.versions.items())
    machine = report.machine_lines(versions, (before, os.getloadavg()[0]))
    if arguments.json:
        arguments.json.write_text(layout_tables.raw_json(measured, machine), encoding="utf-8")
    print(layout_tables.markdown(measured, machine, arguments.repeats))


def _scale(arguments: argparse.Namespace) -> None:
    before = os.getloadavg()[0]
    beside = {"place": ("openTSNE", "umap-learn")}
    packages = {name for row in arguments.rows for name in beside.get(row, ("distributed",))}
    try:
        versions = ", ".join(f"{name} {version(name)}" for name in ("faiss-cpu", *sorted(packages)))
    except PackageNotFoundError as error:
        raise SystemExit(f"{error.name} is not installed: pip install -r tests/bench/requirements.txt") from error
    size = Size(arguments.repeats, arguments.items, arguments.width)
    tables = [ROWS[name](size, _say) for name in arguments.rows]
    print("\n\n".join([report.machine_lines(versions, (before, os.getloadavg()[0])), *tables]))


def _visitors(arguments: argparse.Namespace) -> None:
    before = os.getloadavg()[0]
    counts = (arguments.visitors, arguments.items, arguments.layouts, arguments.layout_items)
    measured = asyncio.run(visitors_report(*counts, arguments.minutes, arguments.visits, arguments.limit, _say))
    versions = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "websockets"))
    machine = report.machine_lines(versions, (before, os.getloadavg()[0]))
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": machine} | asdict(measured), indent=1), encoding="utf-8")
    print(markdown(measured, machine))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
