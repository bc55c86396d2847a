"""Colors of the points by any column or score, as categories or as numbers on a scale."""

from embviz.coloring.choices import KNOWN, ColorBy, coloring_of, colorings_offered
from embviz.coloring.coloring import CategoryColoring, Coloring, ValueColoring
from embviz.coloring.columns import column_coloring, correctness_coloring, label_coloring, prediction_coloring

__all__ = [
    "KNOWN",
    "CategoryColoring",
    "ColorBy",
    "Coloring",
    "ValueColoring",
    "coloring_of",
    "colorings_offered",
    "column_coloring",
    "correctness_coloring",
    "label_coloring",
    "prediction_coloring",
]
