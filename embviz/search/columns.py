"""Columns in which items are searched: class label, id, name, prediction and metadata, each a `SearchColumn`."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embviz.arrays import AnyArray, BoolArray, Int64Array
from embviz.dataset import Dataset, check_same_items
from embviz.features.features import Features
from embviz.items.names import item_names
from embviz.search.texts import SearchedTexts, searched_texts


@dataclass(frozen=True, eq=False)  # without slots, because of the texts, which are made when first searched
class SearchColumn:
    """A column to search, with one value or none for every item.

    Attributes
    ----------
    name
        Name by which expressions call the column.
    values
        Text, int64, float64 or bool: of shape (n,), or one for each code. An empty text and NaN mean no value.
    codes
        int64, shape (n,): index of each item's value in `values`; None if `values` has one value per item.
    """

    name: str
    values: AnyArray
    codes: Int64Array | None = None

    def __len__(self) -> int:
        return len(self.values) if self.codes is None else len(self.codes)

    @cached_property
    def texts(self) -> SearchedTexts:
        """Each of `values` as text, made ready to be searched."""
        return searched_texts(self.values)

    @cached_property
    def numbers(self) -> AnyArray | None:
        """`values` as int64 or float64, also class names that are whole numbers; None if they are not numbers."""
        if self.values.dtype.kind in "if":
            return self.values
        if self.codes is None or self.values.dtype.kind != "U":
            return None
        are_numbers = all(text.isascii() and text.isdecimal() and len(text) < 18 for text in self.values.tolist())
        return self.values.astype(np.int64) if are_numbers else None

    @cached_property
    def are_known(self) -> BoolArray:
        """Whether each of `values` is a value, not an empty text or NaN."""
        if self.values.dtype.kind == "U":
            return np.asarray(self.values != "")
        return ~np.isnan(self.values) if self.values.dtype.kind == "f" else np.ones(len(self.values), np.bool_)

    def spread(self, of_values: AnyArray) -> AnyArray:
        """Entry for each item, from an array `of_values` with one entry for each of `values`."""
        return of_values if self.codes is None else of_values[self.codes]


def search_columns(dataset: Dataset, features: Features | None = None) -> dict[str, SearchColumn]:
    """Columns in which these items can be searched, by name: label, id, item name and prediction, then metadata.

    A metadata column that has the name of one of the first four is called ``<name> (column)``.

    Parameters
    ----------
    dataset
        The items.
    features
        Features whose predictions are searched, if they have any.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.arange(2), n_source=2, n_split=2, labels=np.array([0, 1]),
    ...               class_names=("cat", "dog"), metadata={"age": np.array([3, 5]), "id": np.array(["a", "b"])})
    >>> list(search_columns(toy))
    ['label', 'id', 'age', 'id (column)']
    """
    found: dict[str, AnyArray | SearchColumn] = {}
    if dataset.labels is not None:
        found["label"] = SearchColumn("label", _names(dataset.class_names), dataset.labels)
    found["id"] = dataset.ids
    if dataset.splits:
        found["item"] = item_names(dataset)
    if features is not None:
        check_same_items("features", features.items, dataset)
        if features.predictions is not None:
            found["prediction"] = SearchColumn("prediction", _names(features.class_names), features.predictions)
    own = set(found)
    for name, column in dataset.metadata.items():
        found[f"{name} (column)" if name in own else name] = column
    return {
        name: given if isinstance(given, SearchColumn) else SearchColumn(name, given) for name, given in found.items()
    }


def _names(names: tuple[str, ...]) -> AnyArray:
    return np.array(names, np.str_)
