"""How classes overlap, and how many neighbors the layout keeps, among the landmarks: sums over partitions, and results.

A random sample of all items is measured, landmarks or not, so that means over it are estimates of those over all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.datasets.files.uses.classes import NO_CLASS
from embviz.distributed.folder import Work, parts_of
from embviz.distributed.landmarks import Landmarks
from embviz.distributed.scan import known_at
from embviz.export.folder import replaced_file
from embviz.faithfulness.among import neighbors_kept
from embviz.faithfulness.faithfulness import usual_k
from embviz.overlap.landmarks.overlaps import LandmarkOverlap, landmark_overlaps
from embviz.overlap.landmarks.sums import LandmarkSums, are_enough, landmark_sums
from embviz.overlap.table.readable import MOST_READABLE
from embviz.processes.blas import one_blas_thread
from embviz.storage.csv_text import csv_line

MEASURED = 100_000
"""Number of items that are measured, about: more would hardly shorten an interval if there are 20,000 landmarks."""

OVERLAPS = "_overlap.csv"
"""Name of the file of the overlaps of every two classes."""

SPACES = ("features", "layout")


@dataclass(frozen=True, slots=True)
class MeasuredPair:
    """The overlap of two classes, by name, in feature space and in the layout."""

    names: tuple[str, str]
    features: LandmarkOverlap
    layout: LandmarkOverlap


@dataclass(frozen=True, slots=True)
class MeasuredLayout:
    """How classes overlap, and how many neighbors a distributed layout keeps, if only landmarks count as neighbors.

    Feature space is that of the vectors that were laid out, of principal components if the spec has ``pca-N``.
    Distances are Euclidean, whatever the metric of the layout.

    Attributes
    ----------
    n
        Number of items that were measured.
    k
        Number of neighbors.
    neighbor_recall
        Share of the k landmarks nearest in feature space that are among the k nearest in the layout: the mean, 0..1.
    corrected_recall
        The same above chance: 1 if all are kept, 0 by chance (R_NX, see `Faithfulness.corrected_recall`).
    pairs
        The overlaps of every two classes that have k + 2 landmarks each, the one largest in feature space first.
    left_out
        Names of the classes with fewer landmarks.
    missing
        The reason why there are no `pairs`, in words; empty if there are.
    """

    n: int
    k: int
    neighbor_recall: float
    corrected_recall: float
    pairs: tuple[MeasuredPair, ...]
    left_out: tuple[str, ...] = ()
    missing: str = ""


def keep_sums(
    work: Work,
    number: int,
    landmarks: Landmarks,
    landmark_coords: Float32Array,
    own: Int64Array,
    vectors: Float32Array,
    coords: Float32Array,
    codes: Int64Array,
) -> None:
    """Measure some items of a partition, and keep the sums.

    Parameters
    ----------
    work, number
        The work folder, and the number of the partition.
    landmarks, landmark_coords
        All landmarks, and float32, shape (L, 2 or 3): their coordinates.
    own, vectors, coords, codes
        The items to measure: see `landmark_sums`; vectors as they are laid out.
    """
    k = usual_k(len(landmarks.ids))
    kept = neighbors_kept(vectors, coords, own, landmarks.vectors, landmark_coords, k) if k else np.zeros_like(own)
    parts: dict[str, Any] = {
        "kept": np.array([kept[own < 0].sum(), kept[own >= 0].sum()]),
        "asked": np.array([(own < 0).sum(), (own >= 0).sum()]),
    }
    with one_blas_thread():
        if k and not why_no_pairs(landmarks):
            spaces = zip(SPACES, ((landmarks.vectors, vectors), (landmark_coords, coords)), strict=True)
            for space, (theirs, mine) in spaces:
                sums = landmark_sums(mine, codes, own, theirs, measured_codes(landmarks), len(landmarks.names), k)
                for name, part in parts_of(sums).items():
                    flat = part.reshape(-1)
                    at = np.flatnonzero(flat)  # few: most landmarks are far from the border of two classes
                    parts |= {f"{space} {name} at": at, f"{space} {name}": flat[at]}
    work.keep("sums", parts, number)


def is_class(name: str) -> bool:
    """Whether a label is the name of a class; those of items without a label are not."""
    return name not in ("", NO_CLASS)


def measured_codes(landmarks: Landmarks) -> Int64Array:
    """The class of each landmark, -1 for those without one."""
    is_class_of = np.array([is_class(name) for name in landmarks.names])
    return np.where(is_class_of[landmarks.codes], landmarks.codes, -1)


def codes_at(work: Work, number: int, landmarks: Landmarks) -> Int64Array:
    """The class of each item of a partition, as an index of all classes, -1 for items without one."""
    known = known_at(work, number)
    places = {name: place for place, name in enumerate(landmarks.names) if is_class(name)}
    return np.array([places.get(name, -1) for name in known.names])[known.codes]


def why_no_pairs(landmarks: Landmarks) -> str:
    """The reason why overlaps are not measured, in words; empty if they are."""
    classes = list(filter(is_class, landmarks.names))
    if len(classes) < 2:
        return "there are no two classes"
    if len(classes) > MOST_READABLE:
        return f"a table of every two of {len(classes):,} classes is too large; at most {MOST_READABLE} are measured"
    return ""


def measured_layout(work: Work, numbers: Sequence[int], landmarks: Landmarks) -> MeasuredLayout | None:
    """What the sums of all partitions say; None for so few landmarks that none is a neighbor."""
    k, n = usual_k(len(landmarks.ids)), len(landmarks.ids)
    if not k:
        return None
    kept, asked = np.zeros((2, 2), np.int64)
    missing, codes, n_classes = why_no_pairs(landmarks), measured_codes(landmarks), len(landmarks.names)
    whole = {space: _no_sums(n, n_classes) for space in (() if missing else SPACES)}
    for number in numbers:
        found = work.kept("sums", number)
        kept, asked = kept + found["kept"], asked + found["asked"]
        for space, sums in whole.items():
            for name, part in parts_of(sums).items():
                part.reshape(-1)[found[f"{space} {name} at"]] += found[f"{space} {name}"]
    others = np.array([n, n - 1])
    corrected = (others * kept / k - asked * k) / (others - k)
    pairs = [landmark_overlaps(sums, codes, k) for sums in whole.values()]
    named = [
        MeasuredPair((landmarks.names[features.classes[0]], landmarks.names[features.classes[1]]), features, layout)
        for features, layout in zip(*pairs, strict=True)
    ]
    too_few = ~are_enough(np.bincount(codes[codes >= 0], minlength=n_classes), k)
    left_out = [name for name, is_out in zip(landmarks.names, too_few, strict=True) if is_out and is_class(name)]
    if not named and not missing:
        missing = f"there are no two classes with {k + 2} landmarks each"
    total = int(asked.sum())
    return MeasuredLayout(
        n=total,
        k=k,
        neighbor_recall=float(kept.sum() / (k * total)),
        corrected_recall=float(corrected.sum() / total),
        pairs=tuple(sorted(named, key=lambda pair: -pair.features.index)),
        left_out=() if missing else tuple(left_out),
        missing=missing,
    )


def _no_sums(n: int, n_classes: int) -> LandmarkSums:
    square = np.zeros((2, n_classes, n_classes), np.int64)
    counts, asked = np.zeros(n_classes, np.int64), np.zeros(n, np.int64)
    of_landmarks, changes = np.zeros((n, n_classes), np.int64), np.zeros((2, n, n_classes), np.int64)
    return LandmarkSums(counts, square[0], square[1], asked, of_landmarks, changes)


def as_json(measured: MeasuredLayout | None) -> dict[str, Any] | None:
    """What the manifest records."""
    return None if measured is None else asdict(measured)


def from_json(said: Mapping[str, Any] | None) -> MeasuredLayout | None:
    """What `as_json` has recorded; None where nothing is, as in folders of earlier versions."""
    if said is None:
        return None
    pairs = tuple(
        MeasuredPair(tuple(pair["names"]), *(_overlap_of(pair[space]) for space in SPACES)) for pair in said["pairs"]
    )
    return MeasuredLayout(**{**said, "pairs": pairs, "left_out": tuple(said["left_out"])})


def _overlap_of(said: Mapping[str, Any]) -> LandmarkOverlap:
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in said.items()}
    return LandmarkOverlap(**values)


def write_overlaps(out: str, measured: MeasuredLayout) -> None:
    """Write the overlaps of every two classes, with their 95 % confidence intervals, as a table.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    header = ["class_a", "class_b", "measured_a", "measured_b", "landmarks_a", "landmarks_b"]
    header += [f"{space}_{name}" for space in SPACES for name in ("index", "low", "high")]
    lines = [csv_line(header)]
    for pair in measured.pairs:
        numbers: list[float] = []
        for overlap in (pair.features, pair.layout):
            interval = overlap.index_interval
            numbers += [overlap.index, interval.low, interval.high]
        counts = [*pair.features.n_per_class, *pair.features.landmarks_per_class]
        lines.append(csv_line([*pair.names, *map(str, counts), *(f"{number:.6g}" for number in numbers)]))
    with replaced_file(Path(out) / OVERLAPS) as partial:
        partial.write_text("".join(lines), encoding="utf-8")
