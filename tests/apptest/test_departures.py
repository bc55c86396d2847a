"""A visitor who leaves: Streamlit says so, and what was computed for him stops."""

import asyncio
import threading

import pytest
from streamlit.runtime import caching

from embviz.errors import Unwatched
from embviz.ui.waiting import departures

ENOUGH = 60.0
"""Seconds nothing here takes."""


def test_the_computation_of_a_visitor_whose_connection_ends_stops(page, monkeypatch):
    monkeypatch.setattr(departures, "GONE_SECONDS", 0.0)
    page.open()
    page.test.session_state["iterations"] = 2000
    (method,) = [each for each in page.test._tree if getattr(each, "key", None) == "method"]
    method.set_value("tsne")
    page.run()
    page.button("▶ Run").click()
    page.run()
    job = page.session.pane.run.job
    assert job.is_running

    async def disconnect():
        caching.clear_session_resource_cache("test session id")  # what Streamlit does then

    thread = threading.Thread(target=asyncio.run, args=(disconnect(),))  # a browser test's loop may run in this one
    thread.start()
    thread.join(ENOUGH)
    job.wait(ENOUGH)
    with pytest.raises(Unwatched):
        job.result()
