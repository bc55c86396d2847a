"""Features reduced by PCA, which neighbors are looked up among if a spec asks for that."""

import numpy as np

from embviz.features.features import Features, Reduced
from embviz.projection.pca import PrincipalComponents
from embviz.projection.preprocess import check_preprocess, components_kept
from embviz.projection.specs import Tsne, Umap


def reduced_features(features: Features, spec: Tsne | Umap, components: PrincipalComponents) -> Features:
    """The features reduced to their first principal components; the features themselves if the spec reduces nothing.

    With ``pca-50`` and the ``euclidean`` metric, each vector becomes 50 numbers. With ``cosine`` each unit vector
    becomes 51: angles are measured from the origin, but scores from the mean, so the part of the mean along the
    components is added to the scores, and the length of the rest of the mean becomes one more number. Distances and
    angles are then those of the vectors rebuilt from their components.

    Parameters
    ----------
    features
        The items.
    spec
        Says how many components are kept (`preprocess`), and the metric.
    components
        `first_components` of these features by this metric, at least as many.

    Raises
    ------
    SpecError
        If there are not more items and features than components to keep.
    InputError
        If the components are of other features, or too few.

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
    if spec.preprocess is None:
        return features
    check_preprocess(spec.preprocess, *features.vectors.shape)
    kept = components_kept(spec.preprocess)
    components.check_made_from(features, spec.metric, kept)
    vectors = components.scores[:, :kept]
    if spec.metric == "cosine":
        along, aside = components.center[:kept], np.linalg.norm(components.center[kept:])
        vectors = np.column_stack([vectors + along, np.full(len(features), aside)]).astype(np.float32)
    made = Reduced(features.spec, spec.preprocess, spec.metric)
    return Features(vectors, features.ids, made, features.items)
