"""The stages in their order, with results kept in the store: the functions that page and command line compute with."""

from embviz.features.onnx import onnx_activations, onnx_layers
from embviz.label_check import confusion, suspicious_groups
from embviz.overlap.table.readable import readable_classes
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
from embviz.pipeline.placing import placed_of, stored_placed
from embviz.pipeline.statistics.bounds import error_bounds_of, stored_error_bounds
from embviz.pipeline.statistics.change import overlap_change_of, stored_overlap_change
from embviz.pipeline.statistics.classes import (
    class_overlap_of,
    closest_pairs_of,
    overlap_matrix_of,
    stored_class_overlap,
    stored_closest_pairs,
    stored_overlap_matrix,
)
from embviz.pipeline.statistics.faithfulness import faithfulness_of, stored_faithfulness
from embviz.pipeline.statistics.labels import has_label_check, label_check_of, stored_label_check
from embviz.pipeline.statistics.ladder import ladder_of, stored_ladder
from embviz.pipeline.statistics.layers import (
    class_separation_of,
    layer_lens_of,
    layer_specs,
    lens_of_spaces,
    pair_axis_of,
)
from embviz.pipeline.statistics.stability import stability_of, stored_stability

__all__ = [
    "SHARED_NEIGHBORS",
    "alignment_of",
    "class_overlap_of",
    "class_separation_of",
    "closest_pairs_of",
    "confusion",
    "distance_of",
    "error_bounds_of",
    "faithfulness_of",
    "features_of",
    "graph_of",
    "has_graph",
    "has_label_check",
    "label_check_of",
    "ladder_of",
    "layer_lens_of",
    "layer_specs",
    "layout_neighborhood_of",
    "lens_of_spaces",
    "neighborhood_of",
    "onnx_activations",
    "onnx_layers",
    "overlap_change_of",
    "overlap_matrix_of",
    "pair_axis_of",
    "placed_of",
    "projection_of",
    "readable_classes",
    "stability_of",
    "stored_class_overlap",
    "stored_closest_pairs",
    "stored_error_bounds",
    "stored_faithfulness",
    "stored_features",
    "stored_label_check",
    "stored_ladder",
    "stored_overlap_change",
    "stored_overlap_matrix",
    "stored_placed",
    "stored_projection",
    "stored_stability",
    "suspicious_groups",
]
