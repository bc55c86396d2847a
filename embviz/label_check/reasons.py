"""The table of likely wrong labels, with the reason for each doubt in one sentence."""

from dataclasses import dataclass
from pathlib import Path

from embviz.checks.arguments import path_of
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.export.folder import real_path, replaced_file
from embviz.label_check.kinds import KINDS
from embviz.label_check.label_check import LabelCheck
from embviz.label_check.together import NOBODY
from embviz.overlap import class_codes
from embviz.storage.csv_text import csv_line

COLUMNS = ("id", "label", "suggested", "score", "kind", "reason")
"""Columns of the table, on the command line and on the page."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row of the table of likely wrong labels: one item, and the evidence against its label.

    Attributes
    ----------
    id
        Id of the item.
    label, suggested
        Names of the given class and of the suggested one.
    score
        As in `LabelCheck`.
    kind
        One of `KINDS`.
    reason
        The evidence, in one sentence.
    """

    id: int
    label: str
    suggested: str
    score: float
    kind: str
    reason: str


def doubts_of(check: LabelCheck, dataset: Dataset, rows: list[int]) -> list[Doubt]:
    """The rows of the table for the items at `rows`.

    Raises
    ------
    InputError
        If the label check belongs to other items than the dataset's.
    """
    check_same_items("label check", check.items, dataset)
    labels = class_codes(dataset)
    return [
        Doubt(
            id=int(dataset.ids[row]),
            label=dataset.class_names[labels[row]],
            suggested=dataset.class_names[check.suggested[row]],
            score=round(float(check.score[row]), 4),
            kind=KINDS[check.kind[row]],
            reason=_reason(check, dataset, row),
        )
        for row in rows
    ]


def _reason(check: LabelCheck, dataset: Dataset, row: int) -> str:
    given, other = (dataset.class_names[codes[row]] for codes in (class_codes(dataset), check.suggested))
    n = int((check.neighbors[row] != NOBODY).sum())
    elsewhere = f" from other {check.wrong.group}s" if check.wrong.group else ""
    near = f"{check.votes_suggested[row]} of {n} nearest items{elsewhere} are {other}"
    near += f", {check.votes_given[row]} are {given}"
    shares = f"{_percent(check.p_suggested[row])} {other}, {_percent(check.p_given[row])} {given}"
    return f"{near}; a classifier that was not trained on the item says {shares}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if 0.01 <= share <= 0.99 or share in (0, 1) else "<1 %" if share < 0.5 else ">99 %"


def write_doubts(path: str | Path, doubts: list[Doubt]) -> Path:
    """Write the table of `doubts_csv` to a file; return its absolute path.

    Raises
    ------
    InputError
        If the path does not end in ``.csv``.
    ExportError
        If the file cannot be written.
    """
    target = table_path(path)
    with replaced_file(target) as partial:
        partial.write_bytes(doubts_csv(doubts))
    return target


def table_path(path: str | Path) -> Path:
    """Absolute path of a table, which must end in ``.csv``.

    Raises
    ------
    InputError
        If the path does not end in ``.csv``.
    """
    given = path_of("path", path)
    if given.suffix.lower() != ".csv":
        raise InputError(f"the name of a table of labels must end in .csv, got {str(path)!r:.80}")
    return real_path(given)


def doubts_csv(doubts: list[Doubt]) -> bytes:
    """The table as CSV in UTF-8, in the order given."""
    lines = [csv_line(COLUMNS)]
    lines += [csv_line([getattr(doubt, column) for column in COLUMNS]) for doubt in doubts]
    return "".join(lines).encode()
