"""Search among the items shown; the last answer is kept, so that no search is repeated at every run of the page."""

from dataclasses import dataclass, field

import numpy as np

from embviz.arrays import Int64Array
from embviz.errors import InputError
from embviz.pipeline.selecting import near_rows_of
from embviz.search import Query, SearchColumn, found_ids, search_columns
from embviz.ui.session import session
from embviz.view import Forming, View


@dataclass(frozen=True, slots=True)
class Near:
    """A search for the neighbors of the pinned item.

    Attributes
    ----------
    item
        Id of the pinned item.
    k
        Number of neighbors.
    metric
        Metric between features; in a layout distances are Euclidean.
    in_layout
        Whether to search in the layout instead of the feature space.
    """

    item: int
    k: int
    metric: str = "euclidean"
    in_layout: bool = False


@dataclass(frozen=True, slots=True)
class OfClass:
    """A search for the items of a class, by its name."""

    name: str


Wanted = Query | OfClass | Near


@dataclass(frozen=True, eq=False, slots=True)
class Searched:
    """The columns that were searched last, of the dataset and features with these fingerprints."""

    made_of: tuple[str, str] = ("", "")
    columns: dict[str, SearchColumn] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """The last search with the items that were searched, and its outcome: ids, or a sentence on why it failed."""

    key: tuple[Wanted, str, str, str] | None = None
    ids: Int64Array | None = None
    refusal: str = ""


def searched_columns(view: View | Forming) -> dict[str, SearchColumn]:
    """The columns that the items shown can be searched by, by name."""
    made_of = (view.dataset.fingerprint, view.features.fingerprint)
    if session().kept(Searched).made_of != made_of:
        session().keep(Searched(made_of, search_columns(view.dataset, view.features)))
    return session().kept(Searched).columns


def answer_to(sought: Wanted, view: View | Forming) -> Answer:
    """The answer to a search: the ids of the items found, or a sentence on why the search is not possible."""
    layout = view.projection.fingerprint if isinstance(view, View) else ""
    key = (sought, view.dataset.fingerprint, view.features.fingerprint, layout)
    if session().kept(Answer).key != key:
        try:
            session().keep(Answer(key, _found(sought, view)))
        except InputError as error:
            session().keep(Answer(key, None, str(error)))
    return session().kept(Answer)


def _found(sought: Wanted, view: View | Forming) -> Int64Array:
    dataset = view.dataset
    match sought:
        case Query():
            return found_ids(sought, searched_columns(view))
        case OfClass(name):
            assert dataset.labels is not None, "classes are offered where there are labels"
            return dataset.ids[np.flatnonzero(dataset.labels == dataset.class_names.index(name))]
        case Near(item, k, metric, in_layout):
            row = int(np.flatnonzero(dataset.ids == item)[0])
            measured = view.projection if in_layout and isinstance(view, View) else view.features
            return dataset.ids[near_rows_of(measured, row, k, metric=metric)]
