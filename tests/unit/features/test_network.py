"""The classifier: scikit-learn as the oracle of the forward pass, seeds, small and odd training sets."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from embviz.dataset import subset
from embviz.datasets import dataset_from_arrays, load_dataset
from embviz.datasets.sampling import stratified_sample
from embviz.errors import Cancelled, DatasetError, SpecError
from embviz.features import activation_features, pixel_features, train_network
from embviz.features.network import EPOCHS, STAGE


@pytest.fixture(scope="module")
def train():
    return load_dataset("digits", "train")


@pytest.fixture(scope="module")
def test():
    return load_dataset("digits", "test")


@pytest.fixture(scope="module")
def network(train, test):
    return train_network(train, test)


def only(dataset, *codes):
    return subset(dataset, np.flatnonzero(np.isin(dataset.labels, codes)))


def sklearn_probabilities(train, test, sizes=200):
    """Probabilities by scikit-learn's own classifier, trained as `train_network` describes."""
    random = np.random.RandomState(0)
    classifier = MLPClassifier(sizes, learning_rate_init=0.001, batch_size=100, random_state=random)
    with threadpool_limits(1):
        for _ in range(10):
            classifier.partial_fit(pixel_features(train).vectors, train.labels, classes=range(len(train.class_names)))
    return classifier.predict_proba(pixel_features(test).vectors)


def test_a_deeper_network_is_scikit_learns_too(train, test):
    deep = train_network(train, test, hidden_layer_sizes=(20, 10))
    assert deep.hidden_layer_sizes == (20, 10)
    logits = activation_features(test, deep, "logits").vectors
    assert np.allclose(softmax(logits), sklearn_probabilities(train, test, (20, 10)), atol=1e-4)
    first, second = (activation_features(test, deep, layer).vectors for layer in ("hidden-1", "hidden-2"))
    assert first.shape[1] == 20 and first.min() == 0
    assert np.allclose(np.maximum(first @ deep.weights[1] + deep.biases[1], 0), second, atol=1e-4)


@pytest.mark.parametrize("sizes", [(), (0,), (-5, 10), (10**6,), (5,) * 9])
def test_hidden_layers_that_cannot_be_are_refused(train, test, sizes):
    with pytest.raises(SpecError, match=r"hidden_layer_sizes must be 1 to 8 numbers in 1\.\.2,000"):
        train_network(train, test, hidden_layer_sizes=sizes)


def softmax(logits):
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_softmax_of_the_logits_is_scikit_learns_probability(network, train, test):
    logits = activation_features(test, network, "logits").vectors
    assert np.allclose(softmax(logits), sklearn_probabilities(train, test), atol=1e-4)


def test_two_classes_have_two_logits_whose_softmax_is_scikit_learns_probability():
    rng = np.random.default_rng(0)
    dataset = dataset_from_arrays(images=rng.integers(0, 256, (300, 4, 4)), labels=rng.integers(0, 2, 300))
    features = activation_features(dataset, train_network(dataset, dataset), "logits")
    assert features.vectors.shape == (300, 2)
    assert np.allclose(features.vectors.sum(axis=1), 0)
    assert np.allclose(softmax(features.vectors), sklearn_probabilities(dataset, dataset), atol=1e-4)
    assert features.test_accuracy == pytest.approx(np.mean(features.predictions == dataset.labels))


def test_training_says_after_each_epoch_how_well_it_does(train, test):
    told = []
    network = train_network(train, test, progress=lambda *said: told.append(said))
    assert [said[1:] for said in told] == [(epoch, EPOCHS) for epoch in range(EPOCHS + 1)]
    assert told[0][0] == STAGE and all(said[0].startswith(f"{STAGE} · accuracy ") for said in told[1:])
    assert told[-1][0] == f"{STAGE} · accuracy {100 * network.test_accuracy:.1f} %", "here the sample is all of them"


def test_digits_are_recognized(network):
    assert network.test_accuracy > 0.9


def test_the_same_seed_gives_the_same_network_and_another_one_does_not(train, test):
    sample = stratified_sample(train, 200)
    networks = [train_network(sample, test, seed=seed) for seed in (3, 3, 4)]
    assert networks[0].fingerprint == networks[1].fingerprint
    assert np.array_equal(networks[0].weights[0], networks[1].weights[0])
    assert networks[0].fingerprint != networks[2].fingerprint


def test_the_network_is_float32_and_read_only(network):
    for array in (*network.weights, *network.biases):
        assert array.dtype == np.float32
        assert not array.flags.writeable
    assert (network.seed, network.epochs) == (0, EPOCHS)


def test_fewer_items_than_a_batch_are_enough(train, test):
    assert train_network(stratified_sample(train, 40), test).test_accuracy > 0.3


def test_a_class_without_training_items_keeps_its_logit_and_is_not_predicted(train, test):
    network = train_network(only(train, 0, 1, 2), test)
    features = activation_features(test, network, "logits")
    assert features.vectors.shape[1] == 10
    assert set(features.predictions) <= {0, 1, 2}


def test_training_stops_between_epochs(train, test):
    def stop(stage, done, total):
        if done == 3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        train_network(train, test, progress=stop)


def test_one_class_is_not_enough(train, test):
    with pytest.raises(DatasetError, match="of one class; a classifier needs at least two"):
        train_network(only(train, 7), test)


def test_images_labels_sizes_and_classes_must_fit(train, test):
    images = np.zeros((4, 8, 8), np.uint8)
    with pytest.raises(DatasetError, match="no images or no labels"):
        train_network(dataset_from_arrays(images=images), test)
    with pytest.raises(DatasetError, match="no images or no labels"):
        train_network(train, dataset_from_arrays(vectors=np.zeros((2, 64)), labels=[0, 1]))
    with pytest.raises(DatasetError, match="same classes"):
        train_network(train, dataset_from_arrays(images=images, labels=["a", "b", "a", "b"]))
    with pytest.raises(DatasetError, match="one size"):
        train_network(train, dataset_from_arrays(images=np.zeros((10, 4, 4), np.uint8), labels=range(10)))


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(train, test, seed):
    with pytest.raises(SpecError, match="seed must be in"):
        train_network(train, test, seed=seed)


@pytest.mark.mnist
def test_a_sixth_of_mnist_is_enough_for_nineteen_of_twenty_digits():
    """Training on all of MNIST gives 97.9 %, but takes half a minute of one core."""
    train = load_dataset("mnist", "train", limit=10_000)
    assert train_network(train, load_dataset("mnist", "test")).test_accuracy > 0.95
