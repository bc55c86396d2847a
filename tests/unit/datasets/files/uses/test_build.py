"""What fields are taken for, and the dataset that is made of them."""

from dataclasses import replace

import numpy as np
import pytest

from embviz.datasets.files.arrays.named import array_contents
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.uses.build import dataset_of
from embviz.datasets.files.uses.classes import NO_CLASS
from embviz.datasets.files.uses.guess import guessed_roles
from embviz.datasets.files.uses.roles import Pictures, Roles
from embviz.errors import DatasetError
from tests.unit.glyphs import glyphs

IMAGES = glyphs(6)
COLOR = np.stack([IMAGES, IMAGES // 2, IMAGES // 3], axis=-1)


def reading(values):
    return lambda rows, progress: values[rows].copy()


def contents_of_arrays(**arrays):
    """Contents as a reader would make them of such arrays."""
    fields = []
    for name, values in arrays.items():
        values = np.asarray(values)
        kind = {1: "column", 2: "vectors"}.get(values.ndim, "images")
        fields.append(
            Field(name, kind, values.shape[1:], values.dtype, lambda rows, _, values=values: values[rows].copy())
        )
    return Contents("it", len(values), tuple(fields))


def made(**arrays):
    contents = contents_of_arrays(**arrays)
    return dataset_of(contents, guessed_roles(contents)[0])


ARRANGEMENTS = {
    "(n, h, w)": (IMAGES, IMAGES),
    "(n, h, w) as 0…1": (IMAGES / 255, IMAGES),
    "(n, h, w) as 0…1 of float32": ((IMAGES / 255).astype(np.float32), IMAGES),
    "(n, h, w) as −1…1": (IMAGES / 127.5 - 1, IMAGES),
    "(n, h, w) as whole numbers of 64 bits": (IMAGES.astype(np.int64), IMAGES),
    "(n, h, w) as yes and no": (IMAGES > 100, (IMAGES > 100) * np.uint8(255)),
    "(n, h, w) of zeros and ones": ((IMAGES > 100).astype(np.uint8), (IMAGES > 100) * np.uint8(255)),
    "(n, h, w) as 0…16": (np.round(IMAGES / 255 * 16), np.round(np.round(IMAGES / 255 * 16) * 255 / 16)),
    "(n, h, w, 3)": (COLOR, COLOR),
    "(n, h, w, 4)": (np.concatenate([COLOR, COLOR[..., :1]], axis=-1), COLOR),
    "(n, 3, h, w)": (np.moveaxis(COLOR, -1, 1), COLOR),
    "(n, 3, h, w) as 0…1": (np.moveaxis(COLOR, -1, 1) / 255, COLOR),
}


@pytest.mark.parametrize("given, images", ARRANGEMENTS.values(), ids=ARRANGEMENTS)
def test_images_in_any_arrangement_and_range_are_the_same_images(given, images):
    assert np.array_equal(made(images=given).images, images)


SQUARES = glyphs(4, 7, 7)


@pytest.mark.parametrize(
    "name, given",
    [("pixels", SQUARES / 255), ("anything", SQUARES), ("x", SQUARES / 127.5 - 1), ("image", SQUARES.astype(np.int16))],
)
def test_squares_in_rows_are_images(name, given):
    dataset = made(**{name: given.reshape(4, 49)})
    assert np.array_equal(dataset.images, SQUARES) and dataset.vectors is None


def test_vectors_of_a_square_number_stay_vectors():
    vectors = np.random.default_rng(0).normal(size=(5, 64))
    dataset = made(embedding=vectors)
    assert dataset.images is None and np.allclose(dataset.vectors, vectors)


def test_items_along_the_last_axis(tmp_path):
    np.save(tmp_path / "it.npy", np.moveaxis(COLOR, 0, -1))
    contents = array_contents([tmp_path / "it.npy"])
    assert np.array_equal(dataset_of(contents, guessed_roles(contents)[0]).images, COLOR)


def test_transposed_and_inverted():
    contents = contents_of_arrays(images=IMAGES)
    pictures = guessed_roles(contents)[0].images
    turned = dataset_of(contents, Roles(images=replace(pictures, transposed=True))).images
    assert np.array_equal(turned, IMAGES.swapaxes(1, 2))
    assert np.array_equal(dataset_of(contents, Roles(images=replace(pictures, inverted=True))).images, 255 - IMAGES)


def test_scans_on_paper_are_taken_to_be_dark_ink():
    contents = contents_of_arrays(images=255 - np.pad(IMAGES, ((0, 0), (1, 1), (1, 1))))
    roles, said = guessed_roles(contents)
    assert roles.images.inverted and any("paper" in sentence for sentence in said)
    assert np.array_equal(dataset_of(contents, roles).images[:, 1:-1, 1:-1], IMAGES)


@pytest.mark.parametrize("name", ["__seq_next__", "__next__"])
def test_the_next_item_of_a_sequence_is_no_number_of_a_vector_and_no_class(name):
    numbers = made(width=[0.5, 1, 2], height=[3.0, 4, 5], **{name: [1, 2, np.nan]})
    assert numbers.vectors.tolist() == [[0.5, 3], [1, 4], [2, 5]] and numbers.metadata[name].tolist()[:2] == [1, 2]
    texts = made(images=IMAGES, **{name: ["1", "2", "None"] * 2})
    assert texts.labels is None and texts.metadata[name].tolist() == ["1", "2", "None"] * 2


LABELS = {
    "whole numbers": ([3, 1, 3, 1, 2, 2], ("1", "2", "3"), [2, 0, 2, 0, 1, 1]),
    "numbers with a point": ([3.0, 1, 3, 1, 2, 2], ("1", "2", "3"), [2, 0, 2, 0, 1, 1]),
    "texts": (list("bcbcaa"), ("a", "b", "c"), [1, 2, 1, 2, 0, 0]),
    "yes and no": ([True, False] * 3, ("False", "True"), [1, 0] * 3),
    "a 1 among zeros": (np.eye(3, dtype=int)[[2, 0, 1, 1, 0, 2]], ("0", "1", "2"), [2, 0, 1, 1, 0, 2]),
    "a 1.0 among zeros": (np.eye(3)[[2, 0, 1, 1, 0, 2]], ("0", "1", "2"), [2, 0, 1, 1, 0, 2]),
    "gaps among numbers": ([1, 2, np.nan, 1, 2, 1], ("1", "2", NO_CLASS), [0, 1, 2, 0, 1, 0]),
    "gaps among texts": (["a", "", "b", "a", "b", "a"], ("a", "b", NO_CLASS), [0, 2, 1, 0, 1, 0]),
}


@pytest.mark.parametrize("labels, names, codes", LABELS.values(), ids=LABELS)
def test_labels_of_any_kind_are_classes(labels, names, codes):
    dataset = made(images=IMAGES, label=labels)
    assert (dataset.class_names, dataset.labels.tolist()) == (names, codes)


def test_class_names_of_the_field_and_of_the_user():
    contents = contents_of_arrays(images=IMAGES, label=[1, 0, -1, 2, 1, 0])
    named = replace(contents.fields[1], class_names=("cat", "dog", "eel"))
    contents = replace(contents, fields=(contents.fields[0], named))
    roles = guessed_roles(contents)[0]
    dataset = dataset_of(contents, roles)
    assert dataset.class_names == ("cat", "dog", "eel", NO_CLASS) and dataset.labels.tolist() == [1, 0, 3, 2, 1, 0]
    assert dataset_of(contents, replace(roles, class_names=("A", "B", "C"))).class_names[:3] == ("A", "B", "C")


def test_class_names_of_labels_that_do_not_begin_at_0_are_in_the_order_of_the_labels():
    contents = contents_of_arrays(images=IMAGES, label=[10, 1, 10, 1, 5, 5])
    roles = replace(guessed_roles(contents)[0], class_names=("one", "five", "zero"))
    assert dataset_of(contents, roles).labels.tolist() == [2, 0, 2, 0, 1, 1]
    with pytest.raises(DatasetError, match="3 different values, and there are 2 class names"):
        dataset_of(contents, replace(roles, class_names=("one", "five")))


def test_several_classes_per_item_are_columns_of_yes_and_no():
    dataset = made(images=IMAGES, labels=np.tri(6, 3, dtype=int))
    assert dataset.labels is None
    assert dataset.metadata["labels_1"].tolist() == [False, True, True, True, True, True]


def test_what_differs_for_nearly_every_item_is_no_class():
    names = [f"item {n}" for n in range(30)]
    contents = contents_of_arrays(vectors=np.eye(30), label=names)
    roles, said = guessed_roles(contents)
    assert roles.labels is None and roles.columns == ("label",)
    assert any("too many for classes" in sentence for sentence in said)


def test_several_sets_of_vectors_are_feature_spaces_of_the_same_items():
    first, second = np.random.default_rng(0).normal(size=(2, 6, 5))
    dataset = made(clip=first, resnet=second, images=IMAGES)
    assert np.allclose(dataset.vectors, first) and np.allclose(dataset.more_vectors["resnet"], second)


def test_columns_of_numbers_are_vectors_where_there_is_nothing_else_to_lay_out():
    dataset = made(id=np.arange(4), a=[1.0, 2, 3, 4], b=[5, 6, 7, 8], species=list("xyxy"))
    assert dataset.vectors.tolist() == [[1, 5], [2, 6], [3, 7], [4, 8]]
    assert dataset.class_names == ("x", "y") and set(dataset.metadata) == {"id", "a", "b"}


def test_layouts_are_columns():
    fields = contents_of_arrays(vectors=np.eye(3), umap=np.arange(6.0).reshape(3, 2)).fields
    contents = Contents("it", 3, (fields[0], replace(fields[1], kind="layout")))
    dataset = dataset_of(contents, guessed_roles(contents)[0])
    assert dataset.metadata["umap_y"].tolist() == [1, 3, 5]


def test_an_item_has_one_id_in_every_split():
    contents = replace(contents_of_arrays(images=IMAGES, label=[0, 1] * 3), splits=(("train", 0), ("test", 4)))
    roles = guessed_roles(contents)[0]
    whole, test = dataset_of(contents, roles), dataset_of(contents, roles, split="test")
    assert test.ids.tolist() == [4, 5] and test.n_source == 6
    assert np.array_equal(test.images, whole.images[test.ids])
    assert whole.metadata["split"].tolist() == ["train"] * 4 + ["test"] * 2


def test_roles_are_values():
    assert Roles(vectors=[["a"]], images=Pictures("b", (2, 2))) == Roles(
        vectors=(("a",),), images=Pictures("b", (2, 2))
    )
    assert Roles(labels="a").fields == ("a",)


REFUSED = {
    "no such field": (Roles(vectors=(("nothing",),)), "no field 'nothing'; it has 'images', 'label', 'text', 'v'"),
    "nothing to lay out": (Roles(labels="label"), "neither vectors nor images"),
    "text as vectors": (Roles(vectors=(("text",),)), "holds text, and vectors are numbers"),
    "images of another size": (Roles(images=Pictures("images", (5, 5))), "give the height and width"),
    "images of another range": (Roles(images=Pictures("images", (6, 5), 0, 16)), "0…255, outside of 0…16"),
    "text as images": (Roles(images=Pictures("text", (1, 1))), "which are not images"),
    "images as labels": (Roles(vectors=(("v",),), labels="images"), "a label is one value|labels are one value"),
    "vectors as labels": (Roles(vectors=(("v",),), labels="v"), "not a single 1 among zeros"),
    "images as a column": (Roles(vectors=(("v",),), columns=("images",)), "a column has one value per item"),
}


@pytest.mark.parametrize("roles, sentence", REFUSED.values(), ids=REFUSED)
def test_roles_that_do_not_fit_are_refused(roles, sentence):
    contents = contents_of_arrays(images=IMAGES, label=[0] * 6, text=["a"] * 6, v=np.full((6, 2), 0.5))
    with pytest.raises(DatasetError, match=sentence):
        dataset_of(contents, roles)


@pytest.mark.parametrize(
    "shape, low, high", [((2,), 0, 1), ((0, 2), 0, 1), ((2, 2, 2), 0, 1), ((2, 2), 1, 1), ((2, 2), 1, 0)]
)
def test_pictures_of_no_shape_or_range_are_refused(shape, low, high):
    with pytest.raises(DatasetError):
        Pictures("a", shape, low, high)


UNFIT = {
    "NaN": (np.nan, "row 2 holds NaN"),
    "infinity": (np.inf, "row 2 holds infinity"),
    "1e39": (1e39, r"more than 3\.4e38"),
}


@pytest.mark.parametrize("value, sentence", UNFIT.values(), ids=UNFIT)
def test_vectors_that_are_not_finite_are_named_by_their_rows(value, sentence):
    vectors = np.zeros((5, 3))
    vectors[2, 1] = value
    with pytest.raises(DatasetError, match=sentence):
        made(vectors=vectors)


def test_images_with_gaps_are_named_by_their_rows():
    images = IMAGES / 255
    images[3, 0, 0] = np.nan
    with pytest.raises(DatasetError, match="row 3 holds NaN"):
        made(images=images)
