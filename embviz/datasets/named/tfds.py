"""MNIST, Fashion-MNIST and KMNIST as tensorflow-datasets registers and downloads them, without TensorFlow."""

import base64
import importlib.util
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from embviz.checks.arguments import path_of
from embviz.datasets.named.folders import contents, is_file, is_folder
from embviz.datasets.named.idx import IdxSplit
from embviz.datasets.named.idx_folder import idx_splits
from embviz.errors import DatasetError, DownloadError, MissingDependencyError
from embviz.progress import Progress, no_progress

LENGTHS = {"train": 60_000, "test": 10_000}
IMAGE_SHAPE = (28, 28)
CLASS_NAMES = {
    "mnist": tuple("0123456789"),
    "fashion_mnist": (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
}
"""Class names of each set; `LENGTHS` and `IMAGE_SHAPE` are the same for all sets."""

_TIMEOUT = 10.0  # seconds without an answer, or without another byte
_PIECE = 1 << 15


@dataclass(frozen=True, slots=True)
class RegisteredFile:
    """A file that tensorflow-datasets has registered: its address, and the size, hash and name that it must have."""

    url: str
    size: int
    sha256: str
    name: str


def registered_files(name: str) -> tuple[RegisteredFile, ...]:
    """The four files of a set, from the list of checksums that is installed with tensorflow-datasets.

    Read without importing tensorflow-datasets, because its import takes most of a second.

    Raises
    ------
    MissingDependencyError
        If tensorflow-datasets is not installed, or is a version that keeps its checksums elsewhere.
    DatasetError
        If the folder of the installed package may not be looked at.
    """
    spec = importlib.util.find_spec("tensorflow_datasets")
    folders = (spec and spec.submodule_search_locations) or []
    for path in (Path(folder, "url_checksums", f"{name}.txt") for folder in folders):
        if is_file(path):
            return _registered_in(path)
    raise MissingDependencyError(f"dataset {name!r} needs tensorflow-datasets 4.9: pip install -r requirements.txt")


@cache
def _registered_in(path: Path) -> tuple[RegisteredFile, ...]:
    """Files that a file of checksums names; read once, as an installed package does not change while it is used."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(RegisteredFile(url, int(size), sha256, file_name) for url, size, sha256, file_name in rows)


def data_dir() -> Path:
    """Folder in which tensorflow-datasets keeps what it downloads and prepares.

    Raises
    ------
    DatasetError
        If the folder would be in the user's home folder, and there is none.
    """
    return path_of("TFDS_DATA_DIR", os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets", DatasetError)


def downloaded_splits(name: str) -> dict[str, IdxSplit] | None:
    """Files of both splits of a set that tensorflow-datasets has downloaded; None if a file is missing.

    Raises
    ------
    DatasetError
        If a folder in which the files may be cannot be read.
    """
    splits = idx_splits({file.name: path for file, path in _downloaded(name).items()})
    return splits if splits.keys() == LENGTHS.keys() else None


def download(name: str, *, progress: Progress = no_progress) -> dict[str, IdxSplit]:
    """Files of both splits of a set, after downloading those that tensorflow-datasets' folder does not have yet.

    Each file gets its final name once it is complete and verified, and stays if a later one fails.

    Parameters
    ----------
    name
        A key of `CLASS_NAMES`.
    progress
        Called with bytes done and bytes in all. Raising in it stops the download at the next 32 KB, or after some ten
        seconds if the server sends nothing.

    Raises
    ------
    DatasetError
        If a file cannot be fetched or written, or is not the registered one.
    """
    downloaded = _downloaded(name)
    files = [file for file in registered_files(name) if file not in downloaded]
    if files:
        _fetch(name, files, progress)
    splits = downloaded_splits(name)
    assert splits, "a file that was fetched is where it is looked for"
    return splits


def _fetch(name: str, files: Sequence[RegisteredFile], progress: Progress) -> None:
    import tensorflow_datasets
    from tensorflow_datasets.core.download.checksums import UrlInfo

    transfer = _Transfer(files, f"downloading {name}", progress)

    class Manager(tensorflow_datasets.download.DownloadManager):  # type: ignore[misc]  # tfds publishes no types
        _downloader = transfer

    with _failures_explained(name, str(urlsplit(files[0].url).hostname)):
        manager = Manager(
            download_dir=data_dir() / "downloads",
            dataset_name=name,
            url_infos={file.url: UrlInfo(file.size, file.sha256, file.name) for file in files},
            force_checksums_validation=True,
        )
        for file in files:
            try:
                manager.download(file.url)
            finally:
                transfer.remove_rest()


class _Transfer:
    """Downloader for tfds' download manager, which takes care of folders, names and checksums.

    Replaces tfds' own downloader, which cannot be stopped, waits for ever for a server that sends nothing, and without
    a network retries for three minutes before it raises an error.
    """

    def __init__(self, files: Sequence[RegisteredFile], stage: str, progress: Progress) -> None:
        self._sizes = {file.url: file.size for file in files}
        self._stage = stage
        self._progress = progress
        self._done = 0
        self._folder: Path | None = None

    def tqdm(self) -> AbstractContextManager[None]:
        return nullcontext()

    def increase_tqdm(self, url_info: Any) -> None:
        """Count a file that another process has downloaded meanwhile."""
        self._advance(url_info.size)

    def download(self, url: str, destination_path: Any, verify: bool) -> Any:
        """Promise, already resolved, of the file that was downloaded into the manager's temporary folder."""
        import requests
        from promise import Promise
        from tensorflow_datasets.core.download.checksums import compute_url_info
        from tensorflow_datasets.core.download.downloader import DownloadResult

        self._folder = Path(destination_path)
        path = destination_path / url.rpartition("/")[2]
        self._advance(0)
        with (
            requests.get(url, stream=True, timeout=_TIMEOUT, verify=verify) as response,
            Path(path).open("wb") as file,
        ):
            response.raise_for_status()
            for piece in response.iter_content(_PIECE):
                file.write(piece)
                self._advance(len(piece))
                if file.tell() > self._sizes[url]:
                    break  # too long for the registered file: the checksum will differ
        return Promise.resolve(DownloadResult(path, compute_url_info(path)))

    def remove_rest(self) -> None:
        """Remove the temporary folder of the last download; a finished file has been moved out of it."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _advance(self, size: int) -> None:
        self._done += size
        self._progress(self._stage, self._done, sum(self._sizes.values()))


@contextmanager
def _failures_explained(name: str, host: str) -> Iterator[None]:
    import requests
    from tensorflow_datasets.core.download.download_manager import NonMatchingChecksumError

    advice = "try again later, or set EMBVIZ_DATA_DIR to a folder that holds the four files"
    try:
        yield
    except requests.HTTPError as error:
        message = f"could not download {name}: {host} refused ({error}); {advice}"
        raise DownloadError(message, "the server refused") from error
    except requests.RequestException as error:
        message = f"could not download {name}: no connection to {host}, or it broke off; check the network and {advice}"
        raise DownloadError(message, "no connection") from error
    except NonMatchingChecksumError as error:
        message = f"could not download {name}: what {host} sent is not the registered file (wrong checksum); {advice}"
        raise DownloadError(message, "wrong files came") from error
    except OSError as error:
        message = f"could not write {name} to {data_dir()}: {error.strerror or error}"
        advice = "see that it is a folder you may write to, with 50 MB free, or set TFDS_DATA_DIR to another"
        raise DownloadError(f"{message}; {advice}", "no place on the disk to write to") from error


def _downloaded(name: str) -> dict[RegisteredFile, Path]:
    """Paths of the files of a set that tfds downloaded.

    tfds names files by their checksum. They are in a folder for each set; earlier versions had one folder for all sets.
    """
    registered, downloads = registered_files(name), data_dir() / "downloads"
    folders = (downloads / name, downloads)
    paths = [path for folder in folders if is_folder(folder) for path in contents(folder)[1]]
    found = {}
    for file in registered if paths else ():
        checksum = base64.urlsafe_b64encode(bytes.fromhex(file.sha256)).decode()[:-1]
        path = next((path for path in paths if path.name.endswith(f"{checksum}.gz")), None)
        if path is not None:
            found[file] = path
    return found


def import_before_threads() -> None:
    """Import tensorflow-datasets now, while no other thread imports anything.

    During its import it replaces `__import__` for the whole process (lazy imports of etils), so that an import in
    another thread, such as ``from timeit import default_timer``, gets a placeholder that cannot be called.
    """
    import tensorflow_datasets  # noqa: F401  # imported, not used
