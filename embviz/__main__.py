"""The command ``embviz``, and ``python -m embviz``."""

import os
import signal
import sys


def run(name: str = "embviz") -> int:
    """Do what was typed, with `name` for the command in its help; its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a job in the background ignores it
        signal.signal(signal.SIGINT, _leave)

    from embviz.cli import main  # late: an interrupt while modules are imported would be a traceback of 50 lines

    return main(name=name, before_work=_raise_from_now_on)


def _leave(number: int, frame: object) -> None:
    """End at once: until a command does its work nothing has to be put in order."""
    os._exit(130)


def _raise_from_now_on() -> None:
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    sys.exit(run("python -m embviz"))
