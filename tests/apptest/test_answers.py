"""What a visitor does in the plot reaches Python; what no visitor can do is dropped."""

import logging

import numpy as np
import pytest

from embviz.datasets import Named
from embviz.neighbors.query import nearest_items
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.focus import MOST_PINS, Pins, pins_after
from embviz.ui.words import three_digits

SOURCE = Named("digits").key


def focus(serial=1, pinned=None, selected=None, source=SOURCE, pair=None):
    mask = None if selected is None else id_set(selected, 1797)
    return {"source": source, "serial": serial, "pinned": pinned, "selected": mask, "pair": pair}


@pytest.fixture
def digits(page):
    return page.open()


def pinned_and_selected(page):
    told = page.data("projector")["focus"]
    return told["pinned"], told["selected"]


def test_a_pinned_item_is_shown_with_its_nearest_neighbors(digits):
    digits.answer("projector", "focus", focus(pinned=5))
    dataset, vectors = digits.view.dataset, digits.view.features.vectors
    row = int(np.flatnonzero(dataset.ids == 5)[0])
    assert [card["ids"] for card in digits.data("pinned")["cards"]] == [[5]]
    neighbors, distances = nearest_items(vectors, row, 12)
    cards = digits.data("neighbors")["cards"]
    assert [card["ids"] for card in cards] == [[int(dataset.ids[neighbor])] for neighbor in neighbors]
    assert [card["title"] for card in cards] == [str(dataset.labels[neighbor]) for neighbor in neighbors]
    assert [card["caption"] for card in cards] == [three_digits(distance) for distance in distances]
    assert [card["differs"] for card in cards] == (dataset.labels[neighbors] != dataset.labels[row]).tolist()
    assert f"**{dataset.labels[row]}**  \nid 5" in digits.text
    marked = {"of": 5, "ids": [card["ids"][0] for card in cards], "distances": distances.tolist()}
    assert digits.data("projector")["neighbors"] == marked


@pytest.mark.parametrize(("k", "metric"), [(1, "euclidean"), (100, "cosine")])
def test_how_many_neighbors_and_by_which_metric_is_chosen_and_kept(digits, k, metric):
    digits.answer("projector", "focus", focus(pinned=5))
    digits.choose("neighbor-count", k).choose("neighbor-metric", metric)
    digits.show_tab("Export").show_tab("Inspect")
    dataset, vectors = digits.view.dataset, digits.view.features.vectors
    rows, _ = nearest_items(vectors, int(np.flatnonzero(dataset.ids == 5)[0]), k, metric)
    expected = dataset.ids[rows].tolist()
    assert digits.data("projector")["neighbors"]["ids"] == expected
    assert [card["ids"] for card in digits.data("neighbors")["cards"]] == [[item] for item in expected]


def test_neighbors_are_marked_while_the_tab_that_lists_them_is_open(digits):
    digits.answer("projector", "focus", focus(pinned=5))
    assert digits.show_tab("Overlap").data("projector")["neighbors"] is None
    assert digits.show_tab("Inspect").data("projector")["neighbors"] is not None


def test_a_metric_that_cannot_measure_says_so_and_marks_nothing(page, mnist_folder):
    mnist_folder([3, 5] * 12)
    page.open()
    source = page.data("projector")["source"]
    items = page.view.dataset.ids.tolist()
    page.answer("projector", "focus", focus(pinned=items[0], source=source)).choose("neighbor-metric", "cosine")
    assert "vectors are all zero" in page.errors[0]
    assert page.data("projector")["neighbors"] is None
    page.choose("neighbor-metric", "euclidean")
    assert page.errors == [] and page.has("neighbors")


def test_back_pins_what_was_pinned_before_as_long_as_there_is_something(digits):
    for serial, pinned in enumerate([5, 9, None, 4], start=1):
        digits.answer("projector", "focus", focus(serial=serial, pinned=pinned))
    for expected in (9, 5):
        digits.click("← Back")
        assert digits.data("projector")["focus"]["pinned"] == expected
    assert "← Back" not in [button.label for button in digits.test.button]


def test_how_far_one_can_go_back_is_bounded():
    pins, before = Pins(), Focus("toy")
    for pinned in range(1000):
        after = Focus("toy", pinned=pinned)
        pins, before = pins_after(pins, before, after), after
    assert 0 < len(pins.ids) <= MOST_PINS and pins.ids[-1] == 998
    assert pins_after(pins, before, Focus("other", pinned=1)).ids == ()


def test_a_selection_is_counted_by_class_and_shown(digits):
    dataset = digits.view.dataset
    ids = [*dataset.ids[dataset.labels == 4][:3], *dataset.ids[dataset.labels == 9][:2]]
    digits.answer("projector", "focus", focus(selected=ids))
    assert "###### 5 selected" in digits.text
    (counts,) = digits.test.pills
    assert counts.options == ["**9** 2", "**4** 3"]
    cards = digits.data("selection")["cards"]
    assert {card["ids"][0] for card in cards} == set(ids)
    assert [card["title"] for card in cards] == ["9", "9", "4", "4", "4"], "the stray ones first"
    digits.choose("selected-class", 4)
    assert [card["title"] for card in digits.data("selection")["cards"]] == ["4", "4", "4"]
    digits.answer("projector", "focus", focus(serial=2, selected=ids[3:]))
    assert [card["title"] for card in digits.data("selection")["cards"]] == ["9", "9"]


def test_what_was_pinned_and_selected_stays_on_other_layouts_and_splits(digits):
    told = focus(pinned=5, selected=[3, 5, 8])
    digits.answer("projector", "focus", told).choose("dims", 3)
    assert digits.data("projector")["focus"] == told
    part = next(part for part in ("train", "test") if 5 not in split_ids(digits, part))
    digits.choose("split-digits", part)
    assert digits.data("projector")["focus"] == told and not digits.has("pinned")
    digits.choose("split-digits", "all")
    assert digits.has("pinned")


def split_ids(page, part):
    dataset = page.view.dataset
    return set(dataset.ids[dataset.metadata["split"] == part])


def test_a_click_on_a_neighbor_pins_it_and_keeps_the_selection(digits):
    digits.answer("projector", "focus", focus(pinned=5, selected=[3, 8]))
    (neighbor,) = digits.data("neighbors")["cards"][0]["ids"]
    digits.trigger("neighbors", "picked", [neighbor])
    assert pinned_and_selected(digits) == (neighbor, id_set([3, 8], 1797))


def test_unpin_and_clear_leave_the_other(digits):
    digits.answer("projector", "focus", focus(pinned=5, selected=[3, 8]))
    digits.click("Unpin")
    assert pinned_and_selected(digits) == (None, id_set([3, 8], 1797))
    digits.answer("projector", "focus", focus(serial=9, pinned=6, selected=[3, 8]))
    digits.click("Clear selection")
    assert pinned_and_selected(digits) == (6, None)


def test_of_two_answers_the_later_one_counts_whichever_comes_last(digits):
    digits.answer("projector", "focus", focus(serial=5, pinned=1))
    digits.answer("projector", "focus", focus(serial=2, pinned=9))
    assert pinned_and_selected(digits) == (1, None)


def test_an_answer_about_other_data_means_nothing_here(digits):
    digits.answer("projector", "focus", focus(pinned=5, source=Named("mnist").key))
    assert pinned_and_selected(digits) == (None, None)


def test_ids_that_are_not_there_are_nobody(digits):
    digits.answer("projector", "focus", focus(pinned=99_999) | {"selected": "/" * 300})  # 3 more than there are
    assert not digits.has("pinned")
    assert "###### 1,797 selected" in digits.text


NO_FOCUS = (
    "pinned",
    [5],
    {},
    {"source": SOURCE, "serial": 1, "pinned": 5},
    focus(pair=[5]),
    focus(serial="1"),
    focus(serial=-1),
    focus(pinned=5.5),
    focus() | {"selected": "not base64!"},
    focus() | {"selected": [5]},
    focus() | {"selected": "/" * 304},
    focus() | {"selected": "A" * 12_000_000},
)


def test_an_answer_that_is_no_focus_is_logged_and_changes_nothing(digits, caplog):
    digits.answer("projector", "focus", focus(pinned=5))
    before = digits.data("projector")
    with caplog.at_level(logging.WARNING, logger="embviz.ui.component"):
        for answer in NO_FOCUS:
            digits.answer("projector", "focus", answer)
            assert digits.data("projector") == before
            assert digits.errors == []
    assert caplog.text.count("dropped an answer of projector: focus") == len(NO_FOCUS)


def test_a_card_that_is_not_there_cannot_be_picked(digits):
    digits.answer("projector", "focus", focus(pinned=5))
    for picked in ("5", [-1], [True], None, [4, 5], [1700]):
        digits.trigger("neighbors", "picked", picked)
        assert pinned_and_selected(digits) == (5, None)
