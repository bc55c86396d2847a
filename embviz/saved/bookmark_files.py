"""Files of bookmarks: those of embviz, and TensorBoard's lists of States."""

import json
from dataclasses import dataclass
from typing import Any

from embviz.errors import InputError
from embviz.saved.bookmarks import MOST_BOOKMARKS, Bookmark, bookmarks_in
from embviz.saved.tensorboard_states import Find, bookmark_of_state

MOST_BYTES = 300_000_000
_COORDINATES = ("pca-", "tsne-", "umap-", "linear-")


@dataclass(frozen=True, slots=True)
class ReadBookmarks:
    """Bookmarks that were read from a file.

    Attributes
    ----------
    bookmarks
        The bookmarks, in the order of the file.
    notes
        What is not restored from the file, one sentence each.
    """

    bookmarks: tuple[Bookmark, ...]
    notes: tuple[str, ...] = ()


def read_bookmarks(content: bytes, find: Find | None = None) -> ReadBookmarks:
    """The bookmarks of a file that embviz or TensorBoard wrote.

    Parameters
    ----------
    content
        Content of the file.
    find
        Function that finds the items at the ends of TensorBoard's custom projections. If it is None, these projections
        are replaced by principal components.

    Raises
    ------
    InputError
        If the file is neither of these, is too large, or holds too many bookmarks.

    Examples
    --------
    >>> found = read_bookmarks(b'[{"label": "Far", "selectedProjection": "tsne", "tSNEPerplexity": 5}]')
    >>> found.bookmarks[0].name, found.bookmarks[0].state.projection.perplexity
    ('Far', 5.0)
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"the file has more than {MOST_BYTES:,} bytes; keep fewer bookmarks in one file")
    try:
        said = json.loads(content, object_pairs_hook=_without_coordinates)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the file is not JSON ({error!s:.60}); save the bookmarks again") from error
    if isinstance(said, dict) and "projections" not in said:
        return ReadBookmarks(bookmarks_in(said))
    states = [said] if isinstance(said, dict) else said
    if not isinstance(states, list) or not states or not all(isinstance(state, dict) for state in states):
        raise InputError("the file holds no bookmarks: expected those of embviz, or a list of TensorBoard's States")
    if len(states) > MOST_BOOKMARKS:
        raise InputError(f"the file holds {len(states):,} bookmarks, and {MOST_BOOKMARKS} at most can be kept")
    notes = [
        "TensorBoard's layouts are computed anew with these parameters and may look different: "
        "TensorBoard has no seed. Their coordinates are read with the log folder that they belong to."
    ]
    found = [bookmark_of_state(state, number, notes, find) for number, state in enumerate(states)]
    return ReadBookmarks(tuple(found), tuple(dict.fromkeys(notes)))


def _without_coordinates(pairs: list[tuple[str, Any]]) -> Any:
    """A JSON object as dict; None for coordinates, which would take most of the memory and are not used."""
    return None if pairs and pairs[0][0].startswith(_COORDINATES) else dict(pairs)
