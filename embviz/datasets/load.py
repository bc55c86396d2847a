"""Load a dataset by name, from a file, or from a folder."""

import os
from collections.abc import Mapping

from embviz.checks.arguments import checked, path_of
from embviz.dataset import Dataset, stratified_sample
from embviz.datasets.files.uses.wishes import Wishes
from embviz.datasets.named import tfds
from embviz.datasets.named.digits import digits_dataset
from embviz.datasets.named.folders import is_file, is_folder
from embviz.datasets.named.idx import IdxSplit, idx_items, lengths_of
from embviz.datasets.named.idx_folder import idx_folder_splits
from embviz.datasets.named.idx_sets import TITLES as SET_TITLES, known_set
from embviz.datasets.named.tfds_records import prepared_dataset, prepared_folder
from embviz.datasets.places import own_folder, problem_of
from embviz.datasets.splits import parts_of, split_dataset
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

TITLES = {"digits": "Digits 8×8", **SET_TITLES}
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
    progress: Progress = no_progress,
) -> Dataset:
    """The dataset of that name, in a file, or in a folder.

    An item has one id whichever split it is loaded through: its position among all items of the
    source, so MNIST's test items are 60000..69999. Metadata column ``split`` says where it belongs.

    A named set is looked for in ``EMBVIZ_DATA_DIR/<name>`` (``mnist`` also in ``EMBVIZ_DATA_DIR``
    itself), then among what tensorflow-datasets has downloaded or prepared, and downloaded if it is
    in none of these.

    Parameters
    ----------
    name_or_path
        ``digits``, ``mnist``, ``fashion_mnist``, ``kmnist``, a folder of files named like MNIST's, plain or ``.gz``,
        with labels 0..9, which have the names of Fashion-MNIST or KMNIST where they are theirs by MD5, or your own
        file or folder. None if `vectors` or `images` are files.
    split
        ``train``, ``test`` or ``all``; of your own files any that they have, and where they have none all items.
    limit
        Keep a sample of so many items, stratified by class, >= 1; None keeps all.
    seed
        Of the sample, >= 0.
    vectors
        Of your own files: the field of vectors (of several columns ``"a,b,c"``), or a file that holds them. What is
        not said is guessed, as of `labels` and `images`.
    labels
        The field of classes, or a file that holds them.
    images
        The field of images, or a file or folder that holds them.
    metadata
        A file with further columns.
    group
        The column that says which items belong together, as those of one writer do.
    progress
        Called while files are read, while bytes are downloaded and while prepared records are read.

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
    if seed < 0:
        raise DatasetError(f"seed must be at least 0, got {seed}")
    wishes = Wishes(*(None if wish is None else os.fspath(wish) for wish in (vectors, labels, images, metadata, group)))
    name = "" if name_or_path is None else _text_of(name_or_path)
    if name_or_path is None or wishes != Wishes() or _is_own(name):
        dataset = _own_dataset(name, split, wishes, progress)
    elif name == "digits":
        dataset = digits_dataset(split)
    elif name in tfds.CLASS_NAMES:
        dataset = _family_dataset(name, split, progress)
    else:
        dataset = _folder_dataset(name, split)
    return dataset if limit is None else stratified_sample(dataset, limit, seed)


def _text_of(name_or_path: str | os.PathLike[str]) -> str:
    """The name or path as text. A path to a folder that is called as a dataset stays one to that folder."""
    if isinstance(name_or_path, str):
        return name_or_path
    path = path_of("name_or_path", name_or_path, DatasetError)
    return str(path.absolute() if is_folder(path) else path)


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
    return bool(own_folder(name) or tfds.downloaded_splits(name) or prepared_folder(name))


def download_dataset(name: str, *, progress: Progress = no_progress) -> None:
    """Fetch the files of ``mnist``, ``fashion_mnist`` or ``kmnist`` that are not on the machine yet.

    Raises
    ------
    DatasetError
        If there is no such name, or the download fails; the message says why.
    """
    _check_family(name)
    tfds.download(name, progress=progress)


def _family_dataset(name: str, split: str, progress: Progress) -> Dataset:
    parts = parts_of(split)
    folder = own_folder(name)
    splits = idx_folder_splits(folder, parts) if folder else tfds.downloaded_splits(name)
    if splits is None and (records := prepared_folder(name)):
        return prepared_dataset(name, records, split, progress=progress)
    if splits is None:
        try:
            splits = tfds.download(name, progress=progress)
        except DatasetError as error:
            problem = problem_of(name)
            raise DatasetError(f"{error}. {problem}") if problem else error from error
    return _idx_dataset(name, split, splits, tfds.LENGTHS, tfds.CLASS_NAMES[name], origin=name)


def _folder_dataset(path: str, split: str) -> Dataset:
    parts = parts_of(split)
    folder = None if not path or "\0" in path else path_of("name_or_path", path, DatasetError)
    if folder is None or not is_folder(folder):
        names = ", ".join(TITLES)
        raise DatasetError(
            f"no dataset and no folder {path!r}; give {names}, a file, or a folder of MNIST-format files"
        )
    folder = folder.resolve()
    splits = idx_folder_splits(folder, parts)
    name = os.fsencode(folder.name).decode("utf-8", "replace")  # a file's name may be no text
    known, is_assumed = known_set([splits[part].labels for part in parts])
    class_names = tfds.CLASS_NAMES[known] if known and not is_assumed else _FOLDER_CLASS_NAMES
    return _idx_dataset(name, split, splits, {}, class_names, origin=str(folder))


def _is_own(name: str) -> bool:
    """Whether it is the path of a file, or of a folder of other files than those of MNIST's format."""
    from embviz.datasets.files.opening.open import is_opened  # late, as readers import Pillow

    if name in TITLES or not name or "\0" in name:
        return False
    path = path_of("name_or_path", name, DatasetError)
    return is_file(path) or (is_folder(path) and not idx_folder_splits(path) and is_opened(path))


def _own_dataset(name: str, split: str, wishes: Wishes, progress: Progress) -> Dataset:
    from embviz.datasets.files.opening.load import file_dataset  # late, as above

    if name in TITLES:
        raise DatasetError(f"{name!r} says itself what its vectors, images and labels are; give them with a file")
    paths = [path_of("name_or_path", name, DatasetError)] if name else []
    origin = str(paths[0].resolve()) if paths and wishes == Wishes() else ""
    return file_dataset(paths, split, wishes, origin=origin, progress=progress)


def _idx_dataset(
    name: str,
    split: str,
    splits: Mapping[str, IdxSplit],
    usual_lengths: Mapping[str, int],
    class_names: tuple[str, ...],
    origin: str,
) -> Dataset:
    """`usual_lengths` stand in for parts whose files are not there, so that ids are the same with and without them."""
    return split_dataset(
        name,
        split,
        lengths={**usual_lengths, **lengths_of(splits)},
        read=lambda part: idx_items(splits[part], len(class_names)),
        class_names=class_names,
        origin=origin,
    )


def _check_family(name: str) -> None:
    if name not in tfds.CLASS_NAMES:
        raise DatasetError(f"no dataset to download is called {name!r}; give {', '.join(tfds.CLASS_NAMES)}")
