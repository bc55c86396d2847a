"""Many visitors at once: how long their clicks and layouts take, and how much memory is left in use after them."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.bench.inputs import bench_items, idx_folder, mnist_here
from tests.bench.levels import Level, highest_levels, level, level_rows, most
from tests.bench.servers import Server, embviz_server
from tests.bench.visitor import Visitor, visitor

Say = Callable[[str], None]

CLICKING_SECONDS = 30.0
"""Seconds for which all visitors click."""
THINKING_SECONDS = (1.0, 3.0)
"""Fewest and most seconds between an answer and the next click."""
OPENING_SECONDS = 0.2
"""Seconds between two visitors who open the page."""
OTHERS = 2
"""Number of visitors who click while others run layouts."""
VISITS_PER_MINUTE = 4.5
"""Visitors per minute who come one after another, when visits are measured."""
SILENT_SHARE = 0.2
"""Share of these visitors who leave without closing the connection."""


@dataclass(slots=True)
class VisitorsReport:
    """Everything measured.

    Attributes
    ----------
    n_visitors, n_items
        Number of visitors at once, and of items that they looked at.
    n_layouts, n_layout_items
        Number of layouts that were started at once, and of items in each.
    one, clicks
        Seconds of each click, of one visitor who is alone, and of all visitors at once.
    first_frames
        Seconds from pressing Run to the first frame, for each of the layouts started at once.
    others_clicks
        Seconds of each click of other visitors during these layouts.
    levels
        Memory and descriptors of the server by moment; "at most" is the highest while all visitors were there.
    visits
        Number of visitors who came one after another, about half of whom ran a layout.
    visits_levels
        Memory and descriptors of the server by moment, for these visits.
    """

    n_visitors: int
    n_items: int
    n_layouts: int
    n_layout_items: int
    one: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    first_frames: list[float] = field(default_factory=list)
    others_clicks: list[float] = field(default_factory=list)
    levels: dict[str, Level] = field(default_factory=dict)
    visits: int = 0
    visits_levels: dict[str, Level] = field(default_factory=dict)


async def visitors_report(
    n_visitors: int,
    n_items: int,
    n_layouts: int,
    n_layout_items: int,
    minutes: float,
    visits_minutes: float,
    limit: float,
    say: Say,
) -> VisitorsReport:
    """Measure everything; nothing may take longer than `limit` seconds.

    Memory is measured `minutes` after the last visitor has left, when the server may have freed it.
    """
    report = VisitorsReport(n_visitors, n_items, n_layouts, n_layout_items)
    with _server(n_layout_items) as server:
        await _layouts_at_once(server, report, limit, say)
    with _server(n_items) as server:
        await _coming_and_going(server, report, minutes, limit, say)
    if visits_minutes:
        with _server(n_items) as server:
            await _visits(server, report, visits_minutes, minutes, limit, say)
    return report


@contextmanager
def _server(n: int) -> Iterator[Server]:
    """Server of a page with so many items, and with an empty store."""
    with tempfile.TemporaryDirectory() as parent:
        home = Path(parent)
        data_dir = idx_folder(home / "items", bench_items(n).dataset) if mnist_here() else None
        with embviz_server(home, data_dir) as server:
            yield server


async def _layouts_at_once(server: Server, report: VisitorsReport, limit: float, say: Say) -> None:
    async with AsyncExitStack() as stack:
        say(f"one t-SNE of {report.n_layout_items:,} items, so that neighbors are known and kernels are compiled")
        await stack.enter_async_context(visitor(server.url, limit))
        people = [await stack.enter_async_context(visitor(server.url, limit)) for _ in range(report.n_layouts)]
        others = [await stack.enter_async_context(visitor(server.url, limit)) for _ in range(OTHERS)]
        await asyncio.gather(*(_wanted(each, 2 + at) for at, each in enumerate(people)))
        await asyncio.gather(*(each.enter("tab", "Inspect") for each in others))
        say(f"{report.n_layouts} t-SNE at once")
        clicking = [asyncio.create_task(_clicking(other, report.others_clicks, limit)) for other in others]
        await asyncio.gather(*(_timed_layout(each, report) for each in people))
        for each in clicking:
            each.cancel()


async def _timed_layout(person: Visitor, report: VisitorsReport) -> None:
    began, frames = time.perf_counter(), list[float]()
    await person.press("Run")
    await person.follow(frames.append)
    report.first_frames.append(frames[0] - began)


async def _wanted(person: Visitor, seed: int) -> None:
    """Choose t-SNE with this seed, so that only Run has to be pressed."""
    await person.choose("method", "t-SNE")
    await person.enter("seed", str(seed))


async def _layout(person: Visitor, seed: int) -> None:
    """Lay out by t-SNE, and watch it to its end."""
    await _wanted(person, seed)
    await person.press("Run")
    await person.follow(lambda when: None)


async def _clicking(
    person: Visitor, seconds: list[float], duration: float, chance: random.Random | None = None
) -> None:
    """Pin one item after another for `duration` seconds, with time to think between; adds the seconds of each."""
    chance = chance or random.Random(0)
    end = time.perf_counter() + duration
    while time.perf_counter() < end:
        await asyncio.sleep(chance.uniform(*THINKING_SECONDS))
        seconds.append(await person.pin(chance.randrange(10**6)))


async def _looks_at_all(person: Visitor, n_items: int) -> None:
    """Choose PCA of all items, and the tab that shows the pinned item."""
    await person.choose("method", "PCA")
    await person.enter("limit-mnist-test", f"All {n_items:,}")
    await person.until(lambda: person.shows(n_items))
    await person.enter("tab", "Inspect")


async def _coming_and_going(server: Server, report: VisitorsReport, minutes: float, limit: float, say: Say) -> None:
    say(f"one visitor, {report.n_items:,} items")
    async with visitor(server.url, limit) as first:
        await _looks_at_all(first, report.n_items)
        await _clicking(first, report.one, CLICKING_SECONDS / 2)
        await _layout(first, 1)
    await _quiet(minutes, say)
    report.levels["after the first visitor"] = level(server.pid)
    async with highest_levels(server.pid) as highest, AsyncExitStack() as stack:
        people = []
        for _ in range(report.n_visitors):
            people.append(await stack.enter_async_context(visitor(server.url, limit)))
            await asyncio.sleep(OPENING_SECONDS)
        await asyncio.gather(*(_looks_at_all(each, report.n_items) for each in people))
        say(f"{report.n_visitors} visitors click")
        await asyncio.gather(*(_clicking(each, report.clicks, CLICKING_SECONDS) for each in people))
        say("two of them run a layout, and half of all leave without a word")
        await asyncio.gather(*(_layout(each, 2 + at) for at, each in enumerate(people[:2])))
        for each in people[::2]:
            await each.leave(silently=True)
        for each in people[1::2]:
            await each.leave()
        left = stack.pop_all()  # closed below: silent visitors keep their connections until then
    report.levels["at most"] = most(highest)
    await _quiet(minutes, say)
    report.levels[f"{minutes:g} min after all have left"] = level(server.pid)
    await left.aclose()


async def _visits(
    server: Server, report: VisitorsReport, visits_minutes: float, minutes: float, limit: float, say: Say
) -> None:
    say("the first of many visits")
    async with visitor(server.url, limit) as first:
        await _looks_at_all(first, report.n_items)
        await _clicking(first, [], CLICKING_SECONDS / 2)
        await _layout(first, 1)
    await _quiet(minutes, say)
    report.visits_levels["after the first visit"] = level(server.pid)
    chance = random.Random(1)
    silent: list[Visitor] = []
    end = time.perf_counter() + 60 * visits_minutes
    async with highest_levels(server.pid) as highest, asyncio.TaskGroup() as visits:
        while time.perf_counter() < end:
            report.visits += 1
            visits.create_task(_visit(server, random.Random(report.visits), report, limit, silent))
            if report.visits % 10 == 0:
                say(f"{report.visits} have come, {level(server.pid).megabytes:,.0f} MB")
            await asyncio.sleep(chance.uniform(0, 120 / VISITS_PER_MINUTE))
    report.visits_levels["at most"] = most(highest)
    await _quiet(minutes, say)
    report.visits_levels[f"{minutes:g} min after all have left"] = level(server.pid)
    for each in silent:
        await each.leave()


async def _visit(
    server: Server, chance: random.Random, report: VisitorsReport, limit: float, silent: list[Visitor]
) -> None:
    """Look at some or all items, click, perhaps run a layout and perhaps watch it to its end, and leave."""
    async with AsyncExitStack() as stack:
        person = await stack.enter_async_context(visitor(server.url, limit))
        await person.choose("method", "PCA")
        n_items = chance.choice([500, 2000, 5000, 10_000, report.n_items, report.n_items])
        text = f"All {n_items:,}" if n_items >= report.n_items else f"{n_items:,}"
        await person.enter("limit-mnist-test", text)
        await person.until(lambda: person.shows(n_items))
        await person.enter("tab", "Inspect")
        await _clicking(person, [], CLICKING_SECONDS / 3, chance)
        if chance.random() < 0.5:
            await person.choose("method", chance.choice(["t-SNE", "UMAP"]))
            await person.enter("seed", str(chance.randrange(10**6)))
            await person.press("Run")
            if chance.random() < 0.5:
                await person.follow(lambda when: None)
        if chance.random() < SILENT_SHARE:
            await person.leave(silently=True)
            silent.append(person)
            stack.pop_all()  # the connection stays open, and nothing is read from it


async def _quiet(minutes: float, say: Say) -> None:
    say(f"nobody is there for {minutes:g} minutes")
    await asyncio.sleep(60 * minutes)


def markdown(report: VisitorsReport, machine: str) -> str:
    """The report as Markdown: each measured value beside its target."""
    rows = [
        (f"one visitor clicks, {report.n_items:,} items, s", _spread(report.one), ""),
        (f"{report.n_visitors} visitors click, s", _spread(report.clicks), "median < 0.6"),
        (
            f"{report.n_layouts} t-SNE of {report.n_layout_items:,} items at once, first frame of the first, s",
            f"{min(report.first_frames):.1f}",
            "< 3",
        ),
        ("… of the last, s", f"{max(report.first_frames):.1f}", ""),
        ("… clicks of others meanwhile, s", _spread(report.others_clicks), "all < 1"),
        *level_rows(report.levels),
    ]
    if report.visits:
        rows.append((f"{report.visits} visits, half of them with a layout of up to {report.n_items:,} items", "", ""))
        rows.extend(level_rows(report.visits_levels, most_megabytes=1500))
    table = "\n".join(f"| {' | '.join(row)} |" for row in [("", "measured", "must be"), ("---", "--:", "---"), *rows])
    return "\n\n".join(["# Visitors benchmark", machine, table, "## How it was measured", _METHOD])


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    median, high = np.percentile(seconds, (50, 95))
    return f"{median:.2f} / {high:.2f} / {max(seconds):.2f} (n = {len(seconds)})"


_METHOD = f"""- visitors are websockets that speak Streamlit's protocol and fetch what our component fetches; no browser
- clicks: median / 95th percentile / longest, from sending the change to the end of the script; each pins another item,
  {THINKING_SECONDS[0]:g} to {THINKING_SECONDS[1]:g} s after the last answer, for {CLICKING_SECONDS:g} s
- first frame: from pressing Run; neighbors are in the store and kernels compiled, by one layout before
- the first visitor clicks, lays out by t-SNE and leaves; of the others two lay out, and half leave without a word, as a
  laptop does that is closed: their connections stay, and answer nothing
- visits: {VISITS_PER_MINUTE:g} come a minute, look at 500 to all items, click, run a layout half of the time (and leave
  in the middle of it half of that time); {SILENT_SHARE:.0%} leave without a word"""
