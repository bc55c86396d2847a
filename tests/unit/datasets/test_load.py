"""Where a dataset is looked for, and that an item has one id whichever way it was loaded."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets import (
    Named,
    dataset_on_machine,
    download_dataset,
    known,
    known_datasets,
    load_dataset,
    source_named,
)
from embviz.datasets.named.idx import IdxSplit
from embviz.errors import DatasetError, MissingDependencyError
from tests.unit.conftest import Forbid
from tests.unit.idx_files import write_random_split

N_TRAIN, N_TEST = 30, 20


@pytest.fixture(autouse=True)
def nothing_on_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "no tfds"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my digits"
    folder.mkdir()
    write_random_split(folder, "train", N_TRAIN)
    write_random_split(folder, "t10k", N_TEST)
    return folder


def test_an_item_has_one_id_in_every_split(folder: Path) -> None:
    everything = load_dataset(folder, "all")
    assert everything.ids.tolist() == list(range(N_TRAIN + N_TEST))
    for split in ("train", "test"):
        part = load_dataset(folder, split)
        assert np.array_equal(part.images, everything.images[part.ids])
        assert np.array_equal(part.labels, everything.labels[part.ids])
        assert set(part.metadata["split"]) == {split}
        assert (part.n_source, part.n_split) == (N_TRAIN + N_TEST, len(part))
    assert everything.metadata["split"].tolist() == ["train"] * N_TRAIN + ["test"] * N_TEST


def test_folder_dataset_is_named_after_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    dataset = load_dataset("my digits", "train")
    assert (dataset.name, dataset.split, dataset.source) == ("my digits", "train", source_named(folder))
    assert dataset.source.address == str(folder.resolve())
    assert load_dataset(dataset.source.address, "train").fingerprint == dataset.fingerprint


def test_limit_is_a_sample_of_the_split_and_keeps_its_counts(folder: Path) -> None:
    whole = load_dataset(folder, "train")
    sample = load_dataset(folder, "train", limit=10, seed=3)
    assert (len(sample), sample.n_split, sample.n_source) == (10, N_TRAIN, N_TRAIN + N_TEST)
    assert np.array_equal(sample.images, whole.images[sample.ids])


@pytest.mark.parametrize(("prefix", "present", "missing"), [("train", "train", "test"), ("t10k", "test", "train")])
def test_folder_with_one_split_loads_it_and_says_what_the_other_lacks(
    prefix: str, present: str, missing: str, tmp_path: Path
) -> None:
    write_random_split(tmp_path, prefix, 5)
    dataset = load_dataset(tmp_path, present)
    assert dataset.ids.tolist() == list(range(5))
    for split in (missing, "all"):
        with pytest.raises(DatasetError, match=rf"lacks .*-images-idx3-ubyte.*; it has split '{present}'"):
            load_dataset(tmp_path, split)


def test_parts_with_images_of_different_sizes_do_not_join(folder: Path) -> None:
    write_random_split(folder, "t10k", N_TEST, side=5)
    with pytest.raises(DatasetError, match="different sizes"):
        load_dataset(folder, "all")


@pytest.mark.parametrize("name", ["mnsit", "/nowhere", "", "with\0null", Path("mnsit"), Path("/nowhere")])
def test_what_is_neither_a_name_nor_a_folder_is_refused(
    name: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatasetError, match=r"fashion_mnist|lacks"):
        load_dataset(name)


def test_a_name_may_be_a_path_unless_a_folder_is_called_so(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_dataset(Path("digits")).fingerprint == load_dataset("digits").fingerprint
    folder.rename(tmp_path / "digits")
    assert load_dataset(Path("digits")).source.address == str((tmp_path / "digits").resolve())
    assert load_dataset("digits").source == Named("digits")


@pytest.mark.parametrize("limit", [None, 10, 10_000])
def test_a_seed_below_0_is_refused_with_and_without_a_limit(limit: int | None) -> None:
    with pytest.raises(DatasetError, match="seed must be at least 0, got -1"):
        load_dataset("digits", limit=limit, seed=-1)


def test_a_folder_that_cannot_be_looked_at_is_refused(tmp_path: Path, forbid: Forbid) -> None:
    forbid(tmp_path / "locked")
    for path in (tmp_path / "locked" / "mnist", tmp_path / ("x" * 300)):
        with pytest.raises(DatasetError, match=f"cannot look at {path}: "):
            load_dataset(path)
    (tmp_path / "locked").mkdir()
    with pytest.raises(DatasetError, match=r"cannot read folder .*locked: "):
        load_dataset(tmp_path / "locked")


def test_a_data_dir_that_cannot_be_looked_at_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbid: Forbid
) -> None:
    forbid(tmp_path / "locked")
    for path in (tmp_path / "locked" / "data", tmp_path / ("x" * 300)):
        monkeypatch.setenv("EMBVIZ_DATA_DIR", str(path))
        with pytest.raises(DatasetError, match=f"EMBVIZ_DATA_DIR is '{path}', but embviz cannot look at {path}: "):
            known_datasets()


def test_a_data_dir_that_may_not_be_entered_is_the_problem_of_each_set_and_of_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbid: Forbid
) -> None:
    write_random_split(tmp_path / "data" / "mnist", "t10k", N_TEST)
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path / "data"))
    forbid(tmp_path / "data")
    digits, *family = known_datasets()
    assert digits.on_machine
    assert all(f"cannot look at {tmp_path / 'data' / info.name}: " in info.problem for info in family)
    assert not any(info.on_machine or info.download_bytes for info in family)  # a download would not help


@pytest.mark.parametrize("locked", ["", "downloads", "downloads/mnist", "mnist", "mnist/3.0.1"])
def test_a_folder_of_tfds_that_may_not_be_read_is_a_problem_of_no_other_set(
    locked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbid: Forbid
) -> None:
    tfds_dir = tmp_path / "no tfds"
    (tfds_dir / "downloads" / "mnist").mkdir(parents=True)
    (tfds_dir / "mnist" / "3.0.1").mkdir(parents=True)
    write_random_split(tmp_path / "kmnist", "t10k", N_TEST)
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path))
    forbid(tfds_dir / locked)
    infos = {info.name: info for info in known_datasets()}
    assert infos["digits"].on_machine and infos["kmnist"].on_machine
    assert str(tfds_dir / locked) in infos["mnist"].problem and not infos["mnist"].on_machine
    assert bool(infos["fashion_mnist"].problem) == (locked in ("", "downloads"))
    with pytest.raises(DatasetError, match=str(tfds_dir / locked)):
        load_dataset("mnist")


def test_a_prepared_set_whose_files_may_be_listed_but_not_opened_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "no tfds" / "mnist" / "3.0.1"
    folder.mkdir(parents=True)
    (folder / "mnist-train.array_record-00000-of-00001").touch()
    (folder / "dataset_info.json").symlink_to("x" * 300)
    assert f"cannot look at {folder / 'dataset_info.json'}: " in known_datasets()[1].problem


def test_a_tfds_folder_of_a_name_that_no_folder_can_have_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", "/" + "x" * 300)
    digits, *family = known_datasets()
    assert digits.on_machine and all("cannot look at /xxx" in info.problem for info in family)


@pytest.mark.parametrize("name", ["digits", "mnist", "a folder"])
def test_unknown_split_is_refused_before_anything_is_read(name: str) -> None:
    with pytest.raises(DatasetError, match="split must be one of train, test, all, got 'val'"):
        load_dataset(name, "val")


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "kmnist"])
def test_data_dir_holds_a_folder_per_name(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.rename(folder.with_name(name))
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(folder.parent))
    assert dataset_on_machine(name)
    dataset = load_dataset(name, "test")
    assert (dataset.name, dataset.source) == (name, source_named(name))
    assert dataset.ids.tolist() == list(range(N_TRAIN, N_TRAIN + N_TEST))


def test_data_dir_may_itself_hold_mnist_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(folder))
    assert [name for name in ("mnist", "fashion_mnist", "kmnist") if dataset_on_machine(name)] == ["mnist"]
    assert len(load_dataset("mnist", "all")) == N_TRAIN + N_TEST


def test_named_set_keeps_its_ids_where_train_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_random_split(tmp_path, "t10k", N_TEST)
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path))
    assert load_dataset("mnist", "test").ids.tolist() == list(range(60_000, 60_000 + N_TEST))


@pytest.mark.parametrize("ask", [dataset_on_machine, load_dataset, lambda name: known_datasets()])
def test_data_dir_that_does_not_exist_is_an_error(ask: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path / "gone"))
    with pytest.raises(DatasetError, match=r"EMBVIZ_DATA_DIR is .*gone"):
        ask("mnist")


def test_known_datasets_tell_counts_and_size_of_the_download() -> None:
    infos = {info.name: info for info in known_datasets()}
    assert list(infos) == ["digits", "mnist", "fashion_mnist", "kmnist"]
    assert infos["mnist"].title == "MNIST"
    assert infos["mnist"].counts == {"train": 60_000, "test": 10_000, "all": 70_000}
    assert infos["mnist"].download_bytes == 11_594_722
    assert [info.on_machine for info in infos.values()] == [True, False, False, False]


def test_known_datasets_count_what_is_on_the_machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "t10k-labels-idx1-ubyte").unlink()
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(folder))
    mnist = known_datasets()[1]
    assert mnist.on_machine
    assert mnist.counts == {"train": N_TRAIN}


def test_what_is_known_follows_the_files_at_once_and_headers_are_read_when_they_have_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(folder))
    looked_at: list[IdxSplit] = []
    monkeypatch.setattr(known, "check_headers", looked_at.append)
    first = known_datasets()[1]
    assert first.counts == {"train": N_TRAIN, "test": N_TEST, "all": N_TRAIN + N_TEST} and len(looked_at) == 2
    assert known_datasets()[1].source == first.source and len(looked_at) == 2
    write_random_split(folder, "t10k", N_TEST + 1)
    second = known_datasets()[1]
    assert second.counts["test"] == N_TEST + 1 and second.source != first.source and len(looked_at) == 4
    (folder / "t10k-labels-idx1-ubyte").unlink()
    assert known_datasets()[1].counts == {"train": N_TRAIN}
    monkeypatch.delenv("EMBVIZ_DATA_DIR")
    assert not known_datasets()[1].on_machine


BREAKS = {
    "a web page": lambda path: path.write_text("<!DOCTYPE html><title>403 Forbidden</title>"),
    "a web page called gzip": lambda path: path.rename(path.with_name(path.name + ".gz")).write_text("<html>"),
    "empty": lambda path: path.write_bytes(b""),
    "cut in its header": lambda path: path.write_bytes(path.read_bytes()[:5]),
    "cut gzip": lambda path: path.write_bytes(gzip.compress(path.read_bytes())[:12]),
    "another kind of file": lambda path: path.write_bytes(bytes([0, 0, 13, 1]) + path.read_bytes()[4:]),
    "of no items": lambda path: path.write_bytes(path.read_bytes()[:4] + bytes(12)),
    "of fewer items": lambda path: path.write_bytes(
        path.read_bytes()[:4] + bytes([0, 0, 0, 3]) + path.read_bytes()[8:]
    ),
    "a link to nothing": lambda path: (path.unlink(), path.symlink_to("nothing")),
}


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("broken", ["mnist", "fashion_mnist", "kmnist"])
@pytest.mark.parametrize("name", ["t10k-images-idx3-ubyte", "train-labels-idx1-ubyte"])
def test_a_broken_set_takes_no_other_away_and_is_named(
    how: str, broken: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("mnist", "fashion_mnist", "kmnist"):
        write_random_split(tmp_path / each, "train", N_TRAIN)
        write_random_split(tmp_path / each, "t10k", N_TEST)
    BREAKS[how](tmp_path / broken / name)
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path))
    infos = {info.name: info for info in known_datasets()}
    assert {name for name, info in infos.items() if info.on_machine} == {*infos} - {broken}
    assert name in infos[broken].problem and str(tmp_path / broken) in infos[broken].problem
    assert infos[broken].download_bytes == 0  # it would not help
    with pytest.raises(DatasetError, match=name):
        load_dataset(broken, "all")
    for other in {*infos} - {broken}:
        assert infos[other].problem == "" and len(load_dataset(other, "test"))


def test_files_that_are_not_read_are_named_where_a_download_is_offered_and_where_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t10k-images-idx3-ubyte.zip").touch()
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path))
    mnist = known_datasets()[1]
    assert not mnist.on_machine and mnist.download_bytes
    assert "t10k-images-idx3-ubyte.zip is there, but not read" in mnist.problem and str(tmp_path) in mnist.problem

    def unreachable(*arguments: object, **options: object) -> None:
        raise DatasetError("no network")

    monkeypatch.setattr("embviz.datasets.named.tfds.download", unreachable)
    with pytest.raises(DatasetError, match=r"no network\. t10k-images-idx3-ubyte\.zip is there"):
        load_dataset("mnist")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (["mnist-train.tfrecord-00000-of-00001", "dataset_info.json"], "TFRecord files, which only TensorFlow reads"),
        (["mnist-train.array_record-00000-of-00001"], "is not complete: it lacks dataset_info.json or its records"),
        (["dataset_info.json"], "is not complete"),
    ],
)
def test_a_prepared_set_that_cannot_be_read_says_why(make: list[str], sentence: str, tmp_path: Path) -> None:
    folder = tmp_path / "no tfds" / "mnist" / "3.0.1"
    folder.mkdir(parents=True)
    for name in make:
        (folder / name).touch()
    assert sentence in known_datasets()[1].problem and str(folder) in known_datasets()[1].problem


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        ("3.0.1.incompleteAB12", "was not prepared to its end; remove it"),
        ("3.0.0", "holds version 3.0.0, and only 3.0.1"),
    ],
)
def test_a_set_that_is_prepared_otherwise_says_how(folder: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "no tfds" / "mnist" / folder).mkdir(parents=True)
    assert sentence in known_datasets()[1].problem


def test_digits_are_there_without_tensorflow_datasets_and_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise MissingDependencyError(f"dataset {name!r} needs tensorflow-datasets")

    monkeypatch.setattr("embviz.datasets.named.tfds.registered_files", missing)
    digits, *family = known_datasets()
    assert digits.on_machine and all("needs tensorflow-datasets" in info.problem for info in family)
    monkeypatch.undo()
    monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    monkeypatch.setenv("TFDS_DATA_DIR", "~nobody-of-this-name")
    digits, *family = known_datasets()
    assert digits.on_machine and all("there is no such home folder" in info.problem for info in family)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_a_folder_whose_name_is_no_text_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"digits\xff")
    write_random_split(folder, "t10k", 5)
    dataset = load_dataset(folder)
    assert dataset.name == "digits\ufffd" and load_dataset(dataset.source.address).fingerprint == dataset.fingerprint


def test_digits_info_is_true() -> None:
    info = known_datasets()[0]
    for split, count in info.counts.items():
        digits = load_dataset("digits", split)
        assert len(digits) == count
        assert digits.images.shape[1:] == info.image_shape
        assert digits.class_names == info.class_names


@pytest.mark.parametrize("ask", [dataset_on_machine, download_dataset])
def test_names_that_are_no_download_are_refused(ask: object) -> None:
    with pytest.raises(DatasetError, match="give mnist, fashion_mnist, kmnist"):
        ask("imagenet")


def test_listing_datasets_imports_nothing_heavy() -> None:
    code = (
        "import sys; from embviz.datasets import known_datasets; known_datasets();"
        "print([name for name in ('tensorflow_datasets', 'sklearn', 'requests', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
