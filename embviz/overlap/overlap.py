"""The overlap of two classes."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Int64Array
from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.overlap.classes import Measurable, labeled_vectors, why_not
from embviz.overlap.crossing import class_distances, crossing_shares, total
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many neighbors of the items of two classes a and b are of the other class, in one space.

    Not a classifier's error and not a distance between classes. Only items of the two classes count as neighbors, and
    the values hold for this k and these items.

    Attributes
    ----------
    classes
        Codes of a and b.
    space
        Name of the space it was measured in: ``pixels``, ``t-SNE 2D``.
    k
        Number of neighbors per item.
    n_per_class
        Number of items of a, and of b.
    crossing
        How many of the k * n_a neighbors of the items of a are of b, and how many of the k * n_b neighbors of the
        items of b are of a. Fractions come from ties: see `crossing_shares`.
    """

    classes: tuple[int, int]
    space: str
    k: int
    n_per_class: tuple[int, int]
    crossing: tuple[float, float]

    def __post_init__(self) -> None:
        # check_fields would be too slow: a table of 1,000 classes makes half a million of these values.
        for crossing, n_items in zip(self.crossing, self.n_per_class, strict=True):
            if not 0 <= crossing <= self.k * n_items:
                raise SpecError(f"crossing must be in 0..{self.k * n_items} for {n_items} items, got {crossing}")

    @property
    def n(self) -> int:
        """Number of items of both classes."""
        return sum(self.n_per_class)

    @property
    def rates(self) -> tuple[float, float]:
        """Share of b among the neighbors of the items of a, and of a among the neighbors of the items of b; 0..1."""
        (crossing_a, crossing_b), (n_a, n_b) = self.crossing, self.n_per_class
        return crossing_a / (self.k * n_a), crossing_b / (self.k * n_b)

    @property
    def rate(self) -> float:
        """Mean of the two `rates`, so that both classes count the same, whatever their sizes; 0..1."""
        return sum(self.rates) / 2

    @property
    def chance(self) -> float:
        """Expected rate if labels were random, n / (2 (n - 1)), whatever the class sizes."""
        return self.n / (2 * (self.n - 1))

    @property
    def index(self) -> float:
        """Rate divided by chance: 0 for separate classes, about 1 for classes that are fully mixed."""
        return self.rate / self.chance


@checked(SpecError)
def class_overlap(
    vectors: Measurable,
    labels: Int64Array | Dataset,
    classes: tuple[int, int],
    k: int = 10,
    *,
    space: str,
    progress: Progress = no_progress,
) -> Overlap:
    """Overlap of two classes: the share of the other class among each item's k nearest items of the two classes.

    The rate is one minus the neighborhood hit of Paulovich et al. (2008), averaged over the two classes: the best known
    predictor of whether people see two classes as separate (Aupetit and Sedlmair, 2016). The formula is the same for
    pixels, for a layer and for a layout, so values can be compared.

    Parameters
    ----------
    vectors
        Features, a layout, or the float32 array of shape (n, d) of either.
    labels
        int64, shape (n,): class codes; or a dataset of the same items, whose labels are used.
    classes
        The two codes.
    k
        Number of neighbors per item, 1 .. items of both classes - 1.
    space
        Name of the space, kept in the result.
    progress
        Called with the stages of `nearest_rows`, once for each of four searches.

    Raises
    ------
    SpecError
        If the classes are the same, one has no items, k is out of range, or `labeled_vectors` refuses the data.
    InputError
        If the dataset is of other items than the features or the layout.

    Examples
    --------
    Items at 0, 1 and 3 are of class 0, items at 4 and 5 of class 1. The nearest neighbor of the item at 3 is of the
    other class; the item at 4 has two equally near neighbors, one of each class, so it counts half.

    >>> line = np.array([[0], [1], [3], [4], [5]], np.float32)
    >>> overlap = class_overlap(line, np.array([0, 0, 0, 1, 1]), (0, 1), k=1, space="line")
    >>> overlap.crossing, overlap.rates[1], overlap.chance
    ((1.0, 0.5), 0.25, 0.625)
    """
    array, codes = labeled_vectors(vectors, labels)
    if reason := why_not(classes, np.bincount(codes), k):
        raise SpecError(reason)
    members = [np.flatnonzero(codes == code) for code in classes]
    crossing = []
    for one, two in (members, members[::-1]):
        own = class_distances(array, k, among=one, of=one, is_own=True, progress=progress)
        other = class_distances(array, k, among=two, of=one, is_own=False, progress=progress)
        crossing.append(total(crossing_shares(own, other).tolist()))
    return Overlap(
        classes=classes,
        space=space,
        k=k,
        n_per_class=(len(members[0]), len(members[1])),
        crossing=(crossing[0], crossing[1]),
    )
