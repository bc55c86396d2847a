"""Long layouts and downloads show progress, can be cancelled and may fail, while the page stays usable."""

import zipfile

import numpy as np
from playwright.sync_api import expect
from pyarrow import parquet

from embviz.datasets import load_dataset

DIGITS = load_dataset("digits", "all")


def test_tsne_is_there_at_once_the_second_time(projector):
    page = projector.page
    projector.choose("Split", "Test")
    projector.wait_painted("539/2/")
    pca = projector.attribute("painted")
    projector.choose("Method", "t-SNE")
    projector.run()
    page.locator(".embviz-top").get_by_text("t-SNE 2D, perplexity 30, seed 0").wait_for()
    page.wait_for_selector(".embviz:not([data-run]) .embviz-replay input:enabled")
    projector.wait_still()
    item = projector.isolated_ids(1)[0]
    np.testing.assert_array_equal(projector.tooltip_pixels(item), DIGITS.images[item])
    projector.choose("Method", "PCA")
    projector.wait_painted(pca)
    projector.choose("Method", "t-SNE")
    page.wait_for_function("old => document.querySelector('.embviz').dataset.painted !== old", arg=pca)
    assert page.get_by_role("button", name="Run").count() == 0, "nobody pressed Run"


def test_progress_can_be_cancelled_which_keeps_the_layout_before_and_offers_run_again(projector):
    page = projector.page
    before, place = projector.attribute("painted"), page.locator(".embviz").bounding_box()
    projector.choose("Method", "t-SNE")
    page.get_by_role("slider", name="Iterations").focus()
    page.keyboard.press("End")
    projector.wait_idle()  # what is drawn anew between pressing and releasing the button does not hear of the click
    projector.unfold(page.get_by_text("Advanced"))
    projector.choose("Engine", "scikit-learn")
    projector.run()
    page.get_by_role("progressbar").wait_for()
    assert page.locator(".embviz").bounding_box() == place
    page.get_by_role("button", name="Cancel").click()
    page.locator(".st-key-pending-projector").get_by_role("button", name="Run").wait_for()
    assert projector.attribute("painted") == before
    assert projector.isolated_ids(1)


def test_failed_download_says_why_what_to_do_and_can_be_dismissed(projector):
    page = projector.page
    page.get_by_role("button", name="Download MNIST").click()
    alert = page.get_by_role("alert").filter(has_text="MNIST was not downloaded: ")
    expect(alert).to_be_visible()
    assert alert.bounding_box()["height"] < 60, "no block that pushes the controls out of sight"
    expect(page.get_by_test_id("stToast")).to_contain_text("MNIST was not downloaded: ")
    page.get_by_role("button", name="How to use local files").click()
    expect(page.get_by_text("EMBVIZ_DATA_DIR=/path/to/folder")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Try again").click()
    projector.wait_idle()
    expect(alert).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    projector.wait_idle()
    expect(alert).to_be_hidden()
    projector.choose("Dimensions", "3D")
    projector.wait_painted("1797/3/")
    expect(alert).to_be_hidden()


def test_export_downloads_a_projector_folder(projector):
    page = projector.page
    page.get_by_role("tab", name="Export").click()
    page.get_by_role("button", name="Prepare files").click()
    link = page.get_by_role("button", name="Download embviz-digits")
    link.wait_for()
    with page.expect_download() as download:
        link.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        names = {name.rsplit("/", 1)[-1] for name in archive.namelist()}
    needed = ["projector_config.pbtxt", "metadata.tsv", "sprite.png", "tensor-pixels.bytes", "bookmarks-pixels.json"]
    assert set(needed) <= names
    page.get_by_text("tensorboard --logdir").last.wait_for()


def test_export_downloads_a_table_of_the_layout_on_screen(projector, tmp_path):
    page = projector.page
    page.get_by_role("tab", name="Export").click()
    page.get_by_role("button", name="Prepare table").click()
    link = page.get_by_role("button", name="Download embviz-digits")
    link.wait_for()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".parquet")
    download.value.save_as(tmp_path / "table.parquet")
    table = parquet.read_table(tmp_path / "table.parquet")
    assert {"id", "label", "x", "y", "image", "vector", "neighbors"} <= set(table.column_names)
    digits = load_dataset("digits", "all")
    assert table["id"].to_pylist() == digits.ids.tolist()
    assert table["label"].to_pylist() == digits.labels.tolist()
