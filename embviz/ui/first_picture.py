"""What the page opens on, before anybody has chosen anything: it is computed without being asked for."""

import math
from collections.abc import Iterable

from embviz.datasets import DatasetInfo, known_datasets
from embviz.features.features import Pixels
from embviz.projection.specs import Pca, Tsne
from embviz.view import ViewSpec

MANY = 20_000
"""Of a split larger than this, not all items are shown at first."""
AT_FIRST = 10_000
"""But so many."""
FIRST_TAB = "Overlap"
TAB_MEANWHILE = "Inspect"
"""Is open while the first picture is computed: it measures nothing, and leaves all classes in color."""
FEWEST_FOR_TSNE = 10
"""With fewer items no perplexity fits, and PCA is shown."""


def first_dataset(infos: Iterable[DatasetInfo]) -> str:
    """MNIST if it is on the machine, else the first that is."""
    here = [info.name for info in infos if info.on_machine]
    return "mnist" if "mnist" in here else here[0]


def first_split(dataset: str) -> str:
    """The test items, or all of the few digits."""
    return "all" if dataset == "digits" else "test"


def first_limit(n: int) -> int | None:
    """How many of `n` items are shown; None for all.

    Examples
    --------
    >>> first_limit(1797), first_limit(70_000)
    (None, 10000)
    """
    return AT_FIRST if n > MANY else None


def most_perplexity(n_items: int) -> int:
    """The largest perplexity offered for so many items.

    Examples
    --------
    >>> most_perplexity(100), most_perplexity(10_000)
    (33, 100)
    """
    return max(3, min(100, (n_items - 1) // 3))


def first_perplexity(n_items: int) -> int:
    """The one of Tsne, or the largest that fits."""
    return min(math.floor(Tsne().perplexity), most_perplexity(n_items))


def first_picture() -> ViewSpec:
    """What is shown at first: t-SNE of the pixels of the first dataset, with all parameters as they are.

    Raises
    ------
    DatasetError
        If ``EMBVIZ_DATA_DIR`` is not a folder.
    """
    infos = known_datasets()
    name = first_dataset(infos)
    (info,) = (info for info in infos if info.name == name)
    split = first_split(name)
    limit = first_limit(info.counts[split])
    n_items = limit or info.counts[split]
    projection = Pca() if n_items < FEWEST_FOR_TSNE else Tsne(perplexity=float(first_perplexity(n_items)))
    return ViewSpec(info.source, split, limit, Pixels(), projection)
