"""Files and folders appear complete or not at all, and files of others are not touched."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from embviz.errors import ExportError
from embviz.export import folder as folder_module
from embviz.export.folder import manifest_files, real_path, replaced_file, replaced_folder, staging_folder


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
    (tmp_path / ".embviz-export-abcdefgh").mkdir()
    (tmp_path / ".embviz-export-abcdefgh" / "half").write_text("1")
    write(tmp_path, one="1")
    assert contents(tmp_path) == {"one": "1"}


def test_a_refused_folder_is_not_even_cleared(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / ".embviz-export-abcdefgh").mkdir()
    with pytest.raises(ExportError, match="not an embviz export"):
        write(tmp_path, one="1")
    assert (tmp_path / ".embviz-export-abcdefgh").is_dir()


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
@pytest.mark.parametrize("kind", ["pipe", "link to a device", "link to itself", "brackets", "endless brackets"])
def test_what_is_no_manifest_is_neither_waited_for_nor_believed(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "embviz.json"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "link to itself":
            path.symlink_to(path)
        case _:
            path.write_text("[" * (200_000 if kind == "brackets" else 2**25))
    assert manifest_files(tmp_path) is None
    with pytest.raises(ExportError, match="not an embviz export"):
        write(tmp_path, one="1")


def test_somebodys_own_folder_with_a_name_like_ours_is_a_file_of_others_and_stays(tmp_path: Path) -> None:
    notes = tmp_path / ".embviz-export-notes" / "note"
    notes.parent.mkdir()
    notes.write_text("mine")
    with pytest.raises(ExportError, match="not an embviz export"):
        write(tmp_path, one="1")
    write(tmp_path / "out", one="1")
    write(tmp_path, overwrite=True, one="1")
    with replaced_file(tmp_path / "coords.csv") as partial:
        partial.write_text("1")
    assert notes.read_text() == "mine"


@pytest.mark.parametrize("name", ["loop", "loop/deeper"])
def test_links_that_go_round_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(ExportError, match=r"cannot write .*loop"):
        write(tmp_path / name, one="1")
    with pytest.raises(ExportError, match=r"cannot write .*loop"), replaced_file(tmp_path / name):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["loop"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not remove a working directory")
def test_without_a_working_directory_a_whole_path_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(ExportError, match="cannot write out: the working directory no longer exists"):
        write(Path("out"), one="1")
    with (
        pytest.raises(ExportError, match="cannot write out: the working directory no longer exists"),
        replaced_file(Path("out")),
    ):
        pass
    write(tmp_path / "out", one="1")
    assert contents(tmp_path / "out") == {"one": "1"}


def test_the_real_path_is_where_things_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "b")
    monkeypatch.chdir(tmp_path)
    assert real_path(Path("missing/../out")) == tmp_path / "out"
    assert real_path(Path("link/../out")) == tmp_path / "a" / "out"


@pytest.mark.parametrize(
    ("number", "advice"), [(28, "free disk space, or give another path"), (13, "give another path")]
)
def test_room_is_only_spoken_of_where_there_is_none(number: int, advice: str, tmp_path: Path) -> None:
    said = f"cannot write {tmp_path / 'out'}: {os.strerror(number)}; {advice}"
    with pytest.raises(ExportError) as refused, replaced_file(tmp_path / "out"):
        raise OSError(number, os.strerror(number))
    assert str(refused.value) == said


def test_a_new_folder_that_cannot_be_opened_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a umask of 777 a folder cannot be opened even by the process that made it."""

    def refused(folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder_module, "held", refused)
    with pytest.raises(ExportError, match=r"Permission denied; give another path$"):
        write(tmp_path / "new" / "out", one="1")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_folders_made_for_what_fails_go_and_others_stay(error: BaseException, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for target in (tmp_path / "mine" / "a" / "b" / "c", tmp_path / "mine" / "c"):
        with pytest.raises((ExportError, KeyboardInterrupt)), replaced_file(target):
            raise error
        with pytest.raises((ExportError, KeyboardInterrupt)), replaced_folder(target, last="config"):
            raise error
    assert [entry.name for entry in tmp_path.rglob("*")] == ["mine"]


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


EXPORTER = """
import sys, time
from pathlib import Path
import numpy as np
import embviz
target, value, slowly = sys.argv[1], float(sys.argv[2]), sys.argv[3:] == ["slowly"]
dataset = embviz.dataset_from_arrays(vectors=np.full((500, 4), value), labels=[value] * 500)
def progress(stage, done, total):
    if slowly and stage.startswith(("Checking", "Packing")):
        print("halfway", flush=True)
        time.sleep(60)
write = embviz.export_zip if target.endswith(".zip") else embviz.export_projector
try:
    write(target, dataset, [embviz.vector_features(dataset)], progress=progress)
except embviz.ExportError as error:
    sys.exit(f"refused: {error}")
"""


def exporter(target: Path, value: float, *options: str) -> "subprocess.Popen[str]":
    """Process that exports vectors of one value into the folder."""
    return subprocess.Popen(
        [sys.executable, "-c", EXPORTER, str(target), str(value), *options],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def halfway() -> Iterator[Callable[[Path], "subprocess.Popen[str]"]]:
    """Function that starts an exporter and waits until it is between writing and finishing; killed after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(target: Path) -> "subprocess.Popen[str]":
        started.append(exporter(target, 1, "slowly"))
        assert started[-1].stdout is not None and started[-1].stdout.readline() == "halfway\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        if process.stdout is not None and not process.stdout.closed:
            process.communicate()


def test_of_several_exports_into_one_folder_at_once_one_wins_whole_and_the_others_say_why(tmp_path: Path) -> None:
    for target in (tmp_path / "new", tmp_path / "new"):  # a new folder, then one with an export
        processes = [exporter(target, value) for value in range(4)]
        outcomes = [(process.communicate()[1], process.returncode) for process in processes]
        assert any(code == 0 for _, code in outcomes)
        for said, code in outcomes:
            assert code == 0 or f"another export is being written into {target}; wait for it" in said, said
        (value,) = set((target / "metadata.tsv").read_text().split("\n")[1].split("\t")[:1])
        assert (target / "tensor-vectors.bytes").exists() or (target / "tensor-vectors.tsv").exists()
        lines = (target / "metadata.tsv").read_text().splitlines()[1:]
        assert {line.split("\t")[0] for line in lines} == {value} and len(lines) == 500
        assert not [entry.name for entry in target.iterdir() if entry.name.startswith(".")]


def test_exports_side_by_side_under_the_same_and_other_names_all_succeed(tmp_path: Path) -> None:
    """Threads stand in for processes, because they exclude each other by the same locks."""

    def export(number: int) -> None:
        with replaced_file(tmp_path / f"out-{number % 2}.csv") as partial:
            partial.write_text(f"{number % 2}")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(export, range(200))) == [None] * 200
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == {"out-0.csv": "0", "out-1.csv": "1"}


needs_locks = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")


@needs_locks
def test_an_export_that_is_under_way_is_left_alone(
    halfway: Callable[[Path], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    halfway(tmp_path / "out")
    halfway(tmp_path / "out.zip")
    with pytest.raises(ExportError, match="another export is being written"):
        write(tmp_path / "out", one="1")
    under_way = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    with replaced_file(tmp_path / "out.zip") as partial, staging_folder(tmp_path):
        partial.write_text("1")
    write(tmp_path, overwrite=True, one="1")
    assert set(under_way) <= set(tmp_path.rglob("*"))


@needs_locks
@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_a_killed_export_left_goes_with_the_next(
    name: str, halfway: Callable[[Path], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    killed = halfway(tmp_path / name)
    killed.kill()
    killed.communicate()
    left = [path for path in tmp_path.rglob("*") if path.name.startswith(".")]
    assert left
    another = exporter(tmp_path / name, 2)
    another.communicate()
    assert another.returncode == 0
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]
