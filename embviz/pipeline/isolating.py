"""Isolating items of a view: a dataset of these items alone, with their vectors and coordinates unchanged."""

from dataclasses import replace

from embviz.dataset import Dataset, check_same_items
from embviz.features.features import Features
from embviz.items.id_set import IdSet
from embviz.items.isolated import isolated_dataset, isolated_rows
from embviz.projection.projection import Projection


def isolated_parts(
    dataset: Dataset, features: Features, projection: Projection, ids: IdSet
) -> tuple[Dataset, Features, Projection]:
    """The dataset of the isolated items, their vectors, and their unchanged coordinates; raises as `isolated_rows`.

    The KL divergence and the number of equal items are dropped, because they describe the whole layout. The principal
    axes and their explained variance remain those of all items.
    """
    check_same_items("features", features.items, dataset)
    check_same_items("coordinates", projection.items, dataset)
    rows = isolated_rows(dataset, ids)
    part = isolated_dataset(dataset, ids)
    predictions = None if features.predictions is None else features.predictions[rows]
    vectors = replace(features, vectors=features.vectors[rows], ids=part.ids, items=part.items, predictions=predictions)
    departures = [projection.departure, f"isolated from {len(projection):,} items"]
    places = replace(
        projection,
        coords=projection.coords[rows],
        ids=part.ids,
        source=vectors.fingerprint,
        items=part.items,
        kl_divergence=None,
        equal_items=None,
        departure=", ".join(filter(None, departures)),
        n_laid_out=projection.n_laid_out or len(projection),
    )
    return part, vectors, places
