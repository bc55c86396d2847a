"""The callback by which a long computation reports its progress and can be stopped."""

from collections.abc import Callable, Iterator

Progress = Callable[[str, int, int], None]
"""Callback ``progress(stage, done, total)``; ``total`` 0 means unknown. It may raise `Cancelled` to stop the stage."""

ROWS = 8192
"""Rows between two progress calls, in loops that take a few microseconds per row."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress: the default where nobody watches."""


def blocks_of(stage: str, total: int, size: int, progress: Progress) -> Iterator[slice]:
    """Slices of at most `size` rows that cover `total` rows; calls `progress` before each slice and after the last.

    Examples
    --------
    >>> [(block.start, block.stop) for block in blocks_of("rows", 5, 2, no_progress)]
    [(0, 2), (2, 4), (4, 5)]
    """
    for start in range(0, total, size):
        progress(stage, start, total)
        yield slice(start, min(start + size, total))
    progress(stage, total, total)
