"""Layouts as TensorBoard bookmarks, its only way to show coordinates that it has not computed itself."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from embviz.projection.projection import Projection
from embviz.projection.titles import projection_title


def bookmarks_json(projections: Sequence[Projection], n_dimensions: int, *, label_by: str, color_by: str | None) -> str:
    """The text of a file with one bookmark per layout; a click on a bookmark moves the points to the layout.

    Every layout is written as if it were a UMAP of TensorBoard. TensorBoard shows the coordinates of a UMAP as they
    are, but would continue to optimize a t-SNE, and compute a PCA again. It stretches each axis to the same length,
    whatever the scale, so the coordinates are not scaled here.

    Parameters
    ----------
    projections
        Layouts of the items in the order of the tensor's rows.
    n_dimensions
        Number of dimensions of the tensor.
    label_by
        Metadata column that labels points.
    color_by
        Metadata column that colors points; None for no colors.
    """
    return json.dumps([_state(each, n_dimensions, label_by, color_by) for each in projections])


def bookmark_coords(state: dict[str, Any]) -> list[list[float]]:
    """The coordinates in one bookmark, one row per item."""
    return [[point[key] for key in sorted(point)] for point in state["projections"]]


def _state(projection: Projection, n_dimensions: int, label_by: str, color_by: str | None) -> dict[str, Any]:
    """One bookmark, which TensorBoard calls a State; TensorBoard fails if a field is missing."""
    n, dims = projection.coords.shape
    axes = [f"umap-{axis}" for axis in range(dims)]
    shortest = projection.coords.astype(np.str_)  # 0.1, not 0.10000000149011612 as float64 would give
    flat, side_on = dims == 2, [0.45, 0.9, 1.6]  # TensorBoard's default camera in 3-D
    return {
        "label": f"{projection_title(projection)} (embviz)",
        "isSelected": False,
        "selectedProjection": "umap",
        "dataSetDimensions": [n, n_dimensions],
        "projections": [dict(zip(axes, map(float, point), strict=True)) for point in shortest],
        "filteredPoints": None,
        "selectedPoints": [],
        "cameraDef": {
            "orthographic": flat,
            "position": [0, 0, 4] if flat else side_on,
            "target": [0, 0, 0],
            "zoom": 1,
        },
        "selectedColorOptionName": color_by or "No color map",
        "selectedLabelOption": label_by,
        "forceCategoricalColoring": False,
        "umapIs3d": not flat,
        "umapNeighbors": 15,
        "umapMinDist": 0.1,
        "tSNEIteration": 0,
        "tSNEPerplexity": 30,
        "tSNELearningRate": 1,
        "tSNEis3d": True,
        "pcaComponentDimensions": [0, 1, 2],
        "customSelectedSearchByMetadataOption": label_by,
    } | {f"custom{end}{part}": value for end in ("XLeft", "XRight", "YUp", "YDown") for part, value in _NO_SEARCH}


_NO_SEARCH = (("Text", ""), ("Regex", False))
