"""Very many points, here by a low limit: thinned while the view moves, whole when it is still; and their density."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.projector_page import ProjectorPage

LIMIT = 120
"""Points that are drawn while the view moves."""

DRAWN = """() => {
  const gl = document.querySelector('.embviz-points').getContext('webgl2');
  const draw = gl.drawElements;
  window.drawn = [];
  gl.drawElements = function (mode, count, ...more) {
    if (mode === gl.POINTS) window.drawn.push(count);
    return draw.call(this, mode, count, ...more);
  };
}"""

INK = """() => {
  const canvas = document.querySelector('.embviz').embviz.pointsCopy();
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return data.filter((_, at) => at % 4 === 3 && data[at] > 0).length;
}"""

SHOWN = """() => {
  const canvas = document.querySelector('.embviz-density');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return [canvas.hidden, Number(canvas.dataset.total), data.filter((_, at) => at % 4 === 3 && data[at] > 0).length];
}"""


@pytest.fixture
def few_at_a_time(page: Page) -> Iterator[None]:
    """Let the browser think that it can draw few points in time, and never learn otherwise."""

    def changed(route: Route) -> None:
        text = route.fetch().text()
        for name, value in (("ALWAYS_WHOLE", LIMIT), ("LEAST", LIMIT), ("TRUST", 0)):
            text, count = re.subn(rf"const {name} = [^;]*;", f"const {name} = {value};", text)
            assert count == 1, name
        route.fulfill(body=text, content_type="text/javascript")

    page.route("**/crowd/thinning.js", changed)
    yield
    page.unroute("**/crowd/thinning.js")


def wait_whole(projector: ProjectorPage) -> None:
    projector.page.wait_for_selector('.embviz-stage[data-drawn="all"]', state="attached")


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_a_sample_is_drawn_while_the_view_moves_and_everything_when_it_is_still(
    few_at_a_time: None, projector: ProjectorPage, dims: str
) -> None:
    page = projector.page
    if dims == "3D":
        projector.choose("Dimensions", "3D")
    projector.wait_painted(f"/{dims[0]}/")
    n = len(projector.wait_still())
    wait_whole(projector)
    page.evaluate(DRAWN)
    box = page.locator(".embviz-stage").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    projector.drag([middle, (middle[0] + 20, middle[1] + 9), (middle[0] + 40, middle[1] + 12)])
    wait_whole(projector)
    page.wait_for_function(f"() => window.drawn.slice(-{-(-n // LIMIT)}).reduce((sum, count) => sum + count, 0) >= {n}")
    wait_whole(projector)
    counts = page.evaluate("window.drawn")
    assert max(counts) <= LIMIT, "never more at a time"
    slices = -(-n // LIMIT)
    assert sum(counts[-slices:]) == n, "the last ones are all points, in slices"
    item = projector.isolated_ids(1)[0]
    x, y = projector.places()[item]
    page.mouse.move(x - 40, y)
    page.mouse.move(x, y)
    expect(page.locator(".embviz")).to_have_attribute("data-hover", str(item))


def test_the_density_counts_every_item_in_sight_and_items_can_still_be_pointed_at(projector: ProjectorPage) -> None:
    page = projector.page
    n = len(projector.wait_still())
    covered = page.evaluate(INK)
    page.get_by_role("button", name="Points", exact=True).click()
    page.get_by_label("Density in place of points").check()
    page.keyboard.press("Escape")
    note = page.locator(".embviz-density-note")
    expect(note).to_contain_text("most frequent among its items")
    expect(note).to_contain_text(re.compile(r"from 1 to \d+\.$"))
    projector.wait_still()
    is_hidden, total, squares = page.evaluate(SHOWN)
    assert not is_hidden and total == n and 0 < squares <= n
    expect(page.locator(".embviz-points")).to_be_hidden()
    item = projector.isolated_ids(1)[0]
    x, y = projector.places()[item]
    page.mouse.move(x - 40, y)
    page.mouse.move(x, y)
    expect(page.locator(".embviz")).to_have_attribute("data-hover", str(item))
    chip = page.locator('.embviz-chip[data-code="3"]')
    hidden = int(chip.locator("span").inner_text().replace(",", ""))
    chip.click()
    page.wait_for_function(f"() => document.querySelector('.embviz-density').dataset.total === '{n - hidden}'")
    chip.click()
    page.get_by_role("button", name="Points", exact=True).click()
    page.get_by_label("Density in place of points").uncheck()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    projector.wait_still()
    assert abs(page.evaluate(INK) - covered) < 0.02 * covered
