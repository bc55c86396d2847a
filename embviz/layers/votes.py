"""The vote of an item's nearest neighbors on its class."""

from embviz.layers.accuracy import Accuracy, n_trials_of, no_accuracy
from embviz.layers.items import PairItems
from embviz.overlap.counting import total
from embviz.overlap.intervals import Spread, quantile_of
from embviz.overlap.replicates import overlap_replicates, why_no_others, why_no_replicates
from embviz.progress import Progress, no_progress


def neighbor_accuracy(pair: PairItems, k: int, *, progress: Progress = no_progress) -> Accuracy:
    """Share of items whose k nearest others are mostly of their class (Fix and Hodges, 1951), mean over the classes.

    Only items of the two classes vote; if there are groups, only items of other groups do, so that an item is not
    judged by its own group. A tie counts half. The interval is the jackknife's, as that of the overlap: the votes are
    counted again without each item, or each group, in turn.

    Not one minus the overlap's rate, in which each neighbor counts; here only the majority of the neighbors counts.

    Parameters
    ----------
    pair
        The items of the two classes.
    k
        Number of neighbors.
    progress
        Called with the stages of `nearest_rows`.

    Examples
    --------
    The nearest neighbor of the item at 3 is of the other class.

    >>> import numpy as np
    >>> rows = np.arange(5)
    >>> line = np.array([[0], [1], [3], [4], [4.5]], np.float32)
    >>> pair = PairItems(rows, rows, line, np.array([False, False, False, True, True]), rows, "")
    >>> neighbor_accuracy(pair, 1).right
    (0.6666666666666667, 1.0)
    """
    others_only = bool(pair.group)
    reason = why_no_others(pair.groups, k) if others_only else ""
    if not reason and k >= len(pair.rows):
        reason = f"there are {len(pair.rows)} items, too few for {k} neighbors"
    if reason:
        return no_accuracy("neighbors", pair, reason)
    missing = why_no_replicates(pair.is_second, pair.groups, k, others_only=others_only)
    found = overlap_replicates(
        pair.vectors,
        pair.is_second,
        pair.groups,
        k,
        others_only=others_only,
        votes=True,
        is_repeated=not missing,
        progress=progress,
    )
    wrong = [
        total(found.shares[pair.is_second == side]) / (k * count)
        for side, count in zip((False, True), pair.n_per_class, strict=True)
    ]
    right = (1 - wrong[0], 1 - wrong[1])
    if missing:
        return no_accuracy("neighbors", pair, missing, right)
    n_units = int(pair.groups.max()) + 1
    spread = Spread(found.standard_errors[0], None, n_units, quantile_of(n_units), pair.group)
    return Accuracy("neighbors", right, spread, n_trials_of(pair))
