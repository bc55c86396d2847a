"""The page's own scripts and styles, and plotly.js."""

import gzip
import hashlib
import os
import time
from functools import cache, lru_cache
from pathlib import Path

FRONTEND = Path(__file__).parents[1] / "ui" / "frontend"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}


def frontend_version() -> str:
    """Hash of the scripts and styles, so that a changed file has a new address, a second later at most."""
    return _lately_version(int(time.monotonic()))


@lru_cache(maxsize=1)
def _lately_version(_second: int) -> str:
    return _version_of(
        FRONTEND, tuple(sorted((entry.name, entry.stat().st_mtime_ns) for entry in os.scandir(FRONTEND)))
    )


@lru_cache(maxsize=1)
def _version_of(folder: Path, stamps: tuple[tuple[str, int], ...]) -> str:
    """As long as no file changes, none is read again."""
    digest = hashlib.sha256()
    for name, _ in stamps:
        digest.update(name.encode())
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]


def plotly_address() -> str:
    """Where plotly.js is served, from the page's address on."""
    return f"embviz/plotly/{plotly_version()}.min.js"


def script_addresses() -> list[str]:
    """Where all that the page runs is served: first plotly.js, which takes longest."""
    names = sorted(entry.name for entry in os.scandir(FRONTEND) if entry.name.endswith(".js"))
    version = frontend_version()
    return [plotly_address(), *(f"embviz/js/{version}/{name}" for name in names)]


def frontend_file(name: str) -> tuple[bytes, str] | None:
    """A script or style and its media type; None if there is none of that name."""
    files = {path.name: path for path in FRONTEND.iterdir() if path.suffix in MEDIA_TYPES}
    path = files.get(name)
    return None if path is None else (path.read_bytes(), MEDIA_TYPES[path.suffix])


def plotly_version() -> str:
    """Version of the plotly.js inside the installed plotly package."""
    from plotly.offline import get_plotlyjs_version

    return str(get_plotlyjs_version())


@cache
def plotly_script() -> bytes:
    """The plotly.js of the installed plotly package, gzipped.

    Its first line lets Chromium compile all functions in another thread while it reads the script; else each waits
    until it is called, and a new browser stands still for two seconds instead of one.
    """
    from plotly.offline import get_plotlyjs

    return gzip.compress(b"//# allFunctionsCalledOnLoad\n" + get_plotlyjs().encode(), compresslevel=6)
