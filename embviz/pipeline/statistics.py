"""What is measured of classes, in feature space and in layouts, and kept in the store."""

import numpy as np

from embviz.dataset import Dataset
from embviz.features import Features
from embviz.overlap import OverlapMatrix, labeled_vectors, overlap_matrix
from embviz.pipeline.neighbors import SHARED_NEIGHBORS, graph_of
from embviz.progress import Progress, no_progress
from embviz.store import Store
from embviz.stored import kept_value, key_of, stored_value


def overlap_matrix_of(
    features: Features, dataset: Dataset, k: int, *, store: Store, progress: Progress = no_progress
) -> OverlapMatrix:
    """The overlap of every two classes in feature space, out of the shared neighbor graph.

    Raises
    ------
    InputError
        If the features are not those of the dataset's items.
    SpecError
        If the dataset has no labels or fewer than 2 items, or k is below 1.
    Cancelled
        If `progress` raised it.
    """
    matrix = stored_overlap_matrix(features, dataset, k, store=store)
    if matrix is None:
        graph = graph_of(features, min(SHARED_NEIGHBORS, len(features) - 1), store=store, progress=progress)
        matrix = overlap_matrix(
            features, dataset, len(dataset.class_names), k, space=features.name, graph=graph, progress=progress
        )
        kept_value(matrix, store, "overlap", _matrix_key(features, dataset, k))
    return matrix


def stored_overlap_matrix(features: Features, dataset: Dataset, k: int, *, store: Store) -> OverlapMatrix | None:
    """The overlap of every two classes in feature space, if it is in the store; raises as `overlap_matrix_of`."""
    _, codes = labeled_vectors(features, dataset)
    counts = np.bincount(codes, minlength=len(dataset.class_names))

    def fits(matrix: OverlapMatrix) -> bool:
        return (matrix.k, matrix.space) == (k, features.name) and np.array_equal(matrix.n_per_class, counts)

    return stored_value(OverlapMatrix, store, "overlap", _matrix_key(features, dataset, k), fits=fits)


def _matrix_key(features: Features, dataset: Dataset, k: int) -> str:
    return key_of(OverlapMatrix, features.fingerprint, dataset.fingerprint, str(k))
