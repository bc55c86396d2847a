"""The `Overlap` of two classes in a space: how many nearest neighbors are of the other class, with intervals."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Int64Array
from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.overlap.classes import Measurable, labeled_vectors, names_of, why_not
from embviz.overlap.counting import total
from embviz.overlap.groups import Groups, check_groups
from embviz.overlap.intervals import Interval, Spread, at_most, interval_of, quantile_of
from embviz.overlap.replicates import overlap_replicates, why_no_others, why_no_replicates
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Overlap:
    """The overlap of two classes a and b in one space: how many of their items' neighbors are of the other class.

    It is neither a classifier's error nor a distance between classes. Only items of the two classes count as neighbors,
    and the values hold for this k and these items.

    Attributes
    ----------
    classes
        Codes of a and b.
    space
        Name of the space that overlap was measured in: ``pixels``, ``t-SNE 2D``.
    k
        Number of neighbors per item.
    n_per_class
        Number of items of a, and of b.
    crossing
        Number of the k * n_a neighbors of the items of a that are of b, and of the k * n_b neighbors of the items of b
        that are of a. Fractions come from ties: see `overlap_replicates`.
    spread
        Standard errors, from which the intervals follow.
    others_chance
        Expected rate if labels were random and neighbors are of other groups only; None for neighbors of all groups.
    """

    classes: tuple[int, int]
    space: str
    k: int
    n_per_class: tuple[int, int]
    crossing: tuple[float, float]
    spread: Spread
    others_chance: float | None = None

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
        """Mean of the two `rates`, so that both classes have the same weight, whatever their sizes; 0..1."""
        return sum(self.rates) / 2

    @property
    def chance(self) -> float:
        """Expected rate if labels were random: n / (2 (n - 1)), or `others_chance` if that is given."""
        return self.others_chance if self.others_chance is not None else self.n / (2 * (self.n - 1))

    @property
    def index(self) -> float:
        """Rate divided by chance: 0 for separate classes, about 1 for classes that are fully mixed."""
        return self.rate / self.chance

    @property
    def rate_at_most(self) -> float | None:
        """Upper bound of the rate if no neighbor is of the other class, see `intervals.at_most`; None if some are."""
        return None if any(self.crossing) else at_most(self._n_trials)

    @property
    def index_at_most(self) -> float | None:
        """`rate_at_most` divided by chance; None if some neighbors are of the other class."""
        return None if self.rate_at_most is None else self.rate_at_most / self.chance

    @property
    def interval(self) -> Interval | None:
        """95 % confidence interval of the rate; None if it is not known, for the reason in `spread`."""
        if self.spread.rate_error is None:
            return None
        return interval_of(self.rate, self.spread.rate_error, 1.0, self.spread, self._n_trials)

    @property
    def index_interval(self) -> Interval | None:
        """95 % confidence interval of the index; None if it is not known, for the reason in `spread`."""
        if self.spread.index_error is None:
            return None
        return interval_of(self.index, self.spread.index_error, 1 / self.chance, self.spread, self._n_trials)

    @property
    def _n_trials(self) -> int:
        """Number n of trials for which 3 / n bounds the rate: twice the items of the smaller class, or the groups."""
        return self.spread.n_units if self.spread.group else 2 * min(self.n_per_class)


@checked(SpecError)
def class_overlap(
    vectors: Measurable,
    labels: Int64Array | Dataset,
    classes: tuple[int, int],
    k: int = 10,
    *,
    space: str,
    groups: Groups | None = None,
    others_only: bool = False,
    progress: Progress = no_progress,
) -> Overlap:
    """The overlap of two classes: the share of the other class among each item's k nearest items of the two classes.

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
    groups
        Groups of items that belong together, so that the interval is for samples of other groups; None makes each item
        a group of its own. `groups_of` makes groups from a column.
    others_only
        Whether an item's neighbors are searched among the items of other groups only.
    progress
        Called with the stages of `nearest_rows`.

    Raises
    ------
    SpecError
        If the classes are the same, one has no items, k is out of range, `labeled_vectors` refuses the data, or the
        number of groups is not that of the items.
    InputError
        If the dataset has other items than the features or the layout.

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
    if reason := why_not(classes, np.bincount(codes), k, names_of(labels)):
        raise SpecError(reason)
    if groups is not None:
        check_groups(groups, vectors, len(codes))
    rows = np.flatnonzero(np.isin(codes, classes))
    is_b = codes[rows] == classes[1]
    if others_only and not (groups and groups.name):
        raise SpecError("neighbors of other groups only need groups; name a column of items that belong together")
    own = np.arange(len(rows)) if groups is None else groups.among(rows)
    if others_only and (reason := why_no_others(own, k)):
        raise SpecError(reason)
    missing = why_no_replicates(is_b, own, k, others_only=others_only)
    found = overlap_replicates(
        array[rows],
        is_b,
        own,
        k,
        others_only=others_only,
        is_repeated=not missing,
        by_item=groups is None or groups.has_single_items,
        progress=progress,
    )
    rate_error, index_error = (None, None) if missing else found.standard_errors
    n_units = int(own.max()) + 1
    group = groups.name if groups else ""
    return Overlap(
        classes=classes,
        space=space,
        k=k,
        n_per_class=(int((~is_b).sum()), int(is_b.sum())),
        crossing=(total(found.shares[~is_b]), total(found.shares[is_b])),
        spread=Spread(rate_error, index_error, n_units, quantile_of(max(2, n_units)), group, missing),
        others_chance=found.chance if others_only else None,
    )
