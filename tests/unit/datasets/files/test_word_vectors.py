"""Word vectors as word2vec, fastText, GloVe and gensim write them, and what is wrong with others."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embviz.arrays import AnyArray, Float32Array
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.number_lines import BLOCK
from embviz.datasets.files.word_vectors import LONGEST_WORD, looks_like_word_vectors, word_vectors_contents
from embviz.errors import Cancelled, DatasetError
from embviz.progress import no_progress

WORDS = [b"the", "\u304a\u00a0b".encode(), b". . .", b"7", b"\xff\xfe", b"</s>"]
VECTORS = np.array([[row + column / 8 for column in range(3)] for row in range(6)], np.float32) - 2


def lines(words: Sequence[bytes], vectors: Float32Array, end: bytes = b"\n") -> bytes:
    return b"".join(
        word + b" " + " ".join(f"{value:.6g}" for value in row).encode() + end
        for word, row in zip(words, vectors.tolist(), strict=True)
    )


def records(words: Sequence[bytes], vectors: Float32Array, end: bytes = b"\n") -> bytes:
    return b"".join(word + b" " + row.astype("<f4").tobytes() + end for word, row in zip(words, vectors, strict=True))


def read(contents: Contents, rows: slice = slice(None)) -> tuple[list[str], AnyArray]:
    words, vectors = (each.read(rows, no_progress) for each in contents.fields)
    assert words.dtype.kind == "U"
    assert vectors.dtype == np.float32
    return words.tolist(), vectors


SHAPES = {
    "word2vec's text, a blank at each end": b"6 3\n" + lines(WORDS, VECTORS, b" \n"),
    "gensim's text": b"6 3\n" + lines(WORDS, VECTORS),
    "fastText's text": b"6 3\n" + lines(WORDS, VECTORS, b" \n"),
    "with CRLF and no last line end": b"6 3\r\n" + lines(WORDS, VECTORS, b"\r\n").rstrip(),
    "GloVe's": lines(WORDS, VECTORS),
    "GloVe's and blank lines": lines(WORDS, VECTORS) + b"\n \n",
    "word2vec's binary": b"6 3\n" + records([word.replace(b" ", b"_") for word in WORDS], VECTORS),
    "gensim's binary": b"6 3\n" + records([word.replace(b" ", b"_") for word in WORDS], VECTORS, b""),
}


@pytest.mark.parametrize("data", SHAPES.values(), ids=SHAPES)
def test_words_and_vectors_are_read(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "words.vec"
    path.write_bytes(data)
    contents = word_vectors_contents(path)
    assert (contents.name, contents.n) == ("words", 6)
    assert [(each.name, each.kind, each.shape) for each in contents.fields] == [
        ("word", "column", ()),
        ("vectors", "vectors", (3,)),
    ]
    words, vectors = read(contents)
    third = ". . ." if b". . ." in data else "._._."
    assert words == ["the", "\u304a\u00a0b", third, "7", "\\xff\\xfe", "</s>"]
    assert np.array_equal(vectors, VECTORS)
    words, vectors = read(contents, slice(2, 5))
    assert (words[0], len(words)) == (third, 3)
    assert np.array_equal(vectors, VECTORS[2:5])


@pytest.mark.parametrize("write", [lines, records])
def test_files_of_several_blocks_are_read_from_any_row(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    n = 2 * BLOCK + 7
    words = [f"w{row}".encode() for row in range(n)]
    vectors = np.arange(2 * n, dtype=np.float32).reshape(n, 2) / 4
    path = tmp_path / "many.bin"
    path.write_bytes(f"{n} 2\n".encode() + write(words, vectors))
    contents = word_vectors_contents(path)
    for rows in (slice(None), slice(BLOCK - 1, BLOCK + 1), slice(BLOCK + 3, n), slice(0, 16), slice(5, 5)):
        got, numbers = read(contents, rows)
        assert got == [f"w{row}" for row in range(*rows.indices(n))]
        assert np.allclose(numbers, vectors[rows], rtol=1e-5)


def test_long_words_are_cut_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_bytes(b"a" * 5000 + b" 1 2\nb 3 4\n")
    words, _ = read(word_vectors_contents(path))
    assert words == ["a" * (LONGEST_WORD - 1) + "\u2026", "b"]


def test_a_word_that_is_empty_is_one(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_bytes(b"a 1 2\n 3 4\n")
    words, vectors = read(word_vectors_contents(path))
    assert (words, vectors.tolist()) == (["a", ""], [[1, 2], [3, 4]])


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_bytes(b"a 1 2\n")

    def cancel(stage: str, done: int, total: int) -> None:
        raise Cancelled

    for field in word_vectors_contents(path).fields:
        with pytest.raises(Cancelled):
            field.read(slice(None), cancel)


REFUSED = {
    "empty": (b"", "holds no word vectors: expected lines of a word and numbers"),
    "a web page": (b"<!DOCTYPE html>\n<html>\n", "holds no word vectors"),
    "one word a line": (b"the\nof\n", "holds no word vectors"),
    "a table with commas": (b"the,1,2\nof,3,4\n", "holds no word vectors"),
    "texts for numbers": (b"the x y\nof a b\n", "holds no word vectors"),
    "gzip": (b"\x1f\x8b\x08", "is packed by gzip; unpack it"),
    "zip": (b"PK\x03\x04", "is packed by zip; unpack it"),
    "xz": (b"\xfd7zXZ\x00", "is packed by xz"),
    "a header alone": (b"6 3\n", "says 6 words of 3 numbers, which take 78 bytes or more as binary, but 0 follow"),
    "no words": (b"0 3\n", "is empty: its first line says 0 words"),
    "no numbers": (b"3 0\na\nb\nc\n", "is empty"),
    "a huge header": (b"999999999999 300\n" + lines(WORDS, VECTORS), "get the file again"),
    "fewer lines than said": (b"7 3\n" + lines(WORDS, VECTORS), "ends after 6 of 7 words; get the file again"),
    "more lines than said": (b"5 3\n" + lines(WORDS, VECTORS), "goes on after 5 words, the number in its first line"),
    "more records than said": (b"5 3\n" + records(WORDS, VECTORS), "goes on after 5 words"),
    "a binary file cut short": (b"6 3\n" + records(WORDS, VECTORS)[:-5], "ends in the middle of a word or its vector"),
    "a text file cut short": (b"6 3\n" + lines(WORDS, VECTORS)[:-8], r"row 5 has 3 fields, expected a word and 3"),
    "fewer numbers in the middle": (b"a 1 2\n" * 99 + b"b 1\n", "row 99 has 2 fields, expected a word and 2 numbers"),
    "a text among the numbers": (b"a 1 2\n" * 99 + b"b 1 x\n", "row 99, field 1 is 'x', not a number"),
    "a decimal comma": (b"a 1,5 2,5\n", "holds no word vectors"),
    "binary with another length": (b"2 3\nword \x01\x02 other" + b"\xff" * 40_000, "a word of it does not end"),
    "binary without blanks": (b"2 2\n" + b"\xff" * 2_000_000, "a word of it does not end"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_broken_is_said_in_one_sentence(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=message) as raised:
        read(word_vectors_contents(path))
    assert "\n" not in str(raised.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot read"):
        word_vectors_contents(tmp_path)


ALIKE = {
    "a table with blanks": b"setosa 5.1 3.5 1.4 0.2\nsetosa 4.9 3.0 1.4 0.2\n",
    "numbers with blanks": b"1 " * 20 + b"1\n" + b"2 " * 20 + b"2\n",
    "two columns of whole numbers": b"150 4\n151 4\n152 3\n",
    "a table with commas": b"word,x,y\nthe,1,2\n",
    "a text": b"It is a truth universally acknowledged, that a single man in possession of a good fortune\n",
    "nothing": b"",
}


@pytest.mark.parametrize("data", ALIKE.values(), ids=ALIKE)
def test_what_is_only_alike_is_not_taken_for_word_vectors(data: bytes) -> None:
    assert not looks_like_word_vectors(data)


@pytest.mark.parametrize("write", [lines, records])
@pytest.mark.parametrize("has_header", [True, False])
@pytest.mark.parametrize("d", [25, 300, 2000])
def test_the_beginning_of_a_file_tells_word_vectors(write, has_header: bool, d: int) -> None:  # type: ignore[no-untyped-def]
    if write is records and not has_header:
        return
    vectors = np.random.default_rng(d).normal(size=(40, d)).astype(np.float32)
    data = write([b"w%d" % row for row in range(40)], vectors)
    assert looks_like_word_vectors(((b"40 %d\n" % d if has_header else b"") + data)[:4096])


def test_a_name_of_a_file_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "w\udcff.txt"
    path.write_bytes(b"a 1 2\n")
    assert word_vectors_contents(path).name == "w\ufffd"
