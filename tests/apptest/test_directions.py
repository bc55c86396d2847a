"""A custom layout on the page: axes between classes, between what was searched for and selected, and all items."""

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.projection.directions.spec import Direction, Directions, End
from embviz.ui.contract.focus import id_set

DIGITS = load_dataset("digits", "all")


def select(page, ids):
    focus = page.data("projector")["focus"]
    told = {**focus, "serial": focus["serial"] + 1, "selected": id_set(list(ids), len(DIGITS))}
    return page.answer("projector", "focus", told)


def test_axes_lead_between_classes_and_are_named_in_the_title_and_at_the_axes(page):
    page.open().choose("method", "directions")
    page.choose("from-x-digits", "1").choose("to-x-digits", "7").choose("from-y-digits", "4").choose("to-y-digits", "9")
    one, seven, four, nine = (End(name, "class") for name in "1749")
    assert page.view.spec.projection == Directions((Direction(one, seven), Direction(four, nine)))
    told = page.data("projector")["coords"]
    assert told["axes"] == ["1 → 7", "4 → 9"] and told["scaled"] and told["dims"] == 2
    assert "Custom 2D, 1 → 7, 4 → 9" in page.text and page.errors == []
    places = page.view.projection.coords
    assert places[DIGITS.labels == 1, 0].mean() == pytest.approx(-places[DIGITS.labels == 7, 0].mean(), rel=1e-4)
    assert len(page.choose("dims", 3).data("projector")["coords"]["axes"]) == 3


def test_what_is_selected_becomes_an_end_and_stays_one_under_the_name_of_its_search(page):
    page.open().choose("search-way", "expression").choose("search-text", "label < 5")
    page.control("search-select").click()
    page.open().choose("method", "directions").choose("from-x-digits", "selected items")
    assert page.shown("from-x-digits") == "label < 5"
    select(page, DIGITS.ids[:30]).choose("to-x-digits", "selected items")
    assert page.shown("to-x-digits") == "30 selected"
    direction = page.view.spec.projection.directions[0]
    assert direction.start.ids.ids.tolist() == DIGITS.ids[DIGITS.labels < 5].tolist()
    assert direction.end.ids.ids.tolist() == DIGITS.ids[:30].tolist()
    assert page.data("projector")["coords"]["axes"][0] == "label < 5 → 30 selected"


def test_both_ends_of_an_axis_are_never_the_same(page):
    page.open().choose("method", "directions").choose("to-x-digits", "7").choose("from-x-digits", "7")
    assert page.shown("to-x-digits") != "7" and page.errors == []


def test_two_sets_with_the_same_mean_are_refused_in_one_sentence_and_the_page_stays(page):
    select(page.open(), DIGITS.ids).choose("method", "directions")
    page.choose("from-x-digits", "selected items").choose("to-x-digits", "all items")
    assert any("have the same mean" in error for error in page.errors)
    page.choose("to-x-digits", "7")
    assert page.errors == []


def test_isolated_items_can_be_laid_out_along_directions_between_all_of_them(page):
    some = DIGITS.ids[np.isin(DIGITS.labels, [1, 7, 4, 9])]
    page.open().choose("method", "directions")
    for key, name in {"from-x": "1", "to-x": "7", "from-y": "4", "to-y": "9"}.items():
        page.choose(f"{key}-digits", name)
    select(page, some).click("Isolate").click("Lay out anew")
    assert page.errors == [] and page.view.dataset.ids.tolist() == some.tolist()
