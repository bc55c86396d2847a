"""The features that a dataset offers and their numbers of values, known before the data are loaded."""

import math
from dataclasses import dataclass

from embviz.dataset import Dataset
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
    """Features that a dataset offers: their spec, title and number of values.

    Attributes
    ----------
    spec
        Spec of the features.
    title
        Name of the features on the page.
    n_values
        Number of values per item.
    """

    spec: FeatureSpec
    title: str
    n_values: int


def feature_spaces(
    info: DatasetInfo, hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES
) -> tuple[FeatureSpace, ...]:
    """The features that a dataset offers, the default first; a classifier needs images and two classes.

    `hidden_layer_sizes` are those of the classifier.

    Examples
    --------
    >>> from embviz.datasets import known_datasets
    >>> [(space.title, space.n_values) for space in feature_spaces(known_datasets()[0])]
    [('Pixels', 64), ('Classifier · hidden layer', 200), ('Classifier · logits', 10)]
    """
    return _spaces(info.image_shape, len(info.class_names), info.vectors, hidden_layer_sizes)


def dataset_spaces(
    dataset: Dataset, hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES
) -> tuple[FeatureSpace, ...]:
    """The features that a loaded dataset offers, as `feature_spaces` lists them for a `DatasetInfo`.

    Examples
    --------
    >>> from embviz.datasets import dataset_from_arrays
    >>> [space.spec.name for space in dataset_spaces(dataset_from_arrays(vectors=[[0, 1], [2, 3]]))]
    ['vectors']
    """
    first = () if dataset.vectors is None else (("", dataset.vectors.shape[1]),)
    vectors = (*first, *((name, each.shape[1]) for name, each in dataset.more_vectors.items()))
    shape = None if dataset.images is None else dataset.images.shape[1:]
    return _spaces(shape, 0 if dataset.labels is None else len(dataset.class_names), vectors, hidden_layer_sizes)


def _spaces(
    image_shape: tuple[int, ...] | None,
    n_classes: int,
    vectors: tuple[tuple[str, int], ...],
    hidden_layer_sizes: tuple[int, ...],
) -> tuple[FeatureSpace, ...]:
    spaces: list[FeatureSpace] = []
    if image_shape is not None:
        spaces.append(FeatureSpace(Pixels(), "Pixels", math.prod(image_shape)))
        if n_classes > 1:
            widths = (*hidden_layer_sizes, n_classes)
            spaces += [
                FeatureSpace(
                    Activations(layer, hidden_layer_sizes=hidden_layer_sizes),
                    f"Classifier · {layer_title(layer)}",
                    width,
                )
                for layer, width in zip(layer_names(hidden_layer_sizes), widths, strict=True)
            ]
    for place, (name, n_values) in enumerate(vectors):
        title = f"Vectors · {name}" if name and len(vectors) > 1 else "Vectors"
        spaces.append(FeatureSpace(NamedVectors(name) if place else Vectors(), title, n_values))
    return tuple(spaces)


def layer_title(layer: str) -> str:
    """Name of a layer on the page.

    Examples
    --------
    >>> layer_title("hidden"), layer_title("hidden-2"), layer_title("logits")
    ('hidden layer', 'hidden layer 2', 'logits')
    """
    name, _, place = layer.partition("-")
    return f"{name} layer {place}".strip() if name == "hidden" else layer
