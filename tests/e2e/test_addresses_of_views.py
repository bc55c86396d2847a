"""The address of the page brings a view back: in another window, after a reload, not against what was chosen since."""

import pytest
from playwright.sync_api import expect

from tests.e2e.projector_page import ProjectorPage, new_window
from tests.e2e.servers import free_port, served


def settled_address(projector):
    """The address when it has not changed for a second, by the page's own clock, which a busy machine stops."""
    before = ""
    while before != (now := projector.page.evaluate("location.search")):
        before = now
        projector.page.evaluate("() => new Promise((done) => setTimeout(done, 1000))")
    return now


def opened(window, server, query):
    return ProjectorPage(window.new_page(), f"{server}/{query}").open()


def assert_same_places(one, other):
    ours, theirs = one.wait_still(), other.wait_still()
    assert ours.keys() == theirs.keys()
    assert max(abs(a - b) for item in ours for a, b in zip(ours[item], theirs[item], strict=True)) < 2


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_another_window_shows_the_same_from_the_same_side(projector, window, server, dims):
    page = projector.page
    projector.choose("Split", "Train")
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"1258/{dims[0]}/")
    projector.wait_still()
    box = page.locator(".embviz-stage").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    for _ in range(4):
        page.mouse.wheel(0, -120)
        page.wait_for_timeout(100)
    assert "camera=" in settled_address(projector)  # so that only the drag itself can bring its view into the address
    projector.drag([middle, (middle[0] + 90, middle[1] + 40), (middle[0] + 120, middle[1] + 60)])
    projector.wait_still()
    entries = page.evaluate("history.length")
    query = settled_address(projector)
    assert "split=train" in query
    other = opened(window, server, query)
    assert settled_address(other) == query
    assert_same_places(projector, other)
    page.get_by_role("button", name="Reset view").click()
    projector.wait_still()
    assert "camera=" not in settled_address(projector)
    assert page.evaluate("history.length") == entries, "Back leaves the page, as before"
    other.page.close()


def test_what_is_pinned_and_selected_is_there_after_a_reload(projector):
    page = projector.page
    item = projector.isolated_ids(1)[0]
    page.mouse.click(*projector.places()[item])
    page.wait_for_selector(f'.embviz[data-pinned="{item}"]', state="attached")
    page.locator('.embviz-chip[data-code="3"]').wait_for()
    page.get_by_role("button", name="Box", exact=True).click()
    box = page.locator(".embviz-stage").bounding_box()
    left, top = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3
    projector.drag([(left, top), (left + 60, top + 60), (left + 90, top + 90)])
    page.wait_for_function("() => Number(document.querySelector('.embviz').dataset.selected) > 0")
    count = projector.attribute("selected")
    page.wait_for_function("() => /pinned=\\d+/.test(location.search) && /selected=\\d+/.test(location.search)")
    projector.wait_idle()
    page.reload(wait_until="commit")
    projector.wait_painted()
    page.wait_for_selector(f'.embviz[data-pinned="{item}"][data-selected="{count}"]', state="attached")


def test_what_was_chosen_before_a_restart_counts_more_than_what_the_page_was_opened_with(browser, tmp_path, server):
    port = free_port()
    with new_window(browser) as window:
        with served(tmp_path, port=port, killed=True) as address:
            projector = opened(window, address, "?data=digits&split=test&items=300&method=pca&dims=2&tab=Inspect")
            page = projector.page
            expect(page.get_by_role("radio", name="Test", exact=True)).to_be_checked()
            expect(page.locator(".embviz-top")).to_contain_text("300 of 539")
            projector.choose("Split", "Train")
            projector.choose("Dimensions", "3D")
            projector.wait_painted("1258/3/")
            page.locator(".embviz-stage").focus()
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="Unpin")).to_be_visible()
            pinned = projector.attribute("pinned")
        lost = page.get_by_test_id("stConnectionStatus")
        lost.wait_for()
        with served(tmp_path, port=port):
            lost.wait_for(state="detached")
            page.get_by_role("tab", name="Export").click()  # now the new server runs the script of the page
            projector.wait_idle()
            assert "tab=Export" in settled_address(projector)
            projector.wait_painted("1258/3/")
            expect(page.get_by_role("radio", name="Train", exact=True)).to_be_checked()
            expect(page.get_by_role("radio", name="3D", exact=True)).to_be_checked()
            page.get_by_role("tab", name="Inspect").click()
            expect(page.get_by_role("button", name="Unpin")).to_be_visible()  # the new server was told what is pinned
            assert projector.attribute("pinned") == pinned
            page.locator(".st-key-neighbors .embviz-card").nth(3).click()
            expect(page.locator(".embviz")).not_to_have_attribute("data-pinned", pinned)
            page.close()


def test_a_hostile_address_gives_a_sentence_and_the_usual_page(window, server):
    other = opened(window, server, "?method=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&camera=1_2")
    expect(other.page.get_by_role("alert")).to_contain_text("The address of this page cannot be read: method must be")
    other.page.set_viewport_size({"width": 1280, "height": 720})
    legend = other.page.locator(".embviz-legend").bounding_box()
    assert legend["y"] + legend["height"] <= 720, "the plot and its legend stay in sight"
    assert other.page.locator("img[src=x]").count() == 0
    assert other.places()
    other.page.close()
