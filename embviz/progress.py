"""How a long stage says how far it is, and how it is told to stop."""

from collections.abc import Callable, Iterator

Progress = Callable[[str, int, int], None]
"""``progress(stage, done, total)``; ``total`` 0 means unknown. Raise `Cancelled` in it to stop the stage."""

ROWS = 8192
"""Between two calls, where a row takes a few microseconds."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress: the default where nobody watches."""


def blocks_of(stage: str, total: int, size: int, progress: Progress) -> Iterator[slice]:
    """The blocks of `size` that `total` rows consist of, with a call of `progress` before each and after the last.

    Examples
    --------
    >>> [(block.start, block.stop) for block in blocks_of("rows", 5, 2, no_progress)]
    [(0, 2), (2, 4), (4, 5)]
    """
    for start in range(0, total, size):
        progress(stage, start, total)
        yield slice(start, min(start + size, total))
    progress(stage, total, total)
