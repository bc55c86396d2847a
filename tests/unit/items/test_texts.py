"""Short texts of a column, one for each item."""

import numpy as np
import pytest

from embviz.dataset import Dataset
from embviz.errors import InputError
from embviz.items.texts import MOST_CHARACTERS, texts_of

TOY = Dataset(name="toy", split="", ids=np.arange(3), n_source=3, n_split=3, vectors=np.ones((3, 1), np.float32))


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (np.array(["a", "", "<b>"]), ("a", "", "<b>")),
        (np.array([True, False, True]), ("True", "False", "True")),
        (np.array([10, -2, 0]), ("10", "-2", "0")),
        (np.array([0.5, np.nan, np.inf]), ("0.5", "", "inf")),
    ],
)
def test_values_are_written_as_people_write_them(column, expected):
    assert texts_of(TOY, "column", column).texts == expected


def test_a_long_text_is_cut_and_says_so():
    (text, *_) = texts_of(TOY, "column", np.array(["x" * 300, "", ""])).texts
    assert len(text) == MOST_CHARACTERS and text.endswith("…")


def test_a_column_of_other_items_is_refused():
    with pytest.raises(InputError, match="one for each of 3 items"):
        texts_of(TOY, "column", np.arange(4))


def test_a_revision_is_of_name_and_texts():
    columns = [("a", [1, 2, 3]), ("b", [1, 2, 3]), ("a", [1, 2, 4])]
    assert len({texts_of(TOY, name, np.array(column)).revision for name, column in columns}) == 3
    assert texts_of(TOY, "a", np.array([1, 2, 3])).revision == texts_of(TOY, "a", np.array([1, 2, 3])).revision
