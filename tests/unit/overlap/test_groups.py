"""Which items belong together, and what the interval of an overlap is made of."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from embviz import class_overlap, dataset_from_arrays, vector_features
from embviz.errors import DatasetError, InputError, SpecError
from embviz.overlap.groups import groups_of
from embviz.overlap.intervals import Spread, interval_of


def toy(n=60, **columns):
    rng = np.random.default_rng(3)
    labels = (np.arange(n) % 2).tolist()
    vectors = rng.normal(size=(n, 4)) + 1.5 * np.array(labels)[:, None]
    table = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return dataset_from_arrays(vectors=vectors, labels=labels, metadata=table or None)


def test_items_without_a_value_are_groups_of_their_own():
    dataset = toy(6, writer=["a", "", "a", "", "b", "b"], session=[1.0, np.nan, np.nan, 1.0, 2.0, 2.0])
    for column, together in (("writer", [{0, 2}, {1}, {3}, {4, 5}]), ("session", [{0, 3}, {1}, {2}, {4, 5}])):
        codes = groups_of(dataset, column).codes
        assert sorted((set(np.flatnonzero(codes == code)) for code in set(codes)), key=min) == together


def test_the_dataset_says_what_belongs_together_unless_somebody_else_does():
    dataset = replace(toy(6, writer=[1, 1, 2, 2, 3, 3]), group="writer")
    assert groups_of(dataset).name == "writer"
    assert groups_of(dataset, None).name == ""
    assert len(set(groups_of(dataset, None).codes)) == 6
    assert groups_of(replace(dataset, group="")).name == ""


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(SpecError, match="no column 'author' to group by; its columns: writer"):
        groups_of(toy(6, writer=[1, 1, 2, 2, 3, 3]), "author")
    with pytest.raises(SpecError, match="numbers with a fraction"):
        groups_of(toy(6, weight=[1.5] * 6), "weight")
    with pytest.raises(DatasetError, match="group must be one of the columns writer"):
        replace(toy(6, writer=[1, 1, 2, 2, 3, 3]), group="author")


def test_a_group_changes_the_interval_and_not_the_overlap():
    dataset = toy(120, writer=(np.arange(120) // 4).tolist())
    features = vector_features(dataset)
    by_item = class_overlap(features, dataset, (0, 1), 5, space="toy")
    by_writer = class_overlap(features, dataset, (0, 1), 5, space="toy", groups=groups_of(dataset, "writer"))
    assert by_item.crossing == by_writer.crossing
    assert (by_item.interval.method, by_writer.interval.method) == ("jackknife", "delete-a-group")
    assert by_item.interval != by_writer.interval
    assert by_writer.interval.covers == "the mean over samples of this size, from other writers"
    assert by_writer.interval.low <= by_writer.rate <= by_writer.interval.high
    scaled = [end / by_writer.chance for end in (by_writer.interval.low, by_writer.interval.high)]
    assert [by_writer.index_interval.low, by_writer.index_interval.high] == pytest.approx(scaled, rel=0.05)


def test_groups_of_other_items_are_refused():
    dataset = toy(60, writer=(np.arange(60) // 4).tolist())
    other = toy(58, writer=(np.arange(58) // 4).tolist())
    features = vector_features(dataset)
    with pytest.raises(SpecError, match="groups must be of the 60 items measured, got 58"):
        class_overlap(features, dataset, (0, 1), 5, space="toy", groups=groups_of(other, "writer"))
    with pytest.raises(InputError, match="groups are of other items"):
        turned = replace(dataset, ids=dataset.ids[::-1])
        class_overlap(features, dataset, (0, 1), 5, space="toy", groups=groups_of(turned, "writer"))


def test_neighbors_of_other_groups_need_groups():
    dataset = toy()
    with pytest.raises(SpecError, match="need groups"):
        class_overlap(vector_features(dataset), dataset, (0, 1), 5, space="toy", others_only=True)


def test_a_class_within_one_group_has_an_overlap_and_no_interval():
    dataset = toy(60, writer=(np.arange(60) % 2).tolist())
    found = class_overlap(
        vector_features(dataset), dataset, (0, 1), 5, space="toy", groups=groups_of(dataset, "writer")
    )
    assert (found.interval, found.index_interval) == (None, None)
    assert found.spread.missing == "one class has all its items in one group"
    assert found.crossing == class_overlap(vector_features(dataset), dataset, (0, 1), 5, space="toy").crossing


def test_duplicates_across_classes_are_fully_mixed():
    dataset = dataset_from_arrays(vectors=np.ones((20, 3)), labels=[0, 1] * 10)
    found = class_overlap(vector_features(dataset), dataset, (0, 1), 5, space="toy")
    assert found.index == pytest.approx(1)
    assert found.spread.rate_error == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("estimate", "low", "high"), [(0.0, 0.0, 0.03), (1.0, 0.97, 1.0), (0.5, 0.5, 0.5)])
def test_where_nothing_was_counted_the_interval_ends_at_three_by_n(estimate, low, high):
    interval = interval_of(estimate, 0.0, 1.0, Spread(0.0, 0.0, 100, 1.98), 100)
    assert (interval.low, interval.high) == pytest.approx((low, high))


def test_an_interval_is_said_in_plain_values():
    interval = interval_of(0.5, 0.01, 1.0, Spread(0.01, 0.02, 50, 2.01, "patient"), 50)
    assert asdict(interval)["covers"] == "the mean over samples of this size, from other patients"
