"""A path or several are opened by what is in them, and what the user says goes before what is guessed."""

import gzip
import io
import json
import shutil
import zipfile

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from embviz import load_dataset
from embviz.datasets.files.opening.load import opened_files
from embviz.datasets.files.opening.open import contents_of
from embviz.datasets.files.uses.wishes import Wishes
from embviz.errors import DatasetError
from tests.unit.glyphs import glyphs
from tests.unit.picture_files import picture, write_tree

IMAGES = glyphs(6)
LABELS = list("abcabc")
VECTORS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


@pytest.fixture
def folder(tmp_path):
    """One file of each shape, of the same six items."""
    np.save(tmp_path / "vectors.npy", VECTORS)
    np.save(tmp_path / "images.npy", IMAGES)
    np.savez(tmp_path / "both.npz", vectors=VECTORS, images=IMAGES, labels=np.array(LABELS))
    (tmp_path / "labels.csv").write_text(
        "label,writer\n" + "".join(f"{label},{n % 2}\n" for n, label in enumerate(LABELS))
    )
    (tmp_path / "names.txt").write_text("".join(f"{label}\n" for label in LABELS))
    table = pyarrow.table({"emb": list(VECTORS), "kind": LABELS, "writer": [0, 1] * 3})
    parquet.write_table(table, tmp_path / "table.parquet")
    lines = (
        f'{{"emb": {vector.tolist()}, "kind": "{label}"}}\n' for vector, label in zip(VECTORS, LABELS, strict=True)
    )
    (tmp_path / "lines.jsonl").write_text("".join(lines))
    return tmp_path


@pytest.mark.parametrize("name", ["vectors.npy", "both.npz", "table.parquet", "lines.jsonl"])
@pytest.mark.parametrize("called", ["", ".data"])
def test_a_file_is_opened_by_what_is_in_it_and_not_by_its_name(folder, name, called):
    path = folder / f"{name}{called}"
    if called:
        shutil.move(folder / name, path)
    dataset = load_dataset(path)
    assert np.array_equal(dataset.vectors, VECTORS)
    assert (len(dataset), dataset.n_source, dataset.split) == (6, 6, "")


def test_files_of_the_same_items_are_put_together(folder):
    opened = opened_files([folder / name for name in ("images.npy", "labels.csv", "vectors.npy")])
    assert {field.name for field in opened.contents.fields} == {"images", "vectors", "label", "writer"}
    assert opened.roles.labels == "label" and opened.roles.group == "writer"


def test_vectors_and_images_in_two_files(folder):
    files = {"vectors": folder / "vectors.npy", "images": folder / "images.npy", "labels": folder / "names.txt"}
    with pytest.warns(UserWarning, match="no header"):
        dataset = load_dataset(**files)
    assert np.array_equal(dataset.images, IMAGES) and np.array_equal(dataset.vectors, VECTORS)
    assert [dataset.class_names[code] for code in dataset.labels] == LABELS


def test_what_the_user_says_goes_before_what_is_guessed(folder):
    dataset = load_dataset(folder / "table.parquet", vectors="emb", labels="writer", group="kind")
    assert dataset.class_names == ("0", "1") and dataset.group == "kind"
    assert dataset.metadata["kind"].tolist() == LABELS
    images = load_dataset(folder / "both.npz", vectors="vectors", images="images", labels="labels")
    assert np.array_equal(images.images, IMAGES)


def test_columns_side_by_side_are_vectors(folder):
    (folder / "iris.csv").write_text("a,b,c,kind\n1,2,3,x\n4,5,6,y\n")
    dataset = load_dataset(folder / "iris.csv", vectors="a,c", labels="kind")
    assert dataset.vectors.tolist() == [[1, 3], [4, 6]] and dataset.class_names == ("x", "y")


def test_columns_that_are_asked_for_as_something_else_are_no_features(folder):
    (folder / "pima.csv").write_text("a,b,Outcome,site\n1,2,0,8\n4,5,1,9\n7,8,0,8\n")
    (folder / "more.csv").write_text("score\n3\n1\n2\n")
    dataset = load_dataset(folder / "pima.csv", labels="Outcome", group="site", metadata=folder / "more.csv")
    assert dataset.vectors.tolist() == [[1, 2], [4, 5], [7, 8]] and dataset.labels.tolist() == [0, 1, 0]
    assert set(dataset.metadata) == {"a", "b", "site", "score"} and dataset.group == "site"
    named = load_dataset(folder / "pima.csv", vectors="a,Outcome", labels="Outcome")
    assert named.vectors.tolist() == [[1, 0], [4, 1], [7, 0]] and named.labels.tolist() == [0, 1, 0]


def test_a_column_that_was_guessed_to_be_labels_is_a_coordinate_if_others_are_asked_for(folder):
    (folder / "plane.csv").write_text("x,y,kind\n1,2,0\n4,5,1\n7,8,0\n")
    dataset = load_dataset(folder / "plane.csv", labels="kind")
    assert dataset.vectors.tolist() == [[1, 2], [4, 5], [7, 8]] and dataset.labels.tolist() == [0, 1, 0]
    assert set(dataset.metadata) == {"x", "y"}


def test_labels_that_others_correct_are_no_feature(folder):
    (folder / "feat.csv").write_text("a,b,label\n1,2,0\n4,5,1\n7,8,0\n")
    (folder / "corrected.csv").write_text("label,weight\n1,3\n1,4\n0,5\n")
    dataset = load_dataset(folder / "feat.csv", labels=folder / "corrected.csv")
    assert dataset.vectors.tolist() == [[1, 2], [4, 5], [7, 8]] and dataset.labels.tolist() == [1, 1, 0]
    assert set(dataset.metadata) == {"a", "b", "label", "weight"}


@pytest.mark.parametrize("others", [{}, {"labels": "kind"}, {"labels": "labels.csv"}])
def test_a_table_of_vectors_has_the_features_that_it_has_when_it_is_opened(folder, others):
    rows = "".join(f"{n},{n / 2},{n * n},{n % 2},{n % 3},{n % 2}\n" for n in (5, 3, 1, 0, 2, 4))
    (folder / "feat.csv").write_text(f"id,a,b,label,kind,writer\n{rows}")
    wishes = {option: folder / wish if wish.endswith(".csv") else wish for option, wish in others.items()}
    opened = load_dataset(folder / "feat.csv", **wishes)
    given = load_dataset(vectors=folder / "feat.csv", **wishes)
    beside = load_dataset(folder / "labels.csv", vectors=folder / "feat.csv", **wishes)
    assert np.array_equal(given.vectors, opened.vectors) and np.array_equal(beside.vectors, opened.vectors)
    assert opened.vectors.shape == (6, 2 if others.get("labels") == "kind" else 3)


@pytest.fixture
def numbered(tmp_path):
    """Images 00000.png to 00005.png in a folder; all pixels of an image are 50 times its number."""
    shades = {f"{n:05}.png": picture(np.full((4, 4), 50 * n, np.uint8)) for n in range(6)}
    write_tree(tmp_path / "numbered", shades)
    return tmp_path / "numbered"


def test_images_are_named_by_numbers_that_lost_their_zeros(numbered):
    ids = [3, 0, 5, 1, 2, 4]
    numbered.with_name("kinds.csv").write_text("image_id,kind\n" + "".join(f"{n:05},{'ab'[n % 2]}\n" for n in ids))
    with pytest.warns(UserWarning, match="'image_id' names the images"):
        dataset = load_dataset(numbered, labels="kind", metadata=numbered.with_name("kinds.csv"))
    assert (dataset.images[:, 0, 0] // 50).tolist() == ids
    assert [dataset.class_names[code] for code in dataset.labels] == ["b", "a", "b", "b", "a", "a"]


@pytest.mark.parametrize("above", ["numbered/", "data/numbered/", "/home/somebody/numbered/", "C:\\data\\numbered\\"])
def test_images_are_named_by_paths_that_lead_through_their_folder(numbered, above):
    ids = [3, 0, 5, 1, 2, 4]
    rows = "".join(f"{above}{n:05}.png,{'ab'[n % 2]}\n" for n in ids)
    numbered.with_name("kinds.csv").write_text(f"path,kind\n{rows}")
    with pytest.warns(UserWarning, match="'path' names the images"):
        dataset = load_dataset(numbered, labels="kind", metadata=numbered.with_name("kinds.csv"))
    assert (dataset.images[:, 0, 0] // 50).tolist() == ids


def test_a_column_of_image_names_that_names_none_is_refused(numbered):
    table = numbered.with_name("kinds.csv")
    table.write_text("filename,kind\n" + "".join(f"other{n}.png,{n % 2}\n" for n in range(6)))
    said = "kinds: column 'filename' \\('other0.png', 'other1.png', …\\) names none of the images in numbered"
    with pytest.raises(DatasetError, match=f"{said}, which are called '00000.png', '00001.png', …; correct its names"):
        load_dataset(numbered, labels="kind", metadata=table)
    table.write_text("id,kind\n" + "".join(f"other{n},{n % 2}\n" for n in range(6)))
    with pytest.warns(UserWarning, match="in the order of their names"):
        assert load_dataset(numbered, labels="kind", metadata=table).images[:, 0, 0].tolist() == list(range(0, 300, 50))


NUMBERINGS = {
    "an index that pandas wrote": ("", (5, 3, 1), True),
    "one that pandas read and wrote again": ("Unnamed: 0", (5, 3, 1), True),
    "counting from 1": ("index", (1, 2, 3), False),
    "counting from 1, without a name": ("", (1, 2, 3), False),
    "ids by separator": ("customer_id", (70, 70, 3), True),
    "ids by capital letter": ("PassengerId", (1, 2, 3), True),
    "ids by capital letters": ("sampleID", (1, 2, 4), True),
}


@pytest.mark.parametrize("header, numbers, is_shown", NUMBERINGS.values(), ids=NUMBERINGS)
@pytest.mark.filterwarnings("ignore:Column:UserWarning")
def test_numbers_of_the_rows_are_no_features(tmp_path, header, numbers, is_shown):
    rows = "".join(f"{number},{n + 0.5},{n * n}\n" for n, number in enumerate(numbers))
    (tmp_path / "it.csv").write_text(f"{header},a,grid\n{rows}")
    dataset = load_dataset(tmp_path / "it.csv")
    assert dataset.vectors.tolist() == [[0.5, 0], [1.5, 1], [2.5, 4]]
    assert [values.tolist() for values in list(dataset.metadata.values())[:-2]] == [list(numbers)] * is_shown


@pytest.mark.parametrize("rows", ["5,1\n3,9\n1,1\n", "1,1\n2,9\n3,1\n"])
def test_columns_without_a_header_are_all_features(tmp_path, rows):
    (tmp_path / "it.csv").write_text(rows)
    with pytest.warns(UserWarning, match="no header"):
        dataset = load_dataset(tmp_path / "it.csv")
    assert dataset.vectors.tolist() == [[float(cell) for cell in row.split(",")] for row in rows.split()]


def test_codes_of_named_classes_are_no_features_and_labels_if_there_is_one(tmp_path):
    columns = {"a": [0.5, 1.5, 2.5], "intent": [1, 0, 1], "tone": [0, 0, 1], "text": ["x", "y", "z"]}
    for names in (["intent"], ["intent", "tone"]):
        features = {name: {"names": [f"{name} 0", f"{name} 1"], "_type": "ClassLabel"} for name in names}
        table = pyarrow.table({name: columns[name] for name in ("a", *names, "text")})
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
        parquet.write_table(table, tmp_path / "it.parquet")
        dataset = load_dataset(tmp_path / "it.parquet")
        assert dataset.vectors.tolist() == [[0.5], [1.5], [2.5]]
        assert dataset.class_names == (("intent 0", "intent 1") if len(names) == 1 else ())
        assert dataset.labels is None or dataset.labels.tolist() == [1, 0, 1]


def test_guessed_vectors_of_different_lengths_are_left_out_if_others_are_there(tmp_path):
    mask = [[1] * length for length in (16, 5, 3, 2, 9, 1)]
    parquet.write_table(pyarrow.table({"attention_mask": mask, "emb": list(VECTORS)}), tmp_path / "it.parquet")
    with pytest.warns(UserWarning, match="'attention_mask' is left out: .* row 1 has 5 numbers, the first row 16"):
        dataset = load_dataset(tmp_path / "it.parquet")
    assert np.array_equal(dataset.vectors, VECTORS) and not dataset.more_vectors and dataset.images is None
    with pytest.raises(DatasetError, match="row 1 has 5 numbers"):
        load_dataset(tmp_path / "it.parquet", vectors="attention_mask")
    parquet.write_table(pyarrow.table({"attention_mask": mask}), tmp_path / "alone.parquet")
    with pytest.raises(DatasetError, match="row 1 has 5 numbers"):
        load_dataset(tmp_path / "alone.parquet")


def test_guessed_vectors_with_gaps_are_left_out_if_others_are_there(tmp_path):
    gaps = np.where(np.arange(6)[:, None] == 2, np.nan, VECTORS)
    np.savez(tmp_path / "it.npz", first=gaps, second=VECTORS)
    with pytest.warns(UserWarning, match="Vectors are left out: it: vectors of 'first' must be finite"):
        dataset = load_dataset(tmp_path / "it.npz")
    assert np.array_equal(dataset.vectors, VECTORS) and not dataset.more_vectors
    with pytest.raises(DatasetError, match="'first' must be finite"):
        load_dataset(tmp_path / "it.npz", vectors="first")
    np.savez(tmp_path / "it.npz", first=gaps, second=gaps)
    with pytest.raises(DatasetError, match="'first' must be finite"):
        load_dataset(tmp_path / "it.npz")


def test_a_table_beside_vectors_adds_its_columns(folder):
    dataset = load_dataset(folder / "vectors.npy", metadata=folder / "labels.csv", labels="label", group="writer")
    assert dataset.metadata["writer"].tolist() == [0, 1] * 3 and dataset.class_names == ("a", "b", "c")


def test_a_field_that_two_files_have_is_told_apart(folder):
    dataset = load_dataset(folder / "table.parquet", metadata=folder / "lines.jsonl")
    assert dataset.metadata["kind"].tolist() == dataset.metadata["lines kind"].tolist() == LABELS
    assert "lines emb" in dataset.more_vectors


def test_a_folder_of_shards_is_one_table(tmp_path):
    (tmp_path / "repository" / "data").mkdir(parents=True)
    for name, rows in (("train-00000-of-00001", 4), ("test-00000-of-00001", 2)):
        table = pyarrow.table({"emb": list(VECTORS[:rows])})
        parquet.write_table(table, tmp_path / "repository" / "data" / f"{name}.parquet")
    (tmp_path / "repository" / "README.md").write_text("---\n")
    assert len(load_dataset(tmp_path / "repository")) == 2
    assert len(load_dataset(tmp_path / "repository", "all")) == 6
    assert load_dataset(tmp_path / "repository", "train").name == "repository"


@pytest.mark.parametrize("arrays", ["vectors.npy", "both.npz", "table.parquet"])
def test_a_folder_of_arrays_has_the_columns_of_the_table_in_it(folder, tmp_path_factory, arrays):
    whole = tmp_path_factory.mktemp("whole")
    for name in (arrays, "labels.csv"):
        shutil.copy(folder / name, whole)
    (whole / "README.txt").write_text("Read\nme\n")
    dataset = load_dataset(whole, labels="label")
    assert np.array_equal(dataset.vectors, VECTORS) and dataset.metadata["writer"].tolist() == [0, 1] * 3
    assert [dataset.class_names[code] for code in dataset.labels] == LABELS


@pytest.mark.parametrize("option", ["labels", "metadata"])
def test_a_table_in_the_folder_that_is_named_too_is_read_once(folder, tmp_path_factory, option):
    whole = tmp_path_factory.mktemp("whole")
    for name in ("vectors.npy", "labels.csv"):
        shutil.copy(folder / name, whole)
    fields = opened_files([whole], Wishes(**{option: str(whole / "labels.csv")})).contents.fields
    assert [field.name for field in fields] == ["vectors", "label", "writer"]
    fields = opened_files([whole, whole / "labels.csv"]).contents.fields
    assert sorted(field.name for field in fields) == ["label", "vectors", "writer"]


@pytest.mark.parametrize("text, said", [("index,char\n0,x\n", "numbers of items differ"), ("", "is empty")])
def test_a_table_of_something_else_in_a_folder_of_arrays_is_left_out(folder, tmp_path_factory, text, said):
    whole = tmp_path_factory.mktemp("whole")
    shutil.copy(folder / "vectors.npy", whole)
    (whole / "classmap.csv").write_text(text)
    with pytest.warns(UserWarning, match=f"classmap.csv is left out: .*{said}"):
        dataset = load_dataset(whole)
    assert np.array_equal(dataset.vectors, VECTORS)


def test_a_link_out_of_the_folder_is_not_followed(folder, tmp_path_factory):
    inside = tmp_path_factory.mktemp("inside")
    (inside / "table.parquet").symlink_to(folder / "table.parquet")
    with pytest.raises(DatasetError, match="holds nothing that embviz opens"):
        contents_of([inside])


def test_a_split_is_loaded_alone_with_the_same_ids(tmp_path):
    np.savez(tmp_path / "it.npz", x_train=IMAGES[:4], x_val=IMAGES[4:5], x_test=IMAGES[5:])
    assert [load_dataset(tmp_path / "it.npz", split).ids.tolist() for split in ("train", "val", "test")] == [
        [0, 1, 2, 3],
        [4],
        [5],
    ]
    assert load_dataset(tmp_path / "it.npz").split == "test"
    with pytest.raises(DatasetError, match="no split 'dev'; it has train, val, test"):
        load_dataset(tmp_path / "it.npz", "dev")


def test_a_sample_keeps_the_share_of_each_class(folder):
    assert sorted(load_dataset(folder / "both.npz", limit=3).labels.tolist()) == [0, 1, 2]


def test_notes_are_a_warning(folder):
    with pytest.warns(UserWarning, match="separated by a semicolon"):
        (folder / "it.csv").write_text("a;b\n1;2\n")
        load_dataset(folder / "it.csv")


def office_document():
    """The bytes of an Excel file with a picture in a sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/media/image1.png"):
            archive.writestr(name, "")
    return file.getvalue()


REFUSED = {
    "a pickle": (b"\x80\x04K\x01.", "a pickle, which may run anything"),
    "a file of torch": (b"PK\x03\x04" + bytes(30) + b"archive/data.pkl", "as torch.save writes"),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(20), "a single image; give a folder or a zip file of images"),
    "MATLAB": (b"MATLAB 5.0 MAT-file", "MATLAB"),
    "faiss": (b"IxF2\x80\0\0\0", "faiss, which is not safe to open"),
    "gzip": (gzip.compress(b"a,b\n1,2\n"), "packed by gzip"),
    "a web page": (b"<!doctype html><title>404</title>", "web page"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\n", "git lfs"),
    "Excel": (office_document(), "Excel or a similar program; save its sheet as CSV"),
    "a JSON array": (b' [{"a": 1}, {"a": 2}]', "a JSON array; save a line for each item"),
    "empty": (b"", "is empty"),
    "noise": (bytes(range(200, 256)), "nothing that embviz opens"),
}


@pytest.mark.parametrize("content, sentence", REFUSED.values(), ids=REFUSED)
def test_what_is_not_opened_is_named_with_what_to_do(tmp_path, content, sentence):
    (tmp_path / "it.bin").write_bytes(content)
    with pytest.raises(DatasetError, match=sentence) as found:
        load_dataset(tmp_path / "it.bin")
    assert "it.bin" in str(found.value) and "\n" not in str(found.value)


WISHES = {
    "no file and no field": ({"labels": "kinds"}, "labels must be a field or a file, and 'kinds' is neither"),
    "a field that is not there": ({"vectors": "emb,kinds"}, "and 'emb,kinds' is neither"),
    "text as vectors": ({"vectors": "kind"}, "holds text"),
    "vectors of another number": ({"images": "emb"}, "there are no images in 'emb'"),
    "a file of other items": ({"metadata": "{folder}/short.csv"}, "numbers of items differ: table has 6, short has 1"),
    "a file of many columns as labels": ({"labels": "{folder}/wide.csv"}, "which are the labels among 'a', 'b'"),
    "a folder without anything": ({"images": "{folder}/empty"}, "holds nothing that embviz opens"),
    "a group that is no field": ({"group": "writers"}, "writers"),
    "a path with a NUL": ({"metadata": "a\0b"}, "metadata must be a path"),
}


@pytest.mark.parametrize("wishes, sentence", WISHES.values(), ids=WISHES)
def test_wishes_that_cannot_be_granted_are_one_sentence(folder, wishes, sentence):
    (folder / "short.csv").write_text("a,b\n1,x\n")
    (folder / "wide.csv").write_text("a,b\n" + "1,x\n" * 6)
    (folder / "empty").mkdir()
    given = {option: wish.format(folder=folder) for option, wish in wishes.items()}
    with pytest.raises(DatasetError, match=sentence):
        load_dataset(folder / "table.parquet", **given)


def test_a_named_dataset_takes_no_wishes():
    with pytest.raises(DatasetError, match="'digits' has its own vectors"):
        load_dataset("digits", labels="label")


def test_nothing_at_all_is_refused():
    with pytest.raises(DatasetError, match="give a file or a folder"):
        load_dataset()
    with pytest.raises(DatasetError, match="give a file or a folder"):
        opened_files([], Wishes())
