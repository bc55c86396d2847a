"""Tags of items: the last one counts, ids decide, and the dataset is never changed."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.annotations import Annotations, Tag, annotated, given_tags, tag_event, undo_event
from embviz.dataset import Dataset, subset
from embviz.errors import InputError

COLUMNS = st.sampled_from(("kind", "note", "=1+1"))
IDS = st.lists(st.integers(0, 30), min_size=1, max_size=8, unique=True).map(sorted).map(tuple)
TAGS = st.builds(Tag, COLUMNS, st.sampled_from(("odd", "<b>", "")), IDS)


def made(n=20):
    return Dataset(name="made", split="", ids=np.arange(n)[::-1].copy(), n_source=n, n_split=n)


@settings(max_examples=150)
@given(st.lists(TAGS, max_size=12), st.data())
def test_an_item_has_what_it_was_tagged_with_last_in_every_part_of_the_dataset(tags, data):
    dataset = made()
    before = dataset.fingerprint
    tagged = annotated(dataset, Annotations(tuple(tags)))
    expected = {}
    for tag in tags:
        for item in tag.ids:
            expected[tag.column, item] = tag.value
    rows = np.array(data.draw(st.lists(st.integers(0, 19), min_size=1, max_size=9, unique=True)))
    part = subset(tagged, rows)
    again = annotated(subset(dataset, rows), Annotations(tuple(tags)))
    for name in tagged.metadata:
        said = [expected.get((name, item), "") for item in part.ids.tolist()]
        assert part.metadata[name].tolist() == again.metadata[name].tolist() == said
    assert set(tagged.metadata) == {column for (column, _), value in expected.items() if value}
    assert dataset.fingerprint == before and not dataset.metadata
    assert tagged.items == dataset.items


@settings(max_examples=100)
@given(st.lists(st.tuples(TAGS, st.sampled_from("ab")), max_size=12), st.data())
def test_each_undoes_the_own_tags_only(given_by, data):
    events = [tag_event(tag, str(number), by) for number, (tag, by) in enumerate(given_by)]
    left = [(tag, by) for tag, by in given_by]
    for _ in range(data.draw(st.integers(0, 5))):
        by = data.draw(st.sampled_from("ab"))
        key = given_tags(events).last_of(by)
        mine = [place for place, (_, giver) in enumerate(left) if giver == by]
        assert (key is None) == (not mine)
        if key is not None:
            events.append(undo_event(key))
            del left[mine[-1]]
    assert given_tags(events).annotations.tags == tuple(tag for tag, _ in left)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"key": 1, "by": "a", "column": "kind", "value": "odd", "ids": "1"},
        {"key": "k", "by": "a", "column": "label", "value": "odd", "ids": "1"},
        {"key": "k", "by": "a", "column": "kind", "value": "odd", "ids": ""},
        {"key": "k", "by": "a", "column": "kind", "value": "odd", "ids": "9-1"},
        {"key": "k", "by": "a", "column": "kind", "value": "x" * 201, "ids": "1"},
        {"undone": ["k"]},
    ],
)
def test_an_event_that_says_no_tag_is_passed_over(event):
    good = tag_event(Tag("kind", "odd", (1,)), "good", "a")
    assert given_tags([event, good]).annotations.tags == (Tag("kind", "odd", (1,)),)


def test_a_column_of_the_datasets_own_is_not_written_over():
    dataset = annotated(made(), Annotations((Tag("kind", "odd", (1,)),)))
    with pytest.raises(InputError, match="has a column 'kind' of its own"):
        annotated(dataset, Annotations((Tag("kind", "even", (2,)),)))


@pytest.mark.parametrize(("column", "ids"), [("", (1,)), ("  ", (1,)), ("id", (1,)), ("kind", ()), ("kind", (2, 1))])
def test_what_is_no_tag_is_refused(column, ids):
    with pytest.raises(InputError):
        Tag(column, "odd", ids)
