"""Restoring a view from an address or a bookmark: what controls show at first, and sentences where that fails."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

import streamlit as st

from embviz.coloring import ColorBy
from embviz.datasets import DatasetInfo, DataSource, Files, Given, Named
from embviz.datasets.own.preview import name_of
from embviz.errors import InputError
from embviz.saved.view_state import ViewState, view_state_from_text
from embviz.ui.offered import Offered
from embviz.ui.session import Control, session
from embviz.ui.words import as_text
from embviz.view import ViewSpec

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False, slots=True)
class Restoring:
    """The view that is to be restored, and how far that has come.

    An address only sets what controls show at first. After a restart of the server, the browser still has what the
    visitor chose later, and this counts. A bookmark replaces whatever the controls show.

    Attributes
    ----------
    is_read
        Whether the address was read.
    wanted
        The state in the address, or in the bookmark that was restored last.
    is_new
        Whether the page has not been drawn completely since `wanted` was set.
    is_bookmark
        Whether `wanted` is a bookmark, which replaces what the controls showed before.
    has_focus, has_isolation, has_camera
        Whether the pinned and selected items, the isolated items, and the camera are still to be restored.
    said
        Sentences on what cannot be restored.
    spec
        View spec of the restored controls. The sentences stay until the controls ask for another one.
    """

    is_read: bool = False
    wanted: ViewState | None = None
    is_new: bool = False
    is_bookmark: bool = False
    has_focus: bool = False
    has_isolation: bool = False
    has_camera: bool = False
    said: tuple[str, ...] = ()
    spec: ViewSpec | None = None


def data_name(source: DataSource) -> str:
    """Name of data in an address: never a path, and empty for data that only one visitor has.

    Examples
    --------
    >>> data_name(Named("digits"))
    'digits'
    """
    match source:
        case Named(name=name):
            return name
        case Files():
            return f"file-{name_of(source).removeprefix('files-')[:8]}"
        case Given(key=key):
            return f"given-{key[:8]}"
        case _:
            return ""


def restore(state: ViewState) -> None:
    """Have the next run of the page show a state; to be called in a callback."""
    session().keep(_asked(state, is_bookmark=True))


def _asked(state: ViewState, *, is_bookmark: bool) -> Restoring:
    visitor = session()
    visitor.pair, visitor.label = state.pair, state.label
    return Restoring(
        is_read=True,
        wanted=state,
        is_new=True,
        is_bookmark=is_bookmark,
        has_focus=True,
        has_isolation=True,
        has_camera=True,
    )


def restoring() -> Restoring:
    """The view that is to be restored, and how far that has come; the address is read when the page runs first."""
    found = session().kept(Restoring)
    if not found.is_read:
        found = _read_address()
        session().keep(found)
    return found


def _read_address() -> Restoring:
    parts = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    try:
        state = view_state_from_text(urlencode(parts, errors="surrogatepass"))
    except InputError as error:
        said = f"The address of this page cannot be read: {error}. You see the usual view."
        return Restoring(is_read=True, said=(said,), is_new=True)
    return Restoring(is_read=True) if state is None else _asked(state, is_bookmark=False)


def wanted_dataset(choice: Offered) -> str | None:
    """Name of the dataset to be restored; None if no data are named, or they are not here, which a sentence says."""
    found = restoring()
    if found.wanted is None or not found.wanted.data:
        return None
    named = {data_name(info.source): name for name, info in choice.named.items() if info.on_machine}
    named |= {data_name(source): name for name, source in choice.files.items()}
    name = named.get(found.wanted.data)
    if name is None and found.is_new:
        data = found.wanted.data
        is_own = data.startswith(("file-", "given-"))
        what = "a file or arrays that this page was not started with" if is_own else f"{data!r:.60}"
        said = f"These data are not here: {what}. You see the usual view."
        session().keep(Restoring(is_read=True, is_new=True, said=(said,)))
    return name


def is_bookmark_due() -> bool:
    """Whether a bookmark is to be shown now, whatever the controls showed before."""
    found = restoring()
    return found.is_new and found.is_bookmark


def wanted_of(info: DatasetInfo) -> ViewState | None:
    """The state to be restored if it is of these data or names none; else None."""
    state = restoring().wanted
    return state if state is not None and state.data in ("", data_name(info.source)) else None


@dataclass(frozen=True, eq=False, slots=True)
class Restored:
    """Values that the controls of the sidebar are to show in this run of the page.

    Attributes
    ----------
    values
        The values, by the control's key.
    is_due
        Whether they replace whatever the controls showed before.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    is_due: bool = False


def first_shown(
    key: str, usual: Value, fits: Callable[[Value], bool] = lambda value: True, *, value_key: str | None = None
) -> Value:
    """The value that a control shows at first: the one to be restored if it fits, else the usual one.

    Parameters
    ----------
    key
        Key of the control.
    usual
        Value where nothing is to be restored.
    fits
        Whether the control can show a value. Where it cannot, a sentence says so.
    value_key
        Key of the value to be restored, where it is not the control's key.
    """
    restored = session().kept(Restored)
    name = value_key or key
    if name not in restored.values:
        return usual
    wish: Any = restored.values[name]
    if not fits(wish):
        _say(f"{_called(name)} {_told(wish)} is not possible here")
    shown: Value = wish if fits(wish) else usual
    if restored.is_due:
        Control[Value](key).show(shown)
    return shown


def _called(key: str) -> str:
    """Name of a control in a sentence: its key, without the name of a dataset that some keys contain."""
    first, _, rest = key.partition("-")
    return (
        {"limit": "items"}.get(first, first) if first in ("split", "limit", "features") else f"{first} {rest}".strip()
    )


def _told(wish: object) -> str:
    return f"{wish.column or wish.what!r:.60}" if isinstance(wish, ColorBy) else f"{wish!s:.60}"


def not_possible_here(what: str, source: DataSource) -> None:
    """Tell the visitor that `what` cannot be restored, if the view to be restored is of `source` or names no data."""
    found = restoring()
    if found.wanted is not None and found.wanted.data in ("", data_name(source)):
        _say(f"{what} is not possible here")


def _say(what: str) -> None:
    if restoring().is_new:
        say(f"Not everything could be restored: {what}.")


def first_tab(usual: str, titles: Sequence[str]) -> str:
    """The tab that is open at first: the one to be restored if the page has it, else the usual one."""
    state = restoring().wanted
    return usual if state is None or state.tab not in titles else state.tab


def names_a_tab() -> bool:
    """Whether the view to be restored says which tab is to be open."""
    state = restoring().wanted
    return state is not None and state.tab != ""


def brought_back(what: Literal["focus", "isolation", "camera"]) -> None:
    """Note that focus, isolation or camera has been restored, or cannot be."""
    done: dict[str, Any] = {f"has_{what}": False}
    session().keep(replace(restoring(), **done))


def say(sentence: str) -> None:
    """Have the page show a sentence on what cannot be restored."""
    found = restoring()
    session().keep(replace(found, said=(*found.said, sentence)))


def controls_drawn(spec: ViewSpec) -> None:
    """Note that the controls have been drawn and ask for `spec`; from now on the visitor's choices count."""
    found = restoring()
    if found.is_new:
        session().keep(replace(found, is_bookmark=False, spec=spec))


def shown_sentences(spec: ViewSpec) -> None:
    """Draw a warning on what could not be restored; it stays until the visitor changes a control.

    Called at the end of a run of the page, when everything has been drawn.
    """
    found = replace(restoring(), is_new=False)
    session().keep(found)
    if found.said and found.spec == spec:
        st.warning(as_text(" ".join(dict.fromkeys(found.said))))
