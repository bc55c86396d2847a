"""Bookmarks: views with names, as events of a journal and as a file of embviz."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from embviz.errors import InputError
from embviz.saved.view_state import ViewState, view_state_from_text, view_state_text
from embviz.version import __version__

MOST_BOOKMARKS = 500
LONGEST_NAME = 100
_FORMAT = "embviz bookmarks 1"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A view with a name.

    Attributes
    ----------
    name
        What the visitor calls it.
    state
        The view.
    key
        Random text that identifies the bookmark, also after it was renamed.
    """

    name: str
    state: ViewState
    key: str = ""


def event_of(bookmark: Bookmark) -> Mapping[str, Any]:
    """Journal event that saves a bookmark, or renames it."""
    return {"key": bookmark.key, "name": bookmark.name, "view": view_state_text(bookmark.state)}


def deletion_of(bookmark: Bookmark) -> Mapping[str, Any]:
    """Journal event that deletes a bookmark."""
    return {"key": bookmark.key, "deleted": True}


def bookmarks_of(events: Iterable[Mapping[str, Any]]) -> tuple[Bookmark, ...]:
    """Bookmarks that the events of a journal leave, the oldest first; events that cannot be read are skipped.

    Examples
    --------
    >>> from embviz.projection.specs import Pca
    >>> first = new_bookmark("one", ViewState(Pca()))
    >>> renamed = renamed_bookmark(first, "two", [first])
    >>> [each.name for each in bookmarks_of([event_of(first), event_of(renamed)])]
    ['two']
    """
    found: dict[str, Bookmark] = {}
    for event in events:
        key = event.get("key")
        if not isinstance(key, str):
            continue
        if event.get("deleted"):
            found.pop(key, None)
            continue
        bookmark = _read(event.get("name"), event.get("view"))
        if bookmark is not None:
            found[key] = replace(bookmark, key=key)
    return tuple(found.values())


def _read(name: object, view: object) -> Bookmark | None:
    if not isinstance(name, str) or not isinstance(view, str):
        return None
    try:
        state = view_state_from_text(view)
    except InputError:
        return None
    return None if state is None else Bookmark(name[:LONGEST_NAME], state)


def new_bookmark(name: str, state: ViewState, others: Iterable[Bookmark] = ()) -> Bookmark:
    """A bookmark with a name that none of `others` has.

    Raises
    ------
    InputError
        If there are 500 bookmarks already.

    Examples
    --------
    >>> from embviz.projection.specs import Pca
    >>> one = new_bookmark("one", ViewState(Pca()))
    >>> new_bookmark("one", ViewState(Pca()), [one]).name
    'one (2)'
    """
    others = tuple(others)
    if len(others) >= MOST_BOOKMARKS:
        raise InputError(f"there are {len(others)} bookmarks, and {MOST_BOOKMARKS} at most; delete some")
    return Bookmark(_free_name(name, others), state, secrets.token_hex(8))


def renamed_bookmark(bookmark: Bookmark, name: str, others: Iterable[Bookmark]) -> Bookmark:
    """The same bookmark with a name that none of `others` has."""
    return replace(bookmark, name=_free_name(name, [each for each in others if each.key != bookmark.key]))


def _free_name(name: str, others: Iterable[Bookmark]) -> str:
    taken = {each.name for each in others}
    name = " ".join(name.split())[:LONGEST_NAME] or "View"
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def bookmarks_json(bookmarks: Iterable[Bookmark]) -> str:
    """Text of a file of bookmarks, which `bookmarks_in` reads."""
    kept = [{"name": each.name, "view": view_state_text(each.state)} for each in bookmarks]
    return json.dumps({"format": _FORMAT, "made_by": f"embviz {__version__}", "bookmarks": kept}, indent=1)


def bookmarks_in(content: Mapping[str, Any]) -> tuple[Bookmark, ...]:
    """The bookmarks of a file that `bookmarks_json` wrote.

    Raises
    ------
    InputError
        If it is not such a file, or a bookmark in it cannot be read.
    """
    listed = content.get("bookmarks")
    if content.get("format") != _FORMAT or not isinstance(listed, list) or not 0 < len(listed) <= MOST_BOOKMARKS:
        raise InputError("the file holds no bookmarks of embviz; save them on this page, or give TensorBoard's")
    found: list[Bookmark] = []
    for number, each in enumerate(listed, 1):
        bookmark = _read(each.get("name"), each.get("view")) if isinstance(each, dict) else None
        if bookmark is None:
            raise InputError(f"bookmark {number} of the file is not a view that can be shown; remove it from the file")
        found.append(bookmark)
    return tuple(found)
