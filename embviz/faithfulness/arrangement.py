"""The `Arrangement` value: whether the angles between classes in a layout are those in the data."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.checks.arguments import check_fields, check_range
from embviz.progress import Progress, blocks_of, no_progress

STAGE = "angles"
TRIPLES = 20_000
"""Number of triples of items that are drawn: the mean is then known to about .001."""
ROWS_AT_ONCE = 1_000

WELL, IN_PART = 0.9, 0.5
"""Least `Arrangement.kept` at which the arrangement is called that of the data, and that of the data in part."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The distortion by a layout of the angles under which items of one class see those of another.

    It does not say whether classes are apart or distances are right: only angles count.

    Attributes
    ----------
    distortion
        The class angular distortion index, CADI (Gunaratne, Kobourov and Miller, 2026), 0..1: 0 if all angles are those
        of the data.
    by_chance
        The index of the same layout with its items' positions exchanged at random, 0..1.
    n_classes
        Number of classes that have items.
    """

    distortion: float
    by_chance: float
    n_classes: int

    def __post_init__(self) -> None:
        check_fields(self)
        check_range("distortion", self.distortion, 0, 1)
        check_range("by_chance", self.by_chance, 0, 1)

    @property
    def kept(self) -> float:
        """Share of the distortion by chance that the layout avoids: 1 if no angle changes, 0 by chance.

        Examples
        --------
        >>> Arrangement(0.05, 0.2, 10).kept
        0.75
        """
        return 1 - self.distortion / self.by_chance if self.by_chance else 1.0

    @property
    def sentence(self) -> str:
        """The verdict on the arrangement, in a sentence.

        Examples
        --------
        >>> Arrangement(0.05, 0.2, 10).sentence
        'The arrangement of the 10 classes is that of the data in part only.'
        """
        classes = f"the arrangement of the {self.n_classes} classes"
        if self.kept >= WELL:
            return f"{classes.capitalize()} is that of the data."
        if self.kept >= IN_PART:
            return f"{classes.capitalize()} is that of the data in part only."
        return f"{classes.capitalize()} is hardly that of the data: do not read anything into it."


def class_arrangement(
    vectors: Float32Array, layout: Float32Array, codes: Int64Array, *, progress: Progress = no_progress
) -> Arrangement | None:
    """The distortion by a layout of the angles between classes, from random triples of items.

    In each triple, x is of one class, and y and z are different items of another class; all such pairs of classes are
    equally likely. The index is the mean of (cos a - cos b)^2 / 4, with a the angle at x between y and z in the data
    and b that in the layout; if y or z lies at x the cosine is 0. The same class codes give the same triples.

    Parameters
    ----------
    vectors, layout
        float32, shapes (n, d) and (n, 2 or 3).
    codes
        int64, shape (n,): class of each item.
    progress
        Called with stage ``angles``.

    Returns
    -------
    Arrangement or None
        None if there are fewer than two classes, or no class has two items.

    Examples
    --------
    A layout that turns and stretches the data changes no angle.

    >>> data = np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32)
    >>> found = class_arrangement(data, np.ascontiguousarray(3 * data[:, ::-1]), np.arange(9) % 3)
    >>> round(found.distortion, 6), found.sentence
    (0.0, 'The arrangement of the 3 classes is that of the data.')
    """
    found, counts = np.unique(codes, return_counts=True)
    if len(found) < 2 or counts.max() < 2:
        return None
    rng = np.random.default_rng(0)
    triples = _triples(codes, found, counts, rng)
    moved = layout[rng.permutation(len(layout))]
    distances = np.zeros(2)
    for rows in blocks_of(STAGE, TRIPLES, ROWS_AT_ONCE, progress):
        true = _cosines(vectors, triples[rows])
        distances += [np.sum((true - _cosines(coords, triples[rows])) ** 2) for coords in (layout, moved)]
    distortion, by_chance = (distances / (4 * TRIPLES)).tolist()
    return Arrangement(distortion, by_chance, len(found))


def _triples(codes: Int64Array, found: Int64Array, counts: Int64Array, rng: np.random.Generator) -> Int64Array:
    """Random triples of rows (x, y, z), where y and z are two items of one class and x is of another.

    int64, shape (`TRIPLES`, 3).
    """
    by_class, starts = np.argsort(codes, kind="stable"), np.cumsum(counts) - counts
    seen = rng.choice(np.flatnonzero(counts > 1), TRIPLES)
    seer = rng.integers(0, len(found) - 1, TRIPLES)
    seer += seer >= seen
    x = rng.integers(0, counts[seer])
    y, z = rng.integers(0, counts[seen]), rng.integers(0, counts[seen] - 1)
    z += z >= y
    places = np.stack([starts[seer] + x, starts[seen] + y, starts[seen] + z], axis=1)
    triples: Int64Array = by_class[places].astype(np.int64)
    return triples


def _cosines(points: Float32Array, triples: Int64Array) -> Float64Array:
    """Cosine of the angle at the first item of each triple; 0 if another item of the triple has the same position."""
    x, y, z = (points[rows].astype(np.float64) for rows in triples.T)
    y -= x
    z -= x
    lengths = np.sqrt(np.einsum("ij,ij->i", y, y) * np.einsum("ij,ij->i", z, z))
    cosines: Float64Array = np.einsum("ij,ij->i", y, z) / np.where(lengths > 0, lengths, 1)
    return cosines
