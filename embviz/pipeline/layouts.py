"""Layouts of features, kept in the store unless they were steered and so differ from their spec."""

import numpy as np

from embviz.arrays import Int64Array, fingerprint
from embviz.dataset import Dataset, check_same_items
from embviz.features import Features
from embviz.pipeline.components import components_of, stored_components
from embviz.pipeline.neighbors import graph_of, searched_of
from embviz.pipeline.stored import kept_value, key_of, spec_key, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection import project
from embviz.projection.admission import admission
from embviz.projection.preprocess.scaling import scaled_features
from embviz.projection.projection import Projection
from embviz.projection.ready import loading_meanwhile
from embviz.projection.run.steering import Steering
from embviz.projection.specs import Columns, Directions, LinearSpec, Pca, ProjectionSpec, Tsne, Umap
from embviz.projection.supervision import shaping_labels
from embviz.storage.store import Store


def projection_of(
    features: Features,
    spec: ProjectionSpec,
    *,
    store: Store,
    labels: Int64Array | Dataset | None = None,
    steering: Steering | None = None,
    progress: Progress = no_progress,
) -> Projection:
    """The layout of the features by a spec, from the store if it is there.

    A layout that was steered, such as one stopped early, is neither stored nor taken from the store. A layout by PCA is
    not stored either, but its components are: see `components_of`. Layouts along directions and by columns are not
    stored, because they are quick. `labels` are those of a supervised layout; or the dataset, which directions to
    classes and layouts by metadata columns need, too.

    Raises
    ------
    SpecError
        If there are too few items for the spec, or `project` raises it.
    InputError
        If the dataset has other items than the features.
    Cancelled
        If `progress` raised it.
    """
    if isinstance(labels, Dataset):
        check_same_items(f"{features.name} features", features.items, labels)
    needed = admission(spec, *features.vectors.shape, labels=labels).n_neighbors
    if isinstance(spec, Directions | Columns):
        return project(features, spec, labels=labels, progress=progress)
    if isinstance(spec, Pca):
        scaled = scaled_features(features, spec.preprocess, progress=progress)
        components = components_of(scaled, max(spec.axes), store=store, progress=progress)
        return project(features, spec, components=components, labels=labels, progress=progress)
    is_steered = steering is not None and steering.was_steered
    projection = None if is_steered else stored_projection(features, spec, store=store, labels=labels)
    if projection is None:
        watched = loading_meanwhile(spec, progress)
        scaled = scaled_features(features, spec.preprocess, progress=progress)  # stays in use, so not made again
        searched, components = searched_of(scaled, spec, store=store, progress=progress)
        graph = graph_of(searched, needed, metric=spec.metric, store=store, progress=watched)
        projection = project(
            features,
            spec,
            graph=graph,
            components=components,
            labels=labels,
            steering=steering,
            progress=progress,
        )
        if steering is None or not steering.was_steered:
            kept_value(
                projection,
                store,
                "projection",
                _projection_key(features, spec, labels),
                known=("spec", "source", "items"),
            )
    return projection


def stored_projection(
    features: Features, spec: ProjectionSpec, *, store: Store, labels: Int64Array | Dataset | None = None
) -> Projection | None:
    """The layout of the features if the store has it, or its components (PCA), or it is quick to compute; else None.

    Layouts along directions and by columns are always computed, because they are quick.
    """
    if isinstance(labels, Dataset):
        check_same_items(f"{features.name} features", features.items, labels)
    if isinstance(spec, Directions | Columns):
        return project(features, spec, labels=labels)
    if isinstance(spec, Pca):
        scaled = scaled_features(features, spec.preprocess)
        components = stored_components(scaled, max(spec.axes), store=store)
        return None if components is None else project(features, spec, components=components, labels=labels)
    return stored_value(
        Projection,
        store,
        "projection",
        _projection_key(features, spec, labels),
        fits=lambda projection: np.array_equal(projection.ids, features.ids) and _is_whole(projection),
        spec=spec,
        source=features.fingerprint,
        items=features.items,
    )


def _is_whole(projection: Projection) -> bool:
    """Whether a layout does not depart from its spec, and has every number that its method reports."""
    spec = projection.spec
    said = (
        (projection.explained_variance_ratio, False),
        (projection.kl_divergence, isinstance(spec, Tsne)),
        (projection.iterations, not isinstance(spec, LinearSpec) and spec.engine == "embviz"),
        (projection.equal_items, True),
    )
    return not projection.departure and all((value is not None) == expected for value, expected in said)


def _projection_key(features: Features, spec: ProjectionSpec, labels: Int64Array | Dataset | None) -> str:
    shaping = None
    if isinstance(spec, Tsne | Umap) and labels is not None:
        shaping = shaping_labels(spec, labels, len(features))
    supervising = [] if shaping is None else [fingerprint(shaping)]
    return key_of(Projection, features.fingerprint, spec_key(spec), *supervising)
