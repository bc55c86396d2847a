"""A check of a browser's messages before Streamlit reads them; it refuses messages that the page cannot have sent."""

import json
import logging

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

MOST_BYTES = 10_000_000
"""Longest message in bytes; a selection among 60 million items is as long."""

logger = logging.getLogger(__name__)


class ReadableMessages:
    """ASGI middleware that closes a websocket when a message comes that `is_readable` refuses.

    Streamlit parses the components' answers as JSON before it asks anybody, and shows a traceback for whole numbers
    of more than 4,300 digits, for brackets within thousands of brackets, and for what is not JSON at all.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on, and check each message that comes over a websocket."""

        async def looked_at() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive" or is_readable(message.get("bytes") or b""):
                return message
            logger.warning("closed a connection: it sent a message that cannot come from the page")
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}

        await self._app(scope, looked_at if scope["type"] == "websocket" else receive, send)


def is_readable(message: bytes) -> bool:
    """Whether a message from the browser has at most `MOST_BYTES`, and it and all JSON in it can be parsed."""
    if len(message) > MOST_BYTES:
        return False
    try:
        for widget in BackMsg.FromString(message).rerun_script.widget_states.widgets:
            for text in (widget.json_value, widget.json_trigger_value):
                if text:
                    json.loads(text)
    except (DecodeError, ValueError, RecursionError):
        return False
    return True
