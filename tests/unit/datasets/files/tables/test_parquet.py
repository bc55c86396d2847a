"""Parquet: as Hugging Face, embedding-atlas, pandas and polars write it, and broken as it is in practice."""

import io
import json

import numpy as np
import pyarrow
import pytest
from PIL import Image
from pyarrow import dataset as pyarrow_dataset, parquet

from embviz import load_dataset
from embviz.datasets.files.tables.parquet import parquet_contents
from embviz.errors import DatasetError
from tests.unit.glyphs import all_of, glyphs


def png(image):
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def save(path, columns, metadata=None, **options):
    table = columns if isinstance(columns, pyarrow.Table) else pyarrow.table(columns)
    parquet.write_table(table.replace_schema_metadata(metadata) if metadata else table, path, **options)
    return path


def fields_of(contents):
    return {field.name: field for field in contents.fields}


HUGGING_FACE = {
    b"huggingface": json.dumps(
        {
            "info": {
                "features": {"image": {"_type": "Image"}, "label": {"names": ["zero", "one"], "_type": "ClassLabel"}}
            }
        }
    ).encode()
}


def test_hugging_faces_shards_are_splits_in_order_with_class_names(tmp_path):
    images = glyphs(7)
    shards = {"test-00000-of-00001": [6], "train-00010-of-00011": [4, 5], "train-00002-of-00011": [0, 1, 2, 3]}
    paths = []
    for name, rows in shards.items():
        cells = [{"bytes": png(images[row]), "path": None} for row in rows]
        columns = {"image": cells, "label": [row % 2 for row in rows]}
        paths.append(save(tmp_path / f"{name}.parquet", columns, HUGGING_FACE))
    contents = parquet_contents(paths)
    fields = fields_of(contents)
    assert (contents.n, contents.splits) == (7, (("train", 0), ("test", 6)))
    assert np.array_equal(all_of(fields["image"]), images)
    assert np.array_equal(all_of(fields["image"], slice(3, 7)), images[3:])
    assert fields["label"].class_names == ("zero", "one")
    assert all_of(fields["label"]).tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_images_as_plain_bytes_of_two_sizes_are_fitted_and_that_is_said(tmp_path):
    small, large = glyphs(3)[1], glyphs(3, 12, 10)[2]
    contents = parquet_contents([save(tmp_path / "it.parquet", {"image": [png(small), png(large), png(large)]})])
    assert contents.fields[0].shape == (12, 10)
    assert np.array_equal(all_of(contents.fields[0])[2], large)
    assert "2 sizes" in contents.notes[0]


WIDTHS = {
    "list<float>": pyarrow.list_(pyarrow.float32()),
    "list<half>": pyarrow.list_(pyarrow.float16()),
    "list<double>": pyarrow.list_(pyarrow.float64()),
    "large_list<float>": pyarrow.large_list(pyarrow.float32()),
    "fixed_size_list<float>": pyarrow.list_(pyarrow.float32(), 3),
    "list<int8>": pyarrow.list_(pyarrow.int8()),
    "list<uint8>": pyarrow.list_(pyarrow.uint8()),
}


@pytest.mark.parametrize("kind", WIDTHS.values(), ids=WIDTHS)
def test_vectors_of_every_width_read_whole_and_in_part(tmp_path, kind):
    vectors = np.arange(33).reshape(11, 3)
    cells = pyarrow.array(list(vectors.astype(kind.value_type.to_pandas_dtype())), kind)
    (field,) = parquet_contents([save(tmp_path / "it.parquet", {"v": cells}, row_group_size=4)]).fields
    assert (field.kind, field.shape) == ("vectors", (3,))
    assert field.dtype == kind.value_type.to_pandas_dtype()
    for rows in (slice(None), slice(0, 2), slice(3, 9), slice(8, 11)):
        assert np.array_equal(all_of(field, rows), vectors[rows])


def test_tensors_and_lists_of_lists_are_images(tmp_path):
    images = glyphs(4)
    tensors = pyarrow.FixedShapeTensorArray.from_numpy_ndarray(images)
    contents = parquet_contents([save(tmp_path / "it.parquet", {"a": tensors, "b": images.tolist()})])
    for field in contents.fields:
        assert (field.kind, field.shape) == ("images", (6, 5))
        assert np.array_equal(all_of(field, slice(1, 3)), images[1:3])


def test_embedding_atlass_columns(tmp_path):
    columns = {
        "text": ["x", "y"],
        "projection_x": [0.5, 1],
        "projection_y": [2.5, 3],
        "neighbors": [{"ids": [1], "distances": [0.5]}] * 2,
    }
    contents = parquet_contents([save(tmp_path / "it.parquet", columns)])
    fields = fields_of(contents)
    assert fields["projection"].kind == "layout"
    assert all_of(fields["projection"]).tolist() == [[0.5, 2.5], [1, 3]]
    assert "neighbors" in contents.notes[0]


def test_openmls_mnist_by_pandas_is_one_field(tmp_path):
    pixels = glyphs(3, 28, 28).reshape(3, -1)
    columns = {f"pixel{place + 1}": pixels[:, place].astype(np.int64) for place in range(784)}
    columns["class"] = pyarrow.array(["5", "0", "5"]).dictionary_encode()
    fields = fields_of(parquet_contents([save(tmp_path / "it.parquet", columns)]))
    assert np.array_equal(all_of(fields["pixel"]), pixels)
    assert all_of(fields["class"]).tolist() == ["5", "0", "5"]


@pytest.mark.parametrize("statistics", [True, False])
def test_columns_keep_what_they_hold(tmp_path, statistics):
    columns = {
        "whole": [1, 2**60],
        "gaps": [1, None],
        "large gaps": [2**60, None],
        "huge": pyarrow.array([2**63, 1], pyarrow.uint64()),
        "yes": [True, None],
        "price": pyarrow.array([1.5, 2]).cast(pyarrow.decimal128(5, 2)),
        "day": pyarrow.array([0, 1], pyarrow.date32()),
        "nothing": pyarrow.nulls(2),
        "tags": [["a"], []],
    }
    contents = parquet_contents([save(tmp_path / "it.parquet", columns, write_statistics=statistics)])
    read = {name: all_of(field).tolist() for name, field in fields_of(contents).items()}
    assert read["whole"] == [1, 2**60] and read["gaps"][0] == 1 and np.isnan(read["gaps"][1])
    assert read["large gaps"] == [str(2**60), ""] and read["huge"] == [str(2**63), "1"]
    assert read["yes"] == ["True", ""] and read["price"] == [1.5, 2]
    assert read["day"] == ["1970-01-01", "1970-01-02"]
    assert len(contents.notes) == 2


def test_the_first_rows_of_a_file_that_is_broken_further_on_are_read(tmp_path):
    rng = np.random.default_rng(0)
    columns = {"v": list(rng.normal(size=(4000, 8)))}
    path = save(tmp_path / "it.parquet", columns, row_group_size=1000, write_page_checksum=True)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 5000] = bytes(5000)
    path.write_bytes(data)
    (field,) = parquet_contents([path]).fields
    assert all_of(field, slice(0, 16)).shape == (16, 8)
    with pytest.raises(DatasetError, match="cannot be read as parquet"):
        all_of(field)


WHOLE = {"v": [[1.0, 2.0]] * 3}


def broken(path, name):
    content = save(path, WHOLE).read_bytes()
    match name:
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(content[:-20])
        case "no footer":
            path.write_bytes(b"PAR1" + bytes(100) + b"PAR1")
        case "a footer longer than the file":
            path.write_bytes(content[:-8] + (2**31 - 1).to_bytes(4, "little") + b"PAR1")
        case "text":
            path.write_bytes(b"a,b\n1,2\n")
        case "no rows":
            save(path, {"v": pyarrow.array([], pyarrow.float32())})
        case "no columns":
            save(path, pyarrow.table({}))
        case "columns called the same":
            save(path, pyarrow.Table.from_arrays([pyarrow.array([1]), pyarrow.array([2])], ["a", "a"]))
        case "images that are cut":
            save(path, {"image": [png(glyphs(1)[0]), png(glyphs(1)[0])[:-20]]})
        case "an image that is missing":
            save(path, {"image": [png(glyphs(1)[0]), None]})
        case "nothing but bytes":
            save(path, {"blob": [b"x", b"y"]})
        case "an encrypted footer":
            path.write_bytes(b"PARE" + content[4:-4] + b"PARE")


SENTENCES = {
    "empty": "cannot be read as parquet",
    "cut": "cannot be read as parquet",
    "no footer": "cannot be read as parquet",
    "a footer longer than the file": "cannot be read as parquet",
    "text": "cannot be read as parquet",
    "no rows": "has no rows",
    "no columns": "has no rows",
    "columns called the same": "two columns called 'a'",
    "images that are cut": "column 'image': the image of row 1 cannot be shown: it is cut off",
    "an image that is missing": "the image of row 1 cannot be shown: it is empty",
    "nothing but bytes": "nothing that can be shown",
    "an encrypted footer": "cannot be read as parquet",
}


@pytest.mark.parametrize("name, sentence", SENTENCES.items(), ids=SENTENCES)
def test_a_broken_file_is_one_sentence(tmp_path, name, sentence):
    path = tmp_path / "it.parquet"
    broken(path, name)
    with pytest.raises(DatasetError, match=sentence) as found:
        parquet_contents([path])
    assert "it.parquet" in str(found.value) and "\n" not in str(found.value)


def test_shards_of_different_tables_are_refused(tmp_path):
    paths = [save(tmp_path / "a.parquet", WHOLE), save(tmp_path / "b.parquet", {"w": [1]})]
    with pytest.raises(DatasetError, match=r"b\.parquet has other columns than a\.parquet"):
        parquet_contents(paths)


UNFIT = {
    "a shorter vector": ([[1.0, 2.0], [3.0]], "row 1 has 1 numbers, the first row 2"),
    "no vector": ([[1.0, 2.0], None], "row 1 lacks a number"),
    "a gap in a vector": ([[1.0, 2.0], [1.0, None]], "row 1 lacks a number"),
    "an empty vector": ([[1.0, 2.0], []], "row 1 has 0 numbers"),
    "a ragged image": ([[[1, 2], [3, 4]], [[1, 2], [3]]], "row 1 has 1 numbers"),
}


@pytest.mark.parametrize("cells, sentence", UNFIT.values(), ids=UNFIT)
def test_ragged_rows_are_refused_with_their_row(tmp_path, cells, sentence):
    (field,) = parquet_contents([save(tmp_path / "it.parquet", {"v": cells})]).fields
    with pytest.raises(DatasetError, match=sentence):
        all_of(field)


@pytest.mark.parametrize("text", [b"[]", b"{", b'{"info": {"features": {"label": 5}}}', b'{"info": {"features": []}}'])
def test_somebody_elses_key_of_hugging_faces_name_is_no_harm(tmp_path, text):
    contents = parquet_contents([save(tmp_path / "it.parquet", {"label": [0, 1]}, {b"huggingface": text})])
    assert contents.fields[0].class_names == ()


@pytest.mark.parametrize("keys", [("label",), ("site", "label")])
def test_columns_whose_values_are_in_the_names_of_folders_are_read(tmp_path, keys):
    n = 40
    vectors = pyarrow.FixedSizeListArray.from_arrays(np.arange(2 * n, dtype=np.float32), 2)
    values = {"label": [f"{row % 11}/x" for row in range(n)], "site": ["a b" if row % 7 else None for row in range(n)]}
    table = pyarrow.table({"emb": vectors, "number": range(n)} | {key: values[key] for key in keys})
    parts = pyarrow_dataset.partitioning(pyarrow.schema([(key, pyarrow.string()) for key in keys]), flavor="hive")
    pyarrow_dataset.write_dataset(table, tmp_path / "whole", format="parquet", partitioning=parts)
    dataset = load_dataset(tmp_path / "whole", labels="label")
    numbers = dataset.metadata["number"].tolist()
    assert sorted(numbers) == list(range(n)) and dataset.vectors[:, 0].tolist() == [2 * number for number in numbers]
    assert [dataset.class_names[code] for code in dataset.labels] == [values["label"][number] for number in numbers]
    if "site" in keys:
        assert dataset.metadata["site"].tolist() == [values["site"][number] or "" for number in numbers]


def test_a_table_has_its_own_column_if_a_folder_names_it_too(tmp_path):
    for value in "ab":
        (tmp_path / "whole" / f"kind={value}").mkdir(parents=True)
        save(tmp_path / "whole" / f"kind={value}" / "0.parquet", {"emb": [[1.0, 2], [3, 4]], "kind": ["x", value]})
    assert load_dataset(tmp_path / "whole", labels="kind").class_names == ("a", "b", "x")
