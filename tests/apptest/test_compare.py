"""Panes beside the first one: each with its own layout and run, one focus for all, laid over the first."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embviz.features.features import Activations
from embviz.server import live_runs
from embviz.ui.compare.drawn import AskedFor
from embviz.ui.compare.panes import Compared
from embviz.ui.contract.focus import id_set
from tests.apptest.conftest import APP, COMPONENTS, Page

ENOUGH = 60.0
"""Seconds nothing here takes."""
SECOND, THIRD = "projector-2", "projector-3"


def others(page):
    return page.session.kept(Compared).panes


@pytest.fixture
def compared(page):
    """A page with principal components, and a pane beside them."""
    page.open()
    page.click("Compare")
    yield page
    for pane in others(page):
        if pane.run is not None:
            pane.run.job.cancel()
            pane.run.job.wait(ENOUGH)


def choose(page, pane, name, value):
    return page.choose(f"compare-{name}-{pane}", value)


def press_run(page, pane):
    (button,) = [each for each in page.test.button if each.key == f"run-pending-{pane}"]
    button.click()
    page.run()
    run = next(each.run for each in others(page) if each.key == pane)
    run.job.wait(ENOUGH)
    return page.open()


def test_one_pane_alone_has_nothing_in_common_with_others(page):
    page.open()
    assert page.data("projector")["link"] is None and not page.has(SECOND)
    assert page.data("projector")["coords"]["box"] is None


def test_a_new_pane_offers_a_method_that_no_pane_shows_and_shows_the_first_one_meanwhile(compared):
    data = compared.data(SECOND)
    assert compared.shown(f"compare-method-{SECOND}") == "tsne" and not data["isAsked"]
    assert data["coords"]["url"] == compared.data("projector")["coords"]["url"]
    assert compared.data("projector")["link"] == data["link"] == "views"
    compared.click("Compare")
    assert compared.shown(f"compare-method-{THIRD}") == "umap"
    compared.click("Compare")
    assert compared.button("Compare").disabled and len(others(compared)) == 3
    compared.choose("scaling", "unit")
    for said in ("PCA 2D, unit length,", "t-SNE 2D, unit length,", "UMAP 2D, unit length,"):
        assert said in compared.text, "methods are compared by the same vectors"


def test_each_pane_is_asked_for_its_own_dimensions_features_and_split(compared):
    choose(compared, SECOND, "method", "pca")
    choose(compared, SECOND, "dimensions", 3)
    first, second = compared.data("projector"), compared.data(SECOND)
    assert (first["coords"]["dims"], second["coords"]["dims"], second["isAsked"]) == (2, 3, True)
    assert second["coords"]["box"] is None, "there is no way to lay three dimensions over two"
    assert "not aligned, other number of dimensions" in compared.text
    choose(compared, SECOND, "dimensions", 2)
    choose(compared, SECOND, "split", "test")
    second = compared.data(SECOND)
    assert second["items"]["count"] == 539 and first["items"]["count"] == 1797
    assert second["coords"]["box"] is not None and "aligned to 1 by 539" not in compared.text
    assert "aligned to 1" in compared.text
    assert compared.data("projector")["coords"] == first["coords"]
    compared.choose("split-digits", "train")
    assert compared.data(SECOND)["coords"]["box"] is None and "not aligned, too few items in common" in compared.text


def test_a_layout_is_laid_over_the_first_one_unless_that_is_switched_off(compared):
    choose(compared, SECOND, "method", "pca")
    assert compared.data(SECOND)["coords"]["box"] is None, "the same layout lies there already"
    choose(compared, SECOND, "split", "train")
    first, second = compared.data("projector")["coords"], compared.data(SECOND)["coords"]
    assert second["box"] is not None and not second["axes"] and first["axes"]
    compared.choose("compare-aligned", False)
    alone = compared.data(SECOND)["coords"]
    assert alone["box"] is None and alone["axes"] and "aligned" not in compared.text
    compared.choose("compare-views", False)
    assert compared.data(SECOND)["link"] == "focus"


def test_all_panes_have_one_focus_whichever_pane_it_was_changed_in(compared):
    choose(compared, SECOND, "method", "pca")
    told = {**compared.data(SECOND)["focus"], "serial": 1, "pinned": 1500, "selected": id_set([1501], 1797)}
    compared.answer(SECOND, "focus", told)
    assert compared.data("projector")["focus"] == compared.data(SECOND)["focus"] == told
    assert "id 1500" in compared.text
    compared.click("Unpin")
    assert compared.data(SECOND)["focus"]["pinned"] is None


def test_a_run_of_a_pane_is_its_own_and_closing_the_pane_drops_it(compared):
    choose(compared, SECOND, "seed", 3)
    (button,) = [each for each in compared.test.button if each.key == f"run-pending-{SECOND}"]
    button.click()
    compared.run()
    (pane,) = others(compared)
    run = pane.run
    assert run is not None and run.spec.projection.seed == 3 and compared.session.pane.run is None
    for _ in range(1000):
        if run.is_visible:
            break
        run.job.watch()
        run.job.wait(0.05)
    compared.run()
    address = compared.data(SECOND)["run"]["url"]
    assert live_runs.get(*address.split("/")[2:]) is run
    (close,) = [each for each in compared.test.button if each.key == f"close-{SECOND}"]
    close.click()
    compared.run()
    run.job.wait(ENOUGH)
    assert not others(compared) and not compared.has(SECOND) and not run.is_asked and not run.job.is_running
    assert compared.data("projector")["link"] is None


def test_another_seed_of_the_first_layout_lies_over_it(new_page):
    page = new_page
    page.test.session_state["method"] = "umap"
    page.test.session_state["tab"] = "Inspect"
    page.open()
    page.click("▶ Run") if not page.data("projector")["isAsked"] else None
    for _ in range(3):
        page.click("Compare")
    assert page.shown("compare-seed-projector-4") == 1, "all methods are shown, so the seed is another one"
    press_run(page, "projector-4")
    (pane,) = [each for each in others(page) if each.key == "projector-4"]
    first, second = page.view.projection, pane.view.projection
    assert first.spec.seed != second.spec.seed and first.spec.n_neighbors == second.spec.n_neighbors
    assert page.data("projector-4")["coords"]["box"] is not None
    for other in others(page):
        if other.run is not None:
            other.run.job.cancel()


def test_two_visitors_never_meet(compared):
    other = Page()
    other.test = AppTest.from_file(str(APP), default_timeout=60)
    other.test._bidi_component_manager = COMPONENTS
    other.test.session_state["method"] = "pca"
    other.test.session_state["tab"] = "Inspect"
    other.open()
    assert not other.has(SECOND)
    other.click("Compare")
    choose(other, SECOND, "method", "pca")
    told = {**other.data(SECOND)["focus"], "serial": 5, "pinned": 3}
    other.answer(SECOND, "focus", told)
    compared.open()
    assert compared.data("projector")["focus"]["pinned"] is None
    assert compared.shown(f"compare-method-{SECOND}") == "tsne"
    assert json.loads(json.dumps(told))["pinned"] == other.data("projector")["focus"]["pinned"]


def test_coordinates_on_the_wire_lie_where_alignment_put_them(compared):
    choose(compared, SECOND, "method", "pca")
    choose(compared, SECOND, "features", "hidden")
    if not compared.data(SECOND)["isAsked"]:
        press_run(compared, SECOND)
    (pane,) = others(compared)
    assert pane.view.features.name == "hidden"
    box = compared.data(SECOND)["coords"]["box"]
    reference = compared.view.projection.coords.astype(float)
    middle = (reference.min(axis=0) + reference.max(axis=0)) / 2
    np.testing.assert_allclose(box[:2], middle, atol=1e-6)


def test_a_pane_has_the_layers_of_the_classifier_that_the_first_one_has(compared):
    choose(compared, SECOND, "method", "pca")
    choose(compared, SECOND, "features", "hidden")
    compared.choose("features", "logits").choose("hidden-layers", 2)
    control = compared.control(f"compare-features-{SECOND}")
    layers = [f"Classifier · {layer}" for layer in ("hidden layer 1", "hidden layer 2", "logits")]
    assert control.options == ["Pixels", *layers]
    assert control.value == "logits", "the layer that it showed is gone, so it has the features of the first one"
    (pane,) = others(compared)
    assert pane.kept(AskedFor).spec.features == Activations("logits", hidden_layer_sizes=(200, 100))
    choose(compared, SECOND, "features", "hidden-1")
    assert pane.kept(AskedFor).spec.features == Activations("hidden-1", hidden_layer_sizes=(200, 100))
    compared.choose("features", "pixels")
    assert compared.shown(f"compare-features-{SECOND}") == pane.kept(AskedFor).spec.features.name == "pixels"
