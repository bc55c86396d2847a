"""In a browser without WebGL2, Plotly draws a sample of the points, and a sentence says so."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from embviz.datasets import load_dataset

DIGITS = load_dataset("digits", "all")


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_points_are_drawn_and_hovered_without_webgl(chromium, server, projector, dims):
    browser = projector.page.context.browser.browser_type.launch(
        executable_path=chromium, args=["--no-sandbox", "--disable-3d-apis"]
    )
    try:
        plain = projector.of_another_visitor(browser, server)
        plain.choose("Dimensions", dims)
        plain.wait_painted(f"/{dims[0]}/")
        plain.page.get_by_text("This browser has no WebGL2: items are drawn by Plotly").wait_for()
        assert plain.page.locator(".embviz-graph .points path").count() == 1797
        plain.page.get_by_role("button", name="Dismiss").click()
        plain.page.locator('.embviz-chip[data-code="1"]').click(click_count=2)  # draws the plot anew, twice
        plain.wait_still()
        expect(plain.page.locator(".embviz-message")).to_be_hidden()
        assert plain.attribute("pinned") == ""
        plain.page.get_by_role("button", name="Points", exact=True).click()
        plain.page.get_by_text(
            "Size, opacity, pictures, lines and density need WebGL2, which this browser does not have."
        ).wait_for()
        expect(plain.page.get_by_label("Pictures where there is room")).to_be_disabled()
        plain.page.keyboard.press("Escape")
        expect(plain.page.get_by_role("button", name="Pan")).to_be_visible()  # not "Orbit", because the plot is 2-D
        expect(plain.page.get_by_role("application")).to_have_attribute("aria-label", re.compile(" in 2 dimensions"))
        for item in plain.isolated_ids(2):
            np.testing.assert_array_equal(plain.tooltip_pixels(item), DIGITS.images[item])
    finally:
        browser.close()
