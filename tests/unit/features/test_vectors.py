"""The vectors a dataset came with: one set without a name, and others with one."""

from dataclasses import replace

import numpy as np
import pytest

from embviz import dataset_from_arrays
from embviz.errors import DatasetError
from embviz.features import NamedVectors, feature_spec, vector_features
from embviz.pipeline import features_of
from embviz.storage.store import Store

FIRST, CLIP = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
DATASET = replace(dataset_from_arrays(vectors=FIRST), more_vectors={"clip": CLIP.copy()})


def test_every_set_of_vectors_is_a_feature_space_of_the_same_items(tmp_path):
    first = features_of(DATASET, feature_spec("vectors"), store=Store(tmp_path))
    clip = features_of(DATASET, feature_spec("vectors:clip"), store=Store(tmp_path))
    assert np.array_equal(first.vectors, FIRST) and np.array_equal(clip.vectors, CLIP)
    assert first.items == clip.items == DATASET.items and first.fingerprint != clip.fingerprint
    assert (clip.name, clip.spec) == ("vectors:clip", NamedVectors("clip"))


def test_a_set_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DatasetError, match=r"no vectors called 'clap'.* clip"):
        vector_features(DATASET, "clap")
