"""Names of many items at once are those of each."""

import numpy as np
from hypothesis import given, strategies as st

from embviz.dataset import Dataset
from embviz.items.names import item_name, item_names


@given(st.sets(st.integers(0, 99), min_size=1), st.sampled_from([(), (("train", 0), ("test", 60)), (("all", 0),)]))
def test_each_item_has_the_name_that_it_has_alone(ids, splits):
    made = Dataset(name="toy", split="", ids=np.array(sorted(ids)), n_source=100, n_split=100, splits=splits)
    assert item_names(made).tolist() == [item_name(item, splits) for item in sorted(ids)]
