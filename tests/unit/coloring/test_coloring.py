"""Colors by any column or score: every item keeps its own value, whatever the column holds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.arrays import AnyArray
from embviz.coloring import (
    CategoryColoring,
    ColorBy,
    ValueColoring,
    coloring_of,
    colorings_offered,
    column_coloring,
    correctness_coloring,
    label_coloring,
    prediction_coloring,
)
from embviz.coloring.coloring import MOST_CATEGORIES, Kind
from embviz.coloring.columns import MOST_COUNTED
from embviz.dataset import Dataset, subset
from embviz.errors import InputError
from embviz.features.features import Activations, Features, Pixels

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=2)


def dataset_of(n: int, **known: Any) -> Dataset:
    return Dataset(name="toy", split="", ids=np.arange(n), n_source=n, n_split=n, **known)


def categories(column: AnyArray, kind: Kind | None = None) -> CategoryColoring:
    coloring = column_coloring(dataset_of(len(column)), "column", column, kind)
    assert isinstance(coloring, CategoryColoring)
    return coloring


def values(column: AnyArray) -> ValueColoring:
    coloring = column_coloring(dataset_of(len(column)), "column", column)
    assert isinstance(coloring, ValueColoring)
    return coloring


def named(coloring: CategoryColoring) -> list[str | None]:
    """The category of each item; None where it has none, and an ellipsis where it is among the others."""
    names: dict[int, str | None] = {-1: None, **dict(enumerate(coloring.names))}
    return [names.get(code, "…") for code in coloring.codes.tolist()]


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS | st.integers(0, 99).map(str), min_size=1, max_size=300))
def test_every_item_is_in_its_own_category_or_among_the_others(texts: list[str]) -> None:
    coloring = categories(np.array(texts))
    found, n_other = named(coloring), sum(code == len(coloring.names) for code in coloring.codes)
    others = {text for text, code in zip(texts, coloring.codes, strict=True) if code == len(coloring.names)}
    assert all(name == (text or None) for text, name in zip(texts, found, strict=True) if text not in others)
    assert len(coloring.names) == min(MOST_CATEGORIES, len(set(texts) - {""}))
    assert len(others) == coloring.n_others and coloring.n_missing == texts.count("")
    counts = [texts.count(name) for name in coloring.names]
    assert coloring.counts.tolist() == counts + [n_other] * (coloring.n_others > 0)
    assert len(coloring.colors) == len(coloring.counts)
    assert all(texts.count(text) <= min(counts) for text in others), "the rarest ones"


def test_numbers_written_as_text_are_in_the_order_of_numbers_before_words() -> None:
    assert categories(np.array(["10", "b", "9", "100", "a", "7"])).names == ("7", "9", "10", "100", "a", "b")


def test_yes_and_no_are_two_categories() -> None:
    assert named(categories(np.array([True, False, True]))) == ["True", "False", "True"]


@pytest.mark.parametrize("n", [1, MOST_COUNTED])
def test_few_whole_numbers_are_categories_in_their_order(n: int) -> None:
    column = np.arange(n)[::-1] * 10
    assert categories(column).names == tuple(str(10 * value) for value in range(n))


def test_many_whole_numbers_are_values_unless_one_says_otherwise() -> None:
    column = np.arange(MOST_COUNTED + 1)
    assert values(column).range == (0, MOST_COUNTED)
    assert named(categories(column, "categories")) == [str(value) for value in column]


def test_numbers_that_are_taken_for_categories_may_be_missing() -> None:
    assert named(categories(np.array([0.5, np.nan, -1, np.nan]), "categories")) == ["0.5", None, "-1.0", None]


@pytest.mark.parametrize("column", [np.array(["a"]), np.array([True])])
def test_text_has_no_scale(column: AnyArray) -> None:
    with pytest.raises(InputError, match="holds neither numbers nor dates"):
        column_coloring(dataset_of(1), "column", column, "values")


def test_a_column_has_a_value_for_every_item() -> None:
    with pytest.raises(InputError, match=r"shape \(3,\)"):
        column_coloring(dataset_of(3), "column", np.array(["a", "b"]))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=50))
def test_numbers_keep_their_order_and_their_gaps_on_the_scale(numbers: list[float]) -> None:
    column = np.array(numbers)
    coloring = values(column)
    places, finite = coloring.places(), np.isfinite(column)
    assert np.array_equal(np.isnan(places), np.isnan(column)) and coloring.n_missing == np.isnan(column).sum()
    assert np.array_equal(places[np.isinf(column)], column[np.isinf(column)])
    assert (places[finite] >= 0).all() and (places[finite] <= 1).all()
    assert (np.diff(places[finite][np.argsort(column[finite])]) >= 0).all()
    assert (coloring.range is None) == (not finite.any())
    if coloring.range is not None and coloring.range[0] < coloring.range[1]:
        assert places[finite].min() == 0 and places[finite].max() == 1


def test_large_numbers_that_are_close_together_are_told_apart() -> None:
    seconds = np.arange(1_700_000_000, 1_700_000_100)
    assert len(set(values(seconds).places().tolist())) == 100


def test_one_number_is_in_the_middle() -> None:
    assert values(np.array([3.0, np.nan, 3.0])).places()[[0, 2]].tolist() == [0.5, 0.5]


def test_labels_keep_their_colors_in_every_part_of_a_dataset() -> None:
    whole = dataset_of(4, labels=np.array([2, 0, 1, 2]), class_names=("a", "b", "c"))
    of_whole, of_part = label_coloring(whole), label_coloring(subset(whole, np.array([3, 1])))
    assert of_whole is not None and of_part is not None
    assert of_whole.codes[[3, 1]].tolist() == of_part.codes.tolist()
    assert (of_whole.names, of_whole.colors) == (of_part.names, of_part.colors)
    assert of_part.counts.tolist() == [1, 0, 1]


def pixels(dataset: Dataset) -> Features:
    return Features(np.zeros((len(dataset), 1), np.float32), dataset.ids, Pixels(), dataset.items)


def activations(dataset: Dataset, predictions: list[int]) -> Features:
    return Features(
        np.zeros((len(dataset), 1), np.float32),
        dataset.ids,
        Activations("hidden"),
        dataset.items,
        np.array(predictions),
        class_names=dataset.class_names,
    )


def test_predictions_are_right_where_they_are_the_label() -> None:
    dataset = dataset_of(3, labels=np.array([0, 1, 1]), class_names=("a", "b"))
    features = activations(dataset, [0, 0, 1])
    predicted, right = prediction_coloring(features), correctness_coloring(dataset, features)
    assert predicted is not None and named(predicted) == ["a", "a", "b"]
    assert right is not None and named(right) == ["right", "wrong", "right"]


def test_what_is_offered_can_be_made_and_nothing_else() -> None:
    labelled = dataset_of(2, labels=np.array([0, 1]), class_names=("a", "b"), metadata={"age": np.array([3, 5])})
    unlabelled, plain = dataset_of(2, metadata={"age": np.array([3, 5])}), dataset_of(2)
    nothing = ColorBy("nothing")
    known, column = [ColorBy("label"), ColorBy("prediction"), ColorBy("correctness")], ColorBy("column", "age")
    for dataset, features, expected in [
        (labelled, activations(labelled, [1, 1]), [*known, column]),
        (labelled, pixels(labelled), [ColorBy("label"), column]),
        (unlabelled, pixels(unlabelled), [column]),
        (plain, pixels(plain), []),
    ]:
        offered = colorings_offered(dataset, features)
        assert [by for by in offered if by in (*known, column)] == expected
        assert offered[:1] in ([], [nothing if dataset.labels is None else ColorBy("label")])
        assert (nothing in offered) == bool(offered)
        made = {by: coloring_of(by, dataset, features) for by in (*known, column, *offered)}
        assert {by for by, coloring in made.items() if coloring is not None} == set(offered) - {nothing}
        assert {coloring.items for coloring in made.values() if coloring is not None} <= {dataset.items}


def test_features_of_other_items_are_refused() -> None:
    with pytest.raises(InputError):
        coloring_of(ColorBy("correctness"), dataset_of(2), pixels(dataset_of(3)))


def test_other_content_has_another_fingerprint() -> None:
    dataset = dataset_of(3)
    made = [
        column_coloring(dataset, "a", np.array(["x", "y", "x"])),
        column_coloring(dataset, "b", np.array(["x", "y", "x"])),
        column_coloring(dataset, "a", np.array(["x", "y", "y"])),
        column_coloring(dataset, "a", np.array(["x", "z", "x"])),
        column_coloring(dataset, "a", np.array([0.5, 1, 0.5])),
        column_coloring(subset(dataset, np.array([0, 2, 1])), "a", np.array(["x", "y", "x"])),
    ]
    assert len({each.fingerprint for each in made}) == len(made)
    assert column_coloring(dataset, "a", np.array(["x", "y", "x"])).fingerprint == made[0].fingerprint


@pytest.mark.parametrize(
    ("code", "n_names", "n_others"), [(3, 2, 1), (2, 2, 0), (-2, 2, 1), (0, MOST_CATEGORIES + 1, 0)]
)
def test_a_code_is_of_a_category_that_has_a_color(code: int, n_names: int, n_others: int) -> None:
    with pytest.raises(InputError):
        CategoryColoring("x", np.array([code], np.int32), tuple(map(str, range(n_names))), n_others, "")


def test_what_was_measured_of_the_items_is_offered_as_values_on_a_scale():
    dataset = dataset_of(3)
    scores = {"hubness": np.array([0, 2, 1]), "kept": np.array([0.5, 1.0, 0.25])}
    offered = [by for by in colorings_offered(dataset, pixels(dataset), scores) if by.what == "score"]
    assert [by.column for by in offered] == ["hubness", "kept"]
    for by in offered:
        made = coloring_of(by, dataset, pixels(dataset), scores)
        assert isinstance(made, ValueColoring)
        np.testing.assert_array_equal(made.values, scores[by.column])
        assert made.items == dataset.items
        assert coloring_of(by, dataset, pixels(dataset)) is None, "it is not known of another layout"
