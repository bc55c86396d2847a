"""The order of the stages, and which of their results are kept in the store: the one door for page and command line."""

from embviz.features.onnx import onnx_activations, onnx_layers
from embviz.pipeline.alignments import alignment_of
from embviz.pipeline.data import features_of, stored_features
from embviz.pipeline.layouts import projection_of, stored_projection
from embviz.pipeline.neighbors import (
    SHARED_NEIGHBORS,
    distance_of,
    graph_of,
    has_graph,
    layout_neighborhood_of,
    neighborhood_of,
)
from embviz.pipeline.statistics import (
    class_overlap_of,
    closest_pairs_of,
    overlap_matrix_of,
    stored_class_overlap,
    stored_closest_pairs,
    stored_overlap_matrix,
)

__all__ = [
    "SHARED_NEIGHBORS",
    "alignment_of",
    "class_overlap_of",
    "closest_pairs_of",
    "distance_of",
    "features_of",
    "graph_of",
    "has_graph",
    "layout_neighborhood_of",
    "neighborhood_of",
    "onnx_activations",
    "onnx_layers",
    "overlap_matrix_of",
    "projection_of",
    "stored_class_overlap",
    "stored_closest_pairs",
    "stored_features",
    "stored_overlap_matrix",
    "stored_projection",
]
