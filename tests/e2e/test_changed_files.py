"""Files that change while the page is open: the next click shows the new images, also under the pointer."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.projector_page import ProjectorPage
from tests.e2e.servers import ROOT
from tests.unit.idx_files import write_split

SCRIPT = """import os

from embviz.ui import first_picture

os.environ["EMBVIZ_DATA_DIR"] = {folder!r}
first_picture.FEWEST_FOR_TSNE, first_picture.FIRST_TAB = 10**6, "Inspect"
"""


def write_noise(folder, n, seed):
    """Test items of MNIST's size; their ids begin behind the training items, which are not there."""
    rng = np.random.default_rng(seed)
    images, labels = rng.integers(1, 256, (n, 28, 28)).astype(np.uint8), np.arange(n) % 10
    write_split(folder, "t10k", images, labels)
    return dict(enumerate(images, start=60_000))


@pytest.fixture
def server_of_files(compiled_kernels, serve, tmp_path):
    """Folder of MNIST's files, and the address of a page that shows them."""
    folder = tmp_path / "data"
    write_noise(folder, 40, seed=0)
    script = tmp_path / "app.py"
    script.write_text(SCRIPT.format(folder=str(folder)) + (ROOT / "app.py").read_text())
    return folder, serve(tmp_path, script=script)


def assert_tooltips_true(projector, images, count=4):
    for item in projector.isolated_ids(count):
        np.testing.assert_array_equal(projector.tooltip_pixels(item), images[item])


def test_the_next_click_shows_the_new_images_and_nothing_of_the_old_ones(server_of_files, page):
    folder, address = server_of_files
    projector = ProjectorPage(page, address).open()
    projector.wait_painted("40/2/")
    expect(page.locator(".embviz-top")).to_contain_text("40 of 40")
    (item,) = projector.isolated_ids(1)
    page.mouse.click(*projector.places()[item])
    expect(page.get_by_text("Unpin")).to_be_visible()
    images = write_noise(folder, 60, seed=1)
    projector.choose("Dimensions", "3D")
    projector.wait_painted("60/3/")
    expect(page.locator(".embviz-top")).to_contain_text("60 of 60")
    expect(page.get_by_text("Unpin")).to_have_count(0)
    assert_tooltips_true(projector, images)
    images = write_noise(folder, 60, seed=2)
    projector.choose("Dimensions", "2D")
    projector.wait_painted("60/2/")
    assert_tooltips_true(projector, images)
    for path in folder.iterdir():
        path.unlink()
    projector.choose("Dimensions", "3D")
    projector.wait_painted("1797/3/")
    expect(page.locator(".embviz-top")).to_contain_text("Digits")
