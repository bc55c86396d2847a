"""Features reduced by PCA, in whose space neighbors are searched if a spec asks for that."""

import numpy as np

from embviz.arrays import Float32Array, Float64Array
from embviz.features.features import Features, Reduced
from embviz.projection.pca import PrincipalComponents
from embviz.projection.preprocess.steps import check_preprocess, components_kept
from embviz.projection.specs import Tsne, Umap


def reduced_features(features: Features, spec: Tsne | Umap, components: PrincipalComponents) -> Features:
    """The features reduced to their first principal components; the features themselves if the spec reduces nothing.

    They are not scaled here: if the spec asks for that, give the result of `scaled_features`.

    With ``pca-50`` and the ``euclidean`` metric, each vector becomes 50 numbers. With ``cosine`` each unit vector
    becomes 51: angles are measured from the origin, but scores from the mean, so the part of the mean along the
    components is added to the scores, and the length of the rest of the mean becomes one more number. Distances and
    angles are then those of the vectors rebuilt from their components.

    Parameters
    ----------
    features
        The items, scaled if the spec says so.
    spec
        The spec of the layout: `preprocess` has the number of components to keep, `metric` the metric.
    components
        `first_components` of these features by this metric, at least as many as are kept.

    Raises
    ------
    SpecError
        If there are not more items and features than components to keep.
    InputError
        If the components were made from other features, or are too few.

    Examples
    --------
    >>> from embviz import dataset_from_arrays, vector_features
    >>> from embviz.projection.pca import first_components
    >>> cross = vector_features(dataset_from_arrays(vectors=[[3, 0, 0], [-3, 0, 0], [0, 2, 1], [0, -2, -1]]))
    >>> reduced = reduced_features(cross, Umap(preprocess="pca-2"), first_components(cross, 2))
    >>> print(reduced.vectors.round(3))
    [[ 3.     0.   ]
     [-3.     0.   ]
     [ 0.     2.236]
     [ 0.    -2.236]]
    """
    kept = components_kept(spec.preprocess)
    if kept is None:
        return features
    check_preprocess(spec.preprocess, *features.vectors.shape)
    components.check_made_from(features, spec.metric, kept)
    vectors = reduced_vectors(components.scores[:, :kept], components.center, spec.metric)
    made = Reduced(features.spec, f"pca-{kept}", spec.metric)
    return Features(vectors, features.ids, made, features.items)


def reduced_vectors(scores: Float32Array, center: Float64Array, metric: str) -> Float32Array:
    """The vectors of `reduced_features`, from the scores of the components that are kept.

    Parameters
    ----------
    scores
        float32, shape (n, number kept).
    center
        `PrincipalComponents.center` of these components.
    metric
        ``euclidean`` or ``cosine``.

    Examples
    --------
    >>> reduced_vectors(np.array([[2]], np.float32), np.array([1.0, 3.0, 4.0]), "cosine").tolist()
    [[3.0, 5.0]]
    """
    if metric != "cosine":
        return scores
    kept = scores.shape[1]
    along, aside = center[:kept], np.linalg.norm(center[kept:])
    return np.column_stack([scores + along, np.full(len(scores), aside)]).astype(np.float32)
