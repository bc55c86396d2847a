"""The Overlap tab shows the numbers that the library computes, and a click on a pair's card leads to its points."""

import numpy as np
import pytest
from playwright.sync_api import expect

from embviz.bounds import error_bounds
from embviz.datasets import load_dataset
from embviz.features.pixels import pixel_features
from embviz.overlap import class_overlap, closest_pairs, overlap_matrix
from embviz.projection import Pca, project
from embviz.ui.panels.pairs.shares import percent

DIGITS = load_dataset("digits", "all")
PIXELS = pixel_features(DIGITS).vectors


@pytest.fixture
def overlap_tab(projector):
    projector.page.get_by_role("tab", name="Overlap").click()
    projector.page.locator(".st-key-all-pairs .embviz-heatmap button").first.wait_for()
    projector.wait_idle()
    return projector


def test_numbers_are_those_of_the_library(overlap_tab):
    found = class_overlap(PIXELS, DIGITS.labels, (1, 7), 10, space="pixels")
    overlap_tab.page.locator(".embviz-numbers b").first.wait_for()
    numbers = overlap_tab.page.locator(".embviz-numbers b").all_text_contents()
    assert numbers[0] == percent(found.index)


def test_cells_say_interval_and_rank_as_the_library_has_them(overlap_tab):
    page = overlap_tab.page
    matrix = overlap_matrix(pixel_features(DIGITS), DIGITS, 10, 10, space="pixels")
    lows, highs = matrix.index_interval
    a, b = (int(code) for code in matrix.ranks.pairs[0])
    page.locator(f'.st-key-all-pairs .embviz-heatmap button[data-pair="{a} {b}"]').click()
    page.get_by_text(f"By overlap {a} and {b} have rank 1 of 45 pairs").wait_for()
    alike = matrix.ranks.not_told_from(a, b)
    marked = page.locator(".st-key-all-pairs .embviz-heatmap button[data-alike]")
    expect(marked).to_have_count(2 * len(alike))
    for c, d in ((a, b), alike[0], (0, 1)):
        title = page.locator(f'.st-key-all-pairs .embviz-heatmap button[data-pair="{c} {d}"]').get_attribute("title")
        low, high = matrix.ranks.between(c, d)
        assert f"95 % confidence interval {100 * lows[c, d]:.2f} to {100 * highs[c, d]:.2f} %" in title
        assert f"rank {matrix.ranks.place(c, d) + 1} of 45, ranks {low} to {high} are possible" in title
        assert (f"rank cannot be told from that of {a} and {b}" in title) == ((c, d) in alike)
    c, d = (int(code) for code in np.argwhere(np.triu(matrix.index == 0))[0])
    most = 100 * matrix.pair(c, d).index_at_most
    cell = page.locator(f'.st-key-all-pairs .embviz-heatmap button[data-pair="{c} {d}"]')
    expect(cell).to_have_text(f"≤{np.ceil(10 * most) / 10:.1f}")
    assert f"no neighbor of the other class was seen, so at most {most:.2f} %" in cell.get_attribute("title")


def test_more_estimates_are_shown_when_they_are_asked_for_and_follow_the_pair(overlap_tab):
    page = overlap_tab.page
    expect(page.locator(".embviz-axis")).to_have_count(0)
    overlap_tab.unfold(page.get_by_text("More estimates"))
    for pair in ((1, 7), (8, 9)):
        found = error_bounds(pixel_features(DIGITS), DIGITS, pair, space="pixels")
        nearest, tree = found.nearest_neighbor, found.henze_penrose
        page.locator(f'.st-key-all-pairs .embviz-heatmap button[data-pair="{pair[0]} {pair[1]}"]').click()
        page.get_by_text(f"the features tell {pair[0]} from {pair[1]}").wait_for()
        ends = f"{percent(nearest.low)} to {percent(nearest.high)}"
        most = nearest.error_at_most
        expect(page.locator(".embviz-axis b")).to_have_text(
            [
                ends if most is None else f"at most {percent(most)}",
                f"{percent(tree.low)} to {percent(tree.high)}",
                f"{found.n2.value:.3f}",
                f"{found.local_set_cardinality.value:.3f}",
            ]
        )


def closest_ids():
    pairs = closest_pairs(PIXELS, DIGITS.labels, (1, 7), 12)
    return list(zip(DIGITS.ids[pairs.rows_a].tolist(), DIGITS.ids[pairs.rows_b].tolist(), strict=True))


def test_closest_pairs_are_right(overlap_tab):
    cards = overlap_tab.page.locator(".embviz-card")
    cards.nth(11).wait_for()
    assert [card.get_attribute("data-ids") for card in cards.all()] == [f"{a} {b}" for a, b in closest_ids()]


def look_at(overlap_tab, place):
    cards = overlap_tab.page.locator(".embviz-card")
    cards.nth(11).wait_for()
    cards.nth(place).click()
    a, b = closest_ids()[place]
    overlap_tab.page.wait_for_selector(f'.embviz[data-pair="{a} {b}"]', state="attached")
    overlap_tab.wait_idle()
    overlap_tab.wait_still()
    return a, b


def distance(places, pair):
    return np.hypot(*np.subtract(*(places[item] for item in pair)))


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_a_click_on_a_closest_pair_marks_its_two_points_and_keeps_their_classes_colors(overlap_tab, dims):
    overlap_tab.choose("Dimensions", dims)
    overlap_tab.wait_painted(f"/{dims[0]}/")
    pair = look_at(overlap_tab, 2)
    places = overlap_tab.places()
    assert distance(places, pair) >= 20
    stage = overlap_tab.page.locator(".embviz-stage").bounding_box()
    for item in pair:
        ring = overlap_tab.page.locator(f'circle.embviz-mark-pair[data-id="{item}"]')
        center = [stage["x"] + float(ring.get_attribute("cx")), stage["y"] + float(ring.get_attribute("cy"))]
        np.testing.assert_allclose(center, places[item], atol=1.5)
    images = overlap_tab.page.locator(".embviz-beside")
    assert [images.nth(at).get_attribute("data-id") for at in range(2)] == [str(item) for item in pair]
    expect(images.nth(0)).to_be_visible()
    expect(images.nth(1)).to_be_visible()
    expect(overlap_tab.page.locator("line.embviz-mark-pair")).not_to_have_attribute("data-hidden", "")
    expect(overlap_tab.page.locator(".embviz-status")).to_contain_text("1 and 7 highlighted")


def test_a_pair_that_all_but_touches_is_brought_apart_and_reset_leads_back(overlap_tab):
    overlap_tab.page.locator(".embviz-card").nth(11).wait_for()
    overlap_tab.page.set_viewport_size({"width": 1000, "height": 600})  # in so small a window two points nearly touch
    overlap_tab.page.wait_for_timeout(300)
    before = overlap_tab.wait_still()
    stage = overlap_tab.page.locator(".embviz-stage").bounding_box()
    overlap_tab.page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    overlap_tab.page.mouse.wheel(0, 700)
    far = overlap_tab.wait_still()
    distances = [distance(far, pair) for pair in closest_ids()]
    assert min(distances) < 20
    pair = look_at(overlap_tab, int(np.argmin(distances)))
    assert distance(overlap_tab.places(), pair) >= 20
    overlap_tab.page.get_by_role("button", name="Reset view").click()
    after = overlap_tab.wait_still()
    np.testing.assert_allclose([after[item] for item in before], list(before.values()), atol=1)


def test_a_closest_pair_takes_no_selection_away(overlap_tab):
    x, y = (overlap_tab.page.locator(".embviz-stage").bounding_box()[side] + 100 for side in "xy")
    overlap_tab.page.get_by_role("button", name="Box").click()
    overlap_tab.drag([(x, y), (x + 200, y + 200), (x + 400, y + 400)])
    selected = overlap_tab.attribute("selected")
    assert int(selected) > 1
    look_at(overlap_tab, 0)
    assert overlap_tab.attribute("selected") == selected
    expect(overlap_tab.page.locator(".embviz-status")).to_contain_text("1 and 7 highlighted")
    for pair, left in (("", selected), ("", "0")):
        overlap_tab.page.keyboard.press("Escape")
        overlap_tab.page.wait_for_selector(f'.embviz[data-pair="{pair}"][data-selected="{left}"]', state="attached")


def test_classes_of_a_pair_are_seen_however_hidden_they_were_and_all_again_with_one_click(projector):
    page = projector.page
    page.locator('.embviz-chip[data-code="3"]').dblclick()
    show_all = page.get_by_role("button", name="Show all")
    expect(show_all).to_have_attribute("title", "Show the 9 that are hidden")
    page.get_by_role("tab", name="Overlap").click()
    expect(show_all).to_have_attribute("title", "Show the 7 that are hidden")
    counts = np.bincount(DIGITS.labels)
    hidden = len(DIGITS) - counts[[1, 3, 7]].sum()
    status = f"1 and 7 highlighted · {counts[3]:,} others dimmed · {hidden:,} hidden"
    expect(page.locator(".embviz-status")).to_have_text(status)
    assert set(projector.places()) == set(DIGITS.ids[np.isin(DIGITS.labels, [1, 3, 7])].tolist())
    page.locator('.embviz-chip[data-code="7"]').click()
    expect(page.locator(".embviz-status")).to_contain_text("1 highlighted · ")
    show_all.click()
    assert set(projector.places()) == set(DIGITS.ids.tolist())
    expect(show_all).to_be_hidden()


WATCH_HEADING = """() => {
    window.heights = new Set();
    const look = () => {
        const heading = [...document.querySelectorAll("h6")].find((each) => each.textContent.startsWith("All pairs"));
        const scrolled = document.querySelector(".st-key-findings")?.scrollTop ?? 0;
        if (heading) window.heights.add(Math.round(heading.getBoundingClientRect().y + scrolled));
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (1920, 1080)])
def test_nothing_jumps_while_the_tab_opens_and_another_pair_is_chosen(projector, width, height):
    page = projector.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(WATCH_HEADING)
    page.get_by_role("tab", name="Overlap").click()
    page.locator(".st-key-all-pairs .embviz-heatmap button").first.wait_for()
    page.locator(".embviz-card").nth(11).wait_for()
    page.locator('.st-key-all-pairs .embviz-heatmap button[data-pair="3 8"]').click()
    page.get_by_text("neighbors of a 3 or 8").wait_for()
    page.locator(".embviz-card").nth(11).wait_for()
    projector.wait_idle()
    assert len(page.evaluate("() => [...window.heights]")) == 1
    findings = page.locator(".st-key-pair-findings")
    kept_free = findings.evaluate("place => parseFloat(getComputedStyle(place).minHeight)")
    assert findings.bounding_box()["height"] == kept_free, "nor would it jump if the findings came later"


def test_heat_map_is_the_matrix_and_a_cell_chooses_the_pair(overlap_tab):
    matrix = overlap_matrix(PIXELS, DIGITS.labels, 10, 10, space="pixels")
    index, at_most = matrix.index, 100 * matrix.index_at_most
    for cell in overlap_tab.page.locator(".st-key-all-pairs .embviz-heatmap button").all():
        a, b = map(int, cell.get_attribute("data-pair").split())
        text = cell.text_content()
        if text.startswith("≤"):  # no neighbor crosses; rounded up
            step = 0.1 if at_most[a, b] <= 9.9 else 1
            assert index[a, b] == 0 and -1e-9 <= float(text[1:]) - at_most[a, b] <= step + 1e-9
            continue
        rounding = 0.51 if index[a, b] > 0.0995 else 0.051
        assert float(text) == pytest.approx(100 * index[a, b], abs=rounding)
    overlap_tab.page.locator('.st-key-all-pairs .embviz-heatmap button[data-pair="3 8"]').click()
    overlap_tab.page.get_by_text("neighbors of a 3 or 8").wait_for()
    overlap_tab.page.get_by_text("3 and 8 highlighted").wait_for()
    overlap_tab.page.wait_for_selector('.st-key-all-pairs .embviz-heatmap button[data-pair="3 8"][aria-pressed="true"]')


def test_no_figure_of_the_heat_map_is_cut_off_in_a_small_window(overlap_tab):
    page = overlap_tab.page
    page.set_viewport_size({"width": 1280, "height": 720})
    cells = page.locator(".st-key-all-pairs .embviz-heatmap-cells button")
    cells.first.scroll_into_view_if_needed()
    is_whole = cells.evaluate_all(
        """cells => cells.map(cell => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          const text = range.getBoundingClientRect(), box = cell.getBoundingClientRect();
          const border = getComputedStyle(cell).overflow === 'visible' ? 0 : cell.clientLeft;
          return text.left >= box.left + border - 0.5 && text.right <= box.right - border + 0.5;
        })"""
    )
    assert len(is_whole) == 90 and all(is_whole)


def test_the_table_of_changes_is_that_of_the_layout_less_that_of_the_features(overlap_tab):
    layout = project(pixel_features(DIGITS), Pca())
    before = overlap_matrix(PIXELS, DIGITS.labels, 10, 10, space="pixels").index
    after = overlap_matrix(layout.coords, DIGITS.labels, 10, 10, space="layout").index
    overlap_tab.unfold(overlap_tab.page.get_by_text("What this projection changes"))
    cells = overlap_tab.page.locator(".embviz-change b")
    cells.first.wait_for()
    names = DIGITS.class_names
    found = {cell.get_attribute("title"): cell.text_content() for cell in cells.all()}
    assert len(found) == 90
    for a, b in zip(*np.nonzero(~np.eye(10, dtype=bool)), strict=True):
        said = f"{100 * before[a, b]:.1f} % in feature space, {100 * after[a, b]:.1f} % here"
        shown = float(found[f"{names[a]} and {names[b]}: {said}"])
        assert shown == pytest.approx(100 * (after[a, b] - before[a, b]), abs=0.51 if abs(shown) >= 10 else 0.051)


def test_the_keyboard_stays_on_the_cell_and_on_the_card_that_it_has_chosen(overlap_tab):
    page = overlap_tab.page
    cell = page.locator('.st-key-all-pairs .embviz-heatmap button[data-pair="3 8"]')
    cell.focus()
    page.keyboard.press("Enter")
    expect(cell).to_have_attribute("aria-pressed", "true")
    overlap_tab.wait_idle()
    expect(cell).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    following = page.locator('.st-key-all-pairs .embviz-heatmap button[data-pair="3 9"]')
    expect(following).to_have_attribute("aria-pressed", "true")
    overlap_tab.wait_idle()
    expect(following).to_be_focused()
    page.locator(".embviz-card").nth(11).wait_for()
    card = page.locator(".embviz-card").nth(2)
    ids = card.get_attribute("data-ids")
    card.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.embviz[data-pair="{ids}"]', state="attached")
    overlap_tab.wait_idle()
    expect(page.locator(f'.embviz-card[data-ids="{ids}"]')).to_be_focused()
