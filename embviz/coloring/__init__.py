"""Colors of the points by any column or score, as categories or as numbers on a scale."""

from embviz.coloring.coloring import CategoryColoring, Coloring, ValueColoring
from embviz.coloring.columns import (
    ColorBy,
    coloring_of,
    colorings_offered,
    column_coloring,
    correctness_coloring,
    label_coloring,
    prediction_coloring,
)

__all__ = [
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
