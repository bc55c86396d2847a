"""``python -m embviz``: its numbers are the library's, and its JSON keys are a contract."""

import json
import zipfile
from dataclasses import asdict

import numpy as np
import pytest
from pyarrow import parquet

import embviz
from embviz.cli.commands import PARAMETERS
from embviz.features import pixel_features
from embviz.features.features import Activations
from embviz.neighbors.graph import neighbor_graph
from embviz.pipeline import features_of
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.preprocess.steps import LARGE
from embviz.projection.titles import METHODS, spec_title
from embviz.storage.store import default_store
from tests.unit.idx_files import write_split


@pytest.fixture
def answer(cli):
    """Runs a command with ``--json`` and returns the object it printed, after checking that it printed no more."""

    def run(*arguments):
        code, printed, _ = cli(*arguments, "--json")
        assert code == 0 and printed.count("\n") == 1
        return json.loads(printed)

    return run


def reference_overlap(images, labels, classes, k):
    """Balanced cross-class k-NN rate, its chance level and the index, in whole numbers as long as possible."""
    rows = np.flatnonzero(np.isin(labels, classes))
    points, codes = images[rows].reshape(len(rows), -1).astype(np.float64), labels[rows]
    squares = (points**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * points @ points.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    crossing = (codes[nearest] != codes[:, None]).mean(axis=1)
    rate = (crossing[codes == classes[0]].mean() + crossing[codes == classes[1]].mean()) / 2
    chance = len(rows) / (2 * (len(rows) - 1))
    return {"n": len(rows), "rate": rate, "chance": chance, "index": rate / chance}


PROJECT_KEYS = [
    *("dataset", "split", "n", "method", "dims", "preprocess", "seed", "title", "seconds", "neighbor_seconds"),
    *("equal_items", "out"),
]
OVERLAP_KEYS = ["dataset", "split", "n", "space", "classes", "k", "rate", "chance", "index"]
SPREAD_KEYS = [
    *("group", "other_groups_only", "standard_error", "interval", "index_interval", "no_interval"),
    *("rate_at_most", "index_at_most"),
]
BOUNDS_KEYS = ["nearest_neighbor", "henze_penrose", "n2", "local_set_cardinality"]


@pytest.mark.parametrize(("split", "classes", "k"), [("all", (1, 7), 10), ("test", (8, 3), 5)])
def test_overlap_of_digits_equals_the_numpy_reference(answer, split, classes, k):
    a, b = classes
    found = answer("overlap", "digits", "--split", split, "--classes", a, b, "--k", k)
    assert list(found) == OVERLAP_KEYS + SPREAD_KEYS + BOUNDS_KEYS
    spread = {key: found.pop(key) for key in SPREAD_KEYS}
    bounds = {key: found.pop(key) for key in BOUNDS_KEYS}
    digits = embviz.load_dataset("digits", split)
    expected = reference_overlap(digits.images, digits.labels, classes, k)
    assert found["index"] > 0
    assert {key: found.pop(key) for key in expected} == pytest.approx(expected, rel=1e-12)
    assert found == {"dataset": "digits", "split": split, "space": "pixels", "classes": [str(a), str(b)], "k": k}
    overlap = embviz.class_overlap(embviz.pixel_features(digits), digits, classes, k, space="pixels")
    assert spread["interval"] == asdict(overlap.interval)
    assert spread["index_interval"] == asdict(overlap.index_interval)
    assert (spread["standard_error"], spread["group"]) == (overlap.spread.rate_error, None)
    expected = embviz.error_bounds(embviz.pixel_features(digits), digits, classes, space="pixels")
    assert bounds == {name: asdict(getattr(expected, name)) for name in BOUNDS_KEYS}
    assert all(0 <= each["low"] <= each["high"] <= 1 for each in bounds.values())


@pytest.mark.mnist
def test_overlap_of_1_and_7_in_mnist_equals_the_numpy_reference(answer):
    found = answer("overlap", "mnist", "--classes", 1, 7)
    assert list(found) == OVERLAP_KEYS + SPREAD_KEYS + BOUNDS_KEYS
    mnist = embviz.load_dataset("mnist")
    expected = reference_overlap(mnist.images, mnist.labels, (1, 7), 10)
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-12)
    assert found["n"] == 2163 and found["index"] == pytest.approx(0.041437, abs=1e-6)
    errors = {"writer": 0.0034, "none": 0.0025}  # statistics of 296 writers, and of 2,163 items
    assert found["group"] == "writer"
    assert found["standard_error"] == pytest.approx(errors["writer"], abs=5e-5)
    by_item = answer("overlap", "mnist", "--classes", 1, 7, "--group", "none")
    assert by_item["standard_error"] == pytest.approx(errors["none"], abs=5e-5)
    strangers = answer("overlap", "mnist", "--classes", 1, 7, "--other-groups")
    assert strangers["rate"] == pytest.approx(0.0222, abs=5e-5)


def test_a_pair_without_an_interval_says_why(answer):
    found = answer("overlap", "digits", "--classes", 0, 1, "--group", "split")
    assert found["interval"] is found["index_interval"] is found["standard_error"] is None
    assert found["no_interval"] == "one class has all its items in one group"


def test_overlap_in_words_has_the_same_numbers(cli):
    code, printed, _ = cli("overlap", "digits", "--classes", 1, 7)
    assert code == 0
    assert printed.startswith("1 and 7 in pixels: overlap index 0.73% (rate 0.37%, chance 50.46%, k 10, 109 items)\n")


@pytest.mark.parametrize("dims", [2, 3])
def test_project_writes_the_librarys_coordinates_in_the_datasets_order(answer, tmp_path, dims):
    dataset = embviz.load_dataset("digits", limit=200)
    coords = project(pixel_features(dataset), Pca(dims)).coords
    arguments = ["project", "digits", "--limit", 200, "--dims", dims, "--out"]

    found = answer(*arguments, tmp_path / "layout.npy")
    assert list(found) == PROJECT_KEYS
    assert found.pop("seconds") >= 0
    said = {"dataset": "digits", "split": "test", "n": 200, "method": "pca", "dims": dims, "seed": 0}
    said |= {"title": f"PCA {dims}D, components {'1, 2, 3'[: 3 * dims - 2]}"}
    said |= {"preprocess": None, "neighbor_seconds": 0.0}
    said["equal_items"] = None  # PCA puts them in one place
    assert found == said | {"out": str(tmp_path / "layout.npy")}
    written = np.load(tmp_path / "layout.npy", allow_pickle=False)
    assert written.dtype == np.float32 and np.array_equal(written, coords)

    answer(*arguments, tmp_path / "layout.csv")
    header, *lines = (tmp_path / "layout.csv").read_text().splitlines()
    assert header.split(",") == ["id", "label", "x", "y", "z"][: 2 + dims]
    ids, labels, *columns = zip(*(line.split(",") for line in lines), strict=True)
    assert list(map(int, ids)) == dataset.ids.tolist() and list(map(int, labels)) == dataset.labels.tolist()
    assert np.array_equal(np.array(columns, np.float32).T, coords)

    answer(*arguments, tmp_path / "layout.parquet")
    table = parquet.read_table(tmp_path / "layout.parquet").to_pydict()
    assert list(table) == ["id", "label", "x", "y", "z"][: 2 + dims]
    assert table["id"] == dataset.ids.tolist() and table["label"] == list(labels)
    assert np.array_equal(np.array([table[axis] for axis in "xyz"[:dims]], np.float32).T, coords)


def test_project_says_how_many_items_equal_others(cli, tmp_path):
    images = np.zeros((40, 4, 4), np.uint8)
    images[:20] = np.random.default_rng(0).integers(0, 256, (20, 4, 4))
    write_split(tmp_path, "t10k", images, np.zeros(40))
    arguments = ["project", tmp_path, "--method", "umap", "--n-neighbors", 5, "--out", tmp_path / "layout.csv"]
    code, printed, _ = cli(*arguments)
    assert code == 0
    assert printed.endswith("\n20 items at distance 0 from others, drawn apart by chance\n")


TSNE = ["project", "digits", "--limit", 200, "--method", "tsne", "--perplexity", 5, "--max-iter", 260, "--out"]


@pytest.mark.parametrize(
    ("large", "asked", "used"),
    [
        (200, [], None),
        (199, [], "pca-50"),
        (199, ["--preprocess", "none"], None),
        (200, ["--preprocess", "pca-50"], "pca-50"),
        (200, ["--preprocess", "unit"], "unit"),
        (199, ["--preprocess", "center+unit"], "center+unit+pca-50"),
        (199, ["--preprocess", "unit+none"], "unit"),
        (199, ["--preprocess", "unit+pca-20"], "unit+pca-20"),
    ],
)
def test_project_reduces_large_sets_and_says_so(answer, cli, tmp_path, monkeypatch, large, asked, used):
    monkeypatch.setattr("embviz.projection.preprocess.steps.LARGE", large)
    spec = Tsne(perplexity=5, max_iter=260, preprocess=used)
    found = answer(*TSNE, tmp_path / "layout.npy", *asked)
    assert (found["preprocess"], found["title"]) == (used, spec_title(spec))
    assert found["neighbor_seconds"] > 0
    coords = project(pixel_features(embviz.load_dataset("digits", limit=200)), spec).coords
    assert np.array_equal(np.load(tmp_path / "layout.npy"), coords)
    _, printed, _ = cli(*TSNE, tmp_path / "layout.npy", *asked)
    assert printed.startswith(f"200 items, {spec_title(spec)} in ")


def test_a_reduction_that_leaves_nothing_out_is_refused(cli, tmp_path):
    arguments = ["--features", "logits", "--preprocess", "pca-50", tmp_path / "layout.npy"]
    code, _, said = cli(*TSNE[:-1], *arguments[:-1], "--out", arguments[-1])
    assert code == 2
    assert "embviz: preprocess pca-50 needs more than 50 features per item, got 10; leave pca-50 out\n" in said
    code, _, said = cli("project", "digits", "--preprocess", "pca-20", "--out", arguments[-1])
    assert code == 2 and "PCA does not search neighbors, so it reduces no vectors" in said


def test_every_method_scales_its_vectors_first(answer, tmp_path):
    dataset, out = embviz.load_dataset("digits"), tmp_path / "layout.npy"
    found = answer("project", "digits", "--preprocess", "standardize", "--out", out)
    assert (found["preprocess"], found["title"]) == ("standardize", "PCA 2D, standardized, components 1, 2")
    assert np.array_equal(np.load(out), project(pixel_features(dataset), Pca(preprocess="standardize")).coords)
    ends = ["--direction", "1", "7", "--direction", "4", "9"]
    found = answer("project", "digits", "--method", "directions", *ends, "--preprocess", "unit", "--out", out)
    assert found["title"] == "Custom 2D, unit length, 1 → 7, 4 → 9"


def test_labels_shape_a_layout_as_strongly_as_asked_and_without_a_class(answer, cli, tmp_path):
    dataset, shaped = embviz.load_dataset("digits", limit=200), ["--supervised", "--label-strength", "80"]
    found = answer(*TSNE, tmp_path / "layout.npy", *shaped, "--ignored-label", "7")
    spec = Tsne(perplexity=5, max_iter=260, supervised=True, label_strength=80, ignored_label="7")
    assert found["title"] == spec_title(spec) and "shaped by labels at 80 %, ignoring 7" in found["title"]
    coords = project(pixel_features(dataset), spec, labels=dataset).coords
    assert np.array_equal(np.load(tmp_path / "layout.npy"), coords)
    code, _, said = cli(*TSNE, tmp_path / "layout.npy", *shaped, "--ignored-label", "x")
    assert code == 2 and "no class is called 'x', so it cannot be ignored; choose from 0, 1, 2," in said
    code, _, said = cli(*TSNE, tmp_path / "layout.npy", *shaped[1:])
    assert code == 2 and "label_strength and ignored_label are for supervised layouts" in said


def test_project_takes_the_components_asked_for(answer, tmp_path):
    answer("project", "digits", "--axes", 3, 1, "--out", tmp_path / "layout.npy")
    coords = project(pixel_features(embviz.load_dataset("digits")), Pca(axes=(3, 1))).coords
    assert np.array_equal(np.load(tmp_path / "layout.npy"), coords)
    answer("project", "digits", "--axes", 3, 1, 2, "--out", tmp_path / "layout.npy")
    coords = project(pixel_features(embviz.load_dataset("digits")), Pca(n_components=3, axes=(3, 1, 2))).coords
    assert np.array_equal(np.load(tmp_path / "layout.npy"), coords), "as many dimensions as axes are named"


def test_help_says_the_defaults_of_the_specs(cli):
    _, printed, _ = cli("project", "--help")
    text = " ".join(printed.split())
    assert f"pca-50 above {LARGE:,} items if left out" in text
    for name in set(PARAMETERS) - {"axes", "preprocess", "supervised", "ignored_label"}:
        spec = Umap() if hasattr(Umap(), name) else Tsne()
        assert (
            f"{getattr(spec, name)} if left out".replace(".0 ", " ") in text.split(f"--{name.replace('_', '-')} ")[-1]
        )


def test_export_writes_a_folder_for_tensorboard(answer, tmp_path):
    out = tmp_path / "projector"
    features = ["--features", "pixels", "--features", "hidden", "--features", "pixels"]
    found = answer("export", "digits", "--limit", 100, *features, "--out", out)
    assert list(found) == ["dataset", "split", "n", "features", "out", "files", "bytes", "command", "notes"]
    assert found["features"] == ["pixels", "hidden"] and found["n"] == 100 and found["out"] == str(out)
    assert found["command"] == f"tensorboard --logdir {out}"
    assert found["files"] == sorted(path.name for path in out.iterdir())
    assert found["bytes"] == sum(path.stat().st_size for path in out.iterdir())
    config = (out / "projector_config.pbtxt").read_text()
    assert [line.split('"')[1] for line in config.splitlines() if "tensor_name" in line] == ["pixels", "hidden"]
    dataset = embviz.load_dataset("digits", limit=100)
    hidden = features_of(dataset, Activations("hidden"), store=default_store())
    assert (out / "tensor-hidden.bytes").read_bytes() == hidden.vectors.tobytes()


def test_layers_of_a_deeper_classifier_are_asked_for_by_its_hidden_layers(answer, cli, tmp_path):
    deep = ["--hidden-layer-sizes", 20, 10]
    found = answer("export", "digits", *deep, "--features", "hidden-2", "--features", "logits", "--out", tmp_path)
    assert found["features"] == ["hidden-2", "logits"]
    spec = Activations("hidden-2", hidden_layer_sizes=(20, 10))
    hidden = features_of(embviz.load_dataset("digits"), spec, store=default_store())
    assert (tmp_path / "tensor-hidden-2.bytes").read_bytes() == hidden.vectors.tobytes()
    refused = {
        ("--features", "hidden-2"): "one of hidden, logits, got 'hidden-2'",
        ("--features", "hidden-9", *deep): "one of hidden-1, hidden-2, logits",
        ("--features", "pixels", *deep): "leave it out, or choose one of its layers",
        ("--features", "hidden", "--hidden-layer-sizes", 0): "numbers in 1..2,000, got 0",
    }
    for wrong, message in refused.items():
        code, _, said = cli("overlap", "digits", "--classes", 1, 7, *wrong)
        assert code == 2 and message in said


def test_export_spares_a_foreign_folder_until_told_to_overwrite(cli, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert cli("export", "digits", "--limit", 20, "--out", tmp_path)[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert cli("export", "digits", "--limit", 20, "--out", tmp_path, "--overwrite")[0] == 0
    assert (tmp_path / "mine.txt").read_text() == "mine" and (tmp_path / "projector_config.pbtxt").exists()


def test_datasets_lists_what_has_a_name(cli, answer):
    known = embviz.known_datasets()
    listed = answer("datasets")
    assert list(listed) == ["datasets"]
    keys = ["name", "title", "counts", "image_shape", "on_machine", "download_bytes", "problem"]
    assert all(list(each) == keys for each in listed["datasets"])
    assert [each["name"] for each in listed["datasets"]] == [info.name for info in known]
    assert listed["datasets"][0]["counts"] == {"train": 1258, "test": 539, "all": 1797}
    _, printed, _ = cli("datasets")
    assert [line.split()[0] for line in printed.splitlines()] == [info.name for info in known]


@pytest.fixture
def mnist_folder(tmp_path, monkeypatch):
    """Twenty test items in the format of MNIST, the last image black."""
    monkeypatch.setenv("EMBVIZ_DATA_DIR", "")  # `--data-dir` sets it; this takes it back afterwards
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    images[-1] = 0
    write_split(tmp_path, "t10k", images, np.array([1, 7] * 10))
    return tmp_path


def test_a_folder_of_mnist_files_is_a_dataset_and_can_be_named_mnist(answer, mnist_folder):
    by_path = answer("overlap", mnist_folder, "--classes", 1, 7)
    by_name = answer("overlap", "mnist", "--data-dir", mnist_folder, "--classes", 1, 7)
    assert by_path.pop("dataset") == mnist_folder.name and by_name.pop("dataset") == "mnist"
    assert by_path == by_name and by_path["n"] == 20


def test_the_metric_of_a_layout_is_the_one_asked_for(cli, mnist_folder):
    out = mnist_folder / "layout.csv"
    arguments = ["--method", "tsne", "--perplexity", 2, "--metric", "cosine", "--out", out]
    code, _, said = cli("project", mnist_folder, *arguments)
    assert code == 2 and "1 of 20 vectors are all zero (row 19) and have no direction" in said


def test_export_writes_one_parquet_file_with_the_layout_asked_for(answer, tmp_path):
    out = tmp_path / "digits.parquet"
    found = answer("export", "digits", "--limit", 60, "--to", "parquet", "--dims", 3, "--k", 4, "--out", out)
    assert (found["features"], found["files"], found["bytes"]) == (["pixels"], [out.name], out.stat().st_size)
    assert found["command"] == f"embedding-atlas {out} --x x --y y --z z --neighbors neighbors --image image"
    dataset = embviz.load_dataset("digits", limit=60)
    features = pixel_features(dataset)
    columns = parquet.read_table(out).to_pydict()
    coords = project(features, Pca(n_components=3)).coords
    assert np.array_equal(np.array([columns[axis] for axis in "xyz"], np.float32).T, coords)
    nearest = neighbor_graph(features, 4, ties="even").indices
    assert [each["ids"] for each in columns["neighbors"]] == nearest.tolist()


def test_export_writes_the_images_and_says_so_in_one_line(cli, tmp_path):
    out = tmp_path / "digits.zip"
    code, printed, _ = cli("export", "digits", "--limit", 30, "--to", "images", "--out", out)
    assert (code, printed.count("\n")) == (0, 1)
    assert printed.startswith(f"30 items, images: {out} (")
    with zipfile.ZipFile(out) as archive:
        assert len(archive.namelist()) == 31


def test_export_lays_out_every_kind_of_features_for_tensorboard(answer, tmp_path):
    features = ["--features", "pixels", "--features", "hidden"]
    answer("export", "digits", "--limit", 60, *features, "--method", "pca", "--axes", 2, 1, "--out", tmp_path)
    dataset = embviz.load_dataset("digits", limit=60)
    (state,) = json.loads((tmp_path / "bookmarks-pixels.json").read_text())
    coords = project(pixel_features(dataset), Pca(axes=(2, 1))).coords
    assert np.array_equal(np.array([list(each.values()) for each in state["projections"]], np.float32), coords)
    assert (tmp_path / "bookmarks-hidden.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dims", 3], "export --to tensorboard has no use for --dims; leave that out, or give a --method"),
        (["--to", "images", "--dims", 3], "export --to images has no use for --dims; leave that out"),
        (
            ["--perplexity", 5],
            "has no use for --perplexity; leave that out, or give a --method",
        ),
        (["--k", 5], "export --to tensorboard has no use for --k; leave that out"),
        (["--to", "images", "--method", "pca"], "export --to images has no use for --method; leave that out"),
        (["--to", "images", "--features", "hidden"], "has no use for --features"),
        (["--to", "parquet", "--overwrite"], "export --to parquet has no use for --overwrite"),
        (["--to", "parquet"], "goes into a .parquet file, got 'out'; change the ending"),
        (["--to", "parquet", "--perplexity", 5], "pca has no --perplexity"),
    ],
)
def test_export_refuses_options_that_it_has_no_use_for(cli, tmp_path, arguments, message):
    out = tmp_path / ("out.parquet" if "--perplexity" in arguments and "parquet" in arguments else "out")
    code, _, said = cli("export", "digits", "--limit", 30, *arguments, "--out", out)
    assert code == 2
    assert message in said
    assert list(tmp_path.iterdir()) == []


def test_help_says_what_is_used_if_an_option_is_left_out(cli):
    _, printed, _ = cli("project", "--help")
    text = " ".join(printed.split())
    for method, spec, names in (
        ("t-SNE", Tsne(), ("perplexity", "max_iter")),
        ("UMAP", Umap(), ("n_neighbors", "min_dist")),
    ):
        for name in names:
            assert f"{method}: {getattr(spec, name):g} if left out" in text
    assert f"t-SNE: {Tsne().init} if left out; UMAP: {Umap().init} if left out" in text
    assert Tsne().metric == Umap().metric and f"t-SNE and UMAP: {Tsne().metric} if left out" in text
    assert Tsne().engine == Umap().engine and f"t-SNE and UMAP: {Tsne().engine} if left out" in text
    assert f"pca-50 above {LARGE:,} items if left out" in text
    assert {METHODS["tsne"], METHODS["umap"]} == {"t-SNE", "UMAP"}
