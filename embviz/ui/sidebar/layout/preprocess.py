"""Controls of the preprocessing: how vectors are scaled before the layout, and whether PCA reduces them first."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embviz.projection.preprocess.steps import USUAL, can_reduce, usual_reduction
from embviz.projection.titles import PARAMETERS, SCALINGS, preprocess_title
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import as_text, filled

NO_SCALING = "none"
"""The choice of vectors as they are."""


OF_VECTORS = (
    "What is done to the vectors before they are laid out: subtract their mean, divide each vector by its length, do "
    "both (TensorBoard's Spherize), or give each feature mean 0 and standard deviation 1. Subtracting the mean changes "
    "neither Euclidean distances nor PCA. Overlap and nearest items are always computed from the vectors as they are."
)
OF_COLUMNS = "Each column unchanged, without its mean, or with mean 0 and standard deviation 1."


def scaling_control(
    key: str = "scaling", scalings: Sequence[str] = tuple(SCALINGS), says: str = OF_VECTORS
) -> str | None:
    """The scaling of the vectors, the same for all methods that offer it, None for no scaling; draws the select."""
    titles = {NO_SCALING: "None"} | {name: SCALINGS[name][0].upper() + SCALINGS[name][1:] for name in scalings}
    chosen = st.selectbox(
        as_text(PARAMETERS["preprocess"]),
        list(titles),
        list(titles).index(first_shown(key, NO_SCALING, titles.__contains__)),
        key=key,
        format_func=lambda name: as_text(titles[name]),
        help=as_text(says),
    )
    return None if chosen == NO_SCALING else chosen


def reduction_control(n_items: int, n_features: int, in_sight: DeltaGenerator) -> str | None:
    """The reduction before the neighbor search, or None; draws its toggle, in `in_sight` if it is on by default."""
    if not can_reduce(n_items, n_features):
        return None
    usual = usual_reduction(n_items, n_features)
    key = "preprocess" if usual is None else "preprocess-large"
    place = st.container() if usual is None else in_sight
    chosen = place.toggle(
        filled("{reduction} first", reduction=preprocess_title(USUAL)),
        first_shown(key, usual is not None),
        key=key,
        help="Neighbors are searched in the space of the first 50 principal components instead of all features: "
        "several times faster, with nearly the same neighbors. Overlap and nearest items are still computed from all "
        "features.",
    )
    return USUAL if chosen else None
