"""Faithfulness of layouts: to neighbors of items, to overlaps of class pairs, and to the arrangement of classes."""

from embviz.faithfulness.arrangement import Arrangement
from embviz.faithfulness.change import OverlapChange, overlap_change
from embviz.faithfulness.edges import edges_of
from embviz.faithfulness.faithfulness import Faithfulness, layout_faithfulness, usual_k
from embviz.faithfulness.ladder import Ladder, Step, overlap_ladder
from embviz.faithfulness.verdict import verdict

__all__ = [
    "Arrangement",
    "Faithfulness",
    "Ladder",
    "OverlapChange",
    "Step",
    "edges_of",
    "layout_faithfulness",
    "overlap_change",
    "overlap_ladder",
    "usual_k",
    "verdict",
]
