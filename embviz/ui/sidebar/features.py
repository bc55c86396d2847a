"""The controls of features: which ones, and how many hidden layers the classifier has that they are from."""

import streamlit as st

from embviz.datasets import DatasetInfo
from embviz.features.catalogue import FeatureSpace, feature_spaces
from embviz.features.features import HIDDEN_LAYER_SIZES, Activations, Pixels, layer_names
from embviz.ui.session import Control
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import filled

OFFERED_LAYERS = (HIDDEN_LAYER_SIZES, (200, 100), (200, 100, 50))
"""Units of each hidden layer of the classifiers that are offered: with one, two and three hidden layers."""
DEPTH = Control[int]("hidden-layers")
"""Number of hidden layers of the classifier; shown where one of its layers is chosen."""
_DEPTHS = range(1, len(OFFERED_LAYERS) + 1)


def features_control(info: DatasetInfo) -> FeatureSpace:
    """Draw the choice of features, and below it that of hidden layers if they are of a classifier."""
    first = first_shown(DEPTH.key, 1, _DEPTHS.__contains__)  # before the features: which there are depends on it
    depth = DEPTH.value_or(first)
    sizes = OFFERED_LAYERS[depth - 1]
    spaces = {space.spec.name: space for space in feature_spaces(info, sizes)}
    of_images = tuple(spaces) == (Pixels().name, *layer_names(sizes))
    features = Control[str]("features" if of_images else f"features-{info.name}")  # holds for all data that offer it
    names = list(spaces)
    name = st.selectbox(
        "Features",
        names,
        names.index(first_shown(features.key, names[0], names.__contains__)),
        key=features.key,
        format_func=lambda name: spaces[name].title,
        help=filled(
            "The vectors that are laid out and measured: the pixels, the vectors that the data came with, or, for "
            "images with labels, a layer of a small classifier trained on them ({units} units per hidden layer).",
            units=" and ".join(map(str, sizes)),
        ),
    )
    if isinstance(spaces[name].spec, Activations):
        _depth_control(features, first)
        if DEPTH.value != depth:  # after a restart of the server, the browser tells it only when the control is drawn
            st.rerun()
    return spaces[name]


def _depth_control(features: Control[str], first: int) -> None:
    """Draw the choice of the number of hidden layers, which shows `first` at first.

    A chosen layer that is gone gives way to the last hidden one.
    """

    def changed() -> None:
        names = layer_names(OFFERED_LAYERS[DEPTH.value - 1])
        if features.value not in names:
            features.show(names[-2])

    st.segmented_control(
        "Hidden layers",
        _DEPTHS,
        default=first,
        required=True,
        key=DEPTH.key,
        on_change=changed,
        help="Each number of layers stands for another classifier, which is trained when it is first used.",
    )
