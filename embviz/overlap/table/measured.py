"""Measuring the overlaps of every two classes, from one neighbor graph and a few searches."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Int64Array
from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.neighbors import NeighborGraph
from embviz.overlap.classes import Measurable, labeled_vectors
from embviz.overlap.groups import Groups, check_groups, numbered
from embviz.overlap.intervals import quantile_of
from embviz.overlap.replicates import chance_among_others, choices_left
from embviz.overlap.table.lists import Labeled, PairLists, lists_in_graph, searched_lists
from embviz.overlap.table.matrix import OverlapMatrix, Spreads, Strangers
from embviz.overlap.table.ranks import MOST_RANKED, Ranks, ranks_of
from embviz.overlap.table.sums import PairSums, class_members, pair_members, pair_sums
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection

MOST_CLASSES = 1_000
"""Largest number of classes of a table; so many take some minutes, and the table is hardly readable."""


@checked(SpecError)
def overlap_matrix(
    vectors: Measurable,
    labels: Int64Array | Dataset,
    n_classes: int,
    k: int = 10,
    *,
    space: str,
    graph: NeighborGraph | None = None,
    groups: Groups | None = None,
    others_only: bool = False,
    progress: Progress = no_progress,
) -> OverlapMatrix:
    """The overlaps of every two classes with their intervals, without a search for each pair of classes.

    The nearest neighbors of each item are searched within each class; its nearest neighbors within two classes are the
    first of the two lists merged. If a neighbor graph is given, it replaces these searches for every item that has
    enough items of its own class among its neighbors, whichever group is left out; usually nearly all items have.

    Parameters
    ----------
    vectors, labels, k, space, groups, others_only
        As in `class_overlap`.
    n_classes
        Number of classes; labels are 0 .. n_classes - 1. A class without items, or two classes with too few items for
        k, do not raise: their overlaps are `missing` in the result.
    graph
        Euclidean neighbor graph of `vectors`, to save time. An exact graph does not change the result; the result of
        an approximate graph is approximate, and has the graph's recall.
    progress
        Called with stages ``class overlap`` and ``class pairs``.

    Raises
    ------
    SpecError
        If k, a label or the number of classes is out of range, or graph or groups have another number of items, or
        the graph another metric.
    InputError
        If the graph was made from other vectors, or dataset or groups belong to other items than the vectors.

    Examples
    --------
    Class 2 has one item beside class 0 and one beside class 1; classes 0 and 1 lie apart.

    >>> line = np.array([[0], [1], [9], [11], [3], [8]], np.float32)
    >>> matrix = overlap_matrix(line, np.array([0, 0, 1, 1, 2, 2]), 3, k=1, space="line")
    >>> matrix.rate.round(2).tolist()
    [[nan, 0.0, 0.25], [0.0, nan, 0.5], [0.25, 0.5, nan]]
    >>> matrix.pair(0, 1).rate_at_most
    0.75
    """
    array, codes = labeled_vectors(vectors, labels)
    if codes.max() >= n_classes:
        raise SpecError(f"labels must be in 0..{n_classes - 1}, got {codes.max()}; pass the number of classes")
    n = len(codes)
    if k < 1:
        raise SpecError(f"k must be at least 1, got {k}")
    if n_classes > MOST_CLASSES:
        raise SpecError(f"a table of every two classes has at most {MOST_CLASSES:,} of them, got {n_classes:,}")
    if graph is not None and (len(graph) != n or graph.metric != "euclidean"):
        raise SpecError(
            f"graph must be the euclidean one of these {n} vectors, got a {graph.metric} one of {len(graph)}; "
            "leave it out"
        )
    if graph is not None:
        graph.check_made_from(vectors.coords if isinstance(vectors, Projection) else vectors)
    if groups is not None:
        check_groups(groups, vectors, n)
    if others_only and not (groups and groups.name):
        raise SpecError("neighbors of other groups only need groups; name a column of items that belong together")
    n_per_class = np.bincount(codes, minlength=n_classes)
    enough = np.add.outer(n_per_class, n_per_class) > k
    is_there = enough & (n_per_class > 0) & (n_per_class > 0)[:, None] & ~np.eye(n_classes, dtype=bool)
    own = np.arange(n) if groups is None else numbered(groups.codes)
    n_units, choices, strangers = _units(codes, own, is_there, others_only, progress)
    if strangers is not None:
        is_there &= strangers.n_outside >= k
    items = Labeled(codes, own, k, is_there & (choices >= k), others_only)
    pairs = np.argwhere(np.triu(is_there))
    lists = _lists(array, items, is_there, graph, progress) if len(pairs) else ()
    sums: list[PairSums] = []
    crossing, rate_error, index_error = np.zeros((3, n_classes, n_classes))
    for done, found in enumerate(pair_sums(lists, items, [(int(a), int(b)) for a, b in pairs])):
        progress("class pairs", done, len(pairs))
        a, b = found.classes
        crossing[a, b], crossing[b, a] = found.crossing
        rate_error[a, b] = rate_error[b, a] = np.sqrt(np.sum(found.rate_deviations**2))
        index_error[a, b] = index_error[b, a] = np.sqrt(np.sum(found.index_deviations**2))
        if len(pairs) <= MOST_RANKED:
            sums.append(found)
    units, where = np.unique(np.maximum(n_units, 2), return_inverse=True)
    quantile = np.array([quantile_of(int(each)) for each in units])[where].reshape(n_units.shape)
    spreads = Spreads(rate_error, index_error, n_units, quantile, choices, groups.name if groups else "")
    matrix = OverlapMatrix(
        space=space,
        k=k,
        n_per_class=n_per_class,
        crossing=crossing,
        spreads=spreads,
        ranks=None,
        recall=1.0 if graph is None else graph.recall,
        strangers=strangers,
    )
    return matrix if len(pairs) > MOST_RANKED else replace(matrix, ranks=_ranks(matrix, pairs, sums, progress))


def _units(
    labels: Int64Array, groups: Int64Array, is_there: BoolArray, others_only: bool, progress: Progress
) -> tuple[Int64Array, Int64Array, Strangers | None]:
    """Number of groups and `choices_left` of every two classes, and `Strangers` if only other groups count."""
    members = class_members(labels, groups, len(is_there))
    n_units, n_outside = np.zeros((2, *is_there.shape), np.int64)
    choices, chance = np.full(is_there.shape, -1), np.ones(is_there.shape)
    for a, b in np.argwhere(np.triu(is_there)):
        progress("class overlap", 0, 0)
        counts = pair_members(members[a], members[b]).counts
        for place in ((a, b), (b, a)):
            n_units[place], choices[place] = counts.shape[1], choices_left(counts, others_only=others_only)
            n_outside[place] = counts.sum() - counts.sum(axis=0).max()
            chance[place] = chance_among_others(counts) if others_only else 1
    return n_units, choices, Strangers(chance, n_outside) if others_only else None


def _lists(
    vectors: Float32Array, items: Labeled, is_there: BoolArray, graph: NeighborGraph | None, progress: Progress
) -> Iterator[PairLists]:
    """The lists that the graph contains, and lists by searches for the items for which it does not suffice."""
    unsettled = [np.arange(len(vectors))] if graph is None else []
    if graph is not None:
        for lists, rows in lists_in_graph(graph, items, progress):
            unsettled.append(rows)
            if lists is not None:
                yield lists
    yield from searched_lists(vectors, items, np.concatenate(unsettled), is_there, progress)


def _ranks(matrix: OverlapMatrix, pairs: Int64Array, sums: list[PairSums], progress: Progress) -> Ranks:
    """The ranks of all pairs; if no neighbor crosses, the interval's reach is at least 3 / n, as in `interval_ends`."""
    overlaps = [matrix.pair(a, b) for a, b in pairs.tolist()]
    return ranks_of(
        pairs,
        np.array([each.index for each in overlaps]),
        [each.index_deviations for each in sums],
        [each.units for each in sums],
        np.array([(each.index_at_most or 0) / each.spread.quantile for each in overlaps]),
        progress,
    )
