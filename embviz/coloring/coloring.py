"""The `Coloring` value: what the points are colored by, categories or numbers on a scale."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from embviz.arrays import (
    Float32Array,
    Float64Array,
    Int32Array,
    Int64Array,
    fingerprint,
    frozen_array,
    summary,
)
from embviz.checks.columns import frozen_column
from embviz.coloring import dates
from embviz.coloring.palette import CATEGORIES, OTHER, Color
from embviz.errors import InputError

Unit = Literal["number"] | dates.Unit

MOST_CATEGORIES = len(CATEGORIES)
"""Most categories with colors of their own, 62, as many as EMNIST's digits and letters; rarer ones become "other"."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class CategoryColoring:
    """Each item is of one category, or of none.

    Attributes
    ----------
    name
        Title of the legend, such as ``class`` or a column's name.
    codes
        int32, shape (n,): index of the category in `names`; ``len(names)`` for categories gathered as others; -1 for
        items without a category.
    names
        Names of the categories, at most `MOST_CATEGORIES`, in the order of the legend.
    n_others
        Number of categories gathered as others.
    items
        Fingerprint of the items that are colored, `Dataset.items`.
    fingerprint
        Hash of all fields above.
    """

    name: str
    codes: Int32Array
    names: tuple[str, ...]
    n_others: int
    items: str
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        last = len(self.names) - (self.n_others == 0)
        object.__setattr__(self, "codes", frozen_array("codes", self.codes, np.int32, (None,)))
        if len(self.codes) and not -1 <= self.codes.min() <= self.codes.max() <= last:
            raise InputError(f"codes must be in -1..{last}, got {self.codes.min()}..{self.codes.max()}")
        if len(self.names) > MOST_CATEGORIES:
            raise InputError(
                f"at most {MOST_CATEGORIES} categories have colors, got {len(self.names)}; gather the rest"
            )
        hashed = fingerprint(self.name, self.items, str(self.n_others), *self.names, self.codes)
        object.__setattr__(self, "fingerprint", hashed)

    __repr__ = summary

    @property
    def counts(self) -> Int64Array:
        """Number of items of each category; the last one counts those gathered as others, if there are any."""
        n = len(self.names) + (self.n_others > 0)
        return np.bincount(self.codes[self.codes >= 0], minlength=n).astype(np.int64)

    @property
    def colors(self) -> tuple[Color, ...]:
        """Color of each category; the last one is that of the categories gathered as others, if there are any."""
        return CATEGORIES[: len(self.names)] + (OTHER,) * (self.n_others > 0)

    @property
    def n_missing(self) -> int:
        """Number of items without a category."""
        return int((self.codes < 0).sum())


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class ValueColoring:
    """Each item has a number or a date, or none.

    Attributes
    ----------
    name
        Title of the legend: what the numbers are.
    values
        float64, shape (n,); NaN for items without a number. Dates are seconds since 1970.
    unit
        Whether values are numbers, or dates that are told to the day, the minute or the second.
    items, fingerprint
        As those of a `CategoryColoring`.
    """

    name: str
    values: Float64Array
    items: str
    unit: Unit = "number"
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen_column(self.name, self.values, len(self.values)))
        object.__setattr__(self, "fingerprint", fingerprint(self.name, self.items, self.unit, self.values))

    __repr__ = summary

    def text(self, value: float) -> str:
        """A number or date of this coloring as text.

        Examples
        --------
        >>> days = ValueColoring("day", np.array([0, 86400]), items="", unit="day")
        >>> days.text(86400)
        '1970-01-02'
        """
        return f"{value:g}" if self.unit == "number" else dates.date_text(value, self.unit)

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest finite number; None if no number is finite."""
        finite = self.values[np.isfinite(self.values)]
        return (float(finite.min()), float(finite.max())) if len(finite) else None

    @property
    def n_missing(self) -> int:
        """Number of items without a number."""
        return int(np.isnan(self.values).sum())

    def places(self) -> Float32Array:
        """Position of each number on the scale, float32: 0 is the lowest finite number, 1 the highest.

        Items without a number get NaN. Infinite numbers stay infinite. If all finite numbers are equal, they get 0.5.

        Examples
        --------
        >>> ValueColoring("age", np.array([20, 30, np.nan, 60]), items="").places().tolist()
        [0.0, 0.25, nan, 1.0]
        """
        low, high = self.range or (0.0, 0.0)
        if low == high:
            return np.where(np.isfinite(self.values), 0.5, self.values).astype(np.float32)
        halves = self.values / 2 - low / 2  # the whole difference may be too large for float64
        return (halves / (high / 2 - low / 2)).astype(np.float32)


Coloring = CategoryColoring | ValueColoring
Kind = Literal["categories", "values"]
