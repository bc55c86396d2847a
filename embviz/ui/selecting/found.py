"""What a search finds among the items shown; the last answer is kept, so that it is not looked for at every run."""

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
    """Neighbors of the pinned item, as something to look for.

    Attributes
    ----------
    item
        Id of the pinned item.
    k
        How many.
    metric
        Between features; in a layout distances are Euclidean.
    in_layout
        Whether nearness in the layout is meant, and not in feature space.
    """

    item: int
    k: int
    metric: str = "euclidean"
    in_layout: bool = False


@dataclass(frozen=True, slots=True)
class OfClass:
    """The items of a class, by its name."""

    name: str


Wanted = Query | OfClass | Near


@dataclass(frozen=True, eq=False, slots=True)
class Searched:
    """The columns that were searched last, of the dataset and features with these fingerprints."""

    made_of: tuple[str, str] = ("", "")
    columns: dict[str, SearchColumn] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """What was looked for last, among which items, and the ids or the sentence that came of it."""

    key: tuple[Wanted, str, str, str] | None = None
    ids: Int64Array | None = None
    refusal: str = ""


def searched_columns(view: View | Forming) -> dict[str, SearchColumn]:
    """What the items shown can be searched by, by name."""
    made_of = (view.dataset.fingerprint, view.features.fingerprint)
    if session().kept(Searched).made_of != made_of:
        session().keep(Searched(made_of, search_columns(view.dataset, view.features)))
    return session().kept(Searched).columns


def answer_to(sought: Wanted, view: View | Forming) -> Answer:
    """The ids that are found, or one sentence on why nothing can be looked for."""
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
