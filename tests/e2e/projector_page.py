"""The page of embviz in a browser, used by tests as a person uses it."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.servers import PATIENCE

IS_IDLE = """() => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
  && !document.querySelector('.embviz-recoloring[data-ahead="true"]') && window.isAnswered()"""
IS_UNFOLDED = """(section) => {
  const parts = [...section.children].reduce((sum, part) => sum + part.getBoundingClientRect().height, 0);
  return section.open && !section.getAnimations().length && section.getBoundingClientRect().height >= parts;
}"""
PAUSE_AT_ONCE = """() => new MutationObserver((_, watching) => {
  if (document.querySelector('.embviz').dataset.run === 'paused') return watching.disconnect();
  document.querySelector('.embviz-steer [data-wish="pause"]')?.click();
}).observe(document.body, { subtree: true, childList: true, attributes: true })"""


def new_window(browser: Browser) -> BrowserContext:
    """A window that shares no cache or cookies with others, and waits as long as a busy machine may need."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(path=Path(__file__).parent / "script_runs.js")
    return context


class ProjectorPage:
    """The page as a person uses it; waiting is for states that the page shows, not for time to pass."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    @classmethod
    def of_another_visitor(cls, browser: Browser, address: str) -> "ProjectorPage":
        """The page in a window of its own, which the test closes."""
        return cls(new_window(browser).new_page(), address).open()

    def open(self) -> "ProjectorPage":
        """Load the page and wait until the plot and all images are there."""
        self.page.goto(self.address, wait_until="commit")
        return self.wait_painted()

    def wait_painted(self, mark: str = "") -> "ProjectorPage":
        """Wait until the plot shows items/dims/revision containing `mark`, with all its images."""
        selector = f'.embviz[data-painted*="{mark}"]' if mark else ".embviz[data-painted]"
        self.page.wait_for_selector(selector, state="attached")
        self.page.wait_for_function("() => document.querySelector('.embviz').embviz.imagesAreHere()")
        self.wait_idle()
        return self

    def wait_idle(self) -> None:
        """Wait until Streamlit's script has run for what the page asked last, and is not running."""
        self.page.wait_for_function(IS_IDLE)

    def attribute(self, name: str) -> str:
        """A data attribute of the projector, empty if it has none."""
        return self.page.locator(".embviz").get_attribute(f"data-{name}") or ""

    def places(self) -> dict[int, tuple[float, float]]:
        """The place in the window of each shown item's point, by id."""
        found = self.page.evaluate("() => document.querySelector('.embviz').embviz.shownPlaces()")
        return {int(item): (x, y) for item, x, y in found}

    def wait_still(self) -> dict[int, tuple[float, float]]:
        """The places of all points, after waiting until none moves any more."""
        before = None
        for _ in range(200):
            if before == (places := self.places()) and places:  # while the plot is drawn anew there are no places
                return places
            before = places
            self.page.wait_for_timeout(200)
        pytest.fail("it never stands still")

    def isolated_ids(self, count: int, room: float = 13.0) -> list[int]:
        """Ids of `count` items inside the plot with no other point within `room` pixels, the outermost first."""
        places = self.places()
        ids, xy = np.array(list(places)), np.array(list(places.values()))
        box = self.page.locator(".embviz-stage").bounding_box()
        assert box is not None
        gap = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) + np.diag(np.full(len(ids), np.inf))
        corner, size = np.array([box["x"], box["y"]]), np.array([box["width"], box["height"]])
        low, high = corner + 12, corner + size - 12
        free = (gap.min(axis=1) > room) & (xy > low).all(axis=1) & (xy < high).all(axis=1)
        outermost = np.argsort(-np.hypot(*(xy - xy.mean(axis=0)).T))
        chosen = [int(ids[at]) for at in outermost if free[at]][:count]
        assert len(chosen) == count, f"only {len(chosen)} isolated points"
        return chosen

    def tooltip_pixels(self, item: int) -> npt.NDArray[np.uint8]:
        """The ink of the image in the tooltip after an item's point was hovered; it must name the same item."""
        x, y = self.places()[item]
        self.page.mouse.move(x - 40, y)
        self.page.mouse.move(x, y)
        canvas = self.page.wait_for_selector(f'.embviz-tooltip[data-id="{item}"][data-drawn="true"] canvas')
        assert canvas is not None
        width, height, data = canvas.evaluate(
            "c => [c.width, c.height, [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]"
        )
        return np.array(data, np.uint8).reshape(height, width, 4)[..., 3]

    def unfold(self, title: Locator) -> None:
        """Open a section by its title, and wait until it has its whole height: while it grows, buttons slip away."""
        title.click()
        section = title.locator("xpath=ancestor::details")
        self.page.wait_for_function(IS_UNFOLDED, arg=section.element_handle())

    def choose(self, label: str, option: str) -> None:
        """Press an option of a segmented control."""
        group = self.page.get_by_role("radiogroup", name=label)
        group.get_by_text(option, exact=True).click()
        expect(group.get_by_role("radio", name=option, exact=True)).to_be_checked()
        self.wait_idle()

    def open_list(self, field: Locator) -> None:
        """Open the list of a field, after scrolling to it: a list that opens while the sidebar scrolls closes again."""
        field.scroll_into_view_if_needed()
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        field.click()

    def choose_listed(self, field: str | Locator, option: str | re.Pattern[str]) -> None:
        """Choose an option in the list of a field, given itself or by its label."""
        self.open_list(self.page.get_by_role("combobox", name=field).first if isinstance(field, str) else field)
        self.page.get_by_role("option", name=option, exact=isinstance(option, str)).click()
        self.wait_idle()

    @property
    def _run_button(self) -> Locator:
        """The button Run in the sidebar, not the other one over the plot."""
        return self.page.locator(".st-key-run").get_by_role("button", name="Run")

    def run(self) -> None:
        """Press Run."""
        self._run_button.click()

    def run_if_asked(self) -> None:
        """Press Run if the idle page has it: another test may have computed the same on this server before."""
        if self._run_button.is_visible():
            self.run()

    def run_paused(self) -> None:
        """Press Run, and Pause as soon as there is such a button, by a script, because a quick layout is soon done."""
        self.page.evaluate(PAUSE_AT_ONCE)
        self.run()
        self.page.wait_for_selector('.embviz[data-run="paused"]', state="attached")

    def drag(self, points: Sequence[tuple[float, float]]) -> None:
        """Press the button at the first point, move over the others, and release it."""
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point)
        self.page.mouse.up()
