"""A folder of image files is read as what people mean by it, and what is left out or changed is said."""

import io
import os
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from embviz.arrays import AnyArray
from embviz.datasets.files import image_folder
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.image_folder import image_folder_contents, named_images
from embviz.datasets.files.pictures import decoding
from embviz.errors import Cancelled, DatasetError
from embviz.progress import no_progress
from tests.unit.picture_files import GLYPH, picture, png_header, png_of_chunks, saved, write_tree

F = picture()


def read(contents: Contents, name: str, rows: slice = slice(None)) -> AnyArray:
    (field,) = (each for each in contents.fields if each.name == name)
    values = field.read(rows, no_progress)
    assert values.dtype == field.dtype and values.shape[1:] == field.shape
    return values


def classes(contents: Contents) -> list[str]:
    (field,) = (each for each in contents.fields if each.name == "class")
    return [field.class_names[code] for code in read(contents, "class")]


def shade(value: int, shape: tuple[int, ...] = (4, 4)) -> bytes:
    return picture(np.full(shape, value, np.uint8))


def test_folders_are_classes_and_splits(tmp_path: Path) -> None:
    tree = {"train/cat/2.png": shade(2), "train/cat/10.png": shade(10), "train/dog/1.png": shade(1)}
    contents = image_folder_contents(write_tree(tmp_path / "pets", {**tree, "test/dog/3.png": shade(3)}))
    assert (contents.name, contents.n, contents.splits) == ("pets", 4, (("train", 0), ("test", 3)))
    assert classes(contents) == ["cat", "cat", "dog", "dog"]
    assert read(contents, "image")[:, 0, 0].tolist() == [2, 10, 1, 3]
    assert read(contents, "file").tolist() == [
        "train/cat/2.png",
        "train/cat/10.png",
        "train/dog/1.png",
        "test/dog/3.png",
    ]
    assert contents.notes == ()


@pytest.mark.parametrize(
    ("paths", "splits", "class_names"),
    [
        (["a/1.png", "b/1.png"], (), ("a", "b")),
        (["1.png", "2.png"], (), None),
        (["data/set/a/1.png", "data/set/b/1.png"], (), ("a", "b")),
        (["images/1.png", "images/2.png"], (), None),
        (["Training/a/1.png", "Testing/b/1.png"], (("train", 0), ("test", 1)), ("a", "b")),
        (["val/1.png", "train/1.png", "test/1.png"], (("train", 0), ("val", 1), ("test", 2)), None),
        (["train/a/1.png", "train/b/1.png"], (("train", 0),), ("a", "b")),
        (["a/deep/1.png", "a/2.png", "b/x/y/3.png"], (), ("a", "b")),
        (["a/1.png", "train/1.png"], (), ("a", "train")),
        (["10/1.png", "9/1.png", "0/1.png"], (), ("0", "9", "10")),
    ],
)
def test_what_folders_say(
    paths: list[str], splits: tuple[tuple[str, int], ...], class_names: tuple[str, ...] | None, tmp_path: Path
) -> None:
    contents = image_folder_contents(write_tree(tmp_path, dict.fromkeys(paths, F)))
    named = [field.class_names for field in contents.fields if field.name == "class"]
    assert (contents.n, contents.splits, named) == (len(paths), splits, [class_names] if class_names else [])


def test_names_of_classes_in_any_script(tmp_path: Path) -> None:
    names = ["ankle boot", "あ", "Ünï", "<b>x", "=1+1", "A", "a", "t-shirt & top"]
    contents = image_folder_contents(write_tree(tmp_path, {f"{name}/1.png": F for name in names}))
    assert sorted(classes(contents)) == sorted(names)


def test_the_two_ways_to_write_an_accent_are_one_class(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "é") for form in ("NFC", "NFD"))
    tree = {f"train/{composed}/1.png": F, f"test/{decomposed}/1.png": F, "test/x/1.png": F}
    assert classes(image_folder_contents(write_tree(tmp_path, tree))) == [composed, "x", composed]


def test_images_beside_folders_of_classes_are_a_class_of_their_own(tmp_path: Path) -> None:
    contents = image_folder_contents(write_tree(tmp_path, {"a/1.png": F, "b/1.png": F, "stray.png": F}))
    assert classes(contents) == ["a", "b", "(no folder)"]
    assert "1 image is in no folder of a class." in contents.notes


def test_items_come_in_natural_order(tmp_path: Path) -> None:
    names = ["img10.png", "img2.png", "IMG1.png", f"{'9' * 200}.png", "img2b.png", "07.png", "7.png"]
    contents = image_folder_contents(write_tree(tmp_path, dict.fromkeys(names, F)))
    assert read(contents, "file").tolist() == [
        *("07.png", "7.png", f"{'9' * 200}.png"),
        *("IMG1.png", "img2.png", "img2b.png", "img10.png"),
    ]


def test_what_systems_leave_behind_is_not_looked_at(tmp_path: Path) -> None:
    left = ["__MACOSX/._1.png", ".DS_Store", "Thumbs.db", "desktop.ini", ".hidden/1.png", "a/._1.png", "a/.DS_Store"]
    contents = image_folder_contents(write_tree(tmp_path, {**dict.fromkeys(left, b"x"), "a/1.png": F, "b/1.png": F}))
    assert (contents.n, contents.notes) == (2, ())


def test_other_files_are_counted(tmp_path: Path) -> None:
    contents = image_folder_contents(write_tree(tmp_path, {"labels.csv": b"a,b\n", "README": b"", "1.png": F}))
    assert contents.notes == ("2 files are left out (not an image): README, labels.csv.",)


def test_an_image_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    contents = image_folder_contents(write_tree(tmp_path, {"1.jpg": F, "2": F, "3.dat": picture(format_="BMP")}))
    assert (read(contents, "image") == GLYPH).all() and contents.n == 3


BROKEN = {
    "empty.png": b"",
    "text.jpg": b"404 not found",
    "html.png": b"<!DOCTYPE html><script>alert(1)</script>",
    "signature.png": F[:8],
    "cut.png": F[: len(F) // 2],
    "no_end.png": F[:-12],
    "flipped.png": F[:45] + bytes([F[45] ^ 1]) + F[46:],
    "no_header.png": png_of_chunks((b"IDAT", b"x"), (b"IEND", b"")),
    "no_data.png": png_of_chunks(png_header(4, 4), (b"IEND", b"")),
    "short_header.png": png_of_chunks((b"IHDR", b"1234"), (b"IDAT", b""), (b"IEND", b"")),
    "no_pixels.png": png_of_chunks(png_header(0, 4), (b"IDAT", b""), (b"IEND", b"")),
    "huge.png": png_of_chunks(png_header(2**31 - 1, 2**31 - 1), (b"IDAT", b"x"), (b"IEND", b"")),
    "large.png": png_of_chunks(png_header(10_000, 10_000), (b"IDAT", b"x"), (b"IEND", b"")),
    "exif.png": png_of_chunks(png_header(4, 4), (b"eXIf", b"nonsense"), (b"IDAT", b"x"), (b"IEND", b"")),
    "cut.jpg": picture(format_="JPEG")[:-40],
    "header.jpg": picture(format_="JPEG")[:20],
    "cut.gif": picture(format_="GIF")[:30],
    "cut.bmp": picture(format_="BMP")[:-30],
    "cut.tif": picture(format_="TIFF")[:40],
    "cut.webp": picture(format_="WEBP", lossless=True)[:20],
    "cut.pgm": picture(format_="PPM")[:-9],
    "float.tif": saved(Image.fromarray(np.ones((4, 4), np.float32)), "TIFF"),
    "int32.tif": saved(Image.fromarray(np.full((4, 4), 70_000, np.int32)), "TIFF"),
    "pickle.png": b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.",
    "script.ps.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_left_out_and_named(name: str, tmp_path: Path) -> None:
    contents = image_folder_contents(write_tree(tmp_path, {name: BROKEN[name], "ok.png": F}))
    assert read(contents, "file").tolist() == ["ok.png"]
    assert np.array_equal(read(contents, "image"), [GLYPH])
    (note,) = contents.notes
    assert note.startswith(f"1 image file is left out as broken: {name} (")


@pytest.mark.parametrize("name", BROKEN)
def test_a_folder_of_broken_files_alone_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no image that can be shown") as refusal:
        image_folder_contents(write_tree(tmp_path, {name: BROKEN[name]}))
    assert name in str(refusal.value) and str(tmp_path) in str(refusal.value)


def test_a_file_that_is_damaged_where_no_checksum_tells_is_named_when_it_is_read(tmp_path: Path) -> None:
    lying = png_of_chunks(png_header(4, 4), (b"IDAT", b"no deflate"), (b"IEND", b""))
    contents = image_folder_contents(write_tree(tmp_path, {"lying.png": lying, "ok.png": shade(1)}))
    with pytest.raises(DatasetError, match=r"1 image is damaged inside: lying\.png .*take them away"):
        read(contents, "image")
    assert read(contents, "image", slice(1, 2)).max() == 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_turns_images_upright(format_: str, orientation: int, tmp_path: Path) -> None:
    """As Exif has it: its rows and columns are the sides of the picture that the number names."""
    stored = {
        1: GLYPH,
        2: GLYPH[:, ::-1],
        3: GLYPH[::-1, ::-1],
        4: GLYPH[::-1],
        5: GLYPH.T,
        6: GLYPH.T[::-1],
        7: GLYPH.T[::-1, ::-1],
        8: GLYPH.T[:, ::-1],
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    lossless = {"JPEG": {"quality": 100}, "WEBP": {"lossless": True}}.get(format_, {})
    large = np.kron(stored, np.ones((8, 8), np.uint8))
    data = saved(Image.fromarray(large).convert("RGB" if format_ == "WEBP" else "L"), format_, exif=exif, **lossless)
    contents = image_folder_contents(write_tree(tmp_path, {"1": data}))
    image = read(contents, "image")[0]
    image = image[..., 0] if image.ndim == 3 else image
    assert np.abs(image[4::8, 4::8].astype(int) - GLYPH).max() < 20
    is_said = orientation != 1 and format_ != "TIFF"  # there it is no afterthought, but how the rows are stored
    assert any("Exif" in note for note in contents.notes) == is_said


def test_16_bits_become_8(tmp_path: Path) -> None:
    deep = np.array([[0, 257], [65_535, 32_896]], np.uint16)
    contents = image_folder_contents(write_tree(tmp_path, {"1.png": picture(deep), "2.tif": picture(deep, "TIFF")}))
    assert read(contents, "image").tolist() == [[[0, 1], [255, 128]]] * 2
    assert contents.notes == ("2 images are reduced from 16 bits per value to 8.",)


def test_palettes_are_shown_in_their_colors(tmp_path: Path) -> None:
    colors = Image.new("P", (2, 1))
    colors.putpalette([255, 0, 0, 0, 0, 255])
    colors.putpixel((1, 0), 1)
    gray = Image.new("P", (2, 1))
    gray.putpalette([9, 9, 9, 200, 200, 200])
    gray.putpixel((1, 0), 1)
    color_contents = image_folder_contents(
        write_tree(tmp_path / "c", {"1.png": saved(colors), "2.gif": saved(colors, "GIF")})
    )
    assert read(color_contents, "image").tolist() == [[[[255, 0, 0], [0, 0, 255]]]] * 2
    assert read(image_folder_contents(write_tree(tmp_path / "g", {"1.png": saved(gray)})), "image").tolist() == [
        [[9, 200]]
    ]


@pytest.mark.parametrize(("ink", "ground"), [(255, 0), (0, 255), (40, 255), (200, 0)])
def test_what_is_transparent_is_shown_so_that_what_is_drawn_is_seen(ink: int, ground: int, tmp_path: Path) -> None:
    drawn = np.stack([np.full_like(GLYPH, ink), GLYPH], axis=2)
    contents = image_folder_contents(write_tree(tmp_path, {"1.png": picture(drawn)}))
    assert np.array_equal(read(contents, "image")[0], np.where(GLYPH, ink, ground))
    assert contents.notes[0].endswith(f"transparent is shown {'white' if ground else 'black'}.")


def test_cmyk_and_1_bit_are_shown(tmp_path: Path) -> None:
    ink = saved(Image.new("CMYK", (4, 4), (0, 255, 255, 0)), "TIFF")
    contents = image_folder_contents(write_tree(tmp_path, {"1.tif": ink, "2.png": saved(Image.new("1", (4, 4), 1))}))
    assert read(contents, "image")[:, 0, 0].tolist() == [[255, 0, 0], [255, 255, 255]]
    assert "1 image is gray, and stored in color as the others are." in contents.notes


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_several_frames_the_first_is_shown(format_: str, tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((4, 4), value, np.uint8)).convert("RGB") for value in (0, 255)]
    lossless = {"lossless": True} if format_ == "WEBP" else {}
    data = saved(frames[0], format_, save_all=True, append_images=frames[1:], **lossless)
    contents = image_folder_contents(write_tree(tmp_path, {"1": data}))
    assert contents.n == 1 and read(contents, "image").max() == 0
    assert contents.notes == ("1 image is animated or of several pages: the first one is shown.",)


def test_other_sizes_are_fitted_into_that_of_the_most(tmp_path: Path) -> None:
    wide = picture(np.full((2, 8), 200, np.uint8))
    contents = image_folder_contents(write_tree(tmp_path, {"1.png": F, "2.png": F, "3.png": wide}))
    images = read(contents, "image")
    assert images.shape[1:] == GLYPH.shape and (images[:2] == GLYPH).all()
    assert (images[2] == 200).all()  # padded with the color of its border
    assert (
        "Images of 2 sizes, from 8 × 2 to 8 × 12 pixels (width × height), are fitted into 8 × 12" in contents.notes[0]
    )


def test_proportions_are_kept_and_images_centered(tmp_path: Path) -> None:
    tall = np.zeros((40, 20), np.uint8)
    tall[10:30, 5:15] = 255
    squares = {f"{side}.png": shade(0, (side, side)) for side in (24, 16, 31)}
    contents = image_folder_contents(write_tree(tmp_path, {"0.png": picture(tall), **squares}))
    image = read(contents, "image", slice(0, 1))[0].astype(float)
    side = image.shape[0]
    assert image.shape == (28, 28)  # 27.5 is the median of the longer sides
    rows, columns = np.indices(image.shape)
    assert abs(np.average(rows, weights=image) - (side - 1) / 2) < 0.6
    assert abs(np.average(columns, weights=image) - (side - 1) / 2) < 0.6
    height, width = (np.ptp(np.flatnonzero(image.max(axis=axis) > 127)) + 1 for axis in (1, 0))
    assert abs(height / width - 2) < 0.3


def test_large_images_are_made_smaller(tmp_path: Path) -> None:
    contents = image_folder_contents(write_tree(tmp_path, {"1.jpg": picture(np.zeros((600, 300), np.uint8), "JPEG")}))
    assert contents.fields[0].shape == (256, 128)
    assert contents.notes == ("Images are made smaller, from 300 × 600 to 128 × 256 pixels (width × height).",)
    assert image_folder_contents(tmp_path, longest_side=600).fields[0].shape == (600, 300)


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    secret = write_tree(tmp_path / "elsewhere", {"secret.png": F})
    folder = write_tree(tmp_path / "folder", {"1.png": F})
    for target in (secret / "secret.png", secret, Path("../elsewhere/secret.png"), Path("/etc/passwd")):
        (folder / "link.png").symlink_to(target)
        with pytest.raises(DatasetError, match=r"link\.png in .* is a link that leads out of the folder"):
            image_folder_contents(folder)
        (folder / "link.png").unlink()


def test_links_within_the_folder_are_read_once(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a/1.png": F, "b/1.png": F})
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "a" / "2.png").symlink_to(tmp_path / "b" / "1.png")
    (tmp_path / "a" / "3.png").symlink_to(tmp_path / "nothing.png")
    (tmp_path / "a" / "4.png").symlink_to("4.png")
    contents = image_folder_contents(tmp_path)
    assert read(contents, "file").tolist() == ["a/1.png", "a/2.png", "b/1.png"]
    assert contents.notes[0] == "1 link is not followed, as all folders of the data are looked through anyway: a/round."
    assert any("a/3.png (it cannot be read: No such file or directory)" in note for note in contents.notes)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(write_tree(tmp_path, {"1.png": F}) / "2.png")
    contents = image_folder_contents(tmp_path)
    assert contents.n == 1 and "2.png (it cannot be read: it is not a regular file)" in contents.notes[0]


def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a/1.png": F})
    os.mkdir(os.fsencode(tmp_path) + b"/\xff")  # noqa: PTH102  # a Path has no bytes
    (tmp_path / os.fsdecode(b"\xff") / "1.png").write_bytes(F)
    assert classes(image_folder_contents(tmp_path)) == ["a", "�"]


def test_a_name_in_a_note_is_no_command_to_a_terminal(tmp_path: Path) -> None:
    (note,) = image_folder_contents(write_tree(tmp_path, {"a\x1b[2J\nb.png": b"", "1.png": F})).notes
    assert "a�[2J�b.png (it is empty)" in note


def test_what_is_no_folder_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    for path, sentence in ((tmp_path / "none", "is not a folder"), (tmp_path, "there is no image file in it")):
        with pytest.raises(DatasetError, match=sentence):
            image_folder_contents(path)


def test_there_may_be_only_so_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_folder, "MOST_FILES", 2)
    with pytest.raises(DatasetError, match="more than 2 files"):
        image_folder_contents(write_tree(tmp_path, {f"{number}.png": F for number in range(3)}))


def test_a_file_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    huge = write_tree(tmp_path, {"1.png": F, "2.png": F}) / "2.png"
    os.truncate(huge, 300 << 20)
    assert "2.png (it has more than 256 MB)" in image_folder_contents(tmp_path).notes[0]


def test_only_the_rows_asked_for_are_read(tmp_path: Path) -> None:
    write_tree(tmp_path, {f"{number}.png": shade(number) for number in range(20)})
    contents = image_folder_contents(tmp_path)
    for number in range(16, 20):
        (tmp_path / f"{number}.png").unlink()
    assert read(contents, "image", slice(0, 16))[:, 0, 0].tolist() == list(range(16))
    with pytest.raises(DatasetError, match=r"4 images are damaged inside: 16\.png \(it cannot be read: No such file"):
        read(contents, "image")


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    large = picture(np.random.default_rng(0).integers(0, 256, (100, 100), dtype=np.uint8))  # decoded by threads
    contents = image_folder_contents(write_tree(tmp_path, {f"{number}.png": large for number in range(300)}))
    calls: list[tuple[int, int]] = []

    def stop(stage: str, done: int, total: int) -> None:
        calls.append((done, total))
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        contents.fields[0].read(slice(None), stop)
    assert calls[0] == (0, 300) and 0 < calls[1][0] < 300


def test_threads_put_each_image_in_its_place(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (200, 70, 70), dtype=np.uint8)
    contents = image_folder_contents(
        write_tree(tmp_path, {f"{row}.png": picture(each) for row, each in enumerate(images)})
    )
    assert np.array_equal(read(contents, "image"), images)
    assert np.array_equal(read(contents, "image", slice(150, 50, -3)), images[150:50:-3])


def test_small_images_that_are_decoded_together_are_in_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "_PLAIN_AT_ONCE", 7)
    images = np.random.default_rng(1).integers(0, 256, (30, 5, 6), dtype=np.uint8)
    contents = image_folder_contents(
        write_tree(tmp_path, {f"{row}.png": picture(each) for row, each in enumerate(images)})
    )
    for rows in (slice(None), slice(3, 25), slice(25, 3, -2)):
        assert np.array_equal(read(contents, "image", rows), images[rows])
    (tmp_path / "10.png").unlink()
    write_tree(tmp_path, {"20.png": png_of_chunks(png_header(6, 5), (b"IDAT", b"x"), (b"IEND", b""))})
    with pytest.raises(DatasetError, match=r"2 images are damaged inside: 10\.png \(it cannot be read.*, 20\.png \("):
        read(contents, "image")


def test_a_table_names_files(tmp_path: Path) -> None:
    write_tree(
        tmp_path, {"img/1.png": shade(1), "img/2.png": shade(2), "img/10.png": shade(10), "more/7.png": shade(7)}
    )
    names = ["img/10.png", "2.png", "missing.png", "1", "./img/1.png", "../../etc/passwd", "img\\2.png"]
    contents, rows = named_images(tmp_path, names)
    assert rows.tolist() == [0, 1, 3, 4, 6]
    assert read(contents, "image")[:, 0, 0].tolist() == [10, 2, 1, 1, 2]
    assert "2 rows are left out, as no such image is there: missing.png, ../../etc/passwd." in contents.notes
    assert "1 image is left out: not named in the table." in contents.notes


def test_a_name_that_may_mean_two_files_means_none(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a/1.png": shade(1), "b/1.png": shade(2), "2.png": shade(3)})
    contents, rows = named_images(tmp_path, ["1.png", "b/1.png", "2"])
    assert rows.tolist() == [1, 2] and read(contents, "image")[:, 0, 0].tolist() == [2, 3]


def test_a_table_of_other_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"holds none of the files that the table names \(x, y\)"):
        named_images(write_tree(tmp_path, {"1.png": F}), ["x", "y"])


def test_other_formats_of_pillow_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostScript would be run by an interpreter of its own."""
    opened: list[Any] = []
    real = Image.open

    def noted(stream: io.BytesIO, formats: Any = None) -> Any:
        opened.append(formats)
        return real(stream, formats=formats)

    monkeypatch.setattr(Image, "open", noted)
    image_folder_contents(write_tree(tmp_path, {**BROKEN, "ok.png": F}))
    assert {name for formats in opened for name in formats} <= {"JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM"}
