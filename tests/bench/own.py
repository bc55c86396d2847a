"""Own files on the page: seconds from the command to the first picture, and how soon other colors are shown."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
from PIL import Image
from playwright.async_api import Playwright, async_playwright
from pyarrow import parquet

from tests.bench.gestures import Gesture, canvas_box, orbit
from tests.bench.inputs import bench_items
from tests.bench.servers import ROOT, Server, atlas_server, embviz_server
from tests.bench.visits import Visit, visit

Say = Callable[[str], None]

LIMIT = 300.0
"""Seconds that one step may take."""

RECOLOR = """name => new Promise((done) => {
  let clicked = 0;
  addEventListener("pointerup", () => (clicked = performance.now()), { capture: true, once: true });
  const legend = document.querySelector(".embviz-legend");
  const watching = new MutationObserver(() => {
    if (!legend.textContent.includes(name)) return;
    watching.disconnect();
    requestAnimationFrame(() => done(performance.now() - clicked));
  });
  watching.observe(legend, { subtree: true, childList: true, characterData: true });
})"""
"""Milliseconds from the next click until the legend has a name in it, and the frame after that begins."""


@dataclass(frozen=True, slots=True)
class Own:
    """What was measured, by name: medians are printed beside the target."""

    targets: dict[str, tuple[float, str]]
    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, *values: float) -> None:
        """Add values of one measure."""
        self.samples.setdefault(name, []).extend(values)


LAID_OUT = "the same parquet: `embviz project --method umap`"
ATLAS = "the same parquet: `embedding-atlas` until UMAP is computed and its server answers"

TARGETS = {
    "parquet of 100,000 x 128: command to first picture": (12.0, "s"),
    LAID_OUT: (0.0, "s"),
    ATLAS: (0.0, "s"),
    "zip of 70,000 images: command to first picture": (25.0, "s"),
    "color by another column": (100.0, "ms"),
    "orbit, one pane": (0.0, "frames/s"),
    "orbit, four panes": (0.0, "frames/s"),
}
"""The most of each, 0 for no limit; of frames, those of four panes are to be half of those of one at least.

Of embedding-atlas only the server is measured: its page draws by WebGPU, which may be missing.
"""


async def own_report(repeats: int, say: Say, atlas: Path | None = None) -> Own:
    """Measure everything, each with a new server and an empty store.

    `atlas` is the Python of an environment with embedding-atlas, whose server then opens the same parquet file.
    """
    own = Own(TARGETS)
    with tempfile.TemporaryDirectory() as home:
        table, images = _table(Path(home) / "items.parquet"), _zip(Path(home) / "images.zip")
        async with async_playwright() as playwright:
            for turn in range(repeats):
                say(f"table, {turn + 1} of {repeats}")
                await _table_turn(playwright, table, own)
                if atlas is not None:
                    own.add(LAID_OUT, _umap_seconds(table))
                    with atlas_server(atlas, table) as server:
                        own.add(ATLAS, time.time() - server.started)
                say(f"images, {turn + 1} of {repeats}")
                async with visit(playwright, "embviz", LIMIT) as visited:
                    with (
                        tempfile.TemporaryDirectory() as store,
                        embviz_server(Path(store), None, opens=images) as server,
                    ):
                        painted, _ = await visited.open(server.url)
                        own.add("zip of 70,000 images: command to first picture", painted / 1000 - server.started)
    return own


@contextmanager
def _opened(file: Path) -> Iterator[Server]:
    """A server that opens on a file and has computed nothing yet."""
    with tempfile.TemporaryDirectory() as store, embviz_server(Path(store), None, opens=file) as server:
        yield server


async def _table_turn(playwright: Playwright, table: Path, own: Own) -> None:
    async with visit(playwright, "embviz", LIMIT) as visited:
        with _opened(table) as server:
            painted, _ = await visited.open(server.url)
            own.add("parquet of 100,000 x 128: command to first picture", painted / 1000 - server.started)
            await visited.says("Shown")
            for column in ("size", "site", "size", "site"):
                own.add("color by another column", await _recolored(visited, column))
            await visited.choose("Method", "PCA")
            await visited.changed("Dimensions", "3D", "10000/3/")
            box = await canvas_box(visited)
            own.add("orbit, one pane", _rate(await orbit(visited, box)))
            for _ in range(3):
                await visited.page.get_by_role("button", name="Compare").click()
                await visited.quiet()
            own.add("orbit, four panes", _rate(await orbit(visited, await canvas_box(visited))))


def _umap_seconds(table: Path) -> float:
    """Seconds of the command that lays the vectors of a file out by UMAP; nothing is stored before."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as store:
        options = ["--vectors", "embedding", "--method", "umap", "--metric", "cosine", "--out", f"{store}/umap.parquet"]
        command = [sys.executable, "-m", "embviz", "project", str(table), *options]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"EMBVIZ_STORE_DIR": store}, check=True)
    return time.monotonic() - began


def _rate(gesture: Gesture) -> float:
    return gesture.draws / gesture.seconds


async def _recolored(visited: Visit, column: str) -> float:
    """Milliseconds from the click on a column until the points have its colors."""
    page = visited.page
    await page.get_by_role("combobox", name="Color by").click()
    waiting = await page.evaluate_handle(f"window.recolored = ({RECOLOR})({json.dumps(column)}), 0")
    await waiting.dispose()
    await page.get_by_role("option", name=column, exact=True).click()
    found: float = await page.evaluate("window.recolored")
    await visited.quiet()
    return found


def _table(path: Path, n: int = 100_000, d: int = 128) -> Path:
    """A parquet file of vectors near the middles of ten classes, and five columns."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n)
    vectors = (3 * rng.normal(size=(10, d)))[labels] + rng.normal(size=(n, d))
    columns = {
        "embedding": pa.FixedSizeListArray.from_arrays(vectors.astype(np.float32).ravel(), d),
        "label": np.array([f"class {code}" for code in range(10)])[labels],
        "name": [f"item {row}" for row in range(n)],
        "size": rng.gamma(2, size=n),
        "site": rng.choice(np.array(["north", "south", "east", "west"]), n),
        "checked": rng.random(n) < 0.3,
    }
    parquet.write_table(pa.table(columns), path)
    return path


def _zip(path: Path) -> Path:
    """A zip of MNIST's images as PNG files in a folder for each class; of digits where MNIST is not here."""
    dataset = bench_items(70_000).dataset
    assert dataset.images is not None and dataset.labels is not None, "both sets have them"
    with zipfile.ZipFile(path, "w") as archive:
        for row, (image, label) in enumerate(zip(dataset.images, dataset.labels, strict=True)):
            packed = io.BytesIO()
            Image.fromarray(image).save(packed, "PNG")
            archive.writestr(f"{label}/{row:05}.png", packed.getvalue())
    return path


def markdown(own: Own) -> str:
    """A table of medians."""
    lines = ["| what | median | at most | samples |", "|:--|--:|--:|--:|"]
    for name, values in own.samples.items():
        most, unit = own.targets[name]
        lines.append(f"| {name} | {median(values):.1f} {unit} | {f'{most:g} {unit}' if most else ''} | {len(values)} |")
    return "\n".join([*lines, "", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())])
