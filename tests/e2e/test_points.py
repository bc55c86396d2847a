"""Labels beside what is selected, and how points look: size, opacity, pictures in their place."""

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import expect
from sklearn.datasets import load_digits

from tests.e2e.projector_page import ProjectorPage

COUNTED = """() => {
  const canvas = document.querySelector('.embviz').embviz.pointsCopy();
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let drawn = 0;
  for (let at = 3; at < data.length; at += 4) drawn += data[at] / 255;
  return drawn;
}"""

PICTURE = """([left, top, side]) => {
  const canvas = document.querySelector('.embviz').embviz.pointsCopy();
  const data = canvas.getContext('2d').getImageData(left, top, side, side).data;
  return [...data];
}"""


def look(projector: ProjectorPage, **fields: str) -> None:
    """Set fields of the menu of points."""
    page = projector.page
    page.get_by_role("button", name="Points", exact=True).click()
    for name, value in fields.items():
        page.locator(".embviz-look-panel").get_by_label(name).fill(value)
    page.keyboard.press("Escape")
    expect(page.locator(".embviz-look-panel")).to_be_hidden()


def ink(projector: ProjectorPage) -> float:
    """How much of the canvas is covered."""
    projector.page.wait_for_timeout(300)
    return float(projector.page.evaluate(COUNTED))


def test_larger_points_cover_more_and_what_can_be_seen_through_covers_less(projector: ProjectorPage) -> None:
    usual = ink(projector)
    look(projector, Size="2")
    large = ink(projector)
    assert large > 1.8 * usual
    look(projector, Opacity="0.2")
    assert ink(projector) < 0.8 * large
    item = projector.isolated_ids(1, room=30)[0]
    x, y = projector.places()[item]
    projector.page.mouse.move(x - 60, y)
    projector.page.mouse.move(x + 9, y)
    expect(projector.page.locator(".embviz")).to_have_attribute("data-hover", str(item))


def test_only_what_is_selected_is_labeled_each_by_its_own_text(projector: ProjectorPage) -> None:
    page = projector.page
    projector.choose_listed("Label by", "Id")
    labels = page.locator(".embviz-labels span")
    expect(labels).to_have_count(0)
    page.get_by_role("button", name="Box").click()
    places = projector.wait_still()
    xy = np.array(list(places.values()))
    middle = np.median(xy, axis=0)
    projector.drag([tuple(middle - 40), tuple(middle), tuple(middle + 40)])
    expect(labels).not_to_have_count(0)
    inside = {item for item, place in places.items() if (np.abs(np.array(place) - middle) < 41).all()}
    drawn = labels.evaluate_all("spans => spans.map(span => [Number(span.dataset.id), span.textContent])")
    assert {item for item, _ in drawn} <= inside and all(text == str(item) for item, text in drawn)
    boxes = labels.evaluate_all("spans => spans.map(s => s.getBoundingClientRect()).map(b => [b.x, b.y])")
    assert len(boxes) == len({tuple(box) for box in boxes}) > 3
    page.keyboard.press("Escape")
    expect(labels).to_have_count(0)


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_a_picture_in_the_place_of_a_point_is_that_of_its_item(projector: ProjectorPage, dims: str) -> None:
    page = projector.page
    if dims == "3D":
        projector.choose("Dimensions", "3D")
        projector.wait_painted("1797/3/")
    projector.wait_still()
    page.get_by_role("button", name="Points", exact=True).click()
    page.get_by_label("Pictures where there is room").check()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.querySelector('.embviz').embviz.pictures().length > 20")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    pictures = page.evaluate("() => document.querySelector('.embviz').embviz.pictures()")
    digits = load_digits().images
    best = []
    for item, x, y, side in pictures[:8]:
        assert side >= 12
        read = page.evaluate(PICTURE, [round(x - side / 2), round(y - side / 2), round(side)])
        shown = np.array(read, float).reshape(round(side), round(side), 4)
        best.append(correlation(shown, digits[int(item)]))
        others = [correlation(shown, digits[other]) for other in range(100, 130)]
        assert best[-1] >= max(others) - 0.02, f"the picture of item {item} is that of another one"
    assert np.mean(best) > 0.8, "where it is not cut by a fraction of a pixel it is the same"
    item, x, y, side = pictures[0]
    box = page.locator(".embviz-stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.move(box["x"] + x + side * 0.4, box["y"] + y + side * 0.4)
    expect(page.locator(".embviz")).to_have_attribute("data-hover", str(int(item)))
    assert not requests


def correlation(shown: npt.NDArray[np.float64], digit: npt.NDArray[np.float64]) -> float:
    """How much a picture on the screen, of any color on a light ground, looks like a digit."""
    darkness = 255 - shown[..., :3].mean(axis=2)
    places = (np.arange(len(darkness)) * 8) // len(darkness)
    enlarged = digit[np.ix_(places, places)]
    return float(np.corrcoef(darkness.ravel(), enlarged.ravel())[0, 1])
