"""Load the dataset of a source: a named dataset, a folder, or a dataset that was made in Python."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from embviz.checks.arguments import checked
from embviz.dataset import Dataset, stratified_sample
from embviz.datasets.named import tfds
from embviz.datasets.named.digits import digits_dataset
from embviz.datasets.named.idx import IdxSplit, idx_items, lengths_of
from embviz.datasets.named.idx_folder import idx_folder_splits
from embviz.datasets.named.tfds_records import prepared_dataset
from embviz.datasets.places import IdxFiles, named_files, problem_of
from embviz.datasets.source import DataSource, Files, Given, Named, source_named, stamp_of
from embviz.datasets.splits import parts_of, split_dataset
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

_FOLDER_CLASS_NAMES = tuple("0123456789")


@checked(DatasetError)
def load_dataset(
    name_or_path: str | os.PathLike[str],
    split: str = "test",
    limit: int | None = None,
    seed: int = 0,
    *,
    progress: Progress = no_progress,
) -> Dataset:
    """The dataset of that name, or of the MNIST-format files in a folder.

    An item has one id whichever split it is loaded through: its position among all items of the
    source, so MNIST's test items are 60000..69999. Metadata column ``split`` says where it belongs.

    A named set is looked for in ``EMBVIZ_DATA_DIR/<name>`` (``mnist`` also in ``EMBVIZ_DATA_DIR``
    itself), then among what tensorflow-datasets has downloaded or prepared, and downloaded if it is
    in none of these.

    Parameters
    ----------
    name_or_path
        ``digits``, ``mnist``, ``fashion_mnist``, ``kmnist``, or a folder of files named like MNIST's,
        plain or ``.gz``, with labels 0..9.
    split
        ``train``, ``test`` or ``all``.
    limit
        Keep a sample of so many items, stratified by class, >= 1; None keeps all.
    seed
        Of the sample, >= 0.
    progress
        Called while bytes are downloaded and while prepared records are read.

    Raises
    ------
    DatasetError
        If there is no such dataset, folder or split, a file is not what it should be, or the
        download fails.

    Examples
    --------
    >>> sample = load_dataset("digits", limit=100)
    >>> len(sample), sample.n_split, sample.n_source
    (100, 539, 1797)
    """
    parts_of(split)
    _check_seed(seed)
    source = source_named(name_or_path)
    if isinstance(source, Named) and not dataset_on_machine(source.name):
        _download(source.name, progress)
        source = source_named(source.name)
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
    dataset = _whole(source, split, progress)
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
    """Fetch the files of a set; if that fails, the message also says why files that are there are not read."""
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
            return _unchanged(source, lambda: _read_folder(source, split))
        case Given(dataset=given):
            if split != "all":
                raise DatasetError(f"{source.title!r} has no split {split!r}; give 'all'")
            return replace(given, source=source)


def _unchanged(source: Named | Files, read: Callable[[], Dataset]) -> Dataset:
    """Dataset that `read` returns, unless the files change while it reads, which may also be why it fails."""
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


def _read_folder(source: Files, split: str) -> Dataset:
    splits = idx_folder_splits(source.path, parts_of(split))
    return _idx_dataset(source.title, split, splits, {}, _FOLDER_CLASS_NAMES, source)


def _idx_dataset(
    name: str,
    split: str,
    splits: Mapping[str, IdxSplit],
    usual_lengths: Mapping[str, int],
    class_names: tuple[str, ...],
    source: Named | Files,
) -> Dataset:
    """`usual_lengths` stand in for parts whose files are not there, so that ids are the same with and without them."""
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
