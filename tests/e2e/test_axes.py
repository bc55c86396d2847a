"""The axes of PCA: components are listed with their shares of the variance, and choosing one computes nothing anew."""

import re

from playwright.sync_api import expect

from tests.e2e.projector_page import ProjectorPage


def test_an_axis_is_chosen_by_its_share_and_the_choice_survives_other_items(projector: ProjectorPage) -> None:
    page = projector.page
    choice = page.get_by_role("combobox", name="x · PC")
    expect(choice).to_have_value("1 · 14.9 %")
    before = projector.attribute("painted")
    projector.choose_listed(choice, re.compile(r"^3 · 11\.8 %$"))
    page.wait_for_function("before => document.querySelector('.embviz').dataset.painted !== before", arg=before)
    projector.wait_idle()
    expect(page.locator(".embviz-top")).to_contain_text("PCA 2D, components 3, 2 · under 0.1 s")
    projector.choose("Split", "Test")
    projector.wait_painted("539/2")
    expect(page.locator(".embviz-top")).to_contain_text("components 3, 2")
    expect(choice).to_have_value(re.compile(r"^3 · \d\d\.\d %$"))
    assert not page.locator(".stAlert").count()
