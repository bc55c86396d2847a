"""Log folders and configs of TensorBoard's projector: what its users' programs write, its own demo, and our export."""

import importlib.util
import json
import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tensorboard.plugins import projector

from embviz.arrays import AnyArray
from embviz.dataset import Dataset, subset
from embviz.datasets import load_dataset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.projector.bookmarks import bookmarks_of
from embviz.datasets.files.projector.configs import projector_configs
from embviz.datasets.files.tensorboard import tensor_choices, tensorboard_contents
from embviz.errors import DatasetError
from embviz.export import export_projector
from embviz.features.features import Features
from embviz.features.pixels import pixel_features
from embviz.features.vectors import vector_features
from embviz.items.sequences import joined_rows
from embviz.progress import no_progress
from embviz.projection.projection import Projection
from tests.unit.datasets.files.glyphs import glyphs
from tests.unit.datasets.files.log_folders import SummaryWriter, standalone_folder
from tests.unit.toy import digits, hidden_features, layout

DEMO = Path(__file__).parents[5] / "shared" / "projector-demo"


def field(contents: Contents, name: str) -> Field:
    (found,) = [each for each in contents.fields if each.name == name]
    return found


def values(contents: Contents, name: str, rows: slice = slice(None)) -> AnyArray:
    """What a field gives, once checked against what it says of itself."""
    found = field(contents, name)
    read = found.read(rows, no_progress)
    assert read.shape[1:] == found.shape
    assert read.dtype == found.dtype
    assert len(read) == len(range(*rows.indices(contents.n)))
    return read


def vectors(n: int, d: int = 3) -> AnyArray:
    return np.random.default_rng(n).normal(size=(n, d)).astype(np.float32)


def names(contents: Contents) -> list[str]:
    return [each.name for each in contents.fields]


# PyTorch


def test_what_add_embedding_writes_is_opened(tmp_path: Path) -> None:
    given, images = vectors(11), glyphs(11, 5, 7)
    writer = SummaryWriter(tmp_path)
    writer.add_embedding(given, [f"seven of {row}" for row in range(11)], images[:, None] / np.float32(255), 3)
    contents = tensorboard_contents(tmp_path)
    assert names(contents) == ["label", "images", "default:00003"]
    assert np.array_equal(values(contents, "default:00003"), given)
    assert np.array_equal(values(contents, "images"), images)
    assert values(contents, "label").tolist()[-1] == "seven of 10"


def test_colors_and_several_columns_of_add_embedding_are_opened(tmp_path: Path) -> None:
    images = np.stack([glyphs(4), glyphs(4)[:, ::-1], glyphs(4) // 2], axis=1)[:, :, :5]
    rows = [[digit, f"writer {digit}"] for digit in (7, 1, 7, 0)]
    SummaryWriter(tmp_path).add_embedding(
        vectors(4), rows, images / np.float32(255), metadata_header=["digit", "writer"], tag="act/relu"
    )
    contents = tensorboard_contents(tmp_path)
    assert values(contents, "digit").tolist() == [7, 1, 7, 0]
    assert np.array_equal(values(contents, "images"), images.transpose(0, 2, 3, 1))
    assert field(contents, "act/relu:00000").kind == "vectors"


def test_steps_with_the_same_metadata_are_vectors_of_the_same_items(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(3):
        writer.add_embedding(vectors(5, 2 + step), list("abcde"), global_step=step)
    writer.add_embedding(vectors(5, 4), list("edcba"), global_step=7)
    writer.add_embedding(vectors(6), global_step=8)
    contents = tensorboard_contents(tmp_path)
    assert names(contents) == ["label", "default:00000", "default:00001", "default:00002"]
    assert [each.shape for each in contents.fields[1:]] == [(2,), (3,), (4,)]
    assert any("equal metadata" in note for note in contents.notes)
    left_out = "'default:00007' (5 x 4, 00007/default/tensors.tsv), 'default:00008' (6 x 3, 00008/default/tensors.tsv)"
    assert any(left_out in note for note in contents.notes)
    other = tensorboard_contents(tmp_path, "default:00007")
    assert values(other, "label").tolist() == list("edcba")
    assert tensorboard_contents(tmp_path, "default:00008").n == 6
    for path in (tmp_path / "00008", tmp_path / "00008" / "default", tmp_path / "00008" / "default" / "tensors.tsv"):
        assert tensorboard_contents(path).n == 6
    assert projector_configs(tmp_path / "00007" / "default" / "metadata.tsv") == []
    assert tensor_choices(tmp_path) == ["default:00000", "default:00007", "default:00008"]
    assert tensor_choices(tmp_path / "00008")[0] == "default:00008"


def test_a_dataset_is_loaded_of_the_tensor_that_is_named(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(2):
        writer.add_embedding(vectors(5 + step, 3), list("abcdef")[: 5 + step], global_step=step)
    with pytest.warns(UserWarning, match="left out"):
        named = load_dataset(tmp_path, tensor="default:00001")
        assert len(load_dataset(tmp_path)) == 5
    assert len(named) == 6 and np.array_equal(named.vectors, vectors(6, 3))
    with pytest.raises(DatasetError, match="no tensor 'other' that can be opened; give one of 'default:00000'"):
        load_dataset(tmp_path, tensor="other")
    table = tmp_path / "plain.csv"
    table.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(DatasetError, match="leave it out"):
        load_dataset(table, tensor="default:00001")
    with pytest.raises(DatasetError):
        load_dataset("digits", tensor="default:00001")


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch")
def test_the_writer_of_these_tests_writes_what_pytorch_writes(tmp_path: Path) -> None:
    from torch import from_numpy
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    images = glyphs(5)[:, None, :5] / np.float32(255)
    rows = [[row, f"item {row}"] for row in range(5)]
    for folder, writer in (("torch", TorchWriter(str(tmp_path / "torch"))), ("ours", SummaryWriter(tmp_path / "ours"))):
        told = from_numpy if folder == "torch" else np.asarray
        (tmp_path / folder).mkdir(exist_ok=True)
        writer.add_embedding(told(vectors(5)), rows, told(images), 2, "a/b", metadata_header=["row", "name"])
        writer.add_embedding(told(vectors(5)), ["x"] * 5)
    written = {
        folder: {
            path.relative_to(tmp_path / folder).as_posix(): path.read_bytes()
            for path in (tmp_path / folder).rglob("*")
            if path.is_file() and "tfevents" not in path.name
        }
        for folder in ("torch", "ours")
    }
    assert written["torch"] == written["ours"]


# TensorBoard's own


@pytest.mark.parametrize("ending", ["bytes", "tsv"])
def test_what_visualize_embeddings_writes_is_opened(tmp_path: Path, ending: str) -> None:
    given, images = vectors(9, 4), glyphs(9)
    raw = given.tobytes() if ending == "bytes" else "\n".join("\t".join(map(repr, row)) for row in given.tolist())
    (tmp_path / f"tensor.{ending}").write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    (tmp_path / "meta.tsv").write_text("name\tcode\n" + "".join(f"n{row}\t{row:03}\n" for row in range(9)))
    sheet = np.zeros((3 * 7 + 4, 4 * 5 + 3), np.uint8)  # wider and higher than three rows need
    for row, image in enumerate(images):
        sheet[row // 4 * 7 : row // 4 * 7 + 7, row % 4 * 5 : row % 4 * 5 + 5] = image
    Image.fromarray(sheet).save(tmp_path / "sprite.png")
    config = projector.ProjectorConfig(model_checkpoint_path="")
    embedding = config.embeddings.add(tensor_name='a "name":0', tensor_path=f"tensor.{ending}", tensor_shape=[9, 4])
    embedding.metadata_path = str(tmp_path / "meta.tsv")
    embedding.sprite.image_path = "sprite.png"
    embedding.sprite.single_image_dim.extend([5, 7])
    projector.visualize_embeddings(str(tmp_path), config)
    contents = tensorboard_contents(tmp_path)
    assert contents.name == tmp_path.name
    assert names(contents) == ["name", "code", "images", 'a "name"']
    assert np.array_equal(values(contents, 'a "name"'), given)
    assert np.array_equal(values(contents, 'a "name"', slice(4, 6)), given[4:6])
    assert np.array_equal(values(contents, "images", slice(3, 8)), images[3:8])
    assert values(contents, "code").tolist()[-1] == "008"
    assert contents.notes == ()


def test_a_folder_that_was_moved_is_opened(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "x.tsv").write_text("1\t2\n3\t4\n")
    (old / "labels.tsv").write_text("a\nb\n")
    config = projector.ProjectorConfig()
    config.embeddings.add(tensor_path=str(old / "x.tsv"), metadata_path=r"C:\logs\labels.tsv")
    projector.visualize_embeddings(str(old), config)
    shutil.move(old, tmp_path / "new")
    contents = tensorboard_contents(tmp_path / "new" / "projector_config.pbtxt")
    assert contents.name == "new"
    assert values(contents, "label").tolist() == ["a", "b"]
    assert values(contents, "x.tsv").tolist() == [[1, 2], [3, 4]]
    assert contents.notes == ("found beside projector_config.pbtxt, which names another place: x.tsv, labels.tsv",)


def test_runs_in_a_log_folder_are_found_and_told_apart(tmp_path: Path) -> None:
    for run in ("b", "a/inner"):
        (tmp_path / run).mkdir(parents=True)
        SummaryWriter(tmp_path / run).add_embedding(vectors(3), [f"{run} {row}" for row in range(3)])
    (tmp_path / "again").symlink_to(tmp_path / "b")
    assert len(projector_configs(tmp_path)) == 2
    contents = tensorboard_contents(tmp_path)
    assert values(contents, "label").tolist()[0] == "b 0"  # the nearest
    assert values(tensorboard_contents(tmp_path, "a/inner/default:00000"), "label").tolist()[0] == "a/inner 0"


def test_folders_that_may_not_be_looked_into_are_passed_over(tmp_path: Path, forbid: Callable[[Path], None]) -> None:
    SummaryWriter(tmp_path / "run").add_embedding(vectors(3))
    (tmp_path / "another").mkdir()
    forbid(tmp_path / "another")
    assert [each.parent.name for each in projector_configs(tmp_path)] == ["run"]
    forbid(tmp_path)
    with pytest.raises(DatasetError, match="cannot"):
        projector_configs(tmp_path)


def test_a_folder_without_a_config_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "embeddings"}')
    assert projector_configs(tmp_path) == []
    assert projector_configs(tmp_path / "package.json") == []
    assert projector_configs(tmp_path / "nowhere" / "tensors.tsv") == []
    with pytest.raises(DatasetError, match=r"holds no projector_config\.pbtxt; give a log folder"):
        tensorboard_contents(tmp_path)


# The demo of the standalone projector


def test_a_standalone_config_has_paths_from_the_root_of_its_site(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("word\tcount\nUNK\t3\nthe\t10\n")
    config = standalone_folder(
        tmp_path,
        {"words": vectors(2), "others": vectors(4)},
        words={"metadataPath": "https://a.b/c/words.tsv?raw=1"},
    )
    contents = tensorboard_contents(config)
    assert (contents.name, contents.n) == ("words", 2)
    assert values(contents, "count").tolist() == [3, 10]
    assert any("'others' (4 x 3, others_tensors.bytes); choose one" in note for note in contents.notes)
    assert tensorboard_contents(config, "others").n == tensorboard_contents(tmp_path / "others_tensors.bytes").n == 4
    with pytest.raises(DatasetError, match="has no tensor 'other' that can be opened; give one of 'words'"):
        tensorboard_contents(config, "other")


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    if not DEMO.is_dir():
        pytest.skip("needs the files of TensorBoard's demo")
    for path in DEMO.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


def test_iris_of_the_demo_is_opened(demo: Path) -> None:
    contents = tensorboard_contents(demo)
    assert (contents.name, contents.n) == ("Iris", 150)
    assert names(contents) == ["sepal-length", "sepal-width", "petal-length", "petal-width", "class", "Iris"]
    table = np.column_stack([values(contents, name) for name in names(contents)[:4]])
    assert np.allclose(table, values(contents, "Iris"))
    assert values(contents, "class").tolist()[::50] == ["Iris-setosa", "Iris-versicolor", "Iris-virginica"]
    assert any("these tensors are not there: 'Word2Vec 10K' in" in note for note in contents.notes)


@pytest.mark.mnist
def test_mnist_of_the_demo_is_opened(demo: Path) -> None:
    mnist = load_dataset("mnist")
    assert mnist.images is not None
    assert mnist.labels is not None
    pixels = (mnist.images.reshape(10_000, -1) / 255).astype("<f4")
    (demo / "mnist_10k_784d_tensors.bytes").write_bytes(pixels.tobytes())
    contents = tensorboard_contents(demo, "Mnist with images")
    assert names(contents) == ["label", "images", "Mnist with images"]
    assert np.array_equal(values(contents, "label"), mnist.labels)
    ink = 255 - values(contents, "images").astype(int)  # the demo has black digits on white paper, a little darker
    assert np.abs(ink - mnist.images).max() < 30
    assert np.array_equal(values(contents, "Mnist with images", slice(9_990, None)), pixels[9_990:])


def test_bookmarks_of_the_demo_are_layouts_of_some_items(demo: Path) -> None:
    with (demo / "word2vec_full_200d_tensors.bytes").open("wb") as file:
        file.truncate(71_291 * 200 * 4)
    contents = tensorboard_contents(demo, "Word2Vec All")
    (state,) = json.loads((demo / "word2vec_full_bookmarks.txt").read_text())
    layouts = [each for each in contents.fields if each.kind == "layout"]
    assert [each.name for each in layouts] == ['Politics: "Bad" to "Good" (PCA)', 'Politics: "Bad" to "Good" (custom)']
    assert [each.shape for each in layouts] == [(3,), (2,)]
    custom = values(contents, layouts[1].name)
    placed = np.flatnonzero(~np.isnan(custom).any(axis=1))
    assert placed.tolist() == sorted(state["filteredPoints"])
    first = state["projections"][0]
    assert np.allclose(custom[state["filteredPoints"][0]], [first["linear-x"], first["linear-y"]])
    assert any("positions for 101 of 71,291 items" in note for note in contents.notes)


# Our own export


def round_trip(folder: Path, dataset: Dataset, features: list[Features], layouts: list[Projection]) -> Contents:
    """Compares all that was exported with all that is opened."""
    export_projector(folder, dataset, features, projections=layouts)
    contents = tensorboard_contents(folder)
    assert (contents.name, contents.n) == (dataset.title, len(dataset))
    assert np.array_equal(values(contents, "id"), dataset.ids)
    if dataset.labels is not None:
        assert field(contents, "label").class_names == dataset.class_names
        assert np.array_equal(values(contents, "label"), dataset.labels)
    for name, column in dataset.metadata.items():
        assert values(contents, name).dtype.kind == column.dtype.kind
        assert np.array_equal(values(contents, name), column, equal_nan=column.dtype.kind == "f")
    if dataset.images is not None:
        assert np.array_equal(values(contents, "images"), dataset.images)
    opened = [each.name for each in contents.fields if each.kind == "vectors"]
    for name, each in zip(opened, features, strict=True):
        assert np.array_equal(values(contents, name), each.vectors)
    shown = [each.name for each in contents.fields if each.kind == "layout"]
    for name, made in zip(shown, layouts, strict=True):
        assert np.array_equal(values(contents, name), made.coords)
    return contents


def test_bookmarks_take_less_than_three_times_the_room_of_their_file(tmp_path: Path) -> None:
    point = {f"pca-{axis}": 1 / (axis + 3) for axis in range(10)} | {"linear-x": 0.123456789, "linear-y": -1.5}
    path = tmp_path / "bookmarks.txt"
    path.write_text(json.dumps([{"label": "all", "projections": [point] * 4000}]))
    tracemalloc.start()
    try:
        assert len(bookmarks_of(path, 4000).layouts) == 2
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * path.stat().st_size


def test_our_export_is_opened_as_it_was(tmp_path: Path) -> None:
    dataset = digits(23)
    features = [pixel_features(dataset), hidden_features(dataset)]
    layouts = [layout(features[0]), layout(features[0], 3), layout(features[1])]
    contents = round_trip(tmp_path, dataset, features, layouts)
    assert [each.name for each in contents.fields if each.kind == "vectors"] == ["pixels", "hidden"]
    assert {"writer", "prediction"} <= set(names(contents))


def test_columns_of_every_type_and_constant_ones_come_back(tmp_path: Path) -> None:
    rows = [
        {"yes": bool(row % 2), "whole": row - 1, "part": None if row == 1 else row / 3, "code": f"0{row}", "ever": 1.5}
        | {"always": "so", "never": False, "id": f"x{row}"}
        for row in range(4)
    ]
    dataset = dataset_from_arrays(images=glyphs(4), labels=[7, 1, 7, 0], metadata=rows, name="toy")
    dataset = subset(dataset, np.array([3, 0, 2, 1]))
    others = {name: column for name, column in dataset.metadata.items() if name != "id"}
    without_id = replace(dataset, metadata=others)
    features = pixel_features(without_id)
    round_trip(tmp_path / "a", without_id, [features], [layout(features)])
    kept = pixel_features(dataset)
    export_projector(tmp_path / "b", dataset, [kept])
    contents = tensorboard_contents(tmp_path / "b")
    assert values(contents, "id").tolist() == [3, 0, 2, 1]
    assert values(contents, "id_2").tolist() == ["x3", "x0", "x2", "x1"]


@pytest.mark.parametrize("column", [[1, 2, 3, 4, 5, -1], [1.0, 2, 3, 4, 5, np.nan], [*list("12345"), "end"]])
def test_a_sample_of_a_sequence_has_the_lines_that_its_export_has(tmp_path: Path, column: list[object]) -> None:
    rows = [{"__seq_next__": cell, "word": f"w{row}"} for row, cell in enumerate(column)]
    dataset = subset(dataset_from_arrays(vectors=vectors(6), metadata=rows), np.array([2, 5, 1, 0, 4]))
    export_projector(tmp_path, dataset, [vector_features(dataset)])
    again = load_dataset(tmp_path)
    words = again.metadata["word"]
    joined = [(words[item], words[after]) for item, after in joined_rows(again).tolist()]
    assert joined == [("w1", "w2"), ("w0", "w1"), ("w4", "w5")]


def test_images_in_color_without_labels_and_longer_than_high_come_back(tmp_path: Path) -> None:
    colors = np.stack([glyphs(5), glyphs(5)[:, ::-1], 255 - glyphs(5)], axis=3)
    dataset = dataset_from_arrays(images=colors, vectors=vectors(5))
    round_trip(tmp_path, dataset, [pixel_features(dataset)], [])


def test_images_that_are_all_ink_come_back(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(images=np.full((3, 4, 4), 255))
    round_trip(tmp_path, dataset, [pixel_features(dataset)], [])


@pytest.mark.mnist
def test_mnist_comes_back(tmp_path: Path) -> None:
    dataset = load_dataset("mnist", limit=2000)
    features = pixel_features(dataset)
    round_trip(tmp_path, dataset, [features], [layout(features, 3)])


def test_the_json_of_our_export_is_opened_too(tmp_path: Path) -> None:
    dataset = digits(5)
    export_projector(tmp_path, dataset, [pixel_features(dataset)])
    (tmp_path / "projector_config.pbtxt").unlink()
    contents = tensorboard_contents(tmp_path)
    assert np.array_equal(values(contents, "images"), dataset.images)


def test_a_manifest_that_somebody_changed_is_refused(tmp_path: Path) -> None:
    dataset = digits(5)
    export_projector(tmp_path, dataset, [pixel_features(dataset)])
    manifest = json.loads((tmp_path / "embviz.json").read_text())
    manifest["dataset"]["columns"][0]["type"] = "pickle"
    (tmp_path / "embviz.json").write_text(json.dumps(manifest))
    with pytest.raises(DatasetError, match="'pickle' is not a type of a column"):
        tensorboard_contents(tmp_path)
