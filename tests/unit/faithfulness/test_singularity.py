"""Singularity scores are those of t-SNE's own loss, differentiated by hand, and rank what is held loosely last."""

import numpy as np
import pytest

from embviz import Tsne, layout_faithfulness
from embviz.errors import Cancelled, SpecError
from embviz.faithfulness import edges_of
from embviz.faithfulness.singularity import HIGHEST, singularity_scores
from embviz.neighbors import neighbor_graph

N = 120
VECTORS = np.random.default_rng(0).normal(size=(N, 4)).astype(np.float32)


def edges_for(dims):
    return edges_of(neighbor_graph(VECTORS, 30, ties="even"), Tsne(n_components=dims, perplexity=10))


def loss(joint, coords):
    """The Kullback-Leibler divergence, but for what does not depend on the coordinates."""
    freedom = coords.shape[1] - 1
    w = 1 + ((coords[:, None] - coords[None]) ** 2).sum(axis=-1) / freedom
    kernel = w ** (-(freedom + 1) / 2)
    np.fill_diagonal(kernel, 0)
    return (joint * np.log(w)).sum() * (freedom + 1) / 2 + np.log(kernel.sum())


def by_differences(joint, coords, row, h=1e-3):
    dims = coords.shape[1]
    found = np.empty((dims, dims))
    steps = h * np.eye(dims)
    for a in range(dims):
        for b in range(dims):
            values = []
            for first, second in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                moved = coords.copy()
                moved[row] += first * steps[a] + second * steps[b]
                values.append(loss(joint, moved))
            found[a, b] = (values[0] - values[1] - values[2] + values[3]) / (4 * h * h)
    return found


@pytest.mark.parametrize("dims", [2, 3])
def test_a_score_is_one_over_the_least_curvature_of_the_loss(dims):
    coords = np.random.default_rng(1).normal(size=(N, dims)).astype(np.float32)
    edges = edges_for(dims)
    joint = np.zeros((N, N))
    joint[np.repeat(np.arange(N), np.diff(edges.starts)), edges.columns] = edges.weights
    found = singularity_scores(coords, edges)
    for row in range(0, N, 17):
        least = N * np.linalg.eigvalsh(by_differences(joint, coords.astype(np.float64), row))[0]
        assert found[row] == pytest.approx(-np.log10(max(least, 10**-HIGHEST)), abs=0.01)


def test_scores_do_not_depend_on_how_the_layout_lies():
    coords, edges = np.random.default_rng(2).normal(size=(N, 2)).astype(np.float32), edges_for(2)
    turned = (coords @ np.array([[0.6, -0.8], [0.8, 0.6]]) + 5).astype(np.float32)
    assert singularity_scores(turned, edges) == pytest.approx(singularity_scores(coords, edges), abs=1e-3)


def test_an_item_between_two_groups_that_pull_alike_is_held_loosely():
    # t-SNE that tears two halves apart has the item between them on the ridge: its loss bends down along the gap.
    coords = np.repeat([[-20, 0], [20, 0]], N // 2, axis=0) + np.random.default_rng(3).normal(size=(N, 2))
    coords[0] = 0
    scores = singularity_scores(coords.astype(np.float32), edges_for(2))
    assert scores[0] == scores.max() == HIGHEST


def test_only_layouts_by_tsne_have_scores():
    coords = np.random.default_rng(2).normal(size=(N, 2)).astype(np.float32)
    assert layout_faithfulness(VECTORS, coords, k=3).singularity is None
    found = layout_faithfulness(VECTORS, coords, k=3, edges=edges_for(2))
    assert np.array_equal(found.columns["singularity"], singularity_scores(coords, edges_for(2)))
    assert "singularity" not in found.means


def test_edges_of_other_items_are_refused_and_cancel_stops_it():
    coords = np.zeros((N - 1, 2), np.float32)
    with pytest.raises(SpecError, match="those of the 119 items"):
        singularity_scores(coords, edges_for(2))

    def cancel(stage, *_):
        if stage == "singularity":
            raise Cancelled

    with pytest.raises(Cancelled):
        singularity_scores(np.zeros((N, 2), np.float32), edges_for(2), progress=cancel)
