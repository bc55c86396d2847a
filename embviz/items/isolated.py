"""Isolated items: which items of a dataset are shown on their own, and the dataset of these only."""

from dataclasses import dataclass

from embviz.arrays import Int64Array
from embviz.checks.arguments import check_fields
from embviz.dataset import Dataset, subset
from embviz.errors import SpecError
from embviz.items.id_set import IdSet

FEWEST = 2
"""Fewest items that can be isolated: one alone has no layout."""


@dataclass(frozen=True, slots=True)
class Isolated:
    """Items that are shown on their own, and where they are drawn.

    Attributes
    ----------
    ids
        Ids of these items; ids that a dataset does not have are ignored.
    keeps_places
        Whether these items stay where they are in the layout of all items; else they are laid out anew.
    """

    ids: IdSet
    keeps_places: bool = False

    def __post_init__(self) -> None:
        check_fields(self, SpecError)


def isolated_rows(dataset: Dataset, ids: IdSet) -> Int64Array:
    """Rows of the isolated items, ascending.

    Raises
    ------
    SpecError
        If fewer than two of them are in the dataset.
    """
    rows = ids.rows_in(dataset.ids)
    if len(rows) < FEWEST:
        raise SpecError(
            f"at least {FEWEST} items can be isolated, and {len(rows)} of those asked for are in {dataset.title!r}; "
            "isolate others, or show all"
        )
    return rows


def isolated_dataset(dataset: Dataset, ids: IdSet) -> Dataset:
    """The dataset of only the items with these ids, in its own order; `n_split` stays that of the whole split.

    It raises what `isolated_rows` raises.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.items.id_set import id_set
    >>> toy = Dataset(name="toy", split="", ids=np.array([5, 3, 8]), n_source=9, n_split=3)
    >>> part = isolated_dataset(toy, id_set([8, 5]))
    >>> part.ids.tolist(), part.n_split
    ([5, 8], 3)
    """
    return subset(dataset, isolated_rows(dataset, ids))
