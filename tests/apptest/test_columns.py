"""Columns of somebody's own file as axes on the page, as they are; also after the address is opened by another one."""

import json

import numpy as np
import pytest

from embviz.datasets import source_named
from embviz.datasets.own.preview import name_of
from embviz.datasets.own.started import VARIABLE, started_text
from embviz.projection.specs import Columns, Pca
from embviz.saved.view_state import ViewState, view_state_text
from embviz.ui.compare.panes import Compared
from tests.apptest.test_address import opened

N = 30
SIZES = np.random.default_rng(0).normal(size=N).round(4)


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Vectors of two values, a text, and two columns of numbers, one with gaps."""
    path = tmp_path / "table.jsonl"
    rows = [
        {"v": [place, -place], "kind": "ab"[place % 2], "size": float(size), "age": None if place < 4 else place * 10}
        for place, size in enumerate(SIZES)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setenv(VARIABLE, started_text(source_named(path)))
    return path


def test_columns_and_features_are_axes_and_what_has_no_value_is_counted(new_page, table):
    page = new_page
    page.test.session_state["method"] = "directions"
    page.open()
    assert page.view.dataset.class_names == ("a", "b")
    page.choose("custom-axes", "columns")
    name = name_of(source_named(table))
    assert page.control(f"column-x-{name}").options == ["feature 1", "feature 2", "size", "age"]
    assert page.view.spec.projection == Columns((1, 2)), "two values are shown as they are"
    np.testing.assert_array_equal(page.view.projection.coords, page.view.features.vectors)
    page.choose(f"column-x-{name}", "age")
    assert page.control(f"column-y-{name}").options == ["feature 1", "feature 2", "size"]
    page.choose(f"column-y-{name}", "size").choose("column-scaling", "center")
    assert page.view.spec.projection == Columns(("age", "size"), "center")
    assert "Columns 2D, centered, age, size, 4 items without a value" in page.text
    told = page.data("projector")["coords"]
    assert told["axes"] == ["age", "size"] and told["scaled"] and page.errors == []
    np.testing.assert_allclose(page.view.projection.coords[:, 1], SIZES - SIZES.mean(), atol=1e-6)
    assert page.choose("dims", 3).view.spec.projection.n_components == 3
    page.choose("column-scaling", "none").choose(f"column-x-{name}", "size")
    assert page.view.spec.projection == Columns(("size", 1, 2)), "no column is two axes"


def test_the_address_brings_them_back(new_page, table):
    state = ViewState(Columns((2, "age"), "standardize"), tab="Inspect")
    page = opened(view_state_text(state))
    assert page.asked.projection == state.projection and page.view.spec.projection == state.projection
    assert not page.test.warning
    page.click("Compare")
    (other,) = page.session.kept(Compared).panes
    assert other.view.spec.projection == Pca(), "columns were standardized, and not the vectors"


def test_a_column_of_the_address_that_is_not_there_is_said(new_page, table):
    page = opened(view_state_text(ViewState(Columns(("age", "hight")), tab="Inspect")))
    (warning,) = [each.value for each in page.test.warning]
    assert "hight is not possible here" in warning and page.errors == []
