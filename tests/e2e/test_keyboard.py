"""The page without a pointer: keys alone go from point to point, pin items and isolate classes."""

import numpy as np
import pytest
from playwright.sync_api import expect


def focus_plot(projector):
    """Focus the plot by the Tab key, from the button before it."""
    page = projector.page
    page.get_by_role("button", name="Keys of the plot").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("application")).to_be_focused()


def hovered(projector):
    return int(projector.page.wait_for_selector(".embviz[data-hover]", state="attached").get_attribute("data-hover"))


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_arrows_go_from_point_to_point_in_their_direction_and_enter_pins(projector, dims):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"/{dims[0]}/")
    focus_plot(projector)
    keyboard = projector.page.keyboard
    keyboard.press("ArrowUp")  # the first press leads to the point nearest the middle
    before, places = hovered(projector), projector.wait_still()
    for arrow, axis, sign in (("ArrowRight", 0, 1), ("ArrowDown", 1, 1), ("ArrowLeft", 0, -1), ("ArrowUp", 1, -1)):
        keyboard.press(arrow)
        now = hovered(projector)
        assert sign * (places[now][axis] - places[before][axis]) > 0
        before = now
    expect(projector.page.locator(".embviz-tooltip")).to_be_visible()
    assert str(before) in projector.page.locator(".embviz-said").inner_text()
    keyboard.press("Enter")
    projector.page.get_by_text(f"id {before}").first.wait_for()
    assert projector.attribute("pinned") == str(before)
    keyboard.press("Escape")
    expect(projector.page.locator(".embviz")).to_have_attribute("data-pinned", "")


def test_keys_zoom_about_the_middle_and_reset(projector):
    focus_plot(projector)
    keyboard, before = projector.page.keyboard, projector.wait_still()
    keyboard.press("+")
    after = projector.wait_still()
    sizes = [np.ptp(np.array(list(places.values())), axis=0) for places in (before, after)]
    np.testing.assert_allclose(sizes[1], 1.3 * sizes[0], rtol=0.01)
    keyboard.press("-")
    keyboard.press("+")
    keyboard.press("0")
    np.testing.assert_allclose(list(projector.wait_still().values()), list(before.values()), atol=1)


def test_a_class_is_isolated_from_the_plot_and_from_its_chip(projector):
    page = projector.page
    focus_plot(projector)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("i")
    expect(page.locator('.embviz-chip[aria-pressed="true"]')).to_have_count(1)
    page.keyboard.press("i")
    expect(page.locator('.embviz-chip[aria-pressed="false"]')).to_have_count(0)
    page.locator('.embviz-chip[data-code="7"]').focus()
    page.keyboard.press("i")
    expect(page.locator('.embviz-chip[aria-pressed="true"]')).to_have_attribute("data-code", "7")
    page.get_by_role("button", name="Show all").press("Enter")
    expect(page.locator('.embviz-chip[aria-pressed="false"]')).to_have_count(0)
    expect(page.locator('[data-tool="reset"]')).to_be_focused()  # because "Show all" is hidden now


def test_the_list_of_keys_closes_with_escape_and_clears_nothing(projector):
    page = projector.page
    (item,) = projector.isolated_ids(1)
    page.mouse.click(*projector.places()[item])
    expect(page.locator(".embviz")).to_have_attribute("data-pinned", str(item))
    focus_plot(projector)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert projector.attribute("pinned") == str(item)
