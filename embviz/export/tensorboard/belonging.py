"""The check that all parts of an export belong to the same items, and its layouts to the exported features."""

from collections.abc import Iterable

from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.features.features import Features
from embviz.projection.projection import Projection
from embviz.projection.titles import projection_title


def check_belonging(dataset: Dataset, features: Iterable[Features], projections: Iterable[Projection]) -> None:
    """Refuse features and layouts of items other than the dataset's, and layouts of features other than these.

    Raises
    ------
    InputError
        If features or a layout belong to other items than the dataset's, or a layout was not made from any of the
        features.
    """
    names = {}
    for each in features:
        check_same_items(f"{each.name} features", each.items, dataset)
        names[each.fingerprint] = each.name
    for projection in projections:
        if projection.source not in names:
            raise InputError(
                f"{projection_title(projection)} was not made from the features given "
                f"({', '.join(names.values())}); export those features too, or leave it out"
            )
        check_same_items("coordinates", projection.items, dataset)
