"""Export of coordinates as files for other programs, and of selected items as CSV text."""

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from embviz.arrays import Int64Array
from embviz.checks.arguments import checked, path_of
from embviz.dataset import Dataset, check_rows, check_same_items
from embviz.errors import InputError
from embviz.export.folder import real_path, replaced_file
from embviz.export.names import unique_names
from embviz.export.spec_fields import spec_fields
from embviz.items.names import split_positions
from embviz.items.sequences import NEXT_COLUMNS, written_positions
from embviz.projection.projection import Projection
from embviz.storage.csv_text import csv_line
from embviz.version import __version__

SUFFIXES = (".csv", ".parquet", ".npy")


@checked()
def write_coordinates(path: str | Path, dataset: Dataset, projection: Projection) -> Path:
    """Write the coordinates to a file, one row per item in the dataset's order; return the file's absolute path.

    Columns are ``id, label, x, y[, z]``. ``label`` is the class name, or empty without labels. If `Dataset.splits` is
    not empty, ``index`` follows: the position in the split. In ``.csv`` a class name that a spreadsheet would run as
    a formula gets an apostrophe in front (see `neutralized`), which `read_coordinates` removes. ``.npy`` holds only
    the coordinates, float32 of shape (n, 2) or (n, 3). An existing file is replaced once the new one is complete.

    Parameters and seed are written as JSON (see `parameters_json`): in the schema of a ``.parquet`` file under
    ``embviz``, and for the other two formats in a second file of the same name with ``.json`` added.

    Parameters
    ----------
    path
        Path that ends in ``.csv`` (UTF-8), ``.parquet`` or ``.npy``.
    dataset
        The items.
    projection
        Layout of the same items in the same order.

    Raises
    ------
    InputError
        If the path has another ending, or the projection belongs to other items than the dataset's.
    ExportError
        If the file cannot be written.
    """
    suffix = coordinates_suffix(path)
    content = coordinates_bytes(suffix, dataset, projection)
    target = real_path(path_of("path", path))
    with replaced_file(target) as partial:
        partial.write_bytes(content)
    if suffix != ".parquet":
        write_parameters_beside(target, projection)
    return target


def write_parameters_beside(target: Path, projection: Projection) -> None:
    """Write the provenance of a layout into a file beside its coordinates, named like theirs with ``.json`` added.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    with replaced_file(target.with_name(f"{target.name}.json")) as partial:
        partial.write_text(parameters_json(projection) + "\n", encoding="utf-8")


def coordinates_bytes(suffix: str, dataset: Dataset, projection: Projection) -> bytes:
    """The content of the file that `write_coordinates` writes for this suffix.

    Raises
    ------
    InputError
        If the projection belongs to other items than the dataset's.
    """
    check_same_items("coordinates", projection.items, dataset)
    if suffix == ".csv":
        return "".join(_coordinate_lines(dataset, projection, np.arange(len(dataset)))).encode()
    stream = io.BytesIO()
    if suffix == ".npy":
        np.save(stream, projection.coords, allow_pickle=False)
    else:
        _write_parquet(stream, dataset, projection)
    return stream.getvalue()


def parameters_json(projection: Projection) -> str:
    """The provenance of a layout as JSON: version of embviz, method, parameters, seed, and departure from these.

    Examples
    --------
    >>> from embviz import Pca, dataset_from_arrays, project, vector_features
    >>> layout = project(vector_features(dataset_from_arrays(vectors=[[0, 0], [3, 4], [6, 8]])), Pca())
    >>> made = json.loads(parameters_json(layout))
    >>> made["layout"]
    {'method': 'pca', 'n_components': 2, 'axes': [1, 2], 'preprocess': None, 'seed': 0, 'departure': ''}
    """
    parameters = {"method": projection.spec.method, **spec_fields(projection.spec), "departure": projection.departure}
    return json.dumps({"made_by": f"embviz {__version__}", "layout": parameters})


def coordinates_suffix(path: str | Path) -> str:
    """The suffix of a file of coordinates, in lower case: one of `SUFFIXES`.

    Raises
    ------
    InputError
        If the suffix is none of these.

    Examples
    --------
    >>> coordinates_suffix("layout.CSV")
    '.csv'
    """
    file = path_of("path", path)
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"coordinates go into {', '.join(SUFFIXES)} files, got {file.name!r}; change the ending")
    return suffix


@checked()
def selection_csv(dataset: Dataset, projection: Projection, rows: Int64Array) -> str:
    """The items at `rows` as CSV: ``id, label, x, y[, z][, index]`` and the dataset's metadata columns.

    A text that a spreadsheet would run as a formula gets an apostrophe in front (see `neutralized`), which `read_csv`
    removes. A metadata column ``label`` or ``id`` is left out if it only repeats the labels or ids. A column of next
    items holds positions in this file (see `written_positions`).

    Parameters
    ----------
    dataset
        The items.
    projection
        Layout of the same items in the same order.
    rows
        int64, shape (m,): positions in `dataset` (not ids), each at most once.

    Raises
    ------
    InputError
        If the projection belongs to other items than the dataset's, or `check_rows` refuses the rows.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.projection.specs import Pca
    >>> toy = dataset_from_arrays(vectors=[[1], [2]], labels=["one", "two"], metadata=[{"note": "a,b"}, {}])
    >>> coords = np.array([[0.1, 2], [3, 4]], np.float32)
    >>> flat = Projection(coords, toy.ids, Pca(), source="", items=toy.items, seconds=0)
    >>> print(selection_csv(toy, flat, np.array([0])), end="")
    id,label,x,y,note
    0,one,0.1,2.0,"a,b"
    """
    check_same_items("coordinates", projection.items, dataset)
    check_rows(rows, dataset)
    return "".join(_coordinate_lines(dataset, projection, rows, list(dataset.metadata)))


def _coordinate_lines(
    dataset: Dataset, projection: Projection, rows: Int64Array, columns: Sequence[str] = ()
) -> Iterable[str]:
    names = [""] * len(rows) if dataset.labels is None else [dataset.class_names[code] for code in dataset.labels[rows]]
    ids = dataset.ids[rows].tolist()
    own = {name: _cells(dataset, name, rows) for name in columns}
    said = {"label": names, "id": list(map(str, ids))}
    own = {name: cells for name, cells in own.items() if list(map(str, cells)) != said.get(name)}
    positions = split_positions(dataset)
    if positions is not None:
        own = {"index": positions[rows].tolist(), **own}
    yield csv_line(unique_names(["id", "label", *_axes(projection), *own]))
    coords = projection.coords[rows].astype(np.str_)  # shortest texts that read back as the same float32
    for item, label, point, *extra in zip(ids, names, coords, *own.values(), strict=True):
        yield csv_line([item, label, *point, *extra])


def _cells(dataset: Dataset, name: str, rows: Int64Array) -> list[str | int | float]:
    if name in NEXT_COLUMNS:
        return ["" if position < 0 else position for position in written_positions(dataset, name, rows).tolist()]
    return ["" if value != value else value for value in dataset.metadata[name][rows].tolist()]


def _axes(projection: Projection) -> tuple[str, ...]:
    return ("x", "y", "z")[: projection.coords.shape[1]]


def _write_parquet(stream: io.BytesIO, dataset: Dataset, projection: Projection) -> None:
    import pyarrow
    from pyarrow import parquet

    labels = [None] * len(dataset) if dataset.labels is None else [dataset.class_names[code] for code in dataset.labels]
    columns = {
        "id": pyarrow.array(dataset.ids),
        "label": pyarrow.array(labels, type=pyarrow.string()),
        **{axis: pyarrow.array(projection.coords[:, i]) for i, axis in enumerate(_axes(projection))},
    }
    positions = split_positions(dataset)
    if positions is not None:
        columns["index"] = pyarrow.array(positions)
    told = {"embviz": parameters_json(projection)}
    parquet.write_table(pyarrow.table(columns).replace_schema_metadata(told), stream)
