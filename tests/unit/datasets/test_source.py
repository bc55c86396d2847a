"""Where data come from: equal as long as the data are the same, and never half of one and half of another."""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets import (
    DataSource,
    Files,
    Given,
    Named,
    dataset_from_arrays,
    dataset_of,
    known_datasets,
    load,
    load_dataset,
    source_named,
    stamp_of,
)
from embviz.datasets.files.uses.wishes import NO_WISHES, Wishes
from embviz.datasets.places import files_of
from embviz.errors import DatasetError
from tests.unit.conftest import Forbid
from tests.unit.idx_files import write_random_split, write_split

N = 20
IMAGES = "t10k-images-idx3-ubyte"


@pytest.fixture(autouse=True)
def nothing_on_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "no tfds"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Both splits, which are MNIST's, too."""
    folder = tmp_path / "mnist"
    write_random_split(folder, "train", N)
    write_random_split(folder, "t10k", N)
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path))
    return folder


def given(name: str = "mine", n: int = N, **said: object) -> Given:
    vectors = np.arange(2 * n, dtype=np.float32).reshape(n, 2)
    return Given(dataset_from_arrays(vectors=vectors, labels=np.arange(n) % 2, name=name, **said))


def rewritten_in_place(folder: Path) -> None:
    """As large as before, and changed at the same time as before, as some ways of copying have it."""
    path = folder / IMAGES
    before, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced_by_another(folder: Path) -> None:
    other = folder / "other"
    shutil.copy2(folder / IMAGES, other)
    other.replace(folder / IMAGES)


CHANGES: dict[str, Callable[[Path], object]] = {
    "touched": lambda folder: os.utime(folder / IMAGES, ns=(0, (folder / IMAGES).stat().st_mtime_ns + 1)),
    "rewritten in place": rewritten_in_place,
    "replaced by another": replaced_by_another,
    "a split more": lambda folder: write_random_split(folder, "train", N + 1),
    "a split gone": lambda folder: [path.unlink() for path in folder.glob("train-*")],
    "one file gone": lambda folder: (folder / IMAGES).unlink(),
    "one a link to nothing": lambda folder: ((folder / IMAGES).unlink(), (folder / IMAGES).symlink_to("nothing")),
}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("by", ["name", "folder"])
def test_a_source_is_another_one_once_its_files_have_changed_and_only_then(how: str, by: str, folder: Path) -> None:
    def now() -> DataSource:
        return source_named("mnist" if by == "name" else folder)

    before = now()
    dataset_of(before, "all")
    (folder / "notes.txt").touch()
    assert now() == before and hash(now()) == hash(before) and stamp_of(before) == before.stamp
    CHANGES[how](folder)
    after = now()
    assert after != before and after.stamp == stamp_of(before) != before.stamp
    assert after.key != before.key and after.address == before.address
    with pytest.raises(DatasetError, match="have changed meanwhile; try again when nothing writes to them"):
        dataset_of(before, "train")


def test_a_name_and_a_folder_of_the_same_files_are_two_sources(folder: Path) -> None:
    named, files = source_named("mnist"), source_named(folder)
    assert (type(named), type(files)) == (Named, Files)
    assert named != files and named.key != files.key
    assert dataset_of(named, "all").items == dataset_of(files, "all").items


def test_folders_of_one_name_are_two_sources(tmp_path: Path) -> None:
    sources = []
    for parent, n in (("a", N), ("b", N + 1)):
        write_random_split(tmp_path / parent / "digits", "t10k", n)
        sources.append(source_named(tmp_path / parent / "digits"))
    assert [source.title for source in sources] == ["digits", "digits"]
    assert len({*sources}) == len({source.key for source in sources}) == 2
    assert "digits" not in {source.key for source in sources}
    assert [len(dataset_of(source, "test")) for source in sources] == [N, N + 1]


def test_a_folder_stays_the_same_wherever_one_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    relative = source_named(Path("mnist"))
    monkeypatch.chdir("/")
    assert relative == source_named(folder)
    assert len(dataset_of(relative, "test")) == N
    (folder.parent / "link").symlink_to(folder)
    assert source_named(folder.parent / "link") == relative


@pytest.mark.parametrize("path", [Path("mnist"), Path("./mnist")])
def test_a_path_that_depends_on_where_one_works_is_no_source(path: Path) -> None:
    with pytest.raises(DatasetError, match=r"absolute paths of its files, got mnist; use source_named"):
        Files((path,), NO_WISHES, "")


@pytest.mark.parametrize("name", ["mnsit", "", "Digits"])
def test_an_unknown_name_is_no_source(name: str) -> None:
    with pytest.raises(DatasetError, match=r"no dataset is called .*; give digits, mnist"):
        Named(name)


def test_equal_data_given_twice_are_one_source_and_other_data_of_the_same_name_are_not() -> None:
    first, again, longer = given(), given(), given(n=N + 1)
    assert first == again and hash(first) == hash(again) and first.key == again.key
    relabeled = Given(replace(first.dataset, labels=1 - first.dataset.labels))
    for other in (longer, relabeled, given("other"), given(metadata=[{"note": "x"}] * N)):
        assert other != first and other.key != first.key
    assert stamp_of(first) == first.stamp


def test_what_was_given_is_read_as_it_is_and_sampled() -> None:
    source = given()
    whole, part = dataset_of(source, "all"), dataset_of(source, "all", limit=6, seed=1)
    assert whole.fingerprint == source.dataset.fingerprint and whole.source == part.source == source
    assert len(part) == 6 and np.array_equal(part.vectors, whole.vectors[part.ids])
    for split in ("test", "train", ""):
        with pytest.raises(DatasetError, match=f"'mine' has no split {split!r}; give 'all'"):
            dataset_of(source, split)


@pytest.mark.parametrize("split", ["train", "test", "all"])
@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_a_dataset_knows_its_source_and_other_splits_can_be_read_from_there(
    name: str, split: str, folder: Path
) -> None:
    dataset = load_dataset(name, split, limit=10)
    assert dataset.source == source_named(name)
    everything = dataset_of(dataset.source, "all")
    assert np.array_equal(dataset.images, everything.images[dataset.ids])
    assert dataset.source.key == everything.source.key


def test_a_dataset_is_read_and_nothing_is_downloaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("embviz.datasets.named.tfds.download")
    with pytest.raises(DatasetError, match="KMNIST is not on this machine; download it, or put its files back"):
        dataset_of(source_named("kmnist"), "test")


def test_a_folder_that_goes_away_is_said_to_be_gone_and_so_is_a_named_set(folder: Path) -> None:
    named, files = source_named("mnist"), source_named(folder)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(DatasetError, match=f"there is no file or folder {folder} any more; put it back"):
        dataset_of(files, "test")
    with pytest.raises(DatasetError, match="have changed meanwhile"):
        dataset_of(named, "test")
    with pytest.raises(DatasetError, match="no dataset and no file or folder"):
        source_named(folder)


@pytest.fixture
def while_reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Does something between reading one split and the next."""

    def set_up(happen: Callable[[], object]) -> None:
        read = load.idx_items

        def interrupted(*arguments: object) -> object:
            items = read(*arguments)
            happen()
            return items

        monkeypatch.setattr(load, "idx_items", interrupted)

    return set_up


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("by", ["name", "folder"])
def test_files_that_change_while_they_are_read_give_one_sentence_and_no_mixture(
    how: str, by: str, folder: Path, while_reading: Callable[[Callable[[], object]], None]
) -> None:
    once = iter([lambda: CHANGES[how](folder)])
    while_reading(lambda: next(once, lambda: None)())
    with pytest.raises(DatasetError, match=r"^the files of (MNIST|mnist) have changed meanwhile; try again"):
        load_dataset("mnist" if by == "name" else folder, "all")


def test_a_file_that_is_still_being_written_is_not_called_broken(
    folder: Path, while_reading: Callable[[Callable[[], object]], None]
) -> None:
    """Cut short when it is read, and longer a moment later."""
    path = folder / IMAGES
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    with pytest.raises(DatasetError, match="its header promises"):
        load_dataset(folder, "all")
    while_reading(lambda: path.write_bytes(whole[:-2]))
    with pytest.raises(DatasetError, match="have changed meanwhile"):
        load_dataset(folder, "all")


def test_the_folder_goes_while_it_is_read(folder: Path, while_reading: Callable[[Callable[[], object]], None]) -> None:
    while_reading(lambda: shutil.rmtree(folder, ignore_errors=True))
    with pytest.raises(DatasetError, match=f"there is no file or folder {folder} any more; put it back"):
        load_dataset(folder, "all")


@pytest.mark.parametrize("by", ["name", "folder"])
def test_a_disk_that_fails_gives_one_sentence_with_the_file(
    by: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its state is asked for, or while it is read: nothing is taken for unchanged, or for gone."""
    source = source_named("mnist" if by == "name" else folder)
    real_stat, real_open = Path.stat, Path.open

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def call(path: Path, *arguments: object, **options: object) -> object:
            if path.name == IMAGES:
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
            return real(path, *arguments, **options)

        return call

    monkeypatch.setattr(Path, "stat", failing(real_stat))
    digits, mnist, *_ = known_datasets()
    assert digits.on_machine and not mnist.on_machine and not mnist.download_bytes
    assert f"{IMAGES}: Input/output error; see whether the disk is in order" in mnist.problem
    with pytest.raises(DatasetError, match=f"cannot look at .*{IMAGES}: Input/output error; see whether the disk"):
        stamp_of(source)
    with pytest.raises(DatasetError, match=f"{IMAGES}: Input/output error"):
        dataset_of(source, "train")
    monkeypatch.setattr(Path, "stat", real_stat)
    monkeypatch.setattr(Path, "open", failing(real_open))
    with pytest.raises(DatasetError, match=f"cannot read .*{IMAGES}: Input/output error"):
        dataset_of(source, "test")
    monkeypatch.undo()


def test_a_folder_that_may_no_longer_be_entered_is_not_taken_for_unchanged(folder: Path, forbid: Forbid) -> None:
    source = source_named(folder)
    forbid(folder.parent)
    with pytest.raises(DatasetError, match=f"cannot look at {folder}: Permission denied"):
        dataset_of(source, "test")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_a_folder_whose_name_is_no_text_is_a_source_with_a_title_and_a_key(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"digits\xff")
    write_split(folder, "t10k", np.zeros((3, 2, 2), np.uint8), np.zeros(3, np.uint8))
    source = source_named(folder)
    assert source.title == "digits\ufffd" and source.key.isalnum()
    assert dataset_of(source, "test").source == source


def test_own_files_are_a_source_that_changes_with_any_of_them(tmp_path: Path) -> None:
    table, vectors = tmp_path / "it.csv", tmp_path / "v.npy"
    table.write_text("label\na\nb\n")
    np.save(vectors, np.eye(2))
    wishes = Wishes(vectors=str(vectors), labels="label")
    before = source_named(table, wishes)
    assert before == source_named(table, wishes) and before.stamp == stamp_of(before)
    assert (before.title, before.address) == ("it.csv", "")
    for path in (table, vectors):
        path.write_bytes(path.read_bytes())
        os.utime(path, ns=(0, 0))
        assert stamp_of(before) != before.stamp
        before = source_named(table, wishes)
    assert source_named(table) != before
    assert source_named(table).address == str(table)
    assert load_dataset(table, vectors=vectors, labels="label").source == before


def test_own_files_that_change_while_they_are_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "it.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    source = source_named(path)

    def change(*_: object) -> None:
        path.write_text("a,b\n1,2\n")

    with pytest.raises(DatasetError, match="have changed meanwhile"):
        dataset_of(source, "all", progress=change)


def test_a_folder_of_many_files_is_looked_at_by_its_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embviz.datasets.places.MOST_FILES", 3)
    for number in range(10):
        (tmp_path / "images" / str(number)).mkdir(parents=True)
        (tmp_path / "images" / str(number) / "it.png").write_bytes(b"")
    assert len(files_of(tmp_path / "images")) < 20
    before = source_named(tmp_path / "images")
    (tmp_path / "images" / "7" / "more.png").write_bytes(b"")
    assert stamp_of(before) != before.stamp


def test_what_groups_a_named_dataset_can_be_said(tmp_path: Path) -> None:
    source = source_named("digits", Wishes(group="split"))
    assert dataset_of(source, "all").group == "split"
    assert source != source_named("digits")
    assert dataset_of(source_named("digits", Wishes(group="none")), "all").group == ""
    with pytest.raises(DatasetError, match="has its own vectors, images and labels"):
        source_named("digits", Wishes(vectors="a"))
    with pytest.raises(DatasetError, match="group must be"):
        load_dataset("digits", group="writer")
