"""Landmarks: the sample of items that is laid out on one machine, and into whose layout all other items are placed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, Float32Array, Int64Array, check_array
from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.files.partitioned import LANDMARKS
from embviz.datasets.files.uses.classes import NO_CLASS
from embviz.distributed.components import components_at, reduced, scores_of
from embviz.distributed.folder import Work, parts_of
from embviz.distributed.items import ids_of, named, vectors_of
from embviz.distributed.partitions import Partition, TableColumns, table_at
from embviz.distributed.sample import Drawn
from embviz.export.folder import replaced_file
from embviz.export.spec_fields import spec_fields
from embviz.features.features import Features
from embviz.features.vectors import vector_features
from embviz.items.mixed import UInt64Array
from embviz.projection.placing.place import Ground, ground_of
from embviz.projection.placing.placed import farther_shares
from embviz.projection.project import project
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.projection.supervision import UNLABELED, without_class
from embviz.version import __version__


@dataclass(frozen=True, eq=False, slots=True)
class Landmarks:
    """The items of the sample, in the order of their random keys: see `Drawn`.

    Attributes
    ----------
    ids
        int64 or text, shape (m,): ids of the items.
    keys
        uint64, shape (m,): see `Known`.
    codes
        int64, shape (m,): class of each item, as an index of `names`.
    names
        Names of all classes.
    vectors
        float32, shape (m, d): the vectors that are laid out, reduced if the spec says so.
    """

    ids: AnyArray
    keys: UInt64Array
    codes: Int64Array
    names: tuple[str, ...]
    vectors: Float32Array

    def __post_init__(self) -> None:
        m = len(self.ids)
        check_array("keys", self.keys, np.uint64, (m,))
        check_array("codes", self.codes, np.int64, (m,))
        check_array("vectors", self.vectors, np.float32, (m, None))

    @property
    def features(self) -> Features:
        """The landmarks' vectors as features of a dataset of landmarks only, whose ids are row numbers."""
        return vector_features(dataset_from_arrays(vectors=self.vectors, name="landmarks"))


def items_at(
    work: Work, partition: Partition, rows: Int64Array, columns: TableColumns, width: int, spec: Pca | Tsne | Umap
) -> tuple[list[int | str], Float32Array]:
    """Ids of some rows of a partition, and their vectors; for t-SNE and UMAP reduced, if the spec reduces vectors."""
    with named(partition):
        table = table_at(partition)
        ids = ids_of(table, partition, columns).take(rows).to_pylist()
        vectors = vectors_of(table, partition, columns, width)[rows]
        return ids, vectors if isinstance(spec, Pca) else reduced(components_at(work), vectors)


def keep_landmarks(
    work: Work, drawn: Drawn, keys: UInt64Array, names: Sequence[str], ids: Sequence[int | str], vectors: Float32Array
) -> None:
    """Write the landmarks into the shared work folder, for all workers; all arguments are in the order of `drawn`."""
    work.keep("landmarks", parts_of(Landmarks(np.array(ids), keys, drawn.codes, tuple(names), vectors)))


@lru_cache(maxsize=1)
def landmarks_at(work: Work) -> Landmarks:
    """The landmarks from the shared work folder, read once by each worker."""
    kept = work.kept("landmarks")
    return Landmarks(**kept | {"names": tuple(kept["names"])})


def layout_spec(spec: Tsne | Umap) -> Tsne | Umap:
    """The spec by which landmarks are laid out: without `preprocess`, because their vectors are reduced already."""
    return replace(spec, preprocess=None)


def lay_out(work: Work, spec: Pca | Tsne | Umap, columns: TableColumns) -> None:
    """Lay out the landmarks, keep their coordinates for all workers, and write a table of them that the page opens.

    Raises
    ------
    SpecError
        If the spec does not fit the number of landmarks.
    ExportError
        If a file cannot be written.
    """
    landmarks = landmarks_at(work)
    if not work.is_kept("layout"):
        work.keep("layout", {"coords": _coords(work, spec, landmarks)})
    _write(work, spec, columns, landmarks, work.kept("layout")["coords"])


def _coords(work: Work, spec: Pca | Tsne | Umap, landmarks: Landmarks) -> Float32Array:
    if isinstance(spec, Pca):
        return principal_coords(work, spec, landmarks.vectors)
    labels = np.where(np.array(landmarks.names)[landmarks.codes] == NO_CLASS, UNLABELED, landmarks.codes)
    labels = without_class(labels, landmarks.names, spec.ignored_label)
    return project(landmarks.features, replace(layout_spec(spec), ignored_label=None), labels=labels).coords


def principal_coords(work: Work, spec: Pca, vectors: Float32Array) -> Float32Array:
    """Coordinates of vectors along the axes that a spec asks for, which are principal axes of all items."""
    components = components_at(work)
    assert components is not None, "PCA has had them made"
    return np.ascontiguousarray(scores_of(components, vectors)[:, np.array(spec.axes) - 1])


@lru_cache(maxsize=1)
def ground_at(work: Work, spec: Tsne | Umap) -> Ground:
    """The layout of the landmarks, prepared for placing items in it; made once by each worker."""
    features, coords = landmarks_at(work).features, work.kept("layout")["coords"]
    made = Projection(
        coords=coords,
        ids=features.ids,
        spec=layout_spec(spec),
        source=features.fingerprint,
        items=features.items,
        seconds=0,
    )
    return ground_of(made, features)


@lru_cache(maxsize=1)
def places_by_key(work: Work) -> tuple[UInt64Array, Int64Array]:
    """Keys of the landmarks, ascending, and the row of each among the landmarks."""
    keys = landmarks_at(work).keys
    order = np.argsort(keys)
    return keys[order], order


def told(spec: Pca | Tsne | Umap) -> dict[str, Any]:
    """Metadata of a parquet file of coordinates: the version of embviz and the spec of the layout."""
    return {"made_by": f"embviz {__version__}", "layout": {"method": spec.method, **spec_fields(spec)}}


def _write(
    work: Work, spec: Pca | Tsne | Umap, columns: TableColumns, landmarks: Landmarks, coords: Float32Array
) -> None:
    import pyarrow
    from pyarrow import parquet

    named_axes = {axis: pyarrow.array(coords[:, i].copy()) for i, axis in enumerate("xyz"[: coords.shape[1]])}
    cells: dict[str, Any] = {"id": pyarrow.array(landmarks.ids.tolist())}
    if columns.label:
        cells["label"] = pyarrow.array([landmarks.names[code] for code in landmarks.codes])
    cells |= named_axes
    if not isinstance(spec, Pca):
        usual = ground_at(work, spec).usual_distances
        cells |= {"nearest_distance": usual, "farther_share": farther_shares(usual, usual)}
    flat = pyarrow.array(landmarks.vectors.reshape(-1))
    cells["vectors"] = pyarrow.FixedSizeListArray.from_arrays(flat, landmarks.vectors.shape[1])
    table = pyarrow.table(cells).replace_schema_metadata({"embviz": json.dumps(told(spec))})
    with replaced_file(Path(work.out) / LANDMARKS) as partial:
        parquet.write_table(table, partial)
