"""Reader of TensorBoard's log folders, of `projector_config.pbtxt`, and of the standalone projector's JSON."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.opened import opened
from embviz.datasets.files.projector.beside import file_beside, is_named_so
from embviz.datasets.files.projector.config import CONFIG_FILE, EmbeddingInfo, embedding_infos, is_config
from embviz.datasets.files.projector.configs import projector_configs
from embviz.datasets.files.projector.exported import exported_dataset
from embviz.datasets.files.projector.fields import column_fields, image_field, layout_fields, vector_fields
from embviz.datasets.files.projector.tensors import TensorFile, tensor_file
from embviz.errors import DatasetError

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A tensor that can be opened, and the files beside it: None where there is none."""

    name: str
    config: Path
    file: TensorFile
    cell: tuple[int, int]
    metadata: Path | None
    sprite: Path | None
    bookmarks: Path | None
    notes: tuple[str, ...]

    def __str__(self) -> str:
        n, d = self.file.shape
        return f"{self.name!r:.60} ({n:,} x {d:,}, {self.file.path.relative_to(self.config.parent)})"


def tensorboard_contents(path: Path, tensor: str = "") -> Contents:
    """Contents of a log folder of TensorBoard, or of a projector config.

    Tensors that have the same number of items, and metadata and sprite sheets of equal content, are taken to be vectors
    of the same items. Of tensors of different items, one is opened; a note names the others, unless `tensor` chose it.

    Parameters
    ----------
    path
        A folder with a config in it or at most four folders below, or a config; or the file of a tensor that a config
        names, or its folder.
    tensor
        Name of the tensor to open, with all tensors of the same items; empty for the one at the path, or the first.

    Raises
    ------
    DatasetError
        If there is no config, no tensor that can be opened, no tensor of that name, or a file is broken.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = 'embeddings { tensor_name: "words" tensor_path: "x.tsv" }'
    ...     _ = Path(folder, "projector_config.pbtxt").write_text(text)
    ...     _ = Path(folder, "x.tsv").write_text("1 2 3".replace(" ", chr(9)))
    ...     found = tensorboard_contents(Path(folder))
    >>> found.n, [(field.name, field.kind, field.shape) for field in found.fields]
    (1, [('words', 'vectors', (3,))])
    """
    tensors, problems = _tensors(path)
    chosen = _chosen(path, tensors, tensor, problems)
    same = _of_the_same_items(chosen, tensors)
    others = [each for each in tensors if each not in same]
    n = chosen.file.shape[0]
    exported = exported_dataset(chosen.config.parent)
    fields: list[Field] = []
    left_out = [] if tensor else others
    notes = [*_notes_on_tensors(same, left_out, problems), *(note for each in same for note in each.notes)]
    if chosen.metadata:
        found, said = column_fields(chosen.metadata, n, exported)
        fields, notes = [*fields, *found], [*notes, *said]
    if chosen.sprite:
        found, said = image_field(chosen.sprite, n, chosen.cell, exported)
        fields, notes = [*fields, *found], [*notes, *said]
    for each in same:
        fields += vector_fields(each.name, each.file)
    for each in same:
        if each.bookmarks:
            found, said = layout_fields(each.bookmarks, n)
            fields, notes = [*fields, *found], [*notes, *said]
    name = exported.name if exported else chosen.name if others or problems else _title(path)
    return Contents(name, n, tuple(_with_own_names(fields)), notes=tuple(dict.fromkeys(notes)))


def tensor_choices(path: Path) -> list[str]:
    """Names of the tensors of different items in a log folder, one for each set of items, the default first.

    Parameters
    ----------
    path
        As in `tensorboard_contents`.

    Raises
    ------
    DatasetError
        If there is no config, or no tensor that can be opened.
    """
    left, problems = _tensors(path)
    first = _chosen(path, left, "", problems)
    left.sort(key=lambda each: each is not first)
    names = []
    while left:
        same = _of_the_same_items(left[0], left)
        names.append(left[0].name)
        left = [each for each in left if each not in same]
    return names


def _tensors(path: Path) -> tuple[list[_Tensor], list[str]]:
    """The tensors that can be opened, and why the others cannot."""
    configs = projector_configs(path)
    if not configs:
        raise DatasetError(f"{path} holds no {CONFIG_FILE}; give a log folder of TensorBoard, or a projector config")
    tensors: list[_Tensor] = []
    problems: list[str] = []
    for config in configs:
        try:
            infos = embedding_infos(config)
        except DatasetError as error:
            problems.append(str(error))
            continue
        missing: list[str] = []
        for number, info in enumerate(infos):
            name = info.name or Path(info.tensor_path).name or f"tensor {number}"
            try:
                found = file_beside(config, info.tensor_path)
                if found is not None:
                    tensors.append(_tensor(config, name, info, found))
                elif info.tensor_path:
                    missing.append(f"{name!r:.60} in {info.tensor_path!r:.120}")
                else:
                    problems.append(f"tensor {name!r:.60} is in a TensorFlow checkpoint, which only TensorFlow reads")
            except DatasetError as error:
                problems.append(str(error))
        if missing:
            problems.append(f"of {config} these tensors are not there: {_first_of(missing)}; put them beside it")
    return _with_runs(path, tensors), problems


def _tensor(config: Path, name: str, info: EmbeddingInfo, path: Path) -> _Tensor:
    file = tensor_file(path, info.shape)
    said = {"metadata": info.metadata_path, "sprite": info.sprite_path, "bookmarks": info.bookmarks_path}
    beside = {what: file_beside(config, written) if written else None for what, written in said.items()}
    notes = [
        f"the {what} of {name!r:.60}, {said[what]!r:.120}, are not there: put them beside {config.name}"
        for what, found in beside.items()
        if said[what] and found is None
    ]
    written_and_found = [(info.tensor_path, path), *((said[what], found) for what, found in beside.items() if found)]
    moved = [found.name for written, found in written_and_found if not is_named_so(config, written, found)]
    if moved:
        notes.append(f"found beside {config.name}, which names another place: {', '.join(moved)}")
    if file.has_header:
        notes.append(f"the first line of {path.name} is a header, and left out")
    return _Tensor(name, config, file, info.cell, notes=tuple(notes), **beside)


def _with_runs(path: Path, tensors: Sequence[_Tensor]) -> list[_Tensor]:
    """Tensors with unique names: a name that several tensors have gets the folder of its config before it."""
    names = [each.name for each in tensors]
    named = []
    for each in tensors:
        is_below = names.count(each.name) > 1 and each.config.parent.is_relative_to(path) and each.config.parent != path
        run = f"{each.config.parent.relative_to(path).as_posix()}/" if is_below else ""
        named.append(replace(each, name=f"{run}{each.name}"))
    return named


def _chosen(path: Path, tensors: Sequence[_Tensor], name: str, problems: Sequence[str]) -> _Tensor:
    if not tensors:
        more = f" ({len(problems) - 1} more cannot be opened either)" if len(problems) > 1 else ""
        raise DatasetError(problems[0] + more)
    if not name:
        whole = path.resolve()
        return next((each for each in tensors if each.file.path.resolve().is_relative_to(whole)), tensors[0])
    for each in tensors:
        if each.name == name:
            return each
    raise DatasetError(f"{path} has no tensor {name!r:.60} that can be opened; give one of {_named(tensors)}")


def _of_the_same_items(chosen: _Tensor, tensors: Iterable[_Tensor]) -> list[_Tensor]:
    """The chosen tensor, and those with the same items; it alone if it has neither metadata nor a sprite sheet."""
    if not chosen.metadata and not chosen.sprite:
        return [chosen]
    alike = [each for each in tensors if _n_and_sizes(each) == _n_and_sizes(chosen)]
    items = _items(chosen)
    return [each for each in alike if each is chosen or _items(each) == items]


def _n_and_sizes(tensor: _Tensor) -> tuple[object, ...]:
    """Number of items and sizes of files: quick to compare, and mostly different if items are different."""
    files = (tensor.metadata, tensor.sprite)
    return tensor.file.shape[0], tensor.cell, *(file and file.stat().st_size for file in files)


def _items(tensor: _Tensor) -> tuple[bytes, ...]:
    return tuple(_digest(file) if file else b"" for file in (tensor.metadata, tensor.sprite))


def _digest(path: Path) -> bytes:
    digest = blake2b(digest_size=16)
    with opened(path) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.digest()


def _notes_on_tensors(same: Sequence[_Tensor], others: Sequence[_Tensor], problems: Sequence[str]) -> list[str]:
    notes = []
    if len({each.metadata for each in same} | {each.sprite for each in same}) > 2:
        notes.append(f"{_named(same)} have equal metadata and images, and are taken to be of the same items")
    if others:
        notes.append(f"tensors of other items are left out: {_named(others)}; choose one of them as tensor")
    return [*notes, *problems]


def _named(tensors: Sequence[_Tensor]) -> str:
    return _first_of([str(each) for each in tensors])


def _first_of(texts: Sequence[str]) -> str:
    more = [f"{len(texts) - _MOST_NAMED} more"] if len(texts) > _MOST_NAMED else []
    return ", ".join([*texts[:_MOST_NAMED], *more])


def _title(path: Path) -> str:
    """Name of the folder or config; for a `projector_config.pbtxt`, that of its folder, which says more."""
    whole = path.resolve()
    if whole.name == CONFIG_FILE:
        whole = whole.parent
    name = whole.stem if is_config(whole) else whole.name
    return os.fsencode(name).decode("utf-8", "replace") or "projector"


def _with_own_names(fields: Iterable[Field]) -> Iterator[Field]:
    taken: set[str] = set()
    for field in fields:
        name, number = field.name, 1
        while name in taken:
            number += 1
            name = f"{field.name}_{number}"
        taken.add(name)
        yield replace(field, name=name)
