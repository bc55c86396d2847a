"""The `Stability` value: how many neighbors each item keeps in layouts that differ only in the seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int32Array, frozen_array, summary
from embviz.checks.arguments import check_fields, checked
from embviz.errors import InputError, SpecError
from embviz.neighbors import checked_vectors, neighbor_graph
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection

N_SEEDS = 5
"""Default number of layouts that are compared."""

LARGEST_SEED = 2**32 - 1
"""The largest seed of a layout."""

MOVES = 0.5
"""Limit of `Stability.kept` below which an item counts as moving: two layouts share < 2/3 of its neighbors."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Stability:
    """The neighbors that each item keeps in layouts that differ only in the seed.

    It does not say whether the layout is right: PCA is not random, so it is stable, however little it shows. Starts
    from principal components or eigenmaps differ from seed to seed by noise of one hundredth, so the result is for
    nearly the same start.

    Attributes
    ----------
    k
        Number of neighbors.
    seeds
        Seeds of the layouts.
    kept
        float64, shape (n,), 0..1: Jaccard index of the item's k nearest neighbors in two layouts (the number in both
        lists divided by the number in either), mean over all pairs of layouts. 1 means always the same neighbors.
    items
        Fingerprint of the dataset's items, `Dataset.items`; empty for plain arrays.
    """

    k: int
    seeds: tuple[int, ...]
    kept: Float64Array
    items: str = ""

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "kept", frozen_array("kept", self.kept, np.float64, (None,)))
        if not ((self.kept >= 0) & (self.kept <= 1)).all():
            raise InputError(f"kept must be in 0..1, got {self.kept.min():g}..{self.kept.max():g}")

    def __len__(self) -> int:
        return len(self.kept)

    @property
    def mean(self) -> float:
        """Mean of `kept` over all items."""
        return float(self.kept.mean())

    @property
    def n_moving(self) -> int:
        """Number of items whose `kept` is below one half, see `MOVES`."""
        return int((self.kept < MOVES).sum())


def seeds_of(seed: int, n_seeds: int = N_SEEDS) -> tuple[int, ...]:
    """The seed and the `n_seeds` - 1 that follow it; after the largest comes 0.

    Examples
    --------
    >>> seeds_of(3, 2), seeds_of(LARGEST_SEED, 2)
    ((3, 4), (4294967295, 0))
    """
    return tuple((seed + other) % (LARGEST_SEED + 1) for other in range(n_seeds))


@checked(SpecError)
def layout_stability(layouts: Sequence[Projection], k: int = 10, *, progress: Progress = no_progress) -> Stability:
    """The neighbors that each item keeps from layout to layout; rotating or scaling a layout changes nothing.

    Parameters
    ----------
    layouts
        Two or more layouts of the same items that differ in their seed only.
    k
        Number of neighbors, at least 1 and below the number of items.
    progress
        Called with the stages of `neighbor_graph`.

    Raises
    ------
    SpecError
        If there is only one layout, they differ in more than the seed, or k is out of range.
    InputError
        If the layouts were made from different items or features.

    Examples
    --------
    >>> from embviz import Pca, Umap, dataset_from_arrays, project, vector_features
    >>> points = vector_features(dataset_from_arrays(vectors=[[0, 0], [1, 3], [5, 2], [6, 6], [8, 1]]))
    >>> stability = layout_stability([project(points, Pca(seed=seed)) for seed in (0, 1, 2)], 2)
    >>> stability.kept.tolist(), stability.n_moving
    ([1.0, 1.0, 1.0, 1.0, 1.0], 0)
    """
    if len(layouts) < 2:
        raise SpecError(f"stability needs at least 2 layouts to compare, got {len(layouts)}")
    first = layouts[0]
    for other in layouts[1:]:
        if (other.items, other.source) != (first.items, first.source):
            raise InputError("the layouts are of different items or features; compare layouts of the same features")
        if replace(other.spec, seed=first.spec.seed) != first.spec:
            raise SpecError("the layouts must differ in their seed only; lay out the same spec with other seeds")
    if not 1 <= k < len(first):
        raise SpecError(f"k must be in 1..{len(first) - 1} for {len(first)} items, got {k}")
    lists = [_sorted_lists(layout.coords, k, progress) for layout in layouts]
    kept = np.mean([_overlaps(one, other) for one, other in combinations(lists, 2)], axis=0)
    return Stability(k, tuple(layout.spec.seed for layout in layouts), kept, first.items)


def _sorted_lists(coords: Float32Array, k: int, progress: Progress) -> Int32Array:
    return np.sort(neighbor_graph(checked_vectors(coords), k, ties="even", progress=progress).indices, axis=1)


def _overlaps(one: Int32Array, other: Int32Array) -> Float64Array:
    """Jaccard index of two lists of each item: number of rows in both, divided by the number in either."""
    both = np.sort(np.hstack([one, other]), axis=1)
    shared = (both[:, 1:] == both[:, :-1]).sum(axis=1)
    overlaps: Float64Array = shared / (2 * one.shape[1] - shared)
    return overlaps
