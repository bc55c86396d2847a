"""The text of the HTML file of a view: the projector's request, the arrays that it names, scripts and styles."""

import base64
import gzip
import html
import json
import re
from typing import Any

from embviz.arrays import fingerprint
from embviz.coloring import Coloring
from embviz.progress import Progress, no_progress
from embviz.server import Shelf
from embviz.server.shelf import GZIPPED
from embviz.ui.contract.addresses import images_address
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.requests import projector_request
from embviz.ui.standalone.scripts import first_import, import_map, styles
from embviz.ui.standalone.small_images import with_small_images
from embviz.version import __version__
from embviz.view import View

_STAGE = "writing the page"
_TOLD = ("source", "items", "coords", "coloring", "lines", "labels")
"""Fields of the request that the scripts of the file read, besides images."""
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; connect-src blob:; "
    "base-uri 'none'; form-action 'none'"
)
"""Content security policy of the file: nothing is fetched, and nothing runs but our own scripts."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="embviz {version}">
<title>embviz</title>
<style nonce="{nonce}">
{styles}
</style>
<script type="importmap" nonce="{nonce}">{import_map}</script>
</head>
<body>
<noscript>This page draws its points by JavaScript, which is switched off here.</noscript>
<p id="embviz-waiting">Unpacking the points. If they do not appear, open this file in a browser of 2023 or later.</p>
<script type="application/json" id="embviz-view">{told}</script>
{parts}
<script type="module" nonce="{nonce}">{first}</script>
</body>
</html>
"""


def html_page(view: View, coloring: Coloring | None, title: str, *, progress: Progress = no_progress) -> str:
    """The text of an HTML file that shows a view: points, legend, and each item's image, label and id on hover.

    The file needs no server and no network, and its content security policy forbids both. Texts of the data are in
    JSON without any ``<``, and the scripts insert them as text only.

    Parameters
    ----------
    view
        The view to show. Coordinates are in the file as they are; images may be smaller, see `with_small_images`.
    coloring
        Colors of the view's items; None for one color.
    title
        A line above the plot.
    progress
        Called for each part that is written.

    Raises
    ------
    InputError
        If the colors belong to other items.
    Cancelled
        If `progress` raised it.
    """
    progress(_STAGE, 0, 0)
    shelf = Shelf()
    request: dict[str, Any] = dict(projector_request("file", view, coloring, None, Focus(), shelf))
    small, note = with_small_images(view.dataset)
    images = images_address(small, shelf)
    arrays = [name for name in ("items", "coords", "coloring", "lines") if request[name] is not None]
    n_parts = len(arrays) + (0 if images is None else len(images["urls"]))
    parts: list[str] = []

    def part(address: str) -> str:
        """Write the array at an address into a part of the file; returns the part's name."""
        progress(_STAGE, len(parts), n_parts)
        name = f"part-{len(parts)}"
        parts.append(f'<script type="text/plain" data-part="{name}">{_packed(address, shelf)}</script>')
        return name

    told = {name: request[name] for name in _TOLD}
    told |= {name: {**request[name], "url": part(request[name]["url"])} for name in arrays}
    told["images"] = None if images is None else {**images, "urls": [part(url) for url in images["urls"]]}
    notes = [*([note] if note else []), f"Made by embviz {__version__}."]
    text = _json({"title": title, "notes": notes, "request": told})
    return _filled(
        nonce=fingerprint(text, *parts),
        version=html.escape(__version__),
        styles=styles(),
        import_map=import_map(),
        told=text,
        parts="\n".join(parts),
        first=first_import(),
    )


def _packed(address: str, shelf: Shelf) -> str:
    """The array at an address of the shelf, gzipped, as base64."""
    secret, key = address.split("/")[-2:]
    body = shelf.get(secret, key)
    assert body is not None, "it was put there just now"
    return base64.b64encode(body if key.endswith(GZIPPED) else gzip.compress(body, mtime=0)).decode()


def _json(value: object) -> str:
    r"""JSON that may stand in an HTML script: no text in it ends the script, or begins another one or a comment.

    Examples
    --------
    >>> print(_json("</script><!--"))
    "\u003c/script>\u003c!--"
    """
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")


def _filled(nonce: str, **parts: str) -> str:
    """The page with every placeholder filled once: what looks like a placeholder in a text stays as it is."""
    known = parts | {"nonce": nonce, "policy": _POLICY.replace("{nonce}", nonce)}
    return re.sub(r"\{(\w+)\}", lambda match: known[match[1]], _PAGE)
