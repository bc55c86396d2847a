"""Decisions about labels on the page: read from the log that all visitors share, added to it, and taken back."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from embviz.dataset import Dataset
from embviz.datasets import Uploaded
from embviz.errors import ExportError
from embviz.label_check.decisions import (
    Decision,
    add_decisions,
    decision,
    decisions_in,
    decisions_path,
    last_decisions,
    valid_decisions,
    withdrawal,
)
from embviz.storage.store import default_store
from embviz.ui.session import session


@dataclass(frozen=True, slots=True)
class Visitor:
    """Random name of the visitor, one for each session, so that Undo takes back the visitor's own decisions first."""

    name: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Decisions about the items of one source that are not on disk.

    Attributes
    ----------
    lines
        The decisions, in order.
    reason
        Why they could not be saved; empty for data whose decisions are kept in the session only.
    """

    lines: tuple[Decision, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AllUnsaved:
    """Decisions of a visitor that are not on disk, by the key of the source whose items they are about."""

    by_source: Mapping[str, Unsaved] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastRead:
    """The log of label decisions as it was read last; it is read again only after it has changed."""

    state: tuple[Path, int, int] | None = None
    lines: tuple[Decision, ...] = ()


def lines_of(dataset: Dataset) -> list[Decision]:
    """All visitors' decisions about the items of a source; at the end this visitor's that could not be saved.

    Raises
    ------
    ExportError
        If the log cannot be read.
    """
    path = _path_of(dataset)
    return [*(() if path is None else _lines_in(path)), *_unsaved(dataset).lines]


def unsaved_reason(dataset: Dataset) -> str:
    """Why the last decisions are not on disk; empty if they are."""
    return _unsaved(dataset).reason


def last_of(dataset: Dataset) -> dict[int, Decision]:
    """The last decision about each item, by the item's id.

    Raises
    ------
    ExportError
        If the log cannot be read.
    """
    return last_decisions(lines_of(dataset))


def decide(dataset: Dataset, item: int, label: str, verdict: str, new: str = "") -> None:
    """Keep what the visitor decided about the label of an item."""
    _add(dataset, decision(item, label, verdict, new, session().kept(Visitor).name))


def to_undo(dataset: Dataset) -> Decision | None:
    """The decision that `undo` would take back: the visitor's last one, else that of all; None if there is none.

    Raises
    ------
    ExportError
        If the log cannot be read.
    """
    valid = valid_decisions(lines_of(dataset))
    own = [each for each in valid if each.by == session().kept(Visitor).name]
    found = own or valid
    return found[-1] if found else None


def undo(dataset: Dataset, of: Decision) -> None:
    """Take a decision back; the item comes back into the queue, unless it was decided before that, too."""
    _add(dataset, withdrawal(of, session().kept(Visitor).name))


def _add(dataset: Dataset, line: Decision) -> None:
    """Add a decision to the log, and earlier ones that could not be saved; keeps them in the session if that fails."""
    lines, path, reason = (*_unsaved(dataset).lines, line), _path_of(dataset), ""
    if path is not None:
        try:
            add_decisions(path, list(lines))
            lines = ()
        except ExportError as error:
            reason = str(error)
    unsaved = session().kept(AllUnsaved).by_source
    session().keep(AllUnsaved({**unsaved, _key_of(dataset): Unsaved(lines, reason)}))


def _lines_in(path: Path) -> tuple[Decision, ...]:
    try:
        status = path.stat()
    except OSError:
        return tuple(decisions_in(path))
    state, last = (path, status.st_size, status.st_mtime_ns), session().kept(LastRead)
    if last.state != state:
        last = LastRead(state, tuple(decisions_in(path)))
        session().keep(last)
    return last.lines


def _unsaved(dataset: Dataset) -> Unsaved:
    return session().kept(AllUnsaved).by_source.get(_key_of(dataset), Unsaved())


def _key_of(dataset: Dataset) -> str:
    return dataset.fingerprint if dataset.source is None else dataset.source.key


def _path_of(dataset: Dataset) -> Path | None:
    """The log; None for what a visitor uploaded, so that nothing of it is left behind."""
    return None if isinstance(dataset.source, Uploaded) else decisions_path(dataset, default_store())
