"""What points are labeled with: any column of the items shown, sent once and never as rows."""

import numpy as np
import pytest

from embviz.server import shelf
from tests.unit.ui.contract.views import fetched


def texts(told):
    """The texts at the address in a message, as the browser decodes them."""
    body = fetched(shelf, told["labels"]["url"])
    n = told["items"]["count"]
    ends = np.frombuffer(body[: 4 * n], np.int32)
    starts = np.r_[0, ends[:-1]]
    return [body[4 * n + start : 4 * n + end].decode() for start, end in zip(starts, ends, strict=True)]


def test_nothing_is_labeled_at_first(page):
    page.open()
    assert page.data("projector")["labels"] is None


@pytest.mark.parametrize("by", ["class", "id", "column:split"])
def test_every_item_has_its_own_text(page, by):
    page.open()
    page.choose("label-by", by)
    dataset = page.view.dataset
    expected = {
        "class": [dataset.class_names[label] for label in dataset.labels],
        "id": [str(item) for item in dataset.ids],
        "column:split": dataset.metadata["split"].tolist() if "split" in dataset.metadata else None,
    }[by]
    told = page.data("projector")
    assert texts(told) == expected and told["labels"]["name"] == by.removeprefix("column:")


def test_labels_follow_the_items_and_stay_chosen(page):
    page.open()
    page.choose("label-by", "id")
    page.choose("split-digits", "test")
    assert texts(page.data("projector")) == [str(item) for item in page.view.dataset.ids]
    page.choose("label-by", "")
    assert page.data("projector")["labels"] is None
