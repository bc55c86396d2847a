"""Files appear complete or not at all, and nobody else's are touched."""

import json
import os
from pathlib import Path

import pytest

from embviz.errors import ExportError
from embviz.export.folder import manifest_files, replaced_file, replaced_folder


def write(folder: Path, *, overwrite: bool = False, **files: str) -> None:
    with replaced_folder(folder, last="config", overwrite=overwrite) as staging:
        for name, text in files.items():
            (staging / name).write_text(text)
        (staging / "config").write_text("config")
        (staging / "embviz.json").write_text(json.dumps({"files": [*files, "config", "embviz.json"]}))


def contents(folder: Path) -> dict[str, str]:
    return {entry.name: entry.read_text() for entry in folder.iterdir() if entry.name not in ("config", "embviz.json")}


def test_an_earlier_export_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    write(tmp_path / "a" / "out", one="1", two="2")
    (tmp_path / "a" / "out" / "notes").write_text("mine")
    write(tmp_path / "a" / "out", two="22", three="3")
    assert contents(tmp_path / "a" / "out") == {"two": "22", "three": "3", "notes": "mine"}
    assert manifest_files(tmp_path / "a" / "out") == {"two", "three", "config", "embviz.json"}


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    write(tmp_path, one="1")
    assert contents(tmp_path) == {"one": "1"}


def test_a_folder_of_other_files_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("mine")
    with pytest.raises(ExportError, match=r"has files that are not an embviz export; give a new or empty folder"):
        write(tmp_path, one="1")
    assert contents(tmp_path) == {"one": "mine"}


def test_overwriting_keeps_files_of_other_names(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("mine")
    (tmp_path / "notes").write_text("mine")
    write(tmp_path, overwrite=True, one="1")
    assert contents(tmp_path) == {"one": "1", "notes": "mine"}


def test_a_file_of_somebody_else_in_an_export_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, one="1")
    (tmp_path / "two").write_text("mine")
    with pytest.raises(ExportError, match="two is not from the earlier export"):
        write(tmp_path, one="11", two="2")
    assert contents(tmp_path) == {"one": "1", "two": "mine"}


def test_a_folder_in_the_way_is_refused_before_anything_changes(tmp_path: Path) -> None:
    write(tmp_path, one="1", two="2")
    (tmp_path / "two").unlink()
    (tmp_path / "two").mkdir()
    with pytest.raises(ExportError, match="is a folder where a file belongs"):
        write(tmp_path, one="11", two="22")
    assert (tmp_path / "one").read_text() == "1"
    assert (tmp_path / "config").exists()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ExportError, match="is a file; give the name of a folder"):
        write(tmp_path / "out", one="1")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_failure_while_writing_leaves_what_was_there(error: type[BaseException], tmp_path: Path) -> None:
    write(tmp_path / "old", one="1")
    for folder in (tmp_path / "old", tmp_path / "new"):
        with (
            pytest.raises(ExportError if error is OSError else error),
            replaced_folder(folder, last="config") as staging,
        ):
            (staging / "one").write_text("11")
            raise error
    assert contents(tmp_path / "old") == {"one": "1"}
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("after", range(7))
def test_a_kill_between_any_two_moves_never_shows_old_and_new_mixed(
    after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, one="1", two="2", three="3")
    real_replace, real_unlink, steps = Path.replace, Path.unlink, 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps > after:
            raise KeyboardInterrupt

    def replace(self: Path, target: Path) -> Path:
        step()
        return real_replace(self, target)

    def unlink(self: Path, missing_ok: bool = False) -> None:
        step()
        real_unlink(self, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace)
        patched.setattr(Path, "unlink", unlink)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, one="11", two="22", four="44")
    visible = (tmp_path / "config").exists()
    assert not visible or contents(tmp_path) == {"one": "1", "two": "2", "three": "3"}
    write(tmp_path, one="11", two="22", four="44")
    assert contents(tmp_path) == {"one": "11", "two": "22", "four": "44"}


def test_what_a_killed_export_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".embviz-export-abc").mkdir()
    (tmp_path / ".embviz-export-abc" / "half").write_text("1")
    write(tmp_path, one="1")
    assert contents(tmp_path) == {"one": "1"}


def test_a_refused_folder_is_not_even_cleared(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / ".embviz-export-abc").mkdir()
    with pytest.raises(ExportError, match="not an embviz export"):
        write(tmp_path, one="1")
    assert (tmp_path / ".embviz-export-abc").is_dir()


def test_a_link_to_a_folder_is_followed_and_links_inside_are_not(tmp_path: Path) -> None:
    write(tmp_path / "real", one="1", two="2")
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / "real" / "one").unlink()
    (tmp_path / "real" / "one").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "real" / "two").unlink()
    (tmp_path / "real" / "two").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", one="11")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real") == {"one": "11"}
    assert (tmp_path / "elsewhere").read_text() == "mine"


@pytest.mark.parametrize("name", ["../victim", "/etc/passwd", "..", "a/b", "", "a\\b", ".hidden", 7])
def test_a_manifest_that_claims_anything_outside_is_not_believed(name: object, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    write(tmp_path / "out", one="1")
    (tmp_path / "out" / "embviz.json").write_text(json.dumps({"files": ["embviz.json", "one", name]}))
    assert manifest_files(tmp_path / "out") is None
    with pytest.raises(ExportError, match="not an embviz export"):
        write(tmp_path / "out", one="11")
    assert (tmp_path / "victim").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": "embviz.json"}', '{"files": []}', "\xff\xfe"])
def test_a_file_that_only_has_the_manifests_name_is_not_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "embviz.json").write_text(text, encoding="latin-1")
    assert manifest_files(tmp_path) is None


def test_a_file_is_replaced_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "coords.csv"
    with replaced_file(path) as partial:
        partial.write_text("1")
    with pytest.raises(ExportError, match=r"cannot write .*csv: No space left"), replaced_file(path) as partial:
        partial.write_text("half")
        raise OSError(28, os.strerror(28))
    assert path.read_text() == "1"
    assert [entry.name for entry in path.parent.iterdir()] == ["coords.csv"]


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is not a file"), replaced_file(tmp_path):
        pass
