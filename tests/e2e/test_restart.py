"""After the server was killed and started again, the page says that its run has ended, and works."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.projector_page import ProjectorPage, new_window
from tests.e2e.servers import free_port, served


@pytest.fixture
def visitor(browser, server):
    """A page whose console may show errors, because its server goes away; `server` has kernels compiled before."""
    with new_window(browser) as window:
        yield window.new_page()


def test_a_run_that_ended_with_the_server_says_so_and_can_be_started_again(visitor, tmp_path):
    port = free_port()
    with served(tmp_path, port=port, killed=True) as address:
        projector = ProjectorPage(visitor, address).open()
        expect(visitor.locator(".st-key-run")).to_contain_text("Shown")  # the first picture
        projector.choose("Split", "Train")
        visitor.get_by_role("slider", name="Iterations").press("End")
        projector.wait_idle()
        projector.run_paused()
    with served(tmp_path, port=port):
        visitor.locator(".st-key-pending-projector").get_by_text("Not computed yet").wait_for()
        message = visitor.locator(".embviz-message")
        expect(message.get_by_role("status")).to_have_text(
            "The run ended when the server stopped. Press Run to start again."
        )
        expect(visitor.locator(".embviz-top")).not_to_contain_text("forming")
        buttons = visitor.locator(".embviz").get_by_role("button", name=re.compile("^(Pause|Resume|Stop|Perturb)$"))
        expect(buttons).to_have_count(0)
        expect(visitor.get_by_role("radio", name="Train", exact=True)).to_be_checked()
        visitor.wait_for_timeout(3000)  # time in which a page that asked again by itself would drop the message
        expect(message).to_be_visible()
        visitor.locator(".st-key-pending-projector").get_by_role("button", name="Run").click()
        visitor.wait_for_selector('.embviz[data-run="running"]', state="attached")
        expect(message).to_be_hidden()
        visitor.get_by_role("button", name="Stop", exact=True).click()
        projector.wait_painted("1258/2/")
        visitor.close()


def test_a_run_that_ended_with_the_server_before_its_first_frame_says_so_too(visitor, tmp_path):
    """A classifier is trained first, and meanwhile nothing of the layout can be seen."""
    port = free_port()
    with served(tmp_path, port=port, killed=True) as address:
        projector = ProjectorPage(visitor, address).open()
        expect(visitor.locator(".st-key-run")).to_contain_text("Shown")
        projector.choose_listed("Features", re.compile("hidden layer"))
        projector.run()
        expect(visitor.locator('[class*="st-key-progress-view-"]')).to_be_visible()
        projector.wait_idle()  # the plot knows of the run, too
        assert not visitor.locator(".embviz[data-run]").count(), "no frame is there"
    with served(tmp_path, port=port):
        visitor.locator(".st-key-pending-projector").get_by_text("Not computed yet").wait_for()
        said = visitor.locator(".embviz-message").get_by_role("status")
        expect(said).to_have_text("The run ended when the server stopped. Press Run to start again.")
        visitor.close()
