"""The classifier whose activations are used as features, and its training."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, Float32Array, Int64Array, fingerprint, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range, checked
from embviz.dataset import Dataset
from embviz.errors import DatasetError, InputError, SpecError
from embviz.features.features import HIDDEN_LAYER_SIZES, check_hidden_layer_sizes
from embviz.features.pixels import pixel_features
from embviz.processes.blas import one_blas_thread
from embviz.progress import Progress, no_progress

BATCH_SIZE = 100
LEARNING_RATE = 1e-3
EPOCHS = 10
STAGE = "training the classifier"
MOST_SAMPLED = 1000
"""About how many test items measure the accuracy after each epoch; few, so that it takes milliseconds."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Network:
    """A trained classifier of images: d pixels, one or more hidden layers of ReLU units, C logits, softmax.

    Not scikit-learn's estimator: only what a forward pass needs, and how the network was trained.

    Attributes
    ----------
    weights, biases
        float32, of each layer: shapes (inputs, units) and (units,). The last units are the logits.
    seed
        Random seed of the initial weights and of the order of the items.
    epochs
        Number of passes over the training items.
    test_accuracy
        Share of the test items that the network classifies correctly, 0..1.
    class_names
        One name per logit.
    image_shape
        Height and width of the images, followed by 3 for images in color.
    fingerprint
        Hash of class names, image shape, weights and biases.
    """

    weights: tuple[Float32Array, ...]
    biases: tuple[Float32Array, ...]
    seed: int
    epochs: int
    test_accuracy: float
    class_names: tuple[str, ...]
    image_shape: tuple[int, ...]
    fingerprint: str = field(init=False)

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        if len(self.weights) < 2 or len(self.weights) != len(self.biases):
            given = f"{len(self.weights)} and {len(self.biases)}"
            raise InputError(f"weights and biases must be of two or more layers, and of as many, got {given}")
        layers, n_inputs = list[AnyArray](), math.prod(self.image_shape)
        for place, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            if place == 0 and weights.ndim == 2 and len(weights) != n_inputs:
                raise InputError(f"images of {sized(self.image_shape)} do not fit {len(weights)} weights")
            shape = (n_inputs, n_inputs := len(biases))
            layers += [
                frozen_array(f"weights of layer {place}", weights, np.float32, shape),
                frozen_array(f"biases of layer {place}", biases, np.float32, shape[1:]),
            ]
        if len(self.class_names) != n_inputs:
            raise DatasetError(f"a network with {n_inputs} logits needs as many class names, got {self.class_names}")
        check_range("test_accuracy", self.test_accuracy, 0, 1)
        check_range("epochs", self.epochs, 1)
        object.__setattr__(self, "weights", tuple(layers[::2]))
        object.__setattr__(self, "biases", tuple(layers[1::2]))
        object.__setattr__(self, "fingerprint", fingerprint(*self.class_names, str(self.image_shape), *layers))

    @property
    def hidden_layer_sizes(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        return tuple(len(biases) for biases in self.biases[:-1])


@checked(DatasetError)
def train_network(
    train: Dataset,
    test: Dataset,
    *,
    seed: int = 0,
    hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES,
    progress: Progress = no_progress,
) -> Network:
    """Classifier trained on the images of the training items, by scikit-learn's `MLPClassifier`.

    By default it has one hidden layer of 200 units. It is trained for ten epochs by Adam (Kingma and Ba, 2015) in
    batches of 100, with learning rate 0.001, on pixels as float32 in 0..1. It is not tuned and not stopped early: the
    test items only measure the accuracy.

    A class without training items has a logit too, but is hardly ever predicted. For two classes
    scikit-learn learns one logistic output z; the logits are then -z / 2 and z / 2, whose softmax
    gives the same probabilities.

    Parameters
    ----------
    train, test
        Labeled images of one size, with the same class names; at least two classes in `train`.
    seed
        0 .. 2**32 - 1; the same seed gives the same network on one machine.
    hidden_layer_sizes
        Units of each hidden layer, from the images on.
    progress
        Called with stage ``training the classifier`` before every epoch and at the end; after the first epoch the
        accuracy on a sample of the test items is added to the stage.

    Raises
    ------
    DatasetError
        If images or labels are missing, do not fit each other, or are all of one class.
    SpecError
        If the seed or a size is out of range.
    """
    from sklearn.neural_network import MLPClassifier

    if not 0 <= seed < 2**32:
        raise SpecError(f"seed must be in 0..{2**32 - 1}, got {seed}")
    check_hidden_layer_sizes(hidden_layer_sizes)
    pixels, labels, shape = _labeled_pixels(train)
    test_pixels, test_labels, test_shape = _labeled_pixels(test)
    if shape != test_shape or train.class_names != test.class_names:
        raise DatasetError(
            f"{train.title!r} and {test.title!r} must have images of one size and the same classes, "
            f"got {sized(shape)} and {sized(test_shape)}, "
            f"classes {', '.join(train.class_names)} and {', '.join(test.class_names)}"
        )
    if (labels == labels[0]).all():
        raise DatasetError(f"all items of {train.title!r} are of one class; a classifier needs at least two")
    classifier = MLPClassifier(
        hidden_layer_sizes,
        learning_rate_init=LEARNING_RATE,
        batch_size=min(BATCH_SIZE, len(train)),
        random_state=np.random.RandomState(seed),  # a number would shuffle every epoch the same
    )
    step = max(1, len(test) // MOST_SAMPLED)
    sample, stage = (test_pixels[::step], test_labels[::step]), STAGE
    with one_blas_thread():
        for epoch in range(EPOCHS):
            progress(stage, epoch, EPOCHS)
            classifier.partial_fit(pixels, labels, classes=range(len(train.class_names)))
            if classifier.t_ < (epoch + 1) * len(pixels):
                raise KeyboardInterrupt  # scikit-learn only warns of Ctrl-C, and the half-trained network would be kept
            stage = f"{STAGE} · accuracy {100 * classifier.score(*sample):.1f} %"
    progress(stage, EPOCHS, EPOCHS)
    return _network(classifier, seed, float(classifier.score(test_pixels, test_labels)), train.class_names, shape)


def _labeled_pixels(dataset: Dataset) -> tuple[Float32Array, Int64Array, tuple[int, ...]]:
    if dataset.images is None or dataset.labels is None:
        raise DatasetError(f"dataset {dataset.title!r} has no images or no labels; a classifier is trained on both")
    return pixel_features(dataset).vectors, dataset.labels, dataset.images.shape[1:]


def _network(
    classifier: Any, seed: int, test_accuracy: float, class_names: tuple[str, ...], image_shape: tuple[int, ...]
) -> Network:
    weights, biases = list(classifier.coefs_), list(classifier.intercepts_)
    if classifier.n_outputs_ == 1:
        half = np.array([-0.5, 0.5], np.float32)
        weights[-1], biases[-1] = weights[-1] * half, biases[-1] * half
    return Network(
        weights=tuple(weights),
        biases=tuple(biases),
        seed=seed,
        epochs=EPOCHS,
        test_accuracy=test_accuracy,
        class_names=class_names,
        image_shape=image_shape,
    )


def sized(image_shape: tuple[int, ...]) -> str:
    """Size of an image in words.

    Examples
    --------
    >>> sized((28, 28)), sized((4, 9, 3))
    ('28 x 28 pixels', '4 x 9 pixels in color')
    """
    height, width, *channels = image_shape
    return f"{height} x {width} pixels" + (" in color" if channels else "")
