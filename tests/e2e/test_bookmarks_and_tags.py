"""Bookmarks and tags as a person uses them: saved, reloaded, restored; TensorBoard's file; two windows."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.projector_page import ProjectorPage, new_window
from tests.e2e.servers import served


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def address(compiled_kernels, home):
    script = home / "app.py"
    from tests.e2e.servers import ROOT

    first = "from embviz.ui import first_picture\n\n"
    first += 'first_picture.FEWEST_FOR_TSNE, first_picture.FIRST_TAB = 10**6, "Inspect"\n'
    script.write_text(first + (ROOT / "app.py").read_text())
    with served(home, script=script) as found:
        yield found


def opened(browser, address):
    window = new_window(browser)
    return ProjectorPage(window.new_page(), address).open()


def bookmarks(projector):
    """The bookmarks, opened."""
    place = projector.page.locator(".st-key-bookmarks")
    if not place.get_by_label("Name").is_visible():
        projector.unfold(place.get_by_text("Bookmarks").first)
    return place


def test_a_bookmark_is_there_after_a_reload_and_in_no_other_browser(browser, address):
    projector = opened(browser, address)
    page = projector.page
    projector.choose("Dimensions", "3D")
    projector.wait_painted("1797/3/")
    place = bookmarks(projector)
    place.get_by_label("Name").fill("from above")
    place.get_by_role("button", name="Save").click()
    expect(place.get_by_text("Bookmarks · 1")).to_be_visible()
    projector.choose("Dimensions", "2D")
    projector.wait_painted("1797/2/")
    page.reload(wait_until="commit")
    projector.wait_painted("1797/2/")
    bookmarks(projector).get_by_role("button", name="Restore").click()
    projector.wait_painted("1797/3/")
    expect(page.get_by_role("radio", name="3D", exact=True)).to_be_checked()
    other = opened(browser, address)
    expect(bookmarks(other).get_by_role("button", name="Restore")).to_have_count(0)
    other.page.context.close()
    page.context.close()


@pytest.mark.parametrize("dims", [2, 3])
def test_camera_isolation_and_labels_are_there_after_a_reload_and_by_a_bookmark(browser, home, address, dims):
    view = f"data=digits&split=all&features=pixels&method=pca&dims={dims}&tab=Inspect&label=id&pinned=7&selected=0-59"
    projector = opened(browser, f"{address}/?{view}")
    page = projector.page
    page.get_by_role("button", name="Isolate", exact=True).click()
    projector.wait_painted(f"60/{dims}/")
    usual = projector.wait_still()
    box = page.locator(".embviz-stage").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    projector.drag([middle, (middle[0] + 90, middle[1] + 40), (middle[0] + 120, middle[1] + 60)])
    page.wait_for_function("() => location.search.includes('camera=') && location.search.includes('isolated=0-59')")
    chosen = settled_places(projector)
    assert farthest(usual, chosen) > 30
    place = bookmarks(projector)
    place.get_by_label("Name").fill("near")
    place.get_by_role("button", name="Save").click()
    expect(place.get_by_text("Bookmarks · 1")).to_be_visible()
    while not any(f"dims={dims}" in line and "camera=" in line for line in journal_lines(home)):
        page.wait_for_timeout(100)  # until the browser has said from where it looks

    page.reload(wait_until="commit")
    projector.wait_painted(f"60/{dims}/")
    assert farthest(chosen, settled_places(projector)) < 2

    page.get_by_role("button", name="Reset view").click()
    assert farthest(chosen, settled_places(projector)) > 30
    assert page.locator('.embviz-labels span[data-id="7"]').text_content() == "7"
    bookmarks(projector).get_by_role("button", name="Restore").click()
    page.wait_for_function("() => location.search.includes('camera=')")
    assert farthest(chosen, settled_places(projector)) < 2, "the same layout is drawn, and is only moved"
    page.context.close()


def journal_lines(home):
    """What all visitors' bookmarks were kept as, one event a line."""
    journals = (home / "store" / "bookmarks").glob("*.jsonl")
    return [line for path in journals for line in path.read_text(encoding="utf-8").splitlines()]


def settled_places(projector):
    """Places of the points when the address, which is written after the last movement, says where one looks from."""
    projector.wait_idle()
    projector.page.wait_for_timeout(600)
    return projector.wait_still()


def farthest(one, other):
    """How many pixels the point that differs most is moved from one drawing to another."""
    both = one.keys() & other.keys()
    return max(max(abs(a - b) for a, b in zip(one[item], other[item], strict=True)) for item in both)


def test_a_bookmark_file_of_tensorboard_is_read(browser, address, tmp_path):
    projector = opened(browser, address)
    file = tmp_path / "state.txt"
    state = {"label": "Plane", "selectedProjection": "pca", "pcaComponentDimensions": [1, 0], "selectedPoints": [3, 4]}
    file.write_text(json.dumps([state]))
    place = bookmarks(projector)
    place.get_by_role("button", name="File").click()
    projector.page.locator('input[type="file"]').set_input_files(str(file))
    expect(place.get_by_text("1 bookmarks were added.")).to_be_visible()
    place.get_by_role("button", name="Restore").click()
    projector.page.wait_for_selector('.embviz[data-selected="2"]', state="attached")
    projector.page.wait_for_function("() => location.search.includes('axes=2,1')")
    projector.page.context.close()


def test_a_selection_is_tagged_colored_and_still_tagged_in_another_window(browser, address):
    projector = opened(browser, f"{address}/?data=digits&split=all&method=pca&dims=2&tab=Inspect&selected=0-9")
    page = projector.page
    page.wait_for_selector('.embviz[data-selected="10"]', state="attached")
    page.get_by_role("combobox", name="Tag", exact=True).fill("look again")
    page.get_by_role("combobox", name="Tag", exact=True).press("Enter")
    projector.wait_idle()
    page.get_by_role("button", name="Tag 10 items").click()
    expect(page.get_by_role("button", name="Undo tag")).to_be_visible()
    other = opened(browser, f"{address}/?data=digits&split=all&method=pca&dims=2&color=column&column=tag")
    expect(other.page.locator(".embviz-legend-title")).to_contain_text("tag")
    expect(other.page.locator(".embviz-chip", has_text="look again")).to_contain_text("10")
    other.page.context.close()
    page.context.close()
