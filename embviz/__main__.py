"""The command ``embviz``, and ``python -m embviz``."""

import os
import signal
import sys


def run(name: str = "embviz") -> int:
    """Run the command that was typed and return its exit code; help texts call the program `name`."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # shells let jobs in the background ignore SIGINT
        signal.signal(signal.SIGINT, _leave)

    from embviz.cli import main  # late: an interrupt while modules are imported would be a traceback of 50 lines

    return main(name=name, before_work=_raise_from_now_on)


def _leave(number: int, frame: object) -> None:
    """End the process at once: before a command starts its work, there is nothing to clean up."""
    os._exit(130)


def _raise_from_now_on() -> None:
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    sys.exit(run("python -m embviz"))
