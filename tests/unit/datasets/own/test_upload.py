"""Files that were dropped: where they go, under which names, and when they are gone."""

import io
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from embviz.datasets.own import upload
from embviz.datasets.own.upload import upload_of
from embviz.errors import DatasetError


def files(*names: str) -> list[tuple[str, io.BytesIO, int]]:
    return [(name, io.BytesIO(name.encode()), len(name.encode())) for name in names]


def test_files_are_written_as_they_are_and_go_with_what_holds_them():
    made = upload_of(files("a.npy", "b.csv"))
    assert [path.read_bytes() for path in made.paths] == [b"a.npy", b"b.csv"]
    assert made.name == "a.npy"
    folder = made.folder.path
    del made
    assert not folder.exists()


def test_a_folder_stays_one():
    made = upload_of(files("cats/tabby/1.png", "cats/lion/1.png"))
    (path,) = made.paths
    assert made.name == path.name == "cats" and (path / "lion" / "1.png").read_bytes() == b"cats/lion/1.png"


def test_equal_files_of_two_visitors_have_nothing_in_common():
    first, second = upload_of(files("same.csv")), upload_of(files("same.csv"))
    assert first.stamp != second.stamp and first.paths != second.paths and len(first.stamp) > 20


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_name_leads_out_of_the_folder(name):
    made = upload_of([(name, io.BytesIO(b"1"), 1)])
    below = made.folder.path.resolve()
    written = [path for path in below.rglob("*") if path.is_file() and path.read_bytes() == b"1"]
    assert len(written) == 1 and all(path.resolve().is_relative_to(below) for path in made.paths)
    assert not any(part.startswith(".") for part in written[0].relative_to(below).parts)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "nothing was dropped"),
        (("a.csv", "A.csv"), "called 'A.csv'"),
        (("x/../a.csv", "x/a.csv"), "called 'x/a.csv'"),
    ],
)
def test_what_cannot_be_taken_is_refused(names, said):
    with pytest.raises(DatasetError, match=said):
        upload_of(files(*names))


def test_too_much_is_refused_before_anything_is_written(monkeypatch):
    monkeypatch.setattr(upload, "ScratchFolder", lambda n_bytes: pytest.fail("written"))
    with pytest.raises(DatasetError, match="501 MB, and at most 500 MB"):
        upload_of([("a.npy", io.BytesIO(), 501 * 10**6)])
    with pytest.raises(DatasetError, match="20,001 files"):
        upload_of(files(*map(str, range(20_001))))


def test_names_are_short_and_unchanged_where_they_may_be():
    made = upload_of(files("Kaggle's digits (2).csv", "x" * 5000 + ".npy", "七" * 90 + ".npy"))
    assert [len(path.name.encode()) <= 200 for path in made.paths] == [True] * 3, "file systems take 255 bytes"
    assert made.paths[2].name.lstrip("七") == ".npy"
    assert made.paths[0].suffix == ".csv" and made.paths[1].suffix == ".npy" and isinstance(made.paths[0], Path)
