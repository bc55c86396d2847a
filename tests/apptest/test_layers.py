"""The Layers tab: every number on it is the library's, it is computed on demand, and what is clicked is pinned."""

import re

import numpy as np
import pytest

import embviz.ui.panels.layers as panel
from embviz.errors import Cancelled, InputError
from embviz.features.features import feature_spec
from embviz.layers.wording import parting_said
from embviz.pipeline import features_of, layer_lens_of, layer_specs, pair_axis_of
from embviz.server import shelf
from embviz.storage.store import default_store
from embviz.ui.waiting.computed import Started


@pytest.fixture
def layers_tab(page, monkeypatch):
    monkeypatch.setattr("embviz.features.network.EPOCHS", 1)
    return page.open().show_tab("Layers")


def body(url, dtype):
    _, _, secret, key = url.split("/")
    return np.frombuffer(shelf.get(secret, key), dtype)


def library_lens(page, pair=(1, 7), sizes=(200,)):
    dataset = page.view.dataset
    return layer_lens_of(dataset, pair, 10, layer_specs(dataset, sizes), store=default_store())


def test_nothing_is_computed_before_it_is_asked_for(layers_tab):
    assert not layers_tab.has("maps") and not layers_tab.has("axis")
    assert layers_tab.job(panel.LENS) is layers_tab.job(panel.AXIS) is None
    assert layers_tab.errors == []


def test_two_buttons_clicked_before_the_page_has_answered_are_both_heard(layers_tab):
    lens, line = (layers_tab.button(label) for label in ("Look into every layer", "Draw the line"))
    lens.click()
    line.click()
    layers_tab.open()
    assert layers_tab.has("maps") and layers_tab.has("axis")


def test_the_lens_shows_the_librarys_numbers(layers_tab):
    layers_tab.click("Look into every layer")
    lens = library_lens(layers_tab)
    assert parting_said(lens, ("1", "7")) in layers_tab.text
    lines = re.findall(r"<tr><th>([^<]+)</th>(.*?)</tr>", layers_tab.text)
    assert [name for name, _ in lines] == ["pixels", "hidden layer", "logits"]
    for (_, cells), each in zip(lines, lens.spaces, strict=True):
        told = re.findall(r"<td[^>]*>([^<]+)<span>([^<]+)</span></td>", cells)
        shown = [(each.overlap.index, each.overlap.index_interval)]
        shown += [(judged.value, judged.interval) for judged in (each.neighbors, each.probe)]
        assert told == [
            (f"{100 * value:.1f}\xa0%", f"{100 * interval.low:.1f} to {100 * interval.high:.1f}")
            for value, interval in shown
        ]
    assert "The classifier was trained on some of these items" in layers_tab.text, "all of the digits are shown"
    layers_tab.choose("split-digits", "test")
    assert "The classifier was trained on" not in layers_tab.text


def test_the_maps_are_the_librarys_and_a_click_pins(layers_tab):
    layers_tab.click("Look into every layer")
    lens, told, dataset = library_lens(layers_tab), layers_tab.data("maps"), layers_tab.view.dataset
    assert [each["title"] for each in told["maps"]] == ["pixels", "hidden layer", "logits"]
    rows = lens.spaces[0].rows
    items = body(told["items"], np.int32)
    assert items.tolist() == [*dataset.ids[rows].tolist(), *(dataset.labels[rows] == 7).astype(int).tolist()]
    for each, space in zip(told["maps"], lens.spaces, strict=True):
        np.testing.assert_array_equal(body(each["url"], np.float32).reshape(-1, 2), space.coords)
    item = int(dataset.ids[rows[5]])
    layers_tab.trigger("maps", "picked", [item])
    assert layers_tab.data("projector")["focus"]["pinned"] == layers_tab.data("maps")["pinned"] == item
    for wrong in ([-1], [], [10**9], "5", [item, item], [int(dataset.ids[dataset.labels == 3][0])]):
        layers_tab.trigger("maps", "picked", wrong)
        assert layers_tab.data("projector")["focus"]["pinned"] == item and layers_tab.errors == []


def test_the_axis_shows_the_librarys_numbers_and_its_items(layers_tab):
    layers_tab.click("Draw the line")
    view = layers_tab.view
    dataset = view.dataset
    axis = pair_axis_of(view.features, dataset, (1, 7), store=default_store())
    assert f"**{len(axis.crossing)} of {len(axis.rows)}** items lie nearer to the other class's mean" in layers_tab.text
    interval = axis.accuracy.interval
    ends = f"{100 * interval.low:.1f} to {100 * interval.high:.1f}\xa0%"
    said = f"Of other items, {ends} would be on the side of their class"
    assert said in layers_tab.text
    told = layers_tab.data("axis")
    np.testing.assert_array_equal(body(told["scores"], np.float32), axis.scores.astype(np.float32))
    np.testing.assert_array_equal(body(told["sides"], np.int32), axis.is_second)
    np.testing.assert_array_equal(body(told["weights"]["url"], np.float32), axis.weights.astype(np.float32))
    assert (told["weights"]["height"], told["weights"]["width"], told["weights"]["channels"]) == (8, 8, 1)
    assert [mark["id"] for mark in told["marks"]] == dataset.ids[axis.crossing].tolist()
    for mark in told["marks"]:
        place = dataset.ids[axis.rows].tolist().index(mark["id"])
        assert (mark["score"], mark["side"]) == (axis.scores[place], axis.is_second[place])
    cards = layers_tab.data("crossing")["cards"]
    assert [card["ids"] for card in cards] == [[mark["id"]] for mark in told["marks"][:12]]
    layers_tab.trigger("axis", "picked", [told["marks"][0]["id"]])
    assert layers_tab.data("projector")["focus"]["pinned"] == told["marks"][0]["id"]


def test_both_follow_the_pair_and_the_features_that_are_chosen(layers_tab):
    layers_tab.click("Look into every layer").click("Draw the line")
    layers_tab.choose("pair-a-0", "3")
    assert parting_said(library_lens(layers_tab, (3, 7)), ("3", "7")) in layers_tab.text
    assert layers_tab.data("axis")["names"] == ["3", "7"] and layers_tab.data("projector")["highlighted"] == [3, 7]
    layers_tab.choose("features", "hidden").choose("hidden-layers", 2).click("▶ Run")
    titles = [each["title"] for each in layers_tab.data("maps")["maps"]]
    assert titles == ["pixels", "hidden layer 1", "hidden layer 2", "logits"]
    spec = feature_spec("hidden-2", hidden_layer_sizes=(200, 100))
    hidden = features_of(layers_tab.view.dataset, spec, store=default_store())
    axis = pair_axis_of(hidden, layers_tab.view.dataset, (3, 7), store=default_store())
    assert layers_tab.data("axis")["weights"] is None, "its features are no pixels"
    assert f"**{len(axis.crossing)} of {len(axis.rows)}** items" in layers_tab.text


def test_a_pair_without_folds_is_said_and_the_page_lives(layers_tab, mnist_folder):
    mnist_folder([3] * 12 + [5])
    page = layers_tab.open()
    page.choose("dataset", "mnist")
    page.click("Draw the line")
    assert any("one class has a single item" in each for each in page.errors)
    assert page.has("projector")


def test_one_class_has_nothing_to_be_compared_with(page, mnist_folder):
    mnist_folder([3] * 12)
    page.open().show_tab("Layers")
    assert "it needs items with at least two different labels" in page.text


def test_no_more_than_some_items_are_marked(layers_tab, monkeypatch):
    monkeypatch.setattr("embviz.ui.contract.layers.MOST_MARKS", 1)
    monkeypatch.setattr(panel, "MOST_MARKS", 1)
    layers_tab.choose("pair-a-0", "3").choose("pair-b-0", "8").click("Draw the line")
    assert (
        len(layers_tab.data("axis")["marks"]) == 1
        and "The 1 items furthest on the other class's side are marked" in layers_tab.text
    )


@pytest.mark.parametrize(
    ("what", "button", "shown"),
    [(panel.LENS, "Look into every layer", "maps"), (panel.AXIS, "Draw the line", "axis")],
    ids=["lens", "axis"],
)
@pytest.mark.parametrize(
    ("error", "said"),
    [(Cancelled("stopped as asked"), []), (InputError("no *room*; make some"), [r"no \*room\*; make some"])],
)
def test_what_was_cancelled_or_failed_can_be_started_again(layers_tab, what, button, shown, error, said):
    def end(progress):
        raise error

    layers_tab.click(button)
    latest = layers_tab.session.kept(Started).of(what)
    key = latest.key
    latest.forget()
    latest.job_for(key, end)
    layers_tab.open()
    assert layers_tab.errors == said and not layers_tab.has(shown)
    layers_tab.click("Look again")
    assert layers_tab.errors == [] and layers_tab.has(shown)
