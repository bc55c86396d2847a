"""Which features a source of data offers, and how many values each has, before anything is loaded."""

import math
from dataclasses import dataclass

from embviz.datasets import DatasetInfo
from embviz.features.features import LAYERS, Activations, FeatureSpec, NamedVectors, Pixels, Vectors
from embviz.features.network import HIDDEN_UNITS


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


def feature_spaces(info: DatasetInfo) -> tuple[FeatureSpace, ...]:
    """The features that a dataset offers, the usual ones first; a classifier needs images and two classes.

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
            titles = ("Classifier · hidden layer", "Classifier · logits")
            widths = (HIDDEN_UNITS, len(info.class_names))
            spaces += [
                FeatureSpace(Activations(layer), title, width)
                for layer, title, width in zip(LAYERS, titles, widths, strict=True)
            ]
    for place, (name, n_values) in enumerate(info.vectors):
        title = f"Vectors · {name}" if len(info.vectors) > 1 else "Vectors"
        spaces.append(FeatureSpace(NamedVectors(name) if place else Vectors(), title, n_values))
    return tuple(spaces)
