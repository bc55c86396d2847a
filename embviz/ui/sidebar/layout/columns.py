"""The choice of columns as axes: columns of numbers, or single features if there are not too many."""

import streamlit as st

from embviz.datasets import DatasetInfo
from embviz.projection.columns.spec import Columns
from embviz.ui.session import Control
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import Markdown, filled

MOST_FEATURES = 100
"""Largest number of features that are offered one by one; of an image, each is a pixel."""

AS_THEY_ARE = 3
"""Largest number of features that one plot can show; up to this number they are offered before columns."""


def columns_offered(info: DatasetInfo, n_features: int) -> dict[str, int | str]:
    """The columns and features that can be an axis, by title."""
    columns: dict[str, int | str] = {name: name for name in info.numbers}
    numbers = range(1, n_features + 1) if n_features <= MOST_FEATURES else ()
    features: dict[str, int | str] = {f"feature {number}": number for number in numbers}
    return features | columns if n_features <= AS_THEY_ARE else columns | features


def columns_control(info: DatasetInfo, n_features: int, dims: int, preprocess: str | None) -> Columns:
    """The columns chosen now; draws a select for each axis. There are no more axes than columns."""
    offered = columns_offered(info, n_features)
    chosen: list[str] = []
    for axis in "xyz"[: min(dims, len(offered))]:
        control = Control[str](f"column-{axis}-{info.name}")
        free = [title for title in offered if title not in chosen]
        first = first_shown(control.key, free[0], free.__contains__)
        if control.value_or(first) not in free:
            control.show(free[0])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            name: Markdown = filled("{axis}", axis=axis)
            st.caption(name, width="content")
            place = free.index(first) if first in free else 0
            chosen.append(st.selectbox(name, free, place, key=control.key, label_visibility="collapsed"))
    st.caption(
        "All axes share one scale, so standardize columns of different units. Items without a value are drawn lowest."
    )
    return Columns(tuple(offered[title] for title in chosen), preprocess)
