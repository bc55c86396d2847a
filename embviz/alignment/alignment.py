"""The `Alignment` value: a layout moved, rotated, mirrored and scaled as a whole, to match another one."""

import math
from dataclasses import dataclass, field

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array, fingerprint, frozen_array, summary
from embviz.checks.arguments import check_fields
from embviz.projection.projection import Projection

FLAT = 1e-9
"""Extent, as a share of the largest coordinate, below which a layout counts as one point, which has no rotation."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Alignment:
    """The coordinates of a layout after alignment to another one, which keeps the proportions of its distances.

    Attributes
    ----------
    coords
        float32, shape (n, 2) or (n, 3): in the coordinates of the other layout.
    items
        Fingerprint of the items of the layout, `Dataset.items`.
    n_common
        Number of items that are in both layouts; only these determine the alignment.
    is_mirrored
        Whether the layout was also mirrored.
    angle
        Angle of rotation in degrees, 0 .. 180; after mirroring, if it was mirrored.
    scale
        Factor by which the layout was enlarged, so that the common items have the same spread as in the other layout.
    center, half
        Center, and half the side, of the box in which both layouts are drawn: the middle of the other layout, and half
        of its longest side, or more if this layout reaches beyond that.
    fingerprint
        Hash of `coords` and of the box.
    """

    coords: Float32Array
    items: str
    n_common: int
    is_mirrored: bool
    angle: float
    scale: float
    center: Float64Array
    half: float
    fingerprint: str = field(init=False)

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "coords", frozen_array("coords", self.coords, np.float32, (None, None)))
        object.__setattr__(self, "center", frozen_array("center", self.center, np.float64, self.coords.shape[1:]))
        object.__setattr__(self, "fingerprint", fingerprint(self.coords, np.append(self.center, self.half)))

    @property
    def title(self) -> str:
        """The changes that aligned the layout, in words.

        Examples
        --------
        >>> square = np.array([[0, 0], [2, 0], [2, 2], [0, 2]], np.float32)
        >>> center = np.ones(2)
        >>> Alignment(square, "toy", 4, True, 37.4, 1.204, center, 1.0).title
        'mirrored, turned by 37°, enlarged 1.2 times'
        >>> Alignment(square, "toy", 4, False, 0.0, 0.5, center, 1.0).title
        'shrunk 2 times'
        """
        done = ["mirrored"] if self.is_mirrored else []
        if round(self.angle):
            done.append(f"turned by {self.angle:.0f}°")
        factor = f"{max(self.scale, 1 / self.scale):.2g}"
        if factor != "1":
            done.append(f"{'enlarged' if self.scale > 1 else 'shrunk'} {factor} times")
        return ", ".join(done) or "as it is"


def alignment(projection: Projection, reference: Projection) -> Alignment | None:
    """The alignment of a layout to a reference layout (orthogonal Procrustes: Schönemann, 1966).

    Items are matched by their ids, so both layouts must be of one source; splits and samples of it may differ. Only
    common items count. The layout is scaled to their spread in the reference, not by least squares, which would make a
    layout the smaller, the less it agrees.

    Returns
    -------
    Alignment or None
        None if the rotation is not determined: the numbers of dimensions differ, fewer items than dimensions + 1 are in
        both, or the common items are all at one point.

    Examples
    --------
    >>> from embviz import Pca, dataset_from_arrays, project, vector_features
    >>> points = np.array([[0, 0], [4, 0], [4, 2], [1, 3]], np.float32)
    >>> layout = project(vector_features(dataset_from_arrays(vectors=points)), Pca())
    >>> smaller = project(vector_features(dataset_from_arrays(vectors=points[:, ::-1] / 2)), Pca())
    >>> laid = alignment(smaller, layout)
    >>> round(laid.scale, 3), np.allclose(laid.coords, layout.coords, atol=1e-5)
    (2.0, True)
    """
    dims = projection.coords.shape[1]
    rows, others = _common_rows(projection.ids, reference.ids)
    if dims != reference.coords.shape[1] or len(rows) <= dims:
        return None
    coords, target = projection.coords.astype(np.float64), reference.coords.astype(np.float64)
    middle, target_middle = coords[rows].mean(axis=0), target[others].mean(axis=0)
    points, targets = coords[rows] - middle, target[others] - target_middle
    spread, target_spread = float(np.linalg.norm(points)), float(np.linalg.norm(targets))
    if spread <= FLAT * np.abs(coords[rows]).max() or target_spread <= FLAT * np.abs(target[others]).max():
        return None
    left, _, right = np.linalg.svd(points.T @ targets)
    rotation = left @ right
    scale = target_spread / spread
    laid = (coords - middle) @ rotation * scale + target_middle
    is_mirrored = bool(np.linalg.det(rotation) < 0)
    center = (target.min(axis=0) + target.max(axis=0)) / 2
    half = max(np.abs(target - center).max(), np.abs(laid - center).max())
    return Alignment(
        coords=np.ascontiguousarray(laid, np.float32),
        items=projection.items,
        n_common=len(rows),
        is_mirrored=is_mirrored,
        angle=_angle(rotation, is_mirrored=is_mirrored),
        scale=scale,
        center=center,
        half=float(half),
    )


def _common_rows(ids: Int64Array, other_ids: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Rows, in either array, of the items whose ids are in both."""
    _, rows, others = np.intersect1d(ids, other_ids, assume_unique=True, return_indices=True)
    return rows, others


def _angle(rotation: Float64Array, *, is_mirrored: bool) -> float:
    """Angle of a rotation matrix in degrees; one that mirrors counts as mirroring the last axis first."""
    turning = rotation.copy()
    if is_mirrored:
        turning[-1] *= -1
    dims = len(turning)
    cosine = turning[0, 0] if dims == 2 else (np.trace(turning) - 1) / 2
    return math.degrees(math.acos(min(1.0, max(-1.0, float(cosine)))))
