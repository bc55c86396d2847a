"""The `Directions` spec: a layout along two or three directions, each from some items to others."""

from dataclasses import dataclass
from typing import Literal

from embviz.checks.arguments import check_fields
from embviz.checks.columns import whole_text
from embviz.errors import SpecError
from embviz.items.id_set import IdSet
from embviz.projection.preprocess.steps import check_scaling

ALL_ITEMS, NO_IDS = "all items", IdSet()


@dataclass(frozen=True, slots=True)
class End:
    """The items at one end of a direction.

    Attributes
    ----------
    name
        Name of the items in titles: a class name, or what a visitor searched for.
    kind
        ``class`` for the items of the class of this name, ``chosen`` for those with `ids`, ``all`` for all items.
    ids
        Ids of the chosen items; ids that are not laid out are ignored. Empty for the other kinds.
    """

    name: str = ALL_ITEMS
    kind: Literal["class", "chosen", "all"] = "all"
    ids: IdSet = NO_IDS

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        whole_text("the name of an end", self.name)
        if (len(self.ids) > 0) != (self.kind == "chosen"):
            raise SpecError(
                f"only an end of kind chosen has ids, at least one; got {len(self.ids)} for kind {self.kind!r}"
            )


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction in feature space, from the mean of the items at its start to the mean of those at its end."""

    start: End
    end: End

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        if self.start == self.end:
            raise SpecError(f"a direction from {self.start.name!r} to itself leads nowhere; choose two that differ")

    @property
    def title(self) -> str:
        """Title of the axis along this direction.

        Examples
        --------
        >>> Direction(End("1", "class"), End("7", "class")).title
        '1 → 7'
        """
        return f"{self.start.name} → {self.end.name}"


@dataclass(frozen=True, slots=True)
class Directions:
    """Spec of a layout along two or three directions in feature space, which need not be at right angles.

    Attributes
    ----------
    directions
        Two or three, for x, y (and z).
    preprocess
        Scaling of the vectors before they are laid out: ``center``, ``unit``, ``center+unit`` or ``standardize``, see
        `scaling`; None takes them as they are.
    seed
        Not used, because nothing is random; there so that every spec has a seed.
    """

    directions: tuple[Direction, ...]
    preprocess: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        check_scaling("a layout along directions", self.preprocess)
        if len(self.directions) not in (2, 3):
            raise SpecError(f"a layout has 2 or 3 directions, got {len(self.directions)}; give one for each axis")

    @property
    def n_components(self) -> int:
        """Number of dimensions of the layout."""
        return len(self.directions)

    @property
    def method(self) -> str:
        """Name of the method on the command line."""
        return "directions"
