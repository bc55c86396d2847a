"""Compare layouts of embviz with those of other libraries: same items and settings, each in its own process."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from json import loads
from pathlib import Path

import numpy as np

from embviz.projection.pca import principal_components
from tests.bench.engines import Answer, Request
from tests.bench.inputs import bench_items, mnist_here
from tests.bench.quality import Quality, Yardstick, layout_quality, yardstick

Say = Callable[[str], None]

ROOT = Path(__file__).parents[2]
COMPONENTS = 50
US = "embviz"

FEW = 20_000
"""Most items for which the slowest rivals are measured."""

TRIES = 4
"""Most times that one value is measured if the host steals time; the least disturbed measurement counts."""


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of measurement.

    Attributes
    ----------
    title
        Name in the report.
    kind, method, dims
        As in `Request`.
    few, many
        Rivals for up to `FEW` items, and for more; None if nothing is measured for so many.
    """

    title: str
    kind: str
    method: str
    dims: int
    few: tuple[str, ...] | None = ()
    many: tuple[str, ...] | None = ()

    def rivals(self, n: int) -> tuple[str, ...] | None:
        """Engines that are measured beside embviz for n items; None if nothing is measured for so many."""
        return self.few if n <= FEW else self.many


JOBS: Mapping[str, Job] = {
    "tsne2": Job(
        "t-SNE 2-D",
        "layout",
        "tsne",
        2,
        ("scikit-learn-intelex", "scikit-learn"),
        ("scikit-learn-intelex", "openTSNE"),
    ),
    "tsne3": Job("t-SNE 3-D", "layout", "tsne", 3, ("scikit-learn",), None),
    "umap2": Job("UMAP 2-D", "layout", "umap", 2, ("umap-learn",), ("umap-learn",)),
    "first-tsne": Job("first layout, t-SNE 2-D", "first", "tsne", 2, many=None),
    "first-umap": Job("first layout, UMAP 2-D", "first", "umap", 2, many=None),
    "frames": Job("frames, t-SNE 2-D", "frames", "tsne", 2),
    "silence-tsne": Job("longest silence, t-SNE 2-D", "silence", "tsne", 2),
    "silence-umap": Job("longest silence, UMAP 2-D", "silence", "umap", 2),
}


class ChildError(Exception):
    """A child process has failed."""


@dataclass(slots=True)
class Measured:
    """Everything measured of one engine at one job, added as it is measured.

    Attributes
    ----------
    job, n, engine
        Name of the job, number of items, and name of the engine.
    samples
        Values by name of the measure, of all repeats.
    failure
        Why the engine failed, after which it was not measured again.
    """

    job: str
    n: int
    engine: str
    samples: dict[str, list[float]] = field(default_factory=dict)
    failure: str | None = None

    def add(self, values: Answer) -> None:
        """Add the values of another repeat."""
        for name, some in values.items():
            self.samples.setdefault(name, []).extend(some)

    def median(self, name: str) -> float:
        """Median of a measure over the repeats; NaN if it has no values."""
        return float(np.median(self.samples[name])) if name in self.samples else float("nan")


@dataclass(frozen=True, slots=True)
class LayoutReport:
    """Everything measured (seconds, bytes and shares), and the title of the items by their number."""

    versions: dict[str, str]
    titles: dict[int, str]
    measured: list[Measured]


def layout_report(
    sizes: Sequence[int], jobs: Sequence[str], repeats: int, say: Say, stolen: float = 1, commit: str | None = None
) -> LayoutReport:
    """Measure everything; a measurement of which the host stole more than a share of `stolen` is repeated.

    With `commit`, embviz of that commit is measured instead of other libraries.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        If a rival is not installed; then nothing has been measured.
    subprocess.CalledProcessError
        If git does not know the commit.
    """
    sizes = sizes if mnist_here() else sizes[:1]
    rivals = [] if commit else [rival for n in sizes for name in jobs for rival in JOBS[name].rivals(n) or ()]
    packages = dict.fromkeys(["numpy", "scipy", "numba", "faiss-cpu", *rivals])
    report = LayoutReport({name: version(name) for name in packages}, {}, [])
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder, _checkouts(commit) as checkouts:
            _measure_size(report, n, jobs, repeats, stolen, Path(folder), checkouts, say)
    return report


@contextmanager
def _checkouts(commit: str | None) -> Iterator[dict[str, Path]]:
    """Folder with the code of another commit of embviz by the name that its engine has in the report."""
    if commit is None:
        yield {}
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "embviz"
        subprocess.run(["git", "worktree", "add", "--detach", str(root), commit], cwd=ROOT, check=True)
        try:
            yield {f"{US} at {commit}": root}
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(root)], cwd=ROOT, check=True)


def _measure_size(
    report: LayoutReport,
    n: int,
    jobs: Sequence[str],
    repeats: int,
    stolen: float,
    folder: Path,
    checkouts: Mapping[str, Path],
    say: Say,
) -> None:
    say(f"{n:,} items: their {COMPONENTS} principal components")
    items = bench_items(n)
    n = len(items.dataset)
    report.titles[n] = items.title
    vectors = principal_components(items.features.vectors, tuple(range(1, COMPONENTS + 1))).scores
    labels = items.dataset.labels
    assert labels is not None, "every item has one"
    del items
    np.save(folder / "vectors.npy", vectors)
    laid_out = any(JOBS[name].kind == "layout" and JOBS[name].rivals(n) is not None for name in jobs)
    judge = _Judge(yardstick(vectors, labels)) if laid_out else None
    for name in jobs:
        rivals = JOBS[name].rivals(n)
        if rivals is not None:
            engines = {US: ROOT} | (dict(checkouts) or dict.fromkeys(rivals, ROOT))
            report.measured.extend(_contest(name, n, engines, repeats, stolen, folder, judge, say))


class _Judge:
    """Computes the quality of layouts, of equal layouts only once: the same seed gives the same layout again."""

    def __init__(self, by: Yardstick) -> None:
        self._by = by
        self._judged: dict[bytes, Quality] = {}

    def quality(self, file: Path) -> Quality:
        """Quality of the layout in a file."""
        coords = np.load(file)
        key = coords.tobytes()
        if key not in self._judged:
            self._judged[key] = layout_quality(coords, self._by)
        return self._judged[key]


def _contest(
    name: str,
    n: int,
    engines: Mapping[str, Path],
    repeats: int,
    stolen: float,
    folder: Path,
    judge: _Judge | None,
    say: Say,
) -> list[Measured]:
    """Measure every engine in turn, `repeats` times; an engine that fails is not measured again.

    `engines` has, by the name of each engine, the folder with the code that measures it.
    """
    job = JOBS[name]
    contestants = [Measured(name, n, engine) for engine in engines]
    coords = folder / "coords.npy"

    def measured_once(engine: str) -> Answer:
        vectors = folder / "vectors.npy"
        root = engines[engine]
        name_there = engine if root == ROOT else US
        values = _answer(Request(job.kind, name_there, job.method, job.dims, str(vectors), str(coords)), root)
        if job.kind == "layout" and judge is not None:
            values |= {measure: [value] for measure, value in asdict(judge.quality(coords)).items()}
        say("  " + ", ".join(f"{measure} {np.median(some):.4g}" for measure, some in values.items()))
        return values

    def least_disturbed(engine: str) -> Answer:
        tries = [measured_once(engine)]
        while tries[-1]["stolen"][0] > stolen and len(tries) < TRIES:
            tries.append(measured_once(engine))
        return min(tries, key=lambda values: values["stolen"][0])

    def add(contestant: Measured, measured: Callable[[str], Answer]) -> None:
        try:
            contestant.add(measured(contestant.engine))
        except ChildError as error:
            contestant.failure = str(error)
            say(contestant.failure)

    if job.kind == "first":
        say(f"{n:,} items, {job.title}: compiling, if need be")
        for engine in engines:
            add(Measured(name, n, engine), measured_once)
    for turn in range(repeats):
        for contestant in contestants:
            if contestant.failure is None:
                say(f"{n:,} items, {job.title}, {contestant.engine}, {turn + 1} of {repeats}")
                add(contestant, least_disturbed)
    return contestants


def _answer(request: Request, root: Path) -> Answer:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.engines", request.as_json()]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if ran.returncode != 0:
        complaint = ran.stderr.strip().splitlines() or ["no word"]
        raise ChildError(f"{request.engine} failed with exit code {ran.returncode}: {complaint[-1]}")
    answer: Answer = loads(ran.stdout.splitlines()[-1])
    return answer
