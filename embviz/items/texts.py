"""The `Texts` value: a short text for each item, made of a column, that labels the item in a plot."""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from embviz.arrays import AnyArray
from embviz.dataset import Dataset
from embviz.errors import InputError

MOST_CHARACTERS = 40
"""Most characters of one text; a longer one is cut and ends with an ellipsis."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Texts:
    """One short text for each item.

    Attributes
    ----------
    name
        What the texts are, such as the name of their column.
    texts
        Text of each item; empty where it has no value.
    items
        Fingerprint of the items, `Dataset.items`.
    revision
        Hash of name, items and texts.
    """

    name: str
    texts: tuple[str, ...]
    items: str
    revision: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(repr((self.name, self.items)).encode())
        digest.update("\0".join(self.texts).encode())
        object.__setattr__(self, "revision", digest.hexdigest()[:32])


def texts_of(dataset: Dataset, name: str, column: AnyArray) -> Texts:
    """Short texts of a column that has a value for each item.

    Raises
    ------
    InputError
        If the column is not as long as the dataset.

    Examples
    --------
    >>> vectors = np.ones((3, 1), np.float32)
    >>> toy = Dataset(name="toy", split="", ids=np.arange(3), n_source=3, n_split=3, vectors=vectors)
    >>> texts_of(toy, "score", np.array([0.25, np.nan, 1234567.0])).texts
    ('0.25', '', '1.23457e+06')
    """
    if column.shape != (len(dataset),):
        raise InputError(f"labels must be one for each of {len(dataset)} items, got an array of shape {column.shape}")
    if column.dtype.kind == "f":
        return Texts(name, tuple("" if np.isnan(value) else f"{value:.6g}" for value in column.tolist()), dataset.items)
    return Texts(name, tuple(_brief(str(value)) for value in column.tolist()), dataset.items)


def _brief(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
