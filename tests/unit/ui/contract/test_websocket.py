"""What a browser may send over the websocket: what Python cannot read never gets as far as Streamlit."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from embviz.ui.contract.websocket import ReadableMessages, is_readable


def message(**value):
    sent = BackMsg()
    sent.rerun_script.widget_states.widgets.add(id="other", string_value="9" * 5000)
    sent.rerun_script.widget_states.widgets.add(id="projector", **value)
    return sent.SerializeToString()


ANSWER = json.dumps({"focus": {"source": "digits/1797", "serial": 2**53 - 1, "pinned": 4, "selected": "AAAA"}})
READABLE = [
    b"",
    BackMsg(stop_script=True).SerializeToString(),
    message(json_value=ANSWER),
    message(json_trigger_value=json.dumps([{"event": "picked", "value": [1, 2]}])),
    message(json_value=json.dumps({"focus": "9" * 5000})),
    message(json_value=""),
]
UNREADABLE = [
    message(json_value=f'{{"focus": {{"serial": {"9" * 5000}}}}}'),
    message(json_value=f'{{"focus": -{"1" * 4301}}}'),
    message(json_trigger_value=f'[{{"event": "picked", "value": [{"9" * 5000}]}}]'),
    message(json_value="[" * 100_000),
    message(json_value="no JSON"),
    message(json_trigger_value='{"event": '),
    b"no message of Streamlit",
    message(json_value=json.dumps({"focus": "A" * 12_000_000})),
]


@pytest.mark.parametrize("sent", READABLE, ids=range(len(READABLE)))
def test_what_the_page_sends_is_readable(sent):
    assert is_readable(sent)


@pytest.mark.parametrize("sent", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_python_refuses_to_read_is_not(sent):
    assert not is_readable(sent)


def passed_on(kind, *incoming):
    """What reaches the app of these messages, and what is sent back meanwhile."""
    waiting, reached, sent = list(incoming), [], []

    async def app(scope, receive, send):
        reached.extend([await receive() for _ in incoming])

    async def receive():
        return waiting.pop(0)

    async def send(answer):
        sent.append(answer)

    with ThreadPoolExecutor(1) as thread:  # beside the loop that Playwright leaves running in this one
        thread.submit(asyncio.run, ReadableMessages(app)({"type": kind}, receive, send)).result()
    return reached, sent


def test_a_connection_is_closed_over_which_comes_what_cannot_be_read(caplog):
    good, bad = ({"type": "websocket.receive", "bytes": each} for each in (READABLE[2], UNREADABLE[0]))
    reached, sent = passed_on("websocket", {"type": "websocket.connect"}, good, bad)
    assert reached == [{"type": "websocket.connect"}, good, {"type": "websocket.disconnect", "code": 1008}]
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert "closed a connection" in caplog.text


def test_requests_are_none_of_its_business():
    request = {"type": "http.request", "body": UNREADABLE[0]}
    assert passed_on("http", request) == ([request], [])
