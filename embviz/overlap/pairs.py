"""The `ClosestPairs` of two classes: the pairs of one item of each class that are nearest to each other."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.neighbors import nearest_rows
from embviz.overlap.classes import Measurable, labeled_vectors, names_of, why_not
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class ClosestPairs:
    """The closest pairs of one item of class a and one item of class b.

    Attributes
    ----------
    classes
        Codes of a and b.
    rows_a, rows_b
        int64, shape (m,): rows of the two items of each pair, ordered by (distance, row of a, row of b).
    distances
        float32, shape (m,): Euclidean distance of each pair, 0 for exact duplicates.
    items
        Fingerprint of the items of the dataset that the rows belong to, `Dataset.items`; empty for rows of an array.
    """

    classes: tuple[int, int]
    rows_a: Int64Array
    rows_b: Int64Array
    distances: Float32Array
    items: str = ""

    __repr__ = summary

    def __post_init__(self) -> None:
        shape = (len(self.distances),)
        object.__setattr__(self, "rows_a", frozen_array("rows_a", self.rows_a, np.int64, shape))
        object.__setattr__(self, "rows_b", frozen_array("rows_b", self.rows_b, np.int64, shape))
        object.__setattr__(self, "distances", frozen_array("distances", self.distances, np.float32, shape))
        if (self.distances < 0).any() or (np.diff(self.distances) < 0).any():
            raise SpecError("distances must be at least 0 and never decrease: the closest pair comes first")

    def __len__(self) -> int:
        return len(self.distances)


@checked(SpecError)
def closest_pairs(
    vectors: Measurable,
    labels: Int64Array | Dataset,
    classes: tuple[int, int],
    count: int = 12,
    *,
    progress: Progress = no_progress,
) -> ClosestPairs:
    """The `count` closest pairs of one item of each class, or all pairs if there are fewer.

    An item close to many items of the other class appears in many pairs.

    Parameters
    ----------
    vectors, labels, classes, progress
        As in `class_overlap`.
    count
        Number of pairs, >= 1.

    Raises
    ------
    SpecError
        If the classes are the same, one has no items, or `count` is below 1.
    InputError
        If the dataset has other items than the features or the layout.

    Examples
    --------
    >>> line = np.array([[0], [1], [3]], np.float32)
    >>> pairs = closest_pairs(line, np.array([7, 7, 1]), (1, 7))
    >>> pairs.rows_a.tolist(), pairs.rows_b.tolist(), pairs.distances.tolist()
    ([2, 2], [1, 0], [2.0, 3.0])
    """
    array, codes = labeled_vectors(vectors, labels)
    if reason := why_not(classes, np.bincount(codes), 1, names_of(labels)):
        raise SpecError(reason)
    if count < 1:
        raise SpecError(f"count must be at least 1, got {count}")
    members_a, members_b = (np.flatnonzero(codes == code) for code in classes)
    width = min(count, len(members_b))
    nearest = nearest_rows(array, width, among=members_b, of=members_a, progress=progress)
    rows_a, rows_b = members_a.repeat(width), nearest.indices.ravel().astype(np.int64)
    distances = nearest.distances.ravel()
    closest = np.lexsort((rows_b, rows_a, distances))[:count]
    known = next((each.items for each in (vectors, labels) if not isinstance(each, np.ndarray)), "")
    return ClosestPairs(classes, rows_a[closest], rows_b[closest], distances[closest], known)
