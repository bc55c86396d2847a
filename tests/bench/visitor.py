"""A visitor without a browser, who sends to the server what Streamlit's page and our component send."""

import asyncio
import itertools
import json
import struct
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

MOST_BYTES = 2**26
"""Most bytes that one message of the server may have."""


class Visitor:
    """One open page: it reads every message of the server, and reruns the fragments that ask for it.

    Attributes
    ----------
    elements
        Element that was drawn last, by the id of its widget or component.
    """

    def __init__(self, url: str, connection: ClientConnection, limit: float) -> None:
        self.url = url
        self.elements: dict[str, Element] = {}
        self._blocks: set[str] = set()
        self._ids: tuple[str, list[int]] = ("", [])
        self._connection = connection
        self._limit = limit
        self._states: dict[str, WidgetState] = {}
        self._page = ""
        self._finished = 0
        self._is_running = False
        self._changed = asyncio.Condition()
        self._serial = itertools.count(1)
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._reader = asyncio.create_task(self._read())

    async def open(self) -> None:
        """Run the page for the first time, until it shows a plot."""
        await self._send()
        await self.until(lambda: self.projector is not None and not self._is_running)
        if self.projector is not None and self.projector["begins"]:  # nobody has computed the first layout before
            event = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{self._id_of('projector')}__events")
            event.json_trigger_value = json.dumps([{"event": "begin", "value": True}])
            await self._send(event)
            await self.follow(lambda when: None)
            await self.until(lambda: self.projector is not None and not self.is_forming and not self._is_running)

    async def click(self, *events: WidgetState) -> float:
        """Seconds from sending a change to the end of the script run that follows."""
        before, began = self._finished, time.perf_counter()
        await self._send(*events)
        await self.until(lambda: self._finished > before)
        return time.perf_counter() - began

    async def pin(self, row: int) -> float:
        """Pin an item of the plot; returns seconds, as `click` does."""
        request = self.projector
        assert request is not None, "the page has been opened"
        ids = await self.ids(request)
        return await self._focus(request, pinned=ids[row % len(ids)])

    async def _focus(self, request: dict[str, Any], pinned: int) -> float:
        serial = max(next(self._serial), request["focus"]["serial"] + 1)
        focus = {"source": request["source"], "serial": serial, "pinned": pinned, "selected": None, "pair": None}
        self._states["projector"] = WidgetState(id=self._id_of("projector"), json_value=json.dumps({"focus": focus}))
        seconds = await self.click()
        shown = self.projector
        if shown is None or shown["focus"]["pinned"] != pinned:
            raise RuntimeError("the page does not show what was pinned: it no longer speaks as this visitor does")
        return seconds

    async def ids(self, request: dict[str, Any]) -> list[int]:
        """Ids of the items that the plot shows by this request."""
        url, count = request["items"]["url"], request["items"]["count"]
        if self._ids[0] != url:
            self._ids = (url, list(struct.unpack(f"<{count}i", (await self.fetch(url))[: 4 * count])))
        return self._ids[1]

    async def choose(self, key: str, option: str) -> None:
        """Choose an option of a segmented control."""
        state = WidgetState(id=self._id_of(key))
        state.string_array_value.data.append(option)
        self._states[key] = state
        await self.click()

    async def enter(self, key: str, text: str) -> None:
        """Type into a field, or choose in a list or among tabs."""
        self._states[key] = WidgetState(id=self._id_of(key), string_value=text)
        await self.click()

    async def press(self, label: str) -> None:
        """Press the button whose label has this word."""
        await self.until(lambda: self._button(label) is not None)
        button = self._button(label)
        assert button is not None, "it was just there"
        await self._send(WidgetState(id=button, trigger_value=True))

    async def follow(self, on_frame: Callable[[float], None]) -> None:
        """Ask for frames of the layout that forms until it is complete; `on_frame` gets the time of the first frame."""
        await self.until(lambda: self.is_forming)
        request = self.projector
        assert request is not None, "it was just there"
        serial = state = 0
        while state != 4:
            body = await self.fetch(f"{request['run']['url']}?after={serial}&state={state}")
            if not body:
                continue
            newest, _, _, state = struct.unpack_from("<4i", body)
            if newest and not serial:
                on_frame(time.perf_counter())
            serial = max(serial, newest)
        await self._send()  # as the component does when a run is over

    async def fetch(self, path: str) -> bytes:
        """Bytes that the server sends for a path."""

        def get() -> bytes:
            with urllib.request.urlopen(f"{self.url}/{path}", timeout=self._limit) as answer:
                body: bytes = answer.read()
                return body

        return await asyncio.to_thread(get)

    @property
    def projector(self) -> dict[str, Any] | None:
        """Request that tells the plot what to show; None before there is a plot."""
        found = [each for id, each in self.elements.items() if id.endswith("-projector")]
        request: dict[str, Any] | None = json.loads(found[-1].bidi_component.json)[0] if found else None
        return request

    def shows(self, n_items: int) -> bool:
        """Whether the plot shows so many items, and the script is not running."""
        request = self.projector
        return request is not None and request["items"]["count"] == n_items and not self._is_running

    @property
    def is_forming(self) -> bool:
        """Whether the plot shows a layout that is not complete yet."""
        request = self.projector
        return request is not None and request["coords"]["url"] is None

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until `holds` returns True; it is called after each message of the server."""

        async def waiting() -> None:
            async with self._changed:
                await self._changed.wait_for(lambda: holds() or self._reader.done())
            if not holds():
                raise ConnectionError("the connection has ended")

        await asyncio.wait_for(waiting(), self._limit)

    async def leave(self, *, silently: bool = False) -> None:
        """Close the page; `silently` as a laptop does that is closed: it keeps the connection and reads nothing."""
        for timer in self._timers.values():
            timer.cancel()
        if silently:
            self._connection.transport.pause_reading()
        else:
            await self._connection.close()
            await self._reader

    def _button(self, label: str) -> str | None:
        found = [id for id, each in self.elements.items() if each.HasField("button") and label in each.button.label]
        return found[-1] if found else None

    def _id_of(self, key: str) -> str:
        return next(id for id in [*self.elements, *self._blocks] if id.endswith(f"-{key}"))

    async def _send(self, *events: WidgetState, fragment: str = "") -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.page_script_hash = self._page
        rerun.fragment_id, rerun.is_auto_rerun = fragment, bool(fragment)
        rerun.widget_states.widgets.extend([*self._states.values(), *events])
        if not fragment:
            self._is_running = True
        await self._connection.send(message.SerializeToString())

    async def _read(self) -> None:
        try:
            async for data in self._connection:
                message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                self._take(message)
                async with self._changed:
                    self._changed.notify_all()
        except ConnectionClosed:  # `until` raises for whoever waits
            return
        finally:
            asyncio.get_running_loop().call_soon(asyncio.create_task, self._wake())  # runs when this task is done

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
            if not message.metadata.run.fragment_ids:
                self._is_running = True
                self._stop_timers()
                self.elements.clear()
                self._blocks.clear()
        elif kind == "delta" and message.delta.HasField("add_block"):
            block = message.delta.add_block
            self._blocks.update(filter(None, (block.id, block.tab_container.id)))
        elif kind == "delta" and message.delta.HasField("new_element"):
            element = message.delta.new_element
            name = element.WhichOneof("type")
            id = getattr(getattr(element, name), "id", "") if name else ""
            if id:
                self.elements[id] = element
        elif kind == "auto_rerun":
            fragment, interval = message.auto_rerun.fragment_id, message.auto_rerun.interval
            if fragment not in self._timers:
                self._timers[fragment] = asyncio.create_task(self._again(fragment, interval))
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._finished += 1  # of the whole page: fragments end with another status
            self._is_running = False

    def _stop_timers(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    async def _again(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._send(fragment=fragment)


@asynccontextmanager
async def visitor(url: str, limit: float) -> AsyncIterator[Visitor]:
    """Visitor whose page is open, and closed at the end of the block; nothing may take longer than `limit` seconds."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    connection = await connect(address, subprotocols=["streamlit"], max_size=MOST_BYTES)  # type: ignore[list-item]
    somebody = Visitor(url, connection, limit)
    try:
        await somebody.open()
        yield somebody
    finally:
        with suppress(Exception):  # the connection may be closed already
            await somebody.leave()
