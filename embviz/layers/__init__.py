"""Separation of two classes: in each feature space from pixels to logits, and along the straight line between them."""

from embviz.layers.accuracy import Accuracy
from embviz.layers.axis import PairAxis, pair_axis
from embviz.layers.lens import LayerLens, LayerStep, layer_lens
from embviz.layers.separation import Separation, class_separation

__all__ = [
    "Accuracy",
    "LayerLens",
    "LayerStep",
    "PairAxis",
    "Separation",
    "class_separation",
    "layer_lens",
    "pair_axis",
]
