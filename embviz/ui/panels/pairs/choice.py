"""The choice of the two classes that are compared, the same in every tab that compares them."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embviz.dataset import Dataset
from embviz.ui.panels.methods import in_words
from embviz.ui.session import Control, session
from embviz.ui.words import as_text, filled
from embviz.view import Forming, View

K = 10
"""Number of nearest neighbors by which overlap is measured."""


@dataclass(frozen=True, slots=True)
class OthersOnly:
    """Whether the visitor chose that neighbors are searched in other groups only, kept in the session.

    Streamlit forgets what a control says while its tab is closed.
    """

    chosen: bool = False


@dataclass(frozen=True, slots=True)
class PairLists:
    """The number of times that a pair was chosen elsewhere than in the two lists of classes.

    It is part of the lists' keys, so that they are drawn anew each time. Otherwise the browser could send the old
    choice of the lists once more, as if it had just been made.
    """

    times: int = 0


def chosen_pair(view: View | Forming) -> tuple[int, int] | None:
    """Codes of the two classes chosen in the tab; None if fewer than two classes have items.

    At first these are classes "1" and "7" if both have items, else the first two classes that have items.
    """
    names = _classes_with_items(view.dataset)
    if len(names) < 2:
        return None
    first: tuple[str, str] = ("1", "7") if {"1", "7"} <= set(names) else (names[0], names[1])
    pair = session().pair or first
    if not set(pair) <= set(names):
        pair = first
    all_names = view.dataset.class_names
    return all_names.index(pair[0]), all_names.index(pair[1])


def _classes_with_items(dataset: Dataset) -> list[str]:
    return (
        []
        if dataset.labels is None
        else [dataset.class_names[code] for code in np.flatnonzero(np.bincount(dataset.labels))]
    )


def say_no_pair() -> None:
    """Draw a sentence on what is needed where there are no two classes."""
    st.markdown("Overlap compares **classes**: it needs items with at least two different labels.")


def others_only_chosen(view: View | Forming) -> bool:
    """Whether neighbors are to be searched in other groups only."""
    return bool(view.dataset.group) and session().kept(OthersOnly).chosen


def pair_controls(view: View | Forming, pair: tuple[int, int]) -> None:
    """Draw the lists of classes, and the choice of neighbors where the dataset has groups."""
    all_names, names = view.dataset.class_names, _classes_with_items(view.dataset)
    lists = session().kept(PairLists)
    controls = (Control[str](f"pair-a-{lists.times}"), Control[str](f"pair-b-{lists.times}"))

    def changed() -> None:
        a, b = (control.value for control in controls)
        if a != b and lists == session().kept(PairLists):
            session().pair = (a, b)

    for control, code in zip(controls, pair, strict=True):
        control.show(all_names[code])
    a, b = (names.index(all_names[code]) for code in pair)
    first, second = st.columns(2, gap="small")
    first.selectbox("Class", names, a, key=controls[0].key, on_change=changed)
    second.selectbox("and class", names, b, key=controls[1].key, on_change=changed)
    if view.dataset.group:
        _others_only_control(view.dataset.group)


def _others_only_control(group: str) -> None:
    control = Control[bool]("others-only")
    control.show(session().kept(OthersOnly).chosen)
    st.toggle(
        filled("Compare with other {group}s only", group=group),
        key=control.key,
        on_change=lambda: session().keep(OthersOnly(control.value)),
        help=as_text(in_words("Other groups only")),
    )


def choose_pair(names: list[str], codes: tuple[int, int]) -> None:
    """Choose two classes by their codes, after a click outside of the two lists, and have the lists show them."""
    visitor = session()
    visitor.pair = (names[codes[0]], names[codes[1]])
    visitor.keep(PairLists(visitor.kept(PairLists).times + 1))
