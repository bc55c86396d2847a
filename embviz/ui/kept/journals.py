"""Journals of visitors' bookmarks and tags in the store, one for each browser or for each source of data."""

from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from embviz.arrays import fingerprint
from embviz.datasets.own.started import started_folder
from embviz.datasets.source import DataSource, Given, Uploaded
from embviz.server.visitors import COOKIE, new_visitor, visitor_in
from embviz.showing.exchange import tags_journal_in
from embviz.storage.journal import Journal
from embviz.storage.store import default_store
from embviz.ui.session import session


@dataclass(eq=False, slots=True)
class Journals:
    """The journals that a visitor has used, and a name for the visitor where the browser sends no cookie."""

    by_path: dict[Path | str, Journal] = field(default_factory=dict)
    unnamed: str = field(default_factory=new_visitor)


def bookmarks_journal() -> Journal:
    """The journal of the bookmarks of this visitor's browser: nobody else sees or changes them."""
    return _journal("bookmarks", this_visitor())


def this_visitor() -> str:
    """Name of this visitor's browser in journals: a hash, from which nobody can compute the cookie."""
    visitor = visitor_in(st.context.cookies.get(COOKIE)) or session().kept(Journals).unnamed
    return fingerprint("visitor", visitor)


def tags_journal(source: DataSource) -> Journal:
    """The journal of the tags of a source's items, shared by all visitors who look at these data.

    Tags of an upload last until the visitor's session ends; tags of data from Python until the `PageSession` is closed.
    """
    if isinstance(source, Uploaded | Given):
        folder = started_folder() if isinstance(source, Given) else None
        journal = Journal(None) if folder is None else tags_journal_in(folder)
        return session().kept(Journals).by_path.setdefault(source.key, journal)
    return _journal("tags", source.key)


def _journal(kind: str, key: str) -> Journal:
    root = default_store().root
    path = None if root is None else root / kind / f"{key}.jsonl"
    return session().kept(Journals).by_path.setdefault(path or f"{kind}/{key}", Journal(path))
