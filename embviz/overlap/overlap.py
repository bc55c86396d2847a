"""The overlap of two classes."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.neighbors import nearest_rows
from embviz.overlap.classes import labeled_vectors, why_not
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Overlap:
    """Cross-class neighbors of two classes a and b in one space.

    Not a classifier's error and not a distance between classes: it says whose items surround an
    item when only the two classes are there, for this k and these items.

    Attributes
    ----------
    classes
        Codes of a and b.
    space
        Where it was measured, in words: ``pixels``, ``t-SNE 2D``.
    k
        Neighbors per item.
    n_per_class
        Number of items of a, and of b.
    crossing
        How many of the k * n_a neighbors of a's items are of b, and how many of b's are of a.
    """

    classes: tuple[int, int]
    space: str
    k: int
    n_per_class: tuple[int, int]
    crossing: tuple[int, int]

    @property
    def n(self) -> int:
        """Number of items of both classes."""
        return sum(self.n_per_class)

    @property
    def rates(self) -> tuple[float, float]:
        """Mean share of b among the neighbors of a's items, and of a among those of b's; 0..1."""
        (crossing_a, crossing_b), (n_a, n_b) = self.crossing, self.n_per_class
        return crossing_a / (self.k * n_a), crossing_b / (self.k * n_b)

    @property
    def rate(self) -> float:
        """Mean of the two `rates`, so that both classes count the same whatever their sizes; 0..1."""
        return sum(self.rates) / 2

    @property
    def chance(self) -> float:
        """The expected rate if labels meant nothing, n / (2 (n - 1)), whatever the class sizes."""
        return self.n / (2 * (self.n - 1))

    @property
    def index(self) -> float:
        """Rate divided by chance: 0 for classes apart, about 1 for classes mixed."""
        return self.rate / self.chance


def class_overlap(
    vectors: Float32Array | Features,
    labels: Int64Array,
    classes: tuple[int, int],
    k: int = 10,
    *,
    space: str,
    progress: Progress = no_progress,
) -> Overlap:
    """Overlap of two classes: the share of the other class among an item's k nearest, the rest left out.

    One minus the neighborhood hit of Paulovich et al. (2008), balanced over the two classes; the
    best known predictor of whether people see two classes as separate (Aupetit and Sedlmair, 2016).
    The formula is the same in pixels, in a layer and in a layout, so its values compare.

    Parameters
    ----------
    vectors
        float32, shape (n, d), or Features: feature vectors or layout coordinates.
    labels
        int64, shape (n,): class codes.
    classes
        The two codes.
    k
        Neighbors per item, 1 .. items of both classes - 1.
    space
        Name of the space, kept in the result.
    progress
        Called with the stages of `nearest_rows`.

    Raises
    ------
    SpecError
        If the classes are the same, one has no items, or k is out of range.

    Examples
    --------
    Items at 0, 1, 2 are of class 0, those at 3, 4 of class 1. Only the item at 3 has a nearest
    neighbor of the other class (2 is as near as 4, and its row is lower), so the rates are 0 / 3 and 1 / 2.

    >>> line = np.array([[0], [1], [2], [3], [4]], np.float32)
    >>> overlap = class_overlap(line, np.array([0, 0, 0, 1, 1]), (0, 1), k=1, space="line")
    >>> overlap.rates, overlap.rate, overlap.chance, overlap.index
    ((0.0, 0.5), 0.25, 0.625, 0.4)
    """
    vectors, labels = labeled_vectors(vectors, labels)
    if reason := why_not(classes, np.bincount(labels), k):
        raise SpecError(reason)
    rows = np.flatnonzero(np.isin(labels, classes))
    neighbors = nearest_rows(vectors, k, among=rows, of=rows, progress=progress).indices
    crossing = (labels[neighbors] != labels[rows, None]).sum(axis=1)
    members = [labels[rows] == code for code in classes]
    return Overlap(
        classes=classes,
        space=space,
        k=k,
        n_per_class=(int(members[0].sum()), int(members[1].sum())),
        crossing=(int(crossing[members[0]].sum()), int(crossing[members[1]].sum())),
    )
