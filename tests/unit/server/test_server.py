"""Server routes: every script and every published body has an address, and nothing else has."""

import gzip
import itertools
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from embviz.server import FRONTEND, assets, frontend_version, plotly_address, shelf
from tests.unit.asgi import get

SCRIPTS = sorted(
    path.relative_to(FRONTEND).as_posix() for path in FRONTEND.rglob("*") if path.suffix in (".js", ".css")
)
IMMUTABLE = "private, max-age=31536000, immutable"


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_and_style_is_served_as_it_is(name: str) -> None:
    answer = get(f"/embviz/js/{frontend_version()}/{name}")
    assert (answer.status, answer.body) == (200, (FRONTEND / name).read_bytes())
    kind = "text/javascript" if name.endswith(".js") else "text/css"
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_addresses_start_with_the_base_path_where_there_is_one() -> None:
    assert get("/tools/digits/embviz/js/v/index.js", "/tools/digits/").status == 200
    assert get("/embviz/js/v/index.js", "/tools/digits/").status == 404


def test_the_plotly_script_is_served_compressed() -> None:
    answer = get(f"/{plotly_address()}")
    assert answer.headers["content-encoding"] == "gzip"
    version = plotly_address().rpartition("/")[2].removesuffix(".min.js")
    assert f"plotly.js v{version}".encode() in gzip.decompress(answer.body)[:300]


@pytest.mark.parametrize(
    "path",
    [
        "/embviz/js/v/no_such.js",
        "/embviz/js/v/package.json",
        "/embviz/js/v/",
        "/embviz/js/v",
        "/embviz/",
        "/embviz/data",
        "/embviz/js/v/../../../server.py",
        "/embviz/js/v/../server.py",
        "/embviz/js/v/..",
        "/embviz/js/../main.py",
        "/embviz/js/v/..\\main.py",
        "/embviz/js/v//etc/passwd",
        "/embviz/js/v/%2e%2e%2fmain.py",
        "/embviz/js/v/index.js\0.css",
    ],
)
def test_what_is_not_a_script_is_not_found(path: str) -> None:
    answer = get(path)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/plain"), "never Streamlit's own page"


def test_a_raw_body_is_served_as_it_is() -> None:
    answer = get("/" + shelf.put("test-server-raw", lambda of: b"\x00\x01\xff", get))
    assert (answer.status, answer.body) == (200, b"\x00\x01\xff")
    assert answer.headers["content-encoding"] == "identity"
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_compressed_body_is_served_with_its_encoding() -> None:
    answer = get("/" + shelf.put("test-server-gz", lambda of: b"digits" * 100, get, compressed=True))
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.body) < 600
    assert gzip.decompress(answer.body) == b"digits" * 100


def test_an_empty_body_is_no_missing_one() -> None:
    answer = get("/" + shelf.put("test-server-empty", lambda of: b"", get))
    assert (answer.status, answer.body) == (200, b"")


def test_what_has_an_address_never_changes_so_it_is_kept_forever() -> None:
    addresses = [shelf.put("test-server-forever", lambda of: b"", get), "embviz/js/v/index.js", "embviz/plotly/v"]
    assert {get(f"/{address}").headers["cache-control"] for address in addresses} == {IMMUTABLE}


def test_without_the_secret_a_body_is_not_found() -> None:
    address = shelf.put("test-server-secret", lambda of: b"private", get)
    secret = address.split("/")[2]
    assert len(secret) >= 16
    for wrong in ("x", secret[:-1], secret + "x", "é" * 22):
        assert get("/" + address.replace(secret, wrong)).status == 404


def test_a_body_that_was_never_published_is_not_found() -> None:
    address = shelf.put("test-server-known", lambda of: b"", get)
    assert get("/" + address.replace("known", "unknown")).status == 404
    assert get(f"/{address}/more").status == 404


def test_a_changed_script_has_a_new_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = frontend_version()
    copy = shutil.copytree(FRONTEND, tmp_path / "frontend")
    monkeypatch.setattr(assets, "FRONTEND", copy)
    seconds = itertools.count(time.monotonic() + 1)
    monkeypatch.setattr(assets, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    assert frontend_version() == before
    with (copy / "index.js").open("a") as script:
        script.write("// changed\n")
    assert frontend_version() != before
