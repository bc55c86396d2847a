"""Stability: the Jaccard overlap of neighbor lists by its definition, blind to turns, and sentences that are true."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from embviz.datasets import dataset_from_arrays
from embviz.errors import InputError, SpecError
from embviz.features import vector_features
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.projection import Projection
from embviz.stability import Stability, layout_stability, seeds_of, verdict
from tests.unit.neighborhoods import brute_force

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def features():
    return vector_features(dataset_from_arrays(vectors=RNG.normal(size=(80, 4))))


def placed(features, coords, seed):
    coords = np.ascontiguousarray(coords, np.float32)
    return Projection(coords, features.ids, Umap(seed=seed), features.fingerprint, features.items, seconds=0)


def by_definition(layouts, k):
    lists = [[set(found) for found in brute_force(layout.coords, k)[0].tolist()] for layout in layouts]
    overlaps = [[len(a & b) / len(a | b) for a, b in zip(*pair, strict=True)] for pair in combinations(lists, 2)]
    return np.mean(overlaps, axis=0)


@pytest.mark.parametrize(("n_layouts", "k"), [(2, 1), (5, 10), (3, 79)])
def test_what_is_kept_is_the_jaccard_overlap_of_neighbors(features, n_layouts, k):
    layouts = [placed(features, RNG.normal(size=(80, 2)), seed) for seed in range(n_layouts)]
    found = layout_stability(layouts, k)
    np.testing.assert_allclose(found.kept, by_definition(layouts, k), atol=1e-12)
    assert found.seeds == tuple(range(n_layouts))
    assert found.items == features.items


def test_turned_moved_mirrored_and_stretched_copies_are_the_same(features):
    coords = RNG.normal(size=(80, 2))
    turn = np.linalg.qr(RNG.normal(size=(2, 2)))[0]
    copies = (coords, coords @ turn, 9 * coords - 4, coords[:, ::-1])
    found = layout_stability([placed(features, copy, seed) for seed, copy in enumerate(copies)], 7)
    assert (found.kept == 1).all()
    assert found.n_moving == 0


def test_an_item_that_moves_is_told_from_those_that_stay(features):
    coords = RNG.normal(size=(80, 2))
    moved = coords.copy()
    moved[3] = (50, 50)
    found = layout_stability([placed(features, each, seed) for seed, each in enumerate((coords, moved))], 5)
    assert found.kept.argmin() == 3
    assert np.median(found.kept) == 1


def test_seeds_of_layouts_agree_more_than_layouts_of_chance():
    rng = np.random.default_rng(0)
    groups = rng.normal(size=(300, 6)) + 20 * rng.integers(0, 3, (300, 1))
    blobs = vector_features(dataset_from_arrays(vectors=groups))
    seeds = [project(blobs, Tsne(perplexity=10, seed=seed)) for seed in (0, 1, 2)]
    chance = layout_stability([placed(blobs, rng.normal(size=(300, 2)), seed) for seed in range(3)])
    assert layout_stability(seeds).mean > 10 * chance.mean


def test_items_in_one_place_have_a_stability(features):
    found = layout_stability([placed(features, np.zeros((80, 2)), seed) for seed in (0, 1)], 5)
    assert ((found.kept >= 0) & (found.kept <= 1)).all()


def test_pca_is_the_same_for_every_seed(features):
    found = layout_stability([project(features, Pca(seed=seed)) for seed in range(3)])
    assert found.mean == 1
    assert verdict(found, Pca()) == "PCA is not random: every seed gives the same layout."


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            [1.0, 0.9],
            "neighbors, 2 seeds of UMAP agree on 95 %; for none of 2 items do they agree on less than half.",
        ),
        ([0.1, 0.2, 0.9], "agree on 40 %; for 2 of 3 items they agree on less than half."),
    ],
)
def test_the_sentence_counts_the_items_that_move(kept, said):
    assert verdict(Stability(10, (0, 1), np.array(kept)), Umap()).endswith(said)


def test_what_cannot_be_compared_is_refused(features):
    layout = project(features, Pca())
    with pytest.raises(SpecError, match="at least 2 layouts to compare, got 1"):
        layout_stability([layout])
    with pytest.raises(SpecError, match="must differ in their seed only"):
        layout_stability([layout, project(features, Pca(axes=(1, 3)))])
    with pytest.raises(InputError, match="of different items or features"):
        layout_stability([layout, replace(layout, items="other")])
    with pytest.raises(SpecError, match=r"k must be in 1\.\.79 for 80 items, got 80"):
        layout_stability([layout, layout], 80)
    with pytest.raises(InputError, match=r"kept must be in 0\.\.1"):
        Stability(10, (0, 1), np.array([1.5]))


def test_seeds_go_on_from_zero_after_the_largest():
    assert seeds_of(0) == (0, 1, 2, 3, 4)
    assert all(Tsne(seed=seed) for seed in seeds_of(2**32 - 1))
