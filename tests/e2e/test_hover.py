"""The tooltip shows the image of the item under the pointer, whatever the visitor did before."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from embviz.datasets import load_dataset

DIGITS = load_dataset("digits", "all")


def assert_tooltips_true(projector, count=6):
    for item in projector.isolated_ids(count):
        row = int(np.flatnonzero(DIGITS.ids == item)[0])
        np.testing.assert_array_equal(projector.tooltip_pixels(item), DIGITS.images[row])


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_tooltip_is_the_item_under_the_pointer(projector, dims):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"1797/{dims[0]}/")
    assert_tooltips_true(projector)


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_tooltip_is_right_after_sampling(projector, dims):
    projector.choose("Dimensions", dims)
    items = projector.page.get_by_role("combobox", name="Items")
    items.fill("100")
    items.press("Enter")
    projector.wait_painted(f"100/{dims[0]}/")
    assert_tooltips_true(projector)


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_tooltip_is_right_after_another_split_and_hidden_classes_are_not_there(projector, dims):
    projector.choose("Dimensions", dims)
    projector.choose("Split", "Test")
    projector.wait_painted(f"539/{dims[0]}/")
    projector.page.locator('.embviz-chip[data-code="3"]').click()
    threes = set(DIGITS.ids[DIGITS.labels == 3].tolist())
    assert not threes & set(projector.places())
    assert_tooltips_true(projector)


def test_double_click_on_a_class_isolates_it_and_again_shows_all(projector):
    chip = projector.page.locator('.embviz-chip[data-code="7"]')
    chip.dblclick()
    sevens = set(DIGITS.ids[DIGITS.labels == 7].tolist())
    assert set(projector.places()) == sevens
    chip.dblclick()
    assert set(projector.places()) == set(DIGITS.ids.tolist())


def test_tooltip_ink_follows_the_theme_but_the_image_stays(projector):
    projector.page.emulate_media(color_scheme="dark")
    projector.page.reload(wait_until="commit")
    projector.wait_painted()
    assert_tooltips_true(projector, count=2)


def test_the_tooltip_stays_when_its_item_is_pinned_by_the_keyboard(projector):
    page, host = projector.page, projector.page.locator(".embviz")
    page.locator(".embviz-stage").focus()
    page.keyboard.press("ArrowUp")
    expect(host).to_have_attribute("data-hover", re.compile(r"\d+"))
    item = projector.attribute("hover")
    page.keyboard.press("Enter")
    page.get_by_text(f"id {item}").first.wait_for()
    projector.wait_idle()
    page.wait_for_timeout(500)
    assert projector.attribute("pinned") == projector.attribute("hover") == item
    expect(page.locator(".embviz-tooltip")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".embviz-tooltip")).to_be_hidden()


def test_the_tooltip_of_a_pointer_that_rests_stays_when_its_item_is_pinned_by_a_click(projector):
    page, host = projector.page, projector.page.locator(".embviz")
    (item,) = projector.isolated_ids(1)
    page.mouse.move(*projector.places()[item])
    expect(host).to_have_attribute("data-hover", str(item))
    page.mouse.down()
    page.mouse.up()
    page.get_by_text(f"id {item}").first.wait_for()
    projector.wait_idle()
    page.wait_for_timeout(500)
    assert projector.attribute("pinned") == projector.attribute("hover") == str(item)
    expect(page.locator(".embviz-tooltip")).to_be_visible()
    page.mouse.move(5, 5)
    expect(page.locator(".embviz-tooltip")).to_be_hidden()
