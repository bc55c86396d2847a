"""The lens: which space follows which, paired intervals of the steps, and the sentence that says where classes part."""

import math

import numpy as np
import pytest

from embviz.datasets import dataset_from_arrays
from embviz.errors import InputError
from embviz.features import Activations, Features, NamedVectors, Pixels, Vectors
from embviz.layers import class_separation, layer_lens
from embviz.layers.wording import parting_said
from embviz.overlap import groups_of
from tests.unit.layers.pairs import gaussians


def lens_of(spaces, *, n=300, groups=0, seen=False, k=10):
    """Lens of Gaussian classes; `spaces` are names of feature spaces, each with the distance of the classes there."""
    dataset = gaussians(n, 3, 1, groups=groups)
    noise = np.random.default_rng(1).normal(size=(n, 3))
    found = []
    for spec, distance in spaces:
        vectors = noise + np.array([distance, 0, 0]) * (dataset.labels == 1)[:, None]
        features = Features(vectors.astype(np.float32), dataset.ids, spec, dataset.items)
        column = "writer" if groups else None
        found.append(class_separation(features, dataset, (0, 1), k, groups=groups_of(dataset, column)))
    return layer_lens(found, is_seen=seen)


PIXELS, HIDDEN, LOGITS, OWN = Pixels(), Activations("hidden"), Activations("logits"), Vectors()


def test_layers_follow_each_other_and_ones_own_vectors_follow_the_pixels():
    lens = lens_of([(PIXELS, 1), (HIDDEN, 2), (LOGITS, 3), (OWN, 1), (NamedVectors("clip"), 2)])
    followed = [(step.before, step.after) for step in lens.steps]
    own = [("pixels", "vectors"), ("vectors", "vectors:clip")]
    assert followed == [("pixels", "hidden"), ("hidden", "logits"), *own]
    alone = lens_of([(OWN, 1), (NamedVectors("clip"), 2)])
    assert [(step.before, step.after) for step in alone.steps] == own[1:]


@pytest.mark.parametrize("groups", [0, 40])
def test_the_interval_of_a_step_is_that_of_paired_differences(groups):
    lens = lens_of([(PIXELS, 1), (HIDDEN, 2), (LOGITS, 2.1)], groups=groups)
    first, second, _ = lens.spaces
    step = lens.steps[0]
    differences = second.indices - first.indices
    n = len(differences)
    error = math.sqrt((n - 1) / n * np.sum((differences - differences.mean()) ** 2))
    assert step.change == second.overlap.index - first.overlap.index
    reach = (step.interval.high - step.interval.low) / 2
    assert (step.interval.high + step.interval.low) / 2 == pytest.approx(step.change)
    assert 2.2 * error < reach < 2.35 * error, "two steps share the 5 %: 97.5 % each"
    assert step.interval.level == 0.975
    unpaired = math.hypot(first.overlap.spread.index_error, second.overlap.spread.index_error)
    assert error < unpaired, "items that are hard in one space are hard in the other"


def test_classes_part_where_the_overlap_falls_most():
    lens = lens_of([(PIXELS, 0.8), (HIDDEN, 1), (LOGITS, 4)])
    assert lens.parting.after == "logits"
    said = parting_said(lens, ("1", "7"))
    high, low = (100 * each.overlap.index for each in lens.spaces[1:])
    assert (
        said == f"1 and 7 come apart in the logits: overlap falls from {high:.1f} % in the hidden layer to {low:.1f} %."
    )


def test_no_step_is_named_where_intervals_do_not_tell():
    lens = lens_of([(PIXELS, 2), (HIDDEN, 2.02), (LOGITS, 2.04)])
    assert lens.parting is None
    assert "cannot be told: the intervals are wider" in parting_said(lens, ("a", "b"))


def test_classes_that_grow_together_come_apart_nowhere():
    lens = lens_of([(PIXELS, 3), (HIDDEN, 1), (LOGITS, 1)])
    assert lens.parting is None
    assert "a and b come apart nowhere: overlap grows" in parting_said(lens, ("a", "b"))


def test_classes_that_never_meet_are_apart_from_the_start():
    lens = lens_of([(PIXELS, 40), (HIDDEN, 40)], n=800)
    assert "apart from the start: in the pixels they overlap by at most" in parting_said(lens, ("a", "b"))


def test_one_space_is_compared_with_nothing():
    said = parting_said(lens_of([(OWN, 1)]), ("a", "b"))
    assert "there is no other space to compare" in said


def test_without_intervals_the_reason_is_said():
    dataset = gaussians(30, 2, 3, first=1)
    features = Features(dataset.vectors, dataset.ids, PIXELS, dataset.items)
    lens = layer_lens([class_separation(features, dataset, (0, 1), 3)])
    assert "one class has a single item, so there are no intervals" in parting_said(lens, ("a", "b"))


def test_names_in_the_sentence_may_hold_braces():
    lens = lens_of([(PIXELS, 1), (HIDDEN, 4)])
    assert parting_said(lens, ("{a}", "{0}")).startswith("{a} and {0} come apart")


def test_spaces_of_other_items_classes_or_k_are_no_lens():
    made = lens_of([(PIXELS, 1)]).spaces[0]
    others = [lens_of([(HIDDEN, 1)], n=200).spaces[0], lens_of([(HIDDEN, 1)], k=5).spaces[0], made]
    for other in others:
        with pytest.raises(InputError, match="must differ, and be of the same items"):
            layer_lens([made, other])
    with pytest.raises(InputError, match="a comparison of feature spaces needs at least one"):
        layer_lens([])


def test_rows_belong_to_the_dataset():
    dataset = dataset_from_arrays(vectors=np.eye(6), labels=["x", "a", "b", "a", "b", "x"])
    features = Features(dataset.vectors, dataset.ids, PIXELS, dataset.items)
    found = class_separation(features, dataset, (0, 1), 1)
    assert found.rows.tolist() == np.flatnonzero(dataset.labels < 2).tolist() and found.items == dataset.items
