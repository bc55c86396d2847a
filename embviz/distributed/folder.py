"""The output folder of a distributed layout: its manifest, its result files, and the work files that workers share."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import DataclassValue, fingerprint
from embviz.datasets.files.partitioned import MANIFEST, manifest_of
from embviz.distributed.partitions import Partition, TableColumns
from embviz.errors import ExportError
from embviz.export.folder import STAGING_PREFIX, replaced_file
from embviz.export.spec_fields import spec_fields
from embviz.pipeline.stored import VERSION
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.storage.artifacts import Artifact, read_artifact, write_artifact
from embviz.storage.locks import held, is_temporary
from embviz.version import __version__

WORK = "_work"
"""Name of the folder of the files that workers share."""

_CALLED = {"layout": "parameters", "files": "data", "results": "version of embviz"}
"""Names of the manifest's parts in messages."""


@dataclass(frozen=True, slots=True)
class Job:
    """A distributed layout that was asked for: its spec, the files whose rows are laid out, and the output folder.

    Attributes
    ----------
    out
        Path of the output folder, absolute.
    spec
        Spec of the layout; its seed is also that of the sample.
    columns
        Columns to read from the files.
    landmarks
        Largest number of items that are laid out together.
    width
        Length of the vectors.
    partitions
        All partitions, in order.
    stamp
        Text that changes whenever one of the files changes.
    """

    out: str
    spec: Pca | Tsne | Umap
    columns: TableColumns
    landmarks: int
    width: int
    partitions: tuple[Partition, ...]
    stamp: str

    @property
    def n(self) -> int:
        """Number of items."""
        return sum(partition.n for partition in self.partitions)

    @property
    def said(self) -> dict[str, Any]:
        """The job as recorded in the manifest; by this record, the folder of another job is recognized."""
        return {
            "layout": {"method": self.spec.method, **spec_fields(self.spec)},
            "columns": asdict(self.columns),
            "landmarks": self.landmarks,
            "files": fingerprint(self.stamp, repr(self.partitions)),
            "results": VERSION,
        }

    @property
    def work(self) -> "Work":
        """The work folder, where results are kept until the job is done."""
        return Work(self.out, fingerprint(json.dumps(self.said)))


@dataclass(frozen=True, slots=True)
class Work:
    """The intermediate results of a job, which workers share as files in its folder.

    Attributes
    ----------
    out
        Path of the job's output folder, which must be the same on every machine.
    key
        Hash of the job, by which results of another job in the same folder are recognized.
    """

    out: str
    key: str

    def is_kept(self, kind: str, number: int = 0) -> bool:
        """Whether the file of a result exists; `number` is that of its partition, 0 for a result of all items."""
        return self._path(kind, number).exists()

    def kept(self, kind: str, number: int = 0) -> dict[str, Any]:
        """The parts of the result, arrays and scalars by name; tuples have become lists.

        Raises
        ------
        ExportError
            If the file is missing or damaged, or its result belongs to another job.
        """
        path = self._path(kind, number)
        try:
            found = read_artifact(path, kind, self.key)
        except Exception as error:  # of many types if the file is damaged
            raise ExportError(f"{path} cannot be read; remove it, and start again") from error
        return {**found.arrays, **found.scalars}

    def keep(self, kind: str, parts: Mapping[str, Any], number: int = 0) -> None:
        """Write a result, arrays and scalars by name, atomically: the file exists whole or not at all.

        Raises
        ------
        ExportError
            If the file cannot be written.
        """
        arrays = {name: part for name, part in parts.items() if isinstance(part, np.ndarray)}
        scalars = {name: part for name, part in parts.items() if name not in arrays}
        with replaced_file(self._path(kind, number)) as partial, partial.open("wb") as file:
            write_artifact(file, kind, self.key, Artifact(arrays, scalars))

    def _path(self, kind: str, number: int) -> Path:
        return Path(self.out) / WORK / kind / f"{number:05}.npz"


def parts_of(value: DataclassValue) -> dict[str, Any]:
    """The fields of a value by name, as `Work.keep` takes them."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def part_path(out: str, number: int) -> Path:
    """Path of the file of a partition's coordinates, which exists once it is complete."""
    return Path(out) / f"part-{number:05}.parquet"


@contextmanager
def own_folder(job: Job) -> Iterator[None]:
    """A context with the job's folder, locked: a new one, or one in which an earlier run of the same job has stopped.

    Raises
    ------
    ExportError
        If the folder holds other files or another job's layout, or another run writes into it.
    """
    folder = Path(job.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = [each for each in folder.iterdir() if not is_temporary(each, STAGING_PREFIX)]
    except OSError as error:
        raise ExportError(f"cannot write in {folder}: {error.strerror or error}; give another folder") from error
    found = manifest_of(folder)
    if found is None and present:
        raise ExportError(f"{folder} holds other files; give a new or empty folder")
    said = json.loads(json.dumps(job.said))  # as the manifest gives it back
    differing = [_CALLED.get(name, name) for name, value in said.items() if found and found.get(name) != value]
    if differing:
        raise ExportError(
            f"{folder} holds a layout with other {', '.join(differing)}; give another folder, or remove this one"
        )
    with held(folder) as is_mine:
        if is_mine is False:
            raise ExportError(f"another run writes into {folder}; wait for it, or give another folder")
        if found is None:
            write_manifest(job, {})
        yield


def write_manifest(job: Job, done: dict[str, Any]) -> None:
    """Write the manifest: the job, and its outcome once it is done.

    Raises
    ------
    ExportError
        If the manifest cannot be written.
    """
    said = {"made_by": f"embviz {__version__}", "n": job.n, "width": job.width, **job.said, "done": done}
    with replaced_file(Path(job.out) / MANIFEST) as partial:
        partial.write_text(json.dumps(said, indent=1), encoding="utf-8")


def done_of(job: Job) -> dict[str, Any]:
    """The outcome that the manifest records; empty before the layout is done."""
    return (manifest_of(Path(job.out)) or {}).get("done") or {}


def missing_partitions(job: Job) -> list[Partition]:
    """The partitions whose coordinates are not written; as long as the layout is not done, also those without sums."""
    is_done = bool(done_of(job))
    return [
        each
        for each in job.partitions
        if not part_path(job.out, each.number).exists() or not (is_done or job.work.is_kept("sums", each.number))
    ]


def without_work(job: Job) -> None:
    """Remove the work folder, which the finished layout does not need."""
    shutil.rmtree(Path(job.out) / WORK, ignore_errors=True)
