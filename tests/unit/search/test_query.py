"""Queries over a dataset: ids in their order, by every column, and as brute force finds them."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from embviz.dataset import Dataset, subset
from embviz.errors import InputError, SpecError
from embviz.search import CHANGES, Query, changed_selection, found_ids, grown_selection, search_columns
from tests.unit.toy import digits, hidden_features

TOY = digits(30)


def test_every_column_can_be_searched():
    features = hidden_features(TOY)
    columns = search_columns(TOY, features)
    assert list(columns) == ["label", "id", "prediction", "writer"]
    for name in ("label", "prediction"):
        found = found_ids(Query("a", column=name), columns)
        assert found.tolist() == TOY.ids[TOY.labels == TOY.class_names.index("a")].tolist()
    assert found_ids(Query(str(TOY.ids[4]), "text", "id"), columns)[0] in TOY.ids
    assert found_ids(Query(f"^w{TOY.ids[3]}$", "regex", "writer"), columns).tolist() == [TOY.ids[3]]


def test_items_are_found_by_their_names_where_there_are_splits():
    split = Dataset(
        name="toy", split="all", ids=np.array([0, 3, 4]), n_source=5, n_split=5, splits=(("train", 0), ("test", 3))
    )
    assert found_ids(Query("^test", "regex", "item"), search_columns(split)).tolist() == [3, 4]


def test_missing_values_are_found_by_no_pattern():
    holes = Dataset(
        name="toy",
        split="",
        ids=np.arange(3),
        n_source=3,
        n_split=3,
        metadata={"note": np.array(["", "a", "b"]), "age": np.array([np.nan, 1, 2])},
    )
    columns = search_columns(holes)
    for column in ("note", "age"):
        assert found_ids(Query(".*", "regex", column), columns).tolist() == [1, 2]
        assert found_ids(Query("n", "text", column), columns).tolist() == []


def test_a_column_that_is_not_there_is_refused_and_nothing_finds_nothing():
    columns = search_columns(TOY)
    with pytest.raises(SpecError, match="there is no column 'size'"):
        found_ids(Query("a", column="size"), columns)
    assert found_ids(Query("  "), columns).tolist() == []


def test_predictions_of_other_items_are_refused():
    with pytest.raises(InputError, match="other items"):
        search_columns(subset(TOY, np.arange(3)), hidden_features(TOY))


@given(st.permutations(range(30)), st.sampled_from(["a", "w1", "2", "c"]), st.sampled_from(["label", "writer", "id"]))
def test_the_same_items_are_found_in_any_order_and_sample(order, text, column):
    whole = set(found_ids(Query(text, column=column), search_columns(TOY)).tolist())
    part = subset(TOY, np.array(order[:20]))
    found = found_ids(Query(text, column=column), search_columns(part)).tolist()
    assert found == [item for item in part.ids.tolist() if item in whole]


IDS = st.sets(st.integers(0, 20)).map(lambda ids: np.array(sorted(ids), np.int64))


@given(IDS, IDS)
def test_a_selection_changes_as_sets_do(selected, found):
    before, new = set(selected.tolist()), set(found.tolist())
    expected = {"select": new, "add": before | new, "remove": before - new, "keep": before & new}
    for change in CHANGES:
        assert changed_selection(selected, found, change).tolist() == sorted(expected[change])


@given(st.sets(st.integers(0, 29), min_size=1), st.integers(1, 5))
def test_a_selection_grows_by_the_nearest_items_of_each(rows, k):
    from embviz.neighbors import neighbor_graph

    graph = neighbor_graph(hidden_features(TOY), 8)
    grown = set(grown_selection(np.array(sorted(rows)), graph, k).tolist())
    assert grown == rows.union(*(graph.indices[row, :k].tolist() for row in rows))
