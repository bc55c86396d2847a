"""The choice of a text beside points that are selected or pinned: class label, prediction, id or a column."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embviz.items.texts import Texts, texts_of
from embviz.ui.session import Control, session
from embviz.ui.state.restoring import not_possible_here
from embviz.ui.words import as_text, told_apart
from embviz.view import Forming, View

NOTHING, CLASS, PREDICTION, ID = "", "class", "prediction", "id"
TITLES = {NOTHING: "Nothing", CLASS: "Class label", PREDICTION: "Prediction", ID: "Id"}
COLUMN = "column:"
"""Before the name of a metadata column, so that none is taken for one of the above."""

KEPT = 8
"""Number of labelings kept: those of each of four panes, and the ones before, which a browser may still fetch."""


@dataclass(frozen=True, eq=False, slots=True)
class MadeLabels:
    """The labelings made last, each with its key, the newest at the end."""

    made: tuple[tuple[tuple[str, str, str], Texts], ...] = ()


def labels_offered(shown: View | Forming) -> list[str]:
    """What the items shown can be labeled by; ``""`` for no labels comes first."""
    dataset = shown.dataset
    known = [(CLASS, dataset.labels is not None), (PREDICTION, shown.features.predictions is not None), (ID, True)]
    return [NOTHING, *(by for by, is_known in known if is_known), *(COLUMN + name for name in dataset.metadata)]


def label_control(shown: View | Forming) -> None:
    """Draw the select *Label by*; `labels_like` returns the labels that it asks for."""
    offered = labels_offered(shown)
    control = Control[str]("label-by")
    by = label_shown(shown)
    if by != session().label:
        not_possible_here(f"label by {session().label.removeprefix(COLUMN)!r:.60}", shown.spec.source)
    control.show(by)  # an address or a bookmark may have set it

    titles = told_apart({each: TITLES.get(each, each.removeprefix(COLUMN)) for each in offered})

    def changed() -> None:
        session().label = control.value

    st.selectbox(
        "Label by",
        offered,
        offered.index(by),
        key=control.key,
        on_change=changed,
        format_func=lambda by: as_text(titles[by]),
        help="Written beside selected and pinned points, where there is room, and in the card at the pointer.",
    )


def label_shown(shown: View | Forming) -> str:
    """What the items shown are labeled by: the choice if they have it, else nothing, ``""``."""
    by = session().label
    return by if by in labels_offered(shown) else NOTHING


def labels_like(shown: View | Forming) -> Texts | None:
    """The labels of a view, by what was chosen for the first pane; None if that is nothing, or its items lack it."""
    by = label_shown(shown)
    if by == NOTHING:
        return None
    key = (by, shown.dataset.fingerprint, shown.features.fingerprint)
    made = dict(session().kept(MadeLabels).made)
    labels = made.pop(key) if key in made else _labels(by, shown)
    session().keep(MadeLabels((*list(made.items())[1 - KEPT :], (key, labels))))
    return labels


def _labels(by: str, shown: View | Forming) -> Texts:
    dataset, features = shown.dataset, shown.features
    if by == CLASS:
        assert dataset.labels is not None, "offered only where there are labels"
        return texts_of(dataset, CLASS, np.array(dataset.class_names)[dataset.labels])
    if by == PREDICTION:
        assert features.predictions is not None, "offered only where there are predictions"
        return texts_of(dataset, PREDICTION, np.array(features.class_names)[features.predictions])
    if by == ID:
        return texts_of(dataset, ID, dataset.ids)
    name = by.removeprefix(COLUMN)
    return texts_of(dataset, name, dataset.metadata[name])
