"""A query, and the ids of the items that it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from embviz.arrays import BoolArray, Int64Array
from embviz.checks.arguments import check_fields
from embviz.errors import SpecError
from embviz.search.columns import SearchColumn
from embviz.search.expression import expression_matches
from embviz.search.texts import matches

Mode = Literal["text", "regex", "expression"]
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True)
class Query:
    """A search: its text, how the text is to be read, and the column to search.

    Attributes
    ----------
    text
        As it was typed.
    mode
        ``text`` and ``regex`` search one column; case is ignored unless the text has capital letters. An
        ``expression`` names columns itself: ``label == 7 and prediction == 1``.
    column
        Name of the column to search; ignored by expressions.
    """

    text: str
    mode: Mode = "text"
    column: str = "label"

    def __post_init__(self) -> None:
        check_fields(self, SpecError)


def found_ids(query: Query, columns: Mapping[str, SearchColumn]) -> Int64Array:
    """Ids of the items that a query finds, in the dataset's order; ``text`` and ``regex`` skip items without a value.

    Parameters
    ----------
    query
        What to search for; an empty text finds nothing.
    columns
        What `search_columns` gives.

    Raises
    ------
    SpecError
        If the text is not a valid regular expression or expression, or the column does not exist.

    Examples
    --------
    >>> from embviz.dataset import Dataset
    >>> from embviz.search.columns import search_columns
    >>> toy = Dataset(name="toy", split="", ids=np.array([4, 7, 9]), n_source=10, n_split=3,
    ...               metadata={"kind": np.array(["cat", "dog", "Catfish"])})
    >>> found_ids(Query("cat", column="kind"), search_columns(toy)).tolist()
    [4, 9]
    >>> found_ids(Query("id > 4 and kind != 'dog'", "expression"), search_columns(toy)).tolist()
    [9]
    """
    ids = columns["id"].values.astype(np.int64, copy=False)
    if not query.text.strip():
        return ids[:0]
    return ids[_found(query, columns)]


def _found(query: Query, columns: Mapping[str, SearchColumn]) -> BoolArray:
    if query.mode == "expression":
        return expression_matches(query.text, columns)
    column = columns.get(query.column)
    if column is None:
        raise SpecError(f"there is no column {query.column!r:.80}; there are {', '.join(columns)}"[:500])
    found = matches(query.text, column.texts, is_regex=query.mode == "regex") & column.are_known
    return np.asarray(column.spread(found), np.bool_)
