"""The coloring of items by their labels, their predictions, whether these are right, or any column of values."""

from collections import Counter
from heapq import nlargest, nsmallest

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.checks.arguments import checked
from embviz.checks.columns import frozen_column
from embviz.coloring.coloring import MOST_CATEGORIES, CategoryColoring, Coloring, Kind, ValueColoring
from embviz.coloring.dates import seconds_of_dates, unit_of
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.features.features import Features

MOST_COUNTED = 20
"""Most different values of a column of whole numbers that becomes categories if `kind` is None."""


def label_coloring(dataset: Dataset) -> CategoryColoring | None:
    """Colors by class label; None without labels. Classes keep their colors in every part of a dataset.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.arange(3), n_source=3, n_split=3,
    ...               labels=np.array([1, 0, 1]), class_names=("a", "b", "c"))
    >>> by_label = label_coloring(toy)
    >>> by_label.names, by_label.counts.tolist()
    (('a', 'b', 'c'), [1, 2, 0])
    """
    return None if dataset.labels is None else _gathered("class", dataset.labels, dataset.class_names, dataset.items)


def prediction_coloring(features: Features) -> CategoryColoring | None:
    """Colors by the class that the classifier predicts; None without a classifier."""
    if features.predictions is None:
        return None
    return _gathered("prediction", features.predictions, features.class_names, features.items)


def correctness_coloring(dataset: Dataset, features: Features) -> CategoryColoring | None:
    """Colors by whether the prediction for an item is its label; None without labels or classifier."""
    check_same_items("features", features.items, dataset)
    if dataset.labels is None or features.predictions is None:
        return None
    is_wrong = (features.predictions != dataset.labels).astype(np.int64)
    return _gathered("right or wrong", is_wrong, ("right", "wrong"), dataset.items)


@checked(InputError)
def column_coloring(dataset: Dataset, name: str, column: AnyArray, kind: Kind | None = None) -> Coloring:
    """Colors by a metadata column or a score.

    Parameters
    ----------
    dataset
        The items that are colored.
    name
        What to call the column.
    column
        Shape (n,): text, int64, float64 or bool, as metadata are. An empty text and NaN mean no value.
    kind
        Whether numbers and dates are ``values`` on a scale or ``categories``. None takes whole numbers and dates for
        categories if there are at most 20 different ones, and all others for values; other text and bool are always
        categories. Dates are text such as ``2024-01-31`` or ``2024-01-31 12:30``, as in ISO 8601.

    Raises
    ------
    InputError
        If the column has another shape or type, or bool or text other than dates are to be ``values``.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.arange(3), n_source=3, n_split=3)
    >>> column_coloring(toy, "series", np.array([3, 1, 3])).names
    ('1', '3')
    >>> column_coloring(toy, "loss", np.array([0.5, 0.25, np.nan])).range
    (0.25, 0.5)
    """
    column = frozen_column(name, column, len(dataset))
    is_number = column.dtype.kind in "if"
    if column.dtype.kind == "U" and kind != "categories":
        seconds = seconds_of_dates(column)
        if seconds is not None and (kind == "values" or len(np.unique(seconds)) > MOST_COUNTED):
            return ValueColoring(name, seconds, dataset.items, unit_of(seconds))
    if kind == "values" and not is_number:
        raise InputError(f"{name!r} holds neither numbers nor dates; color by it as categories")
    if kind == "values" or (kind is None and column.dtype.kind == "f"):
        return ValueColoring(name, column.astype(np.float64), dataset.items)
    if column.dtype.kind == "U":
        return _text_coloring(name, column, dataset.items)
    found, codes = np.unique(column, return_inverse=True)
    if kind is None and is_number and len(found) > MOST_COUNTED:
        return ValueColoring(name, column.astype(np.float64), dataset.items)
    names = tuple(str(value) for value in found if not np.isnan(value))  # NaN is the last one
    return _gathered(name, np.where(codes < len(names), codes, -1), names, dataset.items)


def _text_coloring(name: str, column: AnyArray, items: str) -> CategoryColoring:
    """The most frequent texts as categories: whole numbers first, in ascending order, then other texts, sorted.

    The at most `MOST_CATEGORIES` texts are chosen first and sorted afterwards, because a column may have 100,000.
    """
    texts = column.tolist()
    counts = Counter(texts)
    del counts[""]
    names = list(counts)
    if len(names) > MOST_CATEGORIES:
        least = nlargest(MOST_CATEGORIES, counts.values())[-1]
        names = [text for text, count in counts.items() if count > least]
        equals = (text for text, count in counts.items() if count == least)
        names += nsmallest(MOST_CATEGORIES - len(names), equals)
    names.sort(key=lambda text: (0, len(text), text) if text.isdecimal() else (1, 0, text))
    places = dict.fromkeys(counts, len(names)) | {text: place for place, text in enumerate(names)} | {"": -1}
    codes = np.fromiter(map(places.__getitem__, texts), np.int32, len(texts))
    return CategoryColoring(name, codes, tuple(names), len(counts) - len(names), items)


def _gathered(name: str, codes: Int64Array, names: tuple[str, ...], items: str) -> CategoryColoring:
    """Categories in their given order; if there are more than colors, the most frequent ones."""
    n_others = max(0, len(names) - MOST_CATEGORIES)
    if n_others:
        counts = np.bincount(codes[codes >= 0], minlength=len(names))
        kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_CATEGORIES])
        places = np.full(len(names) + 1, MOST_CATEGORIES, np.int64)
        places[kept] = np.arange(MOST_CATEGORIES)
        places[-1] = -1  # code -1, no category, indexes the last place
        codes, names = places[codes], tuple(names[code] for code in kept)
    return CategoryColoring(name, codes.astype(np.int32), names, n_others, items)
