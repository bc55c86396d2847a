"""Projector configs of a log folder, and the config that names a tensor's file."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from embviz.datasets.files.projector.beside import file_beside
from embviz.datasets.files.projector.config import CONFIG_FILE, embedding_infos, is_config
from embviz.datasets.named.folders import contents, is_file, is_folder
from embviz.errors import DatasetError

_MOST_DEPTH = 5
_MOST_FOLDERS = 4000
_MOST_ABOVE = 3
_TENSORS = (".bytes", ".tsv", ".txt")
"""Files beside which a config in JSON is looked for."""


def projector_configs(path: Path) -> list[Path]:
    """Projector configs for a log folder, for a config, or for a tensor's file; empty if there are none.

    For a folder, they are the configs in it and in folders below: a log folder has one per run. JSON files beside a
    `projector_config.pbtxt` are ignored. Folders that cannot be read are skipped, and so are all after the first 4000,
    because images may lie in very many. For a config, it is the only one. For a tensor's file, or the folder that it
    is in, it is the config that names the file: so a tensor is chosen by giving its file.

    Raises
    ------
    DatasetError
        If the folder itself cannot be read.
    """
    if not is_folder(path):
        return [path] if is_config(path) else _configs_naming(path)
    found: list[Path] = []
    for _, files in islice(_folders(path), _MOST_FOLDERS):
        configs = [each for each in files if is_config(each)]
        found += [each for each in configs if each.name == CONFIG_FILE] or configs
    return found or _configs_naming(path)


def _configs_naming(path: Path) -> list[Path]:
    """The nearest config, in a folder above the path or beside it, that names a tensor's file at the path or in it."""
    whole = path.resolve()
    above = [folder / CONFIG_FILE for folder in whole.parents[:_MOST_ABOVE]]
    beside = contents(whole.parent)[1] if path.suffix.lower() in _TENSORS and is_file(path) else []
    for config in [*above, *(each for each in beside if each.name != CONFIG_FILE and is_config(each))]:
        if is_file(config):
            try:
                named = [file_beside(config, info.tensor_path) for info in embedding_infos(config)]
            except DatasetError:  # reported when the config is opened
                continue
            if any(each is not None and each.resolve().is_relative_to(whole) for each in named):
                return [config]
    return []


def _folders(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """The folder and those at most four levels below, each with its files; links and unreadable folders are skipped."""
    level = [folder]
    for _ in range(_MOST_DEPTH):
        below: list[Path] = []
        for each in level:
            try:
                folders, files = contents(each)
            except DatasetError:
                if each == folder:
                    raise
                continue
            below += [inner for inner in folders if not inner.is_symlink()]
            yield each, files
        level = below
