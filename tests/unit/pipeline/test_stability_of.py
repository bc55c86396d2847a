"""Stability comes through the pipeline: every seed is laid out once, and stored equals computed."""

from dataclasses import replace

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.errors import Cancelled, SpecError
from embviz.features import pixel_features
from embviz.pipeline import projection_of, stability_of, stored_projection, stored_stability
from embviz.projection import Pca, Umap
from embviz.stability import layout_stability
from embviz.storage.store import Store

QUICK = Umap(n_epochs=3)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits", "test")


@pytest.fixture(scope="module")
def pixels(digits):
    return pixel_features(digits)


@pytest.mark.parametrize("spec", [QUICK, replace(QUICK, supervised=True, seed=4), Pca()])
def test_stability_is_computed_once_and_stored_whole(digits, pixels, store, spec):
    assert stored_stability(pixels, spec, digits, 10, n_seeds=3, store=store) is None
    computed = stability_of(pixels, spec, digits, 10, n_seeds=3, store=store)
    seeds = [replace(spec, seed=spec.seed + other) for other in range(3)]
    layouts = [projection_of(pixels, seed, labels=digits, store=store) for seed in seeds]
    np.testing.assert_array_equal(layout_stability(layouts, 10).kept, computed.kept)
    stored = stored_stability(pixels, spec, digits, 10, n_seeds=3, store=store)
    np.testing.assert_array_equal(stored.kept, computed.kept)
    assert stored.seeds == computed.seeds == tuple(seed.seed for seed in seeds)
    assert stored_stability(pixels, spec, digits, 9, n_seeds=3, store=store) is None
    assert stored_stability(pixels, replace(spec, seed=9), digits, 10, n_seeds=3, store=store) is None


def test_progress_says_which_seed_and_a_cancel_keeps_what_is_laid_out(digits, pixels, store):
    said = []

    def stop_at_second(stage, done, total):
        said.append(stage)
        if "seed 2 of 5" in stage:
            raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        stability_of(pixels, QUICK, digits, 10, store=store, progress=stop_at_second)
    assert any(stage.startswith("UMAP · seed 1 of 5") for stage in said)
    assert stored_projection(pixels, QUICK, store=store) is not None
    assert stored_stability(pixels, QUICK, digits, 10, store=store) is None


def test_what_cannot_be_compared_is_refused_before_anything_is_laid_out(digits, pixels, store):
    def fail(*progress):
        raise AssertionError("computed")

    for k, n_seeds, said in ((10, 1, "at least 2 seeds, got 1"), (539, 5, r"k must be in 1\.\.538 for 539 items")):
        with pytest.raises(SpecError, match=said):
            stability_of(pixels, QUICK, digits, k, n_seeds=n_seeds, store=store, progress=fail)
