"""Tensors of different items in a log folder of TensorBoard, from which a visitor chooses one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from embviz.datasets.source import Files
from embviz.errors import DatasetError

_listed: dict[Files, tuple[Files, ...]] = {}
"""Sources found last: the page asks at every click, and counting the lines of tensors in text takes long."""


def tensor_sources(source: Files) -> tuple[Files, ...]:
    """Sources for the tensors of a source's files, the default first; the source itself if there is one or none.

    A tensor of the same items as another one is another feature space of these, and not listed by itself.
    """
    found = _listed.get(source)
    if found is None:
        names = tensor_names(source.paths)
        if source.wishes.tensor in names:  # first, because it was asked for
            names.sort(key=lambda name: name != source.wishes.tensor)
        each = tuple(replace(source, wishes=replace(source.wishes, tensor=name)) for name in names)
        found = each if len(each) > 1 else (source,)
        _listed.clear()
        _listed[source] = found
    return found


def tensor_names(paths: Sequence[Path]) -> list[str]:
    """Names of the tensors of different items in files; empty if these are not a log folder, or cannot be read."""
    from embviz.datasets.files.opening.readers import TENSORBOARD, recognized  # late, because readers import Pillow
    from embviz.datasets.files.tensorboard import tensor_choices

    try:
        folders = [path for path in paths if recognized(path) is TENSORBOARD]
        return tensor_choices(folders[0]) if len(folders) == 1 else []
    except DatasetError:  # reported when the files are opened
        return []
