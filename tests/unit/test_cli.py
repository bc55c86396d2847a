"""``python -m embviz``: its numbers are the library's, its JSON keys are a contract, its errors are one line."""

import json
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
import warnings
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

import embviz
from embviz.cli import main
from embviz.cli.commands import PARAMETERS
from embviz.cli.terminal import TerminalProgress, print_answer, say
from embviz.features import pixel_features
from embviz.features.features import Activations
from embviz.pipeline import features_of
from embviz.projection import Pca, Tsne, Umap, project
from embviz.store import default_store

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cli(capsys):
    """Runs a command in this process: its exit code, what it printed, what it said on stderr."""

    def run(*arguments):
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as end:
            code = end.code
        printed, said = capsys.readouterr()
        return code, printed, said

    return run


@pytest.fixture
def answer(cli):
    """Runs a command with ``--json`` and returns the object it printed, after checking that it printed no more."""

    def run(*arguments):
        code, printed, _ = cli(*arguments, "--json")
        assert code == 0 and printed.count("\n") == 1
        return json.loads(printed)

    return run


def started(*arguments, **options):
    """A command in a process of its own, in another folder, as a user's shell would start it."""
    command = [sys.executable, "-m", "embviz", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | options.pop("env", {})
    return subprocess.Popen(command, env=environment, cwd="/", text=True, **options)


def reference_overlap(images, labels, classes, k):
    """Balanced cross-class k-NN rate, its chance level and the index, in whole numbers as long as possible."""
    rows = np.flatnonzero(np.isin(labels, classes))
    points, codes = images[rows].reshape(len(rows), -1).astype(np.float64), labels[rows]
    squares = (points**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * points @ points.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    crossing = (codes[nearest] != codes[:, None]).mean(axis=1)
    rate = (crossing[codes == classes[0]].mean() + crossing[codes == classes[1]].mean()) / 2
    chance = len(rows) / (2 * (len(rows) - 1))
    return {"n": len(rows), "rate": rate, "chance": chance, "index": rate / chance}


OVERLAP_KEYS = ["dataset", "split", "n", "space", "classes", "k", "rate", "chance", "index"]


@pytest.mark.parametrize(("split", "classes", "k"), [("all", (1, 7), 10), ("test", (8, 3), 5)])
def test_overlap_of_digits_equals_the_numpy_reference(answer, split, classes, k):
    a, b = classes
    found = answer("overlap", "digits", "--split", split, "--classes", a, b, "--k", k)
    assert list(found) == OVERLAP_KEYS
    digits = embviz.load_dataset("digits", split)
    expected = reference_overlap(digits.images, digits.labels, classes, k)
    assert found["index"] > 0
    assert {key: found.pop(key) for key in expected} == pytest.approx(expected, rel=1e-12)
    assert found == {"dataset": "digits", "split": split, "space": "pixels", "classes": [str(a), str(b)], "k": k}


@pytest.mark.mnist
def test_overlap_of_1_and_7_in_mnist_equals_the_numpy_reference(answer):
    found = answer("overlap", "mnist", "--classes", 1, 7)
    assert list(found) == OVERLAP_KEYS
    mnist = embviz.load_dataset("mnist")
    expected = reference_overlap(mnist.images, mnist.labels, (1, 7), 10)
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-12)
    assert found["n"] == 2163 and found["index"] == pytest.approx(0.041437, abs=1e-6)


def test_overlap_in_words_has_the_same_numbers(cli):
    code, printed, _ = cli("overlap", "digits", "--classes", 1, 7)
    assert code == 0
    assert printed.startswith("1 and 7 in pixels: overlap index 0.73% (rate 0.37%, chance 50.46%, k 10, 109 items)\n")


@pytest.mark.parametrize("dims", [2, 3])
def test_project_writes_the_librarys_coordinates_in_the_datasets_order(answer, tmp_path, dims):
    dataset = embviz.load_dataset("digits", limit=200)
    coords = project(pixel_features(dataset), Pca(dims)).coords
    arguments = ["project", "digits", "--limit", 200, "--dims", dims, "--out"]

    found = answer(*arguments, tmp_path / "layout.npy")
    assert list(found) == ["dataset", "split", "n", "method", "dims", "seed", "seconds", "out"]
    assert found.pop("seconds") >= 0
    said = {"dataset": "digits", "split": "test", "n": 200, "method": "pca", "dims": dims, "seed": 0}
    assert found == said | {"out": str(tmp_path / "layout.npy")}
    written = np.load(tmp_path / "layout.npy", allow_pickle=False)
    assert written.dtype == np.float32 and np.array_equal(written, coords)

    answer(*arguments, tmp_path / "layout.csv")
    header, *lines = (tmp_path / "layout.csv").read_text().splitlines()
    assert header.split(",") == ["id", "label", "x", "y", "z"][: 2 + dims]
    ids, labels, *columns = zip(*(line.split(",") for line in lines), strict=True)
    assert list(map(int, ids)) == dataset.ids.tolist() and list(map(int, labels)) == dataset.labels.tolist()
    assert np.array_equal(np.array(columns, np.float32).T, coords)

    answer(*arguments, tmp_path / "layout.parquet")
    table = parquet.read_table(tmp_path / "layout.parquet").to_pydict()
    assert list(table) == ["id", "label", "x", "y", "z"][: 2 + dims]
    assert table["id"] == dataset.ids.tolist() and table["label"] == list(labels)
    assert np.array_equal(np.array([table[axis] for axis in "xyz"[:dims]], np.float32).T, coords)


def test_project_takes_the_components_asked_for(answer, tmp_path):
    answer("project", "digits", "--axes", 3, 1, "--out", tmp_path / "layout.npy")
    coords = project(pixel_features(embviz.load_dataset("digits")), Pca(axes=(3, 1))).coords
    assert np.array_equal(np.load(tmp_path / "layout.npy"), coords)


def test_help_says_the_defaults_of_the_specs(cli):
    _, printed, _ = cli("project", "--help")
    text = " ".join(printed.split())
    for name in set(PARAMETERS) - {"axes", "supervised"}:
        spec = Umap() if hasattr(Umap(), name) else Tsne()
        assert (
            f"{getattr(spec, name)} if left out".replace(".0 ", " ") in text.split(f"--{name.replace('_', '-')} ")[-1]
        )


def test_export_writes_a_folder_for_tensorboard(answer, tmp_path):
    out = tmp_path / "projector"
    features = ["--features", "pixels", "--features", "hidden", "--features", "pixels"]
    found = answer("export", "digits", "--limit", 100, *features, "--out", out)
    assert list(found) == ["dataset", "split", "n", "features", "out", "files", "bytes", "command", "notes"]
    assert found["features"] == ["pixels", "hidden"] and found["n"] == 100 and found["out"] == str(out)
    assert found["command"] == f"tensorboard --logdir {out}"
    assert found["files"] == sorted(path.name for path in out.iterdir())
    assert found["bytes"] == sum(path.stat().st_size for path in out.iterdir())
    config = (out / "projector_config.pbtxt").read_text()
    assert [line.split('"')[1] for line in config.splitlines() if "tensor_name" in line] == ["pixels", "hidden"]
    dataset = embviz.load_dataset("digits", limit=100)
    hidden = features_of(dataset, Activations("hidden"), store=default_store())
    assert (out / "tensor-hidden.bytes").read_bytes() == hidden.vectors.tobytes()


def test_export_spares_a_foreign_folder_until_told_to_overwrite(cli, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert cli("export", "digits", "--limit", 20, "--out", tmp_path)[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert cli("export", "digits", "--limit", 20, "--out", tmp_path, "--overwrite")[0] == 0
    assert (tmp_path / "mine.txt").read_text() == "mine" and (tmp_path / "projector_config.pbtxt").exists()


def test_datasets_lists_what_has_a_name(cli, answer):
    known = embviz.known_datasets()
    listed = answer("datasets")
    assert list(listed) == ["datasets"]
    keys = ["name", "title", "counts", "image_shape", "on_machine", "download_bytes"]
    assert all(list(each) == keys for each in listed["datasets"])
    assert [each["name"] for each in listed["datasets"]] == [info.name for info in known]
    assert listed["datasets"][0]["counts"] == {"train": 1258, "test": 539, "all": 1797}
    _, printed, _ = cli("datasets")
    assert [line.split()[0] for line in printed.splitlines()] == [info.name for info in known]


@pytest.fixture
def mnist_folder(tmp_path, monkeypatch):
    """Twenty test items in the format of MNIST, the last image black."""
    monkeypatch.setenv("EMBVIZ_DATA_DIR", "")  # `--data-dir` sets it; this takes it back afterwards
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    images[-1] = 0
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, *images.shape) + images.tobytes())
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, 20) + bytes([1, 7] * 10))
    return tmp_path


def test_a_folder_of_mnist_files_is_a_dataset_and_can_be_named_mnist(answer, mnist_folder):
    by_path = answer("overlap", mnist_folder, "--classes", 1, 7)
    by_name = answer("overlap", "mnist", "--data-dir", mnist_folder, "--classes", 1, 7)
    assert by_path.pop("dataset") == mnist_folder.name and by_name.pop("dataset") == "mnist"
    assert by_path == by_name and by_path["n"] == 20


def test_the_metric_of_a_layout_is_the_one_asked_for(cli, mnist_folder):
    out = mnist_folder / "layout.csv"
    arguments = ["--method", "tsne", "--perplexity", 2, "--metric", "cosine", "--out", out]
    code, _, said = cli("project", mnist_folder, *arguments)
    assert code == 2 and "1 of 20 vectors are all zero (rows 19) and have no direction" in said


ERRORS = {
    "no command": ("", "the following arguments are required: COMMAND; see python -m embviz --help"),
    "unknown command": ("umap", "invalid choice: 'umap'"),
    "unknown option": ("datasets --all", "unrecognized arguments: --all"),
    "unknown dataset": ("overlap nist --classes 1 7", "no dataset and no folder 'nist'; give digits, mnist,"),
    "unknown split": ("overlap digits --classes 1 7 --split dev", "--split: invalid choice: 'dev'"),
    "unknown class": ("overlap digits --classes 1 x", "class 'x' has no items in digits test; choose from 0, 1,"),
    "absent class": (
        "overlap digits --classes 1 7 --limit 3",
        "class '7' has no items in digits test; choose from 1, 3, 5",
    ),
    "the same class": ("overlap digits --classes 1 1", "two different classes, got '1' twice"),
    "one class": ("overlap digits --classes 1", "--classes: expected 2 arguments"),
    "no classes": ("overlap digits", "required: --classes; see python -m embviz overlap --help"),
    "k 0": ("overlap digits --classes 1 7 --k 0", "k must be in 1..108 for classes 1 and 7"),
    "k too large": ("overlap digits --classes 1 7 --k 109", "which have 109 items together, got 109"),
    "k no number": ("overlap digits --classes 1 7 --k ten", "--k: invalid int value: 'ten'"),
    "limit 0": ("overlap digits --classes 1 7 --limit 0", "limit must be at least 1, got 0"),
    "no data folder": ("datasets --data-dir {tmp}/nothing", "--data-dir: '{tmp}/nothing' is not a folder"),
    "data folder not needed": (
        "overlap digits --classes 1 7 --data-dir {tmp}/file",
        "--data-dir: '{tmp}/file' is not a folder",
    ),
    "empty data folder": ("project {tmp}/empty --out {tmp}/a.csv", "{tmp}/empty lacks t10k-images"),
    "no out": ("project digits", "required: --out"),
    "unknown suffix": ("project digits --out {tmp}/a.txt", ".csv, .parquet, .npy files, got 'a.txt'"),
    "perplexity too large": (
        "project digits --method tsne --limit 60 --out {tmp}/a.csv",
        "perplexity 30 needs at least 91 items, got 60; use perplexity <= 19 or more items",
    ),
    "perplexity too large for what would be trained": (
        "project digits --features hidden --method tsne --limit 60 --out {tmp}/a.csv",
        "perplexity 30 needs at least 91 items",
    ),
    "a parameter of another method": (
        "project digits --perplexity 5 --n-neighbors 5 --out {tmp}/a.csv",
        "pca has no --perplexity or --n-neighbors; leave that out or give another --method",
    ),
    "perplexity": ("project digits --method tsne --perplexity nan --out {tmp}/a.csv", "got nan"),
    "max-iter": ("project digits --method tsne --max-iter 9 --out {tmp}/a.csv", "max_iter must be"),
    "n-neighbors": (
        "project digits --method umap --n-neighbors 1 --out {tmp}/a.csv",
        "n_neighbors must be at least 2, got 1",
    ),
    "min-dist": (
        "project digits --method umap --min-dist 3 --out {tmp}/a.csv",
        "min_dist must be in 0..1 (the spread), got 3",
    ),
    "too many axes": ("project digits --axes 1 2 3 --out {tmp}/a.csv", "2 different components"),
    "seed below 0": ("project digits --seed -1 --out {tmp}/a.csv", "seed must be in 0..4294967295, got -1"),
    "4 dimensions": ("project digits --dims 4 --out {tmp}/a.csv", "--dims: invalid choice: 4"),
    "foreign folder": (
        "export digits --out {tmp}",
        "{tmp} has files that are not an embviz export; give a new or empty folder, or overwrite to write beside them",
    ),
    "out is a file": ("export digits --out {tmp}/file", "{tmp}/file is a file; give the name of a folder"),
    "out below a file": ("export digits --out {tmp}/file/sub", "cannot write {tmp}/file/sub"),
    "export of one item": ("export digits --limit 1 --out {tmp}/new", "got 1 x 64 pixels"),
    "unknown features": ("export digits --features raw --out {tmp}/new", "--features: invalid choice: 'raw'"),
    "port no number": ("app --port http", "--port: invalid int value: 'http'"),
    "json of the page": ("app --json", "unrecognized arguments: --json"),
}
"""What is typed, with ``{tmp}`` for a folder, and part of what is said."""


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_one_line_on_stderr_and_exit_code_2(cli, tmp_path, name):
    arguments, sentence = ERRORS[name]
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    code, printed, said = cli(*arguments.format(tmp=tmp_path).split())
    assert (code, printed) == (2, "")
    assert said.startswith("embviz: ") and said.endswith("\n") and said.count("\n") == 1
    assert sentence.format(tmp=tmp_path) in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


@pytest.mark.parametrize("command", [[], ["datasets"], ["project"], ["overlap"], ["export"], ["app"]], ids=" ".join)
def test_help_exits_with_0(cli, command):
    code, printed, said = cli(*command, "--help")
    assert (code, said) == (0, "")
    assert printed.startswith("usage: python -m embviz")


def test_progress_is_on_stderr_a_line_for_each_stage(cli, tmp_path):
    code, printed, said = cli("project", "digits", "--out", tmp_path / "a.csv", "--json")
    assert code == 0 and json.loads(printed)["n"] == 539
    assert said.splitlines() == ["principal components", "coordinates"]


def test_ctrl_c_exits_with_130_and_keeps_nothing_half_done(cli, tmp_path, own_store, monkeypatch):
    """While a classifier is trained, because scikit-learn catches the interrupt there and would go on."""
    told = []

    def progress(self, stage, done, total):
        told.append((stage, done))
        if done == 1:
            signal.setitimer(signal.ITIMER_REAL, 0.001)  # an epoch takes ten times as long

    monkeypatch.setattr(TerminalProgress, "__call__", progress)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with warnings.catch_warnings(action="ignore"):
            ended = cli("project", "digits", "--features", "hidden", "--out", tmp_path / "layout.csv")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert ended == (130, "", "embviz: stopped\n")
    assert told == [("training the classifier", 0), ("training the classifier", 1)]
    assert not list(own_store.rglob("*.npz")) and not (tmp_path / "layout.csv").exists()


def test_a_reader_that_has_seen_enough_is_no_error():
    read, write = os.pipe()
    os.close(read)
    ran = started("datasets", stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, said = ran.communicate()
    assert (ran.returncode, said) == (0, "")


def test_a_letter_that_stdout_lacks_is_escaped(tmp_path, monkeypatch):
    with (tmp_path / "printed").open("w", encoding="ascii") as file:
        monkeypatch.setattr(sys, "stdout", file)
        print_answer("8×8 数字")
    assert (tmp_path / "printed").read_text() == "8\\xd78 \\u6570\\u5b57\n"


def test_on_a_terminal_progress_is_one_line_written_over_and_errors_get_their_own(monkeypatch):
    screen, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        progress = TerminalProgress()
        for done in (0, 1024, 2000):
            progress("neighbors", done, 2000)
        progress("coordinates", 0, 5)
        say("embviz: the disk\nis full")
        shown = ""
        while not shown.endswith("full\r\n"):
            shown += os.read(screen, 10_000).decode()
    os.close(screen)
    start = "\r\033[K"
    assert shown.replace("\r\n", "\n") == (
        f"{start}neighbors: 0 of 2,000{start}neighbors: 1,024 of 2,000{start}neighbors: 2,000 of 2,000\n"
        f"{start}coordinates: 0 of 5{start}embviz: the disk is full\n"
    )


def test_app_serves_the_page_from_any_folder():
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    environment = {"STREAMLIT_SERVER_HEADLESS": "true"}
    with started(
        "app", "--port", str(port), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            until = time.monotonic() + 60
            while not answers(port):
                assert server.poll() is None and time.monotonic() < until
                time.sleep(0.1)
            script = urllib.request.urlopen(f"http://localhost:{port}/embviz/js/any/index.js")
            assert script.headers.get_content_type() == "text/javascript"
        finally:
            server.terminate()


def answers(port):
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as health:
            return health.read() == b"ok"
    except OSError:
        return False
