"""Expressions over columns, such as ``label == 7 and prediction == 1``: parsed by Python, and evaluated here."""

import ast
import re
from collections.abc import Mapping

import numpy as np

from embviz.arrays import BoolArray
from embviz.checks.columns import whole_text
from embviz.errors import SpecError
from embviz.search.columns import SearchColumn
from embviz.search.operands import Operand, Truth, added, column_operand, compared, constant_operand, contained

LONGEST = 1000
"""Most characters of an expression."""

DEEPEST = 50
"""Most nested levels in an expression."""

EXAMPLE = "write it like label == 7 and prediction != 7"
ALLOWED = "it may have names of columns, numbers, texts in quotes, comparisons, and, or, not, in, + and -"

_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`([^`]*)`""")

_REFUSED = {
    ast.Call: "a call",
    ast.Attribute: "a dot after a name",
    ast.Subscript: "an index in brackets",
    ast.BinOp: "arithmetic other than + and -",
    ast.JoinedStr: "a formatted text",
    ast.NamedExpr: ":=",
    ast.IfExp: "if",
    ast.Lambda: "lambda",
}


def expression_matches(text: str, columns: Mapping[str, SearchColumn]) -> BoolArray:
    """Whether an expression is true for each item; it is not if it depends on a value that the item lacks.

    Parameters
    ----------
    text
        Names of columns (in backquotes, where one is not a name in Python), numbers, texts in quotes, ``True`` and
        ``False``; compared by ``== != < <= > >= in``; joined by ``and``, ``or``, ``not``; ``+`` and ``-`` of numbers.
        ``column is None`` is true for items without a value, and ``"a" in column`` for items whose text contains it.
    columns
        What `search_columns` gives.

    Raises
    ------
    SpecError
        If the text is not such an expression, names a column that does not exist, or compares text with numbers.
    InputError
        If the text has lone surrogates.

    Examples
    --------
    >>> columns = {"age": SearchColumn("age", np.array([1.0, 5.0, np.nan]))}
    >>> expression_matches("age > 3", columns).tolist(), expression_matches("not age > 3", columns).tolist()
    ([False, True, False], [True, False, False])
    """
    whole_text("the expression", text)
    if len(text) > LONGEST:
        raise SpecError(f"an expression may have at most {LONGEST:,} characters, got {len(text):,}; shorten it")
    names = dict(columns)
    plain = _with_names_only(text.strip(), names)
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = getattr(error, "offset", None)
        where = f" at character {place}" if place and "`" not in text else ""
        hint = "; compare with ==, not =" if re.search(r"(?<![=!<>])=(?!=)", plain) else ""
        raise SpecError(f"the expression cannot be read{where}{hint}; {EXAMPLE}") from error
    n = len(next(iter(columns.values())))
    return Evaluation(names, n).truth_of(tree, 0).is_true


def _with_names_only(text: str, names: dict[str, SearchColumn]) -> str:
    """The text with each name in backquotes replaced by one that Python reads, and which is added to the names."""

    def replaced(found: re.Match[str]) -> str:
        column = found[1]
        if column is None:
            return found[0]
        if column not in names:
            raise SpecError(_unknown(column, names))
        name = f"column_{len(names)}"
        while name in names:
            name += "_"
        names[name] = names[column]
        return name

    return _QUOTED.sub(replaced, text)


def _unknown(name: str, names: Mapping[str, SearchColumn]) -> str:
    known = ", ".join(column.name for column in names.values())
    known = known if len(known) <= 200 else f"{known[:200]}…"
    return f"there is no column {name!r:.80}; there are {known}"


class Evaluation:
    """Evaluates parts of an expression over columns of n items.

    Parameters
    ----------
    names
        Columns by their names in the expression.
    n
        How many items there are.
    """

    def __init__(self, names: Mapping[str, SearchColumn], n: int) -> None:
        self._names, self._n = names, n

    def truth_of(self, node: ast.expr, depth: int) -> Truth:
        """Truth of a condition for each item."""
        _check_depth(depth)
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                truths = [self.truth_of(value, depth + 1) for value in values]
                return Truth(
                    np.logical_and.reduce([truth.is_true for truth in truths]),
                    np.logical_or.reduce([truth.is_false for truth in truths]),
                )
            case ast.BoolOp(values=values):
                truths = [self.truth_of(value, depth + 1) for value in values]
                return Truth(
                    np.logical_or.reduce([truth.is_true for truth in truths]),
                    np.logical_and.reduce([truth.is_false for truth in truths]),
                )
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.truth_of(operand, depth + 1).negated
            case ast.Compare(left=left, ops=ops, comparators=rights):
                return self._comparisons(left, ops, rights, depth + 1)
        return self.operand_of(node, depth).as_condition(self._n)

    def _comparisons(self, left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr], depth: int) -> Truth:
        truth = Truth.of_all(self._n)
        for op, right in zip(ops, rights, strict=True):
            each = self._comparison(left, op, right, depth)
            truth = Truth(truth.is_true & each.is_true, truth.is_false | each.is_false)
            left = right
        return truth

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr, depth: int) -> Truth:
        match op, right:
            case ((ast.Is() | ast.IsNot()), ast.Constant(value=None)):
                known = self.operand_of(left, depth).known_of(self._n)
                return Truth(known, ~known) if isinstance(op, ast.IsNot) else Truth(~known, known)
            case ((ast.Is() | ast.IsNot()), _):
                raise SpecError("is and is not are for None only: age is None; compare others with == and !=")
            case ((ast.In() | ast.NotIn()), (ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts))):
                truth = self._among(left, parts, depth)
            case ((ast.In() | ast.NotIn()), _):
                truth = contained(self.operand_of(left, depth), self.operand_of(right, depth), self._n)
            case _:
                return compared(self.operand_of(left, depth), op, self.operand_of(right, depth), self._n)
        return truth.negated if isinstance(op, ast.NotIn) else truth

    def _among(self, left: ast.expr, parts: list[ast.expr], depth: int) -> Truth:
        sought = self.operand_of(left, depth)
        truth = Truth.of_all(self._n).negated
        for part in parts:
            each = compared(sought, ast.Eq(), self.operand_of(part, depth), self._n)
            truth = Truth(truth.is_true | each.is_true, truth.is_false & each.is_false)
        return truth

    def operand_of(self, node: ast.expr, depth: int) -> Operand:
        """Operand of a part that is compared or added."""
        _check_depth(depth)
        match node:
            case ast.Name(id=name):
                if name not in self._names:
                    raise SpecError(_unknown(name, self._names))
                return column_operand(self._names[name])
            case ast.Constant(value=value):
                return constant_operand(value)
            case ast.UnaryOp(op=ast.UAdd() | ast.USub() as sign, operand=operand):
                return added(constant_operand(0), self.operand_of(operand, depth + 1), isinstance(sign, ast.USub))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                operands = (self.operand_of(left, depth + 1), self.operand_of(right, depth + 1))
                return added(*operands, isinstance(op, ast.Sub))
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                raise SpecError(f"conditions are joined by and, or, not, and are not compared; {EXAMPLE}")
        what = _REFUSED.get(type(node), "this")
        raise SpecError(f"{what} is not part of these expressions; {ALLOWED}")


def _check_depth(depth: int) -> None:
    if depth > DEEPEST:
        raise SpecError(f"an expression may have at most {DEEPEST} levels of parts within parts; write a flatter one")
