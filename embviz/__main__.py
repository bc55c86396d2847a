"""``python -m embviz``."""

import os
import signal
import sys


def _leave(number: int, frame: object) -> None:
    """End at once: until a command does its work nothing has to be put in order."""
    os._exit(130)


def _raise_from_now_on() -> None:
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a job in the background ignores it
    signal.signal(signal.SIGINT, _leave)

from embviz.cli import main  # noqa: E402  # an interrupt while modules are imported would be a traceback of 50 lines

sys.exit(main(before_work=_raise_from_now_on))
