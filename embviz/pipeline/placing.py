"""Placing of new items into a layout: computed once for the layout and these items, and kept in the store."""

import numpy as np

from embviz.features import Features
from embviz.pipeline.neighbors import graph_of, searched_of
from embviz.pipeline.stored import kept_value, key_of, spec_key, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.admission import neighbors_needed
from embviz.projection.placing.place import place, placing_spec
from embviz.projection.placing.placed import Placed
from embviz.projection.preprocess.scaling import scaled_features
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from embviz.storage.store import Store

KNOWN = ("spec", "source", "items", "layout", "laid_out")
"""Fields of `Placed` that follow from the arguments, and so are not stored."""


def placed_of(
    features: Features,
    into: Projection,
    laid_out: Features,
    *,
    store: Store,
    progress: Progress = no_progress,
) -> Placed:
    """The coordinates of new items in a layout, from the store if they are there.

    The neighbors and the principal components of the laid-out items are taken from the store, too, if they were stored
    for the layout.

    Parameters
    ----------
    features, into, laid_out
        As in `place`.
    store
        The store. Coordinates in a layout that was steered are not stored, because the layout is not.
    progress
        As in `place`.

    Raises
    ------
    SpecError, InputError
        As `place`.
    Cancelled
        If `progress` raised it.
    """
    placed = stored_placed(features, into, laid_out, store=store)
    if placed is None:
        spec, components, metric, k = placing_spec(into), None, "euclidean", 1
        searched = scaled = scaled_features(laid_out, spec.preprocess, progress=progress)
        if not isinstance(spec, Pca):
            metric, k = spec.metric, neighbors_needed(spec, len(laid_out))
            searched, components = searched_of(scaled, spec, store=store, progress=progress)
        graph = graph_of(searched, k, metric=metric, store=store, progress=progress)
        placed = place(features, into, laid_out=laid_out, graph=graph, components=components, progress=progress)
        if not into.departure:
            kept_value(placed, store, "placed", _key(features, into), known=KNOWN)
    return placed


def stored_placed(features: Features, into: Projection, laid_out: Features, *, store: Store) -> Placed | None:
    """The coordinates of new items in a layout if they are in the store; otherwise None.

    Raises
    ------
    InputError
        If the layout was not made from `laid_out`.
    """
    into.check_made_from(laid_out)
    if into.departure:
        return None

    def fits(placed: Placed) -> bool:
        are_known = np.isin(placed.nearest_ids, laid_out.ids).all() and len(placed.usual_distances) == len(laid_out)
        return bool(are_known) and np.array_equal(placed.ids, features.ids)

    return stored_value(
        Placed,
        store,
        "placed",
        _key(features, into),
        fits=fits,
        spec=into.spec,
        source=features.fingerprint,
        items=features.items,
        layout=into.fingerprint,
        laid_out=laid_out.fingerprint,
    )


def _key(features: Features, into: Projection) -> str:
    return key_of(Placed, features.fingerprint, into.source, into.fingerprint, spec_key(into.spec))
