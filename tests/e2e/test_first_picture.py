"""The first picture, for a visitor who has chosen nothing: t-SNE, which forms if nobody has computed it before."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.projector_page import ProjectorPage, new_window
from tests.e2e.servers import served

TSNE = re.compile(r"^embviz.*Digits 8×8 all.*t-SNE 2D, perplexity 30, seed 0.*")


@pytest.fixture(scope="module")
def address(compiled_kernels: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that has computed nothing yet."""
    with served(tmp_path_factory.mktemp("first")) as address:
        yield address


def tab(page: Page) -> str:
    return page.locator('[role="tab"][aria-selected="true"]').inner_text()


def test_it_forms_unasked_and_is_there_with_classes_1_and_7_for_who_comes_next(browser: Browser, address: str) -> None:
    with new_window(browser) as window:
        page = window.new_page()
        page.goto(address)
        first = ProjectorPage(page, address)
        expect(page.locator('[role="tab"][aria-selected="true"]')).to_have_text("Inspect")
        expect(page.locator(".st-key-run")).to_contain_text("Shown")
        first.wait_painted("1797/2/")
        expect(page.locator(".embviz-top")).to_have_text(TSNE)
        expect(page.get_by_role("button", name="+250 iterations")).to_be_visible()
        assert tab(page) == "Inspect", "nothing is moved under a visitor"
        places = first.wait_still()
    with new_window(browser) as window:
        page = window.new_page()
        later = ProjectorPage(page, address).open()
        expect(page.locator(".embviz-top")).to_have_text(TSNE)
        assert tab(page) == "Overlap"
        expect(page.locator(".st-key-pair-findings")).to_contain_text("Closest pairs")
        expect(page.locator(".embviz-status")).to_contain_text("1 and 7")
        expect(page.get_by_role("button", name="+250 iterations")).to_have_count(0)
        assert later.wait_still().keys() == places.keys()


def test_who_chooses_something_before_the_scripts_are_there_sees_that(browser: Browser, address: str) -> None:
    with new_window(browser) as window:
        page = window.new_page()
        waiting: list[Route] = []
        page.route("**/embviz/js/*/index.js", lambda route: waiting.append(route))
        page.goto(address)
        visitor = ProjectorPage(page, address)
        page.locator(".embviz").wait_for(state="attached")
        page.get_by_role("radiogroup", name="Method").get_by_text("PCA", exact=True).click()
        expect(page.locator(".embviz-top")).to_contain_text("PCA 2D")
        visitor.wait_idle()
        for route in waiting:
            route.continue_()
        visitor.wait_painted("1797/2/")
        expect(page.locator(".embviz-top")).to_contain_text("PCA 2D")
        visitor.choose("Method", "UMAP")
        expect(page.locator(".st-key-pending-projector")).to_contain_text("Not computed yet")
