"""The page's own scripts and styles, and plotly.js."""

import gzip
import hashlib
import os
import time
from functools import cache, lru_cache
from pathlib import Path

FRONTEND = Path(__file__).parents[1] / "ui" / "frontend"
ELSEWHERE = "standalone"
"""Beginning of the names of scripts that only a view in one HTML file runs."""
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}


def frontend_version() -> str:
    """Hash of all scripts and styles, part of their addresses; it changes within a second after a file has changed."""
    return _lately_version(int(time.monotonic()))


@lru_cache(maxsize=1)
def _lately_version(_second: int) -> str:
    stamps = tuple((name, (FRONTEND / name).stat().st_mtime_ns) for name in _file_names())
    return _version_of(FRONTEND, stamps)


@lru_cache(maxsize=1)
def _version_of(folder: Path, stamps: tuple[tuple[str, int], ...]) -> str:
    """Hash of the named files in a folder; cached by their time stamps, so that unchanged files are not read again."""
    digest = hashlib.sha256()
    for name, _ in stamps:
        digest.update(name.encode())
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]


def plotly_address() -> str:
    """The address of plotly.js, relative to the page's address."""
    return f"embviz/plotly/{plotly_version()}.min.js"


def script_addresses() -> list[str]:
    """The addresses of all scripts that the page runs, relative to its own; plotly.js is first, as it takes longest."""
    version = frontend_version()
    names = [name for name in _file_names() if name.endswith(".js") and not name.startswith(ELSEWHERE)]
    return [plotly_address(), *(f"embviz/js/{version}/{name}" for name in names)]


def frontend_file(name: str) -> tuple[bytes, str] | None:
    """Content and media type of a script or style, by its path below the frontend's folder; None if there is none."""
    if name not in _file_names():
        return None
    path = FRONTEND / name
    return path.read_bytes(), MEDIA_TYPES[path.suffix]


def _file_names() -> list[str]:
    """Paths of all scripts and styles, relative to the frontend's folder."""
    found = (Path(folder) / name for folder, _, names in os.walk(FRONTEND) for name in names)
    return sorted(path.relative_to(FRONTEND).as_posix() for path in found if path.suffix in MEDIA_TYPES)


def plotly_version() -> str:
    """Version of the plotly.js inside the installed plotly package."""
    from plotly.offline import get_plotlyjs_version

    return str(get_plotlyjs_version())


@cache
def plotly_script() -> bytes:
    """The plotly.js of the installed plotly package, gzipped.

    The first line of the script has Chromium compile all functions in another thread while it reads the script.
    Otherwise each is compiled when it is first called, and a new browser stands still for two seconds instead of one.
    """
    from plotly.offline import get_plotlyjs

    return gzip.compress(b"//# allFunctionsCalledOnLoad\n" + get_plotlyjs().encode(), compresslevel=6)
