"""The legend says what the colors mean, and the array at its address is that of the items."""

import json

import numpy as np
import pytest

from embviz.coloring import Coloring, column_coloring, label_coloring, prediction_coloring
from embviz.coloring.coloring import MOST_CATEGORIES
from embviz.coloring.palette import MISSING, OTHER, SCALE
from embviz.dataset import subset
from embviz.server import Shelf
from embviz.ui.contract.color_messages import ColoringMessage
from embviz.ui.contract.legend import MOST_CHARACTERS, coloring_message, colors_body
from embviz.view import View
from tests.unit.ui.contract.views import fetched, toy_dataset, toy_view


def told(coloring: Coloring | None, view: View | None = None, shelf: Shelf | None = None) -> ColoringMessage:
    assert coloring is not None
    return coloring_message(coloring, view or toy_view(toy_dataset()), shelf or Shelf())


def test_a_class_has_its_name_color_and_count_even_where_it_is_empty() -> None:
    part = subset(toy_dataset(), np.array([0, 1, 2]))
    entries = told(label_coloring(part), toy_view(part))["entries"]
    assert [(entry["code"], entry["name"], entry["count"]) for entry in entries] == [
        (0, "zero", 1),
        (1, "one", 0),
        (2, "two", 2),
    ]
    assert (
        len({entry["color"]["light"] for entry in entries}) == len({entry["color"]["dark"] for entry in entries}) == 3
    )


def test_categories_are_codes_and_those_without_a_value_are_an_entry_of_their_own() -> None:
    dataset, shelf = toy_dataset(), Shelf()
    coloring = column_coloring(dataset, "writer", np.array(["b", "", "a", "b"]))
    message = told(coloring, toy_view(dataset), shelf)
    assert np.frombuffer(fetched(shelf, message["url"]), "i1").tolist() == [1, -1, 0, 1]
    assert [(entry["code"], entry["name"], entry["count"]) for entry in message["entries"]] == [
        (0, "a", 1),
        (1, "b", 2),
        (-1, "no value", 1),
    ]
    assert message["entries"][-1]["color"] == {"light": MISSING.light, "dark": MISSING.dark}
    assert message["scale"] is None


def test_more_categories_than_there_are_colors_for_end_with_the_others() -> None:
    n = MOST_CATEGORIES + 5
    ids = np.arange(n)
    dataset = toy_dataset(ids=ids, labels=None, class_names=(), images=np.zeros((n, 1, 1), np.uint8), n_split=n)
    message = told(column_coloring(dataset, "word", ids.astype("<U3")), toy_view(dataset))
    assert len(message["entries"]) == MOST_CATEGORIES + 1
    assert message["entries"][-1]["name"] == "5 others" and message["entries"][-1]["count"] == 5
    assert message["entries"][-1]["color"] == {"light": OTHER.light, "dark": OTHER.dark}
    assert sum(entry["count"] for entry in message["entries"]) == n


def test_numbers_are_places_on_a_scale_that_says_its_range() -> None:
    dataset, shelf = toy_dataset(), Shelf()
    coloring = column_coloring(dataset, "loss", np.array([0.5, 2.5, np.nan, 1.0]))
    message = told(coloring, toy_view(dataset), shelf)
    assert np.frombuffer(fetched(shelf, message["url"]), "<f4").tolist() == pytest.approx(
        [0, 1, np.nan, 0.25], nan_ok=True
    )
    assert message["scale"] is not None
    assert (message["scale"]["low"], message["scale"]["high"]) == (0.5, 2.5)
    assert len(message["scale"]["colors"]) == len(SCALE)
    assert [(entry["code"], entry["count"]) for entry in message["entries"]] == [(-1, 1)]


def test_dates_are_places_on_a_scale_from_the_first_to_the_last() -> None:
    dataset, shelf = toy_dataset(), Shelf()
    column = np.array(["2024-01-11", "", "2024-01-01", "2024-01-06"])
    coloring = column_coloring(dataset, "day", column, "values")
    message = told(coloring, toy_view(dataset), shelf)
    assert message["scale"] is not None
    first = 1704067200  # 2024-01-01T00:00Z, `date -ud 2024-01-01 +%s`
    assert (message["scale"]["low"], message["scale"]["high"]) == (first, first + 10 * 86400)
    assert message["scale"]["unit"] == "day"
    places = np.frombuffer(fetched(shelf, message["url"]), "<f4").tolist()
    assert places == pytest.approx([1, np.nan, 0, 0.5], nan_ok=True)
    assert [(entry["code"], entry["count"]) for entry in message["entries"]] == [(-1, 1)]


@pytest.mark.parametrize("column", [[np.nan] * 4, [np.inf, -np.inf, np.nan, np.inf], [1e308, -1e308, 0, np.nan]])
def test_whatever_the_numbers_the_message_is_json(column: list[float]) -> None:
    message = told(column_coloring(toy_dataset(), "loss", np.array(column)))
    json.dumps(message, allow_nan=False)
    assert (message["scale"] is None) == (not np.isfinite(column).any())


def test_a_tooltip_says_only_what_it_does_not_say_anyway() -> None:
    view = toy_view(toy_dataset(), predictions=[2, 0, 1, 1])
    assert not told(label_coloring(view.dataset), view)["isTold"]
    assert not told(prediction_coloring(view.features), view)["isTold"]
    assert told(column_coloring(view.dataset, "writer", np.array(["b", "a", "b", "c"])), view)["isTold"]
    assert told(column_coloring(view.dataset, "loss", np.zeros(4)), view)["isTold"]


def test_names_of_any_length_are_brief_in_the_legend() -> None:
    names = np.array(["x" * 10_000, "<b>", "y" * 10_000, "z"])
    message = told(column_coloring(toy_dataset(), "n" * 10_000, names))
    assert (
        max(len(name) for name in (message["name"], *(entry["name"] for entry in message["entries"])))
        == MOST_CHARACTERS
    )
    assert "<b>" in [entry["name"] for entry in message["entries"]], "as it is: the page shows it as text"


@pytest.mark.parametrize("what", ["labels", "numbers", "one color"])
def test_the_colors_in_one_answer_are_the_message_and_what_is_at_its_address(what: str) -> None:
    view, shelf = toy_view(toy_dataset()), Shelf()
    numbers = column_coloring(view.dataset, "loss ≤ 3", np.array([0.5, 2.5, np.nan, 1.0]))
    coloring = {"labels": label_coloring(view.dataset), "numbers": numbers, "one color": None}[what]
    body = colors_body(coloring, view, shelf)
    end = 4 + int.from_bytes(body[:4], "little")
    message = json.loads(body[4:end])
    assert message == (None if coloring is None else told(coloring, view, shelf))
    assert body[end:] == (b"" if coloring is None else fetched(shelf, message["url"]))
