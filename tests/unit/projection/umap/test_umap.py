"""The optimizer of UMAP: layouts depend on nothing that they should not, and are as trustworthy as umap-learn's."""

from dataclasses import replace

import numba
import numpy as np
import pytest
from scipy.optimize import curve_fit
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness

from embviz.errors import Cancelled
from embviz.features.features import Features, Vectors
from embviz.neighbors import neighbor_graph
from embviz.projection import Umap, neighbors_needed, project
from embviz.projection.specs import automatic_epochs
from embviz.projection.start import starting_layout
from embviz.projection.umap.umap import curve, start_umap
from tests.unit.compass import compass_of

IMAGES, LABELS = load_digits(return_X_y=True)
DIGITS, LABELS = IMAGES.astype(np.float32), LABELS.astype(np.int64)


def started(vectors, spec, labels=None):
    graph = neighbor_graph(vectors, neighbors_needed(spec, len(vectors)), metric=spec.metric)
    compass = compass_of(vectors, spec.n_components)
    return start_umap(graph, spec, starting_layout(spec.init, compass, graph, spec.seed), labels)


def formed(vectors, spec, labels=None):
    state = started(vectors, spec, labels)
    state.step(state.total)
    return state


def neighbors_of(coords, k=10):
    return neighbor_graph(np.ascontiguousarray(coords), k).indices


def kept(first, second):
    """Share of the neighbors in one layout that are neighbors in the other."""
    return np.mean([len(np.intersect1d(a, b)) for a, b in zip(first, second, strict=True)]) / first.shape[1]


@pytest.fixture
def threads():
    """A function that sets how many threads kernels use; the number is reset after the test."""
    before = numba.get_num_threads()
    yield numba.set_num_threads
    numba.set_num_threads(before)


@pytest.mark.parametrize("dims", [2, 3])
def test_so_many_epochs_at_once_or_in_parts_are_the_same(dims):
    spec = Umap(n_components=dims, n_epochs=100)
    whole, parts = formed(DIGITS[:500], spec), started(DIGITS[:500], spec)
    for steps in (1, 9, 0, 2, 88):
        parts.step(steps)
    assert parts.done == whole.done == 100
    np.testing.assert_array_equal(parts.coords, whole.coords)


@pytest.mark.parametrize("dims", [2, 3])
def test_an_epoch_that_is_watched_is_the_same_and_one_that_is_stopped_moves_nothing(dims, monkeypatch):
    monkeypatch.setattr("embviz.projection.umap.umap.AT_ONCE", 128)
    spec, looks = Umap(n_components=dims, n_epochs=20), []

    def look():
        looks.append(1)
        if len(looks) == 10:
            raise Cancelled("enough")

    state = started(DIGITS[:500], spec)
    with pytest.raises(Cancelled):
        state.step(20, look)
    assert state.done == 3
    state.step(17, looks.clear)
    monkeypatch.undo()
    np.testing.assert_array_equal(state.coords, formed(DIGITS[:500], spec).coords)


@pytest.mark.parametrize("dims", [2, 3])
def test_one_thread_or_several_are_the_same(dims, threads):
    spec = Umap(n_components=dims, n_epochs=100)
    threads(1)
    one = formed(DIGITS[:1100], spec).coords
    threads(numba.config.NUMBA_NUM_THREADS)
    np.testing.assert_array_equal(formed(DIGITS[:1100], spec).coords, one)


def test_a_seed_fixes_the_layout_and_another_gives_another_with_mostly_the_same_neighbors():
    first, again, other = (formed(DIGITS[:500], Umap(seed=seed)).coords for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert kept(neighbors_of(first), neighbors_of(other)) > 0.4


def test_a_seed_draws_other_items_even_from_the_same_start():
    graph, start = neighbor_graph(DIGITS[:200], 14), np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    states = [start_umap(graph, Umap(n_epochs=5, seed=seed), start) for seed in (0, 1, 2**32 - 1)]
    for state in states:
        state.step(5)
    assert len({state.coords.tobytes() for state in states}) == 3


def test_a_shake_moves_every_item_a_little_by_the_seed():
    states = [formed(DIGITS[:200], Umap(n_epochs=20)) for _ in range(2)]
    before = states[0].coords.copy()
    for state in states:
        state.shake()
    moved = states[0].coords - before
    assert (moved != 0).all() and moved.std() == pytest.approx(0.05 * before.std(), rel=0.2)
    np.testing.assert_array_equal(states[0].coords, states[1].coords)


def test_nothing_moves_past_the_planned_epochs_until_there_are_more():
    state = formed(DIGITS[:200], Umap(n_epochs=20))
    before = state.coords.copy()
    state.step(3)
    np.testing.assert_array_equal(state.coords, before)
    state.total += 20
    state.step(1)
    assert not np.array_equal(state.coords, before)


@pytest.mark.parametrize("change", ["moved", "in another order"])
def test_what_changes_no_distance_changes_no_neighborhood(change):
    order = np.random.default_rng(0).permutation(500) if change == "in another order" else np.arange(500)
    changed = DIGITS[:500][order] + np.float32(100 if change == "moved" else 0)
    plain, other = formed(DIGITS[:500], Umap()).coords[order], formed(changed, Umap()).coords
    assert kept(neighbors_of(plain), neighbors_of(other)) > 0.4
    quality = [trustworthiness(DIGITS[:500][order], coords, n_neighbors=10) for coords in (plain, other)]
    assert abs(quality[0] - quality[1]) < 0.01


def test_a_layout_is_as_trustworthy_as_that_of_umap_learn():
    features = Features(DIGITS[:500].copy(), np.arange(500), Vectors(), "digits")
    ours, theirs = (project(features, Umap(engine=engine)) for engine in ("embviz", "reference"))
    assert not np.array_equal(ours.coords, theirs.coords)
    quality, reference = (trustworthiness(DIGITS[:500], one.coords, n_neighbors=10) for one in (ours, theirs))
    assert quality >= reference - 0.01
    assert (ours.iterations, theirs.iterations) == (500, None)


def test_labels_bring_classes_together_that_features_do_not_tell_apart():
    noise = np.random.default_rng(0).normal(size=(300, 5)).astype(np.float32)
    labels = np.arange(300) % 3

    def share_of_own_class(state):
        return (labels[neighbors_of(state.coords)] == labels[:, None]).mean()

    assert share_of_own_class(formed(noise, Umap())) < 0.5
    assert share_of_own_class(formed(noise, Umap(supervised=True), labels)) > 0.9


@pytest.mark.parametrize(
    "spec",
    [
        Umap(n_epochs=1),
        Umap(n_epochs=2, n_components=3),
        Umap(n_neighbors=2, n_epochs=30),
        Umap(min_dist=0.0, n_epochs=30),
        Umap(min_dist=1.0, n_epochs=30),
        Umap(spread=1000.0, min_dist=0.0, n_epochs=30),
        Umap(spread=1000.0, min_dist=1000.0, n_epochs=30),
        Umap(spread=0.001, min_dist=0.0, n_epochs=30),
        Umap(spread=0.001, min_dist=0.001, n_epochs=30, n_components=3),
        Umap(metric="cosine", n_epochs=30, seed=2**32 - 1),
    ],
    ids=lambda spec: ", ".join(f"{k}={v}" for k, v in vars_of(spec).items()),
)
@pytest.mark.parametrize("init", ["pca", "spectral", "random"])
def test_coordinates_are_finite_whatever_is_asked_for(spec, init):
    state = formed(DIGITS[:60], replace(spec, init=init))
    assert state.coords.shape == (60, spec.n_components) and np.isfinite(state.coords).all()
    assert len(np.unique(state.coords, axis=0)) == 60


def vars_of(spec):
    """Fields of a spec that differ from the default, for the name of a test."""
    return {name: getattr(spec, name) for name in spec.__slots__ if getattr(spec, name) != getattr(Umap(), name)}


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize(
    "vectors",
    [
        DIGITS[:3],
        DIGITS[:4],
        np.ones((60, 4), np.float32),
        np.repeat(DIGITS[:15], 4, axis=0),
        np.hstack([DIGITS[:60, 10:11], np.full((60, 3), 7, np.float32)]),
        np.vstack([DIGITS[:59], np.full((1, 64), 1e9, np.float32)]),
        DIGITS[:60] * np.float32(1e12),
    ],
    ids=["fewest", "four", "equal", "duplicates", "constant columns", "an outlier", "huge"],
)
@pytest.mark.parametrize("init", ["pca", "spectral", "random"])
def test_coordinates_are_finite_and_differ_whatever_the_vectors(vectors, dims, init):
    state = formed(vectors, Umap(n_components=dims, n_neighbors=2, n_epochs=50, init=init))
    assert np.isfinite(state.coords).all() and len(np.unique(state.coords, axis=0)) == len(vectors)


@pytest.mark.parametrize("learning_rate", [0.0, 1e-6, 1e3])
def test_any_learning_rate_leaves_coordinates_finite(learning_rate):
    state = started(DIGITS[:100], Umap(n_epochs=30))
    state.learning_rate = learning_rate
    state.step(30)
    assert np.isfinite(state.coords).all()


@pytest.mark.parametrize(("min_dist", "spread"), [(0.0, 1.0), (0.1, 1.0), (1.0, 1.0), (5.0, 20.0), (0.001, 0.01)])
def test_the_curve_falls_where_it_was_asked_to(min_dist, spread):
    a, b = curve(min_dist, spread)
    distances = np.linspace(0, 3 * spread, 200)
    wanted = np.where(distances < min_dist, 1, np.exp(-(distances - min_dist) / spread))
    assert np.sqrt(np.mean((1 / (1 + a * distances ** (2 * b)) - wanted) ** 2)) < 0.06


@pytest.mark.parametrize("min_dist", [0.0, 0.01, 0.1, 0.3, 0.5, 0.75, 0.99, 1.0])
def test_the_curve_is_the_one_of_least_squares(min_dist):
    distances = np.linspace(1e-9, 3, 300)
    wanted = np.where(distances < min_dist, 1, np.exp(-(distances - min_dist)))
    best, _ = curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), distances, wanted)
    assert curve(min_dist, 1.0) == pytest.approx(best, rel=1e-4)


def test_epochs_are_those_of_umap_learn():
    assert automatic_epochs(10_000) == 500 and automatic_epochs(10_001) == 200
    assert started(DIGITS[:60], Umap()).total == 500
