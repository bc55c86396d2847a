"""A linear probe: how well a plane tells two classes apart, judged on items that it was not fitted to."""

import warnings

import numpy as np

from embviz.layers.accuracy import Accuracy, held_out_accuracy, no_accuracy
from embviz.layers.folds import folds_of
from embviz.layers.items import PairItems
from embviz.layers.span import Span
from embviz.processes.blas import one_blas_thread
from embviz.progress import Progress, no_progress

STAGE = "linear probe"
MOST_ITERATIONS = 1000


def probe_accuracy(pair: PairItems, span: Span, *, progress: Progress = no_progress) -> Accuracy:
    """Accuracy of a logistic regression on items of folds that it was not fitted to, mean over the classes.

    A linear probe (Alain and Bengio, 2016): scikit-learn's `LogisticRegression` with its default C = 1 and
    ``class_weight="balanced"``, on coordinates whose mean variance is 1, so that rotation, shift and scale of the
    features do not matter. It is fitted in five folds, which split no group (`folds_of`).

    Not what a network does with the layer: a low accuracy says that no plane separates the classes, but a high one is
    easily reached in many dimensions.

    Parameters
    ----------
    pair
        The items of the two classes.
    span
        The coordinates of these items.
    progress
        Called with stage ``linear probe`` before every fold and at the end.
    """
    folds, reason = folds_of(pair.ids, pair.is_second, pair.groups)
    if reason:
        return no_accuracy("probe", pair, reason)
    if span.rank == 0:
        return no_accuracy("probe", pair, "all items of the two classes are equal", (0.5, 0.5))
    from sklearn.linear_model import LogisticRegression

    points, is_right = span.scaled, np.empty(len(folds))
    n_folds = int(folds.max()) + 1
    for fold in range(n_folds):
        progress(STAGE, fold, n_folds)
        is_out = folds == fold
        model = LogisticRegression(class_weight="balanced", tol=1e-6, max_iter=MOST_ITERATIONS)
        with one_blas_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # at most the warning that the fit could be closer
            sides = model.fit(points[~is_out], pair.is_second[~is_out]).decision_function(points[is_out])
        is_right[is_out] = (1 + np.sign(sides) * np.where(pair.is_second[is_out], 1, -1)) / 2
    progress(STAGE, n_folds, n_folds)
    return held_out_accuracy("probe", pair, is_right)
