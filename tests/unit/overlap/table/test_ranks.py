"""Ranks of pairs: the test behind them against Student's t by hand, Holm's steps, and how often they are wrong."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from embviz.errors import SpecError
from embviz.overlap import overlap_matrix
from embviz.overlap.table.ranks import Ranks, _significant, ranks_of


def independent(*deviations):
    """Deviations of pairs, each from units of its own."""
    starts = np.cumsum([0, *map(len, deviations)])
    return list(map(np.asarray, deviations)), [np.arange(a, b) for a, b in pairwise(starts)]


PAIRS = np.array([[0, 1], [2, 3], [4, 5]])


def test_two_pairs_are_told_apart_exactly_where_students_t_says_so():
    values, units = independent(np.full(5, 0.01), np.full(8, 0.02))
    error = np.sqrt(5 * 0.01**2 + 8 * 0.02**2)
    limit = stats.t(4).ppf(0.975) * error
    for gap, is_apart in ((limit * 0.999, False), (limit * 1.001, True)):
        ranks = ranks_of(PAIRS[:2], np.array([0.5, 0.5 + gap]), values, units, np.zeros(2))
        assert ranks.is_apart[0, 1] == is_apart
        assert ranks.pairs.tolist() == [[2, 3], [0, 1]]


def test_what_two_pairs_have_in_common_does_not_blur_their_difference():
    """Units that move both indices alike leave the difference as it is."""
    values = [np.array([0.3, -0.3, 0.01]), np.array([0.3, -0.3, -0.01])]
    same, other = [np.arange(3)] * 2, [np.arange(3), np.arange(3, 6)]
    indices = np.array([0.1, 0.3])
    assert ranks_of(PAIRS[:2], indices, values, same, np.zeros(2)).is_apart[0, 1]
    assert not ranks_of(PAIRS[:2], indices, values, other, np.zeros(2)).is_apart[0, 1]


def test_a_count_of_zero_has_an_error_for_the_comparison():
    values, units = independent(np.zeros(9), np.full(9, 0.001))
    indices = np.array([0.0, 0.05])
    assert ranks_of(PAIRS[:2], indices, values, units, np.zeros(2)).is_apart[0, 1]
    assert not ranks_of(PAIRS[:2], indices, values, units, np.array([0.1, 0.0])).is_apart[0, 1]


def test_holms_steps_by_hand():
    assert _significant(np.array([0.03, 0.01, 0.04, 0.012])).tolist() == [False, True, False, True]
    assert _significant(np.array([0.013, 0.2])).tolist() == [True, False]
    assert _significant(np.array([0.026, 0.001, 0.026])).tolist() == [False, True, False]
    assert _significant(np.empty(0)).tolist() == []


def test_a_pair_without_an_error_may_have_any_rank():
    values, units = independent(np.full(9, 0.001), np.full(9, 0.001), [])
    ranks = ranks_of(PAIRS, np.array([0.1, 0.9, 0.5]), values, units, np.zeros(3))
    assert ranks.between(4, 5) == (1, 3)
    assert ranks.between(0, 1) == (2, 3) and ranks.between(3, 2) == (1, 2)
    assert ranks.not_told_from(5, 4) == [(2, 3), (0, 1)]


def test_every_range_of_ranks_holds_the_rank_of_the_sample():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 6, 500)
    vectors = (rng.normal(size=(500, 4)) + np.array([0, 0.4, 0.9, 2, 2.1, 6])[labels][:, None]).astype(np.float32)
    ranks = overlap_matrix(vectors, labels, 6, space="toy").ranks
    assert ranks.is_apart.any() and not ranks.is_apart.all()
    for place, (a, b) in enumerate(ranks.pairs.tolist()):
        low, high = ranks.between(a, b)
        assert 1 <= low <= place + 1 <= high <= len(ranks.pairs)


def test_pairs_that_overlap_alike_are_rarely_told_apart():
    """Six pairs of the same distribution: in at most 5 % of samples any two of them; 40 samples, seldom one."""
    wrong = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels = np.repeat(np.arange(4), 50)
        corners = np.eye(4)[labels] * 1.5
        vectors = (rng.normal(size=(200, 4)) + corners).astype(np.float32)
        wrong += bool(overlap_matrix(vectors, labels, 4, space="toy").ranks.is_apart.any())
    assert wrong <= 5  # binomial: more than 5 of 40 at 5 % happens in 1 of 70 runs, and seeds are fixed


@pytest.mark.parametrize(
    "is_apart", [np.array([[False, True], [False, False]]), np.array([[True, False], [False, False]])]
)
def test_no_ranks_that_contradict_themselves(is_apart):
    with pytest.raises(SpecError, match="is_apart must be symmetric"):
        Ranks(PAIRS[:2], is_apart)


def test_a_pair_that_is_not_in_the_table_has_no_rank():
    ranks = Ranks(PAIRS[:1], np.zeros((1, 1), np.bool_))
    with pytest.raises(SpecError, match="classes 7 and 9 have no rank"):
        ranks.between(7, 9)
