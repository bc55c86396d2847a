"""What a layer of the trained classifier makes of each image."""

import numpy as np

from embviz.arrays import fingerprint
from embviz.dataset import Dataset
from embviz.errors import DatasetError
from embviz.features.features import Activations, Features
from embviz.features.network import Network
from embviz.features.pixels import pixel_features


def activation_features(dataset: Dataset, network: Network, layer: str) -> Features:
    """Activations of one layer for every item, with the network's predictions.

    Not probabilities: logits are what softmax would turn into them.

    Parameters
    ----------
    dataset
        Images of the size the network was trained on.
    network
        From `train_network`.
    layer
        ``hidden``: h units after ReLU, >= 0. ``logits``: one per class, before softmax.

    Raises
    ------
    DatasetError
        If the dataset has no images, or images of another size.
    SpecError
        If there is no such layer.
    """
    spec = Activations(layer, network.seed)
    pixels = pixel_features(dataset).vectors
    if pixels.shape[1] != len(network.hidden_weights):
        raise DatasetError(
            f"dataset {dataset.title!r} has {pixels.shape[1]} values per image, but the network was trained on "
            f"{len(network.hidden_weights)}; train one on images of this size"
        )
    hidden = np.maximum(pixels @ network.hidden_weights + network.hidden_biases, 0)
    logits = hidden @ network.output_weights + network.output_biases
    return Features(
        vectors=hidden if layer == "hidden" else logits,
        ids=dataset.ids,
        spec=spec,
        source=fingerprint(dataset.fingerprint, network.fingerprint),
        predictions=logits.argmax(axis=1),
        test_accuracy=network.test_accuracy,
    )
