"""Coordinates of one partition: its items are placed among the landmarks, and written as one file."""

import json
from typing import Any, NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array
from embviz.datasets.arrays import dataset_from_arrays
from embviz.distributed.components import components_at, reduced
from embviz.distributed.folder import Work, part_path
from embviz.distributed.items import ids_of, keys_of, named, vectors_of
from embviz.distributed.landmarks import ground_at, landmarks_at, places_by_key, principal_coords, told
from embviz.distributed.measuring import codes_at, keep_sums
from embviz.distributed.partitions import Partition, TableColumns, cells_of, table_at
from embviz.distributed.sample import is_measured
from embviz.errors import ExportError
from embviz.export.folder import replaced_file
from embviz.features.vectors import vector_features
from embviz.items.mixed import UInt64Array
from embviz.projection.placing.place import placed_on
from embviz.projection.placing.placed import FAR, farther_shares
from embviz.projection.specs import Pca, Tsne, Umap


class Written(NamedTuple):
    """Counts of the items in the file of a partition.

    Attributes
    ----------
    n, placed, far
        Number of items, of items that were placed, and of placed items that are far from the landmarks: see
        `Placed.is_far`.
    """

    n: int
    placed: int
    far: int


class _Places(NamedTuple):
    coords: Float32Array
    is_placed: BoolArray
    distances: Float32Array
    shares: Float64Array


def write_partition(
    work: Work, partition: Partition, columns: TableColumns, width: int, spec: Pca | Tsne | Umap, share: float
) -> None:
    """Write the coordinates of a partition, in the order of its rows, and measure this share of its items.

    Columns are ``id``, ``label`` if there are labels, ``x, y[, z]`` and ``placed``, which is false for landmarks, and
    for all items of a PCA, which places no items. For t-SNE and UMAP ``nearest_distance`` and ``farther_share`` follow,
    as in `write_placed`.

    Raises
    ------
    DatasetError
        If the partition cannot be read, or a vector has no distance to the landmarks.
    ExportError
        If the file cannot be written.
    """
    import pyarrow
    from pyarrow import parquet

    with named(partition):
        table = table_at(partition)
        ids = ids_of(table, partition, columns)
        vectors = vectors_of(table, partition, columns, width)
        keys = keys_of(ids)
        own = _rows_among_landmarks(work, keys)
        cells: dict[str, Any] = {"id": ids}
        if columns.label:
            cells["label"] = cells_of(table, columns.label, partition.rows).cast(pyarrow.string())
        if isinstance(spec, Pca):
            coords, is_placed, far = principal_coords(work, spec, vectors), np.zeros(len(ids), np.bool_), 0
            measured = {}
        else:
            places = _places(work, spec, vectors, own)
            coords, is_placed = places.coords, places.is_placed
            far = int((places.shares[is_placed] < FAR).sum())
            measured = {"nearest_distance": places.distances, "farther_share": places.shares}
        cells |= {axis: coords[:, place].copy() for place, axis in enumerate("xyz"[: coords.shape[1]])}
        cells |= {"placed": is_placed, **measured}
        rows = np.flatnonzero(is_measured(keys, spec.seed, share))
        _measure(work, partition.number, spec, rows, own[rows], vectors[rows], coords[rows])
    counts = Written(len(ids), int(is_placed.sum()), far)
    said = {"embviz": json.dumps(told(spec)), "embviz-counts": json.dumps(counts)}
    with replaced_file(part_path(work.out, partition.number)) as partial:
        parquet.write_table(pyarrow.table(cells).replace_schema_metadata(said), partial)


def written_at(out: str, number: int) -> Written:
    """The counts recorded in the file of a partition.

    Raises
    ------
    ExportError
        If the file is not one that `write_partition` has written.
    """
    import pyarrow
    from pyarrow import parquet

    path = part_path(out, number)
    try:
        return Written(*json.loads(parquet.read_schema(path).metadata[b"embviz-counts"]))
    except (OSError, pyarrow.ArrowException, KeyError, TypeError, ValueError) as error:
        raise ExportError(f"{path} is damaged; remove it, and start again") from error


def _rows_among_landmarks(work: Work, keys: UInt64Array) -> Int64Array:
    """The row of each item among the landmarks, -1 for items that are none."""
    known, order = places_by_key(work)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, order[at], -1)


def _measure(
    work: Work,
    number: int,
    spec: Pca | Tsne | Umap,
    rows: Int64Array,
    own: Int64Array,
    vectors: Float32Array,
    coords: Float32Array,
) -> None:
    """Keep the sums over these rows of a partition; the other arguments have one entry for each row."""
    landmarks, landmark_coords = landmarks_at(work), work.kept("layout")["coords"]
    searched = vectors if isinstance(spec, Pca) else reduced(components_at(work), vectors)
    codes = codes_at(work, number, landmarks)[rows]
    keep_sums(work, number, landmarks, landmark_coords, own, searched, coords, codes)


def _places(work: Work, spec: Tsne | Umap, vectors: Float32Array, own: Int64Array) -> _Places:
    """Coordinates of items: landmarks as they were laid out, and all others placed among them."""
    ground = ground_at(work, spec)
    is_placed = own < 0
    laid_out = own[~is_placed]
    usual = ground.usual_distances
    n = len(own)
    found = _Places(np.empty((n, spec.n_components), np.float32), is_placed, np.empty(n, np.float32), np.empty(n))
    found.coords[~is_placed] = ground.projection.coords[laid_out]
    found.distances[~is_placed] = usual[laid_out]
    found.shares[~is_placed] = farther_shares(usual[laid_out], usual)
    if is_placed.any():
        new = reduced(components_at(work), vectors[is_placed])
        placed = placed_on(ground, vector_features(dataset_from_arrays(vectors=new)))
        found.coords[is_placed] = placed.coords
        found.distances[is_placed] = placed.nearest_distances
        found.shares[is_placed] = placed.farther_shares
    return found
