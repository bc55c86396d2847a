"""Statistics of classes: computed once for all visitors, one after another, and equal to the overlap functions."""

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets import Named
from embviz.errors import Cancelled
from embviz.features.features import Pixels
from embviz.findings.pairs import matrix_of, pair_findings_of, pair_turns
from embviz.overlap import class_overlap, closest_pairs, overlap_matrix
from embviz.pipeline import stored_class_overlap, stored_closest_pairs
from embviz.progress import no_progress
from embviz.projection.specs import Pca, Tsne
from embviz.storage.store import Store
from embviz.view import Forming, View, ViewSpec, turns, view_of


@pytest.fixture
def store(own_store) -> Store:
    return Store(own_store)


@pytest.fixture
def later(own_store) -> Store:
    """The same files, and nothing in memory, as in a process that starts later."""
    return Store(own_store)


ROOT = Path(__file__).parents[2]


@pytest.fixture
def view(store) -> View:
    return view_of(ViewSpec(Named("digits"), "test", None, Pixels(), Pca()), compute=True, store=store)


def test_findings_of_a_pair_are_those_of_the_library(view, store):
    found = pair_findings_of(view, (1, 7), 10, 5, store=store)
    assert found.in_features == class_overlap(view.features, view.dataset, (1, 7), 10, space="pixels")
    assert found.in_projection == class_overlap(view.projection, view.dataset, (1, 7), 10, space="PCA 2D")
    closest = closest_pairs(view.features, view.dataset, (1, 7), 5)
    np.testing.assert_array_equal(found.closest.rows_a, closest.rows_a)
    np.testing.assert_array_equal(found.closest.distances, closest.distances)


def test_of_a_layout_that_forms_only_the_features_are_measured(view, store):
    forming = Forming(view.spec, view.dataset, view.features)
    assert pair_findings_of(forming, (1, 7), 10, 5, store=store).in_projection is None
    assert pair_findings_of(view, (1, 7), 10, 5, store=store).in_projection is not None


def test_the_matrix_is_that_of_the_library(view, store):
    expected = overlap_matrix(view.features, view.dataset, 10, 10, space="pixels")
    np.testing.assert_array_equal(matrix_of(view, 10, store=store).crossing, expected.crossing)


def test_who_asks_for_another_pair_number_or_layout_gets_that(view, store):
    found = pair_findings_of(view, (1, 7), 10, 5, store=store)
    assert pair_findings_of(view, (3, 8), 10, 5, store=store).in_features.classes == (3, 8)
    assert pair_findings_of(view, (1, 7), 5, 5, store=store).in_features.k == 5
    assert len(pair_findings_of(view, (1, 7), 10, 3, store=store).closest.distances) == 3
    solid = view_of(ViewSpec(Named("digits"), "test", None, Pixels(), Pca(3)), compute=True, store=store)
    assert pair_findings_of(solid, (1, 7), 10, 5, store=store).in_projection != found.in_projection


@pytest.mark.parametrize(
    "ask",
    [
        lambda view, store: pair_findings_of(view, (1, 7), 10, 5, store=store),
        lambda view, store: matrix_of(view, 10, store=store),
    ],
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


def test_a_matrix_waits_for_layouts_unless_it_is_stored_and_a_pair_does_not_wait(view, store, later):
    said = []

    def impatient(stage, done, total):
        said.append(stage)
        raise Cancelled("stopped as asked")

    with turns.turn(no_progress), turns.turn(no_progress):
        with pytest.raises(Cancelled):
            matrix_of(view, 10, store=store, progress=impatient)
        assert said == ["2 others before you"]
        assert pair_findings_of(view, (1, 7), 10, 5, store=store)
    kept = matrix_of(view, 10, store=store)
    with turns.turn(no_progress), turns.turn(no_progress):
        stored = matrix_of(view, 10, store=later, progress=impatient)
    np.testing.assert_array_equal(stored.crossing, kept.crossing)


@pytest.fixture
def no_search(monkeypatch):
    """Function that makes every search for neighbors fail from then on."""

    def forbid():
        def must_not_run(*_, **__):
            raise AssertionError("neighbors were searched although the result is stored")

        for where in (
            "overlap.table.lists.nearest_rows",
            "overlap.pairs.nearest_rows",
            "overlap.replicates.nearest_rows",
            "pipeline.neighbors.neighbor_graph",
        ):
            monkeypatch.setattr(f"embviz.{where}", must_not_run)

    return forbid


def assert_same_findings(found, expected):
    assert (found.in_features, found.in_projection) == (expected.in_features, expected.in_projection)
    assert found.closest.classes == expected.closest.classes
    for name in ("rows_a", "rows_b", "distances"):
        np.testing.assert_array_equal(getattr(found.closest, name), getattr(expected.closest, name))


def test_the_second_time_no_neighbors_are_searched(view, store, later, no_search):
    expected, table = pair_findings_of(view, (1, 7), 10, 5, store=store), matrix_of(view, 10, store=store)
    no_search()
    assert_same_findings(pair_findings_of(view, (1, 7), 10, 5, store=later), expected)
    np.testing.assert_array_equal(matrix_of(view, 10, store=later).crossing, table.crossing)
    forming = Forming(view.spec, view.dataset, view.features)
    assert pair_findings_of(forming, (1, 7), 10, 5, store=later).in_features == expected.in_features
    for other in (((3, 8), 10, 5), ((1, 7), 9, 5), ((1, 7), 10, 4)):
        with pytest.raises(AssertionError, match="searched"):
            pair_findings_of(view, *other, store=later)


def test_in_another_layout_only_that_is_measured(view, store, monkeypatch):
    found = pair_findings_of(view, (1, 7), 10, 5, store=store)
    measured = []

    def counted(vectors, *arguments, **options):
        measured.append(vectors)
        return class_overlap(vectors, *arguments, **options)

    monkeypatch.setattr("embviz.pipeline.statistics.classes.class_overlap", counted)
    monkeypatch.delattr("embviz.pipeline.statistics.classes.closest_pairs")
    solid = view_of(ViewSpec(Named("digits"), "test", None, Pixels(), Pca(3)), compute=True, store=store)
    assert pair_findings_of(solid, (1, 7), 10, 5, store=store).in_features == found.in_features
    assert measured == [solid.projection]


def test_a_pair_waits_for_other_pairs_unless_it_is_stored(view, store, later):
    said = []

    def impatient(stage, done, total):
        said.append(stage)
        raise Cancelled("stopped as asked")

    with pair_turns.turn(no_progress), pytest.raises(Cancelled):
        pair_findings_of(view, (1, 7), 10, 5, store=store, progress=impatient)
    assert said == ["1 other before you"]
    expected = pair_findings_of(view, (1, 7), 10, 5, store=store)
    with pair_turns.turn(no_progress):
        assert_same_findings(pair_findings_of(view, (1, 7), 10, 5, store=later, progress=impatient), expected)


def test_a_steered_layout_is_measured_each_time_and_what_is_said_of_the_features_is_stored(
    view, own_store, later, no_search
):
    steered = replace(view, projection=replace(view.projection, departure="steered"))
    expected = pair_findings_of(view, (1, 7), 10, 5, store=Store(None))
    assert_same_findings(pair_findings_of(steered, (1, 7), 10, 5, store=later), expected)
    no_search()
    assert stored_class_overlap(view.features, view.dataset, (1, 7), 10, store=later) == expected.in_features
    assert stored_closest_pairs(view.features, view.dataset, (1, 7), 5, store=later) is not None
    with pytest.raises(AssertionError, match="searched"):
        pair_findings_of(steered, (1, 7), 10, 5, store=Store(own_store))


@pytest.mark.parametrize("first", ["page", "command line"])
def test_page_and_command_line_show_the_same_stored_number(first, view, later, cli, monkeypatch):
    def on_page():
        found = pair_findings_of(view, (1, 7), 10, 5, store=later).in_features
        return {"n": found.n, "rate": found.rate, "chance": found.chance, "index": found.index, "space": found.space}

    def printed():
        answer = json.loads(cli(*["overlap", "digits", "--split", "test", "--classes", "1", "7", "--json"])[1])
        return {key: answer[key] for key in ("n", "rate", "chance", "index", "space")}

    def measured_in_a_layout(vectors, *arguments, **options):
        assert vectors is view.projection, "what the other one has measured is measured again"
        return class_overlap(vectors, *arguments, **options)

    begin, follow = (on_page, printed) if first == "page" else (printed, on_page)
    expected = begin()
    monkeypatch.setattr("embviz.pipeline.statistics.classes.class_overlap", measured_in_a_layout)
    assert follow() == expected


COLD = """
import sys
from embviz.datasets import Named
from embviz.features.features import Pixels
from embviz.findings.pairs import matrix_of, pair_findings_of, pair_turns
from embviz.projection.specs import Tsne
from embviz.storage.store import default_store
from embviz.view import ViewSpec, view_of

store = default_store()
spec = ViewSpec(Named("digits"), "test", None, Pixels(), Tsne(perplexity=5, max_iter=251))
view = view_of(spec, compute=False, store=store)
found, table = pair_findings_of(view, (1, 7), 10, 5, store=store), matrix_of(view, 10, store=store)
print(found.in_features.index, found.in_projection.index, *found.closest.distances, table.index[1, 7])
print("scipy.spatial" in sys.modules)
pair_findings_of(view, (3, 8), 10, 5, store=store)
print("scipy.spatial" in sys.modules)
"""


def test_a_new_process_does_not_even_import_a_search_for_what_is_stored(store):
    spec = ViewSpec(Named("digits"), "test", None, Pixels(), Tsne(perplexity=5, max_iter=251))
    view = view_of(spec, compute=True, store=store)
    found, table = pair_findings_of(view, (1, 7), 10, 5, store=store), matrix_of(view, 10, store=store)
    expected = [found.in_features.index, found.in_projection.index, *found.closest.distances, table.index[1, 7]]
    ran = subprocess.run([sys.executable, "-c", COLD], cwd=ROOT, capture_output=True, text=True, check=True)
    numbers, *is_imported = ran.stdout.splitlines()
    assert numbers == " ".join(map(str, expected))
    assert is_imported == ["False", "True"]  # the second pair was not measured before
