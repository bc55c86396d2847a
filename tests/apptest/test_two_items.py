"""The Inspect tab: neighbors in features and layout with bars, and two items side by side."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from embviz.ui.panels.items.two_items import DIFFERENT, SAME, differences
from embviz.ui.words import three_digits
from tests.unit.ui.contract.views import toy_dataset, toy_view


def pin(page, item, serial):
    told = {**page.data("projector")["focus"], "serial": serial, "pinned": item}
    return page.answer("projector", "focus", told)


@pytest.fixture
def pinned(page):
    """A page on which item 100 is pinned."""
    page.open()
    return pin(page, 100, 1)


def test_neighbors_are_those_of_the_layout_where_that_is_chosen(pinned):
    features = [card["ids"][0] for card in pinned.data("neighbors")["cards"]]
    pinned.choose("neighbor-space", "layout")
    cards = pinned.data("neighbors")["cards"]
    coords = pinned.view.projection.coords
    distances = cdist(coords[100:101], coords)[0]
    distances[100] = np.inf
    assert [card["ids"][0] for card in cards] == np.argsort(distances, kind="stable")[:12].tolist() != features
    assert pinned.control("neighbor-metric").disabled and "nearest in the layout" in pinned.text
    assert pinned.data("projector")["neighbors"]["ids"] == [card["ids"][0] for card in cards]
    pinned.choose("neighbor-space", "features")
    assert [card["ids"][0] for card in pinned.data("neighbors")["cards"]] == features


def test_up_to_999_neighbors_are_listed_with_bars_as_long_as_their_distances(pinned):
    pinned.choose("neighbor-count", 999)
    told = pinned.data("neighbors")
    assert len(told["cards"]) == len(told["bars"]) == 999 and told["bars"][-1] == 1
    assert told["bars"] == sorted(told["bars"]) and told["bars"][0] > 0
    vectors = pinned.view.features.vectors
    distances = np.sort(cdist(vectors[100:101].astype(float), vectors)[0])[1:1000]
    np.testing.assert_allclose(told["bars"], distances / distances[-1], rtol=1e-4)
    assert pinned.control("neighbor-count").max == 999


def test_the_item_that_is_held_stays_beside_what_is_pinned_next(pinned):
    assert pinned.data("projector")["held"] is None
    pinned.click("Hold")
    assert pinned.data("projector")["held"] == 100 and not pinned.has("two-difference")
    pin(pinned, 205, 5)
    told = pinned.data("two-difference")
    assert told["isDifference"] and told["cards"][0]["ids"] == [100, 205]
    assert [pinned.data(f"two-{name}")["cards"][0]["ids"] for name in ("held", "pinned")] == [[100], [205]]
    vectors = pinned.view.features.vectors
    assert f"{three_digits(np.linalg.norm(vectors[100] - vectors[205]))} euclidean" in pinned.text
    pinned.click("⇄ Exchange")
    assert pinned.data("projector")["held"] == 205 and pinned.data("projector")["focus"]["pinned"] == 100
    assert pinned.data("two-difference")["cards"][0]["ids"] == [205, 100]
    pinned.click("Let go")
    assert pinned.data("projector")["held"] is None and not pinned.has("two-held")


def test_items_that_are_not_shown_are_not_compared(pinned):
    pinned.click("Hold")
    pin(pinned, 1500, 5)
    assert pinned.has("two-held")
    pinned.choose("split-digits", "test")
    assert not pinned.has("two-held"), "item 100 is a training item"


def test_every_column_says_how_two_items_differ():
    score = np.array([1.5, -2, 1.5, np.nan])
    dataset = toy_dataset(metadata={"writer": np.array(["a", "<b>", "a", "c"]), "score": score})
    view = toy_view(dataset, predictions=[2, 0, 1, 1])
    assert differences(view, 0, 1) == [
        ("id", "40", "7", DIFFERENT),
        ("label", "two", "zero", DIFFERENT),
        ("predicted", "two", "zero", DIFFERENT),
        ("writer", "a", "<b>", DIFFERENT),
        ("score", "1.5", "-2", "−3.5"),
    ]
    same = {name: difference for name, *_, difference in differences(view, 0, 2)}
    assert same == {"id": DIFFERENT, "label": SAME, "predicted": DIFFERENT, "writer": SAME, "score": SAME}
