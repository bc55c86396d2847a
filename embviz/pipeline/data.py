"""Features of a dataset: its pixels or vectors, or activations of a classifier that is kept in the store."""

from functools import lru_cache

import numpy as np

from embviz.dataset import Dataset, subset
from embviz.datasets import DataSource, Files, Given, Named, Uploaded, dataset_of
from embviz.datasets.sampling import stratified_sample
from embviz.errors import DatasetError
from embviz.features import (
    Activations,
    Features,
    FeatureSpec,
    NamedVectors,
    Network,
    Pixels,
    Vectors,
    activation_features,
    pixel_features,
    train_network,
    vector_features,
)
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.storage.store import Store

_ONE_IN = 5
"""One in so many items tests the classifier, if the data have no test split."""


def features_of(dataset: Dataset, spec: FeatureSpec, *, store: Store, progress: Progress = no_progress) -> Features:
    """The features of a dataset; a network that is not in the store is trained first.

    A network is trained on the train split of the dataset's source, and its accuracy is measured on the test split,
    whichever split or sample the dataset is. If the source has no such splits, a seeded fifth of each class is the test
    split.

    Raises
    ------
    DatasetError
        If the dataset lacks the images or vectors that the spec needs, or a source to train a network on.
    Cancelled
        If `progress` raised it.
    """
    match spec:
        case Pixels():
            return pixel_features(dataset)
        case Vectors():
            return vector_features(dataset)
        case NamedVectors(vectors=name):
            return vector_features(dataset, name)
        case Activations():
            return activation_features(dataset, _network_of(dataset, spec, store, progress), spec.layer)


def stored_features(
    dataset: Dataset, spec: FeatureSpec, *, store: Store, progress: Progress = no_progress
) -> Features | None:
    """The features of a dataset if they are quickly made; None if a network would have to be trained.

    The result is None, too, if there is no source to train a network on; `features_of` raises an error in this case.

    Raises
    ------
    DatasetError
        If the dataset lacks the images or vectors that the spec needs.
    """
    if not isinstance(spec, Activations):
        return features_of(dataset, spec, store=store, progress=progress)
    try:
        network = _stored_network(dataset, spec, store)
    except DatasetError:
        return None
    return None if network is None else activation_features(dataset, network, spec.layer)


def _network_of(dataset: Dataset, spec: Activations, store: Store, progress: Progress) -> Network:
    network = _stored_network(dataset, spec, store)
    if network is None:
        train, test = _trained_on(_classifier_source(dataset), progress)
        key = _network_key((train.fingerprint, test.fingerprint), spec)
        sizes = spec.hidden_layer_sizes
        trained = train_network(train, test, seed=spec.seed, hidden_layer_sizes=sizes, progress=progress)
        network = kept_value(trained, store, "network", key, known=("class_names", "image_shape"))
    return network


def _network_key(splits: tuple[str, str], spec: Activations) -> str:
    return key_of(Network, *splits, str(spec.seed), str(spec.hidden_layer_sizes))


def _stored_network(dataset: Dataset, spec: Activations, store: Store) -> Network | None:
    key = _network_key(_split_fingerprints(_classifier_source(dataset)), spec)
    shape = () if dataset.images is None else dataset.images.shape[1:]

    def fits(network: Network) -> bool:
        return (network.seed, network.hidden_layer_sizes) == (spec.seed, spec.hidden_layer_sizes)

    return stored_value(Network, store, "network", key, fits=fits, class_names=dataset.class_names, image_shape=shape)


def _classifier_source(dataset: Dataset) -> DataSource:
    """The source of the items on which a network for the dataset is trained and tested."""
    source = dataset.source
    if isinstance(source, Given) and source.dataset.source is not None:  # it may be a part of a dataset
        source = source.dataset.source
    if not isinstance(source, Named | Files | Uploaded | Given):
        raise DatasetError(
            f"dataset {dataset.name!r} has no train split to train a classifier on; "
            "use a dataset that load_dataset knows, or pixels or vectors as features"
        )
    return source


def can_train(dataset: Dataset) -> bool:
    """Whether a classifier can be trained for a dataset: it needs images, classes, and a source to read them from."""
    try:
        _classifier_source(dataset)
    except DatasetError:
        return False
    return dataset.images is not None and dataset.labels is not None and len(dataset.class_names) > 1


def _trained_on(source: DataSource, progress: Progress) -> tuple[Dataset, Dataset]:
    """The items to train and to test a network on: splits ``train`` and ``test``, or else four fifths and a fifth."""
    if isinstance(source, Named) or (isinstance(source, Files) and source.is_idx_folder):
        return dataset_of(source, "train", progress=progress), dataset_of(source, "test", progress=progress)
    whole = dataset_of(source, "all", progress=progress)
    splits = () if isinstance(source, Given) else whole.splits  # data from Python may lack any items
    ends = [*(first for _, first in splits), len(whole)][1:]
    rows = {name: np.arange(first, end) for (name, first), end in zip(splits, ends, strict=True)}
    if {"train", "test"} <= rows.keys():
        return subset(whole, rows["train"]), subset(whole, rows["test"])
    test = stratified_sample(whole, max(1, len(whole) // _ONE_IN))
    return subset(whole, np.flatnonzero(~np.isin(whole.ids, test.ids))), test


@lru_cache(maxsize=16)
def _split_fingerprints(source: DataSource) -> tuple[str, str]:
    """Fingerprints of the items to train and to test on, computed once for each state of the source."""
    train, test = _trained_on(source, no_progress)
    return train.fingerprint, test.fingerprint
