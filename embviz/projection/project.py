"""Layouts of features, by any method, with `project`."""

import time

import numpy as np

from embviz.arrays import Float32Array, Int64Array, fingerprint
from embviz.checks.arguments import checked
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.neighbors import NeighborGraph, neighbor_graph, with_even_ties
from embviz.progress import Progress, no_progress
from embviz.projection.admission import admission
from embviz.projection.columns.coords import column_coords
from embviz.projection.directions.coords import direction_coords
from embviz.projection.layout import Layout
from embviz.projection.pca import PrincipalComponents, first_components
from embviz.projection.preprocess.reduced import reduced_features
from embviz.projection.preprocess.scaling import scaled_features
from embviz.projection.preprocess.steps import components_kept
from embviz.projection.projection import Projection
from embviz.projection.ready import loading_meanwhile, make_ready, needs_kernels
from embviz.projection.reference.process import layout_in_child
from embviz.projection.run.steering import Steering
from embviz.projection.specs import Columns, Directions, LinearSpec, Pca, ProjectionSpec, Tsne, Umap
from embviz.projection.start import checked_start, compass_layout, starting_layout
from embviz.projection.titles import METHODS, missing_title


@checked()
def project(
    features: Features,
    spec: ProjectionSpec,
    *,
    graph: NeighborGraph | None = None,
    components: PrincipalComponents | None = None,
    labels: Int64Array | Dataset | None = None,
    start: Float32Array | None = None,
    steering: Steering | None = None,
    progress: Progress = no_progress,
) -> Projection:
    """A layout of the features in 2 or 3 dimensions.

    The same features and spec give the same coordinates on one machine, whatever the number of threads; on another
    machine, t-SNE and UMAP may differ. Their axes mean nothing; so that layouts can be compared by eye, they start
    turned to match the first principal components, unless they start at random.

    Parameters
    ----------
    features
        The features to lay out.
    spec
        The method, with its parameters.
    graph
        Nearest neighbors of the features by the spec's metric, at least `neighbors_needed` of them; computed here if
        not given. If the spec scales or reduces the features first, the graph must be that of `scaled_features` or
        `reduced_features`. Only t-SNE and UMAP use it. If the graph was not made with ``ties="even"``, lists that end
        among equally far items are drawn anew.
    components
        `first_components` of these features, scaled if the spec says so, by the spec's metric, ``euclidean`` for PCA:
        as many as the spec needs. Computed here if not given, with the same result.
    labels
        Labels that shape a supervised layout: int64, shape (n,), class codes, -1 for an unlabeled item; or the dataset
        that has them. The dataset is needed to ignore a label by its name, for directions to classes, and for metadata
        columns as axes. Other layouts ignore labels.
    start
        float32, shape (n, 2 or 3): starting coordinates, instead of those that the spec asks for.
    steering
        Watches and steers t-SNE or UMAP while it runs (engine ``embviz`` only); a layout that is stopped early is
        returned unfinished. After `Steering.go_on`, the run continues from where it ended.
    progress
        Called at least three times a second for 70,000 items on two processors, and ten times a second while t-SNE or
        UMAP runs, unless a single step takes longer.

    Raises
    ------
    SpecError
        If the spec does not fit the features, the graph or the start does not fit them or the spec, labels are missing,
        or the layout diverges.
    InputError
        If graph, components, labels or steering belong to other items, or to these items in another order.
    MissingDependencyError
        If the package of the method is not installed.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.features.vectors import vector_features
    >>> line = vector_features(dataset_from_arrays(vectors=[[0, 0], [3, 4], [6, 8]]))
    >>> project(line, Pca()).coords.round(4).tolist()
    [[-5.0, 0.0], [0.0, 0.0], [5.0, 0.0]]
    """
    if isinstance(labels, Dataset):
        check_same_items(f"{features.name} features", features.items, labels)
    admitted = admission(spec, *features.vectors.shape, labels=labels, graph=graph)
    needed = admitted.n_neighbors
    if isinstance(spec, LinearSpec):
        if start is not None:
            raise SpecError(f"{METHODS[spec.method]} has no start: it follows from the features; leave the start out")
        if isinstance(spec, Directions):
            return _along_directions(features, spec, labels, progress)
        if isinstance(spec, Columns):
            return _by_columns(features, spec, labels)
        return _pca(features, spec, components, progress)
    if start is not None and steering is not None and steering.layout is not None:
        raise SpecError("a continued run starts where it ended; leave the start out, or give a new steering")
    began, waited = time.perf_counter(), _waited(steering)
    scaled, n_kept = scaled_features(features, spec.preprocess, progress=progress), components_kept(spec.preprocess)
    if components is not None:
        began -= components.seconds
    elif n_kept is not None:
        components = first_components(scaled, n_kept, metric=spec.metric, progress=progress)
    searched = scaled if components is None else reduced_features(scaled, spec, components)
    if graph is None:
        watched = loading_meanwhile(spec, progress)
        graph = neighbor_graph(searched, needed, metric=spec.metric, ties="even", progress=watched)
        began += graph.seconds  # counted separately
    graph.check_made_from(searched)
    graph = with_even_ties(graph, needed, searched, progress=progress)
    if needs_kernels(spec):
        make_ready(spec.method, spec.n_components, progress)
    if components is None:
        components = first_components(scaled, spec.n_components, metric=spec.metric, progress=progress)
    components.check_made_from(scaled, spec.metric, min(spec.n_components, *features.vectors.shape))
    compass = compass_layout(components.scores, spec.n_components)
    if start is not None:
        begin = checked_start(start, len(features), spec.n_components)
    elif steering is not None and steering.layout is not None:
        begin = compass  # not used: the run is continued
    else:
        begin = starting_layout(spec.init, compass, graph, spec.seed, progress=progress)
    neighbor_seconds = graph.seconds
    if spec.engine == "reference":
        coords, kl_divergence = layout_in_child(spec, begin, graph, progress=progress)
        iterations, seconds = None, time.perf_counter() - began
    else:
        layout, kl_divergence = _formed(graph, spec, begin, admitted.labels, steering, progress)
        layout.seconds += time.perf_counter() - began - (_waited(steering) - waited)
        coords, iterations = layout.coords, layout.state.done
        seconds, neighbor_seconds = layout.seconds, layout.neighbor_seconds
    return Projection(
        coords=coords,
        ids=features.ids,
        spec=spec,
        source=features.fingerprint,
        items=features.items,
        seconds=seconds,
        kl_divergence=kl_divergence,
        iterations=iterations,
        departure=_departure(start, steering),
        equal_items=int((graph.distances[:, 0] == 0).sum()),
        neighbor_seconds=neighbor_seconds,
    )


def _departure(start: Float32Array | None, steering: Steering | None) -> str:
    if steering is not None and steering.was_steered:
        return "steered"
    return "" if start is None else "from a given start"


def _waited(steering: Steering | None) -> float:
    return 0.0 if steering is None else steering.waited_seconds


def _formed(
    graph: NeighborGraph,
    spec: Tsne | Umap,
    start: Float32Array,
    labels: Int64Array | None,
    steering: Steering | None,
    progress: Progress,
) -> tuple[Layout, float | None]:
    from embviz.projection.run.forming import form_layout, start_layout  # numba: half a second

    layout = None if steering is None else steering.layout
    if layout is not None:
        shaped = "" if labels is None else fingerprint(labels)
        if (layout.state.spec, layout.source, layout.labels) != (spec, graph.source, shaped):
            raise InputError(
                "this steering belongs to a run of other features or labels, or of another spec; give a new one"
            )
    if layout is None:
        layout = start_layout(graph, spec, start, labels=labels, progress=progress)
        layout.neighbor_seconds = graph.seconds
    form_layout(layout, steering, progress=progress)
    return layout, layout.state.divergence_now()


def _along_directions(
    features: Features, spec: Directions, labels: Int64Array | Dataset | None, progress: Progress
) -> Projection:
    began = time.perf_counter()
    dataset = labels if isinstance(labels, Dataset) else None
    scaled = scaled_features(features, spec.preprocess, progress=progress)
    return Projection(
        coords=direction_coords(scaled, spec, dataset, progress=progress),
        ids=features.ids,
        spec=spec,
        source=features.fingerprint,
        items=features.items,
        seconds=time.perf_counter() - began,
    )


def _by_columns(features: Features, spec: Columns, labels: Int64Array | Dataset | None) -> Projection:
    began = time.perf_counter()
    coords, n_missing = column_coords(features, spec, labels if isinstance(labels, Dataset) else None)
    return Projection(
        coords=coords,
        ids=features.ids,
        spec=spec,
        source=features.fingerprint,
        items=features.items,
        seconds=time.perf_counter() - began,
        departure=missing_title(n_missing),
    )


def _pca(features: Features, spec: Pca, components: PrincipalComponents | None, progress: Progress) -> Projection:
    began = time.perf_counter()
    scaled = scaled_features(features, spec.preprocess, progress=progress)
    seconds = 0.0 if scaled is features else time.perf_counter() - began
    if components is None:
        components = first_components(scaled, max(spec.axes), progress=progress)
    components.check_made_from(scaled, "euclidean", max(spec.axes))
    return Projection(
        coords=components.scores[:, np.array(spec.axes) - 1],
        ids=features.ids,
        spec=spec,
        source=features.fingerprint,
        items=features.items,
        seconds=seconds + components.seconds,
        explained_variance_ratio=components.explained_variance_ratio,
    )
