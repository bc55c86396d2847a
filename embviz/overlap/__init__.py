"""How much classes overlap in a space: the share of neighbors of another class, compared with chance."""

from embviz.overlap.classes import class_codes, labeled_vectors
from embviz.overlap.matrix import OverlapMatrix, overlap_matrix
from embviz.overlap.overlap import Overlap, class_overlap
from embviz.overlap.pairs import ClosestPairs, closest_pairs

__all__ = [
    "ClosestPairs",
    "Overlap",
    "OverlapMatrix",
    "class_codes",
    "class_overlap",
    "closest_pairs",
    "labeled_vectors",
    "overlap_matrix",
]
