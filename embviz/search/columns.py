"""What items can be searched by: class label, id, name, prediction and metadata columns, each as one `SearchColumn`."""

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
    """One value of every item, or none.

    Attributes
    ----------
    name
        By which expressions call it.
    values
        Text, int64, float64 or bool: of shape (n,), or one for each code. An empty text and NaN are no value.
    codes
        int64, shape (n,): place of each item's value in `values`; None if these are in the order of the items.
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
        """Each of `values` as int64 or float64; None if they are no numbers. Texts are, if all are whole numbers."""
        if self.values.dtype.kind in "if":
            return self.values
        if self.codes is None or self.values.dtype.kind != "U":
            return None
        are_numbers = all(text.isascii() and text.isdecimal() and len(text) < 18 for text in self.values.tolist())
        return self.values.astype(np.int64) if are_numbers else None

    @cached_property
    def are_known(self) -> BoolArray:
        """Which of `values` there are."""
        if self.values.dtype.kind == "U":
            return np.asarray(self.values != "")
        return ~np.isnan(self.values) if self.values.dtype.kind == "f" else np.ones(len(self.values), np.bool_)

    def spread(self, of_values: AnyArray) -> AnyArray:
        """For each item, what `of_values` has for its value."""
        return of_values if self.codes is None else of_values[self.codes]


def search_columns(dataset: Dataset, features: Features | None = None) -> dict[str, SearchColumn]:
    """All that these items can be searched by, by name: first what is known of every item, then metadata columns.

    A metadata column that has the name of something known of every item is called ``<name> (column)``.

    Parameters
    ----------
    dataset
        The items.
    features
        Whose predictions are searched, if there are any.

    Raises
    ------
    InputError
        If the features are of other items.

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
