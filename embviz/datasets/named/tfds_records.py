"""Reader of MNIST, Fashion-MNIST or KMNIST as tensorflow-datasets prepared them, with its own reader of records."""

import importlib.util
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import Int64Array, UInt8Array
from embviz.dataset import Dataset, Source
from embviz.datasets.named.folders import contents, is_file, is_folder
from embviz.datasets.named.tfds import CLASS_NAMES, IMAGE_SHAPE, LENGTHS, data_dir
from embviz.datasets.splits import split_dataset
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

_VERSION = "3.0.1"  # of all three sets; the order of the records is known for this version only
_BATCH = 500
_INFO = "dataset_info.json"


def prepared_folder(name: str) -> Path | None:
    """Folder in which tensorflow-datasets has prepared a set in a format that can be read; None if there is none.

    ArrayRecord can always be read, TFRecord only if TensorFlow is installed.

    Raises
    ------
    DatasetError
        If a folder may not be looked at.
    """
    folder = data_dir() / name / _VERSION
    if not is_folder(folder):
        return None
    has_records = any(_has_records(name, folder, record_format) for record_format in _readable_formats())
    return folder if has_records and is_file(folder / _INFO) else None


def prepared_problem(name: str) -> str:
    """Why a set that tensorflow-datasets prepared cannot be read; empty if it can be read, or was not prepared."""
    parent = data_dir() / name
    if not is_folder(parent) or prepared_folder(name):
        return ""
    folder = parent / _VERSION
    versions = [path.name for path in contents(parent)[0]]
    begun = [version for version in versions if "incomplete" in version]
    others = [version for version in versions if version not in (_VERSION, *begun)]
    if _has_records(name, folder, "tfrecord") and "tfrecord" not in _readable_formats():
        return f"{folder} holds TFRecord files, which only TensorFlow reads; prepare it with file_format='array_record'"
    if is_folder(folder):
        return f"{folder} is not complete: it lacks {_INFO} or its records; remove it"
    if begun:
        return f"{parent / begun[0]} was not prepared to its end; remove it"
    return f"{parent} holds version {others[0]}, and only {_VERSION} is read" if others else ""


def _readable_formats() -> list[str]:
    return ["array_record", *(["tfrecord"] if importlib.util.find_spec("tensorflow") else [])]


def _has_records(name: str, folder: Path, record_format: str) -> bool:
    paths = contents(folder)[1] if is_folder(folder) else []
    return any(path.match(f"{name}-*.{record_format}-*") for path in paths)


def prepared_dataset(
    name: str, folder: Path, split: str, *, source: Source | None = None, progress: Progress = no_progress
) -> Dataset:
    """Dataset in the order of its four original files, equal to the dataset read from these files.

    tensorflow-datasets shuffles the items when it writes them, by a hash of each item's number; this is undone.

    Raises
    ------
    DatasetError
        If the folder does not hold all items of the set, or cannot be read.
    """
    import tensorflow_datasets

    with _failures_explained(folder):
        builder = tensorflow_datasets.builder_from_directory(folder)
        lengths = {part: int(info.num_examples) for part, info in builder.info.splits.items()}
    if lengths != LENGTHS:
        raise DatasetError(f"{folder} holds {lengths}, expected {LENGTHS} items; remove that folder")

    def read(part: str) -> tuple[UInt8Array, Int64Array]:
        images = np.empty((lengths[part], *IMAGE_SHAPE), dtype=np.uint8)
        labels = np.empty(lengths[part], dtype=np.int64)
        items = _items(builder, part, folder)
        for record, row in enumerate(_source_rows(part, lengths[part])):
            if record % _BATCH == 0:
                progress(f"reading the data · {name} {part}", record, lengths[part])
            images[row], labels[row] = next(items)
        return images, labels

    return split_dataset(name, split, lengths=lengths, read=read, class_names=CLASS_NAMES[name], source=source)


def _source_rows(part: str, n: int) -> list[int]:
    """Row in the original file of each record: tfds sorts records by hashes of these rows (its shuffle.py)."""
    from tensorflow_datasets.core.hashing import Hasher

    return sorted(range(n), key=Hasher(part).hash_key)


def _items(builder: Any, part: str, folder: Path) -> Iterator[tuple[UInt8Array, int]]:
    from PIL import Image

    with _failures_explained(folder):
        for record in _records(builder, part):
            pixels = np.asarray(Image.open(io.BytesIO(record["image"])))
            if pixels.shape != IMAGE_SHAPE or pixels.dtype != np.uint8:
                raise ValueError(f"an image is {pixels.dtype} of shape {pixels.shape}")
            yield pixels, int(record["label"])


def _records(builder: Any, part: str) -> Iterator[dict[str, Any]]:
    """Records in stored order, with images as PNG bytes, because Pillow decodes them without TensorFlow or OpenCV."""
    import tensorflow_datasets as tfds

    decoders = {"image": tfds.decode.SkipDecoding()}
    if builder.info.file_format.value == "array_record":
        source = builder.as_data_source(part, decoders=decoders)
        for start in range(0, len(source), _BATCH):
            yield from source.__getitems__(range(start, min(start + _BATCH, len(source))))
    else:
        in_order = tfds.ReadConfig(interleave_cycle_length=1)
        yield from tfds.as_numpy(builder.as_dataset(split=part, decoders=decoders, read_config=in_order))


@contextmanager
def _failures_explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # tfds, protobuf, array_record, TensorFlow and Pillow raise many types
        raise DatasetError(f"cannot read the prepared dataset in {folder}: {error}; remove that folder") from error
