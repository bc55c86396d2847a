"""Stolen time: how much of the processors' time the host of a virtual machine keeps for others."""

from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")


@dataclass(frozen=True, slots=True)
class Ticks:
    """Processor time of the whole machine since its start, in clock ticks: used, and wanted but stolen by the host."""

    ran: int
    stolen: int


def ticks(stat: Path = STAT) -> Ticks:
    """Ticks of this machine until now, from Linux; zeros on other systems."""
    if not stat.exists():
        return Ticks(0, 0)
    user, nice, system, _idle, _iowait, irq, softirq, stolen = map(int, stat.read_text().split()[1:9])
    return Ticks(user + nice + system + irq + softirq, stolen)


def stolen_share(before: Ticks, after: Ticks) -> float:
    """Share of the wanted processor time between two moments that the host kept, 0..1; NaN if unknown.

    >>> stolen_share(Ticks(100, 0), Ticks(130, 10))
    0.25
    """
    ran, stolen = after.ran - before.ran, after.stolen - before.stolen
    return stolen / (ran + stolen) if ran + stolen else float("nan")
