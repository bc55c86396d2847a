"""Layouts of the rows of parquet files, more than fit on one machine, written into a folder of coordinates."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import fingerprint
from embviz.checks.arguments import checked, path_of
from embviz.datasets.files.partitioned import LANDMARKS as LANDMARKS_FILE
from embviz.distributed.cluster import local_workers, results_of, workers_at
from embviz.distributed.components import components_of, keep_components
from embviz.distributed.folder import Job, done_of, missing_partitions, own_folder, without_work, write_manifest
from embviz.distributed.landmarks import items_at, keep_landmarks, landmarks_at, lay_out
from embviz.distributed.measuring import MEASURED, MeasuredLayout, as_json, from_json, measured_layout, write_overlaps
from embviz.distributed.partitions import TableColumns, files_given, partitions_of
from embviz.distributed.placing import Written, write_partition, written_at
from embviz.distributed.sample import drawn_at, drawn_together, wanted_of
from embviz.distributed.scan import SHARE, Whole, check_apart, known_at, repeated_keys, scanned, whole_of
from embviz.errors import SpecError
from embviz.export.folder import real_path
from embviz.progress import Progress, no_progress
from embviz.projection.admission import admission
from embviz.projection.preprocess.steps import components_kept, scaling_of
from embviz.projection.specs import Pca, Tsne, Umap

LANDMARKS = 20_000
"""Default number of items that are laid out together; up to this many, neighbors are searched exactly."""


@dataclass(frozen=True, slots=True)
class DistributedLayout:
    """Summary of a finished distributed layout.

    Attributes
    ----------
    out
        The output folder.
    spec
        Spec of the layout.
    n, width
        Number of items, and length of their vectors.
    landmarks
        Number of items that were laid out together.
    placed, far
        Number of items that were placed among the landmarks, and of placed items far from them: see `Placed.is_far`.
    partitions, computed
        Number of files of coordinates, and number of these that this run has written.
    explained_variance_ratio
        Each principal component's share of the variance, 0..1, descending; empty if no components were needed.
    measured
        Overlaps of classes, and how many neighbors are kept; None for fewer than three landmarks, and for folders by
        versions of embviz that did not measure.
    seconds
        Seconds that each stage took in this run, by name; stages that were done before are left out.
    """

    out: Path
    spec: Pca | Tsne | Umap
    n: int
    width: int
    landmarks: int
    placed: int
    far: int
    partitions: int
    computed: int
    explained_variance_ratio: tuple[float, ...]
    measured: MeasuredLayout | None
    seconds: dict[str, float]


@checked()
def distributed_layout(
    pattern: str,
    spec: Pca | Tsne | Umap,
    out: str | Path,
    *,
    vectors: str,
    label: str = "",
    id: str = "",
    cluster: str = "local",
    landmarks: int = LANDMARKS,
    progress: Progress = no_progress,
) -> DistributedLayout:
    """Lay out the rows of parquet files, partition by partition, and write their coordinates into a folder.

    PCA is exact: its axes come from sums over all rows. t-SNE and UMAP lay out a sample of the items, the landmarks,
    and place all others among them one by one (see `place`): the layout shows the structure of the landmarks, and none
    that only a few of very many items have. The coordinates of an item depend on the data, the spec and `landmarks`,
    not on partitions, workers, or how often the run was stopped and started again.

    Parameters
    ----------
    pattern
        Files such as ``data/*.parquet``, or a folder of them. Every worker must see them, and `out`, at the same path.
    spec
        Spec of the layout; ``reference`` engines and all `preprocess` but ``pca-N`` are refused.
    out
        A new or empty folder, or that of an earlier run of the same job, which is continued.
    vectors, label, id
        Names of columns: see `TableColumns`.
    cluster
        ``local``, ``local:4`` for four processes, or the address of a scheduler, ``tcp://host:8786``.
    landmarks
        Largest number of items that are laid out together; each class has its share of them.
    progress
        Called with each stage, the number of its calls that are done, and their total number.

    Raises
    ------
    SpecError
        If the spec does not fit the data, or `cluster` has another form than those above.
    DatasetError
        If the files cannot be laid out; the message names the file or partition.
    ExportError
        If the folder holds other files or another job's layout, or cannot be written.
    ClusterError
        If workers or the scheduler are lost for good.
    MissingDependencyError
        If Dask is not installed.
    """
    local_workers(cluster)  # refuses an invalid cluster before files are looked at
    job = _job(pattern, spec, out, TableColumns(vectors, label, id), landmarks)
    with own_folder(job):
        if missing_partitions(job) or not done_of(job):
            with workers_at(cluster) as client:
                return _Run(job, client, progress).summary()
    return _summary(job, {}, 0)


def _job(pattern: str, spec: Pca | Tsne | Umap, out: str | Path, columns: TableColumns, landmarks: int) -> Job:
    """The job that was asked for; arguments that cannot work are refused."""
    files = files_given(pattern)
    partitions, width = partitions_of(files, columns)
    n = sum(partition.n for partition in partitions)
    if not isinstance(spec, Pca) and spec.engine == "reference":
        raise SpecError("the reference engines run on one machine only; leave engine out, or lay out a sample")
    if scaling_of(spec.preprocess) is not None:
        raise SpecError(
            f"a layout on a cluster cannot scale vectors, got preprocess {spec.preprocess!r}; leave out all but pca-N, "
            "or lay out a sample on one machine"
        )
    if landmarks < 2:
        raise SpecError(f"landmarks must be at least 2, got {landmarks}")
    if not isinstance(spec, Pca) and spec.supervised and not columns.label:
        raise SpecError("no column of labels is named for a supervised layout; name it, or leave supervised off")
    nameless = spec if isinstance(spec, Pca) else replace(spec, ignored_label=None)  # names are read later
    admission(nameless, min(n, landmarks), width, labels=np.zeros(min(n, landmarks), np.int64))
    states = (f"{path} {(found := path.stat()).st_size} {found.st_mtime_ns}" for path in files)
    folder = str(real_path(path_of("out", out)))
    return Job(folder, spec, columns, landmarks, width, partitions, fingerprint(*states))


class _Run:
    """One run of a job: its stages, each over the partitions for which it is not done yet."""

    def __init__(self, job: Job, client: Any, progress: Progress) -> None:
        self.job, self.work = job, job.work
        self.client, self.progress = client, progress
        self.seconds: dict[str, float] = {}

    def summary(self) -> DistributedLayout:
        """Do all that is not done yet, and return the summary of the layout."""
        job, work = self.job, self.work
        missing = missing_partitions(job)
        if missing and not (work.is_kept("layout") and (Path(job.out) / LANDMARKS_FILE).exists()):
            self._lay_out()
        common = (job.columns, job.width, job.spec, MEASURED / job.n)
        calls = {each.number: (work, each, *common) for each in missing}
        for _ in self._results("placing", write_partition, calls):
            pass
        summary = _summary(job, self.seconds, len(missing))
        if summary.measured is not None:
            write_overlaps(job.out, summary.measured)
        write_manifest(job, _said(summary))
        without_work(job)
        return summary

    def _lay_out(self) -> None:
        job, work = self.job, self.work
        if not work.is_kept("landmarks"):
            whole = self._scanned()
            self._keep_components(whole)
            self._keep_landmarks(whole)
        for _ in self._results("landmarks", lay_out, {0: (work, job.spec, job.columns)}):
            pass

    def _scanned(self) -> Whole:
        job, work = self.job, self.work
        scan = partial(scanned, with_moments=_kept(job.spec) > 0)
        missing = [each for each in job.partitions if not work.is_kept("known", each.number)]
        calls = {each.number: (work, each, job.columns, job.width, _metric(job.spec)) for each in missing}
        for _ in self._results("reading", scan, calls):
            pass
        if job.columns.id:
            shares = -(-job.n // SHARE)
            numbers = [each.number for each in job.partitions]
            looked = {share: (work, numbers, share, shares) for share in range(shares)}
            for _, found in self._results("comparing ids", repeated_keys, looked):
                for key, first, second in found:
                    check_apart(key, job.partitions[first], job.partitions[second], job.columns)
        return whole_of(work, job.partitions, job.columns, with_moments=_kept(job.spec) > 0)

    def _keep_components(self, whole: Whole) -> None:
        if whole.moments is not None:
            spec = self.job.spec
            keep_components(self.work, components_of(whole.moments, _kept(spec), _metric(spec)))

    def _keep_landmarks(self, whole: Whole) -> None:
        job, work = self.job, self.work
        wanted = wanted_of(whole, job.landmarks)
        calls = {each.number: (work, each.number, wanted, job.spec.seed) for each in job.partitions}
        parts = (part for _, part in self._results("sampling", drawn_at, calls))
        drawn = drawn_together(parts, wanted)
        ids: list[int | str] = [0] * len(drawn.lots)
        keys = np.empty(len(ids), np.uint64)
        vectors: Any = None
        of_number = {number: np.flatnonzero(drawn.numbers == number) for number in set(drawn.numbers.tolist())}
        given = {
            number: (work, job.partitions[number], drawn.rows[places], job.columns, job.width, job.spec)
            for number, places in of_number.items()
        }
        for number, (some_ids, some) in self._results("landmarks' vectors", items_at, given):
            places = of_number[number]
            vectors = np.empty((len(ids), some.shape[1]), np.float32) if vectors is None else vectors
            vectors[places] = some
            keys[places] = known_at(work, number).keys[drawn.rows[places]]
            for place, each in zip(places.tolist(), some_ids, strict=True):
                ids[place] = each
        keep_landmarks(work, drawn, keys, whole.names, ids, vectors)

    def _results(
        self, stage: str, function: Callable[..., Any], calls: dict[int, tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any]]:
        """Results of a function for several calls, one per partition or other numbered part of the stage."""
        partitions = self.job.partitions
        is_of_partitions = function not in (lay_out, repeated_keys)
        began = time.perf_counter()
        if calls:
            about = (lambda number: partitions[number].where) if is_of_partitions else (lambda _: stage)
            yield from results_of(self.client, stage, function, calls, self.progress, about)
            self.seconds[stage] = round(time.perf_counter() - began, 3)


def _metric(spec: Pca | Tsne | Umap) -> str:
    return "euclidean" if isinstance(spec, Pca) else spec.metric


def _kept(spec: Pca | Tsne | Umap) -> int:
    """Number of principal axes of all items that a layout needs."""
    if isinstance(spec, Pca):
        return max(spec.axes)
    return components_kept(spec.preprocess) or 0


def _summary(job: Job, seconds: dict[str, float], computed: int) -> DistributedLayout:
    """The summary of a job whose partitions are all written."""
    found = [written_at(job.out, each.number) for each in job.partitions]
    whole = Written(*np.array(found).sum(axis=0).tolist())
    before = done_of(job)
    measured = from_json(before.get("measured"))
    if not before:
        measured = measured_layout(job.work, [each.number for each in job.partitions], landmarks_at(job.work))
    shares: Iterable[float] = before.get("explained_variance_ratio", ())
    if job.work.is_kept("components"):
        shares = job.work.kept("components")["explained_variance_ratio"].tolist()
    return DistributedLayout(
        out=Path(job.out),
        spec=job.spec,
        n=whole.n,
        width=job.width,
        landmarks=min(job.landmarks, whole.n),
        placed=whole.placed,
        far=whole.far,
        partitions=len(job.partitions),
        computed=computed,
        explained_variance_ratio=tuple(shares),
        measured=measured,
        seconds=seconds,
    )


def _said(summary: DistributedLayout) -> dict[str, Any]:
    """The parts of a summary that the manifest records."""
    return {
        "placed": summary.placed,
        "far": summary.far,
        "explained_variance_ratio": list(summary.explained_variance_ratio),
        "measured": as_json(summary.measured),
    }
