"""The key of a page opened from Python: in a file that only its user can read, and in the browser's cookie."""

import secrets
from pathlib import Path

from embviz.arrays import fingerprint
from embviz.datasets.own.started import started_folder

PARAMETER = "key"
"""Name of the query parameter with the key, in the address that is printed."""
_FILE = "key.txt"


def new_key(folder: Path) -> str:
    """A new key that nobody can guess, which is written into the folder.

    Raises
    ------
    OSError
        If the key cannot be written.
    """
    key = secrets.token_urlsafe(24)
    (folder / _FILE).write_text(key, encoding="ascii")
    return key


def page_key() -> str:
    """The key of the page that this process serves; empty if it was not opened from Python, and needs none."""
    folder = started_folder()
    return "" if folder is None else (folder / _FILE).read_text(encoding="ascii")


def cookie_name(key: str) -> str:
    """Name of the cookie with a key: one for each page, because browsers send cookies to all ports of a machine."""
    return f"embviz_key_{fingerprint('key', key)[:12]}"
