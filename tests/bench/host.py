"""How much of the processors' time the host of a virtual machine keeps for others."""

from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")


@dataclass(frozen=True, slots=True)
class Ticks:
    """Processor time of the whole machine since it started, in clock ticks: what ran, and what could have run."""

    ran: int
    stolen: int


def ticks(stat: Path = STAT) -> Ticks:
    """Until now; nothing where Linux does not tell."""
    if not stat.exists():
        return Ticks(0, 0)
    user, nice, system, _idle, _iowait, irq, softirq, stolen = map(int, stat.read_text().split()[1:9])
    return Ticks(user + nice + system + irq + softirq, stolen)


def stolen_share(before: Ticks, after: Ticks) -> float:
    """Of the time in which something wanted to run, the share in which the host did not let it; NaN if unknown.

    >>> stolen_share(Ticks(100, 0), Ticks(130, 10))
    0.25
    """
    ran, stolen = after.ran - before.ran, after.stolen - before.stolen
    return stolen / (ran + stolen) if ran + stolen else float("nan")
