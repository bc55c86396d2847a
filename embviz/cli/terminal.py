"""What the command line writes: progress and errors on stderr, one answer on stdout."""

import io
import os
import sys
from typing import TextIO

from embviz.errors import ExportError

_CLEAR_LINE = "\r\033[K"


class TerminalProgress:
    """Progress on stderr: one line that is written over on a terminal, one line per stage elsewhere."""

    def __init__(self) -> None:
        self._shown = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say how far `stage` is."""
        live = sys.stderr.isatty()
        text = f"{stage}: {done:,} of {total:,}" if total and live else stage
        if text == self._shown:
            return
        self._shown = text
        _tell(f"{_CLEAR_LINE}{text}" if live else f"{text}\n")
        if live and done == total:
            _tell("\n")


def say(line: str) -> None:
    """Write one line on stderr, whatever breaks the text has."""
    _clear_progress()
    _tell(f"{' '.join(line.split())}\n")


def print_answer(text: str) -> None:
    """Print the answer, also to a terminal that lacks its letters and a reader that has gone.

    Raises
    ------
    ExportError
        If it cannot be written: the disk is full, say.
    """
    _clear_progress()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, flush=True)
    except BrokenPipeError:  # `| head` has read enough
        _silence(sys.stdout)
    except OSError as error:
        _silence(sys.stdout)
        raise ExportError(
            f"cannot write the answer to stdout: {error.strerror or error}; send it somewhere else"
        ) from error


def open_closed_streams() -> None:
    """Where stdin, stdout or stderr was closed, as by `2>&-`, open one that leads nowhere.

    Else Python has None there, and the next file that is opened gets the number of the stream, so that whatever a
    library writes to it ends up in the file.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # the lowest free number, and so the one that was closed
            os.set_inheritable(descriptor, True)
            setattr(sys, name, os.fdopen(descriptor, mode))


def _tell(text: str) -> None:
    """Write on stderr; where that fails nobody reads it, and what is being done goes on without a word."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Let a stream lead nowhere from now on, or the interpreter would fail to write what is left when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _clear_progress() -> None:
    """Begin a line of its own where progress stopped halfway."""
    if sys.stderr.isatty():
        _tell(_CLEAR_LINE)
