"""A text file that calls a function with every line written to it, to read the progress that libraries print."""

import io
from collections.abc import Callable


class Lines(io.TextIOBase):
    r"""A text file that calls a function with every complete line; a carriage return ends a line too.

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
        """Write `text`, call the file's function with each line that is complete now, and return the text's length."""
        *lines, self._unfinished = (self._unfinished + text.replace("\r", "\n")).split("\n")
        for line in lines:
            self._receive(line)
        return len(text)
