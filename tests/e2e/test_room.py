"""The plot keeps its place and its scale: panels scroll by themselves, and a resize changes only the plot's room."""

import numpy as np
import pytest
from playwright.sync_api import expect

WINDOWS = [(1280, 720), (1440, 900)]


def box_of(projector, selector):
    box = projector.page.locator(selector).bounding_box()
    assert box is not None
    return box


def extent(projector):
    """Width and height of the cloud of points, in pixels."""
    return np.ptp(np.array(list(projector.wait_still().values())), axis=0)


def points_in_sight(projector):
    stage = box_of(projector, ".embviz-stage")
    xy = np.array(list(projector.wait_still().values())) - [stage["x"], stage["y"]]
    return int(((xy >= 0) & (xy <= [stage["width"], stage["height"]])).all(axis=1).sum())


def resize(projector, width, height):
    projector.page.set_viewport_size({"width": width, "height": height})
    projector.page.wait_for_timeout(300)
    projector.wait_still()


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_the_wheel_over_a_panel_moves_only_the_panel(projector, width, height):
    resize(projector, width, height)
    for tab in ("Inspect", "Overlap", "Export"):
        projector.page.get_by_role("tab", name=tab).click()
        projector.wait_idle()
        if tab == "Overlap":
            expect(projector.page.locator(".st-key-all-pairs .embviz-heatmap")).to_be_visible()
        before = box_of(projector, ".embviz-stage")
        panel = box_of(projector, ".st-key-findings")
        assert panel["y"] + panel["height"] <= height
        projector.page.mouse.move(panel["x"] + panel["width"] / 2, panel["y"] + panel["height"] - 40)
        for _ in range(6):
            projector.page.mouse.wheel(0, 400)
        projector.page.wait_for_timeout(200)
        assert box_of(projector, ".embviz-stage") == before


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_a_window_that_was_another_size_shows_the_same_again(projector, dims):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"/{dims[0]}/")
    before = extent(projector)
    for width, height in [(700, 900), (1440, 500), (1000, 700), (1440, 900)]:
        resize(projector, width, height)
    after = extent(projector)
    np.testing.assert_allclose(after, before, rtol=0.01)


def test_points_in_3d_fill_the_stage_at_every_size_until_somebody_turns_them(projector):
    projector.choose("Dimensions", "3D")
    projector.wait_painted("/3/")
    for width, height in [(1440, 900), (1000, 900), (1300, 600)]:
        resize(projector, width, height)
        stage = box_of(projector, ".embviz-stage")
        assert 0.75 < (extent(projector) / [stage["width"], stage["height"]]).max() < 1.1
    stage = box_of(projector, ".embviz-stage")
    middle = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    before = extent(projector)
    projector.page.mouse.move(*middle)
    projector.page.mouse.wheel(0, -600)
    assert 1.5 < extent(projector).max() / before.max() < 3.5


def test_everything_stays_in_sight_in_a_smaller_window_unless_somebody_has_zoomed(projector):
    resize(projector, 1000, 600)
    stage = box_of(projector, ".embviz-stage")
    size = extent(projector)
    assert 0.8 < max(size[0] / stage["width"], size[1] / stage["height"]) <= 1
    projector.page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    projector.page.mouse.wheel(0, -300)
    before = dict(projector.wait_still())
    resize(projector, 1300, 800)
    ids = sorted(set(before) & set(projector.places()))
    was, now = (np.array([places[item] for item in ids]) for places in (before, projector.places()))
    np.testing.assert_allclose(np.ptp(now, axis=0), np.ptp(was, axis=0), rtol=0.01)


@pytest.mark.parametrize("dims", ["2D", "3D"])
@pytest.mark.parametrize("direction", [-1, 1])
def test_the_wheel_never_leads_where_nothing_is_to_be_seen_and_a_double_click_leads_home(projector, dims, direction):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"/{dims[0]}/")
    before = extent(projector)
    stage = box_of(projector, ".embviz-stage")
    item = projector.isolated_ids(1)[0]
    x, y = projector.places()[item]
    projector.page.mouse.move(x, y)
    for _ in range(60):
        projector.page.mouse.wheel(0, direction * 240)
    assert points_in_sight(projector) > 0
    if direction > 0:
        assert extent(projector).max() > 0.2 * min(stage["width"], stage["height"])
    expect(projector.page.locator(".embviz-tooltip")).to_be_hidden()
    if direction > 0:
        projector.page.mouse.dblclick(stage["x"] + 20, stage["y"] + 20)
        home = extent(projector)
        np.testing.assert_allclose(home, before, rtol=0.01)


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_what_is_selected_and_hidden_is_said_without_moving_the_plot(projector, width, height):
    resize(projector, width, height)
    page, stage = projector.page, box_of(projector, ".embviz-stage")
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.get_by_role("button", name="Box").click()
    projector.drag([(x - 150, y - 150), (x, y), (x + 150, y + 150)])
    projector.page.get_by_role("heading", name="selected").wait_for()
    assert box_of(projector, ".embviz-stage") == stage
    page.locator('.embviz-chip[data-code="1"]').click()
    page.get_by_role("button", name="Show all").wait_for()
    assert "hidden" in page.locator(".embviz-status").inner_text()
    assert box_of(projector, ".embviz-stage") == stage
    page.locator('[data-tool="clear"]').click()
    page.locator('[data-tool="undo"]').wait_for()
    assert box_of(projector, ".embviz-stage") == stage
