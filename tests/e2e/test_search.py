"""Search, isolate and a custom layout in a browser: what is found while one types is what is drawn then."""

import pytest

from embviz.datasets import load_dataset

DIGITS = load_dataset("digits", "all")
SEVENS = set(DIGITS.ids[DIGITS.labels == 7].tolist())
ONES = set(DIGITS.ids[DIGITS.labels == 1].tolist())


def search(projector, text):
    """Type a text letter by letter; no key says that it is complete."""
    field = projector.page.get_by_label("Search", exact=True)
    field.fill("")
    field.press_sequentially(text)


def press(projector, name, n):
    projector.page.get_by_role("button", name=name, exact=True).click()
    projector.page.wait_for_selector(f'.embviz[data-selected="{n}"]', state="attached")


def test_items_are_found_while_one_types_selected_and_changes_are_undone_in_the_browser(projector):
    page = projector.page
    page.locator('.embviz-chip[data-code="7"]').click()  # hidden in the legend
    search(projector, "7")
    page.get_by_text(f"{len(SEVENS)} of 1,797 found").wait_for()
    press(projector, "Select", len(SEVENS))
    search(projector, "1")
    page.get_by_text(f"{len(ONES)} of 1,797 found").wait_for()
    press(projector, "Add", len(SEVENS | ONES))
    page.keyboard.press("Control+z")
    page.wait_for_selector(f'.embviz[data-selected="{len(SEVENS)}"]', state="attached")


def test_isolated_items_are_drawn_alone_at_their_places_with_their_own_images(projector):
    page = projector.page
    places = projector.places()
    search(projector, "7")
    page.get_by_text(f"{len(SEVENS)} of 1,797 found").wait_for()
    press(projector, "Select", len(SEVENS))
    page.get_by_role("button", name="Isolate", exact=True).click()
    page.get_by_text(f"{len(SEVENS)} isolated", exact=True).wait_for()
    projector.wait_painted(f"{len(SEVENS)}/2/")
    alone = projector.places()
    assert set(alone) == SEVENS and set(places) == set(DIGITS.ids.tolist())
    page.get_by_role("button", name="← Back").click()
    projector.wait_painted("1797/2/")
    assert set(projector.places()) == set(DIGITS.ids.tolist())


@pytest.mark.parametrize("axis", ["1 → 7"])
def test_a_custom_layout_has_its_directions_at_the_axes(projector, axis):
    page = projector.page
    projector.choose("Method", "Custom")
    for label, name in (("x from", "1"), ("to", "7")):
        projector.choose_listed(label, name)
    page.locator(".embviz-stage").get_by_text(axis).wait_for()
    page.locator(".embviz-top").get_by_text(f"Custom 2D, {axis}").wait_for()
