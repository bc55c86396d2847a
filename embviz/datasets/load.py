"""Functions that load a dataset: by name, from files, or from a dataset that was made in Python."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.datasets.files.uses.wishes import NO_GROUP, Wishes
from embviz.datasets.named import tfds
from embviz.datasets.named.digits import digits_dataset
from embviz.datasets.named.folders import is_folder
from embviz.datasets.named.idx import IdxSplit, idx_items, lengths_of
from embviz.datasets.named.idx_folder import idx_folder_splits
from embviz.datasets.named.idx_sets import known_set
from embviz.datasets.named.tfds_records import prepared_dataset
from embviz.datasets.places import IdxFiles, named_files, problem_of
from embviz.datasets.sampling import stratified_sample
from embviz.datasets.source import DataSource, Files, Given, Named, Uploaded, source_named, stamp_of
from embviz.datasets.splits import parts_of, split_dataset
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

_FOLDER_CLASS_NAMES = tuple("0123456789")


@checked(DatasetError)
def load_dataset(
    name_or_path: str | os.PathLike[str] | None = None,
    split: str = "test",
    limit: int | None = None,
    seed: int = 0,
    *,
    vectors: str | os.PathLike[str] | None = None,
    labels: str | os.PathLike[str] | None = None,
    images: str | os.PathLike[str] | None = None,
    metadata: str | os.PathLike[str] | None = None,
    group: str | None = None,
    tensor: str | None = None,
    progress: Progress = no_progress,
) -> Dataset:
    """Dataset with a name, or in a file or folder.

    An item has one id whichever split it is loaded through: its position among all items of the
    source, so MNIST's test items are 60000..69999. Metadata column ``split`` has its split.

    A named set is looked for in ``EMBVIZ_DATA_DIR/<name>`` (``mnist`` also in ``EMBVIZ_DATA_DIR``
    itself), then among what tensorflow-datasets has downloaded or prepared, and downloaded if it is
    in none of these.

    Parameters
    ----------
    name_or_path
        ``digits``, ``mnist``, ``fashion_mnist``, ``kmnist``, a folder of files named like MNIST's, plain or ``.gz``, or
        your own file or folder. None if `vectors` or `images` are files. A folder like MNIST's has labels 0..9; they
        get the class names of Fashion-MNIST or KMNIST if the MD5 of the files shows that they are its labels.
    split
        ``train``, ``test`` or ``all``; for your own files, any split that they have, or all items if they have none.
    limit
        Most items, >= 1: a larger dataset is reduced to a sample of this size, stratified by class. None keeps all.
    seed
        Random seed of the sample, >= 0.
    vectors
        The field of vectors in your own files (``"a,b,c"`` for several columns), or a file that holds them. If left
        out, it is guessed, and so are `labels` and `images`.
    labels
        The field of classes, or a file that holds them.
    images
        The field of images, or a file or folder that holds them.
    metadata
        A file with further columns.
    group
        The column that says which items belong together, such as all items of one writer; ``none`` for no column. If
        left out, it is MNIST's writers, or a column of your own files with a name such as ``patient``.
    tensor
        Name of the tensor to open, in a log folder of TensorBoard with tensors of different items; the first if left
        out.
    progress
        Called while files are read, while bytes are downloaded and while prepared records are read.

    Raises
    ------
    DatasetError
        If there is no such dataset, folder or split, a file is broken or of no known kind, or the download fails.

    Examples
    --------
    >>> sample = load_dataset("digits", limit=100)
    >>> len(sample), sample.n_split, sample.n_source
    (100, 539, 1797)
    """
    _check_seed(seed)
    said = (vectors, labels, images, metadata, group, tensor)
    wishes = Wishes(*(None if wish is None else os.fspath(wish) for wish in said))
    source = source_named(name_or_path, wishes)
    if isinstance(source, Named) and not dataset_on_machine(source.name):
        parts_of(split)
        _download(source.name, progress)
        source = source_named(source.name, wishes)
    return dataset_of(source, split, limit, seed, progress=progress)


def dataset_of(
    source: DataSource, split: str, limit: int | None = None, seed: int = 0, *, progress: Progress = no_progress
) -> Dataset:
    """Dataset of a source, in the state that the stamp of the source describes; nothing is downloaded.

    Parameters
    ----------
    source
        From `source_named`, or `Given`.
    split
        ``train``, ``test`` or ``all``. A `Given` dataset has no parts, only ``all``.
    limit, seed, progress
        As in `load_dataset`.

    Raises
    ------
    DatasetError
        If there is no such split, or if the files are gone, damaged, or have changed since the source was made, also
        while they are read.

    Examples
    --------
    >>> from embviz import dataset_from_arrays
    >>> toy = Given(dataset_from_arrays(vectors=[[0], [1], [2]]))
    >>> dataset_of(toy, "all", limit=2).source == toy
    True
    """
    _check_seed(seed)
    dataset = _grouped(_whole(source, split, progress), source)
    return dataset if limit is None else stratified_sample(dataset, limit, seed)


def dataset_on_machine(name: str) -> bool:
    """Whether a named dataset loads without a network; neither loads nor imports anything large.

    Raises
    ------
    DatasetError
        If there is no such name, or ``EMBVIZ_DATA_DIR`` is set to something that is not a folder.

    Examples
    --------
    >>> dataset_on_machine("digits")
    True
    """
    if name == "digits":
        return True
    _check_family(name)
    return named_files(name) is not None


def download_dataset(name: str, *, progress: Progress = no_progress) -> None:
    """Fetch the files of ``mnist``, ``fashion_mnist`` or ``kmnist`` that are not on the machine yet.

    Raises
    ------
    DatasetError
        If there is no such name, or the download fails; the message says why.
    """
    _check_family(name)
    tfds.download(name, progress=progress)


def _download(name: str, progress: Progress) -> None:
    """Fetch the files of a set; if that fails, the error also says why files on this machine cannot be read."""
    try:
        tfds.download(name, progress=progress)
    except DatasetError as error:
        problem = problem_of(name)
        raise DatasetError(f"{error}. {problem}") if problem else error from error


def _whole(source: DataSource, split: str, progress: Progress) -> Dataset:
    match source:
        case Named():
            return _unchanged(source, lambda: _read_named(source, split, progress))
        case Files():
            return _unchanged(source, lambda: _read_files(source, split, progress))
        case Uploaded(paths=paths, roles=roles, tensor=tensor):
            from embviz.datasets.files.opening.load import used_files  # late, because readers import Pillow

            return replace(used_files(paths, split, roles, tensor, source=source, progress=progress), name=source.name)
        case Given(dataset=given):
            if split != "all":
                raise DatasetError(f"{source.title!r} has no split {split!r}; give 'all'")
            return replace(given, source=source)


def _unchanged(source: Named | Files, read: Callable[[], Dataset]) -> Dataset:
    """Dataset that `read` returns; DatasetError if the stamp differs before or after it, or when it fails."""
    _check_stamp(source)
    try:
        dataset = read()
    except DatasetError as error:
        _check_stamp(source, error)
        raise
    _check_stamp(source)
    return dataset


def _check_stamp(source: Named | Files, cause: DatasetError | None = None) -> None:
    if stamp_of(source) != source.stamp:
        raise DatasetError(
            f"the files of {source.title} have changed meanwhile; try again when nothing writes to them any more"
        ) from cause


def _read_named(source: Named, split: str, progress: Progress) -> Dataset:
    name = source.name
    if name == "digits":
        return digits_dataset(split)
    parts = parts_of(split)
    files = named_files(name)
    if files is None:
        raise DatasetError(f"{source.title} is not on this machine; download it, or put its files back")
    if not isinstance(files, IdxFiles):
        return prepared_dataset(name, files.folder, split, source=source, progress=progress)
    splits = idx_folder_splits(files.folder, parts) if files.folder else dict(files.splits)
    return _idx_dataset(name, split, splits, tfds.LENGTHS, tfds.CLASS_NAMES[name], source)


def _read_files(source: Files, split: str, progress: Progress) -> Dataset:
    if source.is_idx_folder or not _is_opened(source):
        return _read_idx_folder(source, split)
    from embviz.datasets.files.opening.load import file_dataset  # late, because readers import Pillow

    return file_dataset(source.paths, split, source.wishes, source=source, progress=progress)


def _is_opened(source: Files) -> bool:
    """Whether readers open the files; else the folder is read as MNIST's, for messages that say what it lacks."""
    from embviz.datasets.files.opening.open import is_opened  # late, because readers import Pillow

    return len(source.paths) != 1 or not is_folder(source.paths[0]) or is_opened(source.paths[0])


def _read_idx_folder(source: Files, split: str) -> Dataset:
    parts = parts_of(split)
    splits = idx_folder_splits(source.paths[0], parts)
    known, is_assumed = known_set([splits[part].labels for part in parts])
    class_names = tfds.CLASS_NAMES[known] if known and not is_assumed else _FOLDER_CLASS_NAMES
    return _idx_dataset(source.title, split, splits, {}, class_names, source)


def _grouped(dataset: Dataset, source: DataSource) -> Dataset:
    """The dataset with the group that the source asks for; as it is if the source asks for none."""
    group = source.wishes.group if isinstance(source, Named | Files) else None
    if group is None or group == dataset.group:
        return dataset
    return replace(dataset, group="" if group == NO_GROUP else group)


def _idx_dataset(
    name: str,
    split: str,
    splits: Mapping[str, IdxSplit],
    usual_lengths: Mapping[str, int],
    class_names: tuple[str, ...],
    source: Named | Files,
) -> Dataset:
    """Dataset of IDX files; a split without files counts with its usual length, so that ids are always the same."""
    return split_dataset(
        name,
        split,
        lengths={**usual_lengths, **lengths_of(splits)},
        read=lambda part: idx_items(splits[part], len(class_names)),
        class_names=class_names,
        source=source,
    )


def _check_family(name: str) -> None:
    if name not in tfds.CLASS_NAMES:
        raise DatasetError(f"no dataset to download is called {name!r}; give {', '.join(tfds.CLASS_NAMES)}")


def _check_seed(seed: int) -> None:
    if seed < 0:
        raise DatasetError(f"seed must be at least 0, got {seed}")
