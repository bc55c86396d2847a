"""A zip archive of images is read as its folder would be, and can do no more than that."""

import os
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from embviz.arrays import AnyArray
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.image_folder import image_folder_contents
from embviz.datasets.files.image_zip import image_zip_contents, named_zip_images
from embviz.datasets.files.pictures import archive, contents as pictures
from embviz.errors import DatasetError
from embviz.progress import no_progress
from tests.unit.picture_files import GLYPH, picture, write_tree

F = picture()
TREE = {
    "train/cat/2.png": picture(np.full((4, 4), 2, np.uint8)),
    "train/cat/10.png": picture(np.full((4, 4), 10, np.uint8)),
    "train/あ/1.png": picture(np.full((4, 4), 1, np.uint8)),
    "test/ankle boot/1.jpg": picture(np.full((4, 4), 99, np.uint8), "JPEG"),
    "test/cat/cut.png": F[:30],
    "__MACOSX/train/cat/._2.png": b"\0\5\x16\7",
    "Thumbs.db": b"x",
    "labels.csv": b"file,label\n",
}


def zipped(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as stream:
        for name, content in files.items():
            stream.writestr(name, content)
    return path


def read(contents: Contents, name: str) -> AnyArray:
    (field,) = (each for each in contents.fields if each.name == name)
    return field.read(slice(None), no_progress)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_is_read_as_the_folder_that_it_packs(method: int, tmp_path: Path) -> None:
    packed = image_zip_contents(zipped(tmp_path / "pets.zip", TREE, method))
    unpacked = image_folder_contents(write_tree(tmp_path / "pets", TREE))
    assert (packed.name, packed.n, packed.splits, packed.notes) == (
        "pets",
        4,
        (("train", 0), ("test", 3)),
        unpacked.notes,
    )
    for ours, theirs in zip(packed.fields, unpacked.fields, strict=True):
        assert (ours.name, ours.shape, ours.dtype, ours.class_names) == (
            *(theirs.name, theirs.shape),
            *(theirs.dtype, theirs.class_names),
        )
        assert np.array_equal(read(packed, ours.name), read(unpacked, theirs.name))


def test_an_archive_whose_name_is_no_text_has_one_that_can_be_shown(tmp_path: Path) -> None:
    path = zipped(tmp_path / os.fsdecode(b"caf\xe9.zip"), {"1.png": F})
    assert image_zip_contents(path).name == "caf�"


def test_nothing_is_written_anywhere(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", TREE)
    read(image_zip_contents(path), "image")
    assert list(tmp_path.rglob("*")) == [path]


def test_a_table_names_files_of_the_archive(tmp_path: Path) -> None:
    contents, rows = named_zip_images(zipped(tmp_path / "a.zip", TREE), ["10.png", "../10.png", "あ/1"])
    assert rows.tolist() == [0, 2] and read(contents, "image")[:, 0, 0].tolist() == [10, 1]


@pytest.mark.parametrize(
    "name",
    ["../1.png", "a/../../1.png", "/1.png", "C:\\1.png", "..\\1.png", "a\\..\\..\\1.png", "C:1.png", "//x/1.png"],
)
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"a\.zip holds .*, a name that leads out of it"):
        image_zip_contents(zipped(tmp_path / "a.zip", {"ok.png": F, name: F}))


def test_windows_separators_are_folders(tmp_path: Path) -> None:
    contents = image_zip_contents(zipped(tmp_path / "a.zip", {"cat\\1.png": F, "dog\\1.png": F}))
    assert read(contents, "file").tolist() == ["cat/1.png", "dog/1.png"]


def test_names_in_utf_8_that_are_not_said_to_be(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"あ/1.png": F, "x/1.png": F})
    path.write_bytes(path.read_bytes().replace(b"\x14\x00\x00\x08", b"\x14\x00\x00\x00"))  # version, and flags
    with zipfile.ZipFile(path) as opened:
        assert not any(entry.flag_bits & 0x800 for entry in opened.infolist())
    assert read(image_zip_contents(path), "file").tolist() == ["x/1.png", "あ/1.png"]


def test_of_two_files_with_one_name_the_last_is_taken(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as stream, pytest.warns(UserWarning, match="Duplicate name"):
        stream.writestr("1.png", picture(GLYPH * 0))
        stream.writestr("1.png", F)
    contents = image_zip_contents(tmp_path / "a.zip")
    assert np.array_equal(read(contents, "image"), [GLYPH])
    assert contents.notes == ("1 name is in the archive twice; the last is taken: 1.png.",)


def test_links_in_an_archive_are_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as stream:
        stream.writestr(link, "/etc/passwd")
        stream.writestr("1.png", F)
    assert image_zip_contents(tmp_path / "a.zip").notes == (
        "1 image file is left out as broken: link.png (it is a link).",
    )


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"1.png": F})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"1\.png is encrypted; give an archive without a password"):
        image_zip_contents(path)


def directory_of(path: Path) -> bytes:
    content = path.read_bytes()
    return content[content.index(b"PK\x01\x02") :]


WHOLE = {"1.png": F, "2.png": F}


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[:4],
        lambda content: b"PK\x05\x06" + bytes(18),
        lambda content: content.replace(b"PK\x01\x02", b"PK\x01\x03"),
        lambda content: b"<!DOCTYPE html>" + bytes(100),
        lambda content: b"Rar!\x1a\x07" + bytes(100),
        lambda content: F,
        lambda content: content[:-10] + b"\xff\xff\xff\x7f" + content[-6:],
        lambda content: (
            b"PK\x06\x07" + bytes(4) + b"\xff" * 8 + bytes(4) + b"PK\x05\x06" + bytes(8) + b"\xff" * 8 + bytes(2)
        ),
    ],
)
def test_what_is_no_whole_archive_is_refused(damage, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", WHOLE)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DatasetError, match=r"a\.zip"):
        image_zip_contents(path)


def patched(path: Path, at: int, form: str, value: int) -> Path:
    """The archive with another number in the directory's first entry, and in the header that stands before the file."""
    content = bytearray(path.read_bytes())
    struct.pack_into(form, content, content.index(b"PK\x01\x02") + at, value)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("at", "form", "value", "reason"),
    [
        (10, "<H", 12, "it is packed by method 12: pack by deflate"),
        (16, "<I", 0, "it is damaged in the archive"),
        (20, "<I", 20, "it is cut off in the archive"),
        (24, "<I", 20, "it unpacks to more than the archive says"),
        (24, "<I", 100_000, "it is cut off in the archive"),
        (42, "<I", 1, "the archive is damaged there"),
        (42, "<I", 2**31, "the archive is damaged there"),
    ],
)
def test_a_damaged_file_is_left_out(at: int, form: str, value: int, reason: str, tmp_path: Path) -> None:
    contents = image_zip_contents(patched(zipped(tmp_path / "a.zip", WHOLE), at, form, value))
    assert contents.notes == (f"1 image file is left out as broken: 1.png ({reason}).",)
    assert np.array_equal(read(contents, "image"), [GLYPH])


def test_a_damaged_stored_file_is_left_out(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", WHOLE, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"IDAT", b"IDAX", 1))
    assert "1.png (it is damaged in the archive)" in image_zip_contents(path).notes[0]


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", WHOLE).read_bytes()
    with pytest.raises(DatasetError, match="there is no image file in it"):
        image_zip_contents(zipped(tmp_path / "a.zip", {"inner.zip": inner}))


def test_an_archive_may_unpack_to_only_so_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {"1.png": F, "zeros.png": bytes(3 << 20)})
    monkeypatch.setattr(archive, "MOST_UNPACKED", 2 << 20)
    with pytest.raises(DatasetError, match=r"unpacks to 0\.0 GB, more than"):
        image_zip_contents(path)


def test_an_archive_that_says_how_large_it_gets_is_refused_at_once(tmp_path: Path) -> None:
    path = patched(zipped(tmp_path / "a.zip", WHOLE), 24, "<I", 0xFFFFFFF0)
    twice = patched(zipped(tmp_path / "b.zip", {f"{n}.png": F for n in range(3)}), 24, "<I", 0xFFFFFFF0)
    content = bytearray(twice.read_bytes())
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", content, second + 24, 0xFFFFFFF0)
    third = content.index(b"PK\x01\x02", second + 4)
    struct.pack_into("<I", content, third + 24, 0xFFFFFFF0)
    twice.write_bytes(content)
    assert image_zip_contents(path).n == 1  # 4 GB are allowed, but not there
    with pytest.raises(DatasetError, match=r"unpacks to 12\.0 GB, more than the 8 GB"):
        image_zip_contents(twice)


def test_a_bomb_that_says_it_is_small_is_not_unpacked(tmp_path: Path) -> None:
    """A gigabyte of zeros behind the name of an image that is said to have 100 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join([packer.compress(bytes(1 << 20)) for _ in range(64)] + [packer.flush()])
    path = zipped(tmp_path / "a.zip", {"1.png": F, "2.png": packed}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<H", content, second + 10, zipfile.ZIP_DEFLATED)
    struct.pack_into("<I", content, second + 24, 100)
    path.write_bytes(content)
    assert "2.png (it unpacks to more than the archive says)" in image_zip_contents(path).notes[0]


def test_there_may_be_only_so_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {f"{number}.png": F for number in range(9)})
    monkeypatch.setattr(archive, "MOST_ENTRIES", 8)
    with pytest.raises(DatasetError, match="may hold more than 8 files"):
        image_zip_contents(path)


def test_an_archive_behind_a_program_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.exe", WHOLE)
    path.write_bytes(b"MZ" + bytes(1000) + path.read_bytes())
    assert image_zip_contents(path).n == 2


def test_an_archive_of_more_than_65535_files_is_read(tmp_path: Path) -> None:
    """Their number and place stand in another record, and nothing but a pointer in the usual one."""
    content = zipped(tmp_path / "a.zip", WHOLE).read_bytes()
    end = content.index(b"PK\x05\x06")
    start = content.index(b"PK\x01\x02")
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2, 2, end - start, start)
    locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    usual = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (tmp_path / "a.zip").write_bytes(content[:end] + record + locator + usual)
    assert image_zip_contents(tmp_path / "a.zip").n == 2


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.zip", Path("/dev/zero")):
        with pytest.raises(DatasetError, match="is not a file; give a zip archive"):
            image_zip_contents(path)


def test_a_very_long_name_takes_no_more_room_than_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an array of texts every one is as long as the longest."""
    monkeypatch.setattr(pictures, "_MOST_CHARACTERS", 100_000)
    long = "x" * 60_000
    contents = image_zip_contents(zipped(tmp_path / "a.zip", {f"{long}.png": F, f"{long}2.png": F[:40], "b.png": F}))
    assert [field.name for field in contents.fields] == ["image"] and contents.n == 2
    assert "Paths are so long that they are not kept as a column." in contents.notes
    assert max(map(len, contents.notes)) < 200


def test_images_are_read_after_the_archive_has_gone(tmp_path: Path) -> None:
    """It stays open: an upload may be taken away while its images are read."""
    path = zipped(tmp_path / "a.zip", WHOLE)
    contents = image_zip_contents(path)
    path.unlink()
    assert np.array_equal(read(contents, "image"), [GLYPH, GLYPH])
