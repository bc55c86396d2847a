"""Exact sums of columns and of their products, which do not depend on the order or the grouping of rows."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embviz.arrays import Float32Array, Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields
from embviz.errors import InputError

BITS = 20
"""Bits of a limb, a digit of large numbers. 2 * BITS plus log2(ROWS) is 53: sums of products are exact in float64."""

ROWS = 2**13
"""Number of rows in one matrix product."""

MOST_ROWS = 32 * ROWS
"""Number of rows whose products are summed before carries: with a few pairs of limbs each, sums stay below 2**63."""

SHIFT = 4
"""Limb l of a number counts multiples of 2**(BITS * l + SHIFT), so that two limbs hold most numbers below 16."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Moments:
    """The number of rows, the sum of each column, and the sum of the product of every two columns, exact.

    Each sum is a multiple of some power of two, as limbs: ``sum(limb[l] * 2**(BITS * l))``, lowest first. Two `Moments`
    of the same rows may have different limbs for equal numbers.

    Attributes
    ----------
    n
        Number of rows.
    sums
        int64, shape (limbs, d): limbs of the sums of columns.
    products
        int64, shape (limbs, d, d): limbs of the sums of products.
    lowest_sum, lowest_product
        Index of the first limb of each, so that its unit is 2**(BITS * lowest_sum + SHIFT) or 2**(BITS * lowest_product
        + 2 * SHIFT).
    """

    n: int
    sums: Int64Array
    products: Int64Array
    lowest_sum: int
    lowest_product: int

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "sums", frozen_array("sums", self.sums, np.int64, (None, None)))
        d = self.sums.shape[1]
        object.__setattr__(self, "products", frozen_array("products", self.products, np.int64, (None, d, d)))


def moments_of(vectors: Float32Array) -> Moments:
    """The moments of rows, float32 of shape (n, d), finite.

    Every float32 is cut into limbs of 20 bits, because float64 matrix products sum whole numbers exactly below 2**53
    (Ozaki, Ogita, Oishi and Rump, 2012, cut matrices likewise).

    Examples
    --------
    >>> found = moments_of(np.array([[1, 0], [3, 0]], np.float32))
    >>> centered_products(found)[0].tolist(), centered_products(found)[1].tolist()
    ([2.0, 0.0], [[2.0, 0.0], [0.0, 0.0]])
    """
    parts = [_few_rows(vectors[start : start + MOST_ROWS]) for start in range(0, len(vectors), MOST_ROWS)]
    return moments_together(parts) if len(parts) != 1 else parts[0]


def moments_together(parts: Iterable[Moments]) -> Moments:
    """The moments of all rows of several parts, given in any order.

    Raises
    ------
    InputError
        If the parts' rows differ in length, or no part is given.
    """
    n, sums, products = 0, _Limbs(), _Limbs()
    width: int | None = None
    for part in parts:
        if width not in (None, part.sums.shape[1]):
            raise InputError(f"moments of rows of {width} and {part.sums.shape[1]} numbers do not add up")
        width = part.sums.shape[1]
        n += part.n
        for place, limb in enumerate(part.sums):
            sums.add(part.lowest_sum + place, limb)
        for place, limb in enumerate(part.products):
            products.add(part.lowest_product + place, limb)
    if width is None:
        raise InputError("no moments are given to add up; give at least one")
    return _with_carries(n, sums, products)


def centered_products(moments: Moments) -> tuple[Float64Array, Float64Array]:
    """The mean of each column, shape (d,), and the sums of products of centered columns, shape (d, d).

    Each number is the exact one, rounded once to float64.
    """
    sums, products = _whole(moments.sums), _whole(moments.products)
    of_sums = BITS * moments.lowest_sum + SHIFT
    of_products = BITS * moments.lowest_product + 2 * SHIFT
    least = min(of_products, 2 * of_sums)
    exact = moments.n * (products << (of_products - least)) - (np.outer(sums, sums) << (2 * of_sums - least))
    return _quotient(sums, moments.n, of_sums), _quotient(exact, moments.n, least)


class _Limbs:
    """Sums of whole numbers, by the index of their limb."""

    def __init__(self) -> None:
        self.by_place: dict[int, Int64Array] = {}

    def add(self, place: int, numbers: Int64Array) -> None:
        if place in self.by_place:
            self.by_place[place] += numbers
        else:
            self.by_place[place] = numbers.copy()

    def carried(self, shape: tuple[int, ...]) -> tuple[Int64Array, int]:
        """The limbs in order, each in 0 .. 2**BITS - 1 but the last, which has the sign; and the index of the first."""
        if not self.by_place:
            return np.zeros((1, *shape), np.int64), 0
        lowest, highest = min(self.by_place), max(self.by_place) + 64 // BITS
        limbs = np.zeros((highest - lowest + 1, *shape), np.int64)
        for place, numbers in self.by_place.items():
            limbs[place - lowest] = numbers
        for here in range(len(limbs) - 1):
            over = limbs[here] >> BITS
            limbs[here] -= over << BITS
            limbs[here + 1] += over
        while len(limbs) > 1 and not limbs[-1].any():
            limbs = limbs[:-1]
        return limbs, lowest


def _few_rows(vectors: Float32Array) -> Moments:
    sums, products = _Limbs(), _Limbs()
    for start in range(0, len(vectors), ROWS):
        limbs = _limbs_of(vectors[start : start + ROWS].astype(np.float64))
        for place, limb in limbs.items():
            sums.add(place, limb.sum(axis=0).astype(np.int64))
            for other, second in limbs.items():
                if other == place:
                    products.add(2 * place, (limb.T @ limb).astype(np.int64))
                elif other < place:
                    both = _product(limb, second)
                    products.add(place + other, both + both.T)
    return _with_carries(len(vectors), sums, products, vectors.shape[1])


def _product(limb: Float64Array, lower: Float64Array) -> Int64Array:
    """Products of two limbs; rows in which the lower limb is 0, often most of them, are left out."""
    rows = np.flatnonzero(lower.any(axis=1))
    found = limb.T @ lower if 4 * len(rows) > len(limb) else limb[rows].T @ lower[rows]
    return found.astype(np.int64)


def _limbs_of(values: Float64Array) -> dict[int, Float64Array]:
    """Limbs of the values, whole numbers below 2**BITS, by their index; limbs that are all 0 are left out."""
    largest = float(np.abs(values).max(initial=0))
    limbs: dict[int, Float64Array] = {}
    place = (int(np.frexp(largest)[1]) - 1 - SHIFT) // BITS
    while values.any():
        unit = 2.0 ** (BITS * place + SHIFT)
        limb = np.trunc(values / unit)
        if limb.any():
            limbs[place] = limb
            values = values - limb * unit
        place -= 1
    return limbs


def _with_carries(n: int, sums: _Limbs, products: _Limbs, width: int = 0) -> Moments:
    d = width or next(iter(sums.by_place.values())).shape[-1]
    (all_sums, lowest_sum), (all_products, lowest_product) = sums.carried((d,)), products.carried((d, d))
    return Moments(n, all_sums, all_products, lowest_sum, lowest_product)


def _whole(limbs: Int64Array) -> "npt.NDArray[np.object_]":
    """The numbers that limbs stand for, as Python integers, which can be arbitrarily large."""
    found = np.zeros(limbs.shape[1:], object)
    for place in range(len(limbs) - 1, -1, -1):
        found = (found << BITS) + limbs[place].astype(object)
    return found


def _quotient(numbers: "npt.NDArray[np.object_]", n: int, exponent: int) -> Float64Array:
    """The numbers times 2**exponent / n, rounded once, because Python rounds a quotient of integers only once."""
    rounded: Float64Array = ((numbers << max(exponent, 0)) / (n << max(-exponent, 0))).astype(np.float64)
    return rounded
