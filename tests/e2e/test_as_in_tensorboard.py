"""Rows of docs/tensorboard.md that no other test looks at: what each control does to the points that are drawn."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser, Page, expect
from sklearn.datasets import load_digits

from embviz import load_dataset, pixel_features
from embviz.coloring.palette import TEN
from embviz.projection import Pca, project
from tests.e2e.projector_page import ProjectorPage
from tests.e2e.servers import ROOT, served

N = 21_000
"""More items than TensorBoard lays out by t-SNE, 10,000, or by UMAP, 5,000, and than are shown here at first."""

SEEN = """(element, name) => {
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
  for (const color of [getComputedStyle(element.closest('.stApp')).backgroundColor, getComputedStyle(element)[name]]) {
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
  }
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""
"""A color of an element as it is seen on the page's ground, r, g, b."""
DRAWN = """() => {
  const canvas = document.querySelector('.embviz').embviz.pointsCopy();
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const found = {};
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) found[data.slice(at, at + 3).join(' ')] = true;
  return Object.keys(found);
}"""
"""Colors of the canvas of points, as ``r g b``."""


def luminance(color: list[int]) -> float:
    """By WCAG 2."""
    parts = np.array(color) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: list[int], other: list[int]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def rgb(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_the_menu_chooses_a_theme_whose_ground_text_and_points_can_be_told_apart(
    browser: Browser, server: str, theme: str
) -> None:
    page = (projector := ProjectorPage.of_another_visitor(browser, server)).page
    page.emulate_media(color_scheme="light" if theme == "Dark" else "dark")
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    page.get_by_role("menuitemradio", name=theme).click()
    page.keyboard.press("Escape")
    colors = [rgb(getattr(color, theme.lower())) for color in TEN]
    swatch = page.locator(".embviz-chip i").first
    expect(swatch).to_have_css("background-color", f"rgb({', '.join(map(str, colors[0]))})")
    projector.wait_idle()
    projector.wait_still()
    ground = page.locator(".embviz").evaluate(SEEN, "backgroundColor")
    assert (luminance(ground) < 0.05) == (theme == "Dark")
    assert {" ".join(map(str, color)) for color in colors} <= set(page.evaluate(DRAWN))
    assert min(contrast(color, ground) for color in colors) >= 3
    for text in (".embviz-chip b", ".embviz-legend-title", ".embviz-top"):
        assert contrast(page.locator(text).first.evaluate(SEEN, "color"), ground) >= 4.5, text
    page.context.close()


def test_labels_in_three_dimensions_stand_at_their_own_items_also_when_these_are_turned(
    projector: ProjectorPage,
) -> None:
    page = projector.page
    projector.choose("Dimensions", "3D")
    projector.wait_painted("1797/3")
    projector.choose_listed("Label by", "Class label")
    projector.choose_listed("Search by", "Class")
    projector.choose_listed(page.locator(".st-key-search").get_by_role("combobox", name="Class"), "7")
    page.get_by_role("button", name="Select", exact=True).click()
    labels = page.locator(".embviz-labels span")
    expect(labels).not_to_have_count(0)
    projector.wait_idle()
    assert_labels_stand_at_their_items(projector)
    before = projector.wait_still()
    box = page.locator(".embviz-stage").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    projector.drag([middle, (middle[0] + 90, middle[1] + 20), (middle[0] + 140, middle[1] + 40)])
    page.mouse.move(5, 5)
    assert projector.wait_still() != before
    assert_labels_stand_at_their_items(projector)


def assert_labels_stand_at_their_items(projector: ProjectorPage) -> None:
    """Each label says the class of an item that is a seven, and stands right above its point."""
    places, classes = projector.wait_still(), load_digits().target
    drawn = projector.page.locator(".embviz-labels span").evaluate_all(
        "spans => spans.map(s => [Number(s.dataset.id), s.textContent, s.getBoundingClientRect()])"
        ".map(([id, text, box]) => [id, text, (box.left + box.right) / 2, (box.top + box.bottom) / 2])"
    )
    assert len(drawn) > 3
    for item, text, across, up in drawn:
        x, y = places[item]
        assert text == str(classes[item]) == "7"
        assert abs(across - x) < 2 and 0 < y - up < 20, (item, across - x, y - up)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vectors of two numbers, on a slanted grid that is longer than it is wide."""
    path = tmp_path_factory.mktemp("grid") / "grid.npy"
    rows = np.arange(N)
    np.save(path, np.c_[3.0 * (rows // 100), rows % 100].astype(np.float32))
    return path


def test_all_of_many_items_are_laid_out_and_shown(
    compiled_kernels: None, page: Page, grid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "app.py"
    few = "from embviz.ui import first_picture\n\nfirst_picture.FEWEST_FOR_TSNE = 10**6\n"
    script.write_text(few + (ROOT / "app.py").read_text())
    monkeypatch.setenv("EMBVIZ_OPEN", f'{{"file": "{grid.as_posix()}"}}')
    with served(tmp_path, script=script) as address:
        projector = ProjectorPage(page, address).open()
        expect(page.locator(".embviz-top")).to_contain_text(f"10,000 of {N:,}")
        projector.choose_listed("Items", f"All {N:,}")
        projector.wait_painted(f"{N}/2")
        places = projector.wait_still()
        assert sorted(places) == list(range(N))
        drawn = np.array([places[item] for item in range(N)])
        np.testing.assert_allclose(fitted(drawn, np.load(grid).astype(float)), drawn, atol=0.02)
        page.goto("about:blank")


def fitted(drawn: npt.NDArray[np.float64], coords: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The places that come nearest to those drawn, of all that turn, mirror, enlarge and move the coordinates."""
    [a, b] = [each - each.mean(axis=0) for each in (drawn, coords)]
    left, strengths, right = np.linalg.svd(b.T @ a)
    found: npt.NDArray[np.float64] = b @ left @ right * strengths.sum() / (b**2).sum() + drawn.mean(axis=0)
    return found


def test_both_axes_have_one_scale_in_windows_of_any_shape(projector: ProjectorPage) -> None:
    dataset = load_dataset("digits", "all")
    coords = project(pixel_features(dataset), Pca()).coords.astype(float)
    for width, height in ((1280, 720), (1000, 1100), (1700, 640)):
        projector.page.set_viewport_size({"width": width, "height": height})
        places = projector.wait_still()
        drawn = np.array([places[int(item)] for item in dataset.ids])
        (across, up) = (np.polyfit(coords[:, axis], drawn[:, axis], 1)[0] for axis in (0, 1))
        assert across > 0 and up == pytest.approx(-across, rel=1e-3), (width, height)
        np.testing.assert_allclose(fitted(drawn, coords), drawn, atol=0.05)
