"""What one page shows: a dataset, its features and a layout of them that belong together."""

from collections.abc import Callable
from dataclasses import dataclass

from embviz.dataset import Dataset, check_same_items
from embviz.datasets import DataSource
from embviz.errors import InputError
from embviz.features.features import HIDDEN_LAYER_SIZES, Features, FeatureSpec, classifier_of, feature_spec, layer_names
from embviz.jobs.durations import CLASSIFIER, LAYOUT, NEIGHBORS, Work
from embviz.jobs.turns import Turn, Turns
from embviz.library import shared_dataset, shared_features, shared_projection
from embviz.neighbors import NeighborGraph
from embviz.pipeline import graph_of, has_graph, projection_of
from embviz.progress import Progress, no_progress
from embviz.projection.preprocess import check_preprocess, components_kept
from embviz.projection.projection import Projection
from embviz.projection.run.ended import keep_ended
from embviz.projection.run.steering import Steering
from embviz.projection.specs import Pca, ProjectionSpec, neighbors_needed
from embviz.storage.store import Store

turns = Turns()
"""Who computes now, and who waits: all visitors' layouts and classifiers are in one queue."""


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """What is asked for: cache key and provenance of a `View`.

    Attributes
    ----------
    source
        Source of the data, with its stamp: the spec is another one once the data have changed.
    split
        ``train``, ``test`` or ``all``.
    limit
        Most items to show, or None for all of the split.
    features
        Which vectors to lay out.
    projection
        How to lay them out.
    """

    source: DataSource
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
        _check_source(self.spec, self.dataset)
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
        _check_source(self.spec, self.dataset)
        check_same_items("features", self.features.items, self.dataset)


def _check_source(spec: ViewSpec, dataset: Dataset) -> None:
    if dataset.source != spec.source:
        raise InputError(
            f"dataset {dataset.title!r} was not read from the source that the view is of, {spec.source.title!r}; "
            "take what dataset_of gives for it"
        )


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

    Reading, pixels and PCA are always made. Datasets, features and stored layouts are shared by all visitors who look
    at them. What takes long waits for its turn, and tells `progress` how many others are before it.
    `on_forming` is called when a layout that can be watched and steered is about to start, or to go on: `steering`
    is that of a run that has ended, if one is to `Steering.go_on`.

    Raises
    ------
    InputError
        If the data cannot be read or the parameters do not fit it.
    Cancelled
        If `progress` raised it.
    """
    progress("reading the data", 0, 0)
    dataset = shared_dataset(spec.source, spec.split, spec.limit, store, progress)
    neighbors_needed(spec.projection, len(dataset))  # says what does not fit before a classifier is trained for it
    features = shared_features(dataset, spec.features, False, store, progress)
    if features is not None:
        _check_reduction(features, spec.projection)
    projection = None
    if features is not None and steering is None:
        projection = shared_projection(dataset, features, spec.projection, store, progress)
    if projection is None and compute:
        with turns.turn(progress) as turn:
            if features is None:
                features = shared_features(dataset, spec.features, True, store, progress)
                assert features is not None, "they were computed"
                _check_reduction(features, spec.projection)
            forming = Forming(spec, dataset, features, steering or Steering())
            projection = _computed(forming, turn, store, progress, on_forming)
    return None if projection is None or features is None else View(spec, dataset, features, projection)


@dataclass(frozen=True, eq=False, slots=True)
class Inputs:
    """What a layout is made from. Whoever holds it keeps `view_of` and `work_of` from reading it again.

    Attributes
    ----------
    dataset
        The items.
    features
        Their vectors; None where a classifier has to be trained for them.
    """

    dataset: Dataset
    features: Features | None

    def __post_init__(self) -> None:
        if self.features is not None:
            check_same_items("features", self.features.items, self.dataset)


def inputs_of(spec: ViewSpec, *, store: Store, progress: Progress = no_progress) -> Inputs:
    """The items and, if they are quickly made, their vectors, from memory where somebody holds them.

    Raises
    ------
    InputError
        If the data cannot be read.
    """
    progress("reading the data", 0, 0)
    dataset = shared_dataset(spec.source, spec.split, spec.limit, store, progress)
    return Inputs(dataset, shared_features(dataset, spec.features, False, store, progress))


def work_of(spec: ViewSpec, *, store: Store, progress: Progress = no_progress) -> Work:
    """What `view_of` has to compute if the layout is not there yet; says so without computing any of it.

    Raises
    ------
    InputError
        As `view_of`.
    """
    inputs = inputs_of(spec, store=store, progress=progress)
    dataset, features = inputs.dataset, inputs.features
    neighbors_needed(spec.projection, len(dataset))
    sizes = classifier_of(spec.features)
    if features is None:
        widths = dict(zip(layer_names(sizes), (*sizes, len(dataset.class_names)), strict=True))
        width = widths[spec.features.name]
    else:
        width = features.vectors.shape[1]
    if not isinstance(spec.projection, Pca) and spec.projection.preprocess is not None:
        width = components_kept(spec.projection.preprocess)
    is_graph_there = isinstance(spec.projection, Pca) or (
        features is not None and has_graph(features, spec.projection, store=store)
    )
    parts = ((CLASSIFIER, features is None), (NEIGHBORS, not is_graph_there), (LAYOUT, True))
    missing = tuple(part for part, is_missing in parts if is_missing)
    classifier = spec.source.address if sizes == HIDDEN_LAYER_SIZES else f"{spec.source.address} {sizes}"
    return Work(spec.projection, len(dataset), width, missing, classifier)


def features_in_turn(view: View, name: str, *, store: Store, progress: Progress = no_progress) -> Features:
    """Features of the items of a view, by name, of the view's own classifier if it has one.

    Training a classifier for them waits in the queue of layouts.

    Raises
    ------
    InputError
        If there are no such features, or none of these items.
    Cancelled
        If `progress` raised it.
    """
    if name == view.features.name:
        return view.features
    spec = feature_spec(name, hidden_layer_sizes=classifier_of(view.spec.features))
    features = shared_features(view.dataset, spec, False, store, progress)
    if features is None:
        with turns.turn(progress):
            features = shared_features(view.dataset, spec, True, store, progress)
            assert features is not None, "they were computed"
    return features


def graph_in_turn(view: View, k: int, *, store: Store, progress: Progress = no_progress) -> NeighborGraph | None:
    """The neighbors of each item of a view, k or as many as there are others; None if there is but one item.

    Finding them waits in the queue of layouts.

    Raises
    ------
    Cancelled
        If `progress` raised it.
    """
    k = min(k, len(view.dataset) - 1)
    if k == 0:
        return None
    with turns.turn(progress):
        return graph_of(view.features, k, store=store, progress=progress)


def _check_reduction(features: Features, spec: ProjectionSpec) -> None:
    if not isinstance(spec, Pca):
        check_preprocess(spec.preprocess, *features.vectors.shape)


def _computed(
    forming: Forming,
    turn: Turn,
    store: Store,
    progress: Progress,
    on_forming: Callable[[Forming], None] | None,
) -> Projection:
    """The layout, watched and steered while it forms if somebody wants to and its engine lets them."""
    dataset, features, spec = forming.dataset, forming.features, forming.spec.projection
    if on_forming is None or isinstance(spec, Pca) or spec.engine != "embviz":
        return projection_of(features, spec, store=store, labels=dataset, progress=progress)
    steering = forming.steering

    def taking_turns(stage: str, done: int, total: int) -> None:
        """A layout that stands still lets others work, and comes before those who have not begun when it goes on."""
        progress(stage, done, total)
        if steering.state == "paused":
            turns.leave(turn)
        elif steering.is_wanted:
            turns.go_on(turn, progress, lambda: not steering.is_wanted)

    on_forming(forming)
    try:
        return projection_of(features, spec, store=store, labels=dataset, steering=steering, progress=taking_turns)
    finally:
        steering.end()
        keep_ended(steering)
