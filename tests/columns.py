"""Digits with columns as real data have: more writers than there are colors, and a number; some items have neither."""

from dataclasses import replace

import numpy as np

from embviz.dataset import Dataset

N_WRITERS, N_WITHOUT = 70, 20


def with_columns(dataset: Dataset) -> Dataset:
    """The dataset with the columns writer and ink."""
    assert dataset.images is not None
    has_none = dataset.ids < N_WITHOUT
    writers = np.where(has_none, "", (dataset.ids % N_WRITERS).astype("<U8"))
    ink = np.where(has_none, np.nan, dataset.images.mean(axis=(1, 2)))
    return replace(dataset, metadata={**dataset.metadata, "writer": writers, "ink": ink})
