"""``embviz place``: the library's places, both kinds of items in one file, and a word on those that do not belong."""

import json

import numpy as np
import pytest

import embviz
from embviz.export import read_coordinates

KEYS = [
    *("dataset", "split", "n", "into", "into_split", "into_n", "method", "dims", "preprocess", "seed", "title"),
    *("seconds", "layout_seconds", "far", "out"),
]
METHODS = {"pca": embviz.Pca(), "umap": embviz.Umap(n_neighbors=10)}


@pytest.mark.parametrize("method", METHODS)
def test_place_writes_the_librarys_places_below_the_layout(cli, tmp_path, method):
    laid_out, new = (embviz.load_dataset("digits", split, limit=n) for split, n in (("train", 150), ("test", 40)))
    features = embviz.pixel_features(laid_out)
    layout = embviz.project(features, METHODS[method])
    placed = embviz.place(embviz.pixel_features(new), layout, laid_out=features)
    parameters = ["--n-neighbors", 10] if method == "umap" else []
    arguments = ["place", "digits", "--into", "digits", "--limit", 40, "--into-limit", 150, "--method", method]
    out = tmp_path / "places.csv"
    code, printed, _ = cli(*arguments, *parameters, "--out", out, "--json")
    answer = json.loads(printed)
    assert code == 0 and list(answer) == KEYS
    assert (answer["n"], answer["into_n"], answer["into_split"]) == (40, 150, "train")
    assert answer["far"] == placed.is_far.sum()
    read = read_coordinates(out)
    assert read.ids.tolist() == [*laid_out.ids.tolist(), *new.ids.tolist()]
    np.testing.assert_array_equal(read.coords, np.concatenate([layout.coords, placed.coords]))
    assert read.placed.tolist() == [False] * 150 + [True] * 40

    code, printed, _ = cli(*arguments, *parameters, "--out", out)
    first, second = printed.splitlines()
    assert code == 0 and first.startswith("40 items placed among 150, ")
    assert second.startswith(f"{answer['far']} placed items (")


def test_somebodys_own_files_are_placed_into_each_other(cli, tmp_path):
    rng = np.random.default_rng(0)
    for name, n, offset in (("old", 60, 0), ("new", 5, 90)):
        rows = [f"{x:.4f},{y:.4f},{z:.4f},{name}" for x, y, z in rng.standard_normal((n, 3)) + offset]
        (tmp_path / f"{name}.csv").write_text("\n".join(["a,b,c,kind", *rows]))
    columns = ["--vectors", "a,b,c", "--labels", "kind"]
    out = tmp_path / "places.parquet"
    code, printed, _ = cli("place", tmp_path / "new.csv", "--into", tmp_path / "old.csv", *columns, "--out", out)
    assert code == 0
    assert "5 placed items (100.0%) are farther from their nearest laid-out item" in printed
    read = read_coordinates(out)
    assert read.labels == ["old"] * 60 + ["new"] * 5 and read.placed.sum() == 5


def test_a_file_of_vectors_is_not_taken_for_those_of_both_kinds_of_items(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, first in (("old", 0.0), ("new", 100.0)):
        np.save(tmp_path / f"{name}.npy", first + np.random.default_rng(0).standard_normal((40, 3)))
    code, _, said = cli("place", "new.npy", "--vectors", "new.npy", "--into", "old.npy", "--out", "both.csv")
    assert code == 2 and "--vectors of place is a column that the new and the laid-out items have" in said
    assert not (tmp_path / "both.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--into", "digits", "--out", "places.npy"], "placed items go into .csv or .parquet files"),
        (["--into", "digits", "--out", "places.csv", "--perplexity", 5], "pca has no --perplexity"),
        (["--into", "digits", "--out", "places.csv", "--method", "tsne", "--into-limit", 20], "at least 91 items"),
        (["--out", "places.csv"], "--into"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_computed(cli, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, printed, said = cli("place", "digits", *arguments)
    assert (code, printed) == (2, "") and words in said
    assert not list(tmp_path.glob("places*"))


def test_items_of_another_size_are_refused(cli, tmp_path):
    for name, d in (("old", 3), ("new", 2)):
        np.save(tmp_path / f"{name}.npy", np.random.default_rng(0).standard_normal((30, d)).astype(np.float32))
    code, _, said = cli("place", tmp_path / "new.npy", "--into", tmp_path / "old.npy", "--out", tmp_path / "places.csv")
    assert code == 2 and "vectors of 3 values, got new ones of 2" in said


def test_place_offers_no_axes_that_it_cannot_use(cli):
    """Of the methods that name their axes, `place` has none."""
    code, helped, _ = cli("place", "--help")
    told = " ".join(helped.split())
    assert code == 0 and "--direction" not in told and "columns: metadata" not in told
    assert "PCA: components from 1 on" in told
    _, of_project, _ = cli("project", "--help")
    assert "--direction FROM TO" in of_project and "columns: metadata columns by name" in " ".join(of_project.split())


def test_an_option_that_place_lacks_is_not_explained_by_a_method_that_it_lacks(cli):
    out = ("--into", "digits", "--out", "places.csv")
    code, _, said = cli("place", "digits", *out, "--direction", "1", "7")
    assert code == 2 and "--direction" in said and "give --method directions" not in said


def test_place_lays_out_by_the_components_asked_for(cli, tmp_path):
    out = tmp_path / "places.csv"
    limits = ("--limit", 20, "--into-limit", 50)
    code, _, _ = cli("place", "digits", "--into", "digits", *limits, "--axes", 2, 3, "--out", out)
    laid_out = embviz.load_dataset("digits", "train", limit=50)
    layout = embviz.project(embviz.pixel_features(laid_out), embviz.Pca(axes=(2, 3)))
    assert code == 0
    np.testing.assert_array_equal(read_coordinates(out).coords[:50], layout.coords)


def random_table(path, n, seed):
    rows = [f"{x:.4f},{y:.4f},{z:.4f}" for x, y, z in np.random.default_rng(seed).standard_normal((n, 3))]
    path.write_text("\n".join(["a,b,c", *rows]))
    return path


def test_a_file_without_splits_is_not_placed_into_itself(cli, tmp_path, monkeypatch):
    """No split was named, and so no split is complained about; however the same file is written."""
    own = random_table(tmp_path / "own.csv", 30, 0)
    monkeypatch.chdir(tmp_path)
    for new, limits in ((own, ()), ("own.csv", ()), (own, ("--limit", 5))):
        code, printed, said = cli("place", new, *limits, "--into", own, "--out", "places.csv")
        assert (code, printed) == (2, "")
        assert said.splitlines()[-1] == (
            "embviz: all items of own to be placed are in the layout already; name other items: another DATASET "
            "or --into, or other splits with --split and --into-split"
        )
    assert not list(tmp_path.glob("places*"))


def test_the_rest_of_a_file_is_placed_into_a_sample_of_it(cli, tmp_path):
    own, out = random_table(tmp_path / "own.csv", 30, 0), tmp_path / "places.csv"
    code, _, _ = cli("place", own, "--into", own, "--into-limit", 20, "--out", out)
    assert code == 0 and read_coordinates(out).placed.tolist() == [False] * 20 + [True] * 30


def test_of_the_same_file_the_training_items_are_laid_out(cli, tmp_path):
    rng = np.random.default_rng(0)
    arrays = {f"x_{part}": rng.standard_normal((n, 3)).astype(np.float32) for part, n in (("train", 12), ("test", 8))}
    np.savez(tmp_path / "own.npz", **arrays)
    arguments = ("--into", tmp_path / "own.npz", "--out", tmp_path / "places.csv", "--json")
    code, printed, said = cli("place", tmp_path / "own.npz", *arguments)
    assert code == 0, said
    answer = json.loads(printed)
    assert (answer["into_split"], answer["into_n"], answer["split"], answer["n"]) == ("train", 12, "test", 8)
