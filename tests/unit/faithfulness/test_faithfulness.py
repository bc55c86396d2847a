"""Faithfulness of every item: scikit-learn's mean, a numpy oracle, zadu's items, invariances, and data that is odd."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.manifold import trustworthiness
from zadu.measures import class_aware_trustworthiness_continuity, trustworthiness_continuity

from embviz.errors import InputError, SpecError
from embviz.faithfulness import layout_faithfulness, usual_k
from embviz.neighbors import neighbor_graph

RNG = np.random.default_rng(0)


def made(n=300, d=8, seed=0):
    """Vectors, a layout that knows something of them, and labels; no ties."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, d)).astype(np.float32)
    layout = (vectors[:, :2] + 0.5 * rng.normal(size=(n, 2))).astype(np.float32)
    return vectors, layout, rng.integers(0, 3, n)


def distances_of(vectors):
    exact = vectors.astype(np.float64)
    squared = np.stack([((exact - row) ** 2).sum(axis=1) for row in exact])
    np.fill_diagonal(squared, np.inf)
    return squared


def by_definition(vectors, layout, labels, k):
    """Scores of each item, from ranks in two tables of all distances; without ties."""
    orders = [np.argsort(distances_of(space), axis=1) for space in (vectors, layout)]
    in_data, in_layout = (np.argsort(order, axis=1) + 1 for order in orders)
    near, shown = (order[:, :k] for order in orders)
    n = len(vectors)
    scores = {name: np.ones(n) for name in ("trustworthiness", "continuity", "class_trustworthiness")}
    scores |= {"class_continuity": np.ones(n), "neighbor_recall": np.zeros(n)}
    share = 2 / (k * (2 * n - 3 * k - 1))
    for i in range(n):
        for j in set(shown[i]) - set(near[i]):
            scores["trustworthiness"][i] -= share * (in_data[i, j] - k)
            scores["class_trustworthiness"][i] -= share * (in_data[i, j] - k) * (labels[i] != labels[j])
        for j in set(near[i]) - set(shown[i]):
            scores["continuity"][i] -= share * (in_layout[i, j] - k)
            scores["class_continuity"][i] -= share * (in_layout[i, j] - k) * (labels[i] == labels[j])
        scores["neighbor_recall"][i] = len(set(near[i]) & set(shown[i])) / k
    return scores | {"hubness": np.bincount(near.ravel(), minlength=n)}


@pytest.mark.parametrize(("n", "k"), [(3, 1), (11, 5), (300, 10), (301, 150), (1200, 7)])
def test_each_item_has_the_scores_of_the_definition(n, k):
    vectors, layout, labels = made(n)
    found = layout_faithfulness(vectors, layout, labels, k)
    for name, values in by_definition(vectors, layout, labels, k).items():
        np.testing.assert_allclose(found.columns[name], values, atol=1e-12, err_msg=name)


@pytest.mark.parametrize(("n", "d", "k"), [(200, 3, 5), (900, 40, 20), (1500, 300, 10)])
def test_the_means_are_those_of_scikit_learn(n, d, k):
    vectors, layout, _ = made(n, d, seed=n)
    means = layout_faithfulness(vectors, layout, k=k).means
    wide = vectors.astype(np.float64), layout.astype(np.float64)
    assert means["trustworthiness"] == pytest.approx(trustworthiness(*wide, n_neighbors=k), abs=1e-9)
    assert means["continuity"] == pytest.approx(trustworthiness(*wide[::-1], n_neighbors=k), abs=1e-9)


def test_each_item_has_the_scores_that_zadu_gives_it():
    vectors, layout, labels = made(400)
    wide = vectors.astype(np.float64), layout.astype(np.float64)
    found = layout_faithfulness(vectors, layout, labels, 12)
    _, local = trustworthiness_continuity.measure(*wide, k=12, return_local=True)
    _, aware = class_aware_trustworthiness_continuity.measure(*wide, labels, k=12, return_local=True)
    np.testing.assert_allclose(found.trustworthiness, local["local_trustworthiness"], atol=1e-12)
    np.testing.assert_allclose(found.continuity, local["local_continuity"], atol=1e-12)
    np.testing.assert_allclose(found.class_trustworthiness, aware["local_ca_trustworthiness"], atol=1e-12)
    np.testing.assert_allclose(found.class_continuity, aware["local_ca_continuity"], atol=1e-12)


def test_a_layout_that_is_the_data_is_faithful_everywhere():
    vectors, _, labels = made(250, 2)
    found = layout_faithfulness(vectors, 3 * vectors, labels)
    assert found.means == pytest.approx(dict.fromkeys(found.means, 1.0))


def test_a_layout_that_knows_nothing_keeps_what_chance_keeps():
    vectors, _, _ = made(2000)
    found = layout_faithfulness(vectors, RNG.normal(size=(2000, 2)).astype(np.float32))
    assert found.means["corrected_recall"] == pytest.approx(0, abs=0.005)
    assert found.means["trustworthiness"] == pytest.approx(0.5, abs=0.02)
    assert found.neighbor_recall.mean() == pytest.approx(10 / 1999, abs=0.003)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(["turned", "moved", "scaled", "renamed", "reordered"]))
def test_what_says_the_same_of_the_items_gives_the_same_scores(seed, change):
    vectors, layout, labels = made(120, 5, seed)
    rng = np.random.default_rng(seed)
    order = np.arange(len(vectors))
    before = layout_faithfulness(vectors, layout, labels, 6)
    match change:
        case "turned":
            turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
            vectors, layout = vectors @ turn.astype(np.float32), layout[:, ::-1] * np.float32(-1)
        case "moved":
            vectors, layout = vectors + np.float32(3), layout - np.float32(2)
        case "scaled":
            vectors, layout = vectors * np.float32(7), layout * np.float32(0.1)
        case "renamed":
            labels = (labels + 1) % 3
        case "reordered":
            order = rng.permutation(len(vectors))
            vectors, layout, labels = vectors[order], layout[order], labels[order]
    after = layout_faithfulness(np.ascontiguousarray(vectors), np.ascontiguousarray(layout), labels, 6)
    for name, values in before.columns.items():
        moved = np.abs(after.columns[name] - values[order])
        assert (moved <= 1e-6).mean() >= 0.95, name  # rounding may exchange two that are all but equally far
        assert moved.mean() <= 0.02 if name != "hubness" else moved.mean() <= 0.1


def test_a_graph_saves_time_and_changes_nothing():
    vectors, layout, labels = made()
    alone = layout_faithfulness(vectors, layout, labels)
    given_one = layout_faithfulness(vectors, layout, labels, graph=neighbor_graph(vectors, 30))
    for name, values in alone.columns.items():
        np.testing.assert_array_equal(given_one.columns[name], values)


def test_without_classes_there_are_no_class_scores():
    vectors, layout, _ = made()
    found = layout_faithfulness(vectors, layout)
    assert found.class_trustworthiness is None
    assert found.class_continuity is None
    assert list(found.means) == ["trustworthiness", "continuity", "neighbor_recall", "corrected_recall"]


def test_one_class_only_or_a_class_of_one_item_have_scores():
    vectors, layout, _ = made(60)
    one = layout_faithfulness(vectors, layout, np.zeros(60, np.int64))
    assert (one.class_trustworthiness == 1).all()
    np.testing.assert_array_equal(one.class_continuity, one.continuity)
    each = layout_faithfulness(vectors, layout, np.arange(60))
    assert (each.class_continuity == 1).all()
    np.testing.assert_array_equal(each.class_trustworthiness, each.trustworthiness)


@pytest.mark.parametrize("which", ["data", "layout", "both"])
def test_items_that_all_coincide_score_as_by_chance(which):
    vectors, layout, labels = made(400)
    vectors = np.zeros_like(vectors) if which != "layout" else vectors
    layout = np.zeros_like(layout) if which != "data" else layout
    found = layout_faithfulness(vectors, layout, labels)
    if which != "both":  # neighbors are drawn alike in both
        assert found.neighbor_recall.mean() == pytest.approx(10 / 399, abs=0.01)
    assert found.means["trustworthiness"] == pytest.approx(0.5, abs=0.03)
    assert found.means["continuity"] == pytest.approx(0.5, abs=0.03)
    assert found.hubness.sum() == 4000


def test_duplicates_of_each_other_are_neighbors_in_any_order():
    rng = np.random.default_rng(5)
    vectors = np.repeat(rng.normal(size=(50, 6)), 4, axis=0).astype(np.float32)
    found = layout_faithfulness(vectors, np.ascontiguousarray(vectors[:, :2]), k=3)
    assert (found.trustworthiness == 1).all()
    assert (found.neighbor_recall == 1).all()


def test_hubness_tells_a_hub_from_items_that_nobody_has_as_neighbor():
    star = np.vstack([np.zeros((1, 20)), 10 * np.eye(20)]).astype(np.float32)  # all are nearest to the middle one
    found = layout_faithfulness(star, star[:, :2].copy(), k=1)
    assert found.hubness[0] == 20
    assert found.hubness.sum() == 21
    assert found.hubness_skewness > 3


def test_large_sets_are_ranked_among_a_sample(monkeypatch):
    vectors, layout, labels = made(1500)
    exact = layout_faithfulness(vectors, layout, labels)
    ranks = layout_faithfulness.__wrapped__.__globals__["rank_bounds"]
    names = layout_faithfulness.__wrapped__.__globals__
    monkeypatch.setitem(names, "rank_bounds", lambda *args, **kw: ranks(*args, exact_up_to=1000, sample=800, **kw))
    found = layout_faithfulness(vectors, layout, labels)
    for name, mean in exact.means.items():
        assert found.means[name] == pytest.approx(mean, abs=0.005)
    np.testing.assert_array_equal(found.neighbor_recall, exact.neighbor_recall)
    assert all(values.max() <= 1 for name, values in found.columns.items() if name != "hubness")


def test_how_many_neighbors_are_usual():
    assert [usual_k(n) for n in (1, 2, 3, 20, 21, 22, 70_000)] == [0, 0, 1, 9, 10, 10, 10]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"k": 150}, "k must be in 1..149, below half of the 300 items, got k 150 for 300 items"),
        ({"k": 0}, "k must be in 1..149"),
        ({"layout": made(299)[1]}, "the layout must have a row for each of the 300 items, got 299"),
        ({"labels": np.zeros(299, np.int64)}, "labels must be int64 of shape \\(300,\\)"),
        ({"graph": neighbor_graph(made()[0], 5)}, "graph must hold 10 euclidean neighbors"),
        ({"graph": neighbor_graph(made()[0], 12, metric="cosine")}, "got 12 cosine ones"),
        ({"graph": neighbor_graph(made(seed=1)[0], 12)}, "was made from other vectors"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(change, said):
    vectors, layout, labels = made()
    given_all = {"vectors": vectors, "layout": layout, "labels": labels} | change
    with pytest.raises(InputError, match=said):
        layout_faithfulness(**given_all)


def test_two_items_have_no_neighbors_to_compare():
    vectors, layout, _ = made(2)
    with pytest.raises(SpecError, match="at least 3 items are needed, got k 1 for 2 items"):
        layout_faithfulness(vectors, layout, k=1)
