"""Data frames of several libraries become the same dataset."""

import warnings

import numpy as np
import pandas
import pyarrow
import pytest

from embviz import dataset_from_table
from embviz.errors import DatasetError
from tests.unit.glyphs import glyphs

COLUMNS = {"label": ["b", "a", "b"], "size": [1, 2, 3], "embedding": [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]}


def frames():
    yield "pandas", pandas.DataFrame(COLUMNS)
    yield "pandas with arrays", pandas.DataFrame(COLUMNS | {"embedding": list(np.array(COLUMNS["embedding"]))})
    yield "pandas with categories", pandas.DataFrame(COLUMNS).astype({"label": "category"})
    yield "pyarrow", pyarrow.table(COLUMNS)


@pytest.mark.parametrize("frame", [frame for _, frame in frames()], ids=[name for name, _ in frames()])
def test_a_frame_of_any_library_is_taken(frame):
    dataset = dataset_from_table(frame, name="mine")
    assert dataset.name == "mine" and dataset.class_names == ("a", "b")
    assert dataset.labels.tolist() == [1, 0, 1]
    assert dataset.vectors.tolist() == COLUMNS["embedding"]
    assert dataset.metadata["size"].tolist() == [1, 2, 3]


def test_the_rows_of_a_pandas_frame_that_was_sorted_keep_their_index_as_a_column():
    frame = pandas.DataFrame(COLUMNS).sort_values("label")
    assert dataset_from_table(frame).metadata["index"].tolist() == [1, 0, 2]


def test_columns_are_chosen_by_name():
    frame = pandas.DataFrame({"a": [1, 2], "b": [3, 4], "kind": ["x", "y"], "writer": [5, 5]})
    dataset = dataset_from_table(frame, vectors=["a", "b"], labels="kind", group="writer")
    assert dataset.vectors.tolist() == [[1, 3], [2, 4]]
    assert (dataset.class_names, dataset.group) == (("x", "y"), "writer")


def test_columns_of_pixels_are_images():
    images = glyphs(4, 6, 6)
    frame = pandas.DataFrame(images.reshape(4, -1), columns=[f"pixel{place}" for place in range(36)])
    assert np.array_equal(dataset_from_table(frame).images, images)


def test_what_is_left_out_is_a_warning():
    with pytest.warns(UserWarning, match="'nothing' is empty and was left out"):
        dataset_from_table(pyarrow.table({"v": [[1.0, 2.0]], "nothing": pyarrow.nulls(1)}))


REFUSED = {
    "a list": ([1, 2], {}, "data frame of pandas, polars, pyarrow or DuckDB, got a list of 2"),
    "an array": (np.zeros((2, 2)), {}, "for arrays use dataset_from_arrays"),
    "nothing": (None, {}, "got None"),
    "no rows": (pandas.DataFrame(COLUMNS)[:0], {}, "has no rows"),
    "a column of two types": (pandas.DataFrame({"a": [1, "x"], "v": [0, 1]}), {}, "columns of one type each"),
    "columns called the same": (pandas.DataFrame([[1, 2]], columns=["a", "a"]), {}, "cannot be read|called 'a'"),
    "no such column": (pandas.DataFrame(COLUMNS), {"labels": "lable"}, "no column 'lable'; it has 'label', 'size'"),
    "a number for a name": (pandas.DataFrame(COLUMNS), {"vectors": 5}, "vectors must be"),
    "text as vectors": (pandas.DataFrame(COLUMNS), {"vectors": "label"}, "holds text, and vectors are numbers"),
    "numbers as images": (pandas.DataFrame(COLUMNS), {"images": "size"}, "there are no images in 'size'"),
    "vectors of no square as images": (pandas.DataFrame(COLUMNS), {"images": "embedding"}, "there are no images"),
    "vectors as a group": (pandas.DataFrame(COLUMNS), {"group": "embedding"}, "a group is one column"),
    "nothing to lay out": (pandas.DataFrame({"label": ["a", "b"]}), {}, "neither vectors nor images"),
    "gaps in vectors": (pandas.DataFrame({"v": [[1.0, np.nan]]}), {}, "row 0 lacks a number|row 0 holds NaN"),
}


@pytest.mark.parametrize("frame, options, sentence", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_a_dataset_is_one_sentence(frame, options, sentence):
    with warnings.catch_warnings(), pytest.raises(DatasetError, match=sentence) as found:
        warnings.simplefilter("ignore")
        dataset_from_table(frame, **options)
    assert "\n" not in str(found.value)
