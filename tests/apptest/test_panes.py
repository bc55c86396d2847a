"""Two panes on one page: what is shown, pinned and run in one of them is nothing to the other."""

import gc
import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embviz.errors import SpecError
from embviz.features.features import Pixels
from embviz.projection.specs import Tsne
from embviz.run import Run
from embviz.server import live_runs, shelf
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.current_view import go_on, run_of
from embviz.ui.focus import set_focus
from embviz.ui.pane import Pane
from embviz.view import Forming, ViewSpec
from tests.apptest.conftest import COMPONENTS, Page

SCRIPT = Path(__file__).parents[1] / "two_panes.py"
ENOUGH = 60.0
"""Seconds nothing here takes."""


class PanesPage(Page):
    """The page with two panes."""

    def __init__(self):
        super().__init__()
        self.test = AppTest.from_file(str(SCRIPT), default_timeout=60)
        self.test._bidi_component_manager = COMPONENTS

    @property
    def panes(self):
        return self.test.session_state["panes"]

    def rest(self):
        """Run it until no job is at work but those of layouts that form."""
        self.run()
        while any(self.waits(pane) for pane in self.panes):
            self.run()
        return self

    def waits(self, pane):
        run = pane.run
        return bool(self.test.get("progress")) or (run is not None and run.job.is_running and not run.is_visible)

    def ask(self, pane, layout):
        self.control(f"layout-{pane}").set_value(layout)
        return self.rest()

    def press(self, pane):
        (button,) = [each for each in self.test.button if each.key == f"run-pending-{pane}"]
        button.click()
        return self.rest()


@pytest.fixture
def page():
    page = PanesPage().rest()
    yield page
    for pane in page.panes:
        if pane.run is not None:
            pane.run.job.cancel()
            pane.run.job.wait(ENOUGH)


def test_each_pane_is_asked_for_its_own_layout_and_says_which_pane_it_is(page):
    page.ask("right", "PCA 3D")
    left, right = page.data("left"), page.data("right")
    assert (left["pane"], right["pane"]) == ("left", "right")
    assert (left["coords"]["dims"], right["coords"]["dims"]) == (2, 3) and left["items"] == right["items"]
    assert page.data("gallery")["pane"] == "left"


def test_all_that_a_pane_is_told_of_can_be_fetched_as_long_as_it_is_shown(page):
    gc.collect()
    for told in (page.data("left"), page.data("right")):
        for address in (told["items"]["url"], told["coords"]["url"], told["coloring"]["url"], *told["images"]["urls"]):
            assert shelf.get(*address.split("/")[-2:])


def test_what_is_pinned_and_selected_in_one_pane_is_not_in_the_other(page):
    source = page.data("left")["source"]
    told = {"source": source, "serial": 1, "pinned": 1500, "selected": id_set([1501], 1797), "pair": None}
    page._answers[page._component("right").id] = json.dumps({"focus": told})
    page.rest()
    assert page.data("right")["focus"] == told
    assert page.data("left")["focus"] == {**told, "serial": 0, "pinned": None, "selected": None}
    page.tell("gallery", "picked", page.data("gallery")["cards"][2]["ids"])
    page.rest()
    assert page.data("left")["focus"]["pinned"] == page.data("gallery")["cards"][2]["ids"][0]
    assert page.data("right")["focus"] == told


def test_two_panes_run_side_by_side_and_each_has_its_own_frames(page):
    page.ask("left", "t-SNE").ask("right", "UMAP").press("left").press("right")
    left, right = (pane.run for pane in page.panes)
    assert left.job.is_running and right.job.is_running
    for run, key in ((left, "left"), (right, "right")):
        address = page.data(key)["run"]["url"]
        assert live_runs.get(*address.split("/")[2:]) is run and page.data(key)["coords"]["url"] is None
    left.steering.pause()
    assert right.steering.state == "running"
    page.ask("right", "PCA")
    right.job.wait(ENOUGH)
    assert page.panes[1].run is None and page.panes[0].run is left and left.job.is_running
    assert page.data("right")["coords"]["url"] is not None and page.data("left")["coords"]["url"] is None


def test_a_run_of_one_pane_goes_on_and_the_other_pane_keeps_its_own(page):
    page.ask("left", "short t-SNE").ask("right", "t-SNE").press("left").press("right")
    left, right = page.panes
    before, other = left.run, right.run
    before.job.wait(ENOUGH)
    page.rest()
    page.tell("left", "more", True)
    page.rest()
    assert left.run is not before and left.run.steering is before.steering
    assert right.run is other and other.job.is_running


def test_cancel_of_one_pane_cancels_that_pane(page):
    page.ask("left", "t-SNE").ask("right", "UMAP").press("left").press("right")
    left, right = (pane.run for pane in page.panes)
    left.job.cancel()
    left.job.wait(ENOUGH)
    page.rest()
    assert page.panes[0].run is None and page.panes[1].run is right and right.job.is_running
    assert [each.key for each in page.test.button if each.key.startswith("run-pending")] == ["run-pending-left"]


def test_a_pane_takes_the_newer_focus_and_only_its_own_run_further():
    left, right = Pane("left"), Pane("right")
    set_focus(left, Focus("toy", 2, pinned=7))
    set_focus(left, Focus("toy", 1, pinned=8))
    assert (left.focus.pinned, right.focus.pinned) == (7, None)
    assert left.named("x") != right.named("x")
    go_on(left, None)
    go_on(left, object())  # which is not its run
    assert left.run is None and right.run is None


def test_a_layout_that_fails_while_the_page_is_drawn_is_still_that_of_its_run():
    spec = ViewSpec("digits", "test", None, Pixels(), Tsne())
    pane, forming = Pane("left"), Forming.__new__(Forming)

    def fail(run, clock):
        run.begin(forming)
        run.steering.show(np.zeros((1, 2), np.float32), 1, 750)
        raise SpecError("it ran apart")

    pane.run = Run(spec, fail)
    pane.run.job.wait(ENOUGH)
    assert not pane.run.made(spec) and run_of(pane, forming) is pane.run
    assert run_of(Pane("right"), forming) is None
