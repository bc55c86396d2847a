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
    stamps = tuple((name, (FRONTEND / name).stat().st_mtime_ns) for name in _file_names())
    return _version_of(FRONTEND, stamps)


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
    version = frontend_version()
    return [plotly_address(), *(f"embviz/js/{version}/{name}" for name in _file_names() if name.endswith(".js"))]


def frontend_file(name: str) -> tuple[bytes, str] | None:
    """A script or style by its path below the frontend's folder, and its media type; None if there is no such file."""
    if name not in _file_names():
        return None
    path = FRONTEND / name
    return path.read_bytes(), MEDIA_TYPES[path.suffix]


def _file_names() -> list[str]:
    """All scripts and styles, by their paths below the frontend's folder."""
    found = (Path(folder) / name for folder, _, names in os.walk(FRONTEND) for name in names)
    return sorted(path.relative_to(FRONTEND).as_posix() for path in found if path.suffix in MEDIA_TYPES)


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
