"""What one page shows: a dataset, its features and a layout of them that belong together."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from embviz.dataset import Dataset, check_same_items
from embviz.datasets import load_dataset, source_stamp
from embviz.durations import CLASSIFIER, LAYOUT, NEIGHBORS, Work
from embviz.errors import InputError
from embviz.features.features import Features, FeatureSpec, Pixels, Vectors
from embviz.features.network import HIDDEN_UNITS
from embviz.pipeline import features_of, has_graph, projection_of, stored_features, stored_projection
from embviz.progress import Progress, no_progress
from embviz.projection.preprocess import check_preprocess, components_kept
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, ProjectionSpec, neighbors_needed
from embviz.projection.steering import Steering
from embviz.store import Store

MOST_FEATURES = 4
"""How many sets of features stay in memory; 70,000 × 784 take 220 MB."""


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """What is asked for: cache key and provenance of a `View`.

    Attributes
    ----------
    dataset
        What `load_dataset` is given.
    split
        ``train``, ``test`` or ``all``.
    limit
        Most items to show, or None for all of the split.
    features
        Which vectors to lay out.
    projection
        How to lay them out.
    """

    dataset: str
    split: str
    limit: int | None
    features: FeatureSpec
    projection: ProjectionSpec


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A dataset, features made from it, and a layout of them.

    Attributes
    ----------
    spec
        What was asked for.
    dataset
        The items.
    features
        Their vectors.
    projection
        Where they are drawn.
    """

    spec: ViewSpec
    dataset: Dataset
    features: Features
    projection: Projection

    def __post_init__(self) -> None:
        check_same_items("features", self.features.items, self.dataset)
        check_same_items("coordinates", self.projection.items, self.dataset)
        if self.projection.source != self.features.fingerprint:
            raise InputError(
                "the layout was not made from these features; lay them out, or give those it was made from"
            )


@dataclass(frozen=True, eq=False, slots=True)
class Forming:
    """A view whose layout is still forming.

    Attributes
    ----------
    spec, dataset, features
        As those of a `View`.
    steering
        Where the newest frame is, and who is told what to do next.
    """

    spec: ViewSpec
    dataset: Dataset
    features: Features
    steering: Steering

    def __post_init__(self) -> None:
        check_same_items("features", self.features.items, self.dataset)


def view_of(
    spec: ViewSpec,
    *,
    compute: bool,
    store: Store,
    progress: Progress = no_progress,
    on_forming: Callable[[Forming], None] | None = None,
    steering: Steering | None = None,
) -> View | None:
    """The view asked for; None if it would take long to make and `compute` does not say to.

    Reading, pixels and PCA are always made. Datasets and features are kept in memory and shared by
    all visitors. `on_forming` is called when a layout that can be watched and steered is about to start,
    or to go on: `steering` is that of a run that has ended, if one is to `Steering.go_on`.

    Raises
    ------
    InputError
        If the data cannot be read or the parameters do not fit it.
    Cancelled
        If `progress` raised it.
    """
    progress("reading the data", 0, 0)
    dataset = _loaded_dataset(spec.dataset, spec.split, spec.limit, source_stamp(spec.dataset))
    neighbors_needed(spec.projection, len(dataset))  # says what does not fit before a classifier is trained for it
    features = _shared_features(dataset, spec.features, compute, store, progress)
    if features is None:
        return None
    if not isinstance(spec.projection, Pca):
        check_preprocess(spec.projection.preprocess, *features.vectors.shape)
    projection: Projection | None
    if compute or isinstance(spec.projection, Pca):
        if on_forming is not None and not isinstance(spec.projection, Pca) and spec.projection.engine == "embviz":
            steering = steering or Steering()
            on_forming(Forming(spec, dataset, features, steering))
        try:
            projection = projection_of(
                features, spec.projection, store=store, labels=dataset, steering=steering, progress=progress
            )
        finally:
            if steering is not None:
                steering.end()
    else:
        projection = stored_projection(features, spec.projection, store=store, labels=dataset)
    return None if projection is None else View(spec, dataset, features, projection)


def work_of(spec: ViewSpec, *, store: Store, progress: Progress = no_progress) -> Work:
    """What `view_of` has to compute if the layout is not there yet; says so without computing any of it.

    Raises
    ------
    InputError
        As `view_of`.
    """
    progress("reading the data", 0, 0)
    dataset = _loaded_dataset(spec.dataset, spec.split, spec.limit, source_stamp(spec.dataset))
    neighbors_needed(spec.projection, len(dataset))
    features = _shared_features(dataset, spec.features, False, store, progress)
    if features is None:
        width = HIDDEN_UNITS if spec.features.name == "hidden" else len(dataset.class_names)
    else:
        width = features.vectors.shape[1]
    if not isinstance(spec.projection, Pca) and spec.projection.preprocess is not None:
        width = components_kept(spec.projection.preprocess)
    is_graph_there = isinstance(spec.projection, Pca) or (
        features is not None and has_graph(features, spec.projection, store=store)
    )
    parts = ((CLASSIFIER, features is None), (NEIGHBORS, not is_graph_there), (LAYOUT, True))
    missing = tuple(part for part, is_missing in parts if is_missing)
    return Work(spec.projection, len(dataset), width, missing, dataset.origin or "")


@lru_cache(maxsize=4)
def _loaded_dataset(name: str, split: str, limit: int | None, stamp: str) -> Dataset:
    """As long as its `stamp` is the same, the same dataset."""
    return load_dataset(name, split, limit)


_kept_features: OrderedDict[tuple[str, FeatureSpec], Features] = OrderedDict()
_keeping = threading.Lock()


def _shared_features(
    dataset: Dataset, spec: FeatureSpec, compute: bool, store: Store, progress: Progress
) -> Features | None:
    """Features from memory, where all visitors share one copy; made if that is cheap or asked for."""
    key = (dataset.fingerprint, spec)
    with _keeping:
        features = _kept_features.get(key)
    if features is None:
        cheap = isinstance(spec, (Pixels, Vectors))
        make = features_of if compute or cheap else stored_features
        features = make(dataset, spec, store=store, progress=progress)
    if features is not None:
        with _keeping:
            _kept_features[key] = features
            _kept_features.move_to_end(key)
            while len(_kept_features) > MOST_FEATURES:
                _kept_features.popitem(last=False)
    return features
