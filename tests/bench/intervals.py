"""How often the intervals of an overlap hold what they should, on Gaussian classes that are drawn again and again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from embviz import load_dataset, pixel_features
from embviz.overlap.replicates import jackknife_error, overlap_replicates

K = 10
ITEMS_PER_GROUP = 8
LEVEL = 0.95
ACCEPTED = (0.93, 0.985)
"""Coverage that an interval of 95 % may have."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is drawn again and again.

    Attributes
    ----------
    correlation
        Share of the variance that items of one group have in common; 0 draws independent items without groups.
    n, d
        Number of items and of features.
    distance
        Between the means of the two classes, in standard deviations.
    """

    correlation: float
    n: int
    d: int
    distance: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What came out of the draws of one setting.

    Attributes
    ----------
    rate, deviation
        Mean and standard deviation of the overlap rate over the draws.
    error
        Standard error that is said: the root of its mean square.
    covered
        Share of the draws whose interval holds the mean rate.
    naive
        The same for an interval that takes the neighbor graph as given, and items as independent: a wrong one.
    """

    setting: Setting
    rate: float
    deviation: float
    error: float
    covered: float
    naive: float


SETTINGS = [Setting(*each) for each in product((0.0, 0.1, 0.3), (200, 500), (5, 20), (1.0, 2.0, 3.0))]


def coverages(draws: int, say: Callable[[str], None]) -> Iterator[Coverage]:
    """The coverage of each of `SETTINGS`, from so many draws each."""
    for setting in SETTINGS:
        say(f"{setting}")
        yield coverage(setting, draws)


def coverage(setting: Setting, draws: int) -> Coverage:
    """How often the intervals of so many draws hold the mean over all draws, which is taken for the true rate."""
    rng = np.random.default_rng(0)
    rates, errors, reaches, naive = np.empty((4, draws))
    for draw in range(draws):
        vectors, is_second, groups = drawn(rng, setting)
        found = overlap_replicates(vectors, is_second, groups, K)
        rates[draw], errors[draw] = found.rate, found.standard_errors[0]
        reaches[draw] = stdtrit(len(found.rates) - 1, (1 + LEVEL) / 2) * errors[draw]
        variances = [np.var(found.shares[is_second == side]) / (is_second == side).sum() for side in (False, True)]
        naive[draw] = stdtrit(setting.n - 1, (1 + LEVEL) / 2) * np.sqrt(sum(variances)) / (2 * K)
    away = np.abs(rates - rates.mean())
    return Coverage(
        setting,
        float(rates.mean()),
        float(rates.std()),
        float(np.sqrt(np.mean(errors**2))),
        float(np.mean(away <= reaches)),
        float(np.mean(away <= naive)),
    )


def mnist_deviations(draws: int, say: Callable[[str], None]) -> str:
    """How far rates vary in samples of MNIST's items, and the errors by items that are said, for two pairs of digits.

    Samples are as large as the test set and drawn without replacement from all, which is corrected for.
    """
    dataset = load_dataset("mnist", "all")
    vectors, labels = pixel_features(dataset).vectors, dataset.labels
    assert labels is not None
    rng = np.random.default_rng(0)
    lines = [f"Deviation of the rate in {draws} samples of MNIST, and mean standard errors:", ""]
    lines += ["| pair | deviation | error | of the plain jackknife |", "|:--|--:|--:|--:|"]
    for pair in ((4, 9), (3, 5)):
        say(f"{pair}")
        members = [np.flatnonzero(labels == code) for code in pair]
        sizes = [np.count_nonzero((labels == code) & (dataset.metadata["split"] == "test")) for code in pair]
        n = sum(sizes)
        found = []
        for _ in range(draws):
            rows = np.concatenate([rng.choice(*each, replace=False) for each in zip(members, sizes, strict=True)])
            each = overlap_replicates(vectors[rows], np.arange(n) >= sizes[0], np.arange(n), K)
            found.append((each.rate, each.standard_errors[0] ** 2, jackknife_error(each.rates) ** 2))
        rates, errors, plain = np.array(found).T
        deviation = rates.std() / np.sqrt(1 - n / sum(map(len, members)))
        means = (np.sqrt(squares.mean()) for squares in (errors, plain))
        lines.append(f"| {pair[0]}/{pair[1]} | {deviation:.4f} | {' | '.join(f'{mean:.4f}' for mean in means)} |")
    return "\n".join(lines)


def drawn(
    rng: np.random.Generator, setting: Setting
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Vectors, classes and groups of one draw. A group shifts its items of each class by a shift of their own."""
    is_second = np.arange(setting.n) % 2 == 1
    vectors = rng.normal(size=(setting.n, setting.d))
    groups = np.arange(setting.n)
    if setting.correlation:
        _, groups = np.unique(rng.integers(0, setting.n // ITEMS_PER_GROUP, setting.n), return_inverse=True)
        shifts = rng.normal(size=(setting.n, 2, setting.d))[groups, is_second.astype(int)]
        vectors = np.sqrt(1 - setting.correlation) * vectors + np.sqrt(setting.correlation) * shifts
    vectors[:, 0] += setting.distance * is_second
    return vectors.astype(np.float32), is_second, groups.astype(np.int64)


def markdown(found: list[Coverage], draws: int) -> str:
    """The table, and how many intervals are outside of what is accepted."""
    lines = [
        f"Coverage of nominal 95 % intervals, {draws:,} draws each, k = {K}, groups of {ITEMS_PER_GROUP} on average:",
        "",
        "| correlation | items | features | distance | rate | its deviation | error that is said | covered | naive |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        s = each.setting
        lines.append(
            f"| {s.correlation:g} | {s.n} | {s.d} | {s.distance:g} | {each.rate:.3f} | {each.deviation:.4f} "
            f"| {each.error:.4f} | {each.covered:.1%} | {each.naive:.1%} |"
        )
    for name in ("covered", "naive"):
        shares = [getattr(each, name) for each in found]
        outside = sum(not ACCEPTED[0] <= share <= ACCEPTED[1] for share in shares)
        lines += ["", f"{name}: {outside} of {len(shares)} settings outside {ACCEPTED[0]:.1%} to {ACCEPTED[1]:.1%}."]
    return "\n".join(lines)
