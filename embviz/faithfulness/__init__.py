"""How far a layout can be trusted: item by item, and class pair by class pair."""

from embviz.faithfulness.faithfulness import Faithfulness, layout_faithfulness, usual_k

__all__ = ["Faithfulness", "layout_faithfulness", "usual_k"]
