"""The `Columns` spec: a layout whose coordinates are the items' values in two or three columns."""

from dataclasses import dataclass

from embviz.checks.arguments import check_fields
from embviz.checks.columns import whole_text
from embviz.errors import SpecError

COLUMN_SCALINGS = ("center", "standardize")
"""Scalings that may be applied first, to each column by itself."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Values of two or three columns as coordinates: nothing is computed, and nothing is random.

    Attributes
    ----------
    columns
        For x, y (and z): the name of a metadata column of numbers, or the number of a feature, counted from 1.
        ``Columns((1, 2))`` shows vectors of two values as they are.
    preprocess
        None, ``center`` or ``standardize``, applied to each column: where units differ, one axis would otherwise be too
        short to be seen.
    seed
        Not used; there so that every spec has a seed.
    """

    columns: tuple[int | str, ...]
    preprocess: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        if len(self.columns) not in (2, 3) or len(set(self.columns)) != len(self.columns):
            raise SpecError(f"a layout shows 2 or 3 different columns, got {self.columns}; give one for each axis")
        for column in self.columns:
            if isinstance(column, str):
                whole_text("the name of a column", column)
            elif column < 1:
                raise SpecError(f"features are counted from 1, got {column}; give a number from 1 on")
        if self.preprocess not in (None, *COLUMN_SCALINGS):
            raise SpecError(
                f"columns are shown as they are: preprocess must be None, {' or '.join(COLUMN_SCALINGS)}, "
                f"got {self.preprocess!r}"
            )

    @property
    def n_components(self) -> int:
        """Number of dimensions of the layout."""
        return len(self.columns)

    @property
    def method(self) -> str:
        """Name of the method on the command line."""
        return "columns"

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles of the axes.

        Examples
        --------
        >>> Columns(("width", 3)).titles
        ('width', 'feature 3')
        """
        return tuple(column if isinstance(column, str) else f"feature {column}" for column in self.columns)
