"""Features: one vector per item, of pixels, of a classifier's activations, or the user's own."""

from embviz.features.activations import activation_features
from embviz.features.features import Activations, Features, FeatureSpec, Pixels, Vectors, feature_spec
from embviz.features.network import Network, train_network
from embviz.features.pixels import pixel_features
from embviz.features.vectors import vector_features

__all__ = [
    "Activations",
    "FeatureSpec",
    "Features",
    "Network",
    "Pixels",
    "Vectors",
    "activation_features",
    "feature_spec",
    "pixel_features",
    "train_network",
    "vector_features",
]
