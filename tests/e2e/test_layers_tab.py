"""The Layers tab in a browser: every number is the library's, and maps and marks lead to their items."""

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from embviz.datasets import load_dataset
from embviz.features import pixel_features
from embviz.layers import LayerLens, PairAxis
from embviz.layers.wording import parting_said
from embviz.pipeline import layer_lens_of, pair_axis_of
from embviz.storage.store import Store
from tests.e2e.projector_page import ProjectorPage

DIGITS = load_dataset("digits", "all")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def lens(store: Store) -> LayerLens:
    return layer_lens_of(DIGITS, (1, 7), 10, store=store)


@pytest.fixture(scope="module")
def axis(store: Store) -> PairAxis:
    return pair_axis_of(pixel_features(DIGITS), DIGITS, (1, 7), store=store)


@pytest.fixture
def layers_tab(projector: ProjectorPage) -> ProjectorPage:
    projector.page.get_by_role("tab", name="Layers").click()
    projector.page.get_by_role("button", name="Look into every layer").wait_for()
    projector.wait_idle()
    return projector


def looked(layers_tab: ProjectorPage) -> Locator:
    layers_tab.page.get_by_role("button", name="Look into every layer").click()
    maps = layers_tab.page.locator(".embviz-maps[data-drawn]")
    maps.wait_for()
    layers_tab.wait_idle()
    return maps


def test_every_number_of_the_lens_is_the_librarys(layers_tab: ProjectorPage, lens: LayerLens) -> None:
    looked(layers_tab)
    expect(layers_tab.page.get_by_text(parting_said(lens, ("1", "7")))).to_be_visible()
    layers_tab.unfold(layers_tab.page.get_by_text("All numbers"))
    table = layers_tab.page.locator(".embviz-table")
    expect(table).to_be_visible()
    layers_tab.page.set_viewport_size({"width": 1280, "height": 720})
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth"), "no column is cut off"
    told = [line.locator("td").all_inner_texts() for line in table.locator("tr").all()[1:]]
    for cells, each in zip(told, lens.spaces, strict=True):
        intervals = [each.overlap.index_interval, each.neighbors.interval, each.probe.interval]
        values = [each.overlap.index, each.neighbors.value, each.probe.value]
        for cell, value, interval in zip(cells, values, intervals, strict=True):
            assert value is not None and interval is not None
            assert cell.split("\n") == [
                f"{100 * value:.1f}\xa0%",
                f"{100 * interval.low:.1f} to {100 * interval.high:.1f}",
            ]


def test_an_item_pointed_at_in_one_map_is_ringed_in_all_and_shown_and_a_click_pins_it(
    layers_tab: ProjectorPage, lens: LayerLens
) -> None:
    maps = looked(layers_tab)
    coords = lens.spaces[0].coords
    row = int(coords[:, 0].argmax())  # the rightmost one stands alone
    item = int(DIGITS.ids[lens.spaces[0].rows[row]])
    low, high = coords.min(axis=0), coords.max(axis=0)
    shares = 0.5 + (coords[row] - (low + high) / 2) / (high - low).max() * 0.88 * np.array([1, -1])
    first = maps.locator(".embviz-map").first
    first.scroll_into_view_if_needed()
    box = first.bounding_box()
    assert box is not None
    layers_tab.page.mouse.move(box["x"] + shares[0] * box["width"], box["y"] + shares[1] * box["height"])
    layers_tab.page.wait_for_selector(f'.embviz-tooltip[data-id="{item}"]')
    assert maps.locator('[data-ring="pointed"]:visible').count() == 3
    layers_tab.page.mouse.down()
    layers_tab.page.mouse.up()
    expect(maps.locator('[data-ring="pinned"]:visible')).to_have_count(3)
    layers_tab.page.wait_for_selector(f'.embviz[data-pinned="{item}"]', state="attached")


def test_the_axis_is_the_librarys_and_its_marks_lead_to_their_items_by_mouse_and_keyboard(
    layers_tab: ProjectorPage, axis: PairAxis
) -> None:
    page = layers_tab.page
    page.get_by_role("button", name="Draw the line").click()
    shown = page.locator(f'.embviz-axis[data-drawn="{len(axis.rows)}"]')
    shown.wait_for()
    count = page.get_by_text(f"{len(axis.crossing)} of {len(axis.rows)}", exact=True)
    expect(count).to_be_visible()
    interval = axis.accuracy.interval
    assert interval is not None
    expect(page.get_by_text(f"{100 * interval.low:.1f} to {100 * interval.high:.1f} % would be")).to_be_visible()
    marks = shown.locator("button")
    ids = DIGITS.ids[axis.crossing].tolist()
    assert [int(mark.get_attribute("data-item") or -1) for mark in marks.all()] == ids
    opacity = shown.locator("canvas").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, at) => at % 4 === 3)"
    )
    strength = np.abs(axis.weights.astype(np.float32))
    np.testing.assert_allclose(opacity, 255 * strength / strength.max(), atol=1)
    marks.last.focus()
    page.wait_for_selector(f'.embviz-tooltip[data-id="{ids[-1]}"]')
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.embviz[data-pinned="{ids[-1]}"]', state="attached")
