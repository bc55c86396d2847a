"""Any text and any float32 is the same after it was exported and read by other programs."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays
from tensorboard.plugins.projector import projector_plugin

from embviz.dataset import Dataset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.files.tensorboard import tensorboard_contents
from embviz.errors import DatasetError
from embviz.export import export_projector, selection_csv
from embviz.export.metadata import (
    NUMBER,
    column_headers,
    constant_columns,
    metadata_columns,
    metadata_tsv,
    read_metadata_tsv,
)
from embviz.export.names import one_line
from embviz.export.tensorboard.tensors import same_tensor, write_tensor
from embviz.features.vectors import vector_features
from embviz.progress import no_progress
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from embviz.storage.csv_text import read_csv

ANY_TEXT = st.text(max_size=12)
WITH_CONTROLS = st.text(st.characters(categories=["L", "Cc", "Zl"]), max_size=12)
HALF_CHARACTERS = st.text(st.characters(categories=["Cs"]), min_size=1, max_size=2)
FORMULAS = st.builds("{}{}".format, st.sampled_from("=+-@\t\r\n'"), ANY_TEXT)
TEXT_CELLS = (ANY_TEXT | WITH_CONTROLS | FORMULAS).map(lambda text: text.rstrip("\0"))  # a NUL at the end is refused
CELLS = st.one_of(TEXT_CELLS, st.none(), st.integers(), st.floats(), st.booleans())
FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
TEXT_LIKE = st.sampled_from([0.0, -0.0, 0.5, 2.0, 138.0, 255.0])


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    n = draw(st.integers(2, 12))
    names = draw(st.lists(ANY_TEXT, max_size=4, unique=True))
    rows = st.fixed_dictionaries({}, optional=dict.fromkeys(names, CELLS))
    return dataset_from_arrays(
        vectors=draw(arrays.arrays(np.float32, (n, 3), elements=FINITE | TEXT_LIKE)),
        labels=draw(st.none() | st.lists(ANY_TEXT | FORMULAS | st.integers(), min_size=n, max_size=n)),
        metadata=draw(st.lists(rows, min_size=n, max_size=n)),
    )


@settings(max_examples=60)
@given(ANY_TEXT, HALF_CHARACTERS, ANY_TEXT, st.sampled_from(["labels", "metadata", "keys"]))
def test_half_characters_which_no_file_can_hold_are_refused(before: str, half: str, after: str, where: str) -> None:
    text = before + half + after
    labels, items = (["a", text] if where == "labels" else None), [{"x": text if where == "metadata" else ""}] * 2
    with pytest.raises(DatasetError, match="has a lone surrogate"):
        dataset_from_arrays(vectors=[[1], [2]], labels=labels, metadata=[{text: 1}] * 2 if where == "keys" else items)


@settings(max_examples=60)
@given(datasets())
def test_metadata_keeps_every_row_and_text_that_tells_items_apart(dataset: Dataset) -> None:
    columns = metadata_columns(dataset)
    data = metadata_tsv(columns)
    stored = read_metadata_tsv(data)
    assert list(stored.values()) == list(columns.values())
    assert list(stored) == list(columns) or len(columns) == 1
    assert b"\n\n" not in data
    ours = (dataset.labels is not None) + 1
    own = list(columns.values())[ours:]
    expected = {name: written(column) for name, column in dataset.metadata.items()}
    labels = None if dataset.labels is None else [dataset.class_names[code] for code in dataset.labels]
    says_ours = [name for name in ("label", "id") if expected.get(name) in (labels, written(dataset.ids))]
    kept = [cells for name, cells in expected.items() if len(set(cells)) > 1 and name not in says_ours]
    assert own == kept
    if labels is not None:
        assert len(set(columns["label"])) == len(set(labels)), "classes stay apart"


@settings(max_examples=200)
@given(datasets())
def test_tensorboard_labels_points_by_their_label(dataset: Dataset) -> None:
    columns = metadata_columns(dataset)
    texts = [name for name, cells in columns.items() if not all(map(NUMBER.fullmatch, cells))]
    assert dataset.labels is None or texts[0] == "label"


def written(column: npt.NDArray[Any]) -> list[str]:
    """Cells expected for a column: text on one line, numbers that read back the same, 1 or 0, and nothing for NaN."""
    match column.dtype.kind:
        case "U":
            return [one_line(text) for text in column.tolist()]
        case "b":
            return [str(int(value)) for value in column.tolist()]
        case _:
            return ["" if value != value else repr(value) for value in column.tolist()]


@settings(max_examples=60)
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


@settings(max_examples=20)
@given(datasets())
def test_every_dataset_passes_its_own_check(dataset: Dataset) -> None:
    features = vector_features(dataset)
    layout = Projection(
        dataset.vectors[:, :2].copy(), dataset.ids, Pca(), source=features.fingerprint, items=dataset.items, seconds=0
    )
    with tempfile.TemporaryDirectory() as folder:
        export_projector(folder, dataset, [features], projections=[layout])


@settings(max_examples=60)
@given(datasets())
def test_the_selection_keeps_texts_exactly(dataset: Dataset) -> None:
    layout = Projection(dataset.vectors[:, :2].copy(), dataset.ids, Pca(), source="", items=dataset.items, seconds=0)
    rows = np.arange(len(dataset))[::-1]
    text = selection_csv(dataset, layout, rows).encode().decode()
    for cell in (cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line):
        assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n")), "a spreadsheet would run it"
    ids, labels, *coords_and_metadata = read_csv(text).values()
    assert np.array(coords_and_metadata[:2], np.float32).T.copy().tobytes() == layout.coords[rows].tobytes()
    ours = {"id": ids, "label": labels}
    columns = {name: column[rows] for name, column in dataset.metadata.items()}
    kept = [column for name, column in columns.items() if list(map(str, column)) != ours.get(name)]
    for read, column in zip(coords_and_metadata[2:], kept, strict=True):
        if column.dtype.kind == "U":
            assert read == list(map(str, column))


@settings(max_examples=60, deadline=None)
@given(datasets())
def test_an_export_is_opened_with_every_column_of_its_type(dataset: Dataset) -> None:
    features = vector_features(dataset)
    layout = Projection(
        dataset.vectors[:, :2].copy(), dataset.ids, Pca(), source=features.fingerprint, items=dataset.items, seconds=0
    )
    with tempfile.TemporaryDirectory() as folder:
        export_projector(folder, dataset, [features], projections=[layout])
        contents = tensorboard_contents(Path(folder))
        read = [(each, each.read(slice(None), no_progress)) for each in contents.fields]
    assert len({each.name for each, _ in read}) == len(read)
    columns = [pair for pair in read if pair[0].kind == "column"]
    if dataset.labels is not None:
        label, codes = columns.pop(0)
        assert [label.class_names[code] for code in codes] == [dataset.class_names[code] for code in dataset.labels]
    assert columns.pop(0)[1].tolist() == dataset.ids.tolist()
    constant, headers = constant_columns(dataset), column_headers(dataset)
    for name, (_, values) in zip([*headers, *constant], columns, strict=True):
        given_column = dataset.metadata[name]
        assert values.dtype.kind == given_column.dtype.kind
        assert written(values) == written(given_column)
    (vectors,) = [values for each, values in read if each.kind == "vectors"]
    assert vectors.tobytes() == dataset.vectors.tobytes()
    (coords,) = [values for each, values in read if each.kind == "layout"]
    assert coords.tobytes() == layout.coords.tobytes()
