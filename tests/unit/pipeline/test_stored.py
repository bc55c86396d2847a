"""Values in the store: every field is read back as it was, and nothing else is taken for the value."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from embviz.arrays import Float64Array
from embviz.pipeline.stored import kept_value, key_of, spec_key, stored_value
from embviz.projection import Columns, Pca, Tsne, Umap
from embviz.storage.artifacts import Artifact
from embviz.storage.store import Store


@dataclass(frozen=True)
class Interval:
    low: float
    high: float
    covers: str


@dataclass(frozen=True)
class Rate:
    """A number with its interval."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, eq=False)
class Table:
    """A value with a field of every type that can be stored."""

    name: str
    k: int
    is_exact: bool
    classes: tuple[int, int]
    limits: tuple[tuple[float, float], ...]
    note: str | None
    counts: Float64Array
    weights: Float64Array | None
    mean: Rate
    spread: Rate | None


WHOLE = Table(
    name="pixels",
    k=10,
    is_exact=True,
    classes=(1, 7),
    limits=((0.1, 0.1 + 0.2), (5e-324, 1.0)),
    note="of 20 items",
    counts=np.array([[1.0, 2.0]]),
    weights=np.array([0.5]),
    mean=Rate(0.25, Interval(0.2, 0.3, "items")),
    spread=Rate(0.5, None),
)
SPARSE = Table(
    name="",
    k=0,
    is_exact=False,
    classes=(0, 0),
    limits=(),
    note=None,
    counts=np.empty((0, 3)),
    weights=None,
    mean=Rate(0.0, None),
    spread=None,
)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def kept_again(value, store):
    """The value after it was kept in the store and read back."""
    kept_value(value, store, "table", "a")
    return stored_value(type(value), store, "table", "a", fits=lambda _: True)


@pytest.mark.parametrize("value", [WHOLE, SPARSE], ids=["whole", "sparse"])
def test_every_field_comes_back_as_it_was(value, store, caplog):
    found = kept_again(value, store)
    assert repr(found) == repr(value)  # also compares types, in nested values too
    assert (found.mean, found.spread, found.limits) == (value.mean, value.spread, value.limits)
    for one, other in ((found.counts, value.counts), (found.weights, value.weights)):
        assert (one is None) == (other is None)
        assert other is None or (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    assert not caplog.records


@pytest.mark.parametrize(
    "changes",
    [
        {"mean.value": ...},
        {"mean.interval.low": ...},
        {"mean.interval.low": "0.2"},
        {"mean.interval.low": None},
        {"mean.interval.low": [0.2]},
        {"mean.interval.covers": 5},
        {"mean.interval.level": 0.95},
        {"mean.interval": None},
        {"mean": None},
        {"mean": 0.25},
        {"mean.value.low": 0.2},
        {"spread": None},
        {"spread": 0.5},
        {"spread": [0.5, None]},
        {"spread.interval": ...},
        {"spread.interval": 0.5},
        {"classes": [1]},
        {"classes": [1, 7, 8]},
        {"classes": [1, 7.5]},
        {"classes": [1, None]},
        {"classes": "17"},
        {"classes": 17},
        {"limits": [[0.1, 0.2], [0.3]]},
        {"limits": [0.1, 0.2]},
        {"note": 3},
        {"note": ...},
        {"k": 10.5},
        {"k": True},
        {"is_exact": 1},
        {"weights": 0.5},
        {"counts": [[1.0, 2.0]]},
        {"counts": ...},
        {"": "surplus"},
    ],
    ids=str,
)
def test_whatever_is_not_exactly_a_value_is_absent(changes, store, caplog):
    kept_value(WHOLE, store, "table", "a")
    artifact = store.load("table", "a")
    parts = {**artifact.arrays, **artifact.scalars, **changes}
    arrays = {name: part for name, part in parts.items() if isinstance(part, np.ndarray)}
    scalars = {name: part for name, part in parts.items() if name not in arrays and part is not ...}
    store.save("table", "a", Artifact(arrays, scalars))
    assert store.load("table", "a") is not None  # the file is sound
    assert stored_value(Table, store, "table", "a", fits=lambda _: True) is None
    (record,) = caplog.records
    assert "table a in the store is not a Table and is computed again" in record.getMessage()


def test_a_name_that_is_there_twice_is_refused(store, caplog):
    kept_value(WHOLE, store, "table", "a")
    artifact = store.load("table", "a")
    store.save("table", "a", Artifact({**artifact.arrays, "k": np.zeros(1)}, artifact.scalars))
    assert stored_value(Table, store, "table", "a", fits=lambda _: True) is None
    kept_value(WHOLE, store, "table", "a")
    assert stored_value(Table, store, "table", "a", fits=lambda _: True, name="hidden") is None
    assert caplog.text.count("two parts of the same name") == 2


def test_what_does_not_fit_is_absent(store, caplog):
    kept_value(WHOLE, store, "table", "a")
    assert stored_value(Table, store, "table", "a", fits=lambda table: table.mean.interval.high > 1) is None
    assert "made from other inputs" in caplog.text


def test_what_is_known_is_not_stored_but_given_back_wherever_it_stands(store):
    kept_value(WHOLE, store, "table", "a", known=("mean", "name"))
    assert not any(name.startswith(("mean", "name")) for name in store.load("table", "a").scalars)
    mean = Rate(0.125, None)
    found = stored_value(Table, store, "table", "a", fits=lambda _: True, mean=mean, name="hidden")
    assert found.mean is mean and found.name == "hidden" and found.spread == WHOLE.spread


def test_a_value_that_cannot_be_written_down_is_not_written(store):
    @dataclass(frozen=True)
    class Opaque:
        part: object

    with pytest.raises(TypeError, match="not JSON serializable"):
        kept_value(Opaque(object()), store, "table", "a")
    assert store.load("table", "a") is None


def test_a_value_with_other_fields_inside_has_another_key():
    def of_one_field(kind):
        @dataclass(frozen=True)
        class Holder:
            inside: kind

        return key_of(Holder, "pixels")

    @dataclass(frozen=True)
    class Interval95:
        low: float
        high: float

    assert of_one_field(Interval) == of_one_field(Interval) == of_one_field(Interval | None)
    assert len({of_one_field(kind) for kind in (Interval, Interval95, Rate, float)}) == 4


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        (
            Tsne(),
            "Tsne(n_components=2, perplexity=30.0, early_exaggeration=12.0, learning_rate=None, max_iter=750, "
            "metric='euclidean', init='pca', engine='embviz', preprocess=None, seed=0)",
        ),
        (
            Umap(supervised=True, preprocess="unit"),
            "Umap(n_components=2, n_neighbors=15, min_dist=0.1, spread=1.0, n_epochs=None, metric='euclidean', "
            "supervised=True, init='spectral', engine='embviz', preprocess='unit', seed=0)",
        ),
    ],
    ids=["t-SNE", "UMAP"],
)
def test_the_key_of_a_spec_is_what_it_was_before_there_were_label_strengths(spec, key):
    assert spec_key(spec) == key
    others = [
        replace(spec, supervised=True, label_strength=80),
        replace(spec, supervised=True, ignored_label="a"),
        replace(spec, supervised=True, ignored_label="a", label_strength=80),
    ]
    assert len({spec_key(each) for each in (spec, *others)}) == 4
    assert all(eval(spec_key(each)) == each for each in others), "no field is lost"


@pytest.mark.parametrize("spec", [Pca(axes=(2, 1)), Columns(("a", 1), "center")], ids=["PCA", "columns"])
def test_the_key_of_a_spec_without_later_fields_is_what_it_prints(spec):
    assert spec_key(spec) == repr(spec)
