"""The optimizer of t-SNE: layouts depend on nothing that they should not, and are as good as scikit-learn's."""

from dataclasses import replace
from functools import cache

import numba
import numpy as np
import pytest
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

from embviz.errors import Cancelled, SpecError
from embviz.neighbors import neighbor_graph
from embviz.overlap import class_overlap
from embviz.progress import no_progress
from embviz.projection import Tsne, neighbors_needed
from embviz.projection.reference.sklearn_tsne import tsne_layout
from embviz.projection.specs import TSNE_START_WIDTH
from embviz.projection.start import starting_layout
from embviz.projection.tsne import tsne
from embviz.projection.tsne.affinities import affinities
from embviz.projection.tsne.tsne import kl_divergence, start_tsne
from tests.unit.compass import compass_of

DIGITS = load_digits().data.astype(np.float32)
QUICK = {"perplexity": 10, "max_iter": 300}
LARGE = 1100
"""Number of items with which pushes are approximate."""


def started(vectors, spec):
    graph = neighbor_graph(vectors, neighbors_needed(spec, len(vectors)))
    compass = compass_of(vectors, spec.n_components)
    return start_tsne(graph, spec, starting_layout(spec.init, compass, graph, spec.seed))


def formed(vectors, spec):
    state = started(vectors, spec)
    state.step(spec.max_iter)
    return state


def neighbors_of(coords, k=10):
    return neighbor_graph(np.ascontiguousarray(coords), k).indices


def kept(first, second):
    """Share of the neighbors in one layout that are neighbors in the other."""
    return np.mean([len(np.intersect1d(a, b)) for a, b in zip(first, second, strict=True)]) / first.shape[1]


def divergence_by_definition(state):
    freedom = state.coords.shape[1] - 1
    squares = ((state.coords[:, None].astype(np.float64) - state.coords) ** 2).sum(axis=2)
    unlikely = (freedom + 1) / 2 * np.log1p(squares / freedom)
    pairs = np.exp(-unlikely).sum() - len(squares)
    rows = np.repeat(np.arange(len(squares)), np.diff(state.joint.starts))
    weights = state.joint.weights.astype(np.float64)
    logarithms = np.log(weights) + unlikely[rows, state.joint.columns] + np.log(pairs)
    return float((weights * logarithms).sum())


@pytest.fixture
def threads():
    """A function that sets how many threads kernels use; the number is reset after the test."""
    before = numba.get_num_threads()
    yield numba.set_num_threads
    numba.set_num_threads(before)


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("n", [200, LARGE])
def test_so_many_iterations_at_once_or_in_parts_are_the_same(n, dims):
    spec = Tsne(n_components=dims, **QUICK)
    whole, parts = formed(DIGITS[:n], spec), started(DIGITS[:n], spec)
    for steps in (1, 99, 0, 149, 2, 49):
        parts.step(steps)
    assert parts.done == whole.done == 300
    np.testing.assert_array_equal(parts.coords, whole.coords)


@pytest.mark.parametrize("n", [200, LARGE])
def test_an_iteration_that_is_stopped_in_its_middle_is_begun_again(n, monkeypatch):
    monkeypatch.setattr("embviz.projection.tsne.tsne.WATCHED_FROM", 100)
    spec, looks = Tsne(**QUICK), []

    def look():
        looks.append(1)
        if len(looks) == 251:
            raise Cancelled("enough")

    state = started(DIGITS[:n], spec)
    with pytest.raises(Cancelled):
        state.step(300, look)
    assert state.done == 250
    state.step(50, looks.clear)
    np.testing.assert_array_equal(state.coords, formed(DIGITS[:n], spec).coords)


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("n", [200, LARGE])
def test_one_thread_or_several_are_the_same(n, dims, threads):
    spec = Tsne(n_components=dims, **QUICK)
    threads(1)
    one = formed(DIGITS[:n], spec).coords
    threads(numba.config.NUMBA_NUM_THREADS)
    np.testing.assert_array_equal(formed(DIGITS[:n], spec).coords, one)


def test_a_seed_fixes_the_layout_and_another_gives_another_with_mostly_the_same_neighbors():
    spec = Tsne(max_iter=500)
    first, again, other = (formed(DIGITS[:300], replace(spec, seed=seed)).coords for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert kept(neighbors_of(first), neighbors_of(other)) > 0.8


def test_a_shake_moves_every_item_a_little_by_the_seed():
    states = [formed(DIGITS[:200], Tsne(**QUICK, seed=0)) for _ in range(2)]
    before = states[0].coords.copy()
    for state in states:
        state.shake()
        state.shake()
        assert (state.velocity == 0).all()
    moved = states[0].coords - before
    assert (moved != 0).all() and moved.std() == pytest.approx(2**0.5 * 0.05 * before.std(), rel=0.2)
    np.testing.assert_array_equal(states[0].coords, states[1].coords)


@cache
def plainly_formed(n):
    """The layout of the first digits after 500 iterations, which several tests compare others with."""
    return formed(DIGITS[:n], Tsne(max_iter=500))


@pytest.mark.parametrize("change", ["moved", "turned", "in another order"])
@pytest.mark.parametrize("n", [300, LARGE])
def test_what_changes_no_distance_changes_no_neighborhood(n, change):
    random, vectors, order = np.random.default_rng(0), DIGITS[:n], np.arange(n)
    if change == "moved":
        changed = vectors + np.float32(100)
    elif change == "turned":
        changed = (vectors @ np.linalg.qr(random.normal(size=(64, 64)))[0]).astype(np.float32)
    else:
        order = random.permutation(n)
        changed = vectors[order]
    plain, other = plainly_formed(n), formed(changed, Tsne(max_iter=500))
    assert divergence_by_definition(other) == pytest.approx(divergence_by_definition(plain), rel=0.05)
    assert kept(neighbors_of(plain.coords[order]), neighbors_of(other.coords)) > 0.75


@pytest.mark.parametrize(
    ("n", "dims"),
    [(300, 2), (300, 3), (LARGE, 2), (LARGE, 3)],
)
def test_the_divergence_reported_is_that_of_the_definition(n, dims):
    state = formed(DIGITS[:n], Tsne(n_components=dims, perplexity=10, max_iter=500))
    assert kl_divergence(state) == pytest.approx(divergence_by_definition(state), rel=0.015)


@pytest.fixture(scope="module")
def reference():
    """Divergence that scikit-learn reaches from the same start with the same neighbors."""
    return laid_out_by_scikit_learn(DIGITS[:1001], Tsne(max_iter=500))


def laid_out_by_scikit_learn(vectors, spec):
    graph = neighbor_graph(vectors, neighbors_needed(spec, len(vectors)))
    start = starting_layout("pca", compass_of(vectors, 2), graph, spec.seed)
    with threadpool_limits(1):  # because scikit-learn's threads wait for each other in loops that take all processors
        coords, _ = tsne_layout(start, graph.indices, graph.distances, spec, no_progress)
    state = start_tsne(graph, spec, start)
    state.coords = coords
    return divergence_by_definition(state)


def test_exact_pushes_come_as_far_as_scikit_learn(reference, monkeypatch):
    monkeypatch.setattr(tsne, "EXACT_UP_TO", 1001)
    assert divergence_by_definition(formed(DIGITS[:1001], Tsne(max_iter=500))) <= 1.02 * reference


def test_pushes_over_a_grid_come_as_far_as_scikit_learn(reference):
    assert divergence_by_definition(formed(DIGITS[:1001], Tsne(max_iter=500))) <= 1.02 * reference


@pytest.mark.parametrize("seed", [0, 1])
def test_a_few_items_come_as_far_as_with_scikit_learn(seed):
    spec = Tsne(perplexity=5, seed=seed)
    reference = laid_out_by_scikit_learn(DIGITS[:60], spec)
    assert divergence_by_definition(formed(DIGITS[:60], spec)) <= 1.2 * reference


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize(
    "vectors",
    [
        DIGITS[:7],
        np.ones((60, 4), np.float32),
        np.repeat(DIGITS[:15], 4, axis=0),
        np.hstack([DIGITS[:60, 10:11], np.full((60, 3), 7, np.float32)]),
        np.vstack([DIGITS[:59], np.full((1, 64), 1e9, np.float32)]),
    ],
    ids=["fewest", "equal", "duplicates", "constant columns", "an outlier"],
)
@pytest.mark.parametrize("init", ["pca", "spectral", "random"])
def test_coordinates_are_finite_and_differ(vectors, dims, init):
    spec = Tsne(n_components=dims, perplexity=2, max_iter=251, init=init)
    state = formed(vectors, spec)
    assert np.isfinite(state.coords).all() and np.isfinite(kl_divergence(state))
    assert len(np.unique(state.coords, axis=0)) == len(vectors)


@pytest.mark.parametrize("dims", [2, 3])
def test_coordinates_of_hundreds_of_duplicates_are_finite(dims):
    state = started(np.repeat(DIGITS[:4], LARGE // 4, axis=0), Tsne(n_components=dims, perplexity=10))
    state.step(60)
    assert np.isfinite(state.coords).all() and np.isfinite(kl_divergence(state))


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("n", [60, LARGE])
@pytest.mark.parametrize(("learning_rate", "exaggeration"), [(1e6, 1.0), (1e6, 1000.0)])
def test_a_learning_rate_far_too_large_is_refused_or_gives_finite_coordinates(n, dims, learning_rate, exaggeration):
    spec = Tsne(dims, perplexity=2, learning_rate=learning_rate, early_exaggeration=exaggeration, max_iter=300)
    state = started(DIGITS[:n], spec)
    try:
        state.step(spec.max_iter)
    except SpecError as refusal:
        assert f"diverged after {state.done} iterations with learning rate {learning_rate:g}" in str(refusal)
        assert f"use a smaller one, such as {max(n / exaggeration, 50):g}" in str(refusal)
    else:
        assert np.isfinite(state.coords).all() and np.isfinite(kl_divergence(state))


def test_a_learning_rate_of_a_million_is_refused_in_a_plane():
    with pytest.raises(SpecError, match=r"diverged after \d+ iterations with learning rate 1e"):
        formed(DIGITS[:LARGE], Tsne(perplexity=2, learning_rate=1e6))


def test_a_layout_that_runs_apart_in_its_last_iteration_has_no_divergence():
    state = started(DIGITS[:60], Tsne(perplexity=2))
    state.step(10)
    state.coords[0] = np.nan
    with pytest.raises(SpecError, match="diverged after 10 iterations"):
        kl_divergence(state)


def test_a_start_far_from_the_origin_is_as_good_as_one_around_it():
    graph = neighbor_graph(DIGITS[:LARGE], 30)
    start = np.random.default_rng(0).normal(size=(LARGE, 2)) + 1e4
    state = start_tsne(graph, Tsne(**QUICK), start.astype(np.float32))
    np.testing.assert_allclose(state.coords, (start - start.mean(axis=0)) * TSNE_START_WIDTH, atol=1e-7)
    state.step(20)
    assert np.isfinite(state.coords).all()


@pytest.mark.parametrize(("copies", "perplexity"), [(4, 2), (31, 30), (60, 30), (89, 30), (300, 30)])
def test_copies_inside_one_cluster_do_not_mix_it_with_another(copies, perplexity):
    """With more copies than the perplexity, attraction was once lost, and two far clusters were drawn as one."""
    random = np.random.default_rng(0)
    vectors = np.vstack([random.normal(size=(100, 5)), np.zeros((copies, 5)), random.normal(size=(100, 5)) + 20])
    labels = np.repeat([0, 1], [100 + copies, 100])
    state = formed(vectors.astype(np.float32), Tsne(perplexity=perplexity))
    assert class_overlap(state.coords, labels, (0, 1), space="layout").index < 0.02
    assert np.ptp(state.coords) < 300


@pytest.mark.parametrize("broken", [0.5, np.float32(1) + 2e-3, 0.0])
def test_no_optimizer_runs_on_probabilities_that_do_not_sum_to_one(broken, monkeypatch):
    spec = Tsne(**QUICK)
    graph = neighbor_graph(DIGITS[:100], neighbors_needed(spec, 100))
    start = np.random.default_rng(0).normal(size=(100, 2)).astype(np.float32)

    def wrong(*arguments, **options):
        right = affinities(*arguments, **options)
        return replace(right, weights=right.weights * np.float32(broken))

    monkeypatch.setattr(tsne, "affinities", wrong)
    with pytest.raises(FloatingPointError, match="instead of 1"), np.errstate(divide="ignore", invalid="ignore"):
        start_tsne(graph, spec, start)
