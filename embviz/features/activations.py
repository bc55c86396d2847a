"""Activations: the output of one layer of the trained classifier for each image."""

import numpy as np

from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import DatasetError
from embviz.features.features import Activations, Features, layer_names
from embviz.features.network import Network, sized
from embviz.features.pixels import pixel_features


@checked(DatasetError)
def activation_features(dataset: Dataset, network: Network, layer: str) -> Features:
    """Activations of one layer for every item, with the network's predictions.

    Not probabilities: the logits are given before softmax.

    Parameters
    ----------
    dataset
        Images of the size the network was trained on; labels, if there are any, of the same classes.
    network
        From `train_network`.
    layer
        One of `layer_names`. ``hidden``: a value per unit, after ReLU, >= 0; ``hidden-1`` and so on where there are
        several. ``logits``: one value per class, before softmax.

    Raises
    ------
    DatasetError
        If the dataset has no images, images of another size, or other classes than the network was trained on.
    SpecError
        If there is no such layer.
    """
    spec = Activations(layer, network.seed, network.hidden_layer_sizes)
    pixels = pixel_features(dataset).vectors
    assert dataset.images is not None, "it has pixels"
    shape = dataset.images.shape[1:]
    if shape != network.image_shape:
        raise DatasetError(
            f"dataset {dataset.title!r} has images of {sized(shape)}, but the network was trained on "
            f"{sized(network.image_shape)}; train one on images of this size"
        )
    if dataset.labels is not None and dataset.class_names != network.class_names:
        raise DatasetError(
            f"dataset {dataset.title!r} has the classes {', '.join(dataset.class_names)}, but the network predicts "
            f"{', '.join(network.class_names)}; train one on these classes, or leave labels out"
        )
    values, wanted = pixels, pixels
    names = layer_names(network.hidden_layer_sizes)
    for name, weights, biases in zip(names, network.weights, network.biases, strict=True):
        values = values @ weights + biases
        if name != "logits":
            np.maximum(values, 0, out=values)
        wanted = values if name == layer else wanted
    return Features(
        vectors=wanted,
        ids=dataset.ids,
        spec=spec,
        items=dataset.items,
        predictions=values.argmax(axis=1),
        test_accuracy=network.test_accuracy,
        network=network.fingerprint,
        class_names=network.class_names,
    )
