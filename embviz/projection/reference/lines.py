"""A text file that hands every line to a function: how the progress that libraries print is read."""

import io
from collections.abc import Callable


class Lines(io.TextIOBase):
    r"""Calls a function with every complete line written to it; a carriage return ends a line too.

    Examples
    --------
    >>> file = Lines(print)
    >>> _ = file.write("1/3\r2/")
    1/3
    >>> _ = file.write("3\n")
    2/3
    """

    def __init__(self, receive: Callable[[str], None]) -> None:
        self._receive = receive
        self._unfinished = ""

    def write(self, text: str) -> int:
        """Take some text; the number of characters taken."""
        *lines, self._unfinished = (self._unfinished + text.replace("\r", "\n")).split("\n")
        for line in lines:
            self._receive(line)
        return len(text)
