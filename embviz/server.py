"""HTTP routes that hand the page its scripts and its binary data."""

import gzip
import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

Body = Callable[[], bytes]

FRONTEND = Path(__file__).parent / "ui" / "frontend"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
GZIPPED = ".gz"
"""Ending of an address whose body is sent compressed."""
MOST_BODIES = 1024
"""How many published bodies are kept; the least recently published or fetched goes first."""


class Shelf:
    """Bodies by content address, behind a secret of this process.

    Not a file server: only what was put here has an address, and an address says nothing about
    where its bytes come from. The same content put twice is kept once.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, key: str, body: Body, *, compressed: bool = False) -> str:
        """Address of `body` relative to the server's base; `key` must name its content.

        `body` runs when the address is first fetched, and its result is kept.
        """
        key += GZIPPED if compressed else ""
        with self._lock:
            if key not in self._bodies:
                self._bodies[key] = cache(_gzipped(body)) if compressed else cache(body)
            self._bodies.move_to_end(key)
            while len(self._bodies) > MOST_BODIES:
                self._bodies.popitem(last=False)
        return f"embviz/data/{self._secret}/{key}"

    def get(self, secret: str, key: str) -> Body | None:
        """The body at an address, or None."""
        if not secrets.compare_digest(secret.encode(), self._secret.encode()):
            return None
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
        return body


shelf = Shelf()
"""The one shelf of this process: all visitors' pages fetch from it."""


def routes(base_path: str = "") -> list[Route]:
    """The routes for ``st.App``; `base_path` is Streamlit's ``server.baseUrlPath``."""
    base = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    return [
        Route(f"{base}/embviz/js/{{version}}/{{name}}", _script),
        Route(f"{base}/embviz/plotly/{{version}}", _plotly),
        Route(f"{base}/embviz/data/{{secret}}/{{key}}", _data),
        Route(f"{base}/embviz/{{rest:path}}", _not_found),
    ]


def frontend_version() -> str:
    """Hash of the scripts and styles, so that a changed file has a new address."""
    digest = hashlib.sha256()
    for path in sorted(FRONTEND.iterdir()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def plotly_version() -> str:
    """Version of the plotly.js inside the installed plotly package."""
    from plotly.offline import get_plotlyjs_version

    return str(get_plotlyjs_version())


def _script(request: Request) -> Response:
    files = {path.name: path for path in FRONTEND.iterdir() if path.suffix in MEDIA_TYPES}
    path = files.get(request.path_params["name"])
    if path is None:
        return _not_found(request)
    return Response(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix], headers=FOREVER)


def _plotly(request: Request) -> Response:
    headers = FOREVER | {"Content-Encoding": "gzip"}
    return Response(plotly_script(), media_type="text/javascript", headers=headers)


@cache
def plotly_script() -> bytes:
    """The plotly.js of the installed plotly package, gzipped."""
    from plotly.offline import get_plotlyjs

    return gzip.compress(get_plotlyjs().encode(), compresslevel=6)


def _data(request: Request) -> Response:
    body = shelf.get(request.path_params["secret"], request.path_params["key"])
    if body is None:
        return _not_found(request)
    # "identity" keeps Streamlit's middleware from compressing float coordinates, which costs more than it saves.
    encoding = "gzip" if request.path_params["key"].endswith(GZIPPED) else "identity"
    return Response(body(), media_type="application/octet-stream", headers=FOREVER | {"Content-Encoding": encoding})


def _not_found(request: Request) -> Response:
    return PlainTextResponse(
        "Not here: the server was restarted or the data replaced. Reload the page.", status_code=404
    )


def _gzipped(body: Body) -> Body:
    return lambda: gzip.compress(body(), compresslevel=4, mtime=0)
