"""The `LabelCheck` value: evidence against each label, the kind of doubt, and the share of wrong labels."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int32Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, checked
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.label_check.evidence import held_out_evidence, learned_evidence, scaled_vectors, vote_evidence
from embviz.label_check.flows import flow_evidence, flow_shares
from embviz.label_check.kinds import KINDS, kinds_of
from embviz.label_check.together import folds_of, neighbors_elsewhere, usable_groups
from embviz.label_check.wrong_share import WrongShare, wrong_share
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.overlap import groups_of, labeled_vectors
from embviz.overlap.groups import numbered
from embviz.progress import Progress, no_progress

K = 8
"""Number of neighbors that vote, and are shown beside an item."""
SEARCHED = 90
"""Number of nearest neighbors among which those of other groups are chosen."""
FOLDS = 3
VOTE_WEIGHT, HELD_OUT_WEIGHT = 0.5, 0.2
"""Weights of the neighbors' vote and of the held-out classifiers; that of the classifier that sees all items is 1."""


@dataclass(frozen=True, eq=False, slots=True, repr=False, weakref_slot=True)
class LabelCheck:
    """Evidence against the label of each item, and the class suggested instead.

    It is not a verdict: labels that look wrong must be reviewed. An item that looks like another class can have the
    right label, and labels that are wrong in the same way everywhere look right.

    Attributes
    ----------
    score
        float64, shape (n,): log p(suggested) - log p(given), from classifiers, the neighbors and the pattern of other
        wrong labels together. Above 0 the evidence is against the label; the larger, the more likely it is wrong. Not
        a probability.
    suggested
        int64, shape (n,): code of the class, other than the given one, with the most evidence.
    kind
        int64, shape (n,): code in `KINDS`.
    neighbors
        int32, shape (n, k): rows of the nearest items of other groups, nearest first; -1 if there are fewer.
    votes_given, votes_suggested
        int64, shape (n,): number of the neighbors with the given label, and with the suggested one.
    p_given, p_suggested
        float64, shape (n,): probability of either class by a classifier that did not learn from the item, 0..1.
    held_out
        int64, shape (n,): the class predicted by the classifier that did not learn from the item.
    wrong
        Share of labels that contradict what the items look like.
    n_issues
        Number of labels that confident learning (Northcutt et al., 2021), by the package cleanlab, counts as wrong.
    space
        Name of the features.
    items
        Fingerprint of the dataset's items.
    """

    score: Float64Array
    suggested: Int64Array
    kind: Int64Array
    neighbors: Int32Array
    votes_given: Int64Array
    votes_suggested: Int64Array
    p_given: Float64Array
    p_suggested: Float64Array
    held_out: Int64Array
    wrong: WrongShare
    n_issues: int
    space: str
    items: str

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        n = len(self.score)
        for name in ("suggested", "kind", "votes_given", "votes_suggested", "held_out"):
            object.__setattr__(self, name, frozen_array(name, getattr(self, name), np.int64, (n,)))
        for name in ("score", "p_given", "p_suggested"):
            object.__setattr__(self, name, frozen_array(name, getattr(self, name), np.float64, (n,)))
        object.__setattr__(self, "neighbors", frozen_array("neighbors", self.neighbors, np.int32, (n, None)))
        if n and not 0 <= self.kind.min() <= self.kind.max() < len(KINDS):
            raise SpecError(f"kinds must be codes 0..{len(KINDS) - 1}, got {self.kind.min()}..{self.kind.max()}")

    def __len__(self) -> int:
        return len(self.score)

    @property
    def worst_first(self) -> Int64Array:
        """Rows of all items, those whose label is most likely wrong first."""
        return np.argsort(-self.score, kind="stable").astype(np.int64)

    @property
    def is_suspect(self) -> BoolArray:
        """Whether each label is in doubt: all kinds but ``looks right``."""
        return np.asarray(self.kind != 0)


@checked(SpecError)
def check_labels(
    features: Features,
    dataset: Dataset,
    *,
    group: str | None = "",
    graph: NeighborGraph | None = None,
    progress: Progress = no_progress,
) -> LabelCheck:
    """The label check of a dataset: evidence against each label, by neighbors and by classifiers of the features.

    The score is m + v / 2 + h / 5 + f. m is the margin of log-probabilities of a classifier with one hidden layer, mean
    over the epochs of one fit that sees all items with their labels: it learns what many items have in common first,
    and single wrong labels late. v is the margin of the logarithms of the shares of votes of the 8 nearest neighbors
    (Wilson, 1972), each share with 0.1 votes added. Neighbors are of other groups only. h is the margin by three
    classifiers that each learn two thirds of the groups and judge the last third; they also decide the kind of doubt.
    f is larger than 0 if the share of the suggested class that may have been given the item's label is above the
    mean of such shares, see `flow_evidence`: of two doubtful labels, the one that fits the pattern of other wrong
    labels is more likely to be wrong.

    Parameters
    ----------
    features, dataset
        Vectors, and the labels of the same items, of at least two classes.
    group
        Metadata column that says which items belong together, as in `groups_of`: empty for `Dataset.group`, None for
        none.
    graph
        Neighbor graph of the features, with 90 neighbors or as many as there are; made if it is not given.
    progress
        Called with the stages of `neighbor_graph`, with ``learning labels`` and with ``testing labels``.

    Raises
    ------
    SpecError
        If the dataset has no labels, labels of one class only, or no column named `group`.
    InputError
        If the features or the graph belong to other items than the dataset's.
    Cancelled
        If `progress` raised it.
    """
    evidence = evidence_of(features, dataset, group=group, graph=graph, progress=progress)
    return check_from(evidence, features.name, dataset.items)


class Evidence(NamedTuple):
    """Evidence for each class of each item, from which `check_from` makes the label check.

    Attributes
    ----------
    present
        int64, shape (C,): codes of the classes that have items; other fields number classes by their index in this one.
    codes
        int64, shape (n,): the given classes.
    learned, held_out
        float64, shape (n, C): results of `learned_evidence` and `held_out_evidence`.
    votes, shares
        int64 and float64, shape (n, C): results of `vote_evidence`.
    nearest
        float64, shape (n,): distance to the nearest item.
    neighbors
        int32, shape (n, k): the nearest items of other groups.
    wrong
        Share of labels that contradict what the items look like.
    """

    present: Int64Array
    codes: Int64Array
    learned: Float64Array
    held_out: Float64Array
    votes: Int64Array
    shares: Float64Array
    nearest: Float64Array
    neighbors: Int32Array
    wrong: WrongShare


def evidence_of(
    features: Features, dataset: Dataset, *, group: str | None, graph: NeighborGraph | None, progress: Progress
) -> Evidence:
    """The evidence for each class of each item; parameters and errors are those of `check_labels`."""
    array, labels = labeled_vectors(features, dataset)
    present = np.unique(labels)
    if len(present) < 2:
        raise SpecError(
            f"all labels of {dataset.title!r} are {dataset.class_names[present[0]]!r:.80}; "
            "a label can only be checked against items of another class"
        )
    codes, n_classes = numbered(labels), len(present)
    found = groups_of(dataset, group)
    groups = usable_groups(numbered(found.codes), codes)
    name = found.name if int(groups.max()) + 1 < len(labels) else ""
    if graph is None:
        graph = neighbor_graph(features, min(SEARCHED, len(labels) - 1), ties="even", progress=progress)
    else:
        graph.check_made_from(features)
    elsewhere = neighbors_elsewhere(graph, groups, graph.k)
    vectors = scaled_vectors(array)
    votes, shares = vote_evidence(elsewhere[:, :K], codes, n_classes)
    return Evidence(
        present,
        codes,
        learned_evidence(vectors, codes, n_classes, progress),
        held_out_evidence(vectors, codes, n_classes, folds_of(groups, codes, FOLDS), progress),
        votes,
        shares,
        graph.distances[:, 0].astype(np.float64),
        np.ascontiguousarray(elsewhere[:, :K]),
        wrong_share(elsewhere, codes, groups, n_classes, name),
    )


def check_from(evidence: Evidence, space: str, items: str) -> LabelCheck:
    """The label check that follows from the evidence."""
    codes, votes, rows = evidence.codes, evidence.votes, np.arange(len(evidence.codes))
    flows = flow_shares(evidence.held_out + evidence.shares, codes)
    together = evidence.learned + VOTE_WEIGHT * evidence.shares + HELD_OUT_WEIGHT * evidence.held_out
    together += flow_evidence(flows, codes)
    suggested = _best_other(together, codes)
    score = together[rows, suggested] - together[rows, codes]
    probabilities = np.exp(evidence.held_out)
    is_issue = _confident_issues(codes, probabilities)
    ballots = votes[rows, codes], votes[rows, suggested]
    predicted = evidence.held_out.argmax(axis=1)
    return LabelCheck(
        score=score,
        suggested=evidence.present[suggested],
        kind=kinds_of(score, is_issue, ballots, predicted == suggested, evidence.nearest, K),
        neighbors=evidence.neighbors,
        votes_given=ballots[0],
        votes_suggested=ballots[1],
        p_given=probabilities[rows, codes],
        p_suggested=probabilities[rows, suggested],
        held_out=evidence.present[predicted],
        wrong=evidence.wrong,
        n_issues=int(is_issue.sum()),
        space=space,
        items=items,
    )


def _best_other(evidence: Float64Array, codes: Int64Array) -> Int64Array:
    """The class with the most evidence for each item, other than the given one."""
    others = evidence.copy()
    others[np.arange(len(codes)), codes] = -np.inf
    best: Int64Array = others.argmax(axis=1).astype(np.int64)
    return best


def _confident_issues(codes: Int64Array, probabilities: Float64Array) -> BoolArray:
    """Whether confident learning counts each label as wrong: off the diagonal of cleanlab's confident joint."""
    from cleanlab.filter import find_label_issues

    found = find_label_issues(codes, probabilities, filter_by="confident_learning", n_jobs=1)
    return np.asarray(found, np.bool_)
