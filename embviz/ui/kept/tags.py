"""Tags of items on the page: given to a selection, undone, and added to the dataset as columns."""

import secrets
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from embviz.annotations import LONGEST, GivenTags, Tag, annotated, given_tags, tag_event, undo_event
from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.datasets.source import DataSource
from embviz.errors import InputError
from embviz.export import selection_csv
from embviz.storage.journal import Event
from embviz.ui.kept.journals import tags_journal, this_visitor
from embviz.ui.session import Control, session
from embviz.ui.words import as_text, filled
from embviz.view import Forming, View

COLUMN, VALUE = Control[str | None]("tag-column"), Control[str | None]("tag-value")
FIRST_COLUMN = "tag"


KEPT = 4
"""Number of datasets with tags kept: one for each of the panes on a page."""


@dataclass(frozen=True, eq=False, slots=True)
class Tagged:
    """A dataset with tags; `key` says from which data and how many journal events it was made."""

    key: tuple[str, int, str]
    given: GivenTags
    dataset: Dataset


@dataclass(frozen=True, eq=False, slots=True)
class KeptTagged:
    """The datasets with tags that were needed last, the newest at the end."""

    made: tuple[Tagged, ...] = ()


@dataclass(frozen=True, slots=True)
class TagSaid:
    """The problem with the last tag: why it could not be given, or not be stored; empty if there was none."""

    problem: str = ""


def with_tags(shown: View | Forming) -> View | Forming:
    """The same view with the tags as columns of its dataset, for colors and files."""
    found = _tagged(shown)
    return shown if found.dataset is shown.dataset else replace(shown, dataset=found.dataset)


def _tagged(shown: View | Forming) -> Tagged:
    events = tags_journal(shown.spec.source).events()
    key = (shown.spec.source.key, len(events), shown.dataset.fingerprint)
    made = session().kept(KeptTagged).made
    found = next((each for each in made if each.key == key), None)
    if found is None:
        given = given_tags(events)
        found = Tagged(key, given, annotated(shown.dataset, given.annotations))
    session().keep(KeptTagged((*(each for each in made if each is not found), found)[-KEPT:]))
    return found


def tag_control(shown: View | Forming, rows: Int64Array) -> None:
    """Draw the controls that tag the items at these rows, and the button that undoes the visitor's last tag."""
    given = _tagged(shown).given
    columns = list(given.annotations.columns) or [FIRST_COLUMN]
    column, typed = COLUMN.value_or(None) or columns[0], VALUE.value_or(None)
    texts = sorted({tag.value for tag in given.annotations.tags if tag.column == column and tag.value})
    columns += [] if column in columns else [column]
    texts += [] if typed is None or typed in texts else [typed]
    ids = tuple(np.sort(shown.dataset.ids[rows]).tolist())
    left, right = st.columns(2, gap="small")
    left.selectbox("Tag column", columns, 0, key=COLUMN.key, accept_new_options=True)
    right.selectbox(
        "Tag",
        texts,
        None,
        key=VALUE.key,
        accept_new_options=True,
        placeholder="Any text, then Enter",
        filter_mode="prefix",
    )
    with st.container(horizontal=True):
        st.button(
            filled("Tag {n:,} items", n=len(ids)),
            key="tag-give",
            on_click=_give,
            args=(shown.dataset, shown.spec.source, ids),
            help="Color by then offers the column, and the files of the Export tab contain it. An empty tag removes "
            "the tag that the items have in this column.",
        )
        _undo_button(shown.spec.source, given)
    _said()


def tags_table(view: View) -> None:
    """Draw the download of a table of all items and columns, tags and coordinates included."""
    given = _tagged(view).given
    st.markdown("###### Table of the items, with tags")
    for name in given.annotations.columns:
        texts = given.annotations.values(name, view.dataset.ids)
        n = int((texts != "").sum())
        st.caption(filled("{name}: {n:,} of these items tagged", name=name, n=n))
    if not given.annotations.columns:
        st.caption("Select items, and tag them in the Inspect tab; the data themselves are never changed.")
    tagged = with_tags(view).dataset
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: selection_csv(tagged, view.projection, np.arange(len(tagged))),
            "embviz-items.csv",
            "text/csv",
            key="items-csv",
            on_click="ignore",
        )
        _undo_button(view.spec.source, given)
    _said()


def _undo_button(source: DataSource, given: GivenTags) -> None:
    key = given.last_of(this_visitor())
    if key is not None:
        st.button(
            "Undo tag", key="tag-undo", on_click=_add, args=(source, undo_event(key)), help="Takes back your last tag"
        )


def _said() -> None:
    problem = session().kept(TagSaid).problem
    if problem:
        st.error(as_text(problem))


def _give(dataset: Dataset, source: DataSource, ids: tuple[int, ...]) -> None:
    column, value = (COLUMN.value or FIRST_COLUMN).strip(), (VALUE.value or "").strip()
    if column in dataset.metadata:
        session().keep(TagSaid(f"The data have a column {column[:LONGEST]!r} of their own; choose another name."))
        return
    try:
        tag = Tag(column, value, ids)
    except InputError as error:
        session().keep(TagSaid(str(error)))
        return
    _add(source, tag_event(tag, secrets.token_hex(8), this_visitor()))


def _add(source: DataSource, event: Event) -> None:
    try:
        problem = tags_journal(source).append(event)
    except InputError as error:
        session().keep(TagSaid(str(error)))
        return
    session().keep(TagSaid(f"Kept only until you leave the page: {problem}." if problem else ""))
