"""Layouts by partitions, without a cluster: calls are made one after the other, and stopped wherever a test says."""

import json
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from embviz import Pca, Tsne, Umap, load_dataset, place, project, vector_features
from embviz.datasets.arrays import dataset_from_arrays
from embviz.distributed import landmarks, layout, scan
from embviz.distributed.layout import distributed_layout
from embviz.distributed.partitions import table_size
from embviz.errors import DatasetError, ExportError, SpecError
from tests.unit.distributed.serial import Stopped, made_serially
from tests.unit.distributed.tables import coordinates, items, table, written

N, LANDMARKS = 240, 80
UMAP = Umap(n_neighbors=8, n_epochs=20)
ITEMS = items(N)


@pytest.fixture
def calls(monkeypatch):
    return made_serially(monkeypatch)


def laid_out(pattern, out, spec=UMAP, **options):
    given = {"vectors": "embedding", "label": "label", "id": "id", "landmarks": LANDMARKS} | options
    return distributed_layout(pattern, spec, out, **given)


@pytest.mark.parametrize(
    "spec",
    [UMAP, Tsne(perplexity=5, max_iter=260), Umap(n_epochs=20, preprocess="pca-3", metric="cosine"), Pca(axes=(2, 1))],
    ids=["umap", "tsne", "reduced", "pca"],
)
def test_partitions_change_no_bit(calls, tmp_path, spec):
    shuffled = ITEMS.take(np.random.default_rng(3).permutation(N))
    whole = laid_out(written(tmp_path / "a", ITEMS, 1), tmp_path / "one", spec)
    parts = laid_out(written(tmp_path / "b", shuffled, 4, group=13), tmp_path / "many", spec)
    assert whole.partitions == 1 and parts.partitions == 4
    assert coordinates(tmp_path / "one").equals(coordinates(tmp_path / "many"))
    assert whole.explained_variance_ratio == parts.explained_variance_ratio


def test_principal_components_are_those_of_all_items_together(calls, tmp_path):
    found = laid_out(written(tmp_path / "a", ITEMS, 3), tmp_path / "out", Pca(n_components=3))
    vectors = np.array(ITEMS["embedding"].to_pylist(), np.float32)
    direct = project(vector_features(dataset_from_arrays(vectors=vectors)), Pca(n_components=3))
    rows = parquet.read_table(sorted((tmp_path / "out").glob("part-*.parquet")))
    coords = np.column_stack([rows[axis] for axis in "xyz"])
    np.testing.assert_allclose(coords, direct.coords, atol=1e-5)
    np.testing.assert_allclose(found.explained_variance_ratio, direct.explained_variance_ratio, rtol=1e-9)
    assert not rows["placed"].to_numpy().any() and rows["id"].equals(ITEMS["id"])


def test_all_but_the_landmarks_are_placed_as_place_does(calls, tmp_path):
    summary = laid_out(written(tmp_path / "a", ITEMS, 3), tmp_path / "out")
    rows = parquet.read_table(sorted((tmp_path / "out").glob("part-*.parquet")))
    is_placed = rows["placed"].to_numpy()
    assert (summary.n, summary.landmarks, summary.placed) == (N, LANDMARKS, N - LANDMARKS)
    assert is_placed.sum() == N - LANDMARKS
    marks = parquet.read_table(tmp_path / "out" / "_landmarks.parquet")
    old = vector_features(dataset_from_arrays(vectors=marks["vectors"].to_pylist()))
    vectors = np.array(ITEMS["embedding"].to_pylist(), np.float32)[is_placed]
    layout = project(old, UMAP)
    direct = place(vector_features(dataset_from_arrays(vectors=vectors)), layout, laid_out=old)
    np.testing.assert_array_equal(np.column_stack([marks["x"], marks["y"]]), layout.coords)
    np.testing.assert_array_equal(np.column_stack([rows["x"], rows["y"]])[is_placed], direct.coords)
    np.testing.assert_array_equal(rows["nearest_distance"].to_numpy()[is_placed], direct.nearest_distances)
    np.testing.assert_array_equal(rows["farther_share"].to_numpy()[is_placed], direct.farther_shares)
    assert summary.far == direct.is_far.sum()


def test_landmarks_are_in_the_files_where_they_were_laid_out(calls, tmp_path):
    laid_out(written(tmp_path / "a", ITEMS, 3), tmp_path / "out")
    rows = coordinates(tmp_path / "out")
    rows = rows.filter(pyarrow.compute.invert(rows["placed"]))
    marks = parquet.read_table(tmp_path / "out" / "_landmarks.parquet").sort_by("id")
    for name in ("id", "label", "x", "y", "nearest_distance", "farther_share"):
        assert rows[name].to_pylist() == marks[name].to_pylist(), name
    assert sorted(set(marks["label"].to_pylist())) == ["class 0", "class 1", "class 2"]


def test_a_run_that_is_stopped_anywhere_goes_on_where_it_was(calls, tmp_path):
    pattern = written(tmp_path / "a", ITEMS, 3)
    laid_out(pattern, tmp_path / "whole")
    want, needed = coordinates(tmp_path / "whole"), len(calls)
    kept = [call for call in calls if call[0] in ("reading", "placing", "landmarks")]
    for most in range(needed):
        out = tmp_path / f"stopped after {most}"
        calls.clear()
        calls.most = most
        with pytest.raises(Stopped):
            laid_out(pattern, out)
        before = list(calls)
        calls.most = 10**9
        summary = laid_out(pattern, out)
        assert coordinates(out).equals(want)
        again = calls[len(before) :]
        assert not {call for call in before if call in kept} & set(again), most
        assert summary.computed == sum(stage == "placing" for stage, _ in again)


def test_what_is_done_is_not_done_again(calls, tmp_path):
    pattern = written(tmp_path / "a", ITEMS, 2)
    first = laid_out(pattern, tmp_path / "out", Pca())
    made = len(calls)
    again = laid_out(pattern, tmp_path / "out", Pca())
    assert len(calls) == made
    assert (first.computed, again.computed) == (2, 0)
    assert again.explained_variance_ratio == first.explained_variance_ratio
    assert not (tmp_path / "out" / "_work").exists()


def test_files_that_were_removed_are_written_again(calls, tmp_path):
    pattern, out = written(tmp_path / "a", ITEMS, 3), tmp_path / "out"
    laid_out(pattern, out)
    want = coordinates(out)
    (out / "part-00001.parquet").unlink()
    assert laid_out(pattern, out).computed == 1
    assert coordinates(out).equals(want)
    (out / "part-00002.parquet").write_bytes(b"PAR1 of something else")
    with pytest.raises(ExportError, match=r"part-00002\.parquet is damaged; remove it, and start again"):
        laid_out(pattern, out)


def test_the_table_of_landmarks_is_written_by_the_next_run_if_a_kill_came_before_it(calls, tmp_path, monkeypatch):
    pattern, out = written(tmp_path / "a", ITEMS, 3), tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(landmarks, "_write", Mock(side_effect=Stopped))
        with pytest.raises(Stopped):
            laid_out(pattern, out)
    assert not (out / "_landmarks.parquet").exists()
    laid_out(pattern, out)
    assert len(parquet.read_table(out / "_landmarks.parquet")) == LANDMARKS
    laid_out(pattern, tmp_path / "whole")
    assert coordinates(out).equals(coordinates(tmp_path / "whole"))


def test_a_column_of_more_values_than_classes_may_have_is_no_label(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "MOST_CLASSES", 2)
    with pytest.raises(DatasetError, match="'label' has 3 different values; labels are classes"):
        laid_out(written(tmp_path / "a", ITEMS, 3), tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spec": Umap(seed=1)}, "other parameters"),
        ({"landmarks": 50}, "other landmarks"),
        ({"id": ""}, "other columns"),
    ],
    ids=["spec", "landmarks", "columns"],
)
def test_a_folder_of_another_layout_is_left_alone(calls, tmp_path, change, said):
    pattern = written(tmp_path / "a", ITEMS, 2)
    laid_out(pattern, tmp_path / "out")
    before = coordinates(tmp_path / "out")
    with pytest.raises(ExportError, match=f"{said}; give another folder"):
        laid_out(pattern, tmp_path / "out", **change)
    assert coordinates(tmp_path / "out").equals(before)


def test_a_folder_of_other_data_is_left_alone(calls, tmp_path):
    laid_out(written(tmp_path / "a", ITEMS, 2), tmp_path / "out")
    with pytest.raises(ExportError, match="other data"):
        laid_out(written(tmp_path / "b", ITEMS, 3), tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match="holds other files"):
        laid_out(str(tmp_path / "a"), tmp_path / "mine")


def test_embviz_opens_the_landmarks_and_says_how_many_there_are_in_all(calls, tmp_path):
    laid_out(written(tmp_path / "a", ITEMS, 2), tmp_path / "out")
    with pytest.warns(UserWarning) as said:
        dataset = load_dataset(tmp_path / "out")
    assert str(said[0].message) == (
        "These are 80 of 240 items: the landmarks of the layout. Its coordinates are in the columns that begin with "
        "'layout'; UMAP with its parameters and seed shows it."
    )
    assert (len(dataset), dataset.n_split, dataset.class_names) == (80, N, ("class 0", "class 1", "class 2"))
    coords = project(vector_features(dataset), UMAP).coords
    np.testing.assert_array_equal(coords[:, 0], dataset.metadata["layout_x"])
    np.testing.assert_array_equal(coords[:, 1], dataset.metadata["layout_y"])


def test_a_folder_without_landmarks_yet_is_said(calls, tmp_path):
    calls.most = 3
    with pytest.raises(Stopped):
        laid_out(written(tmp_path / "a", ITEMS, 2), tmp_path / "out")
    with pytest.raises(DatasetError, match="out has no landmarks yet; start the command"):
        load_dataset(tmp_path / "out")


def test_the_schema_says_how_coordinates_were_made(calls, tmp_path):
    laid_out(written(tmp_path / "a", ITEMS, 2), tmp_path / "out")
    said = json.loads(parquet.read_schema(tmp_path / "out" / "part-00001.parquet").metadata[b"embviz"])
    assert said["layout"]["method"] == "umap" and said["layout"]["n_neighbors"] == 8


VECTORS = np.array(ITEMS["embedding"].to_pylist(), np.float32)
LABELS = np.zeros(N, int)


def with_value(row, value):
    changed = VECTORS.copy()
    changed[row, 2] = value
    return table(changed, np.arange(N), LABELS)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (with_value(170, np.nan), r"part2.parquet, rows 0 to 79: .*row 10 holds NaN"),
        (table(VECTORS, np.r_[np.arange(N - 1), 3], LABELS), r"id 3 is in part0.parquet, rows 0 to 79 and part2"),
        (table(VECTORS, np.r_[np.arange(N - 1), 200], LABELS), r"id 200 is in part2.parquet, rows 0 to 79, twice"),
        (table(VECTORS, [*range(N - 1), None], LABELS), r"part2.parquet, rows 0 to 79: row 79 has no 'id'"),
        (
            table(VECTORS, np.linspace(0, 1, N), LABELS),
            r"part0.parquet, rows 0 to 79: 'id' holds double",
        ),
        (table(VECTORS, np.arange(N), np.arange(N)).rename_columns(["id", "class", "embedding"]), "no column 'label'"),
    ],
    ids=["nan", "two files", "one file", "no id", "float ids", "no label"],
)
def test_what_is_wrong_with_a_partition_is_said_in_a_sentence_that_names_it(calls, tmp_path, bad, said):
    with pytest.raises(DatasetError, match=said):
        laid_out(written(tmp_path / "a", bad, 3), tmp_path / "out")


def test_equal_ids_are_found_whichever_range_of_keys_they_are_in(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "SHARE", 120)
    for twice in range(4):
        some = table(VECTORS, np.r_[np.arange(N - 1), twice], LABELS)
        with pytest.raises(DatasetError, match=rf"id {twice} is in part0\.parquet, rows 0 to 119 and part1"):
            laid_out(written(tmp_path / f"data {twice}", some, 2), tmp_path / f"out {twice}")
    assert {number for stage, number in calls if stage == "comparing ids"} == {0, 1}


def test_ids_of_two_types_are_refused(calls, tmp_path):
    pattern = written(tmp_path / "a", ITEMS, 1)
    parquet.write_table(table(VECTORS, np.arange(N), LABELS), tmp_path / "a" / "part1.parquet")
    with pytest.raises(DatasetError, match=r"'id' holds texts in one of part0\.parquet and part1\.parquet"):
        laid_out(pattern, tmp_path / "out")


def test_a_file_with_other_columns_or_shorter_vectors_is_named(calls, tmp_path):
    pattern = written(tmp_path / "a", ITEMS, 2)
    parquet.write_table(items(9, d=5), tmp_path / "a" / "part7.parquet")
    with pytest.raises(DatasetError, match=r"part7.parquet.*row 0 has 5 numbers"):
        laid_out(pattern, tmp_path / "out")
    parquet.write_table(ITEMS.drop(["embedding"]), tmp_path / "a" / "part7.parquet")
    with pytest.raises(DatasetError, match=r"part7.parquet has no column 'embedding'; it has 'id', 'label'"):
        laid_out(pattern, tmp_path / "out")


def test_empty_files_and_missing_labels_are_no_problem(calls, tmp_path):
    some = ITEMS.set_column(1, "label", pyarrow.array([None] * 40 + ["a"] * (N - 40)))
    pattern = written(tmp_path / "a", some, 2)
    parquet.write_table(some.slice(0, 0), tmp_path / "a" / "part5.parquet")
    summary = laid_out(pattern, tmp_path / "out", Umap(n_neighbors=8, n_epochs=20, supervised=True))
    assert summary.n == N and table_size(pattern, "embedding") == (N, 6)
    assert coordinates(tmp_path / "out")["label"].null_count == 40


def test_an_ignored_label_is_as_if_it_were_missing(calls, tmp_path):
    names = [f"class {place}" for place in np.random.default_rng(0).integers(0, 3, N)]  # vectors say nothing of them
    mixed, without = (
        ITEMS.set_column(1, "label", pyarrow.array([None if name == left_out else name for name in names]))
        for left_out in ("", "class 1")
    )
    shaped = Umap(n_neighbors=8, n_epochs=20, supervised=True)
    ignoring = Umap(n_neighbors=8, n_epochs=20, supervised=True, ignored_label="class 1")
    all_of = written(tmp_path / "a", mixed, 2)
    for name, pattern, spec in (
        ("shaped", all_of, shaped),
        ("ignored", all_of, ignoring),
        ("missing", written(tmp_path / "b", without, 2), shaped),
    ):
        laid_out(pattern, tmp_path / name, spec)
    places = {name: coordinates(tmp_path / name).select(["x", "y"]) for name in ("shaped", "ignored", "missing")}
    assert places["ignored"].equals(places["missing"]) and not places["ignored"].equals(places["shaped"])
    with pytest.raises(SpecError, match="no class is called 'x', so it cannot be ignored; choose from class 0,"):
        laid_out(all_of, tmp_path / "x", Umap(n_neighbors=8, supervised=True, ignored_label="x"))


def test_without_ids_rows_are_counted_through_all_files(calls, tmp_path):
    laid_out(written(tmp_path / "a", ITEMS, 11), tmp_path / "out", Pca(), id="", label="")
    rows = parquet.read_table(sorted((tmp_path / "out").glob("part-*.parquet")))
    assert rows["id"].to_pylist() == list(range(N)) and rows.column_names == ["id", "x", "y", "placed"]


@pytest.mark.parametrize(
    ("spec", "options", "said"),
    [
        (Umap(engine="reference"), {}, "reference engines"),
        (Umap(supervised=True), {"label": ""}, "no column of labels is named"),
        (Tsne(perplexity=5, supervised=True), {"label": ""}, "no column of labels is named"),
        (Tsne(), {}, "perplexity 30 needs at least 91 items, got 80"),
        (UMAP, {"landmarks": 1}, "landmarks must be at least 2"),
        (Umap(preprocess="pca-6"), {}, "needs more than 6 features"),
    ],
    ids=["reference", "supervised", "supervised t-SNE", "few", "landmarks", "reduced"],
)
def test_what_cannot_work_is_said_before_anything_is_read(calls, tmp_path, spec, options, said):
    with pytest.raises(SpecError, match=said):
        laid_out(written(tmp_path / "a", ITEMS, 2), tmp_path / "out", spec, **options)
    assert not calls and not (tmp_path / "out").exists()


def test_no_file_is_said(tmp_path):
    with pytest.raises(DatasetError, match="no file is found at"):
        laid_out(str(tmp_path / "*.parquet"), Path(tmp_path / "out"))
