"""Sequences in tables: opened again, a table of some items joins the items that were joined in it, and no others."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from embviz import Pca, load_dataset, project, vector_features
from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.export.coordinates import selection_csv
from embviz.export.interop import interop_parquet
from embviz.items.sequences import joined_rows

N = 12


def as_csv(path: Path, part: Dataset) -> Path:
    layout = project(vector_features(part), Pca())
    path = path.with_suffix(".csv")
    path.write_text(selection_csv(part, layout, np.arange(len(part))), encoding="utf-8")
    return path


def as_parquet(path: Path, part: Dataset) -> Path:
    features = vector_features(part)
    return interop_parquet(path.with_suffix(".parquet"), part, features, project(features, Pca()))


def joined_notes(dataset: Dataset) -> set[tuple[str, str]]:
    notes = dataset.metadata["note"]
    return {(str(notes[a]), str(notes[b])) for a, b in joined_rows(dataset).tolist()}


@pytest.mark.filterwarnings("ignore::UserWarning")  # notes on columns without values
@pytest.mark.parametrize("written", [as_csv, as_parquet])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_table_of_a_sample_opens_with_the_lines_of_the_sample(
    written: Callable[[Path, Dataset], Path], tmp_path: Path, data: st.DataObject
) -> None:
    nexts = data.draw(st.lists(st.integers(-1, N), min_size=N, max_size=N))
    rows = data.draw(st.lists(st.integers(0, N - 1), min_size=4, max_size=N, unique=True))
    vectors = np.random.default_rng(0).normal(size=(N, 3)).astype(np.float32)
    metadata = [{"note": f"n{row}", "__seq_next__": after} for row, after in enumerate(nexts)]
    part = subset(dataset_from_arrays(vectors=vectors, metadata=metadata), np.array(rows))
    again = load_dataset(written(tmp_path / "it", part))
    assert joined_notes(again) == joined_notes(part)
