"""However image files and archives are damaged, the others are read, or a DatasetError names the file."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from embviz.datasets.files.contents import Contents
from embviz.datasets.files.image_folder import image_folder_contents
from embviz.datasets.files.image_zip import image_zip_contents
from embviz.datasets.files.pictures.tree import natural_key, tree_of
from embviz.datasets.files.sprite import sprite_contents
from embviz.errors import DatasetError
from embviz.progress import no_progress
from tests.unit.picture_files import GLYPH, picture

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
PICTURES = {f"{format_.lower()}.{format_.lower()}": picture(format_=format_) for format_ in FORMATS}
WHOLE = picture()
several_times = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example writes its files anew


def archive(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def flipped(data: st.DataObject, content: bytes) -> bytes:
    position = data.draw(st.integers(0, len(content) - 1), "position")
    mask = data.draw(st.integers(1, 255), "mask")
    return content[:position] + bytes([content[position] ^ mask]) + content[position + 1 :]


def truncated(data: st.DataObject, content: bytes) -> bytes:
    return content[: data.draw(st.integers(0, len(content) - 1), "length")]


def swapped(data: st.DataObject, content: bytes) -> bytes:
    """A piece of it stands elsewhere."""
    start, stop, to = (data.draw(st.integers(0, len(content)), name) for name in ("start", "stop", "to"))
    piece = content[min(start, stop) : max(start, stop)]
    return content[:to] + piece + content[to + len(piece) :]


def emptied(data: st.DataObject, content: bytes) -> bytes:
    position, length = (data.draw(st.integers(0, len(content)), name) for name in ("position", "length"))
    return content[:position] + bytes(min(length, len(content) - position)) + content[position + length :]


DAMAGES = (flipped, truncated, swapped, emptied)
Damage = Callable[[st.DataObject, bytes], bytes]


def read_all(contents: Contents) -> None:
    """Every field, in full: it has what is promised of it, or a DatasetError says why not."""
    assert contents.n >= 1
    for field in contents.fields:
        try:
            values = field.read(slice(None), no_progress)
        except DatasetError as error:
            assert "damaged inside" in str(error)
            continue
        assert values.shape == (contents.n, *field.shape) and values.dtype == field.dtype


@pytest.mark.parametrize("damage", DAMAGES)
@given(data=st.data(), name=st.sampled_from(sorted(PICTURES)))
@several_times
def test_a_damaged_image_is_left_out_or_read(damage: Damage, tmp_path: Path, data: st.DataObject, name: str) -> None:
    (tmp_path / "whole.png").write_bytes(WHOLE)
    for other in PICTURES:
        (tmp_path / other).unlink(missing_ok=True)
    (tmp_path / name).write_bytes(damage(data, PICTURES[name]))
    contents = image_folder_contents(tmp_path)
    assert contents.n == 2 or name in "".join(contents.notes)
    read_all(contents)


@pytest.mark.parametrize("damage", DAMAGES)
@given(data=st.data())
@several_times
def test_a_damaged_archive_is_read_in_part_or_refused(damage: Damage, tmp_path: Path, data: st.DataObject) -> None:
    files = {f"train/a/{name}": content for name, content in PICTURES.items()}
    path = tmp_path / "a.zip"
    path.write_bytes(damage(data, archive({**files, "test/b/1.png": WHOLE})))
    try:
        contents = image_zip_contents(path)
    except DatasetError as error:
        assert str(path) in str(error)
        return
    read_all(contents)


@pytest.mark.parametrize("damage", DAMAGES)
@given(data=st.data(), name=st.sampled_from(sorted(PICTURES)))
@several_times
def test_a_damaged_sheet_is_read_or_refused(damage: Damage, tmp_path: Path, data: st.DataObject, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(damage(data, PICTURES[name]))
    try:
        contents = sprite_contents(path, *GLYPH.shape)
    except DatasetError as error:
        assert str(path) in str(error)
        return
    read_all(contents)


names = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=6)
paths = st.lists(st.lists(names, min_size=1, max_size=4).map(tuple), min_size=1, max_size=12, unique=True)


@given(paths)
def test_a_tree_has_every_file_once_and_splits_begin_where_they_are_said_to(given_paths: list[tuple[str, ...]]) -> None:
    tree = tree_of(given_paths)
    assert sorted(tree.order) == list(range(len(given_paths)))
    firsts = [first for _, first in tree.splits]
    assert firsts == sorted(set(firsts)) and (not firsts or firsts[0] == 0)
    assert len(tree.classes) in (0, len(given_paths))
    if tree.classes:
        assert set(tree.classes) == set(range(len(tree.class_names))) and len(tree.class_names) > 1


@given(paths, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_depend_on_that_of_the_folder(given_paths: list[tuple[str, ...]], random) -> None:
    shuffled = random.sample(given_paths, len(given_paths))
    one, other = tree_of(given_paths), tree_of(shuffled)
    assert [given_paths[at] for at in one.order] == [shuffled[at] for at in other.order]
    assert (one.classes, one.class_names, one.splits) == (other.classes, other.class_names, other.splits)


@given(st.lists(st.integers(0, 10**30), min_size=2, max_size=2), names)
def test_numbers_in_names_are_sorted_by_value(numbers: list[int], text: str) -> None:
    by_name = sorted((f"{text}x{number}.png" for number in numbers), key=natural_key)
    assert by_name == [f"{text}x{number}.png" for number in sorted(numbers)]


def test_the_pictures_that_are_damaged_are_whole_before(tmp_path: Path) -> None:
    for name, content in PICTURES.items():
        (tmp_path / name).write_bytes(content)
    contents = image_folder_contents(tmp_path)
    assert (contents.n == len(FORMATS) and contents.notes == ()) or "gray" in contents.notes[0]
    images = contents.fields[0].read(slice(None), no_progress)
    assert np.abs(images.reshape(len(FORMATS), *GLYPH.shape, -1).astype(int) - GLYPH[..., None]).mean() < 40
