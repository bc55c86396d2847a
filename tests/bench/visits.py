"""One page in a new browser with an empty profile: when it was ready, what it transferred, how much memory it uses."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Frame, Page, Playwright

PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")
VIEWPORT = {"width": 1440, "height": 900}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
]


class DidNotFinishError(Exception):
    """Something took longer than the limit, or the page crashed."""


def chromium_path() -> str:
    """Path of Chromium or Chrome.

    Raises
    ------
    FileNotFoundError
        If neither is installed.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise FileNotFoundError(f"none of {', '.join(names)} found; install Debian's package `chromium`, or Chrome")
    return found


class Visit:
    """A page that is measured; times are milliseconds, Unix times count from 1970.

    Attributes
    ----------
    page
        The browser's tab.
    cdp
        DevTools session of the tab.
    frame
        Frame that holds the plot, known once the plot is painted; TensorBoard puts it into a nested frame.
    transferred
        Bytes received so far, compressed as they were sent, web sockets included.
    errors
        Uncaught exceptions of the page.
    """

    def __init__(self, page: Page, cdp: CDPSession, limit: float) -> None:
        self.page = page
        self.cdp = cdp
        self.limit = limit
        self.frame: Frame = page.main_frame
        self.transferred = 0.0
        self.errors: list[str] = []
        self._told: dict[str, asyncio.Future[float]] = {}

    async def open(self, url: str) -> tuple[float, float]:
        """Open the page; Unix times at which the plot was painted, and at which every image was there."""
        return await self._opened(self.page.goto(url, wait_until="commit"))

    async def reload(self) -> tuple[float, float]:
        """Load the page once more; returns the same times as `open`."""
        return await self._opened(self.page.reload(wait_until="commit"))

    async def _opened(self, navigation: Any) -> tuple[float, float]:
        painted, complete = self._expect("painted"), self._expect("complete")
        await self._within(navigation)
        return await self._within(painted), await self._within(complete)

    async def began(self) -> float:
        """Unix time at which the navigation started."""
        return float(await self.page.evaluate("performance.timeOrigin"))

    async def choose(self, label: str, option: str) -> None:
        """Press an option of a segmented control."""
        await self._within(self.page.get_by_role("radiogroup", name=label).get_by_text(option, exact=True).click())

    async def enter(self, label: str, option: str) -> None:
        """Choose from a list."""
        await self._within(self.page.get_by_role("combobox", name=label).click())
        await self._within(self.page.get_by_role("option", name=option, exact=True).click())

    async def says(self, *parts: str) -> None:
        """Wait until the page shows all of these texts."""
        for part in parts:
            await self._within(self.page.get_by_text(part).first.wait_for(state="attached"))

    async def painted(self, mark: str) -> None:
        """Wait until the plot is painted that the probe calls `mark`."""
        painted = self._expect("changed")
        await self.ask("mark => probe.watchChange(mark)", mark)
        await self._within(painted)

    async def changed(self, label: str, option: str, mark: str) -> float:
        """Milliseconds from a click on a segmented control until the plot is painted that the probe calls `mark`."""
        changed = self._expect("changed")
        await self.ask("mark => probe.watchChange(mark)", mark)
        await self.choose(label, option)
        told: float = await self._within(changed)
        clicked: float = await self.ask("performance.timeOrigin + probe.clicked")
        return told - clicked

    async def ask(self, script: str, argument: object = None) -> Any:
        """Result of a script in the plot's frame, where it can use `probe`."""
        return await self._within(self.frame.evaluate(script, argument))

    async def quiet(self) -> None:
        """Wait until nothing has been transferred for a second."""
        before = -1.0
        while before != self.transferred:
            before = self.transferred
            await asyncio.sleep(1)

    async def memory(self) -> tuple[float, float]:
        """Bytes of JavaScript objects and of array buffers, after collecting garbage."""
        await self._within(self.cdp.send("HeapProfiler.collectGarbage"))
        usage = await self._within(self.cdp.send("Runtime.getHeapUsage"))
        return usage["usedSize"], usage["backingStorageSize"]

    async def move(self, x: float, y: float, kind: str = "mouseMoved", *, pressed: bool = False) -> None:
        """Send one mouse event through the browser's own input pipeline, and wait until the page has handled it.

        `pressed` says whether the left button is down afterwards.
        """
        button = "left" if pressed or kind != "mouseMoved" else "none"
        event = {"type": kind, "x": x, "y": y, "button": button, "buttons": int(pressed)}
        event |= {"clickCount": int(kind != "mouseMoved")}
        await self._within(self.cdp.send("Input.dispatchMouseEvent", event))

    def told(self, source: dict[str, Any], name: str, when: float) -> None:
        """Take a message of the probe in the page: what happened, and the Unix time at which it did."""
        self.frame = source["frame"]
        if (future := self._told.get(name)) is not None and not future.done():
            future.set_result(when)

    def crashed(self, _: Page) -> None:
        """End all waiting when the browser reports that the page crashed, for example for lack of memory."""
        for future in self._told.values():
            if not future.done():
                future.set_exception(DidNotFinishError("the tab crashed"))

    def _expect(self, name: str) -> asyncio.Future[float]:
        self._told[name] = asyncio.get_running_loop().create_future()
        return self._told[name]

    async def _within(self, work: Any) -> Any:
        try:
            return await asyncio.wait_for(work, self.limit)
        except TimeoutError as error:
            raise DidNotFinishError(f"did not finish in {self.limit:g} s") from error


@asynccontextmanager
async def visit(playwright: Playwright, kind: str, limit: float) -> AsyncIterator[Visit]:
    """New browser with one empty tab; `kind` tells the probe which page it reads, `limit` is in seconds per step."""
    browser = await playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    try:
        context = await browser.new_context(viewport=VIEWPORT)
        context.set_default_timeout(0)  # `Visit` keeps the limit itself
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        visited = Visit(page, cdp, limit)
        await cdp.send("Network.enable")
        cdp.on("Network.loadingFinished", lambda event: _add(visited, event["encodedDataLength"]))
        cdp.on("Network.webSocketFrameReceived", lambda event: _add(visited, len(event["response"]["payloadData"])))
        await context.expose_binding("benchTold", visited.told)
        await context.add_init_script(f"{PROBE}\nstartProbe({kind!r});")
        page.on("pageerror", lambda error: visited.errors.append(str(error)))
        page.on("crash", visited.crashed)
        yield visited
    finally:
        await browser.close()


def _add(visited: Visit, n_bytes: float) -> None:
    visited.transferred += n_bytes


async def chromium_version(playwright: Playwright) -> str:
    """Version of the browser, and the renderer of its WebGL."""
    async with visit(playwright, "plotly", 60) as visited:
        renderer = await visited.page.evaluate(
            """() => {
              const gl = document.createElement("canvas").getContext("webgl2");
              const info = gl?.getExtension("WEBGL_debug_renderer_info");
              return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "nothing known";
            }"""
        )
        browser = visited.page.context.browser
        assert browser is not None, "it was launched here"
        return f"Chromium {browser.version}, WebGL by {renderer}"
