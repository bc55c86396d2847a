"""Where labels were changed after a pattern, the pattern is found; where they were not, nothing is made of it."""

import numpy as np
import pytest

from embviz.label_check.flows import flow_evidence, flow_shares


def evidence_of_gaussians(n, distance, rng):
    """Log-likelihoods of three Gaussian classes, and the classes."""
    codes = np.arange(n) % 3
    means = distance * np.eye(3)
    vectors = rng.normal(size=(n, 3)) + means[codes]
    return -((vectors[:, None] - means) ** 2).sum(axis=-1) / 2, codes


def test_the_share_that_was_given_another_label_is_found_and_others_are_near_0():
    evidence, codes = evidence_of_gaussians(3000, 6, np.random.default_rng(0))
    codes[np.flatnonzero(codes == 2)[:100]] = 0
    shares = flow_shares(evidence, codes)
    assert shares[2, 0] == pytest.approx(100 / 900, rel=0.15)
    shares[2, 0] = 0
    assert (shares - np.diag(np.diag(shares))).max() < 0.01


def test_classes_that_overlap_count_for_less_than_what_overlaps():
    evidence, codes = evidence_of_gaussians(3000, 1.5, np.random.default_rng(0))
    confused = np.mean(evidence[codes == 0].argmax(axis=1) == 1)
    assert flow_shares(evidence, codes)[1, 0] < confused


def test_items_in_another_order_have_the_same_shares():
    rng = np.random.default_rng(1)
    evidence, codes = evidence_of_gaussians(90, 1, rng)
    order = rng.permutation(90)
    assert np.array_equal(flow_shares(evidence, codes), flow_shares(evidence[order], codes[order]))


def test_equal_shares_change_nothing_and_larger_ones_speak_against_the_label():
    codes = np.array([0, 1, 2])
    assert flow_evidence(np.where(np.eye(3) == 1, 1, 0.02), codes) == pytest.approx(np.zeros((3, 3)))
    shares = np.eye(3)
    shares[2, 0] = 0.1
    found = flow_evidence(shares, codes)
    assert found[0, 2] > 0 > found[0, 1]
    assert np.diag(found) == pytest.approx(np.zeros(3))


def test_evidence_that_knows_nothing_gives_equal_shares():
    shares = flow_shares(np.zeros((40, 2)), np.arange(40) % 2)
    assert flow_evidence(shares, np.arange(40) % 2) == pytest.approx(np.zeros((40, 2)))
