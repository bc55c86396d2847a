"""The `preprocess` field of specs: names of its steps, which data they fit, and the default reduction."""

import re

from embviz.errors import SpecError

SCALINGS = ("center", "unit", "center+unit", "standardize")
"""Names of the scalings of vectors; ``center+unit`` is TensorBoard's "spherize"."""

LARGE = 20_000
"""Number of items above which vectors are reduced before the neighbor search, unless the user says otherwise."""

USUAL = "pca-50"
"""Default reduction of sets of more than `LARGE` items."""


def scaling_of(preprocess: str | None) -> str | None:
    """The scaling, one of `SCALINGS`, with which `preprocess` begins; None if it has no scaling.

    Raises
    ------
    SpecError
        As for `components_kept`.

    Examples
    --------
    >>> scaling_of("center+unit+pca-50"), scaling_of("pca-50")
    ('center+unit', None)
    """
    return _steps(preprocess)[0]


def components_kept(preprocess: str | None) -> int | None:
    """The number of principal components that `preprocess` keeps; None if it reduces nothing.

    Raises
    ------
    SpecError
        If `preprocess` is not None, one of `SCALINGS`, a reduction such as ``pca-50``, or both as ``unit+pca-50``.

    Examples
    --------
    >>> components_kept("unit+pca-50"), components_kept("unit")
    (50, None)
    """
    return _steps(preprocess)[1]


def preprocess_of(scaling: str | None, reduction: str | None = None) -> str | None:
    """The value of `preprocess` for a scaling, a reduction, or both one after the other; None for neither.

    Examples
    --------
    >>> preprocess_of("center+unit", "pca-50"), preprocess_of("unit"), preprocess_of(None)
    ('center+unit+pca-50', 'unit', None)
    """
    return "+".join(filter(None, (scaling, reduction))) or None


def check_scaling(method: str, preprocess: str | None) -> None:
    """Refuse a reduction for a method that does not search neighbors; messages call it `method`.

    Raises
    ------
    SpecError
        If `preprocess` has a reduction, or as for `components_kept`.
    """
    if components_kept(preprocess) is not None:
        raise SpecError(
            f"{method} does not search neighbors, so it reduces no vectors: preprocess must be None or one of "
            f"{', '.join(SCALINGS)}, got {preprocess!r}"
        )


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
    embviz.errors.SpecError: preprocess pca-50 needs more than 50 features per item, got 10; leave pca-50 out
    """
    kept = components_kept(preprocess)
    if kept is None:
        return
    for given, what in ((n_items, "items"), (n_features, "features per item")):
        if given <= kept:
            raise SpecError(f"preprocess {preprocess} needs more than {kept} {what}, got {given}; leave pca-{kept} out")


def usual_reduction(n_items: int, n_features: int) -> str | None:
    """The reduction that the page and the command line use if the user names none; None if nothing is reduced.

    Examples
    --------
    >>> usual_reduction(70_000, 784), usual_reduction(20_000, 784), usual_reduction(70_000, 50)
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
    kept = components_kept(USUAL)
    return kept is not None and min(n_items, n_features) > kept


def _steps(preprocess: str | None) -> tuple[str | None, int | None]:
    if preprocess is None:
        return None, None
    names = "|".join(map(re.escape, SCALINGS))
    said = re.fullmatch(rf"(?:({names})|(?:({names})\+)?pca-([1-9][0-9]{{0,8}}))", preprocess)
    kept = None if said is None or said[3] is None else int(said[3])
    if said is None or (kept is not None and kept < 2):
        raise SpecError(
            f"preprocess must be None, one of {', '.join(SCALINGS)}, 'pca-' and a number of at least 2 as in "
            f"{USUAL!r}, or both as in 'unit+{USUAL}', got {preprocess!r}"
        )
    return said[1] or said[2], kept
