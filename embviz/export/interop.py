"""Export of one parquet file for other programs: layout, labels, images, vectors and neighbors of every item."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embviz.arrays import AnyArray
from embviz.checks.arguments import checked, path_of
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.export.folder import real_path, replaced_file
from embviz.export.names import unique_names
from embviz.export.pictures import png_bytes
from embviz.export.spec_fields import spec_fields
from embviz.features.features import Features
from embviz.items.names import split_positions
from embviz.items.sequences import NEXT_COLUMNS, written_positions
from embviz.neighbors.graph import NeighborGraph
from embviz.progress import Progress, blocks_of, no_progress
from embviz.projection.projection import Projection
from embviz.projection.titles import projection_title
from embviz.version import __version__

if TYPE_CHECKING:
    import pyarrow

SUFFIX = ".parquet"

_BLOCK = 1024
"""Number of rows that are written together; images are packed as they are written, so that few are in memory."""

_TYPES = {"U": "string", "i": "int64", "f": "float64", "b": "bool"}


@dataclass(frozen=True, eq=False, slots=True)
class _Items:
    """All values to be written, with the dataset's own columns by their names in the file."""

    dataset: Dataset
    features: Features
    projection: Projection
    neighbors: NeighborGraph | None
    own: dict[str, AnyArray]


@checked()
def interop_parquet(
    path: str | Path,
    dataset: Dataset,
    features: Features,
    projection: Projection,
    *,
    neighbors: NeighborGraph | None = None,
    progress: Progress = no_progress,
) -> Path:
    """Write a parquet file, a row per item, for Hugging Face's `datasets`, embedding-atlas and pandas; return its path.

    Columns: ``id``; ``label``, the code of the class, whose names are in the schema; ``x, y[, z]``; ``image``, a PNG
    file and its name; ``vector``; ``neighbors``, nearest first; ``index``, the position in the split; and the dataset's
    own columns. Columns without values are left out, and a column of next items holds positions in this file (see
    `written_positions`).

    ``neighbors`` has lists ``ids``, ``distances`` and ``item_ids``. Its ``ids`` are rows of this file, counted from 0,
    as embedding-atlas expects; ``item_ids`` are the same neighbors by their ``id``. The schema's key ``embviz`` says
    how layout and neighbors were made.

    Parameters
    ----------
    path
        Path that ends in ``.parquet``. An existing file is replaced once the new one is complete.
    dataset
        The items.
    features
        Features of these items.
    projection
        A layout of these features.
    neighbors
        A neighbor graph of these features; None leaves the column out.
    progress
        Called with stage ``Writing parquet``.

    Raises
    ------
    InputError
        If the path has another ending, or the values do not belong together.
    ExportError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import embviz, pyarrow.parquet
    >>> digits = embviz.load_dataset("digits", limit=20)
    >>> pixels = embviz.pixel_features(digits)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = interop_parquet(f"{folder}/digits.parquet", digits, pixels, embviz.project(pixels, embviz.Pca()))
    ...     table = pyarrow.parquet.read_table(path)
    >>> table.column_names, table.num_rows
    (['id', 'label', 'x', 'y', 'image', 'vector', 'split'], 20)
    """
    from pyarrow import parquet

    target = real_path(interop_path(path))
    check_same_items(f"{features.name} features", features.items, dataset)
    check_same_items("coordinates", projection.items, dataset)
    if projection.source != features.fingerprint:
        raise InputError("the layout was not made from these features; give those that it was made from")
    if neighbors is not None:
        neighbors.check_made_from(features)
    items = _Items(dataset, features, projection, neighbors, _own_columns(dataset))
    schema = _batch(items, slice(0, 1)).schema.with_metadata(_metadata(items))
    with replaced_file(target) as partial, parquet.ParquetWriter(partial, schema, compression="zstd") as writer:
        for block in blocks_of("Writing parquet", len(dataset), _BLOCK, progress):
            writer.write_batch(_batch(items, block).cast(schema))
    return target


def interop_path(path: str | Path) -> Path:
    """The path of the parquet file, checked to end in ``.parquet``.

    Raises
    ------
    InputError
        If it does not end in ``.parquet``.
    """
    file = path_of("path", path)
    if file.suffix.lower() != SUFFIX:
        raise InputError(f"this table goes into a {SUFFIX} file, got {file.name!r}; change the ending")
    return file


def _own_columns(dataset: Dataset) -> dict[str, AnyArray]:
    """The dataset's own columns, renamed if a name is taken; a column that only repeats ids or labels is left out."""
    ours = ["id", "label", "x", "y", "z", "index", "image", "vector", "neighbors"]
    said = {"id": list(map(str, dataset.ids.tolist()))}
    if dataset.labels is not None:
        said["label"] = [dataset.class_names[code] for code in dataset.labels]
    own = {name: cells for name, cells in dataset.metadata.items() if said.get(name) != list(map(str, cells.tolist()))}
    for name in set(own) & set(NEXT_COLUMNS):
        positions = written_positions(dataset, name, np.arange(len(dataset)))
        own[name] = np.where(positions < 0, np.nan, positions)
    return dict(zip(unique_names([*ours, *own])[len(ours) :], own.values(), strict=True))


def _batch(items: _Items, block: slice) -> "pyarrow.RecordBatch":
    import pyarrow as pa

    dataset, coords = items.dataset, items.projection.coords[block]
    columns: dict[str, Any] = {"id": pa.array(dataset.ids[block])}
    if dataset.labels is not None:
        columns["label"] = pa.array(dataset.labels[block])
    columns |= {axis: pa.array(np.ascontiguousarray(coords[:, i])) for i, axis in enumerate("xyz"[: coords.shape[1]])}
    positions = split_positions(dataset)
    if positions is not None:
        columns["index"] = pa.array(positions[block])
    if dataset.images is not None:
        files = pa.array([png_bytes(image) for image in dataset.images[block]], pa.binary())
        names = pa.array([f"{item}.png" for item in dataset.ids[block].tolist()])
        columns["image"] = pa.StructArray.from_arrays([files, names], names=["bytes", "path"])
    vectors = items.features.vectors[block]
    columns["vector"] = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), vectors.shape[1])
    if items.neighbors is not None:
        rows, distances = items.neighbors.indices[block].astype(np.int64), items.neighbors.distances[block]
        lists = [_lists(rows), _lists(distances), _lists(dataset.ids[rows])]
        columns["neighbors"] = pa.StructArray.from_arrays(lists, names=["ids", "distances", "item_ids"])
    columns |= {name: pa.array(cells[block]) for name, cells in items.own.items()}
    return pa.RecordBatch.from_pydict(columns)


def _lists(rows: AnyArray) -> "pyarrow.ListArray":
    import pyarrow as pa

    n, k = rows.shape
    return pa.ListArray.from_arrays(pa.array(np.arange(n + 1, dtype=np.int32) * k), pa.array(rows.reshape(-1)))


def _metadata(items: _Items) -> dict[str, str]:
    """Metadata of the schema: types of the columns for `datasets`, and how layout and neighbors were made."""
    projection, graph = items.projection, items.neighbors
    made: dict[str, Any] = {
        "version": __version__,
        "dataset": items.dataset.title,
        "fingerprint": items.dataset.fingerprint,
        "features": items.features.name,
        "projection": {
            "title": projection_title(projection),
            "type": type(projection.spec).__name__,
            **spec_fields(projection.spec),
        },
    }
    if graph is not None:
        made["neighbors"] = {"metric": graph.metric, "k": graph.k, "recall": graph.recall, "ids": "rows of this file"}
    return {"huggingface": json.dumps({"info": {"features": _features(items)}}), "embviz": json.dumps(made)}


def _features(items: _Items) -> dict[str, Any]:
    """Types of the columns in the format of `datasets`, with class names, and images as images."""

    def value(kind: str) -> dict[str, str]:
        return {"dtype": kind, "_type": "Value"}

    def several(kind: str) -> dict[str, Any]:
        return {"feature": value(kind), "_type": "Sequence"}

    known: dict[str, Any] = {
        "label": {"names": list(items.dataset.class_names), "_type": "ClassLabel"},
        **{axis: value("float32") for axis in "xyz"},
        "image": {"_type": "Image"},
        "vector": {**several("float32"), "length": items.features.vectors.shape[1]},
        "neighbors": {"ids": several("int64"), "distances": several("float32"), "item_ids": several("int64")},
        **{name: value(_TYPES[cells.dtype.kind]) for name, cells in items.own.items()},
    }
    return {name: known.get(name, value("int64")) for name in _batch(items, slice(0, 1)).schema.names}
