"""The page in a file: opened from the disk without a network, it shows the right images, classes and view."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import embviz
from embviz.coloring import label_coloring
from tests.e2e.conftest import HARMLESS
from tests.e2e.projector_page import ProjectorPage, new_window

RNG = np.random.default_rng(0)
N = 80
HOSTILE = "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"


@pytest.fixture(scope="module")
def dataset() -> embviz.Dataset:
    """Three clouds, of which each image says who it is: random pixels."""
    codes = np.arange(N) % 3
    return embviz.dataset_from_arrays(
        vectors=RNG.normal(size=(N, 5)) + 6 * np.eye(5)[codes],
        images=RNG.integers(0, 256, (N, 11, 7)),
        labels=[("ash", "elm", HOSTILE)[code] for code in codes],
        name="trees",
    )


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A page without a network; asking for anything but the file and what is in it is a failure, and so is an error."""
    context = new_window(browser)
    context.set_offline(True)
    page = context.new_page()
    wrong: list[str] = []
    page.on(
        "request", lambda sent: None if sent.url.startswith(("file:", "data:", "blob:")) else wrong.append(sent.url)
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert not [each for each in wrong if not any(text in each for text in HARMLESS)]


def opened(page: Page, path: Path) -> ProjectorPage:
    projector = ProjectorPage(page, path.as_uri())
    page.goto(projector.address)
    page.wait_for_selector(f'.embviz[data-painted][data-images="{N}"]', state="attached")
    return projector


def write(folder: Path, dataset: embviz.Dataset, dims: int) -> tuple[Path, embviz.Projection]:
    features = embviz.vector_features(dataset)
    layout = embviz.project(features, embviz.Pca(n_components=dims))
    path = folder / f"trees{dims}.html"
    return embviz.write_page(path, dataset, features, layout, label_coloring(dataset), title=HOSTILE), layout


def check_hover(projector: ProjectorPage, dataset: embviz.Dataset) -> None:
    assert dataset.images is not None and dataset.labels is not None
    for item in projector.isolated_ids(3):
        assert np.array_equal(projector.tooltip_pixels(item), dataset.images[item])
        card = projector.page.locator(".embviz-tooltip")
        expect(card.locator("strong")).to_have_text(dataset.class_names[dataset.labels[item]])
        expect(card).to_contain_text(f"#{item}")


def test_points_images_and_legend_in_2d(offline: Page, dataset: embviz.Dataset, tmp_path: Path) -> None:
    path, layout = write(tmp_path, dataset, 2)
    projector = opened(offline, path)
    assert (
        offline.title() == HOSTILE
        and offline.locator("h1").inner_text() == HOSTILE
        and not offline.locator("img").count()
    )
    places = projector.places()
    pixels = np.array([places[item] for item in range(N)])
    (across, _), (_, up) = np.linalg.lstsq(np.c_[layout.coords, np.ones(N)], pixels, rcond=None)[0][:2]
    assert across > 0 and up == pytest.approx(-across, rel=1e-3), "both axes have one scale"
    check_hover(projector, dataset)

    assert dataset.labels is not None
    elm = set(np.flatnonzero(dataset.labels == dataset.class_names.index("elm")).tolist())
    chip = offline.locator(".embviz-chip", has_text="elm")
    expect(chip).to_contain_text(str(len(elm)))
    hidden = next(item for item in projector.isolated_ids(12) if item in elm)
    chip.click()
    expect(offline.locator(".embviz")).to_have_attribute("data-shown", str(N - len(elm)))
    offline.mouse.move(*places[hidden])
    expect(offline.locator(".embviz-tooltip")).to_be_hidden()
    chip.dblclick()
    expect(offline.locator(".embviz")).to_have_attribute("data-shown", str(len(elm)))
    assert set(projector.places()) == elm

    offline.mouse.move(*places[hidden])
    offline.mouse.wheel(0, -400)
    offline.mouse.move(places[hidden][0] + 1, places[hidden][1])
    assert projector.places()[hidden] == pytest.approx(places[hidden], abs=2), "the wheel enlarges around the pointer"
    check_hover(projector, dataset)
    projector.drag([places[hidden], (places[hidden][0] + 60, places[hidden][1] + 30)])
    assert np.subtract(projector.places()[hidden], places[hidden]) == pytest.approx((60, 30), abs=3)
    offline.get_by_role("button", name="Reset view").click()
    assert projector.places()[hidden] == pytest.approx(places[hidden], abs=0.5)
    offline.locator(".embviz-stage").focus()
    offline.keyboard.press("+")
    offline.keyboard.press("ArrowLeft")
    moved = projector.places()
    other = max(moved, key=lambda item: min(np.abs(np.subtract(places[item], places[hidden]))))
    wider = np.subtract(moved[hidden], moved[other]) / np.subtract(places[hidden], places[other])
    assert wider == pytest.approx((1.5, 1.5), rel=0.05)
    offline.keyboard.press("0")
    assert projector.places()[hidden] == pytest.approx(places[hidden], abs=0.5)


def test_turned_in_3d_and_dark_where_the_system_is(offline: Page, dataset: embviz.Dataset, tmp_path: Path) -> None:
    projector = opened(offline, write(tmp_path, dataset, 3)[0])
    before = projector.places()
    check_hover(projector, dataset)
    box = offline.locator(".embviz-stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    projector.drag([(x, y), (x + 90, y + 20), (x + 150, y + 40)])
    after = projector.places()
    assert max(np.hypot(*np.subtract(after[item], before[item])) for item in after) > 20
    check_hover(projector, dataset)
    light = offline.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    offline.emulate_media(color_scheme="dark")
    dark = offline.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(15, 18, 22)")
    offline.wait_for_function("() => document.querySelector('.embviz-chip i').style.background.includes('122, 114')")


def test_a_tap_shows_an_item_until_the_next_touch(offline: Page, dataset: embviz.Dataset, tmp_path: Path) -> None:
    projector = opened(offline, write(tmp_path, dataset, 2)[0])
    fingers = offline.context.new_cdp_session(offline)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in places]})

    def tap(place: tuple[float, float]) -> None:
        touch("touchStart", place)
        touch("touchEnd")

    item = projector.isolated_ids(1)[0]
    place, card = projector.places()[item], offline.locator(".embviz-tooltip")
    for end in ("beside", "drag"):
        tap(place)
        expect(card).to_be_visible()
        expect(card).to_contain_text(f"#{item}")
        if end == "beside":
            box = offline.locator("h1").bounding_box()
            assert box is not None
            tap((box["x"] + 2, box["y"] + 2))
        else:
            touch("touchStart", place)
            touch("touchMove", (place[0] + 60, place[1] + 30))
            touch("touchEnd")
        expect(card).to_be_hidden()


def test_a_file_that_was_cut_off_says_so(browser: Browser, dataset: embviz.Dataset, tmp_path: Path) -> None:
    path = write(tmp_path, dataset, 2)[0]
    whole = path.read_text()
    part = whole.index('data-part="part-1">') + len('data-part="part-1">')
    path.write_text(whole[:part] + whole[part + 40 :])
    context = new_window(browser)
    page = context.new_page()
    page.goto(path.as_uri())
    expect(page.locator("#embviz-waiting")).to_contain_text("This file is not complete")
    context.close()
