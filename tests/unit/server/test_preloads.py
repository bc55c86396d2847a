"""The HTML of the page has a link to every script that the page runs, and no other response is changed."""

import re

import pytest
from hypothesis import given, strategies as st
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from embviz.server import FRONTEND, Preloads
from embviz.server.preloads import with_preloads
from tests.unit.asgi import get

PAGE = b"<!DOCTYPE html><html><head><title>t</title></head><body></body></html>"
LINK = re.compile(rb'<link rel="modulepreload" href="\./([^"]+)">')


def answer_of(response: Response, path: str = "/", method: str = "GET"):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert Request(scope).url.path == path
        await response(scope, receive, send)

    return get(path, method=method, app=Preloads(app))


def test_every_address_in_the_page_is_that_of_a_script_and_no_script_is_missing() -> None:
    page = answer_of(Response(PAGE, media_type="text/html")).body
    addresses = [found.decode() for found in LINK.findall(page)]
    assert [get(f"/{address}").headers["content-type"] for address in addresses] == [
        "text/javascript; charset=utf-8"
    ] * len(addresses)
    found = (path.relative_to(FRONTEND).as_posix() for path in FRONTEND.rglob("*.js"))
    scripts = {name for name in found if not name.startswith("standalone")}  # a file of its own runs those
    assert {address.split("/", 3)[3] for address in addresses if "/js/" in address} == scripts
    assert LINK.sub(b"", page) == PAGE


def test_a_page_that_comes_in_parts_is_completed_and_its_length_is_said() -> None:
    async def parts():
        for at in range(0, len(PAGE), 7):
            yield PAGE[at : at + 7]

    answer = answer_of(StreamingResponse(parts(), media_type="text/html"))
    assert LINK.sub(b"", answer.body) == PAGE
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_no_browser_takes_a_page_with_the_scripts_of_before_for_the_same() -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Cache-Control": "no-cache"}
    answer = answer_of(Response(PAGE, headers=headers, media_type="text/html"))
    assert {"etag", "last-modified"}.isdisjoint(answer.headers)
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("response", "method"),
    [
        (Response(PAGE, media_type="text/plain"), "GET"),
        (Response(PAGE, media_type="text/html", status_code=404), "GET"),
        (Response(PAGE, media_type="text/html", headers={"Content-Encoding": "br"}), "GET"),
        (Response(b"", media_type="text/html", headers={"Content-Length": "70", "ETag": '"1"'}), "HEAD"),
        (Response(b"<html>no head</html>", media_type="text/html"), "GET"),
    ],
    ids=["another type", "not found", "compressed", "only asked about", "without a head"],
)
def test_all_else_is_passed_on_as_it_is(response: Response, method: str) -> None:
    answer = answer_of(response, method=method)
    assert (answer.status, answer.body) == (response.status_code, response.body)
    assert int(answer.headers["content-length"]) == int(response.headers["content-length"])


@given(st.binary())
def test_only_the_first_end_of_a_head_is_preceded_by_links(page: bytes) -> None:
    assert with_preloads(page + PAGE + PAGE, ["a.js"]).count(b"a.js") == 1
