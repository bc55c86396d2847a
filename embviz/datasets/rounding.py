"""Loss by rounding vectors to float32: rows may become equal, or move."""

import numpy as np

from embviz.arrays import AnyArray, Float32Array, row_codes

_TOLERATED = 0.02
"""Share of the spread by which rounding may move rows; this changes less than one of 10 nearest neighbors."""
_BLOCK = 1 << 20


def rounding_loss(array: AnyArray, vectors: Float32Array) -> str:
    """Sentence on what rounding `array` to `vectors` loses, and what to do; empty if the loss does not matter.

    Examples
    --------
    >>> far = np.array([[1e8 + 3], [1e8 + 11], [1e8 + 20]])
    >>> rounding_loss(far, far.astype(np.float32)).partition(";")[0]
    'the rows move by 7% of their spread when rounded to float32'
    """
    kind, width = array.dtype.kind, array.dtype.itemsize
    if kind == "b" or width < (4 if kind in "iu" else 8) or not array.size:
        return ""  # float32 holds every value
    lost = []
    if fallen := _fallen_together(array, vectors):
        lost.append(f"{fallen:,} of {len(vectors):,} rows become equal to different ones")
    if (moved := _share_moved(array, vectors)) > _TOLERATED:
        lost.append(f"the rows move by {moved:.0%} of their spread")
    advice = "subtract the mean first: vectors - vectors.mean(axis=0)"
    return f"{' and '.join(lost)} when rounded to float32; {advice}" if lost else ""


def _fallen_together(array: AnyArray, vectors: Float32Array) -> int:
    """Number of rows that differ from another row in `array`, but equal it in `vectors`, after rounding."""
    rounded = row_codes(vectors)
    sharing = np.flatnonzero(np.bincount(rounded, minlength=1)[rounded] > 1)
    exact = array[sharing].astype(np.float64) if array.dtype.kind == "f" else array[sharing]
    different = np.unique(np.stack([rounded[sharing], row_codes(exact)]), axis=1)[0]
    is_lossy = np.bincount(different, minlength=len(vectors)) > 1
    return int(is_lossy[rounded[sharing]].sum())


def _share_moved(array: AnyArray, vectors: Float32Array) -> float:
    """Distance by which rounding moves rows against each other, as a share of their spread; both root mean squares."""
    origin = array[0].astype(np.float64)  # sums of squares keep more digits if a row is subtracted
    sums = np.zeros((4, array.shape[1]))
    step = max(1, _BLOCK // array.shape[1])
    for start in range(0, len(array), step):
        exact = array[start : start + step].astype(np.float64)
        moved = vectors[start : start + step] - exact
        exact -= origin
        sums += [moved.sum(axis=0), (moved**2).sum(axis=0), exact.sum(axis=0), (exact**2).sum(axis=0)]
    moved_mean, moved_square, mean, square = sums / len(array)
    spread = float((square - mean**2).sum())
    return float(np.sqrt(max(0.0, float((moved_square - moved_mean**2).sum())) / spread)) if spread > 0 else 0.0
