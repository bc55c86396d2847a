"""Somebody's own files wherever the command line takes DATASET."""

import json

import numpy as np
import pytest

from embviz import load_dataset, overlap_matrix, vector_features

RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(40, 5))
KINDS = ["cat", "dog"] * 20


@pytest.fixture
def table(tmp_path):
    rows = [",".join([*map(str, vector), kind]) for vector, kind in zip(VECTORS, KINDS, strict=True)]
    path = tmp_path / "pets.csv"
    path.write_text("\n".join(["length,weight,age,tail,ears,kind", *rows]) + "\n")
    return path


def test_a_table_is_laid_out_with_its_classes(cli, table, tmp_path):
    code, printed, said = cli("project", table, "--labels", "kind", "--out", tmp_path / "a.csv", "--json")
    assert code == 0 and json.loads(printed)["n"] == 40
    assert "coordinates" in said
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == KINDS


def test_classes_of_a_file_overlap_as_the_library_says(cli, table):
    options = ("--vectors", "length,age", "--labels", "kind", "--classes", "cat", "dog", "--k", "3", "--json")
    code, printed, _ = cli("overlap", table, *options)
    dataset = load_dataset(table, vectors="length,age", labels="kind")
    matrix = overlap_matrix(vector_features(dataset), dataset, 2, k=3, space="vectors")
    assert code == 0 and json.loads(printed)["index"] == pytest.approx(matrix.index[0, 1])


def test_vectors_and_images_in_two_files_need_no_dataset(cli, tmp_path):
    np.save(tmp_path / "v.npy", VECTORS)
    np.save(tmp_path / "im.npy", RNG.integers(0, 256, (40, 4, 4), np.uint8))
    files = ("--vectors", tmp_path / "v.npy", "--images", tmp_path / "im.npy")
    for features in ((), ("--features", "vectors")):
        code, printed, _ = cli("project", *files, *features, "--out", tmp_path / "a.npy", "--json")
        assert code == 0 and json.loads(printed)["n"] == 40


def test_each_set_of_vectors_is_exported(cli, tmp_path):
    np.savez(tmp_path / "it.npz", clip=VECTORS, resnet=VECTORS[:, :3])
    features = ("--features", "vectors", "--features", "vectors:resnet")
    code, printed, _ = cli("export", tmp_path / "it.npz", *features, "--out", tmp_path / "logs", "--json")
    assert code == 0 and json.loads(printed)["features"] == ["vectors", "vectors:resnet"]
    assert sorted(path.name for path in (tmp_path / "logs").glob("*.bytes")) == [
        "tensor-vectors.bytes",
        "tensor-vectors_resnet.bytes",
    ]


def test_what_is_worth_knowing_of_a_file_is_said_and_no_error(cli, tmp_path):
    (tmp_path / "it.csv").write_text("a;b;empty\n" + "1;2;\n3;4;\n5;7;\n")
    code, _, said = cli("project", tmp_path / "it.csv", "--out", tmp_path / "a.csv")
    assert code == 0
    assert "Cells are separated by a semicolon." in said.splitlines()
    assert "Column 'empty' is empty and was left out." in said.splitlines()


@pytest.mark.parametrize(
    "options, sentence",
    [
        ("{tmp}/pets.csv --labels kinds", "labels must be a field or a file, and 'kinds' is neither"),
        ("{tmp}/pets.csv --features vectors:clip", "no vectors called 'clip'"),
        ("{tmp}/pets.csv --features pixels", "has no images"),
        ("{tmp}/pets.csv --split train", "has no split 'train'; it has no splits: leave split out"),
        ("digits --labels kind", "'digits' has its own vectors, images and labels"),
        ("", "give a file or a folder, or files of vectors or images: --vectors or --images"),
        ("--vectors {tmp}/nothere.npy", "there is no file or folder '{tmp}/nothere.npy'; give one that is there"),
        ("--images nothere --labels kind", "there is no file or folder 'nothere'; give one that is there"),
    ],
)
def test_what_does_not_fit_is_one_line(cli, table, tmp_path, options, sentence):
    code, printed, said = cli("project", *options.format(tmp=tmp_path).split(), "--out", tmp_path / "a.csv")
    assert (code, printed) == (2, "")
    last = said.splitlines()[-1]
    assert sentence.format(tmp=tmp_path) in last and last.startswith("embviz: ")


def test_a_table_whose_classes_are_not_recognized_says_how_to_name_them(cli, tmp_path):
    table = tmp_path / "pets.csv"
    rows = [f"{row % 7},{row % 5},{'cat' if row % 2 else 'dog'},w{row % 8}" for row in range(40)]
    table.write_text("\n".join(["a,b,kind,writer", *rows]))
    code, _, said = cli("overlap", table, "--classes", "cat", "dog")
    assert code == 2 and "'pets' has no labels, so there are no classes to compare; name their column: --labels" in said
    code, printed, _ = cli("overlap", table, "--classes", "cat", "dog", "--labels", "kind", "--group", "writer")
    assert code == 0 and "samples of this size, from other writers." in printed


def test_the_page_is_not_served_on_a_file_that_is_not_there(cli, monkeypatch):
    monkeypatch.setattr("os.execv", lambda *command: pytest.fail("it was served"))
    code, _, said = cli("app", "--vectors", "nothere.npy")
    assert code == 2 and "there is no file or folder 'nothere.npy'" in said
