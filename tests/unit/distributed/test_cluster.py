"""Layouts by real workers: how many there are, and which of them are killed, changes no bit."""

import importlib.util
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from embviz import Umap
from embviz.distributed import cluster as clusters, distributed_layout
from embviz.errors import ClusterError, MissingDependencyError, SpecError
from tests.installed import ROOT
from tests.unit.distributed.serial import made_serially
from tests.unit.distributed.tables import coordinates, items, written

N_FILES = 12
OPTIONS = {"vectors": "embedding", "label": "label", "id": "id", "landmarks": 300}
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="needs Dask: pip install distributed"
)


def workers():
    """Processes that compute for this one."""
    return [each for each in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(each.cmdline())]


class Killing:
    """Progress that kills a worker whenever a stage has done so many partitions."""

    def __init__(self, *moments):
        self.moments, self.killed = list(moments), 0

    def __call__(self, stage, done, total):
        if (stage, done) in self.moments:
            self.moments.remove((stage, done))
            workers()[0].kill()
            self.killed += 1


@needs_dask
@pytest.mark.filterwarnings("ignore")  # Dask's, when workers are killed and processes end
def test_neither_workers_nor_partitions_nor_kills_change_a_bit(tmp_path, monkeypatch):
    table = items(3000)
    many = written(tmp_path / "many", table, N_FILES)
    with monkeypatch.context() as patched:
        made_serially(patched)
        distributed_layout(written(tmp_path / "few", table, 2), Umap(), tmp_path / "serial", **OPTIONS)
    want = coordinates(tmp_path / "serial")

    killing = Killing(("reading", 2), ("placing", 3))
    summary = distributed_layout(many, Umap(), tmp_path / "two", cluster="local:2", progress=killing, **OPTIONS)
    assert (killing.killed, summary.partitions) == (2, N_FILES)
    assert coordinates(tmp_path / "two").equals(want)
    assert not workers()

    out = tmp_path / "killed"
    command = [sys.executable, "-m", "embviz", "project", many, "--vectors", "embedding", "--label", "label"]
    command += ["--id", "id", "--method", "umap", "--landmarks", "300", "--out", str(out), "--json", "--cluster"]
    with subprocess.Popen([*command, "local:2"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not list(out.glob("part-*.parquet")) and time.monotonic() < deadline:
            time.sleep(0.01)
        started = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    psutil.wait_procs(started, timeout=30)
    there = {path: path.stat().st_mtime_ns for path in out.glob("part-*.parquet")}
    ran = subprocess.run([*command, "local:1"], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["computed"] == N_FILES - len(there)
    assert there and {path: path.stat().st_mtime_ns for path in there} == there
    assert coordinates(out).equals(want)


@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_takes_long_to_start_again_is_waited_for(tmp_path):
    import dask

    pattern, killing = written(tmp_path / "a", items(400), 4), Killing(("reading", 1))
    with dask.config.set({"distributed.deploy.lost-worker-timeout": "1ms"}):  # every start takes longer
        distributed_layout(pattern, Umap(), tmp_path / "out", cluster="local:1", progress=killing, **OPTIONS)
    assert killing.killed == 1 and len(coordinates(tmp_path / "out")) == 400


def is_all_done(scheduler):
    """Whether the results of all calls are complete; they are lost with the worker, and the client does not know."""
    return all(task.state == "memory" for task in list(scheduler.tasks.values()))


@needs_dask
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("all_done", [False, True])
def test_if_no_worker_is_left_it_is_said_instead_of_waiting_for_ever(tmp_path, monkeypatch, all_done):
    import dask
    from distributed import LocalCluster

    monkeypatch.setattr(clusters, "WITHOUT_WORKERS", 1)
    pattern, killing = written(tmp_path / "a", items(400), 4), Killing(("reading", 1))

    def progress(stage, done, total):
        while all_done and (stage, done) == ("reading", 1) and not is_all_done(cluster.scheduler):
            time.sleep(0.01)
        killing(stage, done, total)

    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1ms"}),
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        pytest.raises(ClusterError, match="all workers are gone; start some, and then this command again"),
    ):
        address = cluster.scheduler_address
        distributed_layout(pattern, Umap(), tmp_path / "out", cluster=address, progress=progress, **OPTIONS)


@needs_dask
def test_a_scheduler_that_does_not_answer_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS", 1)
    pattern = written(tmp_path / "a", items(400), 1)
    with pytest.raises(ClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:1; start one"):
        distributed_layout(pattern, Umap(), tmp_path / "out", cluster="tcp://127.0.0.1:1", **OPTIONS)


@pytest.mark.parametrize("cluster", ["remote", "local:0", "local:many", "localhost:8786", "local://4"])
def test_what_is_no_cluster_is_refused(tmp_path, cluster):
    pattern = written(tmp_path / "a", items(400), 1)
    with pytest.raises(SpecError, match="a cluster is local, local:4 or tcp://host:8786"):
        distributed_layout(pattern, Umap(), tmp_path / "out", cluster=cluster, **OPTIONS)


def test_without_dask_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "find_spec", lambda name: None)
    pattern = written(tmp_path / "a", items(400), 1)
    with pytest.raises(MissingDependencyError) as refused:
        distributed_layout(pattern, Umap(), tmp_path / "out", cluster="local", **OPTIONS)
    command = str(refused.value).partition("not installed: ")[2]
    lines = (ROOT / "tests" / "requirements-distributed.txt").read_text().splitlines()
    required = [line for line in lines if line and not line.startswith("#")]
    assert shlex.split(command) == ["pip", "install", *required], "embviz itself is in no registry"
    assert f"`{command}`" in (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
