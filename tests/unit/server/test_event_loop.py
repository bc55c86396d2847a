"""The event loop of the server sends each part of an answer at once, over sockets as Streamlit makes them."""

import asyncio
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn


@pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop for Windows")
def test_the_end_of_an_answer_does_not_wait_for_the_other_side() -> None:
    """With TCP_NODELAY off, the second part of an answer is held back until the first was acknowledged, after 40 ms."""
    is_nodelay: list[bool] = []

    class Recorder(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            option = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            is_nodelay.append(option != 0)

    async def connected() -> None:
        listening = socket.socket()  # no protocol is named, as by Streamlit: asyncio's own loop sets nothing for it
        listening.bind(("127.0.0.1", 0))
        server = await asyncio.get_running_loop().create_server(Recorder, sock=listening)
        _, writer = await asyncio.open_connection(*listening.getsockname())
        while not is_nodelay:
            await asyncio.sleep(0.001)
        writer.close()
        server.close()

    def run() -> None:
        with asyncio.Runner(loop_factory=uvicorn.Config("app:app").get_loop_factory()) as runner:
            runner.run(connected())

    with ThreadPoolExecutor(1) as thread:  # because Playwright leaves an event loop running in this thread
        thread.submit(run).result()
    assert is_nodelay == [True]
