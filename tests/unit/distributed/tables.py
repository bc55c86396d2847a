"""Parquet files for the tests of layouts by partitions: the same items, cut in different ways."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow
from pyarrow import parquet


def items(n: int, d: int = 6) -> pyarrow.Table:
    """Items of three classes that lie apart, with text ids in no order."""
    labels = np.arange(n) % 3
    vectors = (8 * np.eye(3, d)[labels] + np.random.default_rng(1).normal(size=(n, d))).astype(np.float32)
    return table(vectors, [f"item {each}" for each in np.random.default_rng(2).permutation(n)], labels)


def table(vectors: np.ndarray, ids: object, labels: np.ndarray) -> pyarrow.Table:
    """A table as people write it."""
    flat = pyarrow.array(np.ascontiguousarray(vectors).reshape(-1))
    lists = pyarrow.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    return pyarrow.table({"id": ids, "label": [f"class {code}" for code in labels], "embedding": lists})


def written(folder: Path, whole: pyarrow.Table, n_files: int, group: int = 1_000_000) -> str:
    """Files of so many parts of a table; the pattern that names them."""
    folder.mkdir()
    cuts = np.linspace(0, len(whole), n_files + 1).astype(int)
    for place, (start, stop) in enumerate(pairwise(cuts)):
        parquet.write_table(whole.slice(start, stop - start), folder / f"part{place}.parquet", row_group_size=group)
    return str(folder / "*.parquet")


def coordinates(out: Path) -> pyarrow.Table:
    """What a layout's folder says of all items, in the order of their ids."""
    return parquet.read_table(sorted(out.glob("part-*.parquet"))).replace_schema_metadata().sort_by("id")
