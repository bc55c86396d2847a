"""Principal components of features: computed once, and kept in the store and, as long as the features, in memory."""

import threading
from dataclasses import replace
from weakref import WeakKeyDictionary

from embviz.arrays import Float64Array
from embviz.features.features import Features
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.pca import TOGETHER, PrincipalComponents, first_components
from embviz.projection.preprocess.scaling import scaled_at_hand
from embviz.storage.store import Store

_at_hand: WeakKeyDictionary[Features, dict[tuple[int, str], PrincipalComponents]] = WeakKeyDictionary()
"""Components in memory, by features and (number of components, metric); 50 for 70,000 items take 14 MB."""
_asking = threading.Lock()
"""Lock for reading and changing `_at_hand`, which the threads of pages and of jobs both do."""


def components_of(
    features: Features, n: int, *, metric: str = "euclidean", store: Store, progress: Progress = no_progress
) -> PrincipalComponents:
    """The first principal components of the features: at least `n`, or all if there are fewer.

    They are computed once for every choice of axes, for the starts of layouts, and for the reduction before neighbors
    are searched. `seconds` in the result is the time that computing them took in this call, 0 if they were stored.

    Raises
    ------
    SpecError
        If `first_components` raises it.
    Cancelled
        If `progress` raised it.
    """
    components = stored_components(features, n, metric=metric, store=store)
    if components is None:
        width = _width(features, n)
        components = first_components(features, width, metric=metric, progress=progress)
        kept_value(components, store, "components", _key(features, width, metric), known=("seconds",))
        _put_at_hand(features, replace(components, seconds=0.0))
    return components


def stored_components(
    features: Features, n: int, *, metric: str = "euclidean", store: Store
) -> PrincipalComponents | None:
    """The result of `components_of` if it is in memory or in the store; otherwise None."""
    width = _width(features, n)
    components = _found_at_hand(features, width, metric)
    if components is None:
        key = _key(features, width, metric)

        def fits(found: PrincipalComponents) -> bool:
            made = (found.scores.shape, len(found.explained_variance_ratio), found.metric, found.source)
            return made == ((len(features), width), min(features.vectors.shape), metric, features.fingerprint)

        components = stored_value(PrincipalComponents, store, "components", key, fits=fits, seconds=0.0)
        if components is not None:
            _put_at_hand(features, components)
    return components


def components_at_hand(features: Features) -> PrincipalComponents | None:
    """The first principal components of the features if they are in memory, else None; reads no file.

    They are those of the vectors themselves (metric ``euclidean``), not of unit vectors.
    """
    return _found_at_hand(features, _width(features, 1), "euclidean")


def shares_at_hand(features: Features, preprocess: str | None = None) -> Float64Array | None:
    """Each principal component's share of the variance if the components are in memory, else None; reads no file.

    With `preprocess`, as in the spec of a layout, they are the components of the features scaled by it.
    """
    scaled = scaled_at_hand(features, preprocess)
    components = None if scaled is None else components_at_hand(scaled)
    return None if components is None else components.explained_variance_ratio


def _width(features: Features, n: int) -> int:
    n_items, n_features = map(int, features.vectors.shape)
    return min(max(n, TOGETHER), n_items, n_features)


def _key(features: Features, width: int, metric: str) -> str:
    return key_of(PrincipalComponents, features.fingerprint, str(width), metric)


def _found_at_hand(features: Features, width: int, metric: str) -> PrincipalComponents | None:
    with _asking:
        return _at_hand.get(features, {}).get((width, metric))


def _put_at_hand(features: Features, components: PrincipalComponents) -> None:
    width = components.scores.shape[1]
    with _asking:
        _at_hand.setdefault(features, {})[width, components.metric] = components
