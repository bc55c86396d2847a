"""The overlap of classes in a space: the share of neighbors that are of another class, compared with chance."""

from embviz.overlap.classes import class_codes, labeled_vectors
from embviz.overlap.groups import Groups, groups_of
from embviz.overlap.intervals import Interval
from embviz.overlap.overlap import Overlap, class_overlap
from embviz.overlap.pairs import ClosestPairs, closest_pairs
from embviz.overlap.table.matrix import OverlapMatrix
from embviz.overlap.table.measured import overlap_matrix
from embviz.overlap.table.ranks import Ranks

__all__ = [
    "ClosestPairs",
    "Groups",
    "Interval",
    "Overlap",
    "OverlapMatrix",
    "Ranks",
    "class_codes",
    "class_overlap",
    "closest_pairs",
    "groups_of",
    "labeled_vectors",
    "overlap_matrix",
]
