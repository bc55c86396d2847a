"""Open the page with data that are in Python: a dataset, arrays, or a data frame."""

import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from embviz.checks.arguments import fitting
from embviz.checks.wording import described
from embviz.dataset import Dataset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.cells import Cell
from embviz.errors import InputError
from embviz.showing.session import PageSession


def show(
    data: Any = None,
    *,
    labels: Sequence[Cell] | npt.NDArray[np.generic] | str | None = None,
    images: npt.ArrayLike | str | None = None,
    metadata: Sequence[Mapping[str, Cell]] | None = None,
    name: str | None = None,
    port: int | None = None,
    open_browser: bool = True,
) -> PageSession:
    """Open the page with your own data; the session that is returned tells what is selected and tagged on the page.

    The address is printed. The page is served to this machine only, by a process of its own, until the session is
    closed or Python ends; a script that is to wait for the visitor may call ``input()``.

    Parameters
    ----------
    data
        A `Dataset`; an array of vectors; a dict of names and arrays of vectors, the first of which is laid out first;
        or a data frame, as for `dataset_from_table`. None if only `images` are given.
    labels, images, metadata
        For arrays as in `dataset_from_arrays`; for a data frame, `labels` and `images` are names of its columns and
        `metadata` is None; for a dataset all are None.
    name
        Name of the data on the page; if left out the dataset's own name, else ``arrays`` or ``table``.
    port
        Port of this machine to serve the page on; a free one if left out.
    open_browser
        Whether to open the address in a browser, where there is one.

    Raises
    ------
    InputError
        If `data` has another type, the arguments do not fit together, or the port cannot be used.
    ExportError
        If there is no room for the data on the disk.
    MissingDependencyError
        If Streamlit is not installed.
    PageError
        If the server does not start.

    Examples
    --------
    >>> vectors, digits = np.eye(3), [0, 1, 1]
    >>> with show(vectors, labels=digits, open_browser=False) as page:  # doctest: +SKIP
    ...     input("Select something, then press Enter. ")
    ...     print(vectors[page.selected_ids], page.annotations)
    embviz shows arrays, 3 items: http://127.0.0.1:43211/?key=...
    """
    port = fitting("port", port, int | None)
    open_browser = fitting("open_browser", open_browser, bool)
    page = PageSession(shown_dataset(data, labels, images, metadata, fitting("name", name, str | None)), port)
    print(f"embviz shows {page.dataset.title}, {len(page.dataset):,} items: {page.address}", flush=True)
    if open_browser:
        webbrowser.open(page.address)
    return page


def shown_dataset(data: Any, labels: Any, images: Any, metadata: Any, name: str | None) -> Dataset:
    """The dataset made from the arguments of `show`.

    Raises
    ------
    InputError
        If the arguments do not fit together, or `data` is none of what `show` takes.

    Examples
    --------
    >>> made = shown_dataset({"pixels": np.eye(2), "clip": np.ones((2, 5))}, [0, 1], None, None, "two")
    >>> made.name, made.vectors.shape, list(made.more_vectors)
    ('two', (2, 2), ['clip'])
    """
    if isinstance(data, Dataset):
        if labels is not None or images is not None or metadata is not None:
            raise InputError("a dataset has its own labels, images and metadata; leave these out, or give arrays")
        return data if name is None else replace(data, name=name)
    if isinstance(data, str | bytes):
        raise InputError(f"data must be a dataset or arrays, got {described(data)}; for a file give load_dataset(file)")
    if hasattr(data, "columns") and not isinstance(data, np.ndarray | Mapping):
        return _of_table(data, labels, images, metadata, name or "table")
    if not isinstance(data, Mapping):
        return dataset_from_arrays(vectors=data, labels=labels, images=images, metadata=metadata, name=name or "arrays")
    if not data:
        raise InputError("a dict of vectors has at least one set of them; give name and array")
    (_, first), *others = data.items()
    made = dataset_from_arrays(vectors=first, labels=labels, images=images, metadata=metadata, name=name or "arrays")
    more: dict[str, Any] = {}
    for each, array in others:
        more[fitting("a name of vectors", each, str)] = dataset_from_arrays(vectors=array).vectors
    return replace(made, more_vectors=more)


def _of_table(table: Any, labels: Any, images: Any, metadata: Any, name: str) -> Dataset:
    from embviz.datasets.files.opening.load import dataset_from_table  # late, because readers import Pillow

    if metadata is not None:
        raise InputError("a data frame has its own columns; leave metadata out")
    columns = {key: fitting(key, value, str | None) for key, value in (("labels", labels), ("images", images))}
    return dataset_from_table(table, name=name, **columns)
