"""What the command line writes: progress and errors on stderr, one answer on stdout."""

import io
import os
import sys

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
        sys.stderr.write(f"{_CLEAR_LINE}{text}" if live else f"{text}\n")
        if live and done == total:
            sys.stderr.write("\n")
        sys.stderr.flush()


def say(line: str) -> None:
    """Write one line on stderr, whatever breaks the text has."""
    _clear_progress()
    print(" ".join(line.split()), file=sys.stderr)


def print_answer(text: str) -> None:
    """Print the answer, also to a terminal that lacks its letters and a reader that has gone."""
    _clear_progress()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, flush=True)
    except BrokenPipeError:  # `| head` has read enough; the interpreter must not try again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _clear_progress() -> None:
    """Begin a line of its own where progress stopped halfway."""
    if sys.stderr.isatty():
        sys.stderr.write(_CLEAR_LINE)
        sys.stderr.flush()
