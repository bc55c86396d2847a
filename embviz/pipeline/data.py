"""Features of a dataset: made at once from its pixels or vectors, or by a classifier that is kept in the store."""

from functools import lru_cache

from embviz.dataset import Dataset
from embviz.datasets import Files, Given, Named, dataset_of
from embviz.errors import DatasetError
from embviz.features import (
    Activations,
    Features,
    FeatureSpec,
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


def features_of(dataset: Dataset, spec: FeatureSpec, *, store: Store, progress: Progress = no_progress) -> Features:
    """The features of a dataset; a network that is not in the store is trained first.

    It is trained on the train split of where the dataset came from, whichever split or sample of it
    the dataset is, and its accuracy is that on the test split.

    Raises
    ------
    DatasetError
        If the dataset has no images or vectors, as the spec needs, or nothing to train a network on.
    Cancelled
        If `progress` raised it.
    """
    match spec:
        case Pixels():
            return pixel_features(dataset)
        case Vectors():
            return vector_features(dataset)
        case Activations(layer=layer, seed=seed):
            return activation_features(dataset, _network_of(dataset, seed, store, progress), layer)


def stored_features(
    dataset: Dataset, spec: FeatureSpec, *, store: Store, progress: Progress = no_progress
) -> Features | None:
    """The features of a dataset if they are quickly made; None if a network would have to be trained.

    None also where there is nothing to train one on: `features_of` says why.

    Raises
    ------
    DatasetError
        If the dataset has no images or vectors, as the spec needs.
    """
    if not isinstance(spec, Activations):
        return features_of(dataset, spec, store=store, progress=progress)
    try:
        network = _stored_network(dataset, spec.seed, store)
    except DatasetError:
        return None
    return None if network is None else activation_features(dataset, network, spec.layer)


def _network_of(dataset: Dataset, seed: int, store: Store, progress: Progress) -> Network:
    network = _stored_network(dataset, seed, store)
    if network is None:
        source = _trained_on(dataset)
        train, test = (dataset_of(source, split, progress=progress) for split in ("train", "test"))
        key = key_of(Network, train.fingerprint, test.fingerprint, str(seed))
        trained = train_network(train, test, seed=seed, progress=progress)
        network = kept_value(trained, store, "network", key, known=("class_names", "image_shape"))
    return network


def _stored_network(dataset: Dataset, seed: int, store: Store) -> Network | None:
    key = key_of(Network, *_split_fingerprints(_trained_on(dataset)), str(seed))
    shape = () if dataset.images is None else dataset.images.shape[1:]

    def fits(network: Network) -> bool:
        return network.seed == seed

    return stored_value(Network, store, "network", key, fits=fits, class_names=dataset.class_names, image_shape=shape)


def _trained_on(dataset: Dataset) -> Named | Files:
    """Source of the splits on which a network for the dataset is trained and tested."""
    source = dataset.source.dataset.source if isinstance(dataset.source, Given) else dataset.source
    if not isinstance(source, Named | Files):
        raise DatasetError(
            f"dataset {dataset.name!r} has no train split to train a classifier on; "
            "use a dataset that load_dataset knows, or pixels or vectors as features"
        )
    return source


@lru_cache(maxsize=16)
def _split_fingerprints(source: Named | Files) -> tuple[str, str]:
    """Fingerprints of the train and the test split, read once for each state of the source."""
    return dataset_of(source, "train").fingerprint, dataset_of(source, "test").fingerprint
