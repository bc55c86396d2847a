"""How a long stage says how far it is, and how it is told to stop."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""``progress(stage, done, total)``; ``total`` 0 means unknown. Raise `Cancelled` in it to stop the stage."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Ignore progress: the default where nobody watches."""
