"""What is measured of classes: once for all visitors, each in turn, and equal to the library's own result."""

import threading

import numpy as np
import pytest

import embviz.findings
from embviz.errors import Cancelled
from embviz.features.features import Pixels
from embviz.findings import matrix_of, pair_findings_of
from embviz.overlap import class_overlap, closest_pairs, overlap_matrix
from embviz.progress import no_progress
from embviz.projection.specs import Pca
from embviz.store import Store
from embviz.view import Forming, View, ViewSpec, turns, view_of


@pytest.fixture
def store(tmp_path) -> Store:
    embviz.findings.pairs.clear()
    embviz.findings.matrices.clear()
    return Store(tmp_path)


@pytest.fixture
def view(store) -> View:
    return view_of(ViewSpec("digits", "test", None, Pixels(), Pca()), compute=True, store=store)


def test_findings_of_a_pair_are_those_of_the_library(view):
    found = pair_findings_of(view, (1, 7), 10, 5)
    assert found.in_features == class_overlap(view.features, view.dataset, (1, 7), 10, space="pixels")
    assert found.in_projection == class_overlap(view.projection, view.dataset, (1, 7), 10, space="pca-2d")
    closest = closest_pairs(view.features, view.dataset, (1, 7), 5)
    np.testing.assert_array_equal(found.closest.rows_a, closest.rows_a)
    np.testing.assert_array_equal(found.closest.distances, closest.distances)


def test_of_a_layout_that_forms_only_the_features_are_measured(view):
    forming = Forming(view.spec, view.dataset, view.features, steering=None)
    assert pair_findings_of(forming, (1, 7), 10, 5).in_projection is None
    assert pair_findings_of(view, (1, 7), 10, 5).in_projection is not None


def test_the_matrix_is_that_of_the_library(view, store):
    expected = overlap_matrix(view.features, view.dataset, 10, 10, space="pixels")
    np.testing.assert_array_equal(matrix_of(view, 10, store=store).crossing, expected.crossing)


def test_who_asks_for_another_pair_number_or_layout_gets_that(view, store):
    found = pair_findings_of(view, (1, 7), 10, 5)
    assert pair_findings_of(view, (3, 8), 10, 5).in_features.classes == (3, 8)
    assert pair_findings_of(view, (1, 7), 5, 5).in_features.k == 5
    assert len(pair_findings_of(view, (1, 7), 10, 3).closest.distances) == 3
    solid = view_of(ViewSpec("digits", "test", None, Pixels(), Pca(3)), compute=True, store=store)
    assert pair_findings_of(solid, (1, 7), 10, 5).in_projection != found.in_projection


@pytest.mark.parametrize(
    "ask",
    [lambda view, store: pair_findings_of(view, (1, 7), 10, 5), lambda view, store: matrix_of(view, 10, store=store)],
    ids=["pair", "matrix"],
)
def test_those_who_ask_at_the_same_time_share_one_result(view, store, ask):
    together, found = threading.Barrier(4), []

    def visit():
        together.wait()
        found.append(ask(view, store))

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(found) == 4 and all(one is found[0] for one in found)


def test_a_matrix_waits_for_layouts_unless_it_is_stored_and_a_pair_does_not_wait(view, store):
    said = []

    def impatient(stage, done, total):
        said.append(stage)
        raise Cancelled("stopped as asked")

    with turns.turn(no_progress), turns.turn(no_progress):
        with pytest.raises(Cancelled):
            matrix_of(view, 10, store=store, progress=impatient)
        assert said == ["2 others before you"]
        assert pair_findings_of(view, (1, 7), 10, 5)
    kept = matrix_of(view, 10, store=store)
    embviz.findings.matrices.clear()
    with turns.turn(no_progress), turns.turn(no_progress):
        stored = matrix_of(view, 10, store=store, progress=impatient)
    np.testing.assert_array_equal(stored.crossing, kept.crossing)
