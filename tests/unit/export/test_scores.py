"""Scores as columns: no column of the dataset is lost, and what was made of the items still belongs to them."""

from dataclasses import replace

import numpy as np
import pytest

from embviz.errors import InputError
from embviz.export.scores import with_columns, write_scores
from embviz.storage.csv_text import read_csv
from tests.unit.toy import digits, hidden_features, layout


def test_columns_are_added_and_none_is_lost():
    dataset = digits(9)
    scores = {"writer": np.arange(9), "kept": np.linspace(0, 1, 9)}
    scored = with_columns(dataset, scores)
    assert list(scored.metadata) == ["writer", "writer 2", "kept"]
    np.testing.assert_array_equal(scored.metadata["writer"], dataset.metadata["writer"])
    assert scored.items == dataset.items
    assert list(with_columns(scored, scores).metadata)[3:] == ["writer 3", "kept 2"]


def test_a_table_has_a_row_per_item_in_the_order_of_the_dataset(tmp_path):
    dataset = digits(9)
    shown = layout(hidden_features(dataset))
    path = write_scores(tmp_path / "scores.csv", dataset, shown, {"kept": np.linspace(0, 1, 9)})
    table = read_csv(path.read_text(encoding="utf-8"))
    assert list(map(int, table["id"])) == dataset.ids.tolist()
    np.testing.assert_array_equal(np.array(table["kept"], float), np.linspace(0, 1, 9))


def test_what_does_not_fit_is_refused(tmp_path):
    dataset = digits(9)
    shown = layout(hidden_features(dataset))
    with pytest.raises(InputError, match="column 'kept' must have a number for each of 9 items, got 8"):
        with_columns(dataset, {"kept": np.zeros(8)})
    with pytest.raises(InputError, match="other items"):
        write_scores(tmp_path / "scores.csv", dataset, replace(shown, items="else"), {})
    with pytest.raises(InputError, match=r"go into a \.csv file"):
        write_scores(tmp_path / "scores.npy", dataset, shown, {})
    assert not list(tmp_path.iterdir())
