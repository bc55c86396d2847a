"""How long a search takes, in each of its ways: a column's first one, which makes its texts ready, and later ones."""

import time
from statistics import median

import numpy as np

from embviz.dataset import Dataset
from embviz.search import Query, found_ids, search_columns

QUERIES = (
    Query("frog", column="label"),
    Query("99", column="id"),
    Query("9+7$", "regex", "name"),
    Query("cafe", "text", "city"),
    Query("^0.1", "regex", "score"),
    Query("label == 'class 7' and score > 0.5 and 'item 9' in name", "expression"),
)


def search_table(n: int = 100_000, repeats: int = 7) -> str:
    """Milliseconds of each kind of search over n items, as Markdown."""
    columns_of = _made(n)
    rows = []
    for query in QUERIES:
        firsts, laters = [], []
        for _ in range(repeats):
            columns = search_columns(columns_of)
            for times in (firsts, laters):
                began = time.perf_counter()
                found = found_ids(query, columns)
                times.append(1000 * (time.perf_counter() - began))
        what = query.text if query.mode == "expression" else f"{query.text} in {query.column}"
        rows.append(f"| {query.mode} | `{what}` | {len(found):,} | {median(firsts):.0f} | {median(laters):.0f} |")
    head = f"| {n:,} items | search | found | first, ms | later, ms |\n|---|---|---|---|---|\n"
    return head + "\n".join(rows)


def _made(n: int) -> Dataset:
    rng = np.random.default_rng(0)
    return Dataset(
        name="made",
        split="",
        ids=np.arange(n),
        n_source=n,
        n_split=n,
        labels=rng.integers(0, 10, n),
        class_names=(*(f"class {code}" for code in range(9)), "frog"),
        metadata={
            "name": np.array([f"item {row} of {n}" for row in range(n)]),
            "city": rng.choice(np.array(["Genève", "Zürich", "café de Paris", "Bern"]), n),
            "score": rng.random(n),
        },
    )
