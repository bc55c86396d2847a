"""MNIST and similar sets by tensorflow-datasets: real downloads, from a local server."""

import contextlib
import gzip
import hashlib
import http.server
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from embviz.dataset import Dataset
from embviz.datasets import dataset_on_machine, download_dataset, load_dataset, source_named
from embviz.datasets.named import tfds, tfds_records
from embviz.datasets.named.tfds import RegisteredFile, registered_files
from embviz.errors import Cancelled, DatasetError, MissingDependencyError

LENGTHS = {"train": 400, "test": 100}
REAL_MNIST = os.environ.get("EMBVIZ_DATA_DIR")


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder, or fails in one of the ways real servers do."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.failure = ""
        self.requests: list[str] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        self.server.requests.append(name)
        if self.server.failure == "not found":
            self.send_error(404)
            return
        data = (self.server.folder / name).read_bytes()
        self.send_response(200)
        if self.server.failure != "without end":
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        match self.server.failure:
            case "":
                self.wfile.write(data)
            case "another file":
                self.wfile.write(data[:-1] + bytes([data[-1] ^ 1]))
            case "broken off":
                self.wfile.write(data[: len(data) // 2])
            case "silent":
                self.wfile.write(data[: len(data) // 2])
                self.server.closing.wait()
            case "without end":
                with contextlib.suppress(ConnectionError):  # until the client closes the connection
                    while not self.server.closing.is_set():
                        self.wfile.write(data)


@pytest.fixture(autouse=True)
def tfds_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder in place of the user's."""
    monkeypatch.delenv("EMBVIZ_DATA_DIR", raising=False)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    return tmp_path / "tfds"


@pytest.fixture
def originals(tmp_path: Path) -> Path:
    """The four files of a small MNIST; of noise, because gzip would make other images too small to stop halfway."""
    folder = tmp_path / "originals"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for n, prefix in zip(LENGTHS.values(), ("train", "t10k"), strict=True):
        images = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        labels = rng.integers(0, 10, n, dtype=np.uint8)
        for kind, array in ((f"{prefix}-images-idx3-ubyte.gz", images), (f"{prefix}-labels-idx1-ubyte.gz", labels)):
            header = np.array([0x0800 + array.ndim, *array.shape], dtype=">u4").tobytes()
            (folder / kind).write_bytes(gzip.compress(header + array.tobytes()))
    return folder


@pytest.fixture
def server(originals: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The originals on a local server, registered with their real sizes and checksums."""
    with Server(originals) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        files = tuple(
            RegisteredFile(f"{server.url}/{path.name}", len(data), hashlib.sha256(data).hexdigest(), path.name)
            for path in sorted(originals.iterdir())
            for data in [path.read_bytes()]
        )
        monkeypatch.setattr(tfds, "registered_files", lambda name: files)
        yield server
        server.closing.set()
        server.shutdown()


def files_under(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def half_written(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if ".tmp." in path.name]


def same_items(left: Dataset, right: Dataset) -> bool:
    return (
        np.array_equal(left.ids, right.ids)
        and np.array_equal(left.images, right.images)
        and np.array_equal(left.labels, right.labels)
        and np.array_equal(left.metadata["split"], right.metadata["split"])
    )


@pytest.mark.parametrize("name", list(tfds.CLASS_NAMES))
def test_registered_files_and_classes_are_those_of_the_tfds_builder(name: str, tmp_path: Path) -> None:
    import tensorflow_datasets

    builder_class = tensorflow_datasets.builder_cls(name)
    registered = {file.url: (file.size, file.sha256, file.name) for file in registered_files(name)}
    assert registered == {
        url: (info.size, info.checksum, info.filename) for url, info in builder_class.url_infos.items()
    }
    assert all(url.startswith(builder_class.URL) for url in registered)
    info = builder_class(data_dir=tmp_path).info
    assert tuple(info.features["label"].names) == tfds.CLASS_NAMES[name]
    assert info.features["image"].shape == (*tfds.IMAGE_SHAPE, 1)
    assert str(info.version) == tfds_records._VERSION


def test_what_is_downloaded_equals_the_served_files(server: Server, originals: Path) -> None:
    assert not dataset_on_machine("mnist")
    downloaded = load_dataset("mnist", "all")
    assert dataset_on_machine("mnist")
    assert same_items(downloaded, load_dataset(originals, "all"))
    assert (downloaded.name, downloaded.source) == ("mnist", source_named("mnist"))


def test_second_load_needs_no_server(server: Server) -> None:
    first = load_dataset("mnist", "train")
    server.requests.clear()
    assert load_dataset("mnist", "train").fingerprint == first.fingerprint
    assert server.requests == []


def test_tfds_itself_finds_what_was_downloaded(server: Server, tfds_dir: Path) -> None:
    import tensorflow_datasets
    from tensorflow_datasets.core.download.checksums import UrlInfo

    download_dataset("mnist")
    server.requests.clear()
    files = tfds.registered_files("mnist")
    manager = tensorflow_datasets.download.DownloadManager(
        download_dir=tfds_dir / "downloads",
        dataset_name="mnist",
        url_infos={file.url: UrlInfo(file.size, file.sha256, file.name) for file in files},
    )
    paths = manager.download([file.url for file in files])
    assert [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths] == [file.sha256 for file in files]
    assert server.requests == []


def test_files_in_the_older_flat_folder_are_found(server: Server, tfds_dir: Path) -> None:
    download_dataset("mnist")
    for path in files_under(tfds_dir / "downloads" / "mnist"):
        path.rename(tfds_dir / "downloads" / path.name)
    assert dataset_on_machine("mnist")


def test_progress_counts_bytes_up_to_the_registered_total(server: Server) -> None:
    calls: list[tuple[str, int, int]] = []
    download_dataset("mnist", progress=lambda *call: calls.append(call))
    total = sum(file.size for file in tfds.registered_files("mnist"))
    done = [call[1] for call in calls]
    assert {(stage, whole) for stage, _, whole in calls} == {("downloading mnist", total)}
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, total)
    assert max(np.diff(done)) <= 1 << 15


def test_download_prints_nothing(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    download_dataset("mnist")
    assert capfd.readouterr() == ("", "")


def test_cancelled_download_keeps_whole_files_only_and_goes_on_from_there(server: Server, tfds_dir: Path) -> None:
    def stop_in_the_largest_file(stage: str, done: int, total: int) -> None:
        if done > 0.6 * total:
            raise Cancelled

    with pytest.raises(Cancelled):
        download_dataset("mnist", progress=stop_in_the_largest_file)
    assert half_written(tfds_dir) == []
    assert not dataset_on_machine("mnist")
    fetched, requested = set(server.requests), server.requests.copy()
    download_dataset("mnist")
    assert dataset_on_machine("mnist")
    assert set(server.requests[len(requested) :]) == {file.name for file in tfds.registered_files("mnist")} - (
        fetched - {requested[-1]}
    )


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        ("not found", r"refused \(404"),
        ("another file", "is not the registered file"),
        ("without end", "is not the registered file"),
        ("broken off", r"no connection to 127\.0\.0\.1, or it broke off"),
        ("silent", r"no connection to 127\.0\.0\.1, or it broke off"),
    ],
)
def test_failed_download_says_why_and_leaves_nothing(
    failure: str, sentence: str, server: Server, tfds_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tfds, "_TIMEOUT", 0.2)
    server.failure = failure
    with pytest.raises(DatasetError, match=sentence) as caught:
        load_dataset("mnist")
    assert "EMBVIZ_DATA_DIR" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert files_under(tfds_dir) == []
    assert half_written(tfds_dir) == []


def test_without_a_network_the_download_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/train-images-idx3-ubyte.gz"
        file = RegisteredFile(url, 1, "00" * 32, "train-images-idx3-ubyte.gz")
        monkeypatch.setattr(tfds, "registered_files", lambda name: (file,))
        with pytest.raises(DatasetError, match=r"no connection to 127\.0\.0\.1"):
            download_dataset("mnist")


def test_full_disk_is_reported_and_leaves_nothing(server: Server, tfds_dir: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits on file size are a Unix thing")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))  # a write beyond it fails like one on a full disk
    try:
        with pytest.raises(DatasetError, match=r"could not write mnist to .*TFDS_DATA_DIR"):
            download_dataset("mnist")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert half_written(tfds_dir) == []


def test_data_folder_that_cannot_be_made_is_reported(server: Server, tfds_dir: Path) -> None:
    tfds_dir.write_text("a file where the folder should be")
    with pytest.raises(DatasetError, match=f"could not write mnist to {tfds_dir}"):
        download_dataset("mnist")


def test_missing_tensorflow_datasets_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match="tensorflow-datasets"):
        registered_files("mnist")


@pytest.mark.mnist
@pytest.mark.skipif(not REAL_MNIST, reason="EMBVIZ_DATA_DIR is not set")
def test_real_mnist_passes_the_registered_checksums(tfds_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert REAL_MNIST
    with Server(Path(REAL_MNIST)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        files = tuple(
            RegisteredFile(f"{server.url}/{file.name}", file.size, file.sha256, file.name)
            for file in registered_files("mnist")
        )
        monkeypatch.setattr(tfds, "registered_files", lambda name: files)
        downloaded = load_dataset("mnist", "test")
        server.shutdown()
    monkeypatch.setenv("EMBVIZ_DATA_DIR", REAL_MNIST)
    from_folder = load_dataset("mnist", "test")
    assert downloaded.fingerprint == from_folder.fingerprint
    assert np.bincount(from_folder.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert from_folder.ids[[0, -1]].tolist() == [60_000, 69_999]
