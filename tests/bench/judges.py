"""How often the intervals of accuracies hold: vote, linear probe and axis, on Gaussian classes, by simulation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from embviz.datasets import dataset_from_arrays
from embviz.features import vector_features
from embviz.layers import class_separation, pair_axis
from embviz.layers.accuracy import Accuracy
from embviz.overlap import groups_of
from tests.bench.intervals import ACCEPTED, K, Setting, drawn

SETTINGS = [
    *(Setting(0, 200, 5, distance) for distance in (1.0, 2.0, 3.0)),
    *(Setting(0, n, 20, 2.0) for n in (200, 500)),
    *(Setting(correlation, 500, 5, 2.0) for correlation in (0, 0.1, 0.3)),
]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came out of the draws of one setting, for one judge.

    Attributes
    ----------
    accuracy, deviation
        Mean and standard deviation over the draws.
    error
        Standard error that is said: the root of its mean square.
    covered
        Share of the draws whose interval holds the mean accuracy.
    """

    setting: Setting
    judge: str
    accuracy: float
    deviation: float
    error: float
    covered: float


def judgments(draws: int, say: Callable[[str], None]) -> Iterator[Judged]:
    """Each of `SETTINGS` by each judge, from so many draws."""
    for setting in SETTINGS:
        say(f"{setting}")
        yield from judged(setting, draws)


def judged(setting: Setting, draws: int) -> Iterator[Judged]:
    """Each judge on so many draws; the mean over all draws is taken for the true accuracy."""
    rng = np.random.default_rng(0)
    for found in zip(*(_accuracies(rng, setting) for _ in range(draws)), strict=True):
        values = np.array([each.value for each in found])
        errors = np.array([each.spread.rate_error for each in found])
        intervals = [each.interval for each in found]
        mean = float(values.mean())
        holds = [interval is not None and interval.low <= mean <= interval.high for interval in intervals]
        error = float(np.sqrt(np.mean(errors**2)))
        yield Judged(setting, found[0].judge, mean, float(values.std()), error, float(np.mean(holds)))


def _accuracies(rng: np.random.Generator, setting: Setting) -> tuple[Accuracy, Accuracy, Accuracy]:
    vectors, is_second, groups = drawn(rng, setting)
    metadata = [{"writer": f"w{group}"} for group in groups]
    dataset = dataset_from_arrays(vectors=vectors, labels=is_second.astype(np.int64), metadata=metadata)
    features, of = vector_features(dataset), groups_of(dataset, "writer" if setting.correlation else None)
    separation = class_separation(features, dataset, (0, 1), K, groups=of)
    axis = pair_axis(features, dataset, (0, 1), groups=of)
    return separation.neighbors, separation.probe, axis.accuracy


def markdown(found: list[Judged], draws: int) -> str:
    """The table, and how many intervals hold less often than is accepted."""
    lines = [
        f"Coverage of nominal 95 % intervals of accuracies, {draws:,} draws each:",
        "",
        "| correlation | items | features | distance | judge | accuracy | its deviation | error | covered |",
        "|--:|--:|--:|--:|:--|--:|--:|--:|--:|",
    ]
    for each in found:
        s = each.setting
        lines.append(
            f"| {s.correlation:g} | {s.n} | {s.d} | {s.distance:g} | {each.judge} | {each.accuracy:.3f} "
            f"| {each.deviation:.4f} | {each.error:.4f} | {each.covered:.1%} |"
        )
    low = sum(each.covered < ACCEPTED[0] for each in found)
    return "\n".join([*lines, "", f"{low} of {len(found)} below {ACCEPTED[0]:.1%}."])
