"""Planted wrong labels are found and told apart; data that leave nothing to compare have a defined result."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import average_precision_score

from embviz import check_labels, dataset_from_arrays, pixel_features, vector_features
from embviz.errors import Cancelled, InputError, SpecError
from embviz.label_check import KINDS, suspicious_groups
from embviz.label_check.evidence import held_out_evidence, learned_evidence
from embviz.label_check.suspicious import surprise
from embviz.pipeline import label_check_of, stored_label_check
from embviz.storage.store import Store
from tests.unit.label_check.gaussians import gaussians, labeled, with_flips


@pytest.fixture(scope="module")
def digits():
    found = load_digits()
    flipped, is_flipped = with_flips(found.target, 0.05, 10)
    dataset = dataset_from_arrays(vectors=found.data, labels=flipped)
    return dataset, found.target, is_flipped, check_labels(vector_features(dataset), dataset)


def test_planted_flips_are_ranked_first_and_their_true_class_is_suggested(digits):
    _, true, is_flipped, check = digits
    assert average_precision_score(is_flipped, check.score) > 0.97
    assert np.mean(check.suggested[is_flipped] == true[is_flipped]) > 0.95
    assert is_flipped[check.worst_first[:50]].all()


def test_it_is_no_worse_than_what_cleanlab_makes_of_the_held_out_probabilities(digits):
    from cleanlab.rank import get_label_quality_scores

    dataset, _, is_flipped, check = digits
    p = np.zeros((len(check), 10))
    rows = np.arange(len(check))
    p[rows, dataset.labels], p[rows, check.suggested] = check.p_given, check.p_suggested
    p[rows, check.held_out] += 1 - p.sum(axis=1)
    theirs = 1 - get_label_quality_scores(dataset.labels, p)
    assert average_precision_score(is_flipped, check.score) >= average_precision_score(is_flipped, theirs)


def test_most_planted_flips_are_called_probably_mislabeled_and_hardly_any_others(digits):
    _, _, is_flipped, check = digits
    is_called = check.kind == KINDS.index("probably mislabeled")
    assert is_called[is_flipped].mean() > 0.85
    assert is_called[~is_flipped].mean() < 0.01


def test_the_share_of_wrong_labels_covers_the_planted_share(digits):
    _, _, is_flipped, check = digits
    assert check.wrong.interval.low <= is_flipped.mean() + 0.02
    assert check.wrong.interval.high >= is_flipped.mean()


def test_scores_do_not_tie(digits):
    *_, check = digits
    assert len(np.unique(check.score)) == len(check)


def test_the_suggestion_is_never_the_label_and_no_item_is_its_own_neighbor(digits):
    dataset, *_, check = digits
    assert (check.suggested != dataset.labels).all()
    assert (check.neighbors != np.arange(len(check))[:, None]).all()
    votes = (dataset.labels[check.neighbors] == dataset.labels[:, None]).sum(axis=1)
    assert np.array_equal(check.votes_given, votes)


def test_the_same_data_give_the_same_check_and_are_left_alone(digits):
    dataset, *_, check = digits
    before = dataset.fingerprint
    again = check_labels(vector_features(dataset), dataset)
    assert np.array_equal(again.score, check.score)
    assert dataset.fingerprint == before


def test_an_exact_twin_with_another_label_is_in_doubt():
    vectors, labels = gaussians(300, distance=8)
    vectors[3], labels[3] = vectors[0], 1
    dataset = labeled(vectors, labels)
    check = check_labels(vector_features(dataset), dataset)
    assert check.worst_first[0] == 3
    assert check.suggested[3] == 0


def test_a_blind_spot_is_what_only_the_classifier_denies():
    # A small tight cluster of class 0 in the middle of class 1: neighbors know it, the classifier hardly can.
    rng = np.random.default_rng(0)
    vectors = np.r_[rng.normal(size=(300, 2)) - [8, 0], rng.normal(size=(300, 2)), rng.normal(size=(12, 2)) / 100]
    labels = np.r_[np.zeros(300, int), np.ones(300, int), np.zeros(12, int)]
    dataset = labeled(vectors.astype(np.float32), labels)
    check = check_labels(vector_features(dataset), dataset)
    assert (check.kind[600:] == KINDS.index("model's blind spot")).mean() > 0.5


def test_held_out_classifiers_never_see_the_item():
    # With random labels nobody can know an item's label but from the item itself.
    rng = np.random.default_rng(0)
    vectors, codes = rng.normal(size=(400, 50)).astype(np.float32), rng.integers(0, 2, 400)
    folds = np.arange(400) % 3

    def ignore(*_):
        pass

    held_out = held_out_evidence(10 * vectors / 7, codes, 2, folds, ignore)
    assert 0.35 < np.mean(held_out.argmax(axis=1) == codes) < 0.65
    assert np.exp(held_out).sum(axis=1) == pytest.approx(1)


def test_log_probabilities_of_two_classes_are_those_of_scikit_learn():
    from sklearn.neural_network import MLPClassifier

    from embviz.label_check.evidence import _log_probabilities

    vectors, labels = gaussians(60, 2, distance=1)
    classifier = MLPClassifier(8, batch_size=20, random_state=0).partial_fit(vectors, labels, classes=[0, 1])
    found = _log_probabilities(classifier, vectors, 2, "", lambda *_: None, (0, 1))
    assert np.exp(found) == pytest.approx(classifier.predict_proba(vectors), abs=1e-6)


def test_a_group_with_all_its_items_mislabeled_comes_first():
    vectors, labels = gaussians(600, distance=5)
    writers = np.arange(600) // 12
    labels[(writers == 7) & (labels == 2)] = 1
    dataset = labeled(vectors, labels, writers)
    check = check_labels(vector_features(dataset), dataset)
    first = suspicious_groups(check, dataset)[0]
    assert (first.group, first.label, first.looks_like, first.n_items, first.n_suspects) == ("7", 1, 2, 8, 4)
    assert (writers[list(first.rows)] == 7).all()
    assert check.wrong.group == "writer"


def test_surprise_is_the_logarithm_of_the_binomial_likelihood_ratio():
    from scipy.stats import binom

    expected = binom.logpmf(3, 9, 3 / 9) - binom.logpmf(3, 9, 0.02)
    assert surprise(3, 9, 0.02) == pytest.approx(expected)


BAD = {
    "a class with one item": (np.r_[np.zeros(20, int), np.ones(20, int), 2], None),
    "a class smaller than k": (np.r_[np.zeros(30, int), np.ones(3, int)], None),
    "two items": (np.array([0, 1]), None),
    "300 classes": (np.arange(600) % 300, None),
    "one group": (np.arange(60) % 3, np.zeros(60, int)),
    "groups equal to classes": (np.arange(60) % 3, np.arange(60) % 3),
    "missing group values": (np.arange(60) % 3, ["" if i % 4 else f"w{i % 8}" for i in range(60)]),
    "groups and one class in one of them": (np.r_[np.arange(60) % 2, [2] * 10], np.r_[np.arange(60) % 7, [99] * 10]),
}


@pytest.mark.parametrize(("labels", "writers"), BAD.values(), ids=BAD)
def test_data_with_little_to_compare_have_a_defined_result(labels, writers):
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(labels), 3)) + np.c_[3 * labels, labels, labels]
    dataset = labeled(vectors.astype(np.float32), labels, writers)
    check = check_labels(vector_features(dataset), dataset)
    assert sorted(check.worst_first) == list(range(len(labels)))
    assert 0 <= check.wrong.share <= 1
    assert check.wrong.interval is None or 0 <= check.wrong.interval.low <= check.wrong.interval.high <= 1
    suspicious_groups(check, dataset)


@pytest.mark.parametrize("writers", [np.zeros(60, int), np.arange(60) % 3], ids=["one", "classes"])
def test_groups_that_leave_nobody_to_compare_with_are_not_used(writers):
    vectors, labels = gaussians(60, distance=10)
    dataset = labeled(vectors, labels, writers)
    check = check_labels(vector_features(dataset), dataset)
    assert check.wrong.group == ""
    assert check.wrong.share == 0


def test_constant_features_have_a_defined_result():
    dataset = labeled(np.ones((40, 4), np.float32), np.arange(40) % 2)
    check = check_labels(vector_features(dataset), dataset)
    assert np.isfinite(check.score).all()
    assert check.wrong.share > 0.1


def test_duplicates_across_classes_have_a_defined_result():
    vectors, labels = gaussians(40, 2)
    dataset = labeled(np.r_[vectors, vectors], np.r_[labels, 1 - labels])
    check = check_labels(vector_features(dataset), dataset)
    assert check.wrong.disagreement == 1
    assert check.wrong.share == pytest.approx(0.5)


def test_one_class_and_no_labels_are_refused_in_a_sentence():
    vectors, _ = gaussians(20)
    one = labeled(vectors, ["seven"] * 20)
    with pytest.raises(SpecError, match="all labels of 'arrays' are 'seven'"):
        check_labels(vector_features(one), one)
    none = dataset_from_arrays(vectors=vectors)
    with pytest.raises(SpecError, match="has no labels"):
        check_labels(vector_features(none), none)
    with pytest.raises(SpecError, match="has no labels"):
        label_check_of(vector_features(none), none, store=Store(None))


def test_a_class_name_without_items_is_never_suggested():
    vectors, labels = gaussians(90)
    dataset = replace(labeled(vectors, labels), class_names=("0", "1", "2", "nobody"))
    check = check_labels(vector_features(dataset), dataset)
    assert check.suggested.max() == 2


def test_a_check_of_other_items_is_refused():
    vectors, labels = gaussians(30)
    dataset, other = labeled(vectors, labels), labeled(vectors[::-1], labels[::-1])
    with pytest.raises(InputError, match="other items"):
        check_labels(vector_features(dataset), other)
    check = check_labels(vector_features(dataset), dataset)
    with pytest.raises(InputError, match="other items"):
        suspicious_groups(check, other)


def test_cancel_stops_it_in_every_stage():
    vectors, labels = gaussians(300)
    dataset = labeled(vectors, labels)
    for stage in ("learning labels", "testing labels"):

        def cancel(now, *_, stage=stage):
            if now == stage:
                raise Cancelled

        with pytest.raises(Cancelled):
            check_labels(vector_features(dataset), dataset, progress=cancel)


def test_a_check_is_stored_and_found_again_for_the_same_labels_only(tmp_path):
    vectors, labels = gaussians(90)
    dataset, store = labeled(vectors, labels, np.arange(90) % 9), Store(tmp_path)
    features = vector_features(dataset)
    assert stored_label_check(features, dataset, store=store) is None
    made = label_check_of(features, dataset, store=store)
    found = stored_label_check(features, dataset, store=store)
    assert np.array_equal(found.score, made.score)
    assert (found.wrong, found.n_issues, found.items) == (made.wrong, made.n_issues, dataset.items)
    assert stored_label_check(features, dataset, group=None, store=store) is None
    relabeled = replace(dataset, labels=np.r_[(dataset.labels[0] + 1) % 3, dataset.labels[1:]])
    assert stored_label_check(features, relabeled, store=store) is None


def test_features_of_images_are_checked_too():
    found = load_digits()
    dataset = dataset_from_arrays(images=(found.images * 15).astype(np.uint8)[:200], labels=found.target[:200])
    assert len(check_labels(pixel_features(dataset), dataset)) == 200


def test_early_epochs_speak_against_a_wrong_label():
    vectors, labels = gaussians(300, 2, distance=6)
    labels[0] = 1 - labels[0]
    evidence = learned_evidence(vectors, labels, 2, lambda *_: None)
    assert evidence[0].argmax() == 1 - labels[0]
