"""How well planted wrong labels are found, beside cleanlab's score of the same probabilities."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from embviz import load_dataset, pixel_features
from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.features import Features
from embviz.label_check import check_labels, suspicious_groups
from embviz.label_check.label_check import SEARCHED, check_from, evidence_of
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.progress import no_progress

PLANTED = (("at random", 0.05), ("at random", 0.01), ("to the most confusable class", 0.05))
TARGETS = (0.97, 0.92, 0.90)
METHODS = ("self_confidence", "normalized_margin")
"""Of cleanlab's label quality: its default, and the one that does better where wrong labels are of one class."""
LEAST_ITEMS = 4
"""Items of a class that a writer has at least, all of whom are relabeled."""


@dataclass(frozen=True, slots=True)
class Found:
    """Average precisions of one kind of planted labels: one per seed.

    Attributes
    ----------
    how, share, target
        What was planted, and the least median asked for.
    ours
        Of the score of `check_labels`.
    cleanlab_same, cleanlab_held_out
        Of cleanlab's label quality, the better one of two methods: of the probabilities that our score is made of, and
        of those of classifiers that did not learn from the item.
    estimates
        Estimated share of labels that contradict the pixels, minus that of the labels as they are.
    """

    how: str
    share: float
    target: float
    ours: list[float]
    cleanlab_same: list[float]
    cleanlab_held_out: list[float]
    estimates: list[float]


def planted_labels(data: str, seeds: int, say: Callable[[str], None]) -> Iterator[Found]:
    """Average precision on the test items of a set with wrong labels planted, for each of `PLANTED`."""
    dataset, features, graph = _items(data)
    clean = check_labels(features, dataset, graph=graph).wrong.share
    for (how, share), target in zip(PLANTED, TARGETS, strict=True):
        found = Found(how, share, target, [], [], [], [])
        for seed in range(seeds):
            say(f"{how}, {share:.0%}, seed {seed}")
            _measure(found, dataset, features, graph, seed)
            found.estimates[-1] -= clean
        yield found


def writers_first(data: str, seeds: int, say: Callable[[str], None]) -> list[bool]:
    """Whether a writer all of whose items of one class are relabeled is the first in the group view, per seed.

    Empty if the set has no writers.
    """
    dataset, features, graph = _items(data)
    assert dataset.labels is not None
    first: list[bool] = []
    if "writer" not in dataset.metadata:
        return first
    for seed in range(seeds):
        say(f"all items of a class by one writer, seed {seed}")
        rng = np.random.default_rng(seed)
        writers = dataset.metadata["writer"]
        while True:
            writer, code = rng.choice(writers), rng.integers(10)
            rows = np.flatnonzero((writers == writer) & (dataset.labels == code))
            if len(rows) >= LEAST_ITEMS:
                break
        labels = dataset.labels.copy()
        labels[rows] = (code + rng.integers(1, 10)) % 10
        changed = replace(dataset, labels=labels)
        top = suspicious_groups(check_labels(features, changed, graph=graph), changed)[0]
        first.append((top.group, top.label, top.looks_like) == (str(writer), labels[rows[0]], code))
    return first


def _items(data: str) -> tuple[Dataset, Features, NeighborGraph]:
    dataset = load_dataset(data, "all" if data == "digits" else "test")
    features = pixel_features(dataset)
    return dataset, features, neighbor_graph(features, SEARCHED, ties="even")


def _measure(found: Found, dataset: Dataset, features: Features, graph: NeighborGraph, seed: int) -> None:
    from cleanlab.rank import get_label_quality_scores
    from sklearn.metrics import average_precision_score

    labels = _flipped(dataset, graph, found.how, found.share, seed)
    is_wrong = labels != dataset.labels
    changed = replace(dataset, labels=labels)
    evidence = evidence_of(features, changed, group="", graph=graph, progress=no_progress)
    check = check_from(evidence, features.name, changed.items)

    def best(logs: npt.NDArray[np.float64]) -> float:
        probabilities = np.exp(logs)
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        qualities = [get_label_quality_scores(labels, probabilities, method=method) for method in METHODS]
        return max(float(average_precision_score(is_wrong, -quality)) for quality in qualities)

    found.ours.append(float(average_precision_score(is_wrong, check.score)))
    found.cleanlab_same.append(best(evidence.learned))
    found.cleanlab_held_out.append(best(evidence.held_out))
    found.estimates.append(check.wrong.share)


def _flipped(dataset: Dataset, graph: NeighborGraph, how: str, share: float, seed: int) -> Int64Array:
    """Labels of which a share is wrong: of any other class, or of the one that most neighbors of a class have."""
    assert dataset.labels is not None
    rng = np.random.default_rng(seed)
    labels = dataset.labels.copy()
    rows = rng.choice(len(labels), round(share * len(labels)), replace=False)
    if how == "at random":
        labels[rows] = (labels[rows] + rng.integers(1, 10, len(rows))) % 10
        return labels
    near = dataset.labels[graph.indices[:, :10]]
    counts = np.array([np.bincount(near[dataset.labels == code].ravel(), minlength=10) for code in range(10)])
    np.fill_diagonal(counts, 0)
    labels[rows] = counts.argmax(axis=1)[labels[rows]]
    return labels


def markdown(data: str, found: list[Found], first: list[bool]) -> str:
    """The table, and whether every target is reached, which are those of MNIST."""
    lines = [
        f"Average precision on {data} with wrong labels planted, medians over {len(found[0].ours)} seeds:",
        "",
        "| planted | embviz | cleanlab, same probabilities | cleanlab, held out | target | estimate moves by |",
        "|:--|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        numbers = [np.median(part) for part in (each.ours, each.cleanlab_same, each.cleanlab_held_out)]
        ours, same, held_out = (f"{number:.3f}" for number in numbers)
        moved = f"{np.median(each.estimates):.1%}"
        lines.append(f"| {each.share:.0%} {each.how} | {ours} | {same} | {held_out} | {each.target:.2f} | {moved} |")
    reached = all(np.median(each.ours) >= each.target for each in found)
    rows = [row for each in found for row in zip(each.ours, each.cleanlab_same, each.cleanlab_held_out, strict=True)]
    below = sum(ours < max(theirs) for ours, *theirs in rows)
    lines += ["", f"Targets {'reached' if reached else 'missed'}; below cleanlab in {below} of {len(rows)}."]
    if first:
        lines.append(
            f"All items of a class by one writer relabeled: first in the group view in {sum(first)} of {len(first)}."
        )
    return "\n".join(lines)
