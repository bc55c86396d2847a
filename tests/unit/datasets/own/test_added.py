"""Columns of a table for items that are there already: each value is that of its own item, or it is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.dataset import Dataset
from embviz.datasets import Given, Uploaded, dataset_from_arrays, dataset_of
from embviz.datasets.files.contents import Contents, known_column
from embviz.datasets.files.uses.roles import Roles
from embviz.datasets.own.added import IN_ORDER, Match, added_names, match_of, with_columns
from embviz.errors import DatasetError

N = 7
FILES = np.array([f"{place}.png" for place in range(N)])


def items(**metadata: np.ndarray) -> Dataset:
    return replace(dataset_from_arrays(vectors=np.eye(N), name="toy"), metadata=metadata)


def table(**columns: np.ndarray) -> Contents:
    return Contents("more", len(next(iter(columns.values()))), tuple(map(known_column, columns, columns.values())))


def joined(contents: Contents, dataset: Dataset) -> Dataset:
    match = match_of(contents, dataset)
    return with_columns(dataset, contents, added_names(contents, dataset, match), match)


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(N)), key=st.sampled_from(["file", "path", "id"]))
def test_rows_find_their_items_in_any_order_of_the_table(order: list[int], key: str) -> None:
    dataset, rows = items(file=FILES), np.array(order)
    names = rows.astype(np.int64) if key == "id" else FILES[rows]
    found = joined(table(**{key: names, "value": rows * 10}), dataset)
    assert found.metadata["value"].tolist() == [10 * place for place in range(N)]
    assert found.items == dataset.items and found.fingerprint != dataset.fingerprint


def test_without_a_column_that_names_the_items_rows_are_in_their_order() -> None:
    contents = table(value=np.arange(N)[::-1] // 2, text=np.array(list("aabbccd")))
    assert match_of(contents, items(file=FILES)) == IN_ORDER
    assert joined(contents, items()).metadata["value"].tolist() == (np.arange(N)[::-1] // 2).tolist()


def test_some_of_the_items_get_their_own_rows() -> None:
    dataset = items(file=FILES)
    contents = table(file=FILES[::-1].copy(), value=np.arange(N)[::-1].copy())
    match = match_of(contents, dataset)
    keep = np.array([5, 2])
    part = Dataset(
        name="toy",
        split="",
        ids=keep,
        n_source=N,
        n_split=N,
        vectors=dataset.vectors[keep],
        metadata={"file": FILES[keep]},
    )
    assert with_columns(part, contents, {"value": "value"}, match).metadata["value"].tolist() == [5, 2]


def test_a_name_that_is_taken_gets_the_name_of_the_table() -> None:
    dataset = items(size=np.arange(N) * 1.5)
    found = joined(table(size=np.arange(N) // 2), dataset)
    assert found.metadata["size"].tolist() == dataset.metadata["size"].tolist()
    assert found.metadata["more size"].tolist() == (np.arange(N) // 2).tolist()


def test_numbers_that_happen_to_be_those_of_another_column_name_no_items() -> None:
    shuffled = np.random.default_rng(0).permutation(N)
    assert match_of(table(rank=shuffled), items(place=np.arange(N))) == IN_ORDER


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"value": np.arange(N - 1)}, "more has 6 rows, and toy 7 items"),
        ({"file": np.array([f"{place}.jpg" for place in range(N)])}, "none of these is '0.jpg'"),
        ({"id": np.arange(N)[::-1] + 1}, "the ids of toy are 0 to 6, and those of more are in no order and 1 to 7"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(columns: dict[str, np.ndarray], says: str) -> None:
    with pytest.raises(DatasetError, match=says):
        match_of(table(**columns), items(file=FILES))


def test_ids_that_count_from_one_in_the_order_of_the_items_are_in_order() -> None:
    assert match_of(table(id=np.arange(N) + 1), items()) == IN_ORDER


def test_a_column_with_gaps_names_no_items() -> None:
    assert match_of(table(file=np.array(["", *FILES[1:]])), items(file=np.array(["", *FILES[1:]]))) == IN_ORDER


def test_data_with_columns_are_another_source_of_the_same_items(tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("file,value\n" + "\n".join(f"{name},{place}" for place, name in reversed(list(enumerate(FILES)))))
    base = Given(items(file=FILES))
    source = Uploaded(
        (path,), Roles(columns=("value",)), "toy + more.csv", "stamp", base=base, match=Match("file", "file")
    )
    found = dataset_of(source, "all")
    assert found.metadata["value"].tolist() == list(range(N)) and found.source == source
    assert found.items == dataset_of(base, "all").items and source.key != base.key and source.address == ""
    assert source.key != Uploaded((path,), source.roles, source.name, "stamp").key
    assert dataset_of(source, "all", limit=3).ids.tolist() == dataset_of(base, "all", limit=3).ids.tolist()
