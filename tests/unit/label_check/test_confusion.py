"""The confusion matrix is scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from embviz import confusion
from embviz.errors import SpecError


def test_counts_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    labels, predicted = rng.integers(0, 4, (2, 200))
    found = confusion(labels, predicted, 5)
    assert np.array_equal(found.counts, confusion_matrix(labels, predicted, labels=range(5)))
    assert found.accuracy == np.mean(labels == predicted)
    assert np.nansum(found.shares, axis=1)[:4] == pytest.approx(1)
    assert np.isnan(found.shares[4]).all()


def test_predictions_of_other_items_or_classes_are_refused():
    with pytest.raises(SpecError, match="one prediction per label"):
        confusion(np.zeros(3, np.int64), np.zeros(2, np.int64), 2)
    with pytest.raises(SpecError, match=r"predicted must be codes in 0\.\.1"):
        confusion(np.zeros(2, np.int64), np.array([0, 2]), 2)
