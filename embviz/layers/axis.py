"""The pair axis: the one direction along which two classes differ most, and where each item lies on it."""

import warnings
from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, checked
from embviz.dataset import Dataset
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.layers.accuracy import Accuracy, held_out_accuracy
from embviz.layers.folds import folds_of
from embviz.layers.items import pair_items
from embviz.layers.span import span_of
from embviz.overlap import Groups
from embviz.processes.blas import one_blas_thread
from embviz.progress import Progress, no_progress

STAGE = "pair axis"


@dataclass(frozen=True, eq=False, slots=True, repr=False, weakref_slot=True)
class PairAxis:
    """Items of two classes a and b along one straight line: -1 is where a lies on average, 1 where b does.

    Attributes
    ----------
    classes
        Codes of a and b.
    space
        Name of the feature space.
    rows
        int64, shape (n,): rows of the items of the two classes.
    is_second
        bool, shape (n,): whether each item is of class b.
    scores
        float64, shape (n,): position of each item on the axis that was fitted to the other folds. Below 0 is the side
        of class a.
    weights
        float64, shape (d,): weight of each feature on the axis fitted to all items; a vector of length 1, or of zeros
        if the classes have equal means. A weight above 0 speaks for class b.
    accuracy
        How often an item lies on the side of its own class.
    items
        Fingerprint of the items of the dataset that the rows belong to, `Dataset.items`.
    """

    classes: tuple[int, int]
    space: str
    rows: Int64Array
    is_second: BoolArray
    scores: Float64Array
    weights: Float64Array
    accuracy: Accuracy
    items: str

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        shape = (len(self.rows),)
        object.__setattr__(self, "rows", frozen_array("rows", self.rows, np.int64, shape))
        object.__setattr__(self, "is_second", frozen_array("is_second", self.is_second, np.bool_, shape))
        object.__setattr__(self, "scores", frozen_array("scores", self.scores, np.float64, shape))
        object.__setattr__(self, "weights", frozen_array("weights", self.weights, np.float64, (None,)))
        if self.accuracy.judge != "axis":
            raise InputError(f"the accuracy must be that of the axis, got that of {self.accuracy.judge!r}")

    @property
    def depths(self) -> Float64Array:
        """How far each item lies on the side of the other class; below 0 it is on its own class's side."""
        depths: Float64Array = np.where(self.is_second, -self.scores, self.scores)
        return depths

    @property
    def crossing(self) -> Int64Array:
        """Rows of the items on the other class's side of the axis, those farthest on that side first."""
        places = np.flatnonzero(self.depths > 0)
        return self.rows[places[np.argsort(-self.depths[places], kind="stable")]]


@checked(SpecError)
def pair_axis(
    features: Features,
    dataset: Dataset,
    classes: tuple[int, int],
    *,
    groups: Groups | None = None,
    progress: Progress = no_progress,
) -> PairAxis:
    """The linear discriminant of two classes (Fisher, 1936), and where items of other folds lie on it.

    The direction is S^-1 (m_b - m_a) with S the mean of the two classes' covariances, each shrunk towards a multiple of
    the identity (Ledoit and Wolf, 2004); by scikit-learn's `LinearDiscriminantAnalysis` with equal priors. It is
    fitted in the directions in which the items differ at all, so that shift, rotation and scale of the features do
    not matter. 0 is halfway between the means of the two classes, taken over the items that the axis was fitted to.

    Scores are held out: the axis of a fold is fitted to the other folds, which share no group with it. On an axis
    fitted to the same items, classes would seem apart as soon as there are about as many dimensions as items.

    Not a layout such as t-SNE's or UMAP's: it is the straight line on which these two classes are farthest apart
    relative to their width, and says nothing about any other class.

    Parameters
    ----------
    features, dataset
        The items, and their labels.
    classes
        The two codes.
    groups
        Which items belong together; None makes each item a group of its own.
    progress
        Called with the stages of `span_of`, and with ``pair axis`` before every fold and at the end.

    Raises
    ------
    SpecError
        If the classes are the same, one has no items, or they cannot be put into folds.
    InputError
        If features, dataset and groups do not belong to the same items.
    """
    pair = pair_items(features, dataset, classes, groups)
    folds, reason = folds_of(pair.ids, pair.is_second, pair.groups)
    if reason:
        raise SpecError(f"there is no axis of classes {classes[0]} and {classes[1]}: {reason}, so none can be held out")
    span = span_of(pair.vectors, progress=progress)
    scores, n_folds = np.zeros(len(folds)), int(folds.max()) + 1
    for fold in range(n_folds):
        progress(STAGE, fold, n_folds)
        is_out = folds == fold
        direction, middle = _discriminant(span.scaled[~is_out], pair.is_second[~is_out])
        scores[is_out] = span.scaled[is_out] @ direction - middle
    progress(STAGE, n_folds, n_folds)
    whole, _ = _discriminant(span.scaled, pair.is_second)
    weights = span.directions @ whole
    length = np.sqrt((weights**2).sum())
    is_right = (1 + np.sign(scores) * np.where(pair.is_second, 1, -1)) / 2
    return PairAxis(
        classes=classes,
        space=features.name,
        rows=pair.rows,
        is_second=pair.is_second,
        scores=scores,
        weights=weights / length if length > 0 else np.zeros(len(weights)),
        accuracy=held_out_accuracy("axis", pair, is_right),
        items=dataset.items,
    )


def _discriminant(points: Float64Array, is_second: BoolArray) -> tuple[Float64Array, float]:
    """Direction, and number to subtract, with which the means of the two classes lie at -1 and 1."""
    means = [points[is_second == side].mean(axis=0) for side in (False, True)]
    if points.shape[1] == 0 or np.allclose(means[0], means[1], rtol=0, atol=1e-12):
        return np.zeros(points.shape[1]), 0.0
    from sklearn.covariance import LedoitWolf
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    model = LinearDiscriminantAnalysis(
        solver="lsqr", covariance_estimator=LedoitWolf(store_precision=False), priors=[0.5, 0.5]
    )
    with one_blas_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a class with one item has no covariance, which scikit-learn takes as 0
        direction = model.fit(points, is_second).coef_[0]
    half = direction @ (means[1] - means[0]) / 2
    return direction / half, float(direction @ (means[0] + means[1]) / 2 / half)
