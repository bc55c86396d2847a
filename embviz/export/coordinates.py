"""Coordinates as files for other programs, and the selected items as text."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from embviz.arguments import checked, path_of
from embviz.arrays import Int64Array
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.export.folder import replaced_file
from embviz.export.names import unique_names
from embviz.projection.projection import Projection

SUFFIXES = (".csv", ".parquet", ".npy")


@checked()
def write_coordinates(path: str | Path, dataset: Dataset, projection: Projection) -> Path:
    """The file written: columns ``id, label, x, y[, z]``, one row per item in the dataset's order.

    ``label`` is the class name; without labels it is empty. ``.npy`` holds the coordinates alone,
    float32 of shape (n, 2) or (n, 3). A file already there is replaced once the new one is complete.

    Parameters
    ----------
    path
        Ends in ``.csv`` (UTF-8), ``.parquet`` or ``.npy``.
    dataset
        The items.
    projection
        Of the same items in the same order.

    Raises
    ------
    InputError
        If the suffix is another, or the projection is of other items.
    ExportError
        If the file cannot be written.
    """
    target = path_of("path", path)
    suffix = coordinates_suffix(target)
    check_same_items("coordinates", projection.items, dataset)
    with replaced_file(target) as partial:
        if suffix == ".csv":
            lines = _coordinate_lines(dataset, projection, np.arange(len(dataset)))
            partial.write_text("".join(lines), encoding="utf-8", newline="\n")
        elif suffix == ".npy":
            with partial.open("wb") as file:
                np.save(file, projection.coords, allow_pickle=False)
        else:
            _write_parquet(partial, dataset, projection)
    return target


def coordinates_suffix(path: str | Path) -> str:
    """The ending of a file of coordinates, in lower case: one of `SUFFIXES`.

    Raises
    ------
    InputError
        If it is another.

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
    """The items at `rows` as CSV: ``id, label, x, y[, z]`` and the dataset's metadata columns.

    Texts are as they are in the data. A spreadsheet runs a text that begins with ``=`` as a formula,
    and changing the text would change the data: import the column as text where you do not know its
    source.

    Parameters
    ----------
    dataset
        The items.
    projection
        Of the same items in the same order.
    rows
        int64, shape (m,), positions in `dataset` (not ids).

    Raises
    ------
    InputError
        If the projection is of other items, or a row is out of range.

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
    if len(rows) and not 0 <= rows.min() <= rows.max() < len(dataset):
        raise InputError(f"rows must be in 0..{len(dataset) - 1}, got {rows.min()}..{rows.max()}")
    return "".join(_coordinate_lines(dataset, projection, rows, list(dataset.metadata)))


def _coordinate_lines(
    dataset: Dataset, projection: Projection, rows: Int64Array, columns: Sequence[str] = ()
) -> Iterable[str]:
    yield _csv_line(unique_names(["id", "label", *_axes(projection), *columns]))
    labels = (
        [""] * len(rows) if dataset.labels is None else [dataset.class_names[code] for code in dataset.labels[rows]]
    )
    cells = [_cells(dataset.metadata[name][rows].tolist()) for name in columns]
    coords = projection.coords[rows].astype(np.str_)  # the shortest text that is the same float32
    for item, label, point, *extra in zip(dataset.ids[rows], labels, coords, *cells, strict=True):
        yield _csv_line([str(item), label, *point, *extra])


def _cells(values: Iterable[object]) -> list[str]:
    return ["" if value != value else str(value) for value in values]


def _csv_line(cells: Iterable[str]) -> str:
    return ",".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    """Quoted where RFC 4180 asks for it; half characters, which no file can hold, are escaped.

    Not the csv module: with lines that end in a newline it leaves a lone carriage return bare.
    """
    text = cell.encode("utf-8", "backslashreplace").decode()
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def _axes(projection: Projection) -> tuple[str, ...]:
    return ("x", "y", "z")[: projection.coords.shape[1]]


def _write_parquet(path: Path, dataset: Dataset, projection: Projection) -> None:
    import pyarrow
    from pyarrow import parquet

    labels = [None] * len(dataset) if dataset.labels is None else [dataset.class_names[code] for code in dataset.labels]
    columns = {
        "id": pyarrow.array(dataset.ids),
        "label": pyarrow.array(labels, type=pyarrow.string()),
        **{axis: pyarrow.array(projection.coords[:, i]) for i, axis in enumerate(_axes(projection))},
    }
    parquet.write_table(pyarrow.table(columns), path)
