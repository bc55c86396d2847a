"""The stability of layouts from seed to seed: each layout and their comparison computed once and kept in the store."""

from dataclasses import replace

from embviz.dataset import Dataset, check_same_items
from embviz.errors import SpecError
from embviz.features import Features
from embviz.pipeline.layouts import projection_of
from embviz.pipeline.stored import kept_value, key_of, spec_key, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.specs import ProjectionSpec, Tsne, Umap
from embviz.stability import N_SEEDS, Stability, layout_stability, seeds_of
from embviz.storage.store import Store


def stability_of(
    features: Features,
    spec: ProjectionSpec,
    dataset: Dataset,
    k: int,
    *,
    n_seeds: int = N_SEEDS,
    store: Store,
    progress: Progress = no_progress,
) -> Stability:
    """The stability of a layout from seed to seed, from the store if it is there.

    Layouts with the seed of the spec and with the seeds after it are made, and each is kept in the store.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.
    SpecError
        If there are fewer than 2 seeds or too few items for k, or `projection_of` raises it.
    Cancelled
        If `progress` raised it.
    """
    found = stored_stability(features, spec, dataset, k, n_seeds=n_seeds, store=store)
    if found is None:
        _check(k, n_seeds, len(features))
        layouts = []
        for place, seed in enumerate(seeds_of(spec.seed, n_seeds)):
            each = replace(spec, seed=seed)
            told = _told(place, n_seeds, progress)
            layouts.append(projection_of(features, each, store=store, labels=dataset, progress=told))
        found = layout_stability(layouts, k, progress=progress)
        kept_value(found, store, "stability", _key(features, spec, dataset, k, n_seeds))
    return found


def stored_stability(
    features: Features, spec: ProjectionSpec, dataset: Dataset, k: int, *, n_seeds: int = N_SEEDS, store: Store
) -> Stability | None:
    """The stability of a layout from the store, else None; raises `InputError` as `stability_of`."""
    check_same_items("features", features.items, dataset)

    def fits(found: Stability) -> bool:
        made = (len(found), found.k, found.seeds, found.items)
        return made == (len(features), k, seeds_of(spec.seed, n_seeds), dataset.items)

    return stored_value(Stability, store, "stability", _key(features, spec, dataset, k, n_seeds), fits=fits)


def _told(place: int, n_seeds: int, progress: Progress) -> Progress:
    """A progress callback for one layout of several, which adds the number of its seed to the names of stages."""

    def with_place(stage: str, done: int, total: int) -> None:
        progress(f"{stage} · seed {place + 1} of {n_seeds}", done, total)

    return with_place


def _check(k: int, n_seeds: int, n: int) -> None:
    if n_seeds < 2:
        raise SpecError(f"stability compares at least 2 seeds, got {n_seeds}")
    if not 1 <= k < n:
        raise SpecError(f"k must be in 1..{n - 1} for {n} items, got {k}")


def _key(features: Features, spec: ProjectionSpec, dataset: Dataset, k: int, n_seeds: int) -> str:
    labels = dataset.fingerprint if isinstance(spec, Tsne | Umap) and spec.supervised else ""
    return key_of(Stability, features.fingerprint, spec_key(spec), labels, str(k), str(n_seeds))
