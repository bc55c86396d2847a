"""The order of the stages, and which of their results are kept in the store: the one door for page and command line."""

from embviz.features.onnx import onnx_activations, onnx_layers
from embviz.label_check import confusion, suspicious_groups
from embviz.pipeline.data import features_of, stored_features
from embviz.pipeline.labels import has_label_check, label_check_of, stored_label_check
from embviz.pipeline.layouts import projection_of, stored_projection
from embviz.pipeline.neighbors import SHARED_NEIGHBORS, graph_of, has_graph, neighborhood_of
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
    "class_overlap_of",
    "closest_pairs_of",
    "confusion",
    "features_of",
    "graph_of",
    "has_graph",
    "has_label_check",
    "label_check_of",
    "neighborhood_of",
    "onnx_activations",
    "onnx_layers",
    "overlap_matrix_of",
    "projection_of",
    "stored_class_overlap",
    "stored_closest_pairs",
    "stored_features",
    "stored_label_check",
    "stored_overlap_matrix",
    "stored_projection",
    "suspicious_groups",
]
