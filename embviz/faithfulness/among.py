"""Neighbor recall of a layout if only chosen items, the landmarks, count as neighbors."""

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Int64Array
from embviz.neighbors import nearest_rows


def neighbors_kept(
    vectors: Float32Array,
    coords: Float32Array,
    own: Int64Array,
    landmarks: Float32Array,
    landmark_coords: Float32Array,
    k: int,
) -> Int64Array:
    """How many of the k landmarks nearest to each item in the data are among the k nearest in the layout, int64 (n,).

    Divided by k it is the neighbor recall of `Faithfulness`, except that of equally far landmarks those in lower rows
    are counted.

    Parameters
    ----------
    vectors, coords
        float32, shapes (n, d) and (n, 2 or 3): the items in the data and in the layout.
    own
        int64, shape (n,): row of each item among the landmarks, -1 for an item that is none.
    landmarks, landmark_coords
        float32, shapes (L, d) and (L, 2 or 3): all landmarks.
    k
        Number of neighbors, below L.

    Examples
    --------
    Landmarks at 0, 1 and 5; in the layout the first one has moved to 9.

    >>> data, layout = np.array([[0], [1], [5]], np.float32), np.array([[9, 0], [1, 0], [5, 0]], np.float32)
    >>> item, none = np.array([[2]], np.float32), np.array([-1])
    >>> neighbors_kept(item, np.array([[2, 0]], np.float32), none, data, layout, k=2).tolist()
    [1]
    """
    n, among = len(landmarks), np.arange(len(landmarks))
    of = np.where(own < 0, n + np.arange(len(vectors)), own)
    lists = [
        nearest_rows(np.concatenate([theirs, mine]), k, among=among, of=of).indices
        for theirs, mine in ((landmarks, vectors), (landmark_coords, coords))
    ]
    base = np.arange(len(vectors))[:, None] * n
    is_kept: BoolArray = np.isin(base + lists[0], base + lists[1])
    kept: Int64Array = is_kept.sum(axis=1)
    return kept
