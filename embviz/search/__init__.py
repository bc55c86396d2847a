"""Search for items by a text, a regular expression, or an expression over labels, predictions and columns."""

from embviz.search.changes import CHANGES, Change, changed_selection, grown_selection
from embviz.search.columns import SearchColumn, search_columns
from embviz.search.query import MODES, Query, found_ids

__all__ = [
    "CHANGES",
    "MODES",
    "Change",
    "Query",
    "SearchColumn",
    "changed_selection",
    "found_ids",
    "grown_selection",
    "search_columns",
]
