"""MNIST and similar sets as records, which tensorflow-datasets has really prepared."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from embviz.dataset import Dataset
from embviz.datasets import dataset_on_machine, load_dataset
from embviz.datasets.named import tfds_records
from embviz.errors import Cancelled, DatasetError

LENGTHS = {"train": 400, "test": 100}
Items = dict[str, list[tuple[np.ndarray, int]]]


@pytest.fixture
def tfds_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder in place of the user's."""
    monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    return tmp_path / "tfds"


@pytest.fixture(scope="module")
def items() -> Items:
    rng = np.random.default_rng(1)
    return {
        part: [(rng.integers(0, 256, (28, 28), dtype=np.uint8), int(rng.integers(10))) for _ in range(n)]
        for part, n in LENGTHS.items()
    }


def prepare(folder: Path, items: Items, file_format: str) -> None:
    """Let tensorflow-datasets prepare the items as its MNIST, shuffled by its rule and in three shards."""
    import tensorflow_datasets
    from PIL import Image
    from tensorflow_datasets.image_classification import mnist

    def examples(part: str) -> Iterator[tuple[int, dict[str, object]]]:
        for key, (pixels, label) in enumerate(items[part]):
            png = io.BytesIO()
            Image.fromarray(pixels).save(png, "PNG")
            png.seek(0)
            yield key, {"image": png, "label": label}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist.MNIST, "_split_generators", lambda self, manager: {part: examples(part) for part in items})
        tensorflow_datasets.disable_progress_bar()
        config = tensorflow_datasets.download.DownloadConfig(num_shards=3)
        mnist.MNIST(data_dir=folder, file_format=file_format).download_and_prepare(download_config=config)


@pytest.fixture(scope="module")
def prepared_once(items: Items, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder, items, "array_record")
    return folder


@pytest.fixture
def prepared(prepared_once: Path, tfds_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of the prepared set, copied for each test."""
    shutil.copytree(prepared_once, tfds_dir)
    monkeypatch.setattr(tfds_records, "LENGTHS", LENGTHS)
    return tfds_dir / "mnist" / "3.0.1"


def assert_in_source_order(dataset: Dataset, items: Items) -> None:
    given = [item for part in ("train", "test") if dataset.split in (part, "all") for item in items[part]]
    assert np.array_equal(dataset.images, np.stack([pixels for pixels, _ in given]))
    assert dataset.labels.tolist() == [label for _, label in given]
    first = LENGTHS["train"] if dataset.split == "test" else 0
    assert dataset.ids.tolist() == list(range(first, first + len(given)))
    assert dataset.n_source == sum(LENGTHS.values())


@pytest.mark.parametrize("split", ["train", "test", "all"])
def test_prepared_records_come_in_the_order_of_the_source(split: str, prepared: Path, items: Items) -> None:
    assert dataset_on_machine("mnist")
    assert_in_source_order(load_dataset("mnist", split), items)


def test_tfrecords_come_in_the_order_of_the_source(
    items: Items, tfds_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorflow", reason="TFRecord files are only read where TensorFlow is installed")
    prepare(tfds_dir, items, "tfrecord")
    monkeypatch.setattr(tfds_records, "LENGTHS", LENGTHS)
    assert_in_source_order(load_dataset("mnist", "all"), items)


def test_reading_records_can_be_cancelled(prepared: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        load_dataset("mnist", progress=stop)


def test_damaged_records_are_reported_with_their_folder(prepared: Path) -> None:
    records = next(prepared.glob("*test*"))
    records.write_bytes(records.read_bytes()[:-1000])
    with pytest.raises(DatasetError, match=f"cannot read the prepared dataset in {prepared}"):
        load_dataset("mnist", "test")


def test_damaged_description_is_reported_with_its_folder(prepared: Path) -> None:
    (prepared / "dataset_info.json").write_text("{")
    with pytest.raises(DatasetError, match=f"cannot read the prepared dataset in {prepared}"):
        load_dataset("mnist", "test")


def test_incomplete_records_are_refused(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tfds_records, "LENGTHS", {"train": 400, "test": 101})
    with pytest.raises(DatasetError, match=r"expected .*101"):
        load_dataset("mnist", "test")


def test_tfrecords_do_not_count_as_on_the_machine_without_tensorflow(
    prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in prepared.glob("*array_record*"):
        path.rename(path.with_name(path.name.replace("array_record", "tfrecord")))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert tfds_records.prepared_folder("mnist") is None
