"""Which features a source of data offers, and how many values each has, before anything is loaded."""

import math
from dataclasses import dataclass

from embviz.datasets import DatasetInfo
from embviz.features.features import (
    HIDDEN_LAYER_SIZES,
    Activations,
    FeatureSpec,
    NamedVectors,
    Pixels,
    Vectors,
    layer_names,
)


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """Features that can be laid out.

    Attributes
    ----------
    spec
        How they are made.
    title
        What they are called on the page.
    n_values
        Number of values per item.
    """

    spec: FeatureSpec
    title: str
    n_values: int


def feature_spaces(
    info: DatasetInfo, hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES
) -> tuple[FeatureSpace, ...]:
    """The features that a dataset offers, the usual ones first; a classifier needs images and two classes.

    `hidden_layer_sizes` are those of the classifier.

    Examples
    --------
    >>> from embviz.datasets import known_datasets
    >>> [(space.title, space.n_values) for space in feature_spaces(known_datasets()[0])]
    [('Pixels', 64), ('Classifier · hidden layer', 200), ('Classifier · logits', 10)]
    """
    spaces: list[FeatureSpace] = []
    if info.image_shape is not None:
        spaces.append(FeatureSpace(Pixels(), "Pixels", math.prod(info.image_shape)))
        if len(info.class_names) > 1:
            widths = (*hidden_layer_sizes, len(info.class_names))
            spaces += [
                FeatureSpace(
                    Activations(layer, hidden_layer_sizes=hidden_layer_sizes),
                    f"Classifier · {layer_title(layer)}",
                    width,
                )
                for layer, width in zip(layer_names(hidden_layer_sizes), widths, strict=True)
            ]
    for place, (name, n_values) in enumerate(info.vectors):
        title = f"Vectors · {name}" if len(info.vectors) > 1 else "Vectors"
        spaces.append(FeatureSpace(NamedVectors(name) if place else Vectors(), title, n_values))
    return tuple(spaces)


def layer_title(layer: str) -> str:
    """What a layer is called on the page.

    Examples
    --------
    >>> layer_title("hidden"), layer_title("hidden-2"), layer_title("logits")
    ('hidden layer', 'hidden layer 2', 'logits')
    """
    name, _, place = layer.partition("-")
    return f"{name} layer {place}".strip() if name == "hidden" else layer
