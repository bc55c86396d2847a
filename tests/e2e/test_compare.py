"""Panes that are compared: what is pointed at, pinned, selected and looked at in one is so in all, without Python."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from embviz.datasets import load_dataset
from tests.e2e.projector_page import ProjectorPage
from tests.e2e.test_panes import OnePane

DIGITS = load_dataset("digits", "all")
FIRST, SECOND = "projector", "projector-2"


class Compared:
    """The page with a second pane."""

    def __init__(self, projector: ProjectorPage):
        self.page = projector.page
        self.projector = projector
        self.press("Compare")
        self.first, self.second = OnePane(self.page, FIRST), OnePane(self.page, SECOND)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()
        self.projector.wait_idle()

    def choose(self, name: str, option: str, pane: str = SECOND) -> None:
        select = self.page.locator(f".st-key-compare-{name}-{pane}")
        self.projector.choose_listed(select.get_by_role("combobox"), option)


@pytest.fixture
def compared(projector: ProjectorPage) -> Compared:
    """Principal components of all items, and beside them those of the test items alone."""
    compared = Compared(projector)
    compared.choose("method", "PCA")
    compared.choose("split", "Test")
    compared.second.painted("539/2/").still()
    return compared


def test_what_is_pointed_at_in_one_pane_has_a_ring_in_the_other_and_python_hears_nothing(compared: Compared) -> None:
    first, second = compared.first, compared.second
    sent: list[object] = []
    compared.page.on("websocket", lambda socket: socket.on("framesent", sent.append))
    compared.page.on("request", lambda request: sent.append(request.url))
    item, x, y = second.still()[7]
    box = second.stage.bounding_box()
    assert box is not None
    compared.page.mouse.move(box["x"] + x + 30, box["y"] + y)
    compared.page.mouse.move(box["x"] + x, box["y"] + y)
    expect(second.host).to_have_attribute("data-hover", re.compile(r"\d+"))
    item = int(second.says("hover"))
    expect(first.host).to_have_attribute("data-echo", str(item))
    ring = first.host.locator(".embviz-ring-echo").bounding_box()
    stage = first.stage.bounding_box()
    assert ring is not None and stage is not None
    place = first.places()[first.places()[:, 0] == item][0]
    middle = [ring["x"] + ring["width"] / 2 - stage["x"], ring["y"] + ring["height"] / 2 - stage["y"]]
    np.testing.assert_allclose(middle, place[1:], atol=1.5)
    compared.page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 200)
    expect(first.host.locator(".embviz-ring-echo")).to_be_hidden()
    assert not sent


def test_what_is_pinned_and_selected_in_one_pane_is_so_in_the_other(compared: Compared) -> None:
    first, second = compared.first, compared.second
    n_selected = first.select(60)
    ids = {int(item) for item, *_ in second.still()}
    expect(second.host).not_to_have_attribute("data-selected", "0")
    assert 0 < int(second.says("selected")) <= n_selected
    second.stage.focus()
    compared.page.keyboard.press("ArrowRight")
    compared.page.keyboard.press("Enter")
    expect(second.host).to_have_attribute("data-pinned", re.compile(r"\d+"))
    assert int(second.says("pinned")) in ids
    expect(first.host).to_have_attribute("data-pinned", second.says("pinned"))
    expect(compared.page.locator(".st-key-findings")).to_contain_text(f"id {second.says('pinned')}")
    compared.page.keyboard.press("Escape")
    for pane in (first, second):
        expect(pane.host).to_have_attribute("data-selected", "0")
    compared.page.keyboard.press("Control+z")
    for pane, count in ((first, n_selected), (second, None)):
        expect(pane.host).not_to_have_attribute("data-selected", "0")
        assert count is None or pane.says("selected") == str(count)


def test_panes_are_zoomed_together_until_that_is_switched_off(compared: Compared) -> None:
    first, second = compared.first, compared.second
    before = second.still()
    first.zoom()
    first.still()
    zoomed = second.still()
    assert np.ptp(zoomed[:, 1]) > 1.5 * np.ptp(before[:, 1])
    second.host.get_by_role("button", name="Reset view").click()
    np.testing.assert_allclose(second.still(), before, atol=2)
    home = first.still()
    compared.page.get_by_text("Same view").click()
    expect(second.host).to_have_attribute("data-link", "focus")
    second.zoom()
    second.still()
    np.testing.assert_allclose(first.still(), home, atol=2)


def test_panes_in_three_dimensions_are_turned_together(compared: Compared) -> None:
    first, second = compared.first, compared.second
    compared.projector.choose("Dimensions", "3D")
    compared.choose("dimensions", "3D")
    first.painted("1797/3/").still()
    second.painted("539/3/")
    before = second.still()
    first.drag((40, 10), (80, 20), (120, 30))
    first.still()
    turned = second.still()
    assert np.abs(turned - before)[:, 1:].max() > 20
    items = np.isin(first.places()[:, 0], turned[:, 0])
    of_first = first.places()[items]
    for axis in (1, 2):  # the test items lie where they lie among all items, seen from the same side
        assert np.corrcoef(of_first[:, axis], turned[:, axis])[0, 1] > 0.9


GL = "document.querySelectorAll('.embviz-graph')[1]._fullLayout.scene._scene.glplot?.gl"


def test_a_pane_that_lost_the_gpu_turns_with_the_others_again_when_it_has_it_back(compared: Compared) -> None:
    page, first, second = compared.projector.page, compared.first, compared.second
    compared.projector.choose("Dimensions", "3D")
    compared.choose("dimensions", "3D")
    first.painted("1797/3/").still()
    second.painted("539/3/").still()
    page.evaluate(f"() => {{ window.lost = {GL}.getExtension('WEBGL_lose_context'); lost.loseContext(); }}")
    page.wait_for_function(f"() => {GL}?.isContextLost() ?? true")
    first.drag((40, 10), (80, 20), (120, 30))
    first.still()
    page.evaluate("() => lost.restoreContext()")
    page.wait_for_function(f"() => {GL}?.isContextLost() === false")
    first.drag((40, 10), (80, 20), (120, 30))
    turned, of_first = second.still(), first.still()
    of_first = of_first[np.isin(of_first[:, 0], turned[:, 0])]
    for axis in (1, 2):
        assert np.corrcoef(of_first[:, axis], turned[:, axis])[0, 1] > 0.9


def test_a_pane_opens_with_the_classes_that_are_hidden_and_brings_none_back(projector: ProjectorPage) -> None:
    chips = projector.page.locator(".embviz-chip")
    chips.nth(3).click()
    shown = projector.wait_still()
    compared = Compared(projector)
    assert {*compared.second.still()[:, 0].astype(int)} == {*shown}
    compared.second.host.locator(".embviz-chip").nth(5).click()
    both = {*compared.second.still()[:, 0].astype(int)}
    assert both == {item for item in shown if DIGITS.labels[item] != 5}
    assert {*compared.first.still()[:, 0].astype(int)} == both


def test_classes_are_hidden_together_and_a_closed_pane_leaves_the_first_one_as_it_was(compared: Compared) -> None:
    first, second = compared.first, compared.second
    second.host.locator(".embviz-chip").first.click()
    expect(first.host.get_by_role("button", name="Show all")).to_be_visible()
    assert len(first.still()) < 1797
    first.zoom()
    zoomed = np.ptp(first.still()[:, 1])
    compared.press("✕")
    expect(second.host).to_have_count(0)
    first.painted("1797/2/")
    assert np.ptp(first.still()[:, 1]) >= 0.9 * zoomed
    first.stage.focus()
    compared.page.keyboard.press("ArrowRight")
    expect(first.host).to_have_attribute("data-hover", re.compile(r"\d+"))


def test_four_panes_stand_in_two_rows_of_the_same_size(compared: Compared) -> None:
    compared.press("Compare")
    compared.press("Compare")
    expect(compared.page.get_by_role("button", name="Compare")).to_be_disabled()
    hosts = compared.page.locator(".embviz")
    expect(hosts).to_have_count(4)
    boxes = [hosts.nth(at).bounding_box() for at in range(4)]
    assert all(box is not None for box in boxes)
    sizes = np.array([[box["width"], box["height"]] for box in boxes if box is not None])
    np.testing.assert_allclose(sizes, np.broadcast_to(sizes[0], sizes.shape), atol=1.5)
    tops = [box["y"] for box in boxes if box is not None]
    assert tops[0] == pytest.approx(tops[1], abs=1) and tops[2] == pytest.approx(tops[3], abs=1)
    assert max(box["y"] + box["height"] for box in boxes if box is not None) <= 900


def test_every_control_of_a_pane_shows_its_whole_text_in_a_small_window(projector: ProjectorPage) -> None:
    projector.page.set_viewport_size({"width": 1280, "height": 720})
    compared = Compared(projector)
    for split in ("Train", "All"):
        compared.choose("split", split)
        texts = projector.page.locator(f".st-key-compare-controls-{SECOND} input").evaluate_all(
            "fields => fields.map(({ value, scrollWidth, clientWidth }) => [value, scrollWidth <= clientWidth])"
        )
        assert [text for text, _ in texts] == ["t-SNE", "2D", "Pixels", split, "0"]
        assert all(is_whole for _, is_whole in texts), texts


def test_a_closest_pair_is_approached_by_the_first_pane_and_the_others_go_with_it(compared: Compared) -> None:
    page, first, second = compared.page, compared.first, compared.second
    compared.choose("split", "All")
    compared.choose("method", "UMAP")
    page.locator(f".st-key-run-pending-{SECOND}").get_by_role("button", name="Run").click()
    second.painted("1797/2/").host.and_(page.locator(':not([data-run="running"])')).wait_for()
    second.still()
    page.get_by_role("tab", name="Overlap").click()
    page.locator(".embviz-card").nth(11).wait_for()
    compared.projector.wait_idle()
    second.stage.focus()
    for _ in range(9):
        page.keyboard.press("-")  # until points of a pair nearly touch
    before = [np.ptp(pane.still(), axis=0)[1] for pane in (first, second)]
    card = page.locator(".embviz-card").nth(2)
    ids = [int(item) for item in (card.get_attribute("data-ids") or "").split()]
    card.click()
    for pane in (first, second):
        expect(pane.host).to_have_attribute("data-pair", " ".join(map(str, ids)))
    compared.projector.wait_idle()
    second.still()
    places = first.still()
    stage, axes = first.stage.bounding_box(), first.host.locator(".nsewdrag").bounding_box()
    assert stage is not None and axes is not None
    of_axes = [axes["x"] - stage["x"] + axes["width"] / 2, axes["y"] - stage["y"] + axes["height"] / 2]
    middle = places[np.isin(places[:, 0], ids), 1:].mean(axis=0)
    np.testing.assert_allclose(middle, of_axes, atol=3)
    grown = [np.ptp(pane.places(), axis=0)[1] / size for pane, size in zip((first, second), before, strict=True)]
    assert grown[0] == pytest.approx(grown[1], rel=0.05) and grown[0] > 1.2
