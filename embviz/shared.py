"""What views are made of, found in the library that visitors share, or in the store, or made for all of them."""

from embviz.dataset import Dataset
from embviz.datasets import DataSource, dataset_of
from embviz.features.features import Activations, Features, FeatureSpec
from embviz.library import Kind, library_of
from embviz.pipeline import features_of, projection_of, stored_features, stored_projection
from embviz.progress import Progress
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, ProjectionSpec
from embviz.storage.store import Store

# Held without a visitor are at most the 10,000 test items of MNIST and their layouts, so that a page that is opened or
# reloaded has them at once; the 70,000 take 280 MB, and are read again in two seconds.
DATASETS = Kind[Dataset](16 * 2**20)
FEATURES = Kind[Features](40 * 2**20)
PROJECTIONS = Kind[Projection](4 * 2**20)


def shared_dataset(source: DataSource, split: str, limit: int | None, store: Store, progress: Progress) -> Dataset:
    """What `dataset_of` gives. The source, and so the key, is another one when its data have changed.

    Raises
    ------
    DatasetError
        As `dataset_of`.
    """

    def read() -> Dataset:
        return dataset_of(source, split, limit, progress=progress)

    return library_of(store).shared(DATASETS, (source, split, limit), read, progress)


def shared_features(
    dataset: Dataset, spec: FeatureSpec, compute: bool, store: Store, progress: Progress
) -> Features | None:
    """The features, made if that is cheap or if one says to `compute` them; else None.

    Raises
    ------
    DatasetError
        As `features_of`.
    Cancelled
        If `progress` raised it.
    """
    library = library_of(store)
    if not isinstance(spec, Activations):

        def made() -> Features:
            return features_of(dataset, spec, store=store, progress=progress)

        return library.shared(FEATURES, (dataset.fingerprint, spec), made, progress)
    key = (dataset.source, dataset.fingerprint, spec)  # the classifier learns from other items of the source, too
    features = library.found(FEATURES, key)
    if features is None:
        make = features_of if compute else stored_features
        features = make(dataset, spec, store=store, progress=progress)
    return None if features is None else library.added(FEATURES, key, features)


def shared_projection(
    dataset: Dataset, features: Features, spec: ProjectionSpec, store: Store, progress: Progress
) -> Projection | None:
    """The layout if it is in memory or in the store; made if that is cheap, else None.

    Raises
    ------
    InputError
        If the features are not of the dataset's items, or as `projection_of`.
    """
    library, key = library_of(store), (dataset.fingerprint, features.fingerprint, spec)
    projection = library.found(PROJECTIONS, key)
    if projection is not None:
        return projection
    if isinstance(spec, Pca):
        projection = projection_of(features, spec, store=store, labels=dataset, progress=progress)
    else:
        projection = stored_projection(features, spec, store=store, labels=dataset)
    return None if projection is None else library.added(PROJECTIONS, key, projection)
