"""Durations of the parts of a run: measured during the run, stored for the next one, typical values for a first one."""

import logging
import math
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from embviz.jobs.clock import is_waiting
from embviz.jobs.pace import Passed, Plan, Step
from embviz.projection.specs import Columns, Directions, LinearSpec, Pca, ProjectionSpec, Tsne, automatic_epochs
from embviz.projection.titles import METHODS
from embviz.storage.artifacts import Artifact
from embviz.storage.store import Store

FOLDER = "duration"
CLASSIFIER, NEIGHBORS, LAYOUT = PARTS = ("classifier", "neighbors", "layout")
"""Parts that a run may have to compute, in order; durations are stored for each part by itself."""

NEIGHBOR_STAGES = ("duplicates", "neighbor index", "search cells", "recall", "neighbors")
ONCE_ONLY = ("starting", "reading the data", "preprocessing", "loading kernels", "compiling kernels")
"""Stages whose durations tell nothing about the next run, and are not stored."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """The properties of a run by which its duration is estimated.

    Attributes
    ----------
    projection
        Spec of the layout.
    n_items, n_features
        Shape of the vectors that are laid out.
    parts
        Names, out of `PARTS`, of the parts that have to be computed.
    classifier
        Text that identifies the classifier: the source of the dataset that it is trained on, and its hidden layers if
        they are not the default; empty for a dataset made from arrays.
    """

    projection: ProjectionSpec
    n_items: int
    n_features: int
    parts: tuple[str, ...]
    classifier: str = ""


def expected_plan(work: Work, store: Store) -> Plan:
    """The steps that a run is expected to take: as in the last similar run on this machine, or else typical ones."""
    found = [_earlier_steps(work, part, store) for part in work.parts]
    known = [steps or _usual_steps(work, part) for part, steps in zip(work.parts, found, strict=True)]
    return Plan(tuple(step for steps in known for step in steps), is_measured=all(found))


def keep_durations(work: Work, passed: Passed, store: Store) -> None:
    """Store how long each part of a run took; to be called only for a run that ended as it was planned."""
    steps = [*passed.steps, passed.current]
    for part in work.parts:
        own = merged_steps([step for step in steps if part_of(step.stage) == part])
        if own:
            name = _name(work, part, _bucket(work.n_items))
            seconds = np.array([step.seconds for step in own]) / _size(work, part)
            stages = "\n".join(step.stage for step in own)
            store.save(FOLDER, name, Artifact({"seconds": seconds}, {"stages": stages}))


def part_of(stage: str) -> str | None:
    """The one of `PARTS` that a stage belongs to; None if its duration tells nothing about the next run.

    Examples
    --------
    >>> part_of("recall"), part_of("t-SNE"), part_of("t-SNE paused"), part_of("2 others before you")
    ('neighbors', 'layout', None, None)
    """
    if stage in ONCE_ONLY or is_waiting(stage):
        return None
    if stage == "training the classifier":
        return CLASSIFIER
    return NEIGHBORS if stage in NEIGHBOR_STAGES else LAYOUT


def merged_steps(steps: Sequence[Step]) -> list[Step]:
    """The same steps, with consecutive steps of one stage added up to one step.

    Examples
    --------
    >>> merged_steps([Step("recall", 1.0), Step("t-SNE", 2.0), Step("t-SNE", 3.0)])
    [Step(stage='recall', seconds=1.0), Step(stage='t-SNE', seconds=5.0)]
    """
    return [
        Step(stage, sum(step.seconds for step in group)) for stage, group in groupby(steps, lambda step: step.stage)
    ]


def _earlier_steps(work: Work, part: str, store: Store) -> list[Step]:
    """The steps of a part, from the last run of the same kind and about the same size; empty if none is stored.

    Stored seconds are per unit of `_size`, and so are scaled to this run.
    """
    size = _bucket(work.n_items)
    for bucket in [size] if part == CLASSIFIER else [size, size - 1, size + 1]:
        artifact = store.load(FOLDER, _name(work, part, bucket))
        if artifact is None:
            continue
        stages, kept = str(artifact.scalars.get("stages", "")).split("\n"), artifact.arrays.get("seconds")
        seconds = [] if kept is None or kept.dtype != np.float64 or kept.ndim != 1 else kept.tolist()
        if len(seconds) != len(stages) or not all(0 <= each < math.inf for each in seconds):
            logger.warning("durations in the store are damaged, and are not used")
            continue
        return [Step(stage, each * _size(work, part)) for stage, each in zip(stages, seconds, strict=True)]
    return []


def _usual_steps(work: Work, part: str) -> list[Step]:
    """Typical steps of a part, with the seconds on two cores of 2024, of which only the ratios are used."""
    n, wide = work.n_items, math.sqrt(work.n_features / 784)
    match part:
        case "classifier":
            return [Step("training the classifier", 35.0)]
        case "neighbors" if n <= 20_000:
            return [Step("duplicates", 5e-6 * n), Step("neighbors", 1.2e-8 * n * n * wide)]
        case "neighbors":
            index, look = Step("neighbor index", 4e-4 * n * wide), Step("recall", 3.0)
            return [Step("neighbor index", 1.0), look, index, look, Step("neighbors", 2e-4 * n * wide)]
    if isinstance(work.projection, Directions | Columns):
        return [Step("coordinates", 1e-5 * n * wide)]
    if isinstance(work.projection, Pca):
        return [Step("principal components", 6e-5 * n * wide), Step("coordinates", 1e-5 * n * wide)]
    start = [Step("principal components", 6e-5 * n * wide), Step("affinities", 4e-5 * n)]
    if work.projection.init == "spectral":
        start.append(Step("spectral start", 5e-5 * n))
    return [*start, Step(METHODS[work.projection.method], 5e-7 * _size(work, LAYOUT))]


def _size(work: Work, part: str) -> float:
    """The amount of work to which the seconds of a part are proportional, among runs of about the same size."""
    if part == CLASSIFIER:
        return 1.0
    return float(work.n_items * (_rounds(work) if part == LAYOUT else 1))


def _rounds(work: Work) -> int:
    match work.projection:
        case Pca() | Directions() | Columns():
            return 1
        case Tsne(max_iter=rounds):
            return rounds
        case umap:
            return umap.n_epochs or automatic_epochs(work.n_items)


def _bucket(n_items: int) -> int:
    """Number of the size class of a run; sizes that differ by less than a fifth are mostly in the same class."""
    return round(2 * math.log2(n_items))


def _name(work: Work, part: str, bucket: int) -> str:
    """Key of the durations of a part in the store, of a-z, 0-9 and hyphens: equal for runs that are alike."""
    spec, where = work.projection, platform.node()
    kind: tuple[object, ...] = (work.classifier,)
    if part != CLASSIFIER:
        metric = "" if isinstance(spec, LinearSpec) else spec.metric
        kind = (metric, work.n_features, bucket)
    if part == LAYOUT:
        engine = () if isinstance(spec, LinearSpec) else (spec.engine, spec.init)
        kind = (spec.method, spec.n_components, *engine, *kind)
    return re.sub("[^a-z0-9]+", "-", f"{part} {' '.join(map(str, kind))} {where}".lower()).strip("-")
