"""Confusion matrices below the overlap of all class pairs; a click on a cell selects its items."""

import math

import numpy as np
import streamlit as st

from embviz.arrays import Int64Array
from embviz.findings.labels import checked_labels_of
from embviz.label_check import LabelCheck
from embviz.pipeline import confusion, has_label_check, readable_classes
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.component import heatmap
from embviz.ui.contract.table_messages import HeatmapRequest, HeatmapWords
from embviz.ui.focus import select
from embviz.ui.panels.labels.asked import LABELS, Asked, ask
from embviz.ui.panels.pairs.table import some_classes
from embviz.ui.session import session
from embviz.ui.waiting.computed import computed
from embviz.ui.words import Markdown, filled
from embviz.view import Forming, View

WORDS: HeatmapWords = {"between": "taken for", "unit": "of them", "least": "never", "most": "of the class"}


def confusion_of_classifier(view: View | Forming, pair: tuple[int, int]) -> None:
    """Draw two confusion matrices: of the classifier on screen, and of the classifiers of the label check.

    The first is of test items, and drawn only if the features on screen are a classifier's. The second is of all items,
    each classified by a classifier that was not trained on it; these are trained when the visitor asks for it.
    """
    dataset, predicted = view.dataset, view.features.predictions
    assert dataset.labels is not None, "they are compared"
    if predicted is not None:
        rows = _test_rows(view)
        if len(rows):
            st.markdown("###### The classifier's errors · test items")
            _table(view, "confusion-test", predicted, rows, pair)
    st.markdown("###### A classifier's errors · items it did not learn from")
    key = (dataset.fingerprint, view.features.fingerprint)
    if session().kept(Asked).of != key and not has_label_check(view.features, dataset, store=default_store()):
        st.button(
            "Train and test classifiers", on_click=ask, args=(key,), help="The classifiers of the Label check tab"
        )
        return

    def work(progress: Progress) -> LabelCheck:
        return checked_labels_of(view, store=default_store(), progress=progress)

    check = computed(LABELS, key, work, again=filled("Train and test classifiers again")).value
    if check is not None:
        _table(view, "confusion-held-out", check.held_out, np.arange(len(dataset)), pair)


def table_request(names: list[str], values: list[list[float | None]], pair: tuple[int, int]) -> HeatmapRequest:
    """The request for a table of confusions, which have neither intervals nor ranks."""
    unknown: list[list[float | None]] = [[None] * len(names) for _ in names]
    return {
        "names": names,
        "values": values,
        "lows": unknown,
        "highs": unknown,
        "most": unknown,
        "pair": list(pair),
        "ranks": [],
        "alike": [],
        "words": WORDS,
    }


def _table(view: View | Forming, key: str, predicted: Int64Array, rows: Int64Array, pair: tuple[int, int]) -> None:
    dataset = view.dataset
    assert dataset.labels is not None, "they are compared"
    labels, names = dataset.labels[rows], list(dataset.class_names)
    found = confusion(labels, predicted[rows], len(names))
    errors = np.where(np.eye(len(names), dtype=bool), np.nan, found.shares)
    codes = readable_classes(errors, pair).tolist()
    values = [
        [None if math.isnan(share) else 100 * float(share) for share in line] for line in errors[np.ix_(codes, codes)]
    ]

    def chosen(cell: tuple[int, int]) -> None:
        is_there = (labels == codes[cell[0]]) & (predicted[rows] == codes[cell[1]])
        select(dataset, dataset.ids[rows[is_there]].tolist())

    place = codes.index(pair[0]), codes.index(pair[1])
    heatmap(key, table_request([names[code] for code in codes], values, place), chosen)
    some_classes(len(codes), len(names), "are confused most")
    st.caption(_said(found.accuracy))


def _said(accuracy: float) -> Markdown:
    return filled(
        "Percent of the row's class that the classifier takes for the column's class; it is right for {right:.1f} % of "
        "all items. Click a cell to select its items. If a pair is confused here but apart in the table of all pairs, "
        "the features separate it, and the classifier does not.",
        right=100 * accuracy,
    )


def _test_rows(view: View | Forming) -> Int64Array:
    """Rows of the test items; none where the dataset does not say which these are."""
    split = view.dataset.metadata.get("split")
    if split is None:
        return np.arange(len(view.dataset) if view.dataset.split == "test" else 0)
    return np.flatnonzero(split == "test")
