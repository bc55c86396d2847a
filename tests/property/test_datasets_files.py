"""However files of arrays and tables are damaged, they are read or refused in one sentence; whole ones come back."""

import csv
import io
import json
import warnings

import numpy as np
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pyarrow import parquet

from embviz import load_dataset
from embviz.datasets.files.opening.open import contents_of
from embviz.errors import EmbvizError
from tests.unit.glyphs import all_of

several_times = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example writes its files anew

VECTORS = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
LABELS = ["ab"[row % 2] for row in range(40)]


def saved(save, *arguments, **options):
    stream = io.BytesIO()
    save(stream, *arguments, **options)
    return stream.getvalue()


def as_parquet(stream):
    columns = {"v": list(VECTORS), "label": LABELS, "n": [None if row % 7 == 0 else row for row in range(40)]}
    parquet.write_table(pyarrow.table(columns), stream, row_group_size=16)


def as_csv():
    rows = [",".join([label, *map(str, vector)]) for label, vector in zip(LABELS, VECTORS, strict=True)]
    return "\n".join(["label,f0,f1,f2,f3,f4,f5", *rows]).encode()


def as_jsonl():
    objects = ({"v": vector.tolist(), "label": label} for label, vector in zip(LABELS, VECTORS, strict=True))
    return "\n".join(map(json.dumps, objects)).encode()


WHOLE = {
    "it.npy": saved(np.save, VECTORS),
    "it.npz": saved(np.savez_compressed, vectors=VECTORS, labels=np.array(LABELS)),
    "it.csv": as_csv(),
    "it.jsonl": as_jsonl(),
    "it.parquet": saved(as_parquet),
}


@st.composite
def damaged(draw, content):
    """Cut, with some bytes changed, or with a piece in another place."""
    data = bytearray(content)
    first, second = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    match draw(st.sampled_from(["cut", "changed", "moved"])):
        case "cut":
            del data[second:]
        case "changed":
            data[first : first + 20] = draw(st.binary(max_size=20))
        case "moved":
            data = data[:first] + data[second:] + data[first:second]
    return bytes(data)


@pytest.mark.parametrize("name", WHOLE)
@several_times
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_one_sentence(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data.draw(damaged(WHOLE[name])))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            load_dataset(path)
        except EmbvizError as error:
            assert "\n" not in str(error)


READ_OTHERWISE = {"true", "false", "null", "na", "n/a", "#n/a", "#na", "#n/a n/a", "nan", "inf", "infinity"}
"""Words that a table as text has for truth, what is missing, and what is no finite number."""

words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8)
texts = words.filter(
    lambda text: not text[0].isdigit() and text[0] not in "[+-.\"'" and text.lower() not in READ_OTHERWISE
)


@several_times
@given(
    rows=st.lists(st.tuples(texts, st.integers(-(2**53), 2**53), st.floats(-1e6, 1e6)), min_size=2, max_size=20),
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
)
def test_a_table_as_text_comes_back_as_it_was(tmp_path, rows, separator, end, mark):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([("text", "whole", "number"), *rows])
    path = tmp_path / "it.csv"
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + stream.getvalue().encode())
    fields = {field.name: all_of(field).tolist() for field in contents_of([path]).fields}
    assert fields == {name: [row[place] for row in rows] for place, name in enumerate(("text", "whole", "number"))}


@several_times
@given(
    vectors=st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=3, max_size=3), min_size=1, max_size=20),
    labels=st.lists(texts, min_size=20, max_size=20),
)
def test_objects_in_lines_and_rows_of_parquet_come_back_as_they_were(tmp_path, vectors, labels):
    objects = [{"v": vector, "name": label} for vector, label in zip(vectors, labels, strict=False)]
    (tmp_path / "it.jsonl").write_text("\n".join(map(json.dumps, objects)))
    parquet.write_table(pyarrow.Table.from_pylist(objects), tmp_path / "it.parquet")
    for name in ("it.jsonl", "it.parquet"):
        fields = {field.name: all_of(field).tolist() for field in contents_of([tmp_path / name]).fields}
        assert fields == {"v": vectors, "name": labels[: len(vectors)]}
