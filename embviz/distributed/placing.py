"""Coordinates of one partition: its items are placed among the landmarks, and written as one file."""

import json
from typing import Any, NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array
from embviz.datasets.arrays import dataset_from_arrays
from embviz.distributed.components import components_at, reduced
from embviz.distributed.folder import Work, part_path
from embviz.distributed.items import ids_of, keys_of, named, vectors_of
from embviz.distributed.landmarks import ground_at, places_by_key, principal_coords, told
from embviz.distributed.partitions import Partition, TableColumns, cells_of, table_at
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
    work: Work, partition: Partition, columns: TableColumns, width: int, spec: Pca | Tsne | Umap
) -> None:
    """Write the coordinates of a partition, in the order of its rows.

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
        cells: dict[str, Any] = {"id": ids}
        if columns.label:
            cells["label"] = cells_of(table, columns.label, partition.rows).cast(pyarrow.string())
        if isinstance(spec, Pca):
            coords, is_placed, far = principal_coords(work, spec, vectors), np.zeros(len(ids), np.bool_), 0
            measured = {}
        else:
            places = _places(work, spec, vectors, keys_of(ids))
            coords, is_placed = places.coords, places.is_placed
            far = int((places.shares[is_placed] < FAR).sum())
            measured = {"nearest_distance": places.distances, "farther_share": places.shares}
        cells |= {axis: coords[:, place].copy() for place, axis in enumerate("xyz"[: coords.shape[1]])}
        cells |= {"placed": is_placed, **measured}
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


def _places(work: Work, spec: Tsne | Umap, vectors: Float32Array, keys: UInt64Array) -> _Places:
    """Coordinates of items: landmarks as they were laid out, and all others placed among them."""
    ground, (known, order) = ground_at(work, spec), places_by_key(work)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    is_placed = known[at] != keys
    laid_out = order[at[~is_placed]]
    usual = ground.usual_distances
    n = len(keys)
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
