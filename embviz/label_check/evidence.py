"""Evidence for each class of each item: by a classifier while it learns, by held-out classifiers, and by neighbors."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int32Array, Int64Array
from embviz.features.features import HIDDEN_LAYER_SIZES
from embviz.features.network import EPOCHS, LEARNING_RATE
from embviz.label_check.together import NOBODY
from embviz.processes.blas import one_blas_thread
from embviz.progress import ROWS, Progress

LEARNING, HELD_OUT = "learning labels", "testing labels"
"""Stages of progress: the classifier that sees all items, and the classifiers that do not see the items they judge."""

LENGTH = 10.0
"""Root mean square length of the vectors that a classifier gets, whatever the unit of the features."""
BATCHES = 100
"""Approximate number of batches in an epoch; each has 8 to 100 items."""
AT_ONCE = 2_000
"""Number of items learned between two calls of progress."""
PRIOR = 0.1
"""Number added to the votes for each class, so that a class without votes is unlikely, not impossible."""


def scaled_vectors(vectors: Float32Array) -> Float32Array:
    """The vectors centered and scaled to root mean square length `LENGTH`; all 0 if they are all equal.

    Examples
    --------
    >>> scaled_vectors(np.array([[5], [7]], np.float32)).tolist()
    [[-10.0], [10.0]]
    """
    centered: Float32Array = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    square = float(np.einsum("ij,ij->", centered, centered, dtype=np.float64)) / len(vectors)
    if square > 0:
        centered *= np.float32(LENGTH / np.sqrt(square))
    return centered


def learned_evidence(vectors: Float32Array, codes: Int64Array, n_classes: int, progress: Progress) -> Float64Array:
    """Log-probabilities of the classes while one classifier learns all items, mean over its epochs; shape (n, C).

    A classifier learns what items have in common first, and the labels of single items late: early epochs are evidence
    against wrong labels although the classifier is trained on them.
    """
    epochs = _learned(vectors, codes, n_classes, vectors, LEARNING, progress, (0, EPOCHS))
    total = next(epochs)
    for each in epochs:
        total += each
    return total / EPOCHS


def held_out_evidence(
    vectors: Float32Array, codes: Int64Array, n_classes: int, folds: Int64Array, progress: Progress
) -> Float64Array:
    """Log-probabilities of the classes by a classifier trained on the other folds only; shape (n, C).

    If there is only one fold, all classes get the same probability.
    """
    found = np.full((len(vectors), n_classes), -np.log(n_classes))
    kinds = np.unique(folds)
    if len(kinds) < 2:
        return found
    for place, fold in enumerate(kinds):
        is_tested = folds == fold
        others, tested = vectors[~is_tested], vectors[is_tested]
        counted = (place * EPOCHS, len(kinds) * EPOCHS)
        for each in _learned(others, codes[~is_tested], n_classes, tested, HELD_OUT, progress, counted, only_last=True):
            found[is_tested] = each
    return found


def vote_evidence(neighbors: Int32Array, codes: Int64Array, n_classes: int) -> tuple[Int64Array, Float64Array]:
    """Votes of the neighbors for each class, and the logarithms of their shares, with `PRIOR` added; both (n, C).

    Examples
    --------
    >>> votes, logs = vote_evidence(np.array([[1, 2], [0, -1], [0, 1]], np.int32), np.array([0, 1, 1]), 2)
    >>> votes.tolist(), np.exp(logs[0]).round(3).tolist()
    ([[0, 2], [1, 0], [1, 1]], [0.045, 0.955])
    """
    n = len(neighbors)
    places = np.arange(n)[:, None] * n_classes + codes[neighbors]
    votes = np.bincount(places[neighbors != NOBODY], minlength=n * n_classes).reshape(n, n_classes)
    total = votes.sum(axis=1, keepdims=True) + PRIOR * n_classes
    return votes, np.log((votes + PRIOR) / total)


def _learned(
    vectors: Float32Array,
    codes: Int64Array,
    n_classes: int,
    judged: Float32Array,
    stage: str,
    progress: Progress,
    counted: tuple[int, int],
    *,
    only_last: bool = False,
) -> Iterator[Float64Array]:
    """Log-probabilities of the items `judged` after each epoch, or after the last one only."""
    from sklearn.neural_network import MLPClassifier

    batch = min(len(vectors), int(np.clip(len(vectors) // BATCHES, 8, 100)))
    rng = np.random.RandomState(0)
    classifier = MLPClassifier(HIDDEN_LAYER_SIZES, learning_rate_init=LEARNING_RATE, batch_size=batch, random_state=rng)
    step = max(batch, AT_ONCE // batch * batch)
    begun, total = counted
    seen = 0
    for epoch in range(EPOCHS):
        with one_blas_thread():
            order = rng.permutation(len(vectors))
            for start in range(0, len(order), step):
                progress(stage, begun + epoch, total)
                rows = order[start : start + step]
                if batch > len(rows):
                    classifier.batch_size = len(rows)  # of the last few; scikit-learn warns of larger batches
                classifier.partial_fit(vectors[rows], codes[rows], classes=range(n_classes))
                classifier.batch_size = batch
                seen += len(rows)
                if classifier.t_ < seen:
                    raise KeyboardInterrupt  # scikit-learn only warns of Ctrl-C, and would continue half-trained
        if not only_last or epoch == EPOCHS - 1:
            yield _log_probabilities(classifier, judged, n_classes, stage, progress, (begun + epoch, total))
    progress(stage, begun + EPOCHS, total)


def _log_probabilities(
    classifier: Any, vectors: Float32Array, n_classes: int, stage: str, progress: Progress, counted: tuple[int, int]
) -> Float64Array:
    """Log of softmax in float64; in float32, thousands of probabilities would be exactly 1, and could not be ranked."""
    (hidden, output), (hidden_bias, output_bias) = classifier.coefs_, classifier.intercepts_
    found = np.empty((len(vectors), n_classes))
    for start in range(0, len(vectors), ROWS):
        progress(stage, *counted)
        rows = slice(start, start + ROWS)
        logits = (np.maximum(vectors[rows] @ hidden + hidden_bias, 0) @ output + output_bias).astype(np.float64)
        if n_classes == 2:  # for two classes scikit-learn learns one logistic output
            logits = logits * np.array([-0.5, 0.5])
        logits -= logits.max(axis=1, keepdims=True)
        found[rows] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return found
