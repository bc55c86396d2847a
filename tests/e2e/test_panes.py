"""Two panes on one page: camera, zoom, selection and run of one pane leave the other as it is, and keys go to one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.servers import ROOT, served

N_ITEMS = 539


@dataclass
class OnePane:
    """One of the two projectors as a person uses it."""

    page: Page
    key: str

    @property
    def host(self) -> Locator:
        return self.page.locator(f".st-key-{self.key} .embviz")

    @property
    def stage(self) -> Locator:
        return self.host.locator(".embviz-stage")

    def says(self, name: str) -> str:
        return self.host.get_attribute(f"data-{name}") or ""

    def places(self) -> npt.NDArray[np.float64]:
        """Id and place on the stage of every point that is shown."""
        box = self.stage.bounding_box()
        assert box is not None
        found = np.array(self.host.evaluate("host => host.embviz.shownPlaces()"), np.float64).reshape(-1, 3)
        return found[found[:, 0].argsort()] - [0, box["x"], box["y"]]

    def still(self) -> npt.NDArray[np.float64]:
        """The places once no point moves any more."""
        before = self.places()
        for _ in range(200):
            self.page.wait_for_timeout(200)
            now = self.places()
            if len(now) and np.array_equal(before, now):
                return now
            before = now
        pytest.fail("it never stands still")

    def painted(self, mark: str) -> "OnePane":
        self.page.wait_for_selector(
            f'.st-key-{self.key} .embviz[data-painted*="{mark}"][data-asked="true"]', state="attached"
        )
        return self

    def ask(self, layout: str) -> "OnePane":
        self.page.locator(f".st-key-layout-{self.key}").get_by_text(layout, exact=True).click()
        return self

    def run(self) -> "OnePane":
        self.page.locator(f".st-key-run-pending-{self.key}").get_by_role("button", name="Run").click()
        self.page.wait_for_selector(f'.st-key-{self.key} .embviz[data-run="running"]', state="attached")
        return self

    def middle(self) -> tuple[float, float]:
        box = self.stage.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, *steps: tuple[float, float]) -> None:
        """Press in the middle and move by these steps."""
        x, y = self.middle()
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for dx, dy in steps:
            self.page.mouse.move(x + dx, y + dy)
        self.page.mouse.up()

    def zoom(self) -> None:
        """Make everything more than twice as large, by keys."""
        self.stage.focus()
        for _ in range(3):
            self.page.keyboard.press("+")

    def select(self, half: float) -> int:
        """Draw a box of this half width around the middle; how many items are selected then."""
        self.host.get_by_role("button", name="Box").click()
        x, y = self.middle()
        self.page.mouse.move(x - half, y - half)
        self.page.mouse.down()
        self.page.mouse.move(x + half, y + half, steps=3)
        self.page.mouse.up()
        self.host.get_by_role("button", name="Pan").click()
        expect(self.host).not_to_have_attribute("data-selected", "0")
        return int(self.says("selected"))


@pytest.fixture(scope="module")
def two_panes(compiled_kernels: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page with two panes."""
    with served(tmp_path_factory.mktemp("panes"), script=ROOT / "tests" / "two_panes.py") as address:
        yield address


@pytest.fixture
def panes(page: Page, two_panes: str) -> tuple[OnePane, OnePane]:
    """Both panes, which show the same principal components."""
    page.goto(two_panes, wait_until="commit")
    left, right = OnePane(page, "left"), OnePane(page, "right")
    for pane in (left, right):
        pane.painted(f"{N_ITEMS}/2/").still()
    return left, right


def test_zoom_and_tool_of_one_pane_are_its_own_also_when_the_window_changes(panes: tuple[OnePane, OnePane]) -> None:
    left, right = panes
    before, other = left.still(), right.still()
    np.testing.assert_allclose(before, other, atol=1, err_msg="the same coordinates, in panes of the same size")
    left.zoom()
    zoomed = left.still()
    assert np.ptp(zoomed[:, 1]) > 1.5 * np.ptp(before[:, 1])
    np.testing.assert_array_equal(right.still(), other)
    left.host.get_by_role("button", name="Lasso").click()
    expect(right.host.get_by_role("button", name="Pan")).to_have_attribute("aria-pressed", "true")
    left.page.set_viewport_size({"width": 1200, "height": 900})
    left.page.set_viewport_size({"width": 1440, "height": 900})
    left.page.wait_for_timeout(500)
    np.testing.assert_allclose(right.still(), other, atol=2)
    assert np.ptp(left.still()[:, 1]) > 1.5 * np.ptp(before[:, 1])
    left.ask("PCA 3D").painted(f"{N_ITEMS}/3/")
    left.ask("PCA").painted(f"{N_ITEMS}/2/")
    assert np.ptp(left.still()[:, 1]) > 1.5 * np.ptp(before[:, 1]), "it was remembered"
    np.testing.assert_allclose(right.still(), other, atol=2)


def test_the_camera_of_one_pane_turns_no_other(panes: tuple[OnePane, OnePane]) -> None:
    left, right = panes
    for pane in panes:
        pane.ask("PCA 3D").painted(f"{N_ITEMS}/3/")
    before, other = left.still(), right.still()
    left.drag((40, 10), (80, 20), (120, 30))
    turned = left.still()
    assert np.abs(turned - before)[:, 1:].max() > 20
    np.testing.assert_array_equal(right.still(), other)
    right.ask("PCA").painted(f"{N_ITEMS}/2/")
    right.ask("PCA 3D").painted(f"{N_ITEMS}/3/")
    np.testing.assert_allclose(right.still(), other, atol=2, err_msg="not from where the left one is looked at")
    np.testing.assert_array_equal(left.still(), turned)


def test_what_is_selected_pinned_and_hidden_in_one_pane_is_not_in_the_other(panes: tuple[OnePane, OnePane]) -> None:
    left, right = panes
    n_left = left.select(120)
    assert right.says("selected") == "0"
    n_right = right.select(60)
    assert (left.says("selected"), right.says("selected")) == (str(n_left), str(n_right)) and n_left != n_right
    left.host.locator(".embviz-chip").first.click()
    expect(left.host.get_by_role("button", name="Show all")).to_be_visible()
    expect(right.host.get_by_role("button", name="Show all")).to_be_hidden()
    right.ask("PCA 3D").painted(f"{N_ITEMS}/3/")
    assert len(right.still()) == N_ITEMS > len(left.still())
    item, x, y = left.still()[np.abs(left.still()[:, 1:] - left.still()[:, 1:].mean(axis=0)).sum(axis=1).argmax()]
    box = left.stage.bounding_box()
    assert box is not None
    left.page.mouse.click(box["x"] + x, box["y"] + y)
    expect(left.host).to_have_attribute("data-pinned", str(int(item)))
    assert right.says("pinned") == ""


def test_keys_go_to_the_pane_that_has_the_focus_or_had_it_last(panes: tuple[OnePane, OnePane]) -> None:
    left, right = panes
    page = left.page
    n_left, n_right = left.select(120), right.select(60)
    left.stage.focus()
    page.keyboard.press("ArrowRight")
    expect(left.host).to_have_attribute("data-hover", re.compile(r"\d+"))
    assert right.says("hover") == ""
    page.keyboard.press("Escape")
    expect(left.host).to_have_attribute("data-selected", "0")
    assert right.says("selected") == str(n_right)
    page.keyboard.press("Control+z")
    expect(left.host).to_have_attribute("data-selected", str(n_left))
    right.stage.focus()
    page.keyboard.press("Escape")
    expect(right.host).to_have_attribute("data-selected", "0")
    assert left.says("selected") == str(n_left)
    page.locator(
        ".st-key-gallery .embviz-card"
    ).first.focus()  # outside of both: it was the right one that was used last
    page.keyboard.press("Control+z")
    expect(right.host).to_have_attribute("data-selected", str(n_right))
    assert left.says("selected") == str(n_left)


def test_a_gallery_points_at_items_of_the_pane_it_is_about(panes: tuple[OnePane, OnePane]) -> None:
    left, right = panes
    card = left.page.locator(".st-key-gallery .embviz-card").nth(2)
    card.scroll_into_view_if_needed()  # which takes away what is hovered
    left.page.wait_for_timeout(300)
    card.hover()
    expect(left.host).to_have_attribute("data-hover", card.get_attribute("data-ids") or "")
    assert right.says("hover") == ""
    card.click()
    expect(left.host).to_have_attribute("data-pinned", card.get_attribute("data-ids") or "")
    assert right.says("pinned") == ""


def test_two_runs_form_side_by_side_and_each_is_steered_by_its_own_buttons(panes: tuple[OnePane, OnePane]) -> None:
    left, right = panes
    page = left.page
    left.ask("t-SNE").run()
    right.ask("UMAP").run()
    for pane in panes:
        page.wait_for_selector(f".st-key-{pane.key} .embviz[data-done]", state="attached")
    left.host.get_by_role("button", name="Pause").click()
    page.wait_for_selector('.st-key-left .embviz[data-run="paused"]', state="attached")
    stands = left.still()
    done = int(right.says("done"))
    page.wait_for_function(
        "done => Number(document.querySelector('.st-key-right .embviz').dataset.done) > done", arg=done
    )
    assert right.says("run") == "running" and np.array_equal(left.places(), stands), (
        "the other's frames are not its own"
    )
    right.host.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".st-key-right .embviz:not([data-run])", state="attached")
    assert left.says("run") == "paused" and np.array_equal(left.still(), stands)
    left.ask("PCA").painted(f"{N_ITEMS}/2/")
