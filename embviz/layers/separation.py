"""Separation of two classes in one feature space: their overlap, two judges, and a small map."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, checked
from embviz.dataset import Dataset
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.layers.accuracy import Accuracy
from embviz.layers.items import PairItems, pair_items
from embviz.layers.probe import probe_accuracy
from embviz.layers.span import map_of, span_of
from embviz.layers.votes import neighbor_accuracy
from embviz.overlap import Groups, Overlap, class_overlap
from embviz.overlap.replicates import overlap_replicates, why_no_replicates
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, eq=False, slots=True, repr=False, weakref_slot=True)
class Separation:
    """Separation of two classes in one feature space.

    Attributes
    ----------
    overlap
        Overlap of the two classes, with its interval.
    neighbors
        Accuracy of the vote of an item's nearest neighbors.
    probe
        Accuracy of a linear probe, a plane that was fitted to other items.
    indices
        float64, shape (G,): overlap index without each of the G groups; G is 0 if the index has no interval. The change
        between two spaces of the same items is judged by the differences of these, group by group.
    rows
        int64, shape (n,): rows of the items of the two classes.
    coords
        float32, shape (n, 2): these items along the first two principal components of their vectors.
    items
        Fingerprint of the items of the dataset that the rows belong to, `Dataset.items`.
    """

    overlap: Overlap
    neighbors: Accuracy
    probe: Accuracy
    indices: Float64Array
    rows: Int64Array
    coords: Float32Array
    items: str

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "indices", frozen_array("indices", self.indices, np.float64, (None,)))
        object.__setattr__(self, "rows", frozen_array("rows", self.rows, np.int64, (self.overlap.n,)))
        object.__setattr__(self, "coords", frozen_array("coords", self.coords, np.float32, (self.overlap.n, 2)))
        if (self.neighbors.judge, self.probe.judge) != ("neighbors", "probe"):
            raise InputError("neighbors and probe must be the accuracies of these judges")

    @property
    def space(self) -> str:
        """Name of the space."""
        return self.overlap.space


@checked(SpecError)
def class_separation(
    features: Features,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int = 10,
    *,
    groups: Groups | None = None,
    others_only: bool = False,
    overlap: Overlap | None = None,
    progress: Progress = no_progress,
) -> Separation:
    """Separation of two classes in a feature space, by overlap, neighbors and a linear probe.

    Parameters
    ----------
    features, dataset
        The items, and their labels.
    classes
        The two codes.
    k
        Number of neighbors per item, for the overlap and for the vote.
    groups
        Which items belong together; None makes each item a group of its own.
    others_only
        Whether the overlap's neighbors are searched among the items of other groups only. If there are groups, the
        neighbors that vote always are.
    overlap
        The result of `class_overlap` for the same arguments, if it is known already.
    progress
        Called with the stage of each step.

    Raises
    ------
    SpecError
        If a class has no items, or `class_overlap` raises it.
    InputError
        If features, dataset, groups and overlap do not belong to the same items.
    """
    pair = pair_items(features, dataset, classes, groups)
    if overlap is None:
        overlap = class_overlap(
            features,
            dataset,
            classes,
            k,
            space=features.name,
            groups=groups,
            others_only=others_only,
            progress=progress,
        )
    made = (overlap.classes, overlap.k, overlap.n_per_class, overlap.space, overlap.others_chance is not None)
    if made != (classes, k, pair.n_per_class, features.name, others_only):
        raise InputError("the overlap must be of the same features, classes and k; use `class_overlap`")
    neighbors = neighbor_accuracy(pair, k, progress=progress)
    span = span_of(pair.vectors, progress=progress)
    probe = probe_accuracy(pair, span, progress=progress)
    indices = _indices_without_each(pair, overlap, progress)
    coords = map_of(span, pair.is_second)
    return Separation(overlap, neighbors, probe, indices, pair.rows, coords, dataset.items)


def _indices_without_each(pair: PairItems, overlap: Overlap, progress: Progress) -> Float64Array:
    others_only = overlap.others_chance is not None
    if why_no_replicates(pair.is_second, pair.groups, overlap.k, others_only=others_only):
        return np.empty(0)
    return overlap_replicates(
        pair.vectors, pair.is_second, pair.groups, overlap.k, others_only=others_only, progress=progress
    ).indices
