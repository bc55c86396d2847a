"""An append-only log of small events, one JSON object a line; complete events survive a kill or a full disk."""

import errno
import json
import logging
import os
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from embviz.errors import InputError
from embviz.logs import warn_once
from embviz.storage.files import opened_file

MOST_BYTES = 200_000_000
"""Most bytes of one journal, which is read as a whole."""

Event = Mapping[str, Any]

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Journal:
    """Events in the order in which they were added, by this process or by others.

    Attributes
    ----------
    path
        The file, made with the first event. If None, events are kept in this object only.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tags.jsonl"
    ...     Journal(path).append({"tag": 1}), Journal(path).append({"tag": 2})
    ...     Journal(path).events()
    ('', '')
    [{'tag': 1}, {'tag': 2}]
    """

    path: Path | None
    _unwritten: list[Event] = field(default_factory=list, init=False)
    _read: tuple[tuple[int, int], list[Event]] = field(default=((-1, -1), []), init=False)

    def append(self, event: Event) -> str:
        """Add an event to the file, or to this object if `path` is None.

        Events that this object could not write before are written with it, in the order in which they were added.

        Returns
        -------
        str
            Empty if this succeeded. If the file cannot be written, the reason; what is not in the file is kept in this
            object, and written with the next event.

        Raises
        ------
        InputError
            If the file would have more than `MOST_BYTES` bytes; the event is not kept.
        """
        waiting, reason = [*self._unwritten, event], ""
        if self.path is None:
            self._unwritten = waiting
            return reason
        # The line end in front ends the line of a process that was killed within it.
        lines = [f"\n{json.dumps(each)}\n".encode("utf-8", "surrogatepass") for each in waiting]
        ends, written = list(accumulate(map(len, lines))), 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                if os.fstat(descriptor).st_size + ends[-1] > MOST_BYTES:
                    raise InputError(f"{self.path} has {MOST_BYTES:,} bytes, and can hold no more; remove it")
                written = os.write(descriptor, b"".join(lines))  # one write: lines of two processes do not mix
                if written < ends[-1]:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            reason = error.strerror or str(error)
        self._unwritten = waiting[bisect_right(ends, written + 1) :]  # an event is whole without its line end, too
        return reason

    def events(self) -> list[Event]:
        """All events; lines that are not complete events are skipped, and a warning is logged once."""
        return [*self._written(), *self._unwritten]

    def _written(self) -> list[Event]:
        if self.path is None:
            return []
        try:
            with opened_file(self.path) as file:
                status = os.fstat(file.fileno())
                state = (status.st_size, status.st_mtime_ns)
                if state != self._read[0]:
                    self._read = (state, self._parsed(file.read(MOST_BYTES)))
        except FileNotFoundError:
            return []
        except OSError as error:
            warn_once(logger, f"{self.path} cannot be read: {error.strerror or error}")
            return []
        return self._read[1]

    def _parsed(self, content: bytes) -> list[Event]:
        found: list[Event] = []
        for line in content.split(b"\n"):
            if not line.strip():
                continue
            try:
                event = json.loads(line)
            except (ValueError, RecursionError):
                event = None
            if isinstance(event, dict):
                found.append(event)
            else:
                warn_once(logger, f"a line of {self.path} is not a complete event, and is skipped")
        return found
