"""Layouts by columns: the items' own numbers, to the last bit of float32; what has no number is beside the others."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import StandardScaler

from embviz.dataset import subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import SpecError
from embviz.features.vectors import vector_features
from embviz.pipeline import projection_of, stored_projection
from embviz.projection import Columns, project
from embviz.projection.admission import admission
from embviz.projection.columns.coords import column_coords, number_columns
from embviz.projection.placing.place import place
from embviz.projection.titles import axis_titles, projection_title, spec_title
from embviz.storage.store import Store

RNG = np.random.default_rng(5)
VECTORS = RNG.normal(size=(30, 3)).astype(np.float32)
SIZE, AGE = RNG.normal(size=30), RNG.integers(0, 99, 30)
GAPS = np.where(np.arange(30) % 10 == 3, np.nan, SIZE * 7 + 1000)
RECORDS = [
    {"size": float(size), "age": int(age), "kind": "ab"[age % 2], "is old": bool(age > 50), "income": float(gap)}
    for size, age, gap in zip(SIZE, AGE, GAPS, strict=True)
]
DATA = dataset_from_arrays(vectors=VECTORS, metadata=RECORDS)
FEATURES = vector_features(DATA)


def coords(*columns, preprocess=None):
    return project(FEATURES, Columns(columns, preprocess), labels=DATA).coords


def test_coordinates_are_the_values_themselves():
    np.testing.assert_array_equal(coords("size", "age"), np.column_stack([SIZE, AGE]).astype(np.float32))
    np.testing.assert_array_equal(coords("age", 3, "size")[:, 1], VECTORS[:, 2])


COMMON = st.integers(-(10**9), 10**9).map(lambda number: float(np.float32(number / 1000)))


@given(arrays(np.float32, st.tuples(st.integers(2, 20), st.just(3)), elements=COMMON))
def test_vectors_of_up_to_three_values_are_shown_as_they_are(vectors):
    for shown in (vectors, vectors[:, :2]):
        features = vector_features(dataset_from_arrays(vectors=shown))
        numbers = tuple(range(1, shown.shape[1] + 1))
        made = project(features, Columns(numbers))
        np.testing.assert_array_equal(made.coords, shown)
        assert made.departure == "" and axis_titles(made) == [f"feature {number}" for number in numbers]


def test_titles_name_the_columns():
    made = project(FEATURES, Columns(("size", "age", 2), "standardize"), labels=DATA)
    assert projection_title(made) == "Columns 3D, standardized, size, age, feature 2"
    assert axis_titles(made) == ["size", "age", "feature 2"]
    assert spec_title(Columns(("age", "size"))) != spec_title(Columns(("size", "age")))


@pytest.mark.parametrize("preprocess", [None, "center", "standardize"])
def test_items_without_a_value_are_before_all_others_and_are_counted(preprocess):
    made = project(FEATURES, Columns(("income", "size"), preprocess), labels=DATA)
    without, places = np.isnan(GAPS), made.coords
    assert projection_title(made).endswith(", income, size, 3 items without a value")
    assert len(made) == 30 and made.ids.tolist() == DATA.ids.tolist()
    (edge,) = set(places[without, 0].tolist())
    low, high = places[~without, 0].min(), places[~without, 0].max()
    assert edge == pytest.approx(low - 0.1 * (high - low), rel=1e-5)
    oracle = StandardScaler(with_mean=preprocess is not None, with_std=preprocess == "standardize")
    for axis, column in enumerate((GAPS, SIZE)):
        is_known = ~np.isnan(column)
        wanted = oracle.fit_transform(column[is_known, None].astype(np.float32).astype(np.float64))[:, 0]
        np.testing.assert_allclose(places[is_known, axis], wanted, rtol=1e-6, atol=1e-6)


GAPPY = arrays(np.float64, 12, elements=st.just(np.nan) | COMMON).filter(lambda column: np.isfinite(column).any())


@given(GAPPY)
def test_no_item_is_left_out_and_none_with_a_value_is_moved(column):
    records = [{"x": float(value), "y": float(place)} for place, value in enumerate(column)]
    data = dataset_from_arrays(vectors=np.zeros((12, 1)), metadata=records)
    found, n_missing = column_coords(vector_features(data), Columns(("x", "y")), data)
    is_known = ~np.isnan(column)
    np.testing.assert_array_equal(found[is_known, 0], column[is_known].astype(np.float32))
    assert np.isfinite(found).all() and n_missing == 12 - is_known.sum()
    assert (found[~is_known, 0] < column[is_known].min()).all()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("size", "hight"), "column 'hight' is not there; choose from size, age, income"),
        (("size", "kind"), "column 'kind' holds no numbers; choose from size, age, income"),
        (("size", "is old"), "column 'is old' holds no numbers"),
        ((1, 4), r"there is no feature 4, the vectors have 3; choose in 1\.\.3"),
    ],
)
def test_columns_that_are_no_axes_are_refused_before_anything_is_computed(columns, said):
    with pytest.raises(SpecError, match=said):
        admission(Columns(columns), 30, 3, labels=DATA)
    with pytest.raises(SpecError, match=said):
        project(FEATURES, Columns(columns), labels=DATA)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"columns": ("size",)}, r"2 or 3 different columns, got \('size',\)"),
        ({"columns": ("size", "size")}, "2 or 3 different columns"),
        ({"columns": (0, 1)}, "features are counted from 1, got 0"),
        ({"columns": ("size", 1), "preprocess": "unit"}, "must be None, center or standardize, got 'unit'"),
    ],
)
def test_specs_that_cannot_be_are_refused(given, said):
    with pytest.raises(SpecError, match=said):
        Columns(**given)


def test_what_has_no_numbers_to_show_is_refused_in_one_sentence():
    records = [{"x": np.nan, "y": 1.0, "z": 1e300}, {"x": 1.0, "y": 2.0, "z": 0.0}]
    data = dataset_from_arrays(vectors=[[0], [1]], metadata=records)
    one = subset(data, np.array([0]))
    with pytest.raises(SpecError, match="no item shown has a value in column 'x'; choose another one"):
        column_coords(vector_features(one), Columns(("x", "y")), one)
    with pytest.raises(SpecError, match=r"column 'z' has values beyond 3\.4e38"):
        project(vector_features(data), Columns(("y", "z")), labels=data)
    with pytest.raises(SpecError, match="'x' is a column of the items; give the dataset that has it"):
        project(vector_features(data), Columns(("x", "y")))
    with pytest.raises(SpecError, match="new items cannot be placed into a layout by columns"):
        place(FEATURES, project(FEATURES, Columns((1, 2))), laid_out=FEATURES)


def test_the_pipeline_makes_them_anew_and_finds_them_at_once(tmp_path):
    store, spec = Store(tmp_path), Columns(("size", "age"))
    made = projection_of(FEATURES, spec, store=store, labels=DATA)
    np.testing.assert_array_equal(stored_projection(FEATURES, spec, store=store, labels=DATA).coords, made.coords)
    assert number_columns(DATA) == ("size", "age", "income")
