"""Whatever happens to the files of a folder: the dataset in memory is always that of the files as they are."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings, strategies as st

from embviz.datasets import source_named
from embviz.errors import DatasetError
from embviz.library import shared_dataset
from embviz.progress import no_progress
from embviz.storage.store import Store
from tests.unit.idx_files import write_split

PREFIX = {"train": "train", "test": "t10k"}
N = 6  # the same for all, so that files keep their size

Content = dict[str, tuple[np.ndarray, np.ndarray]]
"""Images and labels of each split that is there."""


def write(folder: Path, files: Content, split: str, seed: int) -> None:
    """New content; as files of the same size and times, if there were some before."""
    rng = np.random.default_rng(seed)
    images, labels = rng.integers(0, 256, (N, 2, 2)).astype(np.uint8), rng.integers(0, 10, N)
    times = {path: path.stat() for path in folder.glob(f"{PREFIX[split]}-*")}
    write_split(folder, PREFIX[split], images, labels)
    for path, before in times.items():
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    files[split] = images, labels


def remove(folder: Path, files: Content, split: str, seed: int) -> None:
    for path in folder.glob(f"{PREFIX[split]}-*"):
        path.unlink()
    files.pop(split, None)


def copy_of_the_other_split(folder: Path, files: Content, split: str, seed: int) -> None:
    """Copied with its times, as backups are."""
    other = "test" if split == "train" else "train"
    for path in folder.glob(f"{PREFIX[other]}-*"):
        shutil.copy2(path, path.with_name(path.name.replace(PREFIX[other], PREFIX[split])))
    if other in files:
        files[split] = files[other]


def exchange(folder: Path, files: Content, split: str, seed: int) -> None:
    """Both splits exchanged by renaming, which changes no file."""
    if len(files) < 2:
        return
    for name in ("images-idx3-ubyte", "labels-idx1-ubyte"):
        train, test, aside = folder / f"train-{name}", folder / f"t10k-{name}", folder / "aside"
        train.rename(aside)
        test.rename(train)
        aside.rename(test)
    files["train"], files["test"] = files["test"], files["train"]


def go_away_and_come_back(folder: Path, files: Content, split: str, seed: int) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.with_name("elsewhere").rename(folder)


HAPPENINGS: list[Callable[[Path, Content, str, int], None]] = [
    write,
    remove,
    copy_of_the_other_split,
    exchange,
    go_away_and_come_back,
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    happenings=st.lists(
        st.tuples(st.sampled_from(HAPPENINGS), st.sampled_from(["train", "test"]), st.integers(0, 3)), max_size=8
    )
)
def test_what_visitors_share_is_never_that_of_other_files(
    happenings: list[tuple[Callable[..., None], str, int]], tmp_path_factory
) -> None:
    folder, store, files, held = tmp_path_factory.mktemp("files") / "folder", Store(None), Content(), []
    write(folder, files, "test", 0)
    for happen, split, seed in happenings:
        happen(folder, files, split, seed)
        for part in ("train", "test", "all"):
            wanted = [files.get(each) for each in ("train", "test") if part in (each, "all")]
            try:
                dataset = shared_dataset(source_named(folder), part, None, store, no_progress)
            except DatasetError as error:
                assert None in wanted and ("lacks" in str(error))
                continue
            assert None not in wanted
            np.testing.assert_array_equal(dataset.images, np.concatenate([images for images, _ in wanted]))
            np.testing.assert_array_equal(dataset.labels, np.concatenate([labels for _, labels in wanted]))
            held.append(dataset)  # so that all of them are in memory
