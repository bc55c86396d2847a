"""The view that the page opens with, before anything was chosen; it is computed without a press of Run."""

import math

from embviz.datasets import DatasetInfo
from embviz.features.catalogue import feature_spaces
from embviz.library import shared_preview
from embviz.progress import no_progress
from embviz.projection.specs import Pca, Tsne
from embviz.storage.store import Store
from embviz.ui.offered import offered
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


def first_split(info: DatasetInfo) -> str:
    """The split that the page opens with: the test items if there are any, but all items of Digits, which is small."""
    if "test" in info.counts and info.name != "digits":
        return "test"
    return "all" if "all" in info.counts else next(iter(info.counts))


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


def first_picture(store: Store) -> ViewSpec:
    """The view that the page opens with: the first dataset's pixels or vectors, by t-SNE with default parameters.

    With fewer than `FEWEST_FOR_TSNE` items the method is PCA.

    Raises
    ------
    DatasetError
        If ``EMBVIZ_DATA_DIR`` is not a folder, or the files that the page was started with cannot be read.
    """
    choice = offered()
    if choice.first in choice.files:
        info = shared_preview(choice.files[choice.first], store, no_progress).info
    else:
        info = choice.named[choice.first]
    split = first_split(info)
    limit = first_limit(info.counts[split])
    n_items = limit or info.counts[split]
    projection = Pca() if n_items < FEWEST_FOR_TSNE else Tsne(perplexity=float(first_perplexity(n_items)))
    return ViewSpec(info.source, split, limit, feature_spaces(info)[0].spec, projection)
