"""Some items of a dataset on their own: the dataset, its features and a layout of it without all others."""

from dataclasses import dataclass, replace

from embviz.arrays import Int64Array
from embviz.checks.arguments import check_fields
from embviz.dataset import Dataset, check_same_items, subset
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.items.id_set import IdSet
from embviz.projection.projection import Projection

FEWEST = 2
"""Items that can be isolated: one alone has no layout."""


@dataclass(frozen=True, slots=True)
class Isolated:
    """Which items are shown on their own.

    Attributes
    ----------
    items
        Their ids; those that a dataset has not are ignored.
    keeps_places
        Whether they stay where they are in the layout of all; else they are laid out anew.
    """

    items: IdSet
    keeps_places: bool = False

    def __post_init__(self) -> None:
        check_fields(self, SpecError)


def isolated_rows(dataset: Dataset, items: IdSet) -> Int64Array:
    """Rows of the isolated items, ascending.

    Raises
    ------
    SpecError
        If fewer than two of them are in the dataset.
    """
    rows = items.rows_in(dataset.ids)
    if len(rows) < FEWEST:
        raise SpecError(
            f"at least {FEWEST} items can be isolated, and {len(rows)} of those asked for are in {dataset.title!r}; "
            "isolate others, or show all"
        )
    return rows


def isolated_dataset(dataset: Dataset, items: IdSet) -> Dataset:
    """The isolated items, with their ids; raises as `isolated_rows`.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.items.id_set import id_set
    >>> toy = Dataset(name="toy", split="", ids=np.array([5, 3, 8]), n_source=9, n_split=3)
    >>> part = isolated_dataset(toy, id_set([8, 5]))
    >>> part.ids.tolist(), part.n_split
    ([5, 8], 3)
    """
    return subset(dataset, isolated_rows(dataset, items))


def isolated_parts(
    dataset: Dataset, features: Features, projection: Projection, items: IdSet
) -> tuple[Dataset, Features, Projection]:
    """The isolated items, their vectors, and the same places for them; raises as `isolated_rows`.

    What a layout says of itself as a whole is left out. The variance of principal components stays that of all items,
    as the axes do.
    """
    check_same_items("features", features.items, dataset)
    check_same_items("coordinates", projection.items, dataset)
    rows = isolated_rows(dataset, items)
    part = isolated_dataset(dataset, items)
    predictions = None if features.predictions is None else features.predictions[rows]
    vectors = replace(features, vectors=features.vectors[rows], ids=part.ids, items=part.items, predictions=predictions)
    departures = [projection.departure, f"isolated from {len(projection):,} items"]
    places = replace(
        projection,
        coords=projection.coords[rows],
        ids=part.ids,
        source=vectors.fingerprint,
        items=part.items,
        kl_divergence=None,
        equal_items=None,
        departure=", ".join(filter(None, departures)),
    )
    return part, vectors, places
