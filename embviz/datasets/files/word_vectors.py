"""Reader of word vectors: the text of word2vec, fastText and GloVe, and the binary file of word2vec."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from embviz.arrays import AnyArray, Float32Array, check_memory
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.number_lines import BLOCK, float_rows, is_number
from embviz.datasets.files.opened import opened, title_of
from embviz.errors import DatasetError
from embviz.progress import Progress

LONGEST_WORD = 256
"""Most characters of a word that are kept: numpy gives every word as much room as the longest takes."""

_HEADER = re.compile(rb"[ \t]*([0-9]{1,12})[ \t]+([0-9]{1,7})[ \t]*\r?\n")
_LONGEST_TOKEN = 10_000
"""Most bytes of a word in a binary file; a file with a longer word is not one of word2vec."""
_LONGEST_FIRST_LINE = 2**24
_LINES_LOOKED_AT = 64
_FEWEST_NUMBERS = 16
_PIECE = 1 << 20
_PACKED = {b"\x1f\x8b": "gzip", b"PK": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"7z\xbc\xaf": "7z"}


@dataclass(frozen=True, slots=True)
class _Words:
    """A file of word vectors, before it is read.

    Attributes
    ----------
    path
        The file.
    n, d
        Words, and numbers for each.
    start
        Byte at which the first word begins.
    is_text
        Whether there is one line per word; else each word is followed by a blank and float32 in binary.
    """

    path: Path
    n: int
    d: int
    start: int
    is_text: bool


class _Block(NamedTuple):
    """Some words that follow one another: their bytes, and their vectors, or None if these were not asked for."""

    tokens: list[bytes]
    vectors: Float32Array | None


def word_vectors_contents(path: Path) -> Contents:
    r"""Contents of a file of words and their vectors: word2vec (text or binary), fastText (text) or GloVe.

    The content of the file tells which of them it is. A first line of two whole numbers is the header of word2vec and
    fastText: how many words, how many numbers each. GloVe has none. Words may have blanks in them, so numbers are
    counted from the end of a line. Bytes that are not UTF-8 are shown as in ``\xff``, and a word of more than
    256 characters is cut and ends with an ellipsis.

    Parameters
    ----------
    path
        The file, not packed.

    Raises
    ------
    DatasetError
        If it is not one of these, or has another size than its header says.

    Examples
    --------
    >>> import tempfile
    >>> from embviz.progress import no_progress
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "glove.txt")
    ...     _ = path.write_text("the 0.5 1\nof course 2 -3\n")
    ...     found = word_vectors_contents(path)
    ...     [field.read(slice(0, found.n), no_progress).tolist() for field in found.fields]
    [['the', 'of course'], [[0.5, 1.0], [2.0, -3.0]]]
    """
    with opened(path) as file:
        words = _recognized(path, file)
    fields = (
        Field("word", "column", (), np.dtype(np.str_), partial(_read_words, words)),
        Field("vectors", "vectors", (words.d,), np.dtype(np.float32), partial(_read_vectors, words)),
    )
    return Contents(title_of(path), words.n, fields)


def looks_like_word_vectors(beginning: bytes) -> bool:
    r"""Whether a file with this beginning holds word vectors: by word2vec's header, or by a line as GloVe has it.

    A line of fewer than 16 numbers is not taken for one of GloVe, because a table may have such lines.

    Examples
    --------
    >>> looks_like_word_vectors(b"2 3\nthe 1 2 3\n"), looks_like_word_vectors(b"a b\nthe 1\n")
    (True, False)
    """
    first, _, rest = beginning.partition(b"\n")
    header = _HEADER.fullmatch(first + b"\n")
    if header:
        n_numbers = int(header[2])
        second, end, _ = rest.partition(b"\n")
        fields = second.rstrip(b" \r").rsplit(b" ", n_numbers) if end else second.split(b" ")[:-1]
        is_text = len(fields) > 1 and all(map(is_number, fields[1:])) and (not end or len(fields) == n_numbers + 1)
        return is_text or any(byte < 9 for byte in rest)
    fields = first.rstrip(b" \r").split(b" ")
    numbers = fields[1:] if rest else fields[1:-1]  # the last number may be cut off
    return len(numbers) >= _FEWEST_NUMBERS and not is_number(fields[0]) and all(map(is_number, numbers))


def _recognized(path: Path, file: IO[bytes]) -> _Words:
    size = file.seek(0, 2)
    file.seek(0)
    first = file.readline(_LONGEST_FIRST_LINE)
    for begins, program in _PACKED.items():
        if first.startswith(begins):
            raise DatasetError(f"{path} is packed by {program}; unpack it, and give what is in it")
    header = _HEADER.fullmatch(first)
    return _with_header(path, file, size, header) if header else _without_header(path, file)


def _with_header(path: Path, file: IO[bytes], size: int, header: re.Match[bytes]) -> _Words:
    n, d = map(int, header.groups())
    start = file.tell()
    said = f"its first line says {n:,} words of {d:,} numbers"
    if not n or not d:
        raise DatasetError(f"{path} is empty: {said}; expected at least one of each")
    second = file.readline(_LONGEST_FIRST_LINE)
    fields = second.rstrip(b" \r\n").rsplit(b" ", d)
    is_text = len(fields) == d + 1 and all(map(is_number, fields[1:]))
    least = n * (2 * d if is_text else 4 * d + 1)
    if size - start < least - 1:  # the last line may end without a line end
        kind = "text" if is_text else "binary"
        raise DatasetError(
            f"{path}: {said}, which take {least:,} bytes or more as {kind}, but {size - start:,} follow; "
            "get the file again"
        )
    return _Words(path, n, d, start, is_text)


def _without_header(path: Path, file: IO[bytes]) -> _Words:
    """A file as GloVe's: the shortest of the first lines tells how many numbers follow each word."""
    file.seek(0)
    lines = _filled_lines(file)
    looked_at = list(islice(lines, _LINES_LOOKED_AT))
    d = min((line.rstrip(b" \r\n").count(b" ") for line in looked_at), default=0)
    numbers = [line.rstrip(b" \r\n").rsplit(b" ", d)[1:] for line in looked_at]
    if not d or not all(is_number(cell) for row in numbers for cell in row):
        raise DatasetError(
            f"{path} holds no word vectors: expected lines of a word and numbers, with a blank between, "
            "or a first line of two whole numbers and word2vec's text or binary"
        )
    return _Words(path, len(looked_at) + sum(1 for _ in lines), d, 0, is_text=True)


def _filled_lines(file: IO[bytes]) -> Iterator[bytes]:
    return (line for line in file if line.strip())


def _read_words(words: _Words, rows: slice, progress: Progress) -> AnyArray:
    start, stop, _ = rows.indices(words.n)
    texts = [_text(token) for block in _blocks(words, start, stop, progress) for token in block.tokens]
    longest = max(map(len, texts), default=1)
    check_memory(f"the words of {words.path}", (len(texts), longest), np.str_, DatasetError)
    return np.array(texts, np.str_)


def _text(token: bytes) -> str:
    text = token.decode("utf-8", "backslashreplace").rstrip("\0")  # numpy drops that at the end of a text
    return text if len(text) <= LONGEST_WORD else f"{text[: LONGEST_WORD - 1]}…"


def _read_vectors(words: _Words, rows: slice, progress: Progress) -> Float32Array:
    start, stop, _ = rows.indices(words.n)
    check_memory(f"the vectors of {words.path}", (max(stop - start, 0), words.d), np.float32, DatasetError)
    vectors = np.empty((max(stop - start, 0), words.d), np.float32)
    done = 0
    for block in _blocks(words, start, stop, progress, with_vectors=True):
        assert block.vectors is not None, "asked for"
        vectors[done : done + len(block.vectors)] = block.vectors
        done += len(block.vectors)
    return vectors


def _blocks(
    words: _Words, start: int, stop: int, progress: Progress, *, with_vectors: bool = False
) -> Iterator[_Block]:
    """The words start..stop - 1, block by block; DatasetError if the file holds fewer words than `words.n`, or more."""
    with opened(words.path) as file:
        file.seek(words.start)
        records = _lines(words, file) if words.is_text else _records(words, file)
        for first in range(start, stop, BLOCK):
            progress(f"Reading {words.path.name}", first, words.n)
            skipped = start if first == start else 0
            part = list(islice(records, skipped, skipped + min(BLOCK, stop - first)))
            if len(part) < min(BLOCK, stop - first):
                raise DatasetError(
                    f"{words.path} ends after {first + len(part):,} of {words.n:,} words; get the file again"
                )
            yield _Block([token for token, _ in part], _vectors(words, part, first) if with_vectors else None)
        if stop == words.n and next(records, None) is not None:
            raise DatasetError(
                f"{words.path} goes on after {words.n:,} words, the number in its first line; correct that line"
            )


def _vectors(words: _Words, part: list[tuple[bytes, bytes]], first: int) -> Float32Array:
    numbers = [each for _, each in part]
    if words.is_text:
        return float_rows(numbers, words.d, b" ", words.path, first)
    return np.frombuffer(b"".join(numbers), "<f4").reshape(-1, words.d).astype(np.float32, copy=False)


def _lines(words: _Words, file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The word and the numbers of each line."""
    for row, line in enumerate(_filled_lines(file)):
        text = line.rstrip(b" \r\n")
        blanks = text.count(b" ")
        if blanks < words.d:
            raise DatasetError(
                f"{words.path}: row {row} has {blanks + 1:,} fields, expected a word and {words.d:,} numbers; "
                "give each word as many"
            )
        cells = text.rsplit(b" ", words.d) if blanks > words.d else text.split(b" ", 1)
        yield cells[0], cells[1] if blanks == words.d else b" ".join(cells[1:])


def _records(words: _Words, file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The word and the bytes of the vector of each record; some programs put a line end between records."""
    length = 4 * words.d
    data, at = b"", 0
    while True:
        blank = data.find(b" ", at)
        while blank < 0 or len(data) < blank + 1 + length:
            _check_ends(words, (len(data) if blank < 0 else blank) - at)
            piece = file.read(max(_PIECE, length))
            if not piece:
                if data[at:].strip(b"\n"):
                    raise DatasetError(f"{words.path} ends in the middle of a word or its vector; get the file again")
                return
            data, at = data[at:] + piece, 0
            blank = data.find(b" ")
        _check_ends(words, blank - at)
        yield data[at:blank].lstrip(b"\n"), data[blank + 1 : blank + 1 + length]
        at = blank + 1 + length


def _check_ends(words: _Words, length: int) -> None:
    if length > _LONGEST_TOKEN:
        raise DatasetError(
            f"{words.path} is not a binary file of word2vec: a word of it does not end in {_LONGEST_TOKEN:,} bytes; "
            "see that it has as many numbers as its first line says"
        )
