"""Tables as text: as Kaggle, OpenML, pandas, Excel and others write them, and broken as they are in practice."""

import csv
import io

import numpy as np
import pytest
from sklearn.datasets import load_iris

from embviz.datasets.files.tables.delimited import delimited_contents
from embviz.errors import Cancelled, DatasetError
from tests.unit.glyphs import all_of, glyphs

LABELS = [7, 2, 1, 0, 4]
PIXELS = glyphs(5, 28, 28).reshape(5, -1)


def opened(tmp_path, content, name="it.csv", **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return delimited_contents(path, **options)


def fields_of(contents):
    return {field.name: field for field in contents.fields}


def values_of(contents):
    return {field.name: all_of(field).tolist() for field in contents.fields}


def written(rows, header=None, **options):
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n", **options)
    writer.writerows([*([header] if header else []), *rows])
    return stream.getvalue()


def with_label(label, pixels):
    return [label, *pixels]


ROWS = [with_label(label, pixels) for label, pixels in zip(LABELS, PIXELS, strict=True)]
NAMES_FROM_0 = [f"pixel{place}" for place in range(784)]
NAMES_FROM_1 = [f"pixel{place}" for place in range(1, 785)]
GRID = [f"{row}x{column}" for row in range(1, 29) for column in range(1, 29)]

DIGITS = {
    "kaggle": written(ROWS, ["label", *NAMES_FROM_0]),
    "kaggle's fashion": written(ROWS, ["label", *NAMES_FROM_1]),
    "mnist in csv": written(ROWS, ["label", *GRID]),
    "without header": written(ROWS),
    "label last": written([[*row[1:], row[0]] for row in ROWS]),
    "openml by pandas": written([[n, *row[1:], row[0]] for n, row in enumerate(ROWS)], ["", *NAMES_FROM_1, "class"]),
    "columns by number": written([[n, *row[1:], row[0]] for n, row in enumerate(ROWS)], ["", *range(784), "label"]),
    "carriage returns": written(ROWS, ["label", *NAMES_FROM_0]).replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + written(ROWS, ["label", *NAMES_FROM_0]),
    "semicolons": written(ROWS, ["label", *NAMES_FROM_0], delimiter=";"),
    "tabs": written(ROWS, ["label", *NAMES_FROM_0], delimiter="\t"),
    "quotes around everything": written(ROWS, ["label", *NAMES_FROM_0], quoting=csv.QUOTE_ALL),
    "an empty line at the end and the start": "\n" + written(ROWS, ["label", *NAMES_FROM_0]) + "\n",
    "utf-16 of excel": written(ROWS, ["label", *NAMES_FROM_0], delimiter="\t").encode("utf-16"),
}


@pytest.mark.parametrize("content", DIGITS.values(), ids=DIGITS)
def test_digits_in_a_table_are_one_field_of_bytes_and_labels(tmp_path, content):
    contents = opened(tmp_path, content)
    assert contents.n == 5
    labels, pixels = sorted(contents.fields, key=lambda field: len(field.shape))
    assert labels.name in ("label", "class") and all_of(labels).tolist() == LABELS
    assert pixels.dtype == np.uint8
    assert np.array_equal(all_of(pixels).reshape(5, -1), PIXELS)
    assert np.array_equal(all_of(pixels, slice(3, 5)).reshape(2, -1), PIXELS[3:])


def test_a_grid_of_names_says_height_and_width(tmp_path):
    names = [f"{row}x{column}" for row in range(2) for column in range(3)]
    (field,) = opened(tmp_path, written([range(6), range(6, 12)], names)).fields
    assert (field.kind, field.shape) == ("images", (2, 3))
    assert all_of(field)[1].tolist() == [[6, 7, 8], [9, 10, 11]]


def test_one_hot_columns_after_pixels_without_header_are_a_field_of_their_own(tmp_path):
    rows = [[*pixels, *np.eye(10, dtype=int)[label]] for label, pixels in zip(LABELS, PIXELS, strict=True)]
    fields = fields_of(opened(tmp_path, written(rows)))
    assert {name: field.shape for name, field in fields.items()} == {"pixel": (784,), "label": (10,)}
    assert all_of(fields["label"]).argmax(axis=1).tolist() == LABELS


def test_iris_with_and_without_header(tmp_path):
    data, species = load_iris(return_X_y=True)
    rows = [[*row, f"species {kind}"] for row, kind in zip(data, species, strict=True)]
    named = opened(tmp_path, written(rows, ["sepal length", "sepal width", "petal length", "petal width", "species"]))
    assert [field.kind for field in named.fields] == ["column"] * 5
    assert values_of(named)["petal width"] == data[:, 3].tolist()
    nameless = opened(tmp_path, written(rows))
    numbers, texts = nameless.fields
    assert np.allclose(all_of(numbers), data) and all_of(texts)[-1] == "species 2"
    assert "no header" in nameless.notes[0]


def test_spotlights_lists_in_cells_are_vectors(tmp_path):
    rows = [["a.png", "cat", "[0.48, -1.22]"], ["b.png", "dog", "[1e-3, 2]"]]
    fields = fields_of(opened(tmp_path, written(rows, ["image", "label", "embedding"])))
    assert (fields["embedding"].kind, fields["embedding"].shape) == ("vectors", (2,))
    assert all_of(fields["embedding"]).tolist() == [[0.48, -1.22], [0.001, 2]]


@pytest.mark.parametrize("text", ["['Action', 'Drama']", "[deleted]", "[]", "[1] a footnote"])
def test_a_text_that_begins_with_a_bracket_is_text(tmp_path, text):
    contents = opened(tmp_path, written([[text, 1.5], ["plain", 2.5]], ["genres", "size"]))
    assert [(field.name, field.kind) for field in contents.fields] == [("genres", "column"), ("size", "column")]
    assert values_of(contents)["genres"] == [text, "plain"]


def test_excels_decimal_commas(tmp_path):
    contents = opened(tmp_path, "name;size\nMaß;1,5\nb;-0,25\n")
    assert values_of(contents) == {"name": ["Maß", "b"], "size": [1.5, -0.25]}
    assert len(contents.notes) == 2


@pytest.mark.parametrize("content", ["sep=;\na;b\n1,5;2\n3;4,25\n", "\ufeffsep=;\r\na;b\r\n1,5;2\r\n3;4,25\r\n"])
def test_excels_line_with_the_separator_is_no_header(tmp_path, content):
    assert values_of(opened(tmp_path, content)) == {"a": [1.5, 3], "b": [2, 4.25]}
    with pytest.raises(DatasetError, match="empty below its first line"):
        opened(tmp_path, "sep=;\n")


@pytest.mark.parametrize("format_", ["%.18e", "%d", "%g"])
def test_numbers_between_blanks_as_savetxt_writes_them(tmp_path, format_):
    numbers = np.array([[1, -20, 3], [4, 5, -60], [7, 8, 9], [0, 2, 1]])
    np.savetxt(tmp_path / "it.txt", numbers, fmt=format_)
    values = values_of(delimited_contents(tmp_path / "it.txt"))
    assert np.array_equal(np.array(list(values.values())).T, numbers)


@pytest.mark.parametrize("content", ["one two\nthree four\n", "1 2\nthree four\n", "1 2\n3 4 5\n"])
def test_blanks_between_anything_else_do_not_separate(tmp_path, content):
    assert list(values_of(opened(tmp_path, content)).values()) == [content.splitlines()]


def test_a_comma_in_text_is_no_decimal_mark(tmp_path):
    assert values_of(opened(tmp_path, "name;size\nx,y;1.5\nb;2\n")) == {"name": ["x,y", "b"], "size": [1.5, 2]}


def test_quoted_cells_may_hold_separators_quotes_and_line_ends(tmp_path):
    texts = ["a,b", 'say "x"', "two\nlines"]
    assert values_of(opened(tmp_path, written([[text, 1] for text in texts], ["text", "n"])))["text"] == texts


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_header_may_have_line_ends_in_its_cells(tmp_path, end):
    lines = ["", 'size,"kind', "(small", 'or large)"', "1,a", '2,"b', 'c"', "3,d", ""]
    fields = fields_of(opened(tmp_path, end.join(lines)))
    assert list(fields) == ["size", "kind (small or large)"]
    assert all_of(fields["size"]).tolist() == [1, 2, 3] and all_of(fields["kind (small or large)"])[0] == "a"


def test_a_lone_quote_in_a_tab_separated_file_is_text(tmp_path):
    assert values_of(opened(tmp_path, 'word\tcount\n"\t5\nthe\t7\n', "it.tsv"))["word"] == ['"', "the"]


def test_a_single_column_of_text_has_no_header_unless_it_is_a_label(tmp_path):
    assert opened(tmp_path, "cat\ndog\ncat\n").n == 3
    assert list(fields_of(opened(tmp_path, "label\ndog\ncat\n"))) == ["label"]
    assert list(fields_of(opened(tmp_path, "count\n5\n7\n"))) == ["count"]
    assert opened(tmp_path, "1\n0\n1\n").n == 3


def test_coordinates_and_dates_and_gaps(tmp_path):
    contents = opened(
        tmp_path,
        "umap_x,umap_y,day,score,flag,nothing,big\n"
        "1,2,2026-01-01,0.5,true,,9007199254740993\n3,4,2026-01-02,,false,,1\n",
    )
    fields, values = fields_of(contents), values_of(contents)
    assert (fields["umap"].kind, values["umap"]) == ("layout", [[1, 2], [3, 4]])
    assert values["day"] == ["2026-01-01", "2026-01-02"]
    assert values["score"][0] == 0.5 and np.isnan(values["score"][1])
    assert values["flag"] == [True, False] and values["big"] == [9007199254740993, 1]
    assert contents.notes == ("Column 'nothing' is empty and was left out.",)


def test_columns_that_are_called_the_same_are_told_apart_and_said(tmp_path):
    contents = opened(tmp_path, "a,a,b,\n1,2,3,4\n")
    assert values_of(contents) == {"a": [1], "a (2)": [2], "b": [3], "column 3": [4]}
    assert len(contents.notes) == 2


def test_formulas_and_markup_are_text_like_any_other(tmp_path):
    texts = ["=1+1", "<script>alert(1)</script>", "@x", "\u202eabc"]
    contents = opened(tmp_path, written([[text, 1] for text in texts], ["<b>text</b>", "n"]))
    assert values_of(contents)["<b>text</b>"] == texts


def test_types_that_turn_out_wrong_far_below_are_widened(tmp_path, monkeypatch):
    monkeypatch.setattr("embviz.datasets.files.tables.delimited._TYPED", 200)
    rows = [[n, n, "", n, 0, 1, 2, 3] for n in range(200)]
    rows += [[0.5, "x", 7.5, "2026-01-01", 256, 1, 2, 3]]
    contents = opened(tmp_path, written(rows, ["a", "b", "c", "d", "v0", "v1", "v2", "v3"]))
    values = values_of(contents)
    assert values["a"][-1] == 0.5 and values["b"][-1] == "x" and values["c"][-1] == 7.5
    assert values["b"][:2] == ["0", "1"] and values["d"][-1] == "2026-01-01"
    assert values["v"][-1] == [256, 1, 2, 3] and values["v"][0] == [0, 1, 2, 3]


def test_ten_thousand_columns_are_fine(tmp_path):
    names = [f"gene {place} x" for place in range(10_000)]
    contents = opened(tmp_path, written([range(10_000), range(10_000)], names))
    assert len(contents.fields) == 10_000


def test_long_texts_are_cut_and_that_is_said(tmp_path):
    contents = opened(tmp_path, written([["x" * 1000, 1]], ["text", "n"]))
    assert values_of(contents)["text"] == ["x" * 300]
    assert "up to 300 characters" in contents.notes[0]


def test_progress_may_stop_it(tmp_path):
    def stop(*_):
        raise Cancelled

    with pytest.raises(Cancelled):
        opened(tmp_path, DIGITS["kaggle"], progress=stop)


MANY = [f"v{place}" for place in range(12)]

BROKEN = {
    "empty": ("", "is empty"),
    "blank lines": ("\n\n \n", "is empty"),
    "a header alone": ("a,b\n", "has a header and no rows"),
    "a line that is too short": ("a,b\n1,2\n3\n", "line 3 has 1 cells, expected 2"),
    "a line that is too long": ("a,b\n1,2\n3,4,5\n", "line 3 has 3 cells, expected 2"),
    "a header that is too short": ("a,b\n1,2,3\n", "line 2 has 3 cells, expected 2"),
    "latin-1": ("a,b\n1,\u00e9\n".encode("latin-1"), "not text in UTF-8 \\(byte 6\\)"),
    "latin-1 far below": (b"a,b\n" + b"1,x\n" * 400_000 + b"1,\xe9\n", "is not UTF-8"),
    "bytes": (b"a,b\n\0\0\1\n", "not text, but binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "not text in UTF-8"),
    "text among pixels": (written([[*range(11), "x"]], MANY), "line 2 of column 'v11' holds 'x', not a number"),
    "vectors cut by numpy": ('v,n\n"[0.1 0.2 ... 0.9]",1\n', "cut by numpy"),
    "vectors cut by numpy, with the sign": ('v,n\n"[0.1, …, 0.9]",1\n', "cut by numpy"),
    "an object instead of vectors": ('v,n\n"[object Object]",1\n', "is not a list of numbers"),
    "too many columns": (",".join(f"c{n}" for n in range(100_001)) + "\n", "embviz reads up to 100,000"),
    "a quote that is never closed": ('a,b\n"x,1\n' + "y,2\n" * 300_000, "line 2 has 1 cells, expected 2"),
    "nothing to show": ("a\n\n", "has a header and no rows|no rows"),
}


@pytest.mark.parametrize("content, sentence", BROKEN.values(), ids=BROKEN)
def test_a_broken_table_is_one_sentence(tmp_path, content, sentence):
    with pytest.raises(DatasetError, match=sentence) as found:
        opened(tmp_path, content)
    assert "it.csv" in str(found.value) and "\n" not in str(found.value)


UNFIT = {
    "a gap among pixels": (written([[*range(12)], [*range(11), ""]], MANY), "column 'v11': row 1 lacks a number"),
    "a vector that is shorter": ('v,n\n"[1, 2]",1\n"[1]",2\n', "row 1 has 1 numbers, the first row 2"),
    "a vector that is missing": ('v,n\n"[1, 2]",1\n"",2\n', "row 1 has 0 numbers"),
    "a vector with a word": ('v,n\n"[1, 2]",1\n"[1, nothing]",2\n', "row 1 is not a list of numbers"),
}


@pytest.mark.parametrize("content, sentence", UNFIT.values(), ids=UNFIT)
def test_what_is_wrong_in_a_row_is_said_when_it_is_read(tmp_path, content, sentence):
    field = fields_of(opened(tmp_path, content))["v"]
    with pytest.raises(DatasetError, match=sentence):
        all_of(field)


@pytest.mark.parametrize(
    "header, row, kinds",
    [
        ("x,y", "0.5,1", {"layout": "layout"}),
        ("x,y,z", "0.5,1,2.5", {"layout": "layout"}),
        ("x,y", "5,1", {"x": "column", "y": "column"}),
        ("y,x", "0.5,1.5", {"y": "column", "x": "column"}),
        ("tsne-1,tsne-2", "0.5,1.5", {"tsne": "layout"}),
        ("size-1,size-2", "0.5,1.5", {"size-1": "column", "size-2": "column"}),
        ("a1,a2,a3,a4", "1,2,3,4", {"a": "vectors"}),
        ("a1,a2,a4,a5", "1,2,3,4", {"a1": "column", "a2": "column", "a4": "column", "a5": "column"}),
        ("a,a1,a2,a3,a4", "0,1,2,3,4", {"a": "column", "a1…a4": "vectors"}),
        ("a0,a1,a2,a3,b0,b1,b2,b3", "1,2,3,4,5,6,7,8", {"a": "vectors", "b": "vectors"}),
        ("c7,c8,c9,c10", "1,2,3,4", {"c7": "column", "c8": "column", "c9": "column", "c10": "column"}),
    ],
)
def test_columns_that_are_one_thing_are_told_by_their_names(tmp_path, header, row, kinds):
    fields = fields_of(opened(tmp_path, f"{header},text\n{row},a\n"))
    assert {name: field.kind for name, field in fields.items()} == kinds | {"text": "column"}
