"""``python -m embviz`` at a prompt: errors are one line; help, progress, Ctrl-C, pipes, and the app."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from pathlib import Path

import pytest

from embviz.cli import main
from embviz.cli.terminal import TerminalProgress, print_answer, say
from embviz.features.network import STAGE

ROOT = Path(__file__).parents[3]


def started(*arguments, **options):
    """Process that runs a command in another folder, as a user's shell would start it."""
    command = [sys.executable, "-m", "embviz", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | options.pop("env", {})
    return subprocess.Popen(command, env=environment, cwd="/", text=True, **options)


ERRORS = {
    "no command": ("", "COMMAND; see python -m embviz --help"),
    "unknown command": ("umap", "umap"),
    "unknown option": ("datasets --all", "--all"),
    "unknown dataset": ("overlap nist --classes 1 7", "no dataset and no file or folder 'nist'; give digits, mnist,"),
    "unknown split": ("overlap digits --classes 1 7 --split dev", "split must be one of train, test, all, got 'dev'"),
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
    "k no number": ("overlap digits --classes 1 7 --k ten", "--k"),
    "limit 0": ("overlap digits --classes 1 7 --limit 0", "limit must be at least 1, got 0"),
    "a folder that has the name of none": ("overlap {tmp}/" + "x" * 300 + " --classes 1 7", "cannot look at {tmp}/xxx"),
    "no data folder": ("datasets --data-dir {tmp}/nothing", "--data-dir: '{tmp}/nothing' is not a folder"),
    "data folder not needed": (
        "overlap digits --classes 1 7 --data-dir {tmp}/file",
        "--data-dir: '{tmp}/file' is not a folder",
    ),
    "empty data folder": (
        "project {tmp}/empty --out {tmp}/a.csv",
        "{tmp}/empty lacks t10k-images",
    ),
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
    "too many axes": ("project digits --axes 1 2 3 4 --out {tmp}/a.csv", "3 different components"),
    "seed below 0": ("project digits --seed -1 --out {tmp}/a.csv", "seed must be in 0..4294967295, got -1"),
    "4 dimensions": ("project digits --dims 4 --out {tmp}/a.csv", "--dims"),
    "foreign folder": (
        "export digits --out {tmp}",
        "{tmp} has files that are not an embviz export; give a new or empty folder, or overwrite to write beside them",
    ),
    "out is a file": ("export digits --out {tmp}/file", "{tmp}/file is a file; give the name of a folder"),
    "out below a file": ("export digits --out {tmp}/file/sub", "cannot write {tmp}/file/sub"),
    "export of one item": ("export digits --limit 1 --out {tmp}/new", "got 1 x 64 pixels"),
    "unknown features": ("export digits --features raw --out {tmp}/new", "--features"),
    "no home folder": ("datasets --data-dir ~nobody-of-this-name", "there is no such home folder"),
    "data folder with a long name": ("datasets --data-dir {tmp}/" + "x" * 300, "--data-dir: cannot look at {tmp}/xxx"),
    "port no number": ("app --port http", "--port: 'http' is not a port; give a whole number in 1..65535"),
    "port too large": ("app --port 65536", "'65536' is not a port"),
    "port far too large": ("app --port " + "9" * 5000, "is not a port"),
    "port below 1": ("app --port -1", "'-1' is not a port"),
    "json of the page": ("app --json", "--json"),
    "no such file for the page": ("app no-such.csv", "no dataset and no file or folder 'no-such.csv'"),
    "labels of nothing for the page": ("app --labels kind", "there is no file to open"),
    "a column of a dataset with a name": (
        "app digits --labels kind",
        "'digits' has its own vectors, images and labels",
    ),
}
"""By name of the error: arguments, with ``{tmp}`` for a folder, and a part of the message."""


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
    """Interrupts the training of a classifier, during which scikit-learn catches the interrupt and only warns."""
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
    assert [(stage.partition(" · ")[0], done) for stage, done in told] == [(STAGE, 0), (STAGE, 1)]
    assert not list(own_store.rglob("*.npz")) and not (tmp_path / "layout.csv").exists()


def test_a_reader_that_has_seen_enough_is_no_error():
    read, write = os.pipe()
    os.close(read)
    ran = started("datasets", stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, said = ran.communicate()
    assert (ran.returncode, said) == (0, "")


def test_an_empty_data_folder_is_refused_and_does_not_unset_the_one_that_is_set(cli, monkeypatch):
    monkeypatch.setenv("EMBVIZ_DATA_DIR", "/nowhere")
    code, printed, said = cli("datasets", "--data-dir", "")
    assert (code, printed) == (2, "") and "--data-dir" in said and said.count("\n") == 1
    assert os.environ["EMBVIZ_DATA_DIR"] == "/nowhere"


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_an_answer_that_cannot_be_written_is_an_error_in_one_line():
    with FULL.open("w") as full:
        ran = started("datasets", stdout=full, stderr=subprocess.PIPE)
        _, said = ran.communicate()
    assert ran.returncode == 2
    assert said.startswith("embviz: cannot write the answer to stdout: ") and said.count("\n") == 1


STDERRS = {"closed": "2>&-", "a reader that has gone": "2> >(:)", "full": "2>/dev/full", "all closed": "2>&- <&-"}


@pytest.mark.skipif(not (FULL.exists() and Path("/bin/bash").exists()), reason="needs a shell and a device")
@pytest.mark.parametrize("how", STDERRS)
def test_what_cannot_be_said_on_stderr_stops_no_work(how, tmp_path):
    command = f'"{sys.executable}" -m embviz project digits --limit 50 --out "{tmp_path}/a.npy" {STDERRS[how]}'
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(["/bin/bash", "-c", command], env=environment, cwd="/", stdout=subprocess.PIPE, text=True)
    assert (ran.returncode, ran.stdout.count("\n")) == (0, 1)
    assert (tmp_path / "a.npy").exists()


@pytest.mark.parametrize(
    ("module", "said"),
    [("argparse", ""), ("embviz.cli.commands", ""), ("numpy._core", ""), ("embviz.datasets", "embviz: stopped\n")],
)
def test_ctrl_c_while_modules_are_imported_ends_without_a_traceback(module, said):
    script = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it

class Interrupt:
    def find_spec(self, name, *rest):
        if name == "{module}":
            signal.raise_signal(signal.SIGINT)

import runpy
sys.modules.pop("{module}", None)
sys.argv = ["embviz", "datasets"]
sys.meta_path.insert(0, Interrupt())
runpy.run_module("embviz", run_name="__main__")
"""
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", said)


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs a shell")
def test_ctrl_c_that_a_job_in_the_background_ignores_stays_ignored():
    script = f'trap "" INT; exec "{sys.executable}" -c "$0"'
    code = """
import runpy, signal, sys
sys.argv = ["embviz", "--help"]
try:
    runpy.run_module("embviz", run_name="__main__")
except SystemExit:
    pass
sys.exit(0 if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else 1)
"""
    assert subprocess.run(["/bin/sh", "-c", script, code], cwd=ROOT, stdout=subprocess.DEVNULL).returncode == 0


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


def test_app_hands_on_what_to_open_and_what_is_for_streamlit(tmp_path, monkeypatch):
    handed = []

    def execute(path, command):
        handed.append(command)
        raise SystemExit

    monkeypatch.setattr(os, "execv", execute)
    monkeypatch.setenv("EMBVIZ_OPEN", "")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("a,b,kind\n1,2,x\n")
    with pytest.raises(SystemExit):
        main(["app", "own.csv", "--labels", "kind", "--port", "8600", "--", "--server.headless", "true", "--"])
    assert handed[0][-5:] == ["--server.port", "8600", "--server.headless", "true", "--"]
    assert json.loads(os.environ["EMBVIZ_OPEN"]) == {"file": str(tmp_path / "own.csv"), "labels": "kind"}
    with pytest.raises(SystemExit):
        main(["app", "--", "--server.headless", "true"])
    assert handed[1][-4:] == ["--server.port", "8501", "--server.headless", "true"]


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
