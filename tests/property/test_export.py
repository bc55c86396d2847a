"""Any text and any float32 survives an export and what reads it."""

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tensorboard.plugins.projector import projector_plugin

from embviz.dataset import Dataset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.export import export_projector, selection_csv
from embviz.export.metadata import metadata_columns, metadata_tsv, read_metadata_tsv
from embviz.export.names import one_line
from embviz.export.tensors import same_tensor, write_tensor
from embviz.features.vectors import vector_features
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca

ANY_TEXT = st.text(max_size=12)
WITH_HALF_CHARACTERS = st.text(st.characters(categories=["L", "Cc", "Cs", "Zl"]), max_size=12)
CELLS = st.one_of(ANY_TEXT, WITH_HALF_CHARACTERS, st.none(), st.integers(), st.floats(), st.booleans())
FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
TEXT_LIKE = st.sampled_from([0.0, -0.0, 0.5, 2.0, 138.0, 255.0])


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    n = draw(st.integers(2, 12))
    names = draw(st.lists(ANY_TEXT, max_size=4, unique=True))
    rows = st.fixed_dictionaries({}, optional=dict.fromkeys(names, CELLS))
    return dataset_from_arrays(
        vectors=draw(arrays.arrays(np.float32, (n, 3), elements=FINITE | TEXT_LIKE)),
        labels=draw(st.none() | st.lists(ANY_TEXT | st.integers(), min_size=n, max_size=n)),
        metadata=draw(st.lists(rows, min_size=n, max_size=n)),
    )


@settings(max_examples=60, deadline=None)
@given(datasets())
def test_metadata_keeps_every_row_column_and_text(dataset: Dataset) -> None:
    columns = metadata_columns(dataset)
    data = metadata_tsv(columns)
    stored = read_metadata_tsv(data)
    assert list(stored.values()) == list(columns.values())
    assert list(stored) == list(columns) or len(columns) == 1
    assert len(columns) == (dataset.labels is not None) + 1 + len(dataset.metadata)
    assert b"\n\n" not in data
    if dataset.labels is not None:
        assert len(set(columns["label"])) == len(np.unique(dataset.labels))
    own = list(columns.values())[len(columns) - len(dataset.metadata) :]
    for cells, column in zip(own, dataset.metadata.values(), strict=True):
        match column.dtype.kind:
            case "U":
                assert cells == [one_line(text) for text in column.tolist()]
            case "f":
                assert np.array_equal([float(cell or "nan") for cell in cells], column, equal_nan=True)
            case _:
                assert [int(cell) for cell in cells] == column.tolist()


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(np.float32, st.tuples(st.integers(2, 9), st.integers(2, 5)), elements=FINITE | TEXT_LIKE))
def test_tensorboard_reads_every_bit(vectors: npt.NDArray[np.float32]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / write_tensor(Path(folder), "tensor", vectors)
        try:
            stored = projector_plugin._read_tensor_tsv_file(str(path))
        except UnicodeDecodeError:
            stored = projector_plugin._read_tensor_binary_file(str(path), vectors.shape)
        assert stored.shape == vectors.shape
        assert stored.tobytes() == vectors.tobytes()
        assert same_tensor(path, vectors)


@settings(max_examples=20, deadline=None)
@given(datasets())
def test_every_dataset_passes_its_own_check(dataset: Dataset) -> None:
    features = vector_features(dataset)
    layout = Projection(
        dataset.vectors[:, :2].copy(), dataset.ids, Pca(), source=features.fingerprint, items=dataset.items, seconds=0
    )
    with tempfile.TemporaryDirectory() as folder:
        export_projector(folder, dataset, [features], projections=[layout])


@settings(max_examples=60, deadline=None)
@given(datasets())
def test_the_selection_keeps_texts_exactly(dataset: Dataset) -> None:
    layout = Projection(dataset.vectors[:, :2].copy(), dataset.ids, Pca(), source="", items=dataset.items, seconds=0)
    rows = np.arange(len(dataset))[::-1]
    text = selection_csv(dataset, layout, rows).encode().decode()
    _, *lines = csv.reader(io.StringIO(text, newline=""))
    assert np.array([line[2:4] for line in lines], dtype=np.float32).tobytes() == layout.coords[rows].tobytes()
    for place, column in enumerate(dataset.metadata.values(), start=4):
        if column.dtype.kind == "U":
            half_characters_escaped = [str(cell).encode("utf-8", "backslashreplace").decode() for cell in column[rows]]
            assert [line[place] for line in lines] == half_characters_escaped
