"""Export of items' scores: as columns of their dataset, which every export writes, and as a table of their own."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from embviz.arrays import Float64Array, Int64Array
from embviz.checks.arguments import path_of
from embviz.dataset import Dataset
from embviz.errors import InputError
from embviz.export.coordinates import selection_csv
from embviz.export.folder import real_path, replaced_file
from embviz.projection.projection import Projection

Scores = Mapping[str, Float64Array | Int64Array]
"""Arrays of one number per item, by name."""


def with_columns(dataset: Dataset, columns: Scores) -> Dataset:
    """The dataset with further columns; a column whose name is taken gets a number behind it.

    Parameters
    ----------
    dataset
        The items. Features and layouts made from them also fit the result, because items do not include metadata.
    columns
        One number per item, by name.

    Raises
    ------
    InputError
        If a column does not have one number per item.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.datasets import dataset_from_arrays
    >>> toy = dataset_from_arrays(vectors=[[0], [1]], metadata=[{"hubness": "no"}, {"hubness": "yes"}])
    >>> list(with_columns(toy, {"hubness": np.array([3, 1]), "kept": np.array([0.5, 1.0])}).metadata)
    ['hubness', 'hubness 2', 'kept']
    """
    metadata = dict(dataset.metadata)
    for name, values in columns.items():
        if len(values) != len(dataset):
            raise InputError(f"column {name!r} must have a number for each of {len(dataset)} items, got {len(values)}")
        free, number = name, 2
        while free in metadata:
            free, number = f"{name} {number}", number + 1
        metadata[free] = values
    return replace(dataset, metadata=metadata)


def scores_path(path: str | Path) -> Path:
    """The path of a table of scores, checked to end in ``.csv``.

    Raises
    ------
    InputError
        If the path does not end in ``.csv``.

    Examples
    --------
    >>> scores_path("scores.txt")
    Traceback (most recent call last):
    embviz.errors.InputError: scores of items go into a .csv file, got 'scores.txt'; change the ending
    """
    file = path_of("path", path)
    if file.suffix.lower() != ".csv":
        raise InputError(f"scores of items go into a .csv file, got {file.name!r}; change the ending")
    return file


def write_scores(path: str | Path, dataset: Dataset, projection: Projection, columns: Scores) -> Path:
    """Write a table with a row per item: id, label, coordinates, metadata and scores; return its absolute path.

    Raises
    ------
    InputError
        If the path does not end in ``.csv``, a column does not have one number per item, or the layout
        belongs to other items than the dataset's.
    ExportError
        If the file cannot be written.
    """
    text = selection_csv(with_columns(dataset, columns), projection, np.arange(len(dataset)))
    target = real_path(scores_path(path))
    with replaced_file(target) as partial:
        partial.write_text(text, encoding="utf-8", newline="")
    return target
