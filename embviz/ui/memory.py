"""A memory in which each module finds its values by their class, so that no two modules use the same key."""

from dataclasses import dataclass, field
from typing import TypeVar

Kind = TypeVar("Kind")


@dataclass(eq=False, slots=True)
class Memory:
    """Values to be remembered, one of each class; modules define small classes for them, with a default per field.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Zoom:
    ...     factor: float = 1.0
    >>> memory = Memory()
    >>> memory.kept(Zoom).factor
    1.0
    >>> memory.keep(Zoom(2.0))
    >>> memory.kept(Zoom).factor
    2.0
    """

    _kept: dict[type, object] = field(default_factory=dict, init=False)

    def kept(self, kind: type[Kind]) -> Kind:
        """The kept value of a class; before the first `keep`, the value that the class makes without arguments."""
        value = self._kept.setdefault(kind, kind())
        assert isinstance(value, kind), "values are kept by their class"
        return value

    def keep(self, value: object) -> None:
        """Keep a value; it replaces the kept value of the same class."""
        self._kept[type(value)] = value
