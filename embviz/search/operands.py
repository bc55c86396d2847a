"""Operands of expressions: columns and constants as numbers, texts or flags, some of their values missing."""

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from embviz.arrays import AnyArray, BoolArray
from embviz.errors import SpecError
from embviz.search.columns import SearchColumn

Value = AnyArray | int | float | str | bool

COMPARISONS: dict[type[ast.cmpop], Callable[[Value, Value], AnyArray]] = {
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}


@dataclass(frozen=True, eq=False, slots=True)
class Truth:
    """Truth of a condition for each item: true, false, or neither where a value is missing.

    Attributes
    ----------
    is_true, is_false
        bool, shape (n,), never both.
    """

    is_true: BoolArray
    is_false: BoolArray

    @staticmethod
    def of_all(n: int) -> "Truth":
        """Truth of a condition that is true of all n items."""
        return Truth(np.ones(n, np.bool_), np.zeros(n, np.bool_))

    @property
    def negated(self) -> "Truth":
        """Truth that is true where this one is false, and false where it is true."""
        return Truth(self.is_false, self.is_true)


@dataclass(frozen=True, eq=False, slots=True)
class Operand:
    """A column or a constant as number, text or flag; for each of these a function, or None if it is not of this kind.

    Attributes
    ----------
    said
        Name of the operand in messages.
    number
        Function that gives a number, or an array int64 or float64 of shape (n,).
    text, flag
        Likewise for text, and for True and False.
    known
        Whether each item has a value.
    """

    said: str
    number: Callable[[], Value] | None = None
    text: Callable[[], Value] | None = None
    flag: Callable[[], Value] | None = None
    known: AnyArray | bool = True

    @property
    def kind(self) -> str:
        """Kind of its values, in words for messages."""
        return "numbers" if self.number else "text" if self.text else "True or False" if self.flag else "nothing"

    def known_of(self, n: int) -> BoolArray:
        """Whether each of n items has a value."""
        return np.broadcast_to(np.asarray(self.known, np.bool_), n)

    def as_condition(self, n: int) -> Truth:
        """Truth of the operand standing alone as a condition.

        Raises
        ------
        SpecError
            If its values are not True and False.
        """
        if self.flag is None:
            raise SpecError(f"{self.said} alone is not a condition; compare it, as in {self.said} == …")
        return _truth(np.asarray(self.flag()), self.known, n)


def column_operand(column: SearchColumn) -> Operand:
    """A column as an operand."""
    known, kind = column.spread(column.are_known), column.values.dtype.kind
    if kind == "b":
        return Operand(column.name, flag=lambda: column.spread(column.values), known=known)
    numbers = column.numbers
    return Operand(
        column.name,
        number=None if numbers is None else lambda: column.spread(numbers),
        text=(lambda: column.spread(column.values)) if kind == "U" else None,
        known=known,
    )


def constant_operand(value: object) -> Operand:
    """A constant as an operand.

    Raises
    ------
    SpecError
        If it is not a number, a text, True or False, or if the number is too large.
    """
    match value:
        case bool():
            return Operand(str(value), flag=lambda: value)
        case int() if -(2**63) <= value < 2**63:
            return Operand(str(value), number=lambda: value)
        case float() if math.isfinite(value):
            return Operand(f"{value:g}", number=lambda: value)
        case int() | float():
            raise SpecError("a number in the expression is too large; use one below 9e18, or one with a point")
        case str():
            return Operand(f"{value!r:.40}", text=lambda: value)
        case None:
            raise SpecError("None is compared by is: age is None, or age is not None")
    raise SpecError("a constant must be a number, a text in quotes, True or False; use one of these")


def added(left: Operand, right: Operand, is_minus: bool) -> Operand:
    """The sum of two numbers, or their difference.

    Raises
    ------
    SpecError
        If one of them is not a number.
    """
    for operand in (left, right):
        if operand.number is None:
            raise SpecError(f"+ and - are for numbers, and {operand.said} is {operand.kind}; leave it out of the sum")
    first, second = left.number, right.number
    assert first is not None and second is not None, "both were looked at"

    def number() -> Value:
        # as float64, because int64 may overflow
        a, b = np.asarray(first(), np.float64), np.asarray(second(), np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(a - b if is_minus else a + b)

    said = f"-{right.said}" if left.said == "0" else f"{left.said} {'-' if is_minus else '+'} {right.said}"
    return Operand(f"{said:.80}", number=number, known=np.asarray(left.known) & np.asarray(right.known))


def compared(left: Operand, op: ast.cmpop, right: Operand, n: int) -> Truth:
    """Truth of a comparison for each item.

    Raises
    ------
    SpecError
        If the two cannot be compared.
    """
    known = np.asarray(left.known) & np.asarray(right.known)
    if left.number is not None and right.number is not None:
        values = left.number(), right.number()
    elif left.text is not None and right.text is not None:
        values = left.text(), right.text()
    elif left.flag is not None and right.flag is not None:
        values = left.flag(), right.flag()
    else:
        raise SpecError(_differ(left, right))
    return _truth(np.asarray(COMPARISONS[type(op)](*values)), known, n)


def contained(left: Operand, right: Operand, n: int) -> Truth:
    """Truth, for each item, of "the right text contains the left text"; upper and lower case differ.

    Raises
    ------
    SpecError
        If one of them is not a text.
    """
    if left.text is None or right.text is None:
        raise SpecError('in is for a text in a column of text, as in "a" in name, or for a list, as in label in (1, 7)')
    found = np.strings.find(np.asarray(right.text(), np.str_), np.asarray(left.text(), np.str_)) >= 0
    return _truth(np.asarray(found), np.asarray(left.known) & np.asarray(right.known), n)


def _truth(is_true: AnyArray, known: AnyArray | bool, n: int) -> Truth:
    true, known_of_all = np.broadcast_to(np.asarray(is_true, np.bool_), n), np.broadcast_to(known, n)
    return Truth(true & known_of_all, ~true & known_of_all)


def _differ(left: Operand, right: Operand) -> str:
    number, other = (left, right) if left.number is not None else (right, left)
    if number.number is not None and other.text is not None:
        hint = f"leave out the quotes of {other.said}" if other.said[:1] in "'\"" else f"put {number.said} in quotes"
        return f"{number.said} is {number.kind} and {other.said} is text; {hint}"
    return f"{left.said} is {left.kind} and {right.said} is {right.kind}; compare what is of the same kind"
