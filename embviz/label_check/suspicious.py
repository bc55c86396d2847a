"""Groups in which many items of one class look like another: ``writer 2504: 6 of 9 sevens look like ones``."""

import math
from dataclasses import dataclass

import numpy as np

from embviz.checks.arguments import checked
from embviz.dataset import Dataset, check_same_items
from embviz.errors import SpecError
from embviz.label_check.label_check import LabelCheck
from embviz.overlap import class_codes, groups_of
from embviz.overlap.groups import numbered


@dataclass(frozen=True, slots=True)
class SuspiciousGroup:
    """Items of one class in one group, of which some look like another class.

    Attributes
    ----------
    group
        The group's value in its column, as text.
    label, looks_like
        Codes of the given class and of the class that they look like.
    n_items, n_suspects
        Number of items of the class in the group, and of those that look like the other class.
    surprise
        Logarithm of how much likelier these counts are at the rate of this group than at the rate of all other groups.
    rows
        Rows of the suspects in the dataset.
    """

    group: str
    label: int
    looks_like: int
    n_items: int
    n_suspects: int
    surprise: float
    rows: tuple[int, ...]


@checked(SpecError)
def suspicious_groups(
    check: LabelCheck, dataset: Dataset, most: int = 20, column: str | None = ""
) -> list[SuspiciousGroup]:
    """Groups in which unusually many items of one class look like the same other class, the most unusual first.

    A suspect is an item whose score is above 0. Let k of the m items of a class in a group be suspects that look like
    the same other class, and let q be the rate of such suspects among the items of the class in all other groups,
    smoothed as (suspects + 0.5) / (items + 1). The surprise is the logarithm of the likelihood ratio,
    k · log(k / (m · q)) + (m - k) · log((m - k) / (m · (1 - q))). Groups are left out if k < 2 or k / m <= q.

    Parameters
    ----------
    check, dataset
        A label check, and the dataset that it was made from.
    most
        Largest number of groups to return.
    column
        Metadata column that says which items belong together, as in `groups_of`; without groups the list is empty.

    Raises
    ------
    InputError
        If the label check belongs to other items than the dataset's.
    """
    check_same_items("label check", check.items, dataset)
    found = groups_of(dataset, column)
    if not found.name:
        return []
    labels, n_classes = class_codes(dataset), len(dataset.class_names)
    is_suspect = check.score > 0
    cells = numbered(found.codes) * n_classes + labels
    kinds, counts = np.unique(cells, return_counts=True)
    n_of_cell = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
    flows = labels * n_classes + check.suggested
    n_of_flow = np.bincount(flows[is_suspect], minlength=n_classes**2)
    n_of_class = np.bincount(labels, minlength=n_classes)
    rows_of: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(is_suspect).tolist():
        rows_of.setdefault((int(cells[row]), int(check.suggested[row])), []).append(row)
    values = dataset.metadata[found.name]
    ranked = []
    for (cell, looks_like), rows in rows_of.items():
        label, m, k = cell % n_classes, n_of_cell[cell], len(rows)
        others = int(n_of_class[label]) - m
        if k < 2 or others < 1:
            continue
        q = (int(n_of_flow[label * n_classes + looks_like]) - k + 0.5) / (others + 1)
        if k / m > q:
            named = str(values[rows[0]])
            ranked.append(SuspiciousGroup(named, label, looks_like, m, k, surprise(k, m, q), tuple(rows)))
    return sorted(ranked, key=lambda each: (-each.surprise, each.rows))[:most]


def surprise(k: int, m: int, q: float) -> float:
    """Logarithm of how much likelier k of m is at a rate of k / m than at the rate q, 0 < q < 1.

    Examples
    --------
    >>> round(surprise(2, 2, 0.1), 4), surprise(1, 2, 0.5)
    (4.6052, 0.0)
    """
    parts = ((k, m * q), (m - k, m * (1 - q)))
    return sum(seen * math.log(seen / expected) for seen, expected in parts if seen)
