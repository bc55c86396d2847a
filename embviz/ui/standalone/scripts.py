"""The page's JavaScript and CSS, packed so that one HTML file contains every script that it runs."""

import base64
import json
import posixpath
import re
from functools import cache

from embviz.server.assets import frontend_file

FIRST = "standalone.js"
"""The script that the HTML file starts; it imports the others."""
STYLES = ("style.css", "standalone.css")
_IMPORTED = re.compile(r"""(?P<before>\bfrom\s*|\bimport\s*)["'](?P<name>\.[^"']+)["']""")
_COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)


@cache
def import_map() -> str:
    """JSON of an import map: the name of each script that `FIRST` needs, and a data URL that contains the script.

    A script in a data URL has no folder, so it cannot import others by relative paths; it imports them by these names.
    """
    scripts: dict[str, str] = {}
    wanted = [FIRST]
    while wanted:
        name = wanted.pop()
        if name not in scripts:
            scripts[name] = _text(name)
            wanted += [_resolved(match["name"], name) for match in _IMPORTED.finditer(scripts[name])]
    addresses = {_bare(name): _address(_with_bare_names(text, name)) for name, text in sorted(scripts.items())}
    return json.dumps({"imports": addresses})


@cache
def styles() -> str:
    """The text of all style sheets of the HTML file."""
    return "\n".join(_text(name) for name in STYLES)


def first_import() -> str:
    """The script that starts the view."""
    return f'import "{_bare(FIRST)}";'


def _text(name: str) -> str:
    """The text of a script without its JSDoc comments, or of a style sheet."""
    found = frontend_file(name)
    assert found is not None, f"{name} is one of ours"
    return _COMMENT.sub("", found[0].decode())


def _with_bare_names(script: str, name: str) -> str:
    """A script whose imports are by the names of the import map."""
    return _IMPORTED.sub(lambda match: f'{match["before"]}"{_bare(_resolved(match["name"], name))}"', script)


def _resolved(imported: str, importer: str) -> str:
    """Path below the frontend's folder of what a script imports.

    Examples
    --------
    >>> _resolved("../maths/screen.js", "plot/sight.js")
    'maths/screen.js'
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), imported))


def _bare(name: str) -> str:
    return f"embviz/{name}"


def _address(script: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(script.encode()).decode()}"
