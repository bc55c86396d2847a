"""While the plot does not show what the sidebar asks for, it is gray and says so; after quick work it never is."""

import pytest
from playwright.sync_api import expect

OPACITY = "selector => getComputedStyle(document.querySelector(selector)).opacity"
DRAWN = (".embviz-graph", ".embviz-legend", ".st-key-findings")
WATCH = """() => {
  window.graySeen = 0;
  const look = () => {
    const gray = document.querySelector('.embviz[data-asked="false"], [class*="st-key-notice-"] [class*="st-key-"]');
    if (gray) window.graySeen += 1;
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def card(projector):
    return projector.page.locator(".st-key-pending-projector")


def wait_for_opacity(projector, opacity):
    for selector in DRAWN:
        projector.page.wait_for_function(
            f"([selector, opacity]) => ({OPACITY})(selector) === opacity", arg=[selector, opacity]
        )


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900)])
def test_what_is_not_computed_is_said_over_a_gray_plot_with_run_at_hand(projector, width, height):
    page = projector.page
    page.set_viewport_size({"width": width, "height": height})
    wait_for_opacity(projector, "1")
    projector.choose("Method", "t-SNE")
    seed = page.get_by_role("textbox", name="Seed")
    seed.fill("91")  # a seed that no other test uses
    seed.press("Enter")
    projector.choose("Split", "Test")
    said = "lays out 539 items of Digits 8×8 test: t-SNE 2D, perplexity 30, seed 91"
    expect(card(projector)).to_contain_text(said)
    expect(card(projector)).to_contain_text("Not computed yet")
    wait_for_opacity(projector, "0.4")
    assert "Digits 8×8 all" in page.locator(".embviz-top").inner_text(), "the line on top is of what is drawn"
    box, stage = card(projector).bounding_box(), page.locator(".embviz-stage").bounding_box()
    assert stage["x"] < box["x"] and box["x"] + box["width"] < stage["x"] + stage["width"]
    assert stage["y"] < box["y"] and box["y"] + box["height"] < stage["y"] + stage["height"]
    expect(page.locator(".st-key-run").get_by_role("button", name="Run")).to_be_visible()
    projector.choose("Method", "PCA")
    expect(card(projector)).to_have_count(0)
    projector.wait_painted("539/2/")
    wait_for_opacity(projector, "1")


def test_run_over_the_plot_computes_what_it_says(projector):
    projector.choose("Method", "UMAP")
    projector.choose("Split", "Train")
    card(projector).get_by_role("button", name="Run").click()
    projector.wait_painted("1258/2/")
    expect(card(projector)).to_have_count(0)
    wait_for_opacity(projector, "1")


def test_what_is_pointed_at_meanwhile_is_an_item_that_is_drawn(projector):
    places = projector.places()
    projector.choose("Method", "t-SNE")
    expect(card(projector)).to_be_visible()
    covered = card(projector).bounding_box()
    free = [
        item for item in projector.isolated_ids(8) if places[item][1] < covered["y"] or places[item][0] < covered["x"]
    ]
    assert projector.tooltip_pixels(free[0]).any()


def test_quick_work_is_shown_without_turning_gray(projector):
    projector.choose("Split", "Test")  # the first time some work is slow
    projector.wait_painted("539/2/")
    projector.page.evaluate(WATCH)
    projector.choose("Dimensions", "3D")
    projector.wait_painted("539/3/")
    projector.choose("Dimensions", "2D")
    projector.wait_painted("539/2/")
    assert projector.page.evaluate("() => window.graySeen") == 0
