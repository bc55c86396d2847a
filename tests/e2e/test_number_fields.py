"""Number fields that a person types into: they show the number in use, and say which numbers they take."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.projector_page import ProjectorPage


def typed(field, text, key="Enter"):
    field.click()
    field.press("Control+a")
    field.press_sequentially(text)
    field.press(key)


def test_any_number_of_items_can_be_typed_and_one_that_cannot_be_is_put_back(projector):
    items = projector.page.get_by_role("combobox", name="Items")
    expect(items).to_have_value("All 1,797")
    typed(items, "37")
    projector.wait_painted("37/2/")
    expect(items).to_have_value("37")
    typed(items, "1800")
    refusal = projector.page.get_by_text("“1800” is not a whole number from 2 to 1,797; it is 37 as before.")
    expect(refusal).to_be_visible()
    expect(items).to_have_value("37")
    typed(items, "all")
    projector.wait_painted("1797/2/")
    expect(items).to_have_value("All 1,797")
    expect(refusal).to_be_hidden()


def test_an_offered_number_of_items_is_chosen_by_keyboard(projector):
    items = projector.page.get_by_role("combobox", name="Items")
    typed(items, "500")
    projector.wait_painted("500/2/")
    items.press("ArrowDown")
    projector.page.get_by_role("option", name="1,000").click()
    projector.wait_painted("1000/2/")


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_seed_that_cannot_be_used_is_put_back_and_the_field_says_which_can(projector, key):
    projector.choose("Method", "t-SNE")
    seed = projector.page.get_by_role("textbox", name="Seed")
    for text in ("-5", "abc", "99999999999999999999", "1.5"):
        typed(seed, "7", key)
        expect(seed).to_have_value("7")
        expect(projector.page.locator(".st-key-pending-projector")).to_contain_text("seed 7")  # so Python has got the 7
        typed(seed, text, key)
        said = f"“{text}” is not a whole number from 0 to 4,294,967,295; it is 7 as before."
        expect(projector.page.get_by_role("alert").filter(has_text=said)).to_be_visible()
        expect(seed).to_have_value("7")
        assert projector.page.get_by_text("Press Enter to apply").is_hidden()


def test_fields_that_a_slow_browser_draws_late_show_what_is_used(page, server):
    waiting = []
    page.route(re.compile(r"/static/js/(Selectbox|TextInput)[^/]*\.js"), lambda route: waiting.append(route))
    projector = ProjectorPage(page, server)
    page.goto(server)
    page.get_by_role("radiogroup", name="Method").get_by_text("t-SNE", exact=True).click()  # the page runs again
    expect(page.locator(".st-key-pending-projector")).to_be_visible()
    for route in waiting:
        route.continue_()
    expect(page.get_by_role("combobox", name="Items")).to_have_value("All 1,797")
    expect(page.get_by_role("textbox", name="Seed")).to_have_value("0")
    projector.choose("Dimensions", "3D")
    expect(page.locator(".st-key-pending-projector")).to_contain_text(
        "1,797 items of Digits 8×8: t-SNE 3D, perplexity 30, seed 0"
    )


@pytest.mark.parametrize(("text", "used"), [("12", 12), ("-5", 0)])
def test_run_pressed_right_after_typing_runs_what_the_field_shows(projector, text, used):
    typed(projector.page.get_by_role("combobox", name="Items"), "301")
    projector.wait_painted("301/2/")
    projector.choose("Method", "t-SNE")
    seed = projector.page.get_by_role("textbox", name="Seed")
    seed.fill(text)
    projector.run()
    projector.page.locator(".embviz-top").get_by_text(f"t-SNE 2D, perplexity 30, seed {used}").wait_for()
    expect(seed).to_have_value(str(used))
