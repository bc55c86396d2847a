"""Layouts along directions: geometry by hand and by numpy, what is refused, and where they are said."""

import json

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.dataset import subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import SpecError
from embviz.export.spec_fields import spec_fields
from embviz.features.features import Features, Vectors
from embviz.features.vectors import vector_features
from embviz.items.id_set import id_set
from embviz.pipeline import projection_of
from embviz.projection import Directions, project
from embviz.projection.admission import admission
from embviz.projection.directions.coords import direction_coords
from embviz.projection.directions.spec import Direction, End
from embviz.projection.titles import axis_titles, spec_title
from embviz.storage.store import Store

RNG = np.random.default_rng(3)
DATA = dataset_from_arrays(vectors=RNG.normal(size=(60, 5)), labels=RNG.choice(list("abc"), 60))
FEATURES = vector_features(DATA)
A, B, C = (End(name, "class") for name in "abc")


def test_a_square_is_seen_as_it_lies():
    square = dataset_from_arrays(vectors=[[0, 0], [2, 0], [0, 6], [2, 6]], labels=list("abcd"))
    ends = {name: End(name, "class") for name in "abcd"}
    spec = Directions((Direction(ends["a"], ends["b"]), Direction(ends["a"], ends["c"])))
    made = project(vector_features(square), spec, labels=square)
    assert made.coords.tolist() == [[-1, -3], [1, -3], [-1, 3], [1, 3]]
    assert made.departure == "" and made.ids.tolist() == square.ids.tolist()


ENDS = st.one_of(
    st.sampled_from([A, B, C, End()]),
    st.sets(st.integers(0, 59), min_size=1, max_size=20).map(lambda ids: End("some", "chosen", id_set(list(ids)))),
)
DIRECTIONS = st.tuples(ENDS, ENDS).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Direction(*pair))
SPECS = st.lists(DIRECTIONS, min_size=2, max_size=3).map(lambda found: Directions(tuple(found)))


def mean_of(end, dataset, vectors):
    match end.kind:
        case "all":
            return vectors.mean(axis=0)
        case "class":
            return vectors[dataset.labels == dataset.class_names.index(end.name)].mean(axis=0)
    return vectors[np.isin(dataset.ids, end.ids.ids)].mean(axis=0)


@given(SPECS)
def test_coordinates_are_scalar_products_as_numpy_makes_them_and_means_are_as_far_apart_as_in_feature_space(spec):
    vectors = FEATURES.vectors.astype(np.float64)
    coords = direction_coords(FEATURES, spec, DATA).astype(np.float64)
    for axis, direction in enumerate(spec.directions):
        start, end = (mean_of(each, DATA, vectors) for each in (direction.start, direction.end))
        length = np.linalg.norm(end - start)
        assert coords[:, axis] == pytest.approx((vectors - (start + end) / 2) @ (end - start) / length, abs=1e-5)
        places = [mean_of(each, DATA, coords)[axis] for each in (direction.start, direction.end)]
        assert places == pytest.approx([-length / 2, length / 2], abs=1e-5)


@settings(max_examples=30)
@given(SPECS, st.permutations(range(60)))
def test_the_order_of_items_changes_nothing(spec, order):
    part = subset(DATA, np.array(order))
    again = direction_coords(vector_features(part), spec, part)
    assert again == pytest.approx(direction_coords(FEATURES, spec, DATA)[np.array(order)], abs=1e-5)


def test_an_axis_turned_round_is_its_mirror_image():
    there, back = Directions((Direction(A, B), Direction(A, C))), Directions((Direction(B, A), Direction(C, A)))
    assert direction_coords(FEATURES, there, DATA) == pytest.approx(-direction_coords(FEATURES, back, DATA), abs=1e-6)


def test_many_items_in_blocks_are_as_those_at_once(monkeypatch):
    spec = Directions((Direction(A, B), Direction(A, C)))
    whole = direction_coords(FEATURES, spec, DATA)
    monkeypatch.setattr("embviz.projection.directions.coords.BLOCK", 7)
    assert direction_coords(FEATURES, spec, DATA) == pytest.approx(whole, abs=1e-6)


def along(start, end):
    return Directions((Direction(start, end), Direction(A, B)))


def test_what_leads_nowhere_is_refused_in_one_sentence():
    with pytest.raises(SpecError, match="to itself leads nowhere"):
        Direction(A, A)
    with pytest.raises(SpecError, match="have the same mean"):
        direction_coords(FEATURES, along(End("x", "chosen", id_set([1, 2])), End("y", "chosen", id_set([1, 2]))), DATA)
    for spec, dataset, sentence in [
        (along(A, B), None, "not known without labels; give the dataset"),
        (along(End("z", "class"), B), DATA, "there is no class 'z'"),
        (along(End("x", "chosen", id_set([99])), B), DATA, "none of the items shown"),
    ]:
        with pytest.raises(SpecError, match=sentence):
            direction_coords(FEATURES, spec, dataset)
    with pytest.raises(SpecError, match="2 or 3 directions, got 1"):
        Directions((Direction(A, B),))
    with pytest.raises(SpecError, match="only an end of kind chosen has ids"):
        End("x", "chosen")


def test_a_class_without_items_is_refused_before_anything_is_computed():
    only_a = subset(DATA, np.flatnonzero(DATA.labels == 0))
    with pytest.raises(SpecError, match="none of the items shown is at the end 'b'"):
        admission(along(A, B), len(only_a), 5, labels=only_a)
    assert admission(along(A, B), len(DATA), 5, labels=DATA).n_neighbors == 0


def test_a_start_is_refused():
    with pytest.raises(SpecError, match="Custom has no start"):
        project(FEATURES, along(A, C), labels=DATA, start=np.zeros((60, 2), np.float32))


def test_it_is_made_through_the_pipeline_named_in_titles_and_written_as_json(tmp_path):
    spec = along(End("odd", "chosen", id_set([1, 3])), End())
    made = projection_of(FEATURES, spec, store=Store(tmp_path), labels=DATA)
    assert np.array_equal(made.coords, direction_coords(FEATURES, spec, DATA))
    assert spec_title(spec) == "Custom 2D, odd → all items, a → b"
    assert axis_titles(made) == ["odd → all items", "a → b"]
    assert json.loads(json.dumps(spec_fields(spec)))["directions"][0]["start"]["ids"] == [1, 3]


def test_far_from_the_origin_two_means_are_still_told_apart():
    vectors = np.array([[1000, 1000], [1000, 1001], [1001, 1000]], np.float32)
    data = dataset_from_arrays(vectors=vectors, labels=list("abc"))
    features = Features(vectors, data.ids, Vectors(), data.items)
    spec = Directions((Direction(A, B), Direction(A, C)))
    assert direction_coords(features, spec, data).tolist() == [[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5]]
