"""Columns of dates have a scale; what only looks like dates has categories."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from embviz.coloring import CategoryColoring, ValueColoring, column_coloring
from embviz.coloring.columns import MOST_COUNTED
from embviz.coloring.dates import seconds_of_dates
from embviz.dataset import Dataset

BEGIN = datetime(1969, 12, 25, tzinfo=UTC)
N = MOST_COUNTED + 5


def items(n: int) -> Dataset:
    return Dataset(name="toy", split="", ids=np.arange(n), n_source=n, n_split=n)


@pytest.mark.parametrize(
    ("step", "form", "unit"),
    [
        (timedelta(days=1), "%Y-%m-%d", "day"),
        (timedelta(days=1), "%Y-%m-%d 00:00:00", "day"),
        (timedelta(hours=7), "%Y-%m-%d %H:%M", "minute"),
        (timedelta(minutes=7), "%Y-%m-%dT%H:%M:%S+00:00", "minute"),
        (timedelta(seconds=61), "%Y-%m-%dT%H:%M:%S", "second"),
        (timedelta(seconds=1), "%Y-%m-%dT%H:%M:%SZ", "second"),
        (timedelta(milliseconds=250), "%Y-%m-%d %H:%M:%S.%f+00:00", "second"),
    ],
)
def test_many_dates_are_on_a_scale_in_their_order(step: timedelta, form: str, unit: str) -> None:
    moments = [BEGIN + at * step for at in range(N)]
    column = np.array([*(moment.strftime(form) for moment in moments), ""])
    coloring = column_coloring(items(N + 1), "when", column)
    assert isinstance(coloring, ValueColoring)
    assert coloring.values[:-1].tolist() == [moment.timestamp() for moment in moments]
    assert (coloring.n_missing, coloring.unit) == (1, unit)
    assert isinstance(column_coloring(items(N + 1), "when", column, "categories"), CategoryColoring)
    nearest = [str(np.datetime64(round(moment.timestamp()), "s")).replace("T", " ") for moment in moments]
    length = {"day": 10, "minute": 16, "second": 19}[unit]
    assert [coloring.text(value) for value in coloring.values[:-1]] == [text[:length] for text in nearest]


def test_few_dates_are_categories_unless_they_are_asked_for_as_values() -> None:
    column = np.array(["2024-01-02", "2024-01-01", "2024-01-02"])
    few = column_coloring(items(3), "when", column)
    assert isinstance(few, CategoryColoring) and few.names == ("2024-01-01", "2024-01-02")
    assert isinstance(column_coloring(items(3), "when", column, "values"), ValueColoring)


@pytest.mark.parametrize(
    "other", ["2024-13-01", "2024-02-30", "1/2/2024", "20240101", "2024-01-01x", "2024-W01-1", "٢٠٢٤-01-01", "unknown"]
)
def test_a_column_with_anything_else_holds_no_dates(other: str) -> None:
    dates = [str(np.datetime64("2024-01-01") + np.timedelta64(day, "D")) for day in range(N)]
    column = np.array([*dates, other])
    assert seconds_of_dates(column) is None
    assert isinstance(column_coloring(items(N + 1), "when", column), CategoryColoring)


def test_a_column_without_any_text_holds_no_dates() -> None:
    assert seconds_of_dates(np.array(["", ""])) is None


def test_seconds_are_not_told_where_a_scale_cannot_tell_them() -> None:
    begin = np.datetime64("2024-01-01T00:00:01")
    days = [str(begin + np.timedelta64(day, "D")) for day in range(200)]
    near, far = (column_coloring(items(n), "when", np.array(days[:n])) for n in (80, 200))
    assert isinstance(near, ValueColoring) and isinstance(far, ValueColoring)
    assert (near.unit, far.unit) == ("second", "minute")
    assert (near.text(near.values[0]), far.text(far.values[0])) == ("2024-01-01 00:00:01", "2024-01-01 00:00")
