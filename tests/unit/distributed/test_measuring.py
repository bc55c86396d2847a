"""Overlaps and kept neighbors among the landmarks, beside what all items give together; calls are made in a row."""

import numpy as np
import pytest
from pyarrow import parquet

from embviz import Pca, Umap
from embviz.distributed import layout
from embviz.distributed.layout import distributed_layout
from embviz.overlap.landmarks.overlaps import landmark_overlaps
from embviz.overlap.landmarks.sums import landmark_sums
from tests.unit.distributed.serial import Stopped, made_serially
from tests.unit.distributed.tables import items, table, written

N, LANDMARKS = 240, 80
UMAP = Umap(n_neighbors=8, n_epochs=20)
APART = items(N)
CODES = np.arange(N) % 3
NEAR = table(
    (np.random.default_rng(4).normal(size=(N, 3)) + 0.5 * CODES[:, None]).astype(np.float32),
    [f"item {each}" for each in range(N)],
    CODES,
)
"""Items of three classes that overlap."""
PAIRS = [("class 0", "class 1"), ("class 0", "class 2"), ("class 1", "class 2")]


@pytest.fixture
def calls(monkeypatch):
    return made_serially(monkeypatch)


def laid_out(pattern, out, spec=UMAP, **options):
    given = {"vectors": "embedding", "label": "label", "id": "id", "landmarks": LANDMARKS} | options
    return distributed_layout(pattern, spec, out, **given)


def in_components(vectors, own, landmarks):
    """The vectors in the space of the landmarks' own, which are principal components of all, or the vectors."""
    if landmarks.shape[1] == vectors.shape[1]:
        return vectors
    centered = vectors - vectors.mean(axis=0)
    axes = np.linalg.lstsq(centered[own >= 0], landmarks[own[own >= 0]], rcond=None)[0]
    return (centered @ axes).astype(np.float32)


def nearest_ten(landmarks, vector, own):
    far = ((landmarks.astype(float) - vector) ** 2).sum(axis=1)
    far[own if own >= 0 else []] = np.inf
    return set(np.argsort(far)[:10].tolist())


@pytest.mark.parametrize("spec", [UMAP, Umap(n_epochs=20, preprocess="pca-3"), Pca()], ids=["umap", "reduced", "pca"])
def test_what_is_measured_is_that_of_all_items_together(calls, tmp_path, spec):
    found = laid_out(written(tmp_path / "a", APART, 3), tmp_path / "out", spec).measured
    marks = parquet.read_table(tmp_path / "out" / "_landmarks.parquet")
    rows = parquet.read_table(sorted((tmp_path / "out").glob("part-*.parquet")))
    place = {each: at for at, each in enumerate(marks["id"].to_pylist())}
    own = np.array([place.get(each, -1) for each in rows["id"].to_pylist()])
    landmarks = np.array(marks["vectors"].to_pylist(), np.float32)
    vectors = in_components(np.array(APART["embedding"].to_pylist(), np.float32), own, landmarks)
    coords, mark_coords = (np.column_stack([each["x"], each["y"]]) for each in (rows, marks))
    codes, mark_codes = (np.array([int(name[-1]) for name in each["label"].to_pylist()]) for each in (rows, marks))

    kept = np.array(
        [
            len(nearest_ten(landmarks, vectors[row], at) & nearest_ten(mark_coords, coords[row], at))
            for row, at in enumerate(own)
        ]
    )
    others = np.where(own < 0, LANDMARKS, LANDMARKS - 1)
    assert (found.n, found.k) == (N, 10)
    assert found.neighbor_recall == pytest.approx(kept.mean() / 10, abs=2e-3)
    assert found.corrected_recall == pytest.approx(np.mean((others * kept / 10 - 10) / (others - 10)), abs=2e-3)

    assert sorted(pair.names for pair in found.pairs) == PAIRS
    for space, theirs, mine in (("features", landmarks, vectors), ("layout", mark_coords, coords)):
        got = {pair.names: getattr(pair, space) for pair in found.pairs}
        sums = landmark_sums(mine, codes, own, theirs, mark_codes, 3, 10)
        for names, want in zip(PAIRS, landmark_overlaps(sums, mark_codes, 10), strict=True):
            assert got[names].rate == pytest.approx(want.rate, abs=2e-3)
            assert got[names].rate_error == pytest.approx(want.rate_error, abs=2e-3)
            assert got[names].n_per_class == want.n_per_class == (80, 80)


def test_partitions_and_stops_change_nothing(calls, tmp_path):
    whole = laid_out(written(tmp_path / "a", NEAR, 1), tmp_path / "one").measured
    pattern = written(tmp_path / "b", NEAR, 4, group=13)
    for more in range(2, 16, 3):
        calls.most = len(calls) + more
        with pytest.raises(Stopped):
            laid_out(pattern, tmp_path / f"many{more}")
        calls.most = 10**9
        assert laid_out(pattern, tmp_path / f"many{more}").measured == whole
    assert laid_out(pattern, tmp_path / "many2").measured == whole, "from the manifest"
    (tmp_path / "many2" / "part-00001.parquet").unlink()
    assert laid_out(pattern, tmp_path / "many2").measured == whole
    assert whole.pairs[0].features.rate > 0.1
    said = (tmp_path / "many2" / "_overlap.csv").read_text()
    assert said == (tmp_path / "one" / "_overlap.csv").read_text()
    first = said.splitlines()[1].split(",")
    assert tuple(first[:2]) == whole.pairs[0].names
    assert float(first[6]) == pytest.approx(whole.pairs[0].features.index, rel=1e-5)


def test_beside_the_landmarks_a_sample_is_measured_that_does_not_depend_on_partitions(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "MEASURED", 60)
    found = laid_out(written(tmp_path / "a", NEAR, 1), tmp_path / "one").measured
    assert 40 < found.n < 80
    assert 0 < sum(found.pairs[0].features.n_per_class) < found.n
    assert laid_out(written(tmp_path / "b", NEAR, 5), tmp_path / "many").measured == found


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"label": ""}, "there are no two classes"),
        ({"label": "id"}, "a table of every two of 240 classes is too large; at most 40 are measured"),
    ],
    ids=["no label", "many classes"],
)
def test_without_overlaps_it_is_said_why(calls, tmp_path, options, said):
    found = laid_out(written(tmp_path / "a", APART, 2), tmp_path / "out", Umap(n_neighbors=3, n_epochs=20), **options)
    assert (found.measured.pairs, found.measured.missing) == ((), said)


def test_classes_with_too_few_landmarks_have_no_overlap(calls, tmp_path):
    twelve = table(np.array(NEAR["embedding"].to_pylist(), np.float32), NEAR["id"], np.arange(N) % 12)
    found = laid_out(written(tmp_path / "a", twelve, 2), tmp_path / "out", landmarks=24).measured
    assert found.missing == "there are no two classes with 12 landmarks each"
    assert 0 < found.neighbor_recall < 1


def test_a_class_with_few_landmarks_is_named_and_left_out_of_the_overlaps(calls, tmp_path):
    rare = table(np.array(NEAR["embedding"].to_pylist(), np.float32), NEAR["id"], np.where(np.arange(N) < 9, 7, CODES))
    found = laid_out(written(tmp_path / "a", rare, 2), tmp_path / "out").measured
    assert found.left_out == ("class 7",) and found.missing == ""
    assert sorted(pair.names for pair in found.pairs) == PAIRS


@pytest.mark.parametrize("empty", [None, ""], ids=["missing", "empty"])
def test_items_without_a_label_are_of_no_class(calls, tmp_path, empty):
    labels = NEAR["label"].to_pylist()
    some = NEAR.set_column(1, "label", [[empty if row % 5 == 0 else name for row, name in enumerate(labels)]])
    found = laid_out(written(tmp_path / "a", some, 2), tmp_path / "out").measured
    assert sorted(pair.names for pair in found.pairs) == PAIRS
    assert found.n == N and sum(found.pairs[0].features.n_per_class) == 2 * N / 3 * 4 / 5


def test_of_two_landmarks_nothing_is_measured_and_nothing_done_twice(calls, tmp_path):
    pattern, out = written(tmp_path / "a", APART, 3), tmp_path / "out"
    assert laid_out(pattern, out, Pca(), landmarks=2).measured is None
    calls.most = 2 * len(calls) - 1
    with pytest.raises(Stopped):
        laid_out(pattern, tmp_path / "again", Pca(), landmarks=2)
    calls.most = 10**9
    assert laid_out(pattern, tmp_path / "again", Pca(), landmarks=2).computed == 1


def test_a_partition_that_was_not_measured_is_computed_again_until_the_layout_is_done(calls, tmp_path):
    pattern, out = written(tmp_path / "a", NEAR, 3), tmp_path / "out"
    want = laid_out(pattern, tmp_path / "whole").measured
    calls.most = 2 * len(calls) - 1
    with pytest.raises(Stopped):
        laid_out(pattern, out)
    assert (out / "part-00000.parquet").exists()
    (out / "_work" / "sums" / "00000.npz").unlink()
    calls.most = 10**9
    assert laid_out(pattern, out).measured == want
    assert calls[-2:] == [("placing", 0), ("placing", 2)]
