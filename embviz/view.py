"""The `View` value, which one page shows: a dataset, features made from it, and a layout of these."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.features.features import HIDDEN_LAYER_SIZES, Features, classifier_of, feature_spec, layer_names
from embviz.items.id_set import IdSet
from embviz.items.isolated import Isolated
from embviz.jobs.durations import CLASSIFIER, LAYOUT, NEIGHBORS, Work
from embviz.jobs.turns import Turn, Turns
from embviz.library import shared_dataset, shared_features, shared_isolated_dataset, shared_projection
from embviz.neighbors import NeighborGraph
from embviz.pipeline import graph_of, has_graph, projection_of
from embviz.pipeline.isolating import isolated_parts
from embviz.progress import Progress, no_progress
from embviz.projection.admission import admission
from embviz.projection.preprocess.steps import components_kept
from embviz.projection.projection import Projection
from embviz.projection.run.ended import keep_ended
from embviz.projection.run.steering import Steering
from embviz.projection.specs import LinearSpec
from embviz.storage.store import Store
from embviz.view_spec import ViewSpec as ViewSpec

turns = Turns()
"""The queue in which all visitors' layouts and classifiers wait for their turn to be computed."""


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A dataset, features made from it, and a layout of them.

    Attributes
    ----------
    spec
        The view that was asked for.
    dataset
        The items.
    features
        Their vectors.
    projection
        Their layout.
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
    """A view whose layout is still being computed; its frames come from the `Steering` of its run.

    Attributes
    ----------
    spec, dataset, features
        As those of a `View`.
    """

    spec: ViewSpec
    dataset: Dataset
    features: Features

    def __post_init__(self) -> None:
        _check_source(self.spec, self.dataset)
        check_same_items("features", self.features.items, self.dataset)


def _check_source(spec: ViewSpec, dataset: Dataset) -> None:
    if dataset.source != spec.source:
        raise InputError(
            f"dataset {dataset.title!r} was not read from the source of the view, {spec.source.title!r}; "
            "give the dataset that dataset_of reads from it"
        )


def view_of(
    spec: ViewSpec,
    *,
    compute: bool,
    store: Store,
    progress: Progress = no_progress,
    steering: Steering | None = None,
    on_forming: Callable[[Forming], None] | None = None,
) -> View | None:
    """View of a spec; None if it would take long to compute and `compute` is False.

    Data are always read, and pixels and PCA always computed. Datasets, features and stored layouts are shared by all
    visitors who look at them. What takes long waits for its turn, and tells `progress` how many others are before it.
    A layout whose engine can be watched gives its frames to `steering`. If `steering` holds the layout of an ended run,
    that layout is continued. `on_forming` is called just before such a layout starts or continues.

    Raises
    ------
    InputError
        If the data cannot be read or the parameters do not fit them.
    Cancelled
        If `progress` raised it.
    """
    if spec.isolated is not None and spec.isolated.keeps_places:
        whole = replace(spec, isolated=None)
        view = view_of(whole, compute=compute, store=store, progress=progress, steering=steering, on_forming=on_forming)
        return None if view is None else isolated_view(view, spec.isolated.ids)
    dataset = _dataset_of(spec, store, progress)
    features = shared_features(dataset, spec.features, False, store, progress)
    _admit(spec, dataset, features)  # before a classifier is trained for it, or neighbors are searched
    projection = None
    goes_on = steering is not None and steering.layout is not None
    if features is not None and not goes_on:
        projection = shared_projection(dataset, features, spec.projection, store, progress)
    if projection is None and compute:
        with turns.turn(progress) as turn:
            if features is None:
                features = shared_features(dataset, spec.features, True, store, progress)
                assert features is not None, "they were computed"
            forming = Forming(spec, dataset, features)
            projection = _computed(forming, turn, store, progress, steering, on_forming)
    return None if projection is None or features is None else View(spec, dataset, features, projection)


def isolated_view(view: View, items: IdSet) -> View:
    """View of only some items of a view, at the same positions.

    Raises
    ------
    SpecError
        If fewer than two of these items are in the view.
    """
    spec = replace(view.spec, isolated=Isolated(items, keeps_places=True))
    return View(spec, *isolated_parts(view.dataset, view.features, view.projection, items))


def _dataset_of(spec: ViewSpec, store: Store, progress: Progress) -> Dataset:
    progress("reading the data", 0, 0)
    dataset = shared_dataset(spec.source, spec.split, spec.limit, store, progress)
    if spec.isolated is None or spec.isolated.keeps_places:
        return dataset
    return shared_isolated_dataset(dataset, spec.isolated.ids, store)


@dataclass(frozen=True, eq=False, slots=True)
class Inputs:
    """Dataset and features of a layout: while somebody holds them, `view_of` and `inputs_of` need not read them again.

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
    """Dataset of a spec and, if they are quickly made, its features, from memory where somebody holds them.

    Raises
    ------
    InputError
        If the data cannot be read.
    """
    dataset = _dataset_of(spec, store, progress)
    return Inputs(dataset, shared_features(dataset, spec.features, False, store, progress))


def work_of(spec: ViewSpec, inputs: Inputs, *, store: Store) -> Work:
    """Parts of the work that `view_of` has to do for these inputs if the layout is not stored; computes nothing.

    Raises
    ------
    SpecError
        If the spec does not fit the inputs.
    InputError
        If the inputs were read from another source.
    """
    dataset, features = inputs.dataset, inputs.features
    _check_source(spec, dataset)
    _admit(spec, dataset, features)
    width = components_kept(spec.projection.preprocess) or _n_features(spec, dataset, features)
    is_graph_there = isinstance(spec.projection, LinearSpec) or (
        features is not None and has_graph(features, spec.projection, store=store)
    )
    parts = ((CLASSIFIER, features is None), (NEIGHBORS, not is_graph_there), (LAYOUT, True))
    missing = tuple(part for part, is_missing in parts if is_missing)
    sizes = classifier_of(spec.features)
    classifier = spec.source.address if sizes == HIDDEN_LAYER_SIZES else f"{spec.source.address} {sizes}"
    return Work(spec.projection, len(dataset), width, missing, classifier)


def features_in_turn(view: View | Forming, name: str, *, store: Store, progress: Progress = no_progress) -> Features:
    """Features of a view's items by name; if the view shows a layer, other layers are those of the same classifier.

    Training a classifier for them waits in the queue of layouts.

    Raises
    ------
    InputError
        If no features have this name, or these items do not have them.
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


def graph_in_turn(
    view: View | Forming, k: int, *, store: Store, progress: Progress = no_progress
) -> NeighborGraph | None:
    """Neighbor graph of a view's items with k neighbors each, at most all other items; None for a single item.

    The search waits in the queue of layouts.

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


def _admit(spec: ViewSpec, dataset: Dataset, features: Features | None) -> None:
    """Refuse a spec whose layout does not fit the items and their vectors."""
    admission(spec.projection, len(dataset), _n_features(spec, dataset, features), labels=dataset)


def _n_features(spec: ViewSpec, dataset: Dataset, features: Features | None) -> int:
    """Number of values per vector, also of a classifier that is not trained yet."""
    if features is None:
        sizes = classifier_of(spec.features)
        widths = zip(layer_names(sizes), (*sizes, len(dataset.class_names)), strict=True)
        return dict(widths)[spec.features.name]
    return int(features.vectors.shape[1])


def _computed(
    forming: Forming,
    turn: Turn,
    store: Store,
    progress: Progress,
    steering: Steering | None,
    on_forming: Callable[[Forming], None] | None,
) -> Projection:
    """The layout; if there is a `steering` and the engine allows it, it is watched and steered while it forms."""
    dataset, features, spec = forming.dataset, forming.features, forming.spec.projection
    if steering is None or isinstance(spec, LinearSpec) or spec.engine != "embviz":
        return projection_of(features, spec, store=store, labels=dataset, progress=progress)

    def queued(stage: str, done: int, total: int) -> None:
        steering.wait_turn()
        progress(stage, done, total)

    def taking_turns(stage: str, done: int, total: int) -> None:
        """Report progress. A paused layout gives up its turn; resumed, it comes before layouts that have not begun."""
        progress(stage, done, total)
        if steering.state == "paused":
            turns.leave(turn)
        elif steering.is_wanted:
            turns.go_on(turn, queued, lambda: not steering.is_wanted)
            steering.take_turn()

    if on_forming is not None:
        on_forming(forming)
    try:
        return projection_of(features, spec, store=store, labels=dataset, steering=steering, progress=taking_turns)
    finally:
        steering.end()
        keep_ended(steering)
