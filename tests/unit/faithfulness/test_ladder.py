"""The ladder of a pair: each rung by its definition, paired errors by measuring anew, and a sentence that is true."""

from dataclasses import replace

import numpy as np
import pytest

from embviz.datasets import dataset_from_arrays
from embviz.errors import InputError, SpecError
from embviz.faithfulness import Ladder, overlap_ladder, verdict
from embviz.faithfulness.edges import edge_replicates, edges_of_features
from embviz.features import vector_features
from embviz.overlap import class_overlap, groups_of
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.kernels.sparse import sparse_graph
from embviz.projection.projection import Projection
from embviz.projection.titles import METHODS

PAIR, PCA = (0, 1), Pca()


def two_classes(n=120, distance=2.0, n_writers=None, seed=0):
    """Items of two normal classes and a few of a third one, by writers if there are any."""
    rng = np.random.default_rng(seed)
    labels = np.r_[np.arange(n) % 2, np.full(20, 2)]
    vectors = rng.normal(size=(n + 20, 5))
    vectors[:, 0] += distance * labels
    writers = [{"writer": f"w{writer}"} for writer in rng.integers(0, n_writers or 1, n + 20)]
    return dataset_from_arrays(vectors=vectors, labels=labels, metadata=writers if n_writers else None)


def placed(features, coords, spec=PCA):
    """A layout of given coordinates."""
    return Projection(np.asarray(coords, np.float32), features.ids, spec, features.fingerprint, features.items, 0.0)


def dense(edges):
    matrix = np.zeros((len(edges), len(edges)))
    matrix[np.repeat(np.arange(len(edges)), np.diff(edges.starts)), edges.columns] = edges.weights
    return matrix


def index_of_edges(matrix, is_second):
    """The definition: at each class the share of weight that crosses, the mean of both, divided by chance."""
    shares = []
    for side in (False, True):
        own = matrix[is_second == side]
        shares.append(own[:, is_second != side].sum() / own.sum())
    n = len(is_second)
    return np.mean(shares) / (n / (2 * (n - 1)))


@pytest.mark.parametrize("n_writers", [None, 15])
@pytest.mark.parametrize("spec", [Tsne(perplexity=8), Umap(n_neighbors=10)])
def test_edges_without_a_group_are_what_is_counted_without_it(spec, n_writers):
    dataset = two_classes(n_writers=n_writers)
    features = vector_features(dataset)
    edges = edges_of_features(features, spec)
    rows = np.flatnonzero(dataset.labels < 2)
    is_second = dataset.labels[rows] == 1
    groups = groups_of(dataset, "writer" if n_writers else None).among(rows)
    found = edge_replicates(edges, rows, is_second, groups)
    matrix = dense(edges)[np.ix_(rows, rows)]
    assert found.index == pytest.approx(index_of_edges(matrix, is_second), abs=1e-9)
    for group in range(groups.max() + 1):
        left = groups != group
        expected = index_of_edges(matrix[np.ix_(left, left)], is_second[left])
        assert found.indices[group] == pytest.approx(expected, abs=1e-9)


def test_edges_that_a_class_does_not_have_give_no_overlap():
    only_of_one = sparse_graph(np.array([0, 1, 2, 2, 2]), np.array([1, 0], np.uint32), np.ones(2, np.float32))
    assert edge_replicates(only_of_one, np.arange(4), np.array([False, False, True, True]), np.arange(4)) is None


@pytest.mark.parametrize("n_writers", [None, 15])
def test_rungs_are_overlaps_and_errors_of_differences_are_paired(n_writers):
    dataset = two_classes(n_writers=n_writers)
    features = vector_features(dataset)
    layout = project(features, Pca())
    groups = groups_of(dataset, "writer" if n_writers else None)
    ladder = overlap_ladder(features, layout, dataset, PAIR, groups=groups)
    overlaps = [class_overlap(each, dataset, PAIR, space="x", groups=groups) for each in (features, layout)]
    assert ladder.rungs == ("features", "layout")
    assert ladder.indices == pytest.approx([overlap.index for overlap in overlaps], abs=1e-12)
    assert ladder.index_errors == pytest.approx([overlap.spread.index_error for overlap in overlaps], abs=1e-12)
    assert ladder.intervals == [
        replace(overlap.index_interval, low=pytest.approx(overlap.index_interval.low, abs=1e-9),
                high=pytest.approx(overlap.index_interval.high, abs=1e-9))
        for overlap in overlaps
    ]  # fmt: skip
    rows = np.flatnonzero(dataset.labels < 2)
    codes = groups.among(rows)
    changes = []
    for group in range(codes.max() + 1):
        left = rows[codes != group]
        of_left = [
            class_overlap(space[left], dataset.labels[left], PAIR, space="x").index
            for space in (features.vectors, layout.coords)
        ]
        changes.append(of_left[1] - of_left[0])
    expected = np.sqrt((len(changes) - 1) / len(changes) * np.sum((changes - np.mean(changes)) ** 2))
    assert ladder.whole_error == pytest.approx(expected, abs=1e-12)
    assert ladder.step_errors == (ladder.whole_error,)
    interval = ladder.whole.interval
    assert (interval.low + interval.high) / 2 == pytest.approx(ladder.indices[1] - ladder.indices[0])
    assert interval.method == ("delete-a-group" if n_writers else "jackknife")


def ladder_of(features, dataset, coords, spec=PCA, edges=None):
    return overlap_ladder(features, placed(features, coords, spec), dataset, PAIR, edges=edges)


def test_a_layout_that_is_the_data_changes_nothing():
    dataset = two_classes(distance=1.5)
    flat = replace(vector_features(dataset), vectors=np.ascontiguousarray(vector_features(dataset).vectors[:, :2]))
    ladder = ladder_of(flat, dataset, 5 * flat.vectors)
    assert ladder.whole_error == 0
    assert not ladder.whole.is_clear
    assert verdict(ladder, Pca()) == "No step changes the overlap significantly (95 % confidence)."


def test_a_layout_that_mixes_what_is_apart_invents_overlap():
    dataset = two_classes(distance=12)
    features = vector_features(dataset)
    ladder = ladder_of(features, dataset, features.vectors[:, 1:3])
    assert ladder.indices[0] == 0
    assert ladder.whole.is_clear
    assert verdict(ladder, Pca()) == "PCA invents overlap where the data have none."


def test_a_layout_that_parts_what_is_mixed_hides_overlap():
    dataset = two_classes(distance=0)
    features = vector_features(dataset)
    apart = features.vectors[:, :2] + 100 * dataset.labels[:, None]
    assert verdict(ladder_of(features, dataset, apart), Pca()) == "PCA hides all of the overlap."


@pytest.mark.parametrize("spec", [Umap(supervised=True, n_epochs=200), Tsne(supervised=True, perplexity=10)])
def test_supervised_by_random_labels_a_layout_hides_overlap_by_its_weights(spec):
    dataset = two_classes(n=300, distance=0)
    features = vector_features(dataset)
    layout = project(features, spec, labels=dataset)
    ladder = overlap_ladder(features, layout, dataset, PAIR)
    assert ladder.steps[0].is_clear
    assert f"{METHODS[spec.method]} hides" in verdict(ladder, spec)
    assert verdict(ladder, spec).endswith("of the overlap, by weighing the neighbors.")


def test_too_few_iterations_move_the_last_step_only():
    dataset = two_classes(n=300, distance=3)
    features = vector_features(dataset)
    spec = Tsne(perplexity=10)
    noise = np.random.default_rng(0).normal(size=(320, 2))
    ladder = overlap_ladder(features, placed(features, noise, spec), dataset, PAIR)
    assert ladder.rungs == ("features", "edges", "layout")
    assert abs(ladder.indices[1] - ladder.indices[0]) < 0.1
    assert ladder.steps[1].is_clear
    assert verdict(ladder, spec).endswith("times that of the data, by placing the items.")


def invented(indices, step_errors, whole_error, rungs=("features", "edges", "layout")):
    errors = (0.01,) * len(indices)
    return Ladder(PAIR, 10, (500, 500), rungs[-len(indices) :], indices, errors, step_errors, whole_error, 1000)


@pytest.mark.parametrize(
    ("ladder", "said"),
    [
        (invented((0.3, 0.3, 0.15), (0.01, 0.01), 0.01), "t-SNE hides half of the overlap, by placing the items."),
        (invented((0.3, 0.1, 0.1), (0.01, 0.01), 0.01), "t-SNE hides two thirds of the overlap, by weighing the neig"),
        (
            invented((0.1, 0.1, 0.2), (0.01, 0.01), 0.01),
            "t-SNE invents overlap: it shows 2.0 times that of the data",
        ),
        (invented((0.01, 0.01, 0.3), (0.01, 0.01), 0.01), "t-SNE invents overlap: it shows 30 times that of the data,"),
        (
            invented((0.3, 0.32), (0.001,), 0.001, ("features", "layout")),
            "t-SNE changes the overlap by less than a",
        ),
        (invented((0.3, 0.25, 0.2), (0.05, 0.05), 0.02), "t-SNE hides a third of the overlap."),
        (
            invented((0.3, 0.4, 0.3), (0.01, 0.01), 0.01),
            "t-SNE shows about as much overlap as the data have; on the way weighing the neighbors adds to it, and "
            "placing the items lowers it.",
        ),
        (invented((0.3, 0.31, 0.3), (0.1, 0.1), 0.1), "No step changes the overlap significantly"),
        (replace(invented((0.3, 0.2), (), None), missing="one class has a single item"), "No step can be told from ch"),
    ],
)
def test_the_sentence_names_the_step_and_is_silent_where_intervals_are(ladder, said):
    assert verdict(ladder, Tsne()).startswith(said)


def test_a_class_of_one_item_or_one_group_has_a_ladder_without_intervals():
    dataset = two_classes(n_writers=1)
    features = vector_features(dataset)
    layout, groups = project(features, Pca()), groups_of(dataset, "writer")
    ladder = overlap_ladder(features, layout, dataset, PAIR, groups=groups)
    assert ladder.intervals == [None, None]
    assert ladder.steps[0].interval is None
    assert verdict(ladder, Pca()) == "No step can be told from chance: one class has all its items in one group."


def test_what_does_not_fit_is_refused():
    dataset = two_classes()
    features = vector_features(dataset)
    layout = project(features, Pca())
    with pytest.raises(SpecError, match="an overlap is between two different classes"):
        overlap_ladder(features, layout, dataset, (1, 1))
    with pytest.raises(SpecError, match="class 7 has no items"):
        overlap_ladder(features, layout, dataset, (0, 7))
    with pytest.raises(SpecError, match=r"k must be in 1\.\.119"):
        overlap_ladder(features, layout, dataset, PAIR, 500)
    with pytest.raises(InputError, match="not made from these features"):
        overlap_ladder(features, replace(layout, source="else"), dataset, PAIR)
    few = sparse_graph(np.zeros(51, np.int64), np.empty(0, np.uint32), np.empty(0, np.float32))
    with pytest.raises(SpecError, match="edges must join the 140 items, got those of 50"):
        overlap_ladder(features, layout, dataset, PAIR, edges=few)
