"""The view that the page opens with, before anything was chosen; it is computed without being asked for."""

import math
from collections.abc import Iterable

from embviz.datasets import DatasetInfo, lately_known_datasets
from embviz.features.features import Pixels
from embviz.projection.specs import Pca, Tsne
from embviz.view import ViewSpec

MANY = 20_000
"""Number of items in a split above which not all of them are shown at first."""
AT_FIRST = 10_000
"""Number of items shown at first of a split with more than `MANY`."""
FIRST_TAB = "Overlap"
"""Tab that is open at first."""
TAB_MEANWHILE = "Inspect"
"""Tab that is open while the first picture is computed: it computes nothing, and leaves all classes in color."""
FEWEST_FOR_TSNE = 10
"""Least number of items for t-SNE to be the first method; with fewer no perplexity fits, and PCA is shown."""


def first_dataset(infos: Iterable[DatasetInfo]) -> str:
    """Name of the dataset that the page opens with: MNIST if it is on the machine, else the first one that is."""
    here = [info.name for info in infos if info.on_machine]
    return "mnist" if "mnist" in here else here[0]


def first_split(dataset: str) -> str:
    """The split that the page opens with: the test items, or all items of the small dataset Digits."""
    return "all" if dataset == "digits" else "test"


def first_limit(n: int) -> int | None:
    """The number of items that are shown at first of a split with `n` items; None for all.

    Examples
    --------
    >>> first_limit(1797), first_limit(70_000)
    (None, 10000)
    """
    return AT_FIRST if n > MANY else None


def most_perplexity(n_items: int) -> int:
    """The largest perplexity that is offered for `n_items`.

    Examples
    --------
    >>> most_perplexity(100), most_perplexity(10_000)
    (33, 100)
    """
    return max(3, min(100, (n_items - 1) // 3))


def first_perplexity(n_items: int) -> int:
    """The default perplexity of `Tsne`, or the largest one that is offered for `n_items`."""
    return min(math.floor(Tsne().perplexity), most_perplexity(n_items))


def first_picture() -> ViewSpec:
    """The view that the page opens with: t-SNE of the pixels of the first dataset, with default parameters.

    Raises
    ------
    DatasetError
        If ``EMBVIZ_DATA_DIR`` is not a folder.
    """
    infos = lately_known_datasets()
    name = first_dataset(infos)
    (info,) = (info for info in infos if info.name == name)
    split = first_split(name)
    limit = first_limit(info.counts[split])
    n_items = limit or info.counts[split]
    projection = Pca() if n_items < FEWEST_FOR_TSNE else Tsne(perplexity=float(first_perplexity(n_items)))
    return ViewSpec(name, split, limit, Pixels(), projection)
