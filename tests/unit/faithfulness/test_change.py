"""What a layout changes for every two classes: the difference of two tables, known where both are."""

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.errors import SpecError
from embviz.faithfulness import overlap_change, overlap_ladder
from embviz.features import pixel_features
from embviz.overlap import overlap_matrix
from embviz.pipeline import overlap_change_of, projection_of, stored_overlap_change
from embviz.projection import Pca
from embviz.storage.store import Store

RNG = np.random.default_rng(0)


def table(vectors, labels, k=5):
    return overlap_matrix(vectors.astype(np.float32), labels, 4, k, space="x")


def test_a_change_is_the_difference_where_both_are_known_and_turns_round_with_its_tables():
    labels = np.r_[RNG.integers(0, 3, 60), 3]
    one, other = (table(RNG.normal(size=(61, 3)), labels) for _ in range(2))
    found = overlap_change(one, other)
    np.testing.assert_array_equal(found.values, other.index - one.index)
    np.testing.assert_array_equal(found.values, -overlap_change(other, one).values)
    assert np.isnan(np.diag(found.values)).all()
    assert (found.is_known == ~np.eye(4, dtype=bool)).all()


def test_classes_without_items_have_no_change():
    labels = RNG.integers(0, 3, 60)
    found = overlap_change(table(RNG.normal(size=(60, 3)), labels), table(RNG.normal(size=(60, 2)), labels))
    assert not found.is_known[3].any()
    assert np.isnan(found.values[:, 3]).all()


def test_tables_of_other_items_or_another_k_are_refused():
    labels = RNG.integers(0, 3, 60)
    vectors = RNG.normal(size=(60, 3))
    for other in (table(vectors, labels, k=6), table(vectors, np.sort(labels)[::-1].copy() % 2)):
        with pytest.raises(SpecError, match="the same items and the same k"):
            overlap_change(table(vectors, labels), other)


def test_it_comes_through_the_pipeline_and_agrees_with_the_ladder(tmp_path):
    digits, store = load_dataset("digits", "test"), Store(tmp_path)
    pixels = pixel_features(digits)
    layout = projection_of(pixels, Pca(), store=store)
    found = overlap_change_of(pixels, layout, digits, 10, store=store)
    stored = stored_overlap_change(pixels, layout, digits, 10, store=store)
    np.testing.assert_array_equal(stored.values, found.values)
    ladder = overlap_ladder(pixels, layout, digits, (3, 8))
    assert found.values[3, 8] == pytest.approx(ladder.whole.after - ladder.whole.before)
