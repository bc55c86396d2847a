"""Memory and open files of the server's process, at one moment and at most."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Level:
    """Memory of a process at one moment, in megabytes, and its open descriptors: files and connections."""

    megabytes: float
    descriptors: int


@asynccontextmanager
async def highest_levels(pid: int) -> AsyncIterator[list[Level]]:
    """List to which the level of a process is added every half second until the end of the block."""
    levels = [level(pid)]

    async def look() -> None:
        while True:
            levels.append(level(pid))
            await asyncio.sleep(0.5)

    looking = asyncio.create_task(look())
    try:
        yield levels
    finally:
        looking.cancel()


def most(levels: list[Level]) -> Level:
    return Level(max(each.megabytes for each in levels), max(each.descriptors for each in levels))


def level(pid: int) -> Level:
    """Level of a process now, from Linux.

    >>> import os
    >>> level(os.getpid()).descriptors > 2
    True
    """
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    kilobytes = int(status["VmRSS"].split()[0])
    return Level(kilobytes / 1024, len(list(Path(f"/proc/{pid}/fd").iterdir())))


def level_rows(levels: dict[str, Level], most_megabytes: float | None = None) -> list[tuple[str, str, str]]:
    first, *_, last = levels.values()
    rows = []
    for when, held in levels.items():
        must = f"< {most_megabytes:,.0f} MB" if when == "at most" and most_megabytes else ""
        rows.append((f"memory and descriptors {when}", f"{held.megabytes:,.0f} MB, {held.descriptors}", must))
    back = last.megabytes / first.megabytes - 1
    return [*rows, ("… compared with after the first", f"{back:+.0%}", "within 10 %")]
