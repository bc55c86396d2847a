"""TensorBoard and its standalone projector, in a real browser, show the layouts that embviz exports."""

import json
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Frame, Page
from tensorboard.plugins.projector import projector_plugin

from embviz.dataset import subset
from embviz.datasets import load_dataset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.export import export_projector
from embviz.features.pixels import pixel_features
from embviz.features.vectors import vector_features
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, Tsne, Umap

TIMEOUT_MS = 45_000

READY = """projector => new Promise(done => {
    const look = () => projector.projection ? done() : setTimeout(look, 50);
    look();
})"""

# State of TensorBoard's page: the coordinates of the chosen bookmark, where they are drawn, and what is chosen.
DRAWN = """projector => ({
    components: projector.projection.projectionComponents,
    coords: projector.projection.dataSet.points.map(point => Object.values(point.projections)),
    drawn: Array.from(projector.projectorScatterPlotAdapter.scatterPlot.worldSpacePointPositions),
    ids: projector.dataSet.points.map(point => point.metadata.id),
    colorBy: projector.dataPanel.selectedColorOptionName,
    labelBy: projector.selectedLabelOption,
    sequences: projector.dataSet.sequences.map(sequence => sequence.pointIndices),
    chosen: projector.bookmarkPanel.savedStates.map(state => state.isSelected),
})"""


# Text that TensorBoard's page shows for each point when it is hovered.
HOVERED = """projector => projector.dataSet.points.map((_, index) => {
    projector.notifyHoverOverPoint(index);
    return projector.statusBar.innerText;
})"""


@pytest.fixture
def layouts(tmp_path: Path) -> tuple[Path, list[Projection]]:
    """An exported folder of 60 images, of which ten make a ring, and its layouts: t-SNE 2-D, UMAP 3-D, PCA 2-D."""
    rng = np.random.default_rng(0)
    dataset = dataset_from_arrays(
        images=rng.integers(0, 256, (120, 8, 8)),
        labels=rng.choice(list("abc"), 120),
        metadata=[{"__seq_next__": (item + 2) % 20 if item < 20 else -1} for item in range(120)],
    )
    dataset = subset(dataset, np.arange(0, 120, 2))
    features = pixel_features(dataset)
    projections = [
        Projection(
            rng.normal(size=(60, spec.n_components)).astype(np.float32),
            dataset.ids,
            spec,
            source=features.fingerprint,
            items=dataset.items,
            seconds=0,
        )
        for spec in (Tsne(), Umap(n_components=3), Pca())
    ]
    export_projector(tmp_path / "export", dataset, [features], projections=projections)
    return tmp_path / "export", projections


def test_tensorboard_shows_our_layouts(
    layouts: tuple[Path, list[Projection]], tensorboard_url: str, page: Page
) -> None:
    page.goto(f"{tensorboard_url}/#projector", wait_until="commit")
    assert_bookmarks_show(layouts[1], page)


def test_tensorboard_on_the_folder_of_several_exports_offers_them_all(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(20, 4)))
    for name in ("first", "second"):
        export_projector(tmp_path / "exports" / name, dataset, [vector_features(dataset)])
    pause = threading.Event()
    with tensorboard_on(tmp_path / "exports", tmp_path / "tensorboard.log") as url:
        for _ in range(TIMEOUT_MS // 100):  # TensorBoard reads folders in the background
            with urllib.request.urlopen(f"{url}/data/plugin/projector/runs") as response:
                runs = json.load(response)
            if len(runs) == 2:
                break
            pause.wait(0.1)
    assert sorted(runs) == ["first", "second"]


def test_the_standalone_projector_shows_our_layouts(
    layouts: tuple[Path, list[Projection]], standalone_url: str, page: Page
) -> None:
    page.goto(standalone_url, wait_until="commit")
    assert_bookmarks_show(layouts[1], page)


@pytest.mark.parametrize("split", ["test", "all"])
def test_tensorboard_calls_points_by_their_digit(split: str, tmp_path: Path, page: Page) -> None:
    """TensorBoard would name points by column ``split`` if labels were numbers, and show nothing for a 0."""
    dataset = load_dataset("digits", split, limit=40)
    export_projector(tmp_path / "export", dataset, [pixel_features(dataset)])
    with tensorboard_on(tmp_path / "export", tmp_path / "tensorboard.log") as url:
        page.goto(f"{url}/#projector", wait_until="commit")
        projector = projector_frame(page).locator("vz-projector")
        projector.evaluate(READY)
        assert projector.evaluate("projector => projector.selectedLabelOption") == "label"
        said = projector.evaluate(HOVERED)
        assert said == [f"class {label}" for label in dataset.labels]


def assert_bookmarks_show(projections: list[Projection], page: Page) -> None:
    """Check that a click on each bookmark puts the points where the layout has them."""
    projector = projector_frame(page).locator("vz-projector")
    buttons = projector.locator("vz-projector-bookmark-panel .state-radio")
    buttons.nth(2).wait_for()
    projector.evaluate(READY)
    labels = projector.evaluate("projector => projector.bookmarkPanel.savedStates.map(state => state.label)")
    assert labels == [
        "t-SNE 2D, perplexity 30, seed 0 (embviz)",
        "UMAP 3D, 15 neighbors, min_dist 0.1, seed 0 (embviz)",
        "PCA 2D, components 1, 2 (embviz)",
    ]
    for place, projection in enumerate(projections):
        buttons.nth(place).click()
        view = projector.evaluate(DRAWN)
        dims = projection.coords.shape[1]
        assert view["chosen"] == [other == place for other in range(3)]
        assert view["ids"] == projection.ids.tolist()
        assert (view["colorBy"], view["labelBy"]) == ("label", "label")
        assert [sequence for sequence in view["sequences"] if len(sequence) > 1] == [list(range(10))]
        assert [name for name in view["components"] if name] == ["umap-0", "umap-1", "umap-2"][:dims]
        assert np.array(view["coords"], np.float32).tobytes() == projection.coords.tobytes()
        low, high = projection.coords.min(axis=0), projection.coords.max(axis=0)
        on_screen = 2 * (projection.coords - low) / (high - low) - 1  # TensorBoard stretches each axis to -1..1
        assert np.allclose(np.reshape(view["drawn"], (-1, 3))[:, :dims], on_screen, atol=1e-5)


def projector_frame(page: Page) -> Frame:
    """The frame that holds the projector: an inner one of TensorBoard's page, or the standalone page itself."""
    for _ in range(TIMEOUT_MS // 100):
        for frame in page.frames:
            if frame.locator("vz-projector").count():
                return frame
        page.wait_for_timeout(100)
    raise AssertionError(f"no projector on {page.url} within {TIMEOUT_MS} ms")


@pytest.fixture
def tensorboard_url(layouts: tuple[Path, list[Projection]], tmp_path: Path) -> Iterator[str]:
    """Address of a real TensorBoard, with its default data loader, on the exported folder."""
    with tensorboard_on(layouts[0], tmp_path / "tensorboard.log") as url:
        yield url


@contextmanager
def tensorboard_on(folder: Path, log_path: Path) -> Iterator[str]:
    """A context with the address of a TensorBoard that serves a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder), "--port", str(port)]
    with log_path.open("w") as log:
        server = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            assert _answers(f"{url}/data/plugin/projector/runs", server), log_path.read_text()
            yield url
        finally:
            server.terminate()
            server.wait()


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    pause = threading.Event()
    for _ in range(TIMEOUT_MS // 100):
        if server.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(url) as response:
                return response.status == 200
        except urllib.error.URLError:
            pause.wait(0.1)
    return False


@pytest.fixture
def standalone_url(layouts: tuple[Path, list[Projection]]) -> Iterator[str]:
    """Address of the exported folder on a plain file server, with the same page as on projector.tensorflow.org."""
    folder, _ = layouts
    shutil.copy(Path(projector_plugin.__file__).parent / "tf_projector_plugin" / "projector_binary.js", folder)
    (folder / "index.html").write_text(
        '<!doctype html><link rel="icon" href="data:,"><script defer src="projector_binary.js"></script>'
        '<vz-projector-app style="height: 100vh" serving-mode="demo"></vz-projector-app>'
    )
    handler = partial(_SilentHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html?config=standalone_config.json"
        server.shutdown()


class _SilentHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass
