"""The compass of an array of vectors."""

from embviz.arrays import Float32Array
from embviz.projection.pca import principal_components
from embviz.projection.start import compass_layout


def compass_of(vectors: Float32Array, n_components: int) -> Float32Array:
    axes = tuple(range(1, min(n_components, *vectors.shape) + 1))
    return compass_layout(principal_components(vectors, axes).scores, n_components)
