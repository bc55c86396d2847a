"""Layouts of vectors in 2 or 3 dimensions: PCA, t-SNE, UMAP, directions and columns, all called through `project`."""

from embviz.projection.admission import neighbors_needed
from embviz.projection.project import project
from embviz.projection.projection import Projection
from embviz.projection.specs import Columns, Directions, Pca, ProjectionSpec, Tsne, Umap

__all__ = [
    "Columns",
    "Directions",
    "Pca",
    "Projection",
    "ProjectionSpec",
    "Tsne",
    "Umap",
    "neighbors_needed",
    "project",
]
