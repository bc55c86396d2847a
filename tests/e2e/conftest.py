"""The page in a real browser: one server and one browser for all tests, and a new page for each test."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from embviz import Tsne, load_dataset, pixel_features
from embviz.pipeline.layouts import stored_projection
from embviz.projection.ready import make_ready
from embviz.storage.store import Store
from tests.e2e.projector_page import ProjectorPage, new_window
from tests.e2e.servers import PATIENCE, ROOT, served

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--process-per-site",
    "--disable-features=ScriptStreaming",  # each page would parse scripts again that the browser has compiled already
    "--disable-gpu-rasterization",  # on a machine without a GPU, text and boxes are drawn faster without GL
]
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
    """Have all kernels compiled before the tests, because it takes a minute in a new checkout."""
    for method, dims in product(("tsne", "umap"), (2, 3)):
        make_ready(method, dims)


@pytest.fixture(scope="session")
def server(compiled_kernels: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server without MNIST whose page opens with PCA, as if there were few items, and the Inspect tab.

    Tests that share it count on t-SNE of all digits not being computed as long as its controls are as they were.
    """
    home = tmp_path_factory.mktemp("server")
    script = home / "app.py"
    first = """from embviz.ui import first_picture

first_picture.FEWEST_FOR_TSNE, first_picture.FIRST_TAB = 10**6, "Inspect"
"""
    script.write_text(first + (ROOT / "app.py").read_text())
    with served(home, script=script) as address:
        yield address
    digits = pixel_features(load_dataset("digits", "all"))
    found = stored_projection(digits, Tsne(), store=Store(home / "store"))
    assert found is None, "a test has laid out all digits by t-SNE with seed 0; let it use another seed"


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


@pytest.fixture
def projector(compiled_scripts: None, page: Page, server: str) -> ProjectorPage:
    """The page, opened with the digits."""
    return ProjectorPage(page, server).open()
