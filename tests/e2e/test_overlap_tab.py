"""The Overlap tab shows the numbers of the library, and its pictures lead to the points."""

import pytest

from embviz.datasets import load_dataset
from embviz.features.pixels import pixel_features
from embviz.overlap import class_overlap, closest_pairs, overlap_matrix
from embviz.ui.overlap_panel import percent

DIGITS = load_dataset("digits", "all")
PIXELS = pixel_features(DIGITS).vectors


@pytest.fixture
def overlap_tab(projector):
    projector.page.get_by_role("tab", name="Overlap").click()
    projector.page.locator(".embviz-heatmap button").first.wait_for()
    return projector


def test_numbers_are_those_of_the_library(overlap_tab):
    found = class_overlap(PIXELS, DIGITS.labels, (1, 7), 10, space="pixels")
    numbers = overlap_tab.page.locator(".embviz-numbers b").all_text_contents()
    assert numbers[0] == percent(found.index)


def test_closest_pairs_are_right_and_select_their_points(overlap_tab):
    pairs = closest_pairs(PIXELS, DIGITS.labels, (1, 7), 12)
    expected = [f"{a} {b}" for a, b in zip(DIGITS.ids[pairs.rows_a], DIGITS.ids[pairs.rows_b], strict=True)]
    cards = overlap_tab.page.locator(".embviz-card")
    cards.nth(11).wait_for()
    assert [card.get_attribute("data-ids") for card in cards.all()] == expected
    cards.nth(2).click()
    overlap_tab.page.wait_for_selector('.embviz[data-selected="2"]', state="attached")


def test_heat_map_is_the_matrix_and_a_cell_chooses_the_pair(overlap_tab):
    index = overlap_matrix(PIXELS, DIGITS.labels, 10, 10, space="pixels").index
    for cell in overlap_tab.page.locator(".embviz-heatmap button").all():
        a, b = map(int, cell.get_attribute("data-pair").split())
        rounding = 0.51 if index[a, b] > 0.0995 else 0.051
        assert float(cell.text_content()) == pytest.approx(100 * index[a, b], abs=rounding)
    overlap_tab.page.locator('.embviz-heatmap button[data-pair="3 8"]').click()
    overlap_tab.page.get_by_text("neighbors of a 3 or 8").wait_for()
    overlap_tab.page.get_by_text("3 and 8 highlighted").wait_for()
    overlap_tab.page.wait_for_selector('.embviz-heatmap button[data-pair="3 8"][aria-pressed="true"]')
