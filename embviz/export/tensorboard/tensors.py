"""Tensor files: raw float32 if TensorBoard will recognize the bytes as binary, else text."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np

from embviz.arrays import Float32Array
from embviz.progress import Progress, no_progress

BLOCK = 4096
"""Number of rows that are copied between two progress calls."""


def write_tensor(folder: Path, stem: str, vectors: Float32Array, *, progress: Progress = no_progress) -> str:
    r"""Write a tensor file, ``<stem>.bytes`` (little-endian float32, row by row) or ``<stem>.tsv``; return its name.

    TensorBoard does not look at the name. It reads the file as UTF-8 text, and as binary numbers only if that fails:
    anywhere in the file if TensorFlow is not installed, before the first newline if it is. The bytes of vectors of
    zeros, of small whole numbers or of halves are valid text, which TensorBoard could not parse. Such vectors are
    written as text with nine digits, which keep every bit of a float32.

    Parameters
    ----------
    folder
        Folder to write into.
    stem
        File name without suffix.
    vectors
        float32, shape (n, d).
    progress
        Called with the number of rows written.
    """
    as_text = starts_as_text(_raw_blocks(vectors))
    path = folder / f"{stem}{'.tsv' if as_text else '.bytes'}"
    blocks = _text_blocks(vectors) if as_text else _raw_blocks(vectors)
    with path.open("wb") as file:
        for block, data in enumerate(blocks):
            progress(f"Writing {path.name}", block * BLOCK, len(vectors))
            file.write(data)
    return path.name


def same_tensor(path: Path, vectors: Float32Array, *, progress: Progress = no_progress) -> bool:
    """Whether TensorBoard will read from `path` exactly the bits of `vectors`."""
    with path.open("rb") as file:
        as_text = starts_as_text(iter(lambda: file.read(1 << 20), b""))
    stored = _parsed_blocks(path) if as_text else _stored_blocks(path, vectors.shape[1])
    for block, (got, wanted) in enumerate(zip_longest(stored, _raw_blocks(vectors))):
        progress(f"Checking {path.name}", min(block * BLOCK, len(vectors)), len(vectors))
        if got != wanted:
            return False
    return True


def starts_as_text(chunks: Iterable[bytes]) -> bool:
    r"""Whether everything before the first newline is valid UTF-8, so that TensorBoard may take the file for text.

    Examples
    --------
    >>> starts_as_text([bytes(8)]), starts_as_text([np.float32(0.1).tobytes()])
    (True, False)
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            line, newline, _ = chunk.partition(b"\n")
            decoder.decode(line, final=bool(newline))
            if newline:
                return True
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _raw_blocks(vectors: Float32Array) -> Iterator[bytes]:
    for start in range(0, len(vectors), BLOCK):
        yield vectors[start : start + BLOCK].astype("<f4", copy=False).tobytes()


def _text_blocks(vectors: Float32Array) -> Iterator[bytes]:
    row_format = "\t".join(["%.9g"] * vectors.shape[1]) + "\n"
    for start in range(0, len(vectors), BLOCK):
        yield "".join(row_format % tuple(row) for row in vectors[start : start + BLOCK].tolist()).encode()


def _stored_blocks(path: Path, n_columns: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(BLOCK * n_columns * 4):
            yield data


def _parsed_blocks(path: Path) -> Iterator[bytes]:
    with path.open(encoding="utf-8") as file:
        while lines := list(islice(file, BLOCK)):
            rows = [[float(cell) for cell in line.split("\t")] for line in lines]
            yield np.array(rows, dtype="<f4").tobytes()
