"""The page's own scripts and styles, and plotly.js."""

import gzip
import hashlib
import os
import time
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath

FRONTEND = Path(__file__).parents[1] / "ui" / "frontend"
ELSEWHERE = "standalone"
"""Beginning of the names of scripts that only a view in one HTML file runs."""
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}


def frontend_version() -> str:
    """Hash of all scripts and styles, part of their addresses; it changes within a second after a file has changed."""
    return _frontend(int(time.monotonic()))[0]


@lru_cache(maxsize=1)
def _frontend(_second: int) -> tuple[str, dict[str, bytes]]:
    """Hash and contents of all scripts and styles, by path; files are not looked at again within a second."""
    paths = {path.relative_to(FRONTEND).as_posix(): path for path in _paths(FRONTEND)}
    stamps = tuple((name, path.stat().st_mtime_ns) for name, path in sorted(paths.items()))
    return _contents(FRONTEND, stamps)


@lru_cache(maxsize=1)
def _contents(folder: Path, stamps: tuple[tuple[str, int], ...]) -> tuple[str, dict[str, bytes]]:
    """Hash and contents of the named files; cached by their time stamps, so that unchanged files are not read again."""
    contents = {name: (folder / name).read_bytes() for name, _ in stamps}
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(name.encode())
        digest.update(content)
    return digest.hexdigest()[:12], contents


def plotly_address() -> str:
    """The address of plotly.js, relative to the page's address."""
    return f"embviz/plotly/{plotly_version()}.min.js"


def script_addresses() -> list[str]:
    """The addresses, relative to the page's, of all scripts that it runs; plotly.js is first, as it takes longest."""
    version, contents = _frontend(int(time.monotonic()))
    names = [name for name in contents if name.endswith(".js") and not name.startswith(ELSEWHERE)]
    return [plotly_address(), *(f"embviz/js/{version}/{name}" for name in names)]


def frontend_file(name: str) -> tuple[bytes, str] | None:
    """Content and media type of a script or style, by its path below the frontend's folder; None if there is none."""
    content = _frontend(int(time.monotonic()))[1].get(name)
    return None if content is None else (content, MEDIA_TYPES[PurePosixPath(name).suffix])


def _paths(folder: Path) -> Iterator[Path]:
    """The scripts and styles below a folder."""
    found = (Path(inner) / name for inner, _, names in os.walk(folder) for name in names)
    return (path for path in found if path.suffix in MEDIA_TYPES)


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
