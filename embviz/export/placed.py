"""Export of a layout and of the items that were placed in it, in one file that marks the placed ones."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from embviz.checks.arguments import checked, path_of
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.export.coordinates import coordinates_suffix, parameters_json, write_parameters_beside
from embviz.export.folder import real_path, replaced_file
from embviz.items.names import split_positions
from embviz.projection.placing.placed import Placed, farther_shares
from embviz.projection.projection import Projection
from embviz.storage.csv_text import csv_line


@checked()
def write_placed(path: str | Path, laid_out: Dataset, projection: Projection, new: Dataset, placed: Placed) -> Path:
    """Write a layout and the items placed in it to a file, a row each: the laid-out items, then the placed ones.

    Columns are those of `write_coordinates`, and before ``index`` three more. ``placed`` is true for placed items.
    ``nearest_distance`` is the distance to the nearest laid-out item, other than the item itself. ``farther_share`` is
    the share of laid-out items whose own ``nearest_distance`` is at least as large: small if an item does not
    belong. Ids are unique in the source of each dataset; with two sources, the same id may occur once among the
    laid-out items and once among the placed ones. Parameters and seed of the layout are written as `write_coordinates`
    writes them.

    Parameters
    ----------
    path
        Path that ends in ``.csv`` or ``.parquet``. An existing file is replaced once the new one is complete.
    laid_out, projection
        The items of the layout, and the layout.
    new, placed
        The items that were placed, and their coordinates.

    Returns
    -------
    Path
        The file's absolute path.

    Raises
    ------
    InputError
        If the path has another ending, or the values do not belong together.
    ExportError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from embviz import Pca, dataset_from_arrays, place, project, vector_features
    >>> old, new = dataset_from_arrays(vectors=[[0, 0], [3, 4], [6, 8]]), dataset_from_arrays(vectors=[[9, 12]])
    >>> features = vector_features(old)
    >>> layout = project(features, Pca())
    >>> placed = place(vector_features(new), layout, laid_out=features)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lines = write_placed(f"{folder}/places.csv", old, layout, new, placed).read_text().splitlines()
    >>> lines[0]
    'id,label,x,y,placed,nearest_distance,farther_share'
    >>> [line.split(",", 4)[4] for line in lines[1:]]
    ['false,5.0,1.0', 'false,5.0,1.0', 'false,5.0,1.0', 'true,5.0,1.0']
    """
    suffix = placed_suffix(path)
    check_same_items("coordinates", projection.items, laid_out)
    check_same_items("places", placed.items, new)
    if (placed.layout, placed.laid_out) != (projection.fingerprint, projection.source):
        raise InputError("the items were placed in another layout than this one; give the one that they were placed in")
    columns = _columns(laid_out, projection, new, placed)
    target = real_path(path_of("path", path))
    with replaced_file(target) as partial:
        partial.write_bytes("".join(_lines(columns)).encode() if suffix == ".csv" else _parquet(columns, projection))
    if suffix == ".csv":
        write_parameters_beside(target, projection)
    return target


def placed_suffix(path: str | Path) -> str:
    """The suffix of a file for `write_placed`, in lower case: ``.csv`` or ``.parquet``.

    Raises
    ------
    InputError
        If the suffix is another.

    Examples
    --------
    >>> placed_suffix("places.npy")
    Traceback (most recent call last):
    embviz.errors.InputError: placed items go into .csv or .parquet files, got 'places.npy'; change the ending
    """
    suffix = coordinates_suffix(path)
    if suffix == ".npy":
        raise InputError(
            f"placed items go into .csv or .parquet files, got {path_of('path', path).name!r}; change the ending"
        )
    return suffix


def _columns(laid_out: Dataset, projection: Projection, new: Dataset, placed: Placed) -> dict[str, Any]:
    """The columns by name: labels as a list of texts, or of None without labels; numbers as arrays."""
    usual = placed.usual_distances
    coords = np.concatenate([projection.coords, placed.coords])
    columns: dict[str, Any] = {
        "id": np.concatenate([laid_out.ids, new.ids]),
        "label": [*_labels(laid_out), *_labels(new)],
        **{axis: coords[:, i].copy() for i, axis in enumerate("xyz"[: coords.shape[1]])},
        "placed": np.arange(len(coords)) >= len(laid_out),
        "nearest_distance": np.concatenate([usual, placed.nearest_distances]),
        "farther_share": np.concatenate([farther_shares(usual, usual), placed.farther_shares]),
    }
    positions = [found for each in (laid_out, new) if (found := split_positions(each)) is not None]
    if len(positions) == 2:
        columns["index"] = np.concatenate(positions)
    return columns


def _labels(dataset: Dataset) -> list[str | None]:
    if dataset.labels is None:
        return [None] * len(dataset)
    return [dataset.class_names[code] for code in dataset.labels]


def _lines(columns: dict[str, Any]) -> Iterator[str]:
    yield csv_line(list(columns))
    texts = columns | {
        "label": [label or "" for label in columns["label"]],
        "placed": ["true" if is_placed else "false" for is_placed in columns["placed"]],
    }
    for name, cells in texts.items():
        if isinstance(cells, np.ndarray):
            texts[name] = (cells if cells.dtype.kind == "i" else cells.astype(np.str_)).tolist()
    yield from map(csv_line, zip(*texts.values(), strict=True))


def _parquet(columns: dict[str, Any], projection: Projection) -> bytes:
    import pyarrow
    from pyarrow import parquet

    arrays = {name: pyarrow.array(cells) for name, cells in columns.items()}
    arrays["label"] = pyarrow.array(columns["label"], pyarrow.string())
    stream = io.BytesIO()
    told = {"embviz": parameters_json(projection)}
    parquet.write_table(pyarrow.table(arrays).replace_schema_metadata(told), stream)
    return stream.getvalue()
