"""A panel that the page has never heard of: it is drawn, it is asked what to highlight, and it remembers."""

from dataclasses import dataclass

import pytest
import streamlit as st

import embviz.ui.main
from embviz.errors import InputError
from embviz.ui.first_picture import FIRST_TAB, TAB_MEANWHILE
from embviz.ui.panels.panel import Highlight, Panel
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import filled

COUNT = Computation[int]("count")


@dataclass(frozen=True)
class Pressed:
    times: int = 0


def press():
    session().keep(Pressed(session().kept(Pressed).times + 1))


def draw(view):
    st.button("Press", on_click=press)
    times = session().kept(Pressed).times
    found = computed(COUNT, times, lambda clock: len(view.dataset) + times)
    if found.value is not None:
        st.markdown(filled("{n} counted", n=found.value))


@pytest.fixture
def panels(monkeypatch):
    """Those of the page, and one more that has only a title and something to draw."""
    many = (*embviz.ui.main.PANELS, Panel("Count", draw))
    monkeypatch.setattr(embviz.ui.main, "PANELS", many)
    return many


def test_each_panel_has_a_title_of_its_own_and_those_that_are_opened_unasked_are_there():
    titles = [panel.title for panel in embviz.ui.main.PANELS]
    assert len(set(titles)) == len(titles) and {FIRST_TAB, TAB_MEANWHILE} <= set(titles)


def test_a_panel_is_drawn_while_its_tab_is_open_and_remembers(page, panels):
    page.open()
    assert "counted" not in page.text and page.job(COUNT) is None
    page.show_tab("Count")
    assert "1797 counted" in page.text
    page.click("Press")
    page.show_tab("Inspect").show_tab("Count")
    assert "1798 counted" in page.text and page.errors == []


def test_a_panel_without_a_wish_highlights_nothing(page, panels):
    told = page.open().show_tab("Count").data("projector")
    assert told["highlighted"] is None and told["neighbors"] is None


def test_what_a_panel_wants_highlighted_is_in_the_plot_while_its_tab_is_open(page, monkeypatch):
    wishes = Panel("Wishes", lambda view: None, lambda view: Highlight(classes=(4, 9)))
    monkeypatch.setattr(embviz.ui.main, "PANELS", (*embviz.ui.main.PANELS, wishes))
    assert page.open().data("projector")["highlighted"] is None
    assert page.show_tab("Wishes").data("projector")["highlighted"] == [4, 9]
    assert page.show_tab("Inspect").data("projector")["highlighted"] is None


def test_two_visitors_remember_apart(page, panels):
    page.open().show_tab("Count").click("Press")
    other = type(page)()
    other.test.session_state["method"] = "pca"
    other.test.session_state["tab"] = "Count"
    other.open()
    assert "1797 counted" in other.text
    page.run()
    assert "1798 counted" in page.text


def test_what_a_computation_says_of_its_end_is_told_to_whoever_asked(page, monkeypatch):
    outcomes = []

    def fail(clock):
        raise InputError("nothing to count; add some")

    def draw_failing(view):
        outcomes.append(computed(COUNT, None, fail, failed=lambda error: st.markdown(filled("sorry: {e}", e=error))))

    monkeypatch.setattr(embviz.ui.main, "PANELS", (Panel("Inspect", draw_failing), Panel("Overlap", draw)))
    page.open()
    assert "sorry: nothing to count; add some" in page.text and page.errors == []
    assert outcomes[-1].state == "failed" and outcomes[-1].value is None
    assert str(outcomes[-1].error) == "nothing to count; add some"
