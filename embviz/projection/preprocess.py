"""Reduction by PCA before the neighbor search: how a spec names it, which data it fits, and when it is the default."""

import re

from embviz.errors import SpecError

LARGE = 20_000
"""Number of items above which vectors are reduced before the neighbor search, unless the user says otherwise."""

USUAL = "pca-50"
"""Default reduction of sets of more than `LARGE` items."""


def components_kept(preprocess: str) -> int:
    """The number of principal components that a reduction keeps.

    Raises
    ------
    SpecError
        If `preprocess` is not of the form ``pca-50``.

    Examples
    --------
    >>> components_kept("pca-50")
    50
    """
    said = re.fullmatch("pca-([1-9][0-9]{0,8})", preprocess)
    if said is None or int(said[1]) < 2:
        raise SpecError(
            f"preprocess must be None, or 'pca-' and a number of at least 2 as in {USUAL!r}, got {preprocess!r}"
        )
    return int(said[1])


def check_preprocess(preprocess: str | None, n_items: int, n_features: int) -> None:
    """Refuse a reduction that would leave nothing out, because the same layout would then have two specs.

    Raises
    ------
    SpecError
        If there are not more items and features than components to keep.

    Examples
    --------
    >>> check_preprocess("pca-50", 10_000, 10)
    Traceback (most recent call last):
    embviz.errors.SpecError: preprocess pca-50 needs more than 50 features per item, got 10; leave preprocess out
    """
    if preprocess is None:
        return
    kept = components_kept(preprocess)
    for given, what in ((n_items, "items"), (n_features, "features per item")):
        if given <= kept:
            raise SpecError(f"preprocess {preprocess} needs more than {kept} {what}, got {given}; leave preprocess out")


def usual_preprocess(n_items: int, n_features: int) -> str | None:
    """The reduction that the page and the command line use if the user names none.

    Examples
    --------
    >>> usual_preprocess(70_000, 784), usual_preprocess(20_000, 784), usual_preprocess(70_000, 50)
    ('pca-50', None, None)
    """
    return USUAL if n_items > LARGE and can_reduce(n_items, n_features) else None


def can_reduce(n_items: int, n_features: int) -> bool:
    """Whether the data has more items and features than the default reduction keeps components.

    Examples
    --------
    >>> can_reduce(1_797, 64), can_reduce(1_797, 10)
    (True, False)
    """
    return min(n_items, n_features) > components_kept(USUAL)
