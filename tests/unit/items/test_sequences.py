"""Which item comes after which: the same whatever is sampled, isolated or reordered, and nothing made of bad values."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.dataset import Dataset, subset
from embviz.datasets.sampling import stratified_sample
from embviz.items.id_set import id_set
from embviz.items.isolated import isolated_dataset
from embviz.items.sequences import joined_rows, next_column, next_rows, without_rings


def made(column, n=None, name="__seq_next__") -> Dataset:
    """A dataset that holds all of its source, with this column of next items."""
    column = np.asarray(column)
    n = n or len(column)
    return Dataset(name="toy", split="", ids=np.arange(n), n_source=n, n_split=n, metadata={name: column})


def pairs(dataset):
    return {tuple(pair) for pair in dataset.ids[joined_rows(dataset)].tolist()}


@settings(max_examples=40)
@given(st.data())
def test_a_part_has_the_lines_whose_two_items_are_in_it_in_any_order(data):
    n = data.draw(st.integers(2, 30))
    nexts = data.draw(st.lists(st.integers(-3, n + 3), min_size=n, max_size=n))
    whole = made(nexts)
    expected = {(item, after) for item, after in enumerate(nexts) if 0 <= after < n and after != item}
    assert pairs(whole) == expected
    rows = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=n, unique=True))
    part = subset(whole, np.array(rows))
    assert pairs(part) == {(item, after) for item, after in expected if {item, after} <= set(rows)}
    for row, after in enumerate(next_rows(part, "__seq_next__").tolist()):
        assert after < 0 or nexts[part.ids[row]] == part.ids[after]


def test_samples_and_isolated_items_keep_their_lines():
    whole = made([*range(1, 100), -1])
    sample = stratified_sample(whole, 40, seed=0)
    kept = set(sample.ids.tolist())
    assert pairs(sample) == {(item, item + 1) for item in range(99) if {item, item + 1} <= kept}
    assert pairs(isolated_dataset(whole, id_set([7, 8, 9, 50]))) == {(7, 8), (8, 9)}


@pytest.mark.parametrize(
    "column",
    [
        [1.0, np.nan, 1.5, np.inf],
        [1, -1, 2, 4],
        ["1", "", "x", "nan"],
        [" 1.0 ", "1", "2", "1e300"],
        np.array([1, -(2**63), 2, 2**63 - 1]),
    ],
)
def test_what_is_no_other_item_ends_the_sequence(column):
    assert pairs(made(column)) == {(0, 1)}


def test_truth_values_and_other_columns_join_nothing():
    assert not pairs(made([True, False, True]))
    assert next_column(made([1, 0], name="next")) is None and joined_rows(made([1, 0], name="next")).shape == (0, 2)


def test_the_old_name_is_taken_first_as_tensorboard_does():
    columns = {"__seq_next__": np.array([1, -1, -1]), "__next__": np.array([2, 0, -1])}
    both = replace(made([-1] * 3), metadata=columns)
    assert next_column(both) == "__next__" and pairs(both) == {(0, 2), (1, 0)}


@settings(max_examples=40)
@given(st.data())
def test_without_rings_every_walk_ends_and_each_ring_has_lost_one_line(data):
    n = data.draw(st.integers(1, 25))
    rows = next_rows(made(data.draw(st.lists(st.integers(-2, n - 1), min_size=n, max_size=n))), "__seq_next__")
    opened = without_rings(rows)
    assert set(opened[opened != rows].tolist()) <= {-1}
    ends = np.arange(n)
    for _ in range(n):
        ends = np.where(ends >= 0, opened[ends], -1)
    assert (ends == -1).all(), "nobody walks for more than n steps"
    on_rings = np.arange(n)
    for _ in range(n):
        on_rings = rows[on_rings[on_rings >= 0]]
    rings = set()
    for row in set(on_rings[on_rings >= 0].tolist()):
        ring = {row}
        while (row := int(rows[row])) not in ring:
            ring.add(row)
        rings.add(frozenset(ring))
    cut = np.flatnonzero(opened != rows).tolist()
    assert sorted(cut) == sorted({next(iter(ring & set(cut))) for ring in rings}) and len(cut) == len(rings)
