"""Annotations: tags that people gave items, as columns beside a dataset that itself is never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.checks.arguments import check_fields, checked
from embviz.checks.columns import whole_text
from embviz.checks.wording import described
from embviz.dataset import Dataset
from embviz.errors import InputError
from embviz.items.id_ranges import check_ascending, id_ranges, ids_in_ranges

LONGEST = 200
"""Most characters of a column's name, or of a value."""
RESERVED = ("id", "index", "label", "x", "y", "z")
"""Names that a column of tags must not have: exported tables have columns with these names."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A text that somebody gave some items, as their value in a column of tags.

    Attributes
    ----------
    column
        Name of the column.
    value
        The text; an empty one removes the value that the items had.
    ids
        Ids of the items, ascending.
    """

    column: str
    value: str
    ids: tuple[int, ...]

    def __post_init__(self) -> None:
        if not (isinstance(self.column, str) and isinstance(self.value, str)):
            raise InputError(f"a column and a value are texts, got {described(self.column)}, {described(self.value)}")
        whole_text("a column name", self.column)
        whole_text("a value", self.value)
        if not self.column.strip() or self.column in RESERVED:
            raise InputError(
                f"the column name {self.column!r} is empty or reserved; give one other than {', '.join(RESERVED)}"
            )
        if max(len(self.column), len(self.value)) > LONGEST:
            raise InputError(f"a column name and a value have {LONGEST} characters at most")
        if not isinstance(self.ids, tuple) or not self.ids:
            raise InputError(f"a tag has a tuple of one id at least, got {described(self.ids)}")
        check_ascending("ids", self.ids)


@dataclass(frozen=True, slots=True)
class Annotations:
    """Tags in the order in which they were given; if an item has several in one column, the latest one counts.

    Attributes
    ----------
    tags
        All tags except those that were undone.

    Examples
    --------
    >>> found = Annotations((Tag("kind", "odd", (1, 3)), Tag("kind", "prime", (3, 5))))
    >>> found.values("kind", np.array([5, 3, 2, 1])).tolist()
    ['prime', 'prime', '', 'odd']
    """

    tags: tuple[Tag, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self, InputError)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns in which any item has a value, in the order of their first tags."""
        names = dict.fromkeys(tag.column for tag in self.tags)
        return tuple(name for name in names if any(self._codes(name)[1]))

    def values(self, column: str, ids: Int64Array) -> AnyArray:
        """Text of each of these items in a column; empty where an item has no tag there."""
        texts, codes = self._codes(column)
        n = len(codes)
        known = np.where(ids < n, ids, 0)
        return np.where(ids < n, np.array(texts)[np.array(codes or [0])[known]], "")

    def _codes(self, column: str) -> tuple[list[str], list[int]]:
        """All texts of a column, the empty one first, and the index of each id's text among them."""
        tags = [tag for tag in self.tags if tag.column == column]
        texts = list(dict.fromkeys(["", *(tag.value for tag in tags)]))
        codes = np.zeros(max((tag.ids[-1] + 1 for tag in tags), default=0), np.int64)
        for tag in tags:
            codes[list(tag.ids)] = texts.index(tag.value)
        return texts, codes.tolist()


@checked(InputError)
def annotated(dataset: Dataset, annotations: Annotations) -> Dataset:
    """New dataset with the tags as further metadata columns; the given one stays as it is.

    Parameters
    ----------
    dataset
        The items. Ids in tags are ignored if the dataset does not have them.
    annotations
        The tags.

    Raises
    ------
    InputError
        If a column of tags has the name of one of the dataset's metadata columns.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.arange(3), n_source=3, n_split=3)
    >>> tagged = annotated(toy, Annotations((Tag("note", "smudged", (0, 2)),)))
    >>> tagged.metadata["note"].tolist(), "note" in toy.metadata
    (['smudged', '', 'smudged'], False)
    """
    taken = [name for name in annotations.columns if name in dataset.metadata]
    if taken:
        raise InputError(f"the dataset has a column {taken[0]!r:.80} of its own; give the tags another name")
    if not annotations.columns:
        return dataset
    columns = {name: annotations.values(name, dataset.ids) for name in annotations.columns}
    return dataset.with_columns(columns)


def tag_event(tag: Tag, key: str, by: str) -> Mapping[str, Any]:
    """Journal event that records a tag: `key` identifies it, and `by` the person who gave it."""
    ids = id_ranges(np.array(tag.ids, np.int64))
    return {"key": key, "by": by, "column": tag.column, "value": tag.value, "ids": ids}


def undo_event(key: str) -> Mapping[str, Any]:
    """Journal event that takes back the tag with this key."""
    return {"undone": key}


@dataclass(frozen=True, slots=True)
class GivenTags:
    """The tags in a journal, without those undone, and who gave each.

    Attributes
    ----------
    annotations
        All tags except those that were undone.
    keys
        Key of each tag, and who gave it.
    """

    annotations: Annotations = Annotations()
    keys: tuple[tuple[str, str], ...] = ()

    def last_of(self, by: str) -> str | None:
        """Key of the last tag that somebody gave; None if there is none to undo."""
        return next((key for key, giver in reversed(self.keys) if giver == by), None)


def given_tags(events: Iterable[Mapping[str, Any]]) -> GivenTags:
    """Tags in the events of a journal, without those undone; events that are not tags are ignored.

    Examples
    --------
    >>> events = [tag_event(Tag("kind", "odd", (1,)), "a", "me"), tag_event(Tag("kind", "even", (2,)), "b", "you")]
    >>> [tag.value for tag in given_tags([*events, undo_event("a")]).annotations.tags]
    ['even']
    """
    found: dict[str, tuple[Tag, str]] = {}
    for event in events:
        if isinstance(undone := event.get("undone"), str):
            found.pop(undone, None)
            continue
        key, by, column, value, ids = (event.get(name) for name in ("key", "by", "column", "value", "ids"))
        if all(isinstance(part, str) for part in (key, by, column, value, ids)):
            try:
                found[str(key)] = (Tag(str(column), str(value), ids_in_ranges(str(ids))), str(by))
            except InputError:
                continue
    keys = tuple((key, by) for key, (_, by) in found.items())
    return GivenTags(Annotations(tuple(tag for tag, _ in found.values())), keys)
