"""Columns of a table added to the items of a dataset: which row belongs to which item, and the dataset with them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.dataset import Dataset
from embviz.datasets.files.contents import Contents
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

ID = "id"
"""Name of the column whose numbers are ids, where the items have no other column of that name."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which row of a table belongs to which item of a source.

    Attributes
    ----------
    column
        Column of the table that names the item; empty if rows are in the order of the items.
    of
        Metadata column of the items with the same values; empty for their ids.
    """

    column: str = ""
    of: str = ""


IN_ORDER = Match()


def match_of(contents: Contents, whole: Dataset, *, progress: Progress = no_progress) -> Match:
    """The match of a table with all items of a source, one row for each item.

    A column with the same values as one of the items', each once, or as their ids, decides, so that a table in another
    order is right, too. Without such a column the rows are in the order of the items.

    Parameters
    ----------
    contents
        The table.
    whole
        All items of the source.
    progress
        Called while columns are read.

    Raises
    ------
    DatasetError
        If there is not one row for each item, or a column that names the items names others.

    Examples
    --------
    >>> from embviz.datasets.files.contents import known_column
    >>> files = {"file": np.array(["a", "b"])}
    >>> toy = Dataset(name="toy", split="", ids=np.arange(2), n_source=2, n_split=2, metadata=files)
    >>> match_of(Contents("more", 2, (known_column("path", np.array(["b", "a"])),)), toy)
    Match(column='path', of='file')
    """
    if contents.n != len(whole):
        hint = "; a line above a single column counts as a row" if contents.n == len(whole) + 1 else ""
        raise DatasetError(
            f"numbers of items differ: {contents.name} has {contents.n:,} rows, and {whole.name} {len(whole):,} items; "
            f"give one row for each item{hint}"
        )
    names = {name: values for name, values in whole.metadata.items() if _names_items(values)}
    known = {name: np.sort(values) for name, values in names.items()}
    for field in contents.fields:
        if field.kind != "column" or field.dtype.kind not in "Ui":
            continue
        values = field.read(slice(0, contents.n), progress)
        if not _names_items(values):
            continue
        ordered = np.sort(values)
        for name, theirs in known.items():
            says_so = theirs.dtype.kind == ordered.dtype.kind and (ordered.dtype.kind == "U" or name == field.name)
            if says_so and np.array_equal(theirs, ordered):
                return Match(field.name, name)
        if field.name.casefold() == ID and ordered.dtype.kind == "i":
            if np.array_equal(ordered, whole.ids):
                return Match(field.name)
            if not np.array_equal(ordered, values):
                raise DatasetError(
                    f"the ids of {whole.name} are 0 to {len(whole) - 1:,}, and those of {contents.name} are in no "
                    f"order and {ordered[0]:,} to {ordered[-1]:,}; give these ids, or sort the rows as the items"
                )
        if field.name in names and names[field.name].dtype.kind == values.dtype.kind:
            other = values[~np.isin(values, names[field.name])][0]
            raise DatasetError(
                f"{field.name!r:.60} names the items of {whole.name}, and none of these is {str(other)!r:.60}, as in "
                f"{contents.name}; give the rows of these items, or leave that column out"
            )
    return IN_ORDER


def added_names(contents: Contents, whole: Dataset, match: Match) -> dict[str, str]:
    """The columns of a table that are added to the items of a source: the name in the table, and the new name.

    The column that names the items is not among them: they have it. A name that the items have already gets the name of
    the table before it.
    """
    names: dict[str, str] = {}
    for field in contents.fields:
        if field.kind != "column" or field.name == match.column:
            continue
        name, number = field.name, 1
        while name in whole.metadata or name in names.values():
            number += 1
            name = f"{contents.name} {field.name}{f' ({number})' if number > 2 else ''}"
        names[field.name] = name
    return names


def with_columns(
    dataset: Dataset,
    contents: Contents,
    names: Mapping[str, str],
    match: Match,
    *,
    progress: Progress = no_progress,
) -> Dataset:
    """The dataset with columns of a table, which has one row for each item of the source.

    Parameters
    ----------
    dataset
        All items of the source, or some.
    contents
        The table.
    names
        Names of the columns in the table, and their new names.
    match
        Which row belongs to which item.
    progress
        Called while columns are read.

    Raises
    ------
    DatasetError
        If an item has no row.
    """
    fields = {field.name: field for field in contents.fields}
    values = {name: fields[name].read(slice(0, contents.n), progress) for name in (*names, *_named(match.column))}
    rows = _rows(dataset, contents.n, values.get(match.column), match)
    return dataset.with_columns({new: values[name][rows] for name, new in names.items()})


def _rows(dataset: Dataset, n: int, keys: AnyArray | None, match: Match) -> Int64Array:
    """The row of each item."""
    wanted = dataset.metadata[match.of] if match.of else dataset.ids
    if keys is None:
        keys = np.arange(n, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    places = np.minimum(np.searchsorted(keys[order], wanted), n - 1)
    rows = order[places].astype(np.int64)
    if not np.array_equal(keys[rows], wanted):
        raise DatasetError(f"some items of {dataset.name} have no row any more; open the table again")
    return rows


def _named(column: str) -> tuple[str, ...]:
    return (column,) if column else ()


def _names_items(values: AnyArray) -> bool:
    """Whether each item has a value, and each another one."""
    if values.dtype.kind not in "Ui" or (values.dtype.kind == "U" and (values == "").any()):
        return False
    return len(np.unique(values)) == len(values)
