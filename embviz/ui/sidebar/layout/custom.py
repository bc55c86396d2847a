"""The controls of a custom layout: directions between items, or columns as they are."""

from dataclasses import replace

import streamlit as st

from embviz.datasets import DatasetInfo
from embviz.projection.columns.spec import COLUMN_SCALINGS
from embviz.projection.specs import Columns, Directions
from embviz.projection.titles import METHODS
from embviz.ui.session import Control
from embviz.ui.sidebar.layout.columns import columns_control, columns_offered
from embviz.ui.sidebar.layout.directions import can_direct, directions_control
from embviz.ui.sidebar.layout.preprocess import OF_COLUMNS, scaling_control
from embviz.ui.state.restoring import first_shown

TITLES = {"directions": "Directions", "columns": METHODS["columns"]}
"""Kinds of axes, by the method of their spec."""


def can_customize(info: DatasetInfo, n_features: int) -> bool:
    """Whether there is anything to choose axes from."""
    return len(_kinds(info, n_features)) > 0


def custom_control(info: DatasetInfo, n_features: int, dims: int) -> Directions | Columns:
    """The spec of the axes chosen now; draws the choices of their kind, if there are two, of scaling, and of axes."""
    kinds = _kinds(info, n_features)
    kind = kinds[0]
    if len(kinds) > 1:
        control = Control[str]("custom-axes")
        kind = st.segmented_control(
            "Axes",
            kinds,
            default=first_shown(control.key, kinds[0], kinds.__contains__),
            required=True,
            key=control.key,
            format_func=TITLES.__getitem__,
            width="stretch",
            help="Axes from the mean of some items to the mean of others, or columns of numbers and single features.",
        )
    if kind == "columns":
        return columns_control(info, n_features, dims, scaling_control("column-scaling", COLUMN_SCALINGS, OF_COLUMNS))
    scaling = scaling_control()
    return replace(directions_control(info, dims), preprocess=scaling)


def _kinds(info: DatasetInfo, n_features: int) -> list[str]:
    has_columns = len(columns_offered(info, n_features)) > 1
    return [kind for kind, is_possible in (("directions", can_direct(info)), ("columns", has_columns)) if is_possible]
