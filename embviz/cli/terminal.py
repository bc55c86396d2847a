"""Output of the command line: progress and errors on stderr, one answer on stdout."""

import io
import os
import sys
from typing import TextIO

from embviz.errors import ExportError

_CLEAR_LINE = "\r\033[K"


class TerminalProgress:
    """Progress callback that writes to stderr: one changing line on a terminal, one line per stage elsewhere."""

    def __init__(self) -> None:
        self._shown = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Write how far `stage` is, unless the same text was written last."""
        live = sys.stderr.isatty()
        text = f"{stage}: {done:,} of {total:,}" if total and live else stage
        if text == self._shown:
            return
        self._shown = text
        _tell(f"{_CLEAR_LINE}{text}" if live else f"{text}\n")
        if live and done == total:
            _tell("\n")


def say(line: str) -> None:
    """Write a text on stderr as one line, with spaces for its line breaks."""
    _clear_progress()
    _tell(f"{' '.join(line.split())}\n")


def print_answer(text: str) -> None:
    """Print the answer on stdout.

    Characters that the encoding of stdout lacks are written as escapes. It is no error if the reader closes the pipe.

    Raises
    ------
    ExportError
        If the answer cannot be written, for example because the disk is full.
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
    """Open the null device in place of stdin, stdout or stderr where the shell closed it, as `2>&-` does.

    Otherwise Python has None there, and the next file opened gets the stream's descriptor number, so that whatever a
    library writes to the stream ends up in that file.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # the lowest free number, and so the one that was closed
            os.set_inheritable(descriptor, True)
            setattr(sys, name, os.fdopen(descriptor, mode))


def _tell(text: str) -> None:
    """Write on stderr; if that fails, nobody reads it, and the command goes on silently."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Connect a stream to the null device; otherwise the interpreter would fail to flush the stream at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _clear_progress() -> None:
    """Clear the line of progress on a terminal, so that the next text begins at its start."""
    if sys.stderr.isatty():
        _tell(_CLEAR_LINE)
