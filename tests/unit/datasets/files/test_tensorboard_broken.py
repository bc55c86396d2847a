"""Log folders whose files do not fit together or are broken: one sentence each, or a note."""

import json
import os
import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embviz.datasets.files.tensorboard import tensorboard_contents
from embviz.errors import DatasetError
from embviz.progress import no_progress

CONFIG = """
embeddings {
  tensor_name: "words"
  metadata_path: "labels.tsv"
  bookmarks_path: "bookmarks.json"
  tensor_shape: 4
  tensor_shape: 2
  sprite { image_path: "sprite.png" single_image_dim: 3 single_image_dim: 2 }
  tensor_path: "tensor.bytes"
}
"""
POINTS = [{"tsne-0": row, "tsne-1": 0.5} for row in range(4)]
STATE = {"label": "mine", "projections": POINTS, "filteredPoints": None, "tSNEis3d": True}
Change = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "projector_config.pbtxt").write_text(CONFIG)
    (tmp_path / "tensor.bytes").write_bytes(np.arange(8, dtype="<f4").tobytes())
    (tmp_path / "labels.tsv").write_text("word\tcount\n" + "".join(f"w{row}\t{row}\n" for row in range(4)))
    (tmp_path / "sprite.png").write_bytes(picture(6, 4))
    (tmp_path / "bookmarks.json").write_text(json.dumps([STATE]))
    return tmp_path


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    stream = BytesIO()
    Image.fromarray(np.arange(width * height, dtype=np.uint8).reshape(height, width)).save(stream, kind)
    return stream.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG file that says it is so large, and holds a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    )


def config(old: str, new: str) -> Change:
    assert re.search(old, CONFIG)
    return lambda folder: (folder / "projector_config.pbtxt").write_text(re.sub(old, new, CONFIG, count=1))


def file(name: str, content: str | bytes) -> Change:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def text_tensor(content: str) -> Change:
    return file("tensor.bytes", content)


def state(**changes: object) -> Change:
    return file("bookmarks.json", json.dumps([STATE | changes]))


def linked_out(folder: Path) -> None:
    secret = folder.parent / f"{folder.name}-secret.tsv"
    secret.write_text("a\nb\nc\nd\n")
    (folder / "labels.tsv").unlink()
    (folder / "labels.tsv").symlink_to(secret)


def pipe(folder: Path) -> None:
    (folder / "tensor.bytes").unlink()
    os.mkfifo(folder / "tensor.bytes")


REFUSED: dict[str, tuple[Change, str]] = {
    "config cut short": (config(r"\}\n$", ""), "is not a projector config: line 1.: a message is not closed"),
    "config is a web page": (file("projector_config.pbtxt", "<!DOCTYPE html>"), "is not a projector config: line 1"),
    "config is binary": (file("projector_config.pbtxt", b"\x80\x81"), "is not a projector config"),
    "config is empty": (file("projector_config.pbtxt", ""), "names no tensor; expected"),
    "config is a list": (file("projector_config.pbtxt", "[1, 2]"), "it has no list `embeddings`"),
    "config is JSON with brackets only": (file("projector_config.pbtxt", "[" * 100_000), "is not a projector config"),
    "config with a tensor that is a number": (
        file("projector_config.pbtxt", '{"embeddings": [1]}'),
        "expected a message, found 1",
    ),
    "config is unusually long": (file("projector_config.pbtxt", b"#" * 2**25), "too many for a config"),
    "a checkpoint": (
        file("projector_config.pbtxt", 'model_checkpoint_path: "m.ckpt" embeddings { tensor_name: "w" }'),
        r"in a TensorFlow checkpoint \(m\.ckpt\), which only TensorFlow reads; save",
    ),
    "a path that is a number": (
        config('tensor_path: "tensor.bytes"', "tensor_path: 5"),
        "tensor_path is 5",
    ),
    "a backslash in a path": (config("labels.tsv", r"x\\qlabels.tsv"), "has a backslash where none may stand"),
    "three lengths": (config("tensor_shape: 4", "tensor_shape: 4 tensor_shape: 3"), r"tensor_shape is \[4, 3, 2\]"),
    "a length below 1": (config("tensor_shape: 4", "tensor_shape: -4"), "expected 2 whole numbers, each at least 1"),
    "a huge length": (config("tensor_shape: 4", "tensor_shape: 99999999999999999999"), "whole numbers"),
    "no tensor": (
        lambda folder: (folder / "tensor.bytes").unlink(),
        "these tensors are not there: 'words' in 'tensor.bytes'; put them beside it",
    ),
    "a tensor that is a pipe": (pipe, "are not there"),
    "a shorter tensor": (file("tensor.bytes", bytes(28)), "has 28 bytes, but 4 x 2 numbers of float32 are 32"),
    "a longer tensor": (file("tensor.bytes", bytes(36)), "has 36 bytes"),
    "float64": (file("tensor.bytes", np.arange(8.0).tobytes()), "has 64 bytes"),
    "huge by its shape": (config("tensor_shape: 4", "tensor_shape: 400000000000"), "has 32 bytes, but 400,000,000,000"),
    "an empty tensor": (file("tensor.bytes", b""), "begins with ''; expected numbers"),
    "binary without a shape": (config(r"tensor_shape: 4\n  tensor_shape: 2", ""), "does not say how long a row is"),
    "a web page for a tensor": (text_tensor("<html>\n<body>\n"), "begins with '<html>'; expected numbers"),
    "fewer lines": (text_tensor("1\t2\n" * 3), "holds 3 x 2 numbers, but its config says 4 x 2"),
    "a text in the middle": (
        text_tensor("1\t2\n3\tx\n1\t2\n1\t2\n"),
        r"row 1, field 1 is 'x', not a number; put texts",
    ),
    "ragged": (text_tensor("1\t2\n1\t2\n1\t2\t3\n1\t2\n"), "row 2 has 3 fields, expected 2"),
    "a decimal comma": (text_tensor("1,5\t2\n" * 4), "holds 4 x 1 numbers"),
    "fewer labels": (file("labels.tsv", "a\tb\n" * 3), "has 3 lines for 4 items; give each item one line"),
    "more labels": (file("labels.tsv", "a\n" * 6), "has 6 lines for 4 items"),
    "no labels": (file("labels.tsv", ""), "has 0 lines for 4 items"),
    "a label of two lines": (file("labels.tsv", "a\nb\nc\nd\nd\ne\n"), "has 6 lines for 4 items"),
    "fewer cells": (file("labels.tsv", "w\tc\na\t1\nb\nc\t3\nd\t4\n"), "the line 'b' has 1 cells, expected 2"),
    "more cells": (file("labels.tsv", "w\tc\na\t1\nb\t1\t2\nc\t3\nd\t4\n"), r"the line 'b\\t1\\t2' has 3 cells"),
    "Latin-1": (file("labels.tsv", "a\nb\n\u00fc\nd\n".encode("latin-1")), "line 2 is not UTF-8; save"),
    "UTF-16": (file("labels.tsv", "a\nb\nc\nd\n".encode("utf-16")), "is not UTF-8"),
    "a link that leads out": (linked_out, r"labels\.tsv leads out of .*; put the file itself there"),
    "a sheet with too little room": (file("sprite.png", picture(5, 4)), "room for 2 images of 3 x 2, but there are 4"),
    "a sheet that is no picture": (file("sprite.png", b"GIF89a"), "is not a complete picture"),
    "a sheet cut short": (file("sprite.png", picture(60, 40)[:90]), "is not a complete picture"),
    "a sheet of another kind": (file("sprite.png", picture(6, 4, "TIFF")), "it is not a PNG, JPEG, GIF or BMP"),
    "a sheet of a billion pixels": (
        file("sprite.png", png_of_size(40_000, 40_000)),
        "more pixels than",
    ),
    "no size of an image": (
        config("single_image_dim: 3 single_image_dim: 2", ""),
        "images of 0 x 0 pixels",
    ),
    "images too large": (config("single_image_dim: 3", "single_image_dim: 9000"), "images of 9,000 x 2 pixels"),
    "three sizes": (config("single_image_dim: 3", "single_image_dim: [3, 3]"), r"single_image_dim is \[3, 3, 2\]"),
    "bookmarks that are no JSON": (file("bookmarks.json", "{"), "is not a bookmark file"),
    "bookmarks that are no list": (file("bookmarks.json", '{"a": 1}'), "expected a list of States"),
    "bookmarks with brackets only": (file("bookmarks.json", "[" * 100_000), "is not a bookmark file"),
    "bookmarks of fewer items": (state(projections=POINTS[:3]), "has coordinates of 3 items, expected 4"),
    "bookmarks of other items": (state(filteredPoints=[0, 9], projections=POINTS[:2]), "are not among these 4"),
    "bookmarks of one item twice": (state(filteredPoints=[0, 0], projections=POINTS[:2]), "has coordinates of 2 items"),
    "bookmarks with texts": (state(projections=[{"tsne-0": "a"}] * 4), "projections that are not coordinates"),
    "bookmarks with a number for projections": (state(projections=7), "projections that are not coordinates"),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_broken_is_said_in_one_sentence(change: Change, message: str, folder: Path) -> None:
    change(folder)
    with pytest.raises(DatasetError, match=message) as raised:
        contents = tensorboard_contents(folder)
        for field in contents.fields:
            field.read(slice(None), no_progress)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 600


def test_the_folder_of_these_tests_is_opened(folder: Path) -> None:
    contents = tensorboard_contents(folder)
    assert [each.name for each in contents.fields] == ["word", "count", "images", "words", "mine"]
    assert contents.notes == ()


NOTED: dict[str, tuple[Change, str]] = {
    "no metadata": (lambda folder: (folder / "labels.tsv").unlink(), "the metadata of 'words', 'labels.tsv', are not"),
    "no sheet": (lambda folder: (folder / "sprite.png").unlink(), "the sprite of 'words', 'sprite.png', are not there"),
    "no bookmarks": (lambda folder: (folder / "bookmarks.json").unlink(), "the bookmarks of 'words'"),
    "one column with a header": (file("labels.tsv", "word\na\nb\nc\nd\n"), "'word', is its header"),
    "columns without a header": (file("labels.tsv", "a\t1\n" * 4), "has no header, so its columns are called column 1"),
    "items without a label": (file("labels.tsv", "a\n\nc\nd\n\n\n"), "1 blank lines of labels.tsv are items without"),
    "columns of one name": (file("labels.tsv", "a\ta\n" + "x\ty\n" * 4), "a column 'a' is called 'a_2'"),
    "a column without a name": (file("labels.tsv", "a\t\n" + "x\ty\n" * 4), "a column '' is called 'column 2'"),
    "a bookmark without coordinates": (state(projections=[]), "bookmark 'mine' of bookmarks.json has no coordinates"),
    "coordinates of some": (
        state(projections=[*POINTS[:2], {}, {"tsne-0": None, "tsne-1": 1}]),
        "positions for 2 of 4",
    ),
    "a second tensor that is not there": (
        lambda folder: (folder / "projector_config.pbtxt").write_text(CONFIG + 'embeddings { tensor_path: "b.tsv" }'),
        "these tensors are not there: 'b.tsv' in 'b.tsv'; put them beside it",
    ),
}


@pytest.mark.parametrize(("change", "note"), NOTED.values(), ids=NOTED)
def test_what_was_left_out_or_taken_to_be_so_is_noted(change: Change, note: str, folder: Path) -> None:
    change(folder)
    contents = tensorboard_contents(folder)
    assert any(note in each for each in contents.notes), contents.notes


def test_blank_lines_between_and_after_are_none_if_the_others_are_enough(folder: Path) -> None:
    (folder / "labels.tsv").write_bytes(b"\xef\xbb\xbfa\r\n\r\nb\r\nc\r\nd\r\n\r\n")
    (label,) = [each for each in tensorboard_contents(folder).fields if each.name == "label"]
    assert label.read(slice(None), no_progress).tolist() == list("abcd")


def test_names_before_the_numbers_and_a_header_are_told_from_numbers(folder: Path) -> None:
    (folder / "tensor.bytes").write_text("word\tx\ty\n" + "".join(f"the {row}\t{row}\t1e-3\n\n" for row in range(4)))
    contents = tensorboard_contents(folder)
    read = {each.name: each.read(slice(1, 3), no_progress).tolist() for each in contents.fields}
    assert read["words"] == [[1, np.float32(1e-3)], [2, np.float32(1e-3)]]
    assert read["words names"] == ["the 1", "the 2"]


def test_a_file_that_becomes_shorter_while_it_is_open_is_no_silent_zero(folder: Path) -> None:
    contents = tensorboard_contents(folder)
    (words,) = [each for each in contents.fields if each.name == "words"]
    os.truncate(folder / "tensor.bytes", 10)
    with pytest.raises(DatasetError, match="has become shorter while it was read"):
        words.read(slice(None), no_progress)
