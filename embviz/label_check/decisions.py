"""Decisions of visitors about labels, in an append-only log to which several visitors may write at once."""

import json
import logging
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from embviz.arrays import Int64Array, fingerprint
from embviz.checks.arguments import check_fields
from embviz.dataset import Dataset
from embviz.errors import ExportError, InputError
from embviz.overlap import class_codes
from embviz.storage.csv_text import csv_line
from embviz.storage.files import opened_file
from embviz.storage.locks import held
from embviz.storage.store import Store

VERDICTS = ("keep", "relabel", "unsure")
WITHDRAWN = "withdrawn"
"""Verdict of a line that withdraws an earlier one."""
FOLDER, SUFFIX = "decisions", ".jsonl"
PATIENCE = 5.0
"""Seconds to wait for another process that writes into the same log."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log: a decision about a label, or the withdrawal of one.

    Attributes
    ----------
    key
        Unique key of the line.
    id
        Id of the item.
    label
        The item's class in the dataset.
    verdict
        ``keep``, ``relabel``, ``unsure``, or ``withdrawn``.
    new
        For ``relabel`` the new class, for ``withdrawn`` the key of the line that no longer counts; else empty.
    by
        Who decided: a random text for each session of the page.
    at
        Time of the decision, in ISO format, UTC.
    """

    key: str
    id: int
    label: str
    verdict: str
    new: str
    by: str
    at: str

    def __post_init__(self) -> None:
        check_fields(self)
        if self.verdict not in (*VERDICTS, WITHDRAWN):
            raise InputError(f"verdict must be one of {', '.join(VERDICTS)}, got {self.verdict!r:.80}")


def decision(item: int, label: str, verdict: str, new: str = "", by: str = "") -> Decision:
    """A new decision about an item, with the current time and a new key."""
    return Decision(secrets.token_hex(8), item, label, verdict, new, by, datetime.now(UTC).isoformat("T", "seconds"))


def withdrawal(of: Decision, by: str = "") -> Decision:
    """A new line that withdraws a decision."""
    return decision(of.id, of.label, WITHDRAWN, of.key, by)


def valid_decisions(lines: Iterable[Decision]) -> list[Decision]:
    """The decisions that were not withdrawn, in the order in which they were made.

    Examples
    --------
    >>> first, second = decision(3, "7", "keep"), decision(3, "7", "relabel", "1")
    >>> [each.verdict for each in valid_decisions([first, second, withdrawal(second)])]
    ['keep']
    """
    lines = list(lines)
    gone = {line.new for line in lines if line.verdict == WITHDRAWN}
    return [line for line in lines if line.verdict != WITHDRAWN and line.key not in gone]


def last_decisions(lines: Iterable[Decision]) -> dict[int, Decision]:
    """The last valid decision about each item, by its id."""
    return {each.id: each for each in valid_decisions(lines)}


def decisions_path(dataset: Dataset, store: Store) -> Path | None:
    """Path of the log of decisions about a dataset's items: one log for all splits and samples of its source.

    The path is None if the store keeps nothing on disk. If the data change, the log is another one, because the source
    has another stamp.
    """
    if store.root is None:
        return None
    known = dataset.fingerprint if dataset.source is None else dataset.source.key
    return store.root / FOLDER / f"{fingerprint(known)}{SUFFIX}"


def decisions_in(path: Path) -> list[Decision]:
    """All lines of a log, in order; an empty list if the file does not exist.

    A line that cannot be read, such as one that a killed process left half-written, is skipped.

    Raises
    ------
    ExportError
        If the file exists and cannot be read.
    """
    try:
        with opened_file(path) as file:
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ExportError(f"the decisions in {path} cannot be read: {error.strerror or error}") from error
    found = [_decision_in(line) for line in lines if line.strip()]
    if broken := found.count(None):
        logger.warning("%d lines of %s are not decisions and are skipped", broken, path)
    return [line for line in found if line is not None]


def add_decisions(path: Path, lines: list[Decision]) -> None:
    """Add lines to the end of a log, all or none, and wait until they are on disk.

    Raises
    ------
    ExportError
        If the lines cannot be written, for example because the disk is full. The log is unchanged in this case.
    """
    content = b"".join(json.dumps(asdict(line), ensure_ascii=True).encode() + b"\n" for line in lines)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+", buffering=0) as file:
            _wait_for_lock_and_write(path, file.fileno(), content)
    except OSError as error:
        raise ExportError(f"the decision cannot be kept in {path}: {error.strerror or error}") from error


def _wait_for_lock_and_write(path: Path, descriptor: int, content: bytes) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with held(path) as is_ours:
            if is_ours is not False:  # None where the system has no locks: one write at the end has to do
                _write_whole(descriptor, content)
                return
        if time.monotonic() > until:
            raise OSError("another process is writing there")
        time.sleep(0.01)


def _write_whole(descriptor: int, content: bytes) -> None:
    size = os.fstat(descriptor).st_size
    if size:
        os.lseek(descriptor, size - 1, os.SEEK_SET)
        if os.read(descriptor, 1) != b"\n":  # a killed process left half a line, which ends here
            content = b"\n" + content
    try:
        if os.write(descriptor, content) < len(content):
            raise OSError("the disk is full")
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _decision_in(line: bytes) -> Decision | None:
    try:
        parts = json.loads(line)
        return Decision(**parts)
    except (ValueError, TypeError, InputError, RecursionError):
        return None


def corrected_labels(dataset: Dataset, last: Mapping[int, Decision]) -> Int64Array:
    """The labels, with those of relabeled items replaced; int64 codes, shape (n,). The dataset is not changed.

    Decisions about items that are not in the dataset, or for a class that it does not have, change nothing.
    """
    labels = class_codes(dataset).copy()
    code_of = {name: code for code, name in enumerate(dataset.class_names)}
    rows = {int(item): row for row, item in enumerate(dataset.ids)}
    for item, made in last.items():
        if made.verdict == "relabel" and item in rows and made.new in code_of:
            labels[rows[item]] = code_of[made.new]
    labels.flags.writeable = False
    return np.asarray(labels)


def decisions_csv(last: Mapping[int, Decision]) -> bytes:
    """The last decision about each item as CSV in UTF-8."""
    columns = ("id", "label", "verdict", "new", "at")
    lines = [csv_line(columns)]
    lines += [csv_line([getattr(made, column) for column in columns]) for _, made in sorted(last.items())]
    return "".join(lines).encode()


def decisions_text(lines: Iterable[Decision]) -> bytes:
    """The whole log as text, one JSON object per line."""
    return b"".join(json.dumps(asdict(line)).encode() + b"\n" for line in lines)
