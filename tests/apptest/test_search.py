"""The search of the Inspect tab: what it finds, and what its buttons make of the selection."""

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.ui.contract.focus import id_set

DIGITS = load_dataset("digits", "all")


def ids_of(digit):
    return set(DIGITS.ids[DIGITS.labels == digit].tolist())


def selected(page):
    return set(page.session.pane.focus.selected_ids().tolist())


def search(page, way, text, column=None):
    page.choose("search-way", way)
    if column is not None:
        page.choose(next(key for key in keys(page) if key.startswith("search-column")), column)
    return page.choose("search-text", text)


def keys(page):
    return [str(getattr(each, "key", "")) for each in page.test._tree]


def press(page, change):
    page.control(f"search-{change}").click()
    return page.open()


def test_a_search_says_how_many_it_finds_shows_the_first_and_selects_nothing_by_itself(page):
    search(page.open(), "text", "7")
    assert "**179** of 1,797 found" in page.text and "hidden" in page.text
    assert [card["ids"][0] for card in page.data("found")["cards"]] == sorted(ids_of(7))[:6]
    assert selected(page) == set()


def test_every_change_of_the_selection_is_told_to_the_browser_which_can_undo_it(page):
    press(search(page.open(), "regex", "^[17]$"), "select")
    assert selected(page) == ids_of(1) | ids_of(7)
    press(search(page, "text", "1"), "remove")
    assert selected(page) == ids_of(7)
    press(search(page, "expression", "label in (3, 5)"), "add")
    assert selected(page) == ids_of(3) | ids_of(5) | ids_of(7)
    press(search(page, "expression", "label > 4"), "keep")
    assert selected(page) == ids_of(5) | ids_of(7)
    told = page.data("projector")["focus"]
    assert told["serial"] == 4 and told["selected"] == id_set(sorted(ids_of(5) | ids_of(7)), len(DIGITS))


def test_a_class_is_found_by_its_whole_name(page):
    page.open().choose("search-way", "class").choose("search-class-digits", "1")
    press(page, "select")
    assert selected(page) == ids_of(1)


@pytest.mark.parametrize("in_layout", [False, True])
def test_neighbors_of_the_pinned_item_are_those_of_brute_force(page, in_layout):
    page.open()
    item = int(DIGITS.ids[5])
    page.answer("projector", "focus", {**page.data("projector")["focus"], "serial": 1, "pinned": item})
    page.choose("search-way", "near").choose("search-space", in_layout).choose("search-k", 20)
    press(page, "select")
    measured = page.view.projection.coords if in_layout else page.view.features.vectors
    distances = np.linalg.norm(measured.astype(np.float64) - measured[5].astype(np.float64), axis=1)
    distances[5] = np.inf
    found = selected(page)
    assert len(found) == 20 and item not in found
    farthest = max(distances[np.isin(DIGITS.ids, list(found))])
    assert farthest <= np.sort(distances)[19] * (1 + 1e-6)


def test_neighbors_are_not_offered_without_a_pinned_item(page):
    assert page.open().control("search-way").options == [
        "Text in",
        "Regular expression in",
        "Expression",
        "Class",
    ]


@pytest.mark.parametrize(
    ("way", "text", "sentence"),
    [
        ("regex", "(7", "not a regular expression: missing"),
        ("expression", "label == ", "the expression cannot be read"),
        ("expression", "__import__('os')", "a call is not part of these expressions"),
        ("expression", "id == '<b>'", "id is numbers and &#x27;&lt;b&gt;&#x27; is text"),
    ],
)
def test_what_cannot_be_searched_for_gives_one_sentence_beside_the_field(page, way, text, sentence):
    search(page.open(), way, text)
    assert sentence in page.text and page.errors == []
    assert not any(key == "search-select" for key in keys(page))


def test_invert_selects_all_others_and_grow_adds_neighbors_in_feature_space(page):
    press(search(page.open(), "text", "7"), "select")
    page.click("Invert")
    assert selected(page) == set(DIGITS.ids.tolist()) - ids_of(7)
    page.click("Invert").click("Grow")
    grown, vectors = selected(page), page.view.features.vectors.astype(np.float64)
    assert grown > ids_of(7)
    sevens = np.flatnonzero(DIGITS.labels == 7)[:20]
    for row in sevens:
        distances = np.linalg.norm(vectors - vectors[row], axis=1)
        sure = np.flatnonzero(distances < np.sort(distances)[10] * (1 - 1e-6))
        assert set(DIGITS.ids[sure].tolist()) <= grown


def test_what_was_typed_is_there_again_after_another_tab(page):
    search(page.open(), "expression", "label == 7")
    page.show_tab("Export").show_tab("Inspect")
    assert page.shown("search-text") == "label == 7" and "**179** of 1,797 found" in page.text


def test_a_search_goes_on_among_other_items(page):
    search(page.open(), "text", "7")
    page.choose("limit-digits-all", "500")
    assert len(page.view.dataset) == 500
    count = int((page.view.dataset.labels == 7).sum())
    assert f"**{count}** of 500 found" in page.text
