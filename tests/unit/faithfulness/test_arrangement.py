"""Angles between classes: 0 where none changes, that of chance where items change places, zadu's for any layout."""

import numpy as np
import pytest
from zadu.measures import class_angular_distortion_index

from embviz import layout_faithfulness
from embviz.faithfulness.arrangement import class_arrangement

RNG = np.random.default_rng(0)
CODES = np.arange(300) % 3
MEANS = 20 * np.array([[0, 0], [1, 0], [0, 2]])
PLANE = (RNG.normal(size=(300, 2)) + MEANS[CODES]).astype(np.float32)


def test_turning_shifting_and_scaling_change_no_angle():
    turned = (3 * PLANE @ np.array([[0.6, -0.8], [0.8, 0.6]]) + 7).astype(np.float32)
    found = class_arrangement(PLANE, turned, CODES)
    assert found.distortion == pytest.approx(0, abs=1e-9)
    assert found.by_chance > 0.05
    assert found.sentence == "The arrangement of the 3 classes is that of the data."


def test_items_at_random_places_are_off_by_as_much_as_chance():
    found = class_arrangement(PLANE, PLANE[RNG.permutation(300)], CODES)
    assert found.distortion == pytest.approx(found.by_chance, rel=0.05)
    assert "hardly" in found.sentence


def test_it_is_the_mean_over_all_triples():
    codes = np.array([0, 0, 0, 1, 1, 2])
    data, layout = (RNG.normal(size=(6, dims)).astype(np.float32) for dims in (4, 2))

    def cosine(points, x, y, z):
        a, b = points[y].astype(float) - points[x], points[z].astype(float) - points[x]
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    # Each pair of classes counts alike; class 2 has no two items to be seen.
    per_pair = []
    for seen in (0, 1):
        for seer in {0, 1, 2} - {seen}:
            triples = [
                (x, y, z)
                for x in np.flatnonzero(codes == seer)
                for y in np.flatnonzero(codes == seen)
                for z in np.flatnonzero(codes == seen)
                if y != z
            ]
            per_pair.append(np.mean([(cosine(data, *each) - cosine(layout, *each)) ** 2 / 4 for each in triples]))
    assert class_arrangement(data, layout, codes).distortion == pytest.approx(np.mean(per_pair), abs=0.01)


def test_it_is_that_of_zadu():
    layout = RNG.normal(size=(300, 2)).astype(np.float32)
    theirs = class_angular_distortion_index.measure(PLANE, layout, CODES, n_triplets=20_000, random_seed=0)
    ours = class_arrangement(PLANE, layout, CODES).distortion
    assert ours == pytest.approx(theirs["class_angular_distortion_index"], abs=0.01)


def test_odd_classes_have_a_defined_result():
    assert class_arrangement(PLANE, PLANE, np.zeros(300, int)) is None
    assert class_arrangement(PLANE[:3], PLANE[:3], np.arange(3)) is None
    same = np.ones((6, 2), np.float32)
    found = class_arrangement(same, same, np.arange(6) % 2)
    assert (found.distortion, found.by_chance, found.kept) == (0, 0, 1)
    assert layout_faithfulness(PLANE, PLANE, k=3).arrangement is None
