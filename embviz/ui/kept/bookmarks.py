"""Bookmarks in the sidebar: save the present view under a name; restore, rename and delete it; write and read files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from embviz.errors import InputError
from embviz.projection.titles import spec_title
from embviz.saved.bookmark_files import read_bookmarks
from embviz.saved.bookmarks import (
    LONGEST_NAME,
    Bookmark,
    bookmarks_json,
    bookmarks_of,
    deletion_of,
    event_of,
    new_bookmark,
    renamed_bookmark,
)
from embviz.saved.view_state import ViewState, is_short
from embviz.search import found_ids
from embviz.storage.journal import Event
from embviz.ui.contract.messages import LookMessage
from embviz.ui.kept.journals import bookmarks_journal
from embviz.ui.panels.panel import TABS
from embviz.ui.selecting.found import searched_columns
from embviz.ui.session import Control, session
from embviz.ui.sidebar.color import bring_back_color
from embviz.ui.state.restoring import restore
from embviz.ui.words import as_text, filled
from embviz.view import Forming, View

NAME = Control[str]("bookmark-name")
CHOSEN = Control[str]("bookmark-chosen")


@dataclass(frozen=True, slots=True)
class Said:
    """Outcome of the last action on bookmarks, kept until the next one.

    Attributes
    ----------
    notes
        Sentences on what was done, such as how many bookmarks a file added.
    problem
        Why the action failed; empty if it did not.
    times
        Number of changes written and files refused so far: part of the key of the field for files, so that the field is
        drawn anew, and empty, after a file was read.
    chosen
        Key of the bookmark that the list is to choose next, such as one just saved; empty keeps the visitor's choice.
    """

    notes: tuple[str, ...] = ()
    problem: str = ""
    times: int = 0
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """Key of the bookmark that was saved last, while it still lacks its camera; else empty."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The visitor's bookmarks, and the number of journal events that they were read from; -1 before the first."""

    n_events: int = -1
    bookmarks: tuple[Bookmark, ...] = ()


def _listed() -> tuple[Bookmark, ...]:
    """The visitor's bookmarks; read again when the journal has become longer, not in every run of the page."""
    events, found = bookmarks_journal().events(), session().kept(Listed)
    if found.n_events != len(events):
        found = Listed(len(events), bookmarks_of(events))
        session().keep(found)
    return found.bookmarks


def bookmark_without_camera() -> str:
    """Key of the bookmark that still lacks its camera, which only the browser knows; empty for none."""
    return session().kept(Saved).key


def keep_camera(look: LookMessage) -> None:
    """Add the browser's camera or axis ranges to the bookmark that was saved last; called in a callback.

    Does nothing if that bookmark is gone, or was not the one asked about.
    """
    journal = bookmarks_journal()
    found = {each.key: each for each in bookmarks_of(journal.events())}.get(look["key"])
    if found is None or look["key"] != session().kept(Saved).key:
        return
    session().keep(Saved())
    try:
        state = replace(found.state, camera=tuple(look["camera"]))
    except InputError:  # for example a camera of another number of dimensions
        return
    journal.append(event_of(replace(found, state=state)))


def bookmarks_control(state: ViewState, title: str, shown: View | Forming) -> None:
    """Draw the bookmarks; `state` is the state to save, `title` its data's title, `shown` the view drawn."""
    kept = _listed()
    said = session().kept(Said)
    with st.expander(filled("Bookmarks · {n}", n=len(kept)) if kept else "Bookmarks", key="bookmarks-open"):
        usual = f"{title} · {spec_title(state.projection)}"[:LONGEST_NAME]
        with st.form("bookmark-form", border=False, enter_to_submit=False):  # a name and a click are sent together
            st.text_input("Name", key=NAME.key, placeholder=as_text(usual), max_chars=LONGEST_NAME)
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button("Save", key="bookmark-save", on_click=_save, args=(state, usual, kept))
                if kept:
                    st.form_submit_button(
                        "Rename",
                        key="bookmark-rename",
                        on_click=_rename,
                        args=(kept,),
                        help="Gives this name to the view that is chosen below",
                    )
        if kept:
            _list(kept, said)
        _files(kept, said, shown)
        if not is_short(state):
            st.caption("The address of this page cannot keep so many selected or isolated items; a bookmark can.")
        if said.problem:
            st.error(as_text(said.problem))
        for note in said.notes:
            st.caption(as_text(note))


def _list(kept: Sequence[Bookmark], said: Said) -> None:
    by_key = {each.key: each for each in kept}
    keys = list(by_key)
    if CHOSEN.value_or(None) not in (None, *keys) or said.chosen:
        CHOSEN.show(said.chosen if said.chosen in by_key else keys[-1])
        session().keep(Said(said.notes, said.problem, said.times))
    chosen = by_key[
        st.selectbox(
            "Saved views", keys, len(keys) - 1, key=CHOSEN.key, format_func=lambda key: as_text(by_key[key].name)
        )
    ]
    with st.container(horizontal=True, gap="small"):
        st.button("Restore", key="bookmark-restore", type="primary", on_click=restore_bookmark, args=(chosen,))
        st.button("Delete", key="bookmark-delete", on_click=_write, args=(deletion_of(chosen),))


def _files(kept: Sequence[Bookmark], said: Said, shown: View | Forming) -> None:
    with st.popover("File", width="stretch"):
        if kept:
            st.download_button(
                "Download all",
                lambda: bookmarks_json(kept),
                "embviz-bookmarks.json",
                "application/json",
                on_click="ignore",
                width="stretch",
            )
        key = f"bookmark-file-{said.times}"
        st.file_uploader(
            "A file of bookmarks, of embviz or TensorBoard",
            ["json", "txt"],
            key=key,
            on_change=_load,
            args=(key, shown),
        )


def restore_bookmark(bookmark: Bookmark) -> None:
    """Let the page show a bookmark from now on; called in a callback."""
    state = bookmark.state
    restore(state)
    bring_back_color(state.color)
    if state.tab:
        TABS.show(state.tab)


def _save(state: ViewState, usual: str, kept: Sequence[Bookmark]) -> None:
    try:
        bookmark = new_bookmark(NAME.value or usual, state, kept)
    except InputError as error:
        session().keep(Said(problem=str(error), times=session().kept(Said).times))
        return
    NAME.show("")
    session().keep(Saved(bookmark.key))
    _write(event_of(bookmark), chosen=bookmark.key)


def _rename(kept: Sequence[Bookmark]) -> None:
    bookmark = {each.key: each for each in kept}[CHOSEN.value]
    if not NAME.value.strip():
        session().keep(Said(problem="Write the new name first.", times=session().kept(Said).times))
        return
    renamed = renamed_bookmark(bookmark, NAME.value, kept)
    NAME.show("")
    _write(event_of(renamed), chosen=renamed.key)


def _load(key: str, shown: View | Forming) -> None:
    given = Control[object](key).value
    if given is None:
        return
    said, journal = session().kept(Said), bookmarks_journal()
    try:
        content: bytes = given.getvalue()  # type: ignore[attr-defined]  # Streamlit's UploadedFile
        read = read_bookmarks(content, lambda query: found_ids(query, searched_columns(shown)))
        events = []
        kept = list(bookmarks_of(journal.events()))
        for each in read.bookmarks:
            kept.append(new_bookmark(each.name, each.state, kept))
            events.append(event_of(kept[-1]))
    except InputError as error:
        session().keep(Said(problem=str(error), times=said.times + 1))
        return
    _write(*events, notes=(f"{len(events)} bookmarks were added.", *read.notes), chosen=kept[-1].key)


def _write(*events: Event, notes: tuple[str, ...] = (), chosen: str = "") -> None:
    """Add events to the journal; where that fails, they are kept until the visitor leaves, and a note says so."""
    journal = bookmarks_journal()
    problems = {problem for event in events if (problem := journal.append(event))}
    lost = tuple(f"Kept only until you leave the page: {problem}." for problem in problems)
    session().keep(Said((*notes, *lost), times=session().kept(Said).times + 1, chosen=chosen))
