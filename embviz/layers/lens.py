"""The layer lens: a comparison of two classes in each feature space, and the step at which they come apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from embviz.checks.arguments import check_fields, checked
from embviz.errors import InputError, SpecError
from embviz.features.features import FEATURE_NAMES, IMAGE_FEATURES
from embviz.layers.separation import Separation
from embviz.overlap.intervals import LEVEL, Interval

OWN = FEATURE_NAMES[-1]
"""Name of the vectors that a dataset came with; the names of its further vectors begin with it."""


@dataclass(frozen=True, slots=True)
class LayerStep:
    """Change of the overlap of two classes from one feature space to the next.

    Attributes
    ----------
    before, after
        Names of the spaces.
    change
        Overlap index in `after` minus that in `before`: below 0 the classes come apart.
    interval
        Confidence interval of `change`, by the jackknife: each item, or group, is left out of both spaces at once. None
        if it is not known. The intervals of all steps together hold in at least 95 % of samples, because the level of
        each is 1 - .05 / steps (Bonferroni).
    """

    before: str
    after: str
    change: float
    interval: Interval | None

    @property
    def is_sure(self) -> bool:
        """Whether the interval says that there is a change."""
        return self.interval is not None and not self.interval.low <= 0 <= self.interval.high


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class LayerLens:
    """Comparison of two classes in one feature space after the other.

    Not a proof of what a layer does: the classifier was trained only once, and items that it was trained on come
    farther apart than other items would (`is_seen`).

    Attributes
    ----------
    spaces
        The separation of the classes in each space, in order.
    is_seen
        Whether the classifier was trained on some of these items.
    """

    spaces: tuple[Separation, ...]
    is_seen: bool

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.spaces:
            raise InputError("a comparison of feature spaces needs at least one")
        made = {(each.overlap.classes, each.overlap.k, each.overlap.n_per_class, each.items) for each in self.spaces}
        names = [each.space for each in self.spaces]
        if len(made) > 1 or len(set(names)) < len(names):
            raise InputError("feature spaces that are compared must differ, and be of the same items, classes and k")

    @property
    def classes(self) -> tuple[int, int]:
        """Codes of the two classes."""
        return self.spaces[0].overlap.classes

    @property
    def steps(self) -> tuple[LayerStep, ...]:
        """Changes from space to space: from pixels through the classifier's layers, and from pixels to own vectors."""
        pairs = _followed(self.spaces)
        return tuple(_step(before, after, len(pairs)) for before, after in pairs)

    @property
    def parting(self) -> LayerStep | None:
        """The step at which the overlap falls most, among steps whose interval is below 0; None if there is none."""
        falling = [step for step in self.steps if step.is_sure and step.change < 0]
        return min(falling, key=lambda step: step.change, default=None)


@checked(SpecError)
def layer_lens(spaces: Sequence[Separation], *, is_seen: bool = False) -> LayerLens:
    """Comparison of two classes in one feature space after the other.

    Parameters
    ----------
    spaces
        From `class_separation`, of the same items, classes and k.
    is_seen
        Whether the classifier was trained on some of these items.

    Raises
    ------
    InputError
        If no spaces are given, or they do not have the same items, classes and k.
    """
    return LayerLens(tuple(spaces), is_seen)


def _followed(spaces: tuple[Separation, ...]) -> list[tuple[Separation, Separation]]:
    """Pairs of spaces to compare: the dataset's own vectors are no layers, so they are compared after the pixels."""
    own = [each for each in spaces if each.space.startswith(OWN)]
    layers = [each for each in spaces if each not in own]
    pixels = [each for each in layers if each.space == IMAGE_FEATURES[0]]
    return [*pairwise(layers), *pairwise([*pixels, *own])]


def _step(before: Separation, after: Separation, n_steps: int) -> LayerStep:
    change = after.overlap.index - before.overlap.index
    return LayerStep(before.space, after.space, change, _interval(before, after, change, n_steps))


def _interval(before: Separation, after: Separation, change: float, n_steps: int) -> Interval | None:
    n_units = len(before.indices)
    if n_units < 2 or len(after.indices) != n_units:
        return None
    from scipy.special import stdtrit

    differences = after.indices - before.indices
    error = np.sqrt((n_units - 1) / n_units * np.sum((differences - differences.mean()) ** 2))
    level = 1 - (1 - LEVEL) / n_steps
    reach = float(stdtrit(n_units - 1, (1 + level) / 2) * error)
    known = after.overlap.index_interval
    assert known is not None, "it has replicates"
    return Interval(change - reach, change + reach, level, known.method, known.covers)
