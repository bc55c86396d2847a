"""Compare the page with TensorBoard's projector and plain Plotly: same items, browser and gestures, in one run."""

import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Playwright, async_playwright

from embviz.ui.first_picture import AT_FIRST
from tests.bench.gestures import Box, canvas_box, jumps, orbit, sweep
from tests.bench.inputs import Items, bench_items, idx_folder, mnist_here, plotly_folder, tensorboard_folder
from tests.bench.servers import embviz_server, file_server, tensorboard_server
from tests.bench.visits import DidNotFinishError, Visit, chromium_version, visit

Say = Callable[[str], None]


@dataclass(slots=True)
class Column:
    """Everything measured of one page, added as it is measured.

    Attributes
    ----------
    title
        Name of the page in the report.
    samples
        Values by name of the measure, of all repeats.
    failures
        Why a measure did not finish, by its name; nothing was measured after it.
    errors
        Uncaught exceptions of the page.
    canvas
        Position and size of the canvas of the points.
    """

    title: str
    samples: dict[str, list[float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)
    canvas: Box | None = None

    def add(self, name: str, *values: float) -> None:
        """Add values of one measure."""
        self.samples.setdefault(name, []).extend(values)

    @contextmanager
    def measuring(self, name: str) -> Iterator[None]:
        """Note a measure as failed if the block does not finish; raises, so that the rest of the visit is skipped."""
        try:
            yield
        except DidNotFinishError as error:
            self.failures[name] = str(error)
            raise


@dataclass(frozen=True, slots=True)
class Section:
    """Everything measured with one number of items, with a column for each page."""

    title: str
    n: int
    columns: list[Column]


@dataclass(frozen=True, slots=True)
class PageReport:
    """Everything measured; times are milliseconds unless the name says otherwise."""

    chromium: str
    start_seconds: list[float]
    sections: list[Section]


async def page_report(sizes: Sequence[int], repeats: int, limit: float, say: Say) -> PageReport:
    """Measure everything; nothing may take longer than `limit` seconds."""
    async with async_playwright() as playwright:
        chromium = await chromium_version(playwright)
        start_seconds = [await _start_seconds(playwright, limit, say) for _ in range(repeats)]
        sections = [
            await _section(playwright, bench_items(n), repeats, limit, say)
            for n in (sizes if mnist_here() else sizes[:1])
        ]
    return PageReport(chromium, start_seconds, sections)


async def _start_seconds(playwright: Playwright, limit: float, say: Say) -> float:
    """Seconds from starting `streamlit run` on digits to the plot being painted, with an empty store and profile."""
    say("starting on digits")
    with tempfile.TemporaryDirectory() as home:
        async with visit(playwright, "embviz", limit) as visited:
            with embviz_server(Path(home), None) as server:
                painted, _ = await visited.open(server.url)
                return painted / 1000 - server.started


async def _section(playwright: Playwright, items: Items, repeats: int, limit: float, say: Say) -> Section:
    n = len(items.dataset)
    planar, solid = Column("embviz 2-D"), Column("embviz 3-D")
    thumbnails, discs = Column("TensorBoard 3-D, thumbnails"), Column("TensorBoard 3-D, no images")
    plain = Column("Plotly scatter3d")

    async def repeat(
        kind: str, url: str, column: Column, work: Callable[[Visit, str, Column], Awaitable[None]]
    ) -> None:
        """Visit a page `repeats` times, or until something does not finish."""
        for turn in range(repeats):
            say(f"{n:,} items, {column.title}, {turn + 1} of {repeats}")
            async with visit(playwright, kind, limit) as visited:
                try:
                    await work(visited, url, column)
                except DidNotFinishError as error:
                    say(str(error))
                    return
                finally:
                    column.errors.update(visited.errors)

    async def both(visited: Visit, url: str, column: Column) -> None:
        await _embviz(visited, url, n, column, solid)

    with tempfile.TemporaryDirectory() as parent:
        home = Path(parent)
        data_dir = idx_folder(home / "items", items.dataset) if mnist_here() else None
        with embviz_server(home, data_dir) as server:
            async with visit(playwright, "embviz", limit) as warming_up:
                await warming_up.open(server.url)
                await warming_up.says("Shown")  # the first layout is complete
                await _all_components(warming_up, n)
                await warming_up.changed("Dimensions", "3D", "/3/")
            await repeat("embviz", server.url, planar, both)
        for column, with_images in ((thumbnails, True), (discs, False)):
            logdir = tensorboard_folder(home / f"tensorboard-{with_images}", items, with_images=with_images)
            with tensorboard_server(logdir) as server:
                await repeat("tensorboard", f"{server.url}/#projector", column, _other)
        size = (1000, 650) if solid.canvas is None else (round(solid.canvas.width), round(solid.canvas.height))
        with file_server(plotly_folder(home / "plotly", items, size)) as server:
            await repeat("plotly", f"{server.url}/index.html", plain, _other)
    return Section(f"{items.title}: {n:,} items", n, [planar, solid, thumbnails, discs, plain])


async def _embviz(visited: Visit, url: str, n: int, planar: Column, solid: Column) -> None:
    complete = await _opened(visited, url, planar)
    planar.add("complete", complete)
    await _all_components(visited, n)
    await _pointed(visited, planar)
    with solid.measuring("change"):
        solid.add("change", await visited.changed("Dimensions", "3D", "/3/"))
    await _orbited(visited, solid)
    await _pointed(visited, solid)
    await _reloaded(visited, planar)


async def _all_components(visited: Visit, n: int) -> None:
    """Change from the first layout, of at most 10,000 items, to PCA of all items."""
    await visited.choose("Method", "PCA")
    if n > AT_FIRST:
        await visited.enter("Items", f"All {n:,}")
    await visited.says(f"{n:,} of {n:,}", "PCA 2D")
    await visited.painted(f"{n}/2/")


async def _other(visited: Visit, url: str, column: Column) -> None:
    await _opened(visited, url, column)
    await _orbited(visited, column)
    await _pointed(visited, column)
    await _reloaded(visited, column)


async def _opened(visited: Visit, url: str, column: Column) -> float:
    """Open a page and measure it; returns milliseconds until every image was in the browser."""
    with column.measuring("open"):
        painted, complete = await visited.open(url)
        began = await visited.began()
        column.add("open", painted - began)
    with column.measuring("heap"):
        await visited.quiet()
        column.add("bytes", visited.transferred)
        objects, arrays = await visited.memory()
        column.add("heap", objects)
        column.add("arrays", arrays)
    return complete - began


async def _reloaded(visited: Visit, column: Column) -> None:
    with column.measuring("reload"):
        painted, _ = await visited.reload()
        column.add("reload", painted - await visited.began())


async def _orbited(visited: Visit, column: Column) -> None:
    with column.measuring("orbit_frames"):
        column.canvas = await canvas_box(visited)
        gesture = await orbit(visited, column.canvas)
        column.add("orbit_frames", gesture.frames / gesture.seconds)
        column.add("orbit_draws", gesture.draws / gesture.seconds)
        column.add("sent", gesture.sent_per_second)


async def _pointed(visited: Visit, column: Column) -> None:
    with column.measuring("jump"):
        column.canvas = await canvas_box(visited)
        column.add("jump", *await jumps(visited, column.canvas))
    with column.measuring("sweep"):
        gesture = await sweep(visited, column.canvas)
        column.add("sweep", *gesture.latencies)
        column.add("sweep_rate", len(gesture.latencies) / gesture.seconds)
        column.add("sent", gesture.sent_per_second)
