"""The page in a real browser: one server and one browser for all tests, and a new page for each test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from embviz.projection.ready import compile_kernels

ROOT = Path(__file__).parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--process-per-site",
    "--disable-gpu-rasterization",  # on a machine without a GPU, text and boxes are drawn faster without GL
]
PATIENCE = 90_000
"""Milliseconds that a test waits for something that must happen; a busy machine may need them."""

PAUSE_AT_ONCE = """() => new MutationObserver((_, watching) => {
  if (document.querySelector('.embviz').dataset.run === 'paused') return watching.disconnect();
  document.querySelector('.embviz-steer [data-wish="pause"]')?.click();
}).observe(document.body, { subtree: true, childList: true, attributes: true })"""

HARMLESS = ("GPU stall due to ReadPixels", "willReadFrequently")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder as e2e."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the text of the page to the report of a test that failed."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and isinstance(page, Page):
        report.sections.append(("the page", page.inner_text("body")))
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium or Chrome; without one tests are skipped, or fail if EMBVIZ_E2E=require."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        message = "no Chromium found; install Debian's package `chromium`, or Chrome"
        if os.environ.get("EMBVIZ_E2E") == "require":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One headless browser with software WebGL."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def compiled_kernels() -> None:
    """Compile all kernels before the tests, because it takes a minute in a new checkout."""
    for method, dims in product(("tsne", "umap"), "23"):
        compile_kernels(method, dims)


@pytest.fixture(scope="session")
def server(compiled_kernels: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server without MNIST whose page opens with PCA, as if there were few items, and the Inspect tab."""
    home = tmp_path_factory.mktemp("server")
    script = home / "app.py"
    first = """from embviz.ui import first_picture

first_picture.FEWEST_FOR_TSNE, first_picture.FIRST_TAB = 10**6, "Inspect"
"""
    script.write_text(first + (ROOT / "app.py").read_text())
    with served(home, script=script) as address:
        yield address


@contextmanager
def served(
    home: Path,
    *options: str,
    script: Path = ROOT / "app.py",
    installed: Path | None = None,
    base_path: str = "",
    port: int | None = None,
    killed: bool = False,
) -> Iterator[str]:
    """Address of a Streamlit app that is served with these options; it must not log a traceback.

    Instead of a script it may be the page of an `installed` command ``embviz``, started in another folder. In the end
    it is terminated or, if `killed`, stopped without a chance to end its connections.
    """
    port = port or free_port()
    environment = {key: value for key, value in os.environ.items() if key not in ("EMBVIZ_DATA_DIR", "PYTHONPATH")}
    environment |= {"EMBVIZ_STORE_DIR": str(home / "store"), "TFDS_DATA_DIR": str(home / "tfds")}
    start = [sys.executable, "-m", "streamlit", "run", str(script)] if installed is None else [installed, "app", "--"]
    command = [*start, "--server.port", str(port)]
    command += ["--server.fileWatcherType", "none", "--server.headless", "true", *options]
    address = f"http://localhost:{port}{base_path}"
    with (home / "log.txt").open("w") as log:
        cwd = home if installed else ROOT
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(process, f"{address}/_stcore/health", home / "log.txt")
            yield address
        finally:
            (process.kill if killed else process.terminate)()
            process.wait(PATIENCE / 1000)
    log_text = (home / "log.txt").read_text()
    assert "Traceback" not in log_text, log_text


def free_port() -> int:
    """A port of this machine that no program listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until a server answers; if it ends before, fail with its log."""
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not get ready:\n{log.read_text()}")


def new_window(browser: Browser) -> BrowserContext:
    """A window that shares no cache or cookies with others, and waits as long as a busy machine may need."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """The window of most tests, whose pages share a cache of the server's files, as on a second visit."""
    context = new_window(browser)
    yield context
    context.close()


@pytest.fixture(scope="session")
def compiled_scripts(window: BrowserContext, server: str) -> Iterator[None]:
    """An empty page of the server that stays open, so that the browser compiles scripts once, not for each page."""
    page = window.new_page()
    page.goto(f"{server}/_stcore/health")
    yield
    page.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Starts a server as `served` does and returns its address; the server ends after the test's page is closed.

    A page that is open while its server ends asks for it again and again, and its console shows an error each time.
    """
    with ExitStack() as servers:
        yield lambda *options, **others: servers.enter_context(served(*options, **others))


@pytest.fixture
def page(window: BrowserContext, serve: Callable[..., str]) -> Iterator[Page]:
    """A page of a new visitor; the test fails if the browser's console shows an error."""
    page = window.new_page()
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in HARMLESS):
            errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert not errors, errors


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
        """Wait until Streamlit's script is not running."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', state="attached")

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

    def choose(self, label: str, option: str) -> None:
        """Press an option of a segmented control."""
        group = self.page.get_by_role("radiogroup", name=label)
        group.get_by_text(option, exact=True).click()
        expect(group.get_by_role("radio", name=option, exact=True)).to_be_checked()
        self.wait_idle()

    def run(self) -> None:
        """Press Run in the sidebar, not the other one over the plot."""
        self.page.locator(".st-key-run").get_by_role("button", name="Run").click()

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


@pytest.fixture
def projector(compiled_scripts: None, page: Page, server: str) -> ProjectorPage:
    """The page, opened with the digits."""
    return ProjectorPage(page, server).open()
