"""The table of all pairs among other groups only: the same numbers as pair by pair, kept apart from the usual one."""

import numpy as np
import pytest

from embviz.datasets import dataset_from_arrays
from embviz.features import vector_features
from embviz.pipeline import class_overlap_of, overlap_matrix_of, stored_overlap_matrix
from embviz.storage.store import Store
from tests.unit.overlaps import assert_same_overlap


@pytest.fixture(scope="module")
def writers():
    labels = np.repeat([0, 1, 2], 30)
    codes = np.random.default_rng(0).integers(0, 20, 90)
    vectors = np.random.default_rng(1).normal(size=(90, 3)) + labels[:, None] + codes[:, None] % 3
    return dataset_from_arrays(vectors=vectors, labels=labels, metadata=[{"writer": int(code)} for code in codes])


def test_each_pair_of_the_table_is_that_pair_and_both_tables_are_kept(writers, tmp_path):
    features, store = vector_features(writers), Store(tmp_path)
    usual = overlap_matrix_of(features, writers, 5, group="writer", store=store)
    strangers = overlap_matrix_of(features, writers, 5, group="writer", others_only=True, store=store)
    pair = class_overlap_of(features, writers, (0, 1), 5, group="writer", others_only=True, store=store)
    assert_same_overlap(strangers.pair(0, 1), pair)
    assert usual.pair(0, 1).others_chance is None
    for others_only, expected in ((False, usual), (True, strangers)):
        stored = stored_overlap_matrix(features, writers, 5, group="writer", others_only=others_only, store=store)
        np.testing.assert_array_equal(stored.index, expected.index)
