"""The store: round trip, damage, limits, foreign files, full disks, several processes."""

import io
import json
import logging
import os
import shutil
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from embviz.errors import InputError
from embviz.storage import store as store_module
from embviz.storage.artifacts import FORMAT, Artifact
from embviz.storage.store import SUFFIX, Store, default_store

ARTIFACT = Artifact({"coords": np.arange(6, dtype=np.float32).reshape(3, 2)}, {"seconds": 0.1, "name": "t-SNE"})


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def files(store):
    return sorted(path.name for path in store.root.rglob("*") if path.is_file())


def assert_same(found, expected):
    assert found is not None
    assert dict(found.scalars) == dict(expected.scalars)
    assert found.arrays.keys() == expected.arrays.keys()
    for name, array in expected.arrays.items():
        assert found.arrays[name].dtype == array.dtype
        assert found.arrays[name].shape == array.shape
        assert found.arrays[name].tobytes() == array.tobytes()


def test_what_was_saved_is_loaded_bit_for_bit(store):
    artifact = Artifact(
        {
            "float32": np.array([[-0.0, np.nan, np.inf], [1e-45, 1, 2]], np.float32),
            "float64": np.array([0.1, np.pi]),
            "int32": np.array([[1], [2]], np.int32),
            "int64": np.array([2**62], np.int64),
            "text": np.array(["train", "Ωμέγα"]),
            "empty": np.zeros((0, 3), np.float32),
        },
        {"text": "é", "int": 2**60, "float": 0.1 + 0.2, "bool": True, "none": None, "list": [1, [0.1, None], []]},
    )
    store.save("graph", "a1", artifact)
    assert_same(store.load("graph", "a1"), artifact)


def test_nothing_is_there_at_first_and_nothing_is_said_of_it(store, caplog):
    assert store.load("graph", "a1") is None
    assert not caplog.records
    assert not store.root.exists()


def test_kinds_and_keys_are_kept_apart_and_a_later_value_replaces_an_earlier_one(store):
    store.save("graph", "a", ARTIFACT)
    store.save("graph", "a", Artifact({}, {"later": True}))
    store.save("layout", "a", ARTIFACT)
    assert store.load("graph", "a").scalars == {"later": True}
    assert_same(store.load("layout", "a"), ARTIFACT)
    assert store.load("graph", "b") is None


@pytest.mark.parametrize("name", ["", "..", "../a", "a/b", "a\\b", "A", "a.b", "a\n", "~", "ä", "a\0"])
def test_no_name_leads_out_of_the_folder(store, name):
    for kind, key in ((name, "a"), ("a", name)):
        with pytest.raises(InputError, match="a-z, 0-9 and hyphens"):
            store.load(kind, key)
        with pytest.raises(InputError, match="a-z, 0-9 and hyphens"):
            store.save(kind, key, ARTIFACT)
    assert not store.root.exists()


def test_a_damaged_file_is_absent_or_says_the_same(store, caplog):
    """A file that is cut short or has a changed byte never gives another value, and never raises."""
    store.save("graph", "a", ARTIFACT)
    path = store.root / "graph" / f"a{SUFFIX}"
    content = path.read_bytes()
    damaged = [content[:length] for length in range(0, len(content), 7)]
    damaged += [content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :] for at in range(len(content))]
    absent = 0
    for data in damaged:
        path.write_bytes(data)
        found = store.load("graph", "a")
        if found is None:
            absent += 1
        else:
            assert_same(found, ARTIFACT)
    assert absent > len(damaged) / 2
    assert sum("cannot be read and is computed again" in record.getMessage() for record in caplog.records) == absent


def place(store, key="a"):
    """Path of the artifact of this key, whose folder is made."""
    path = store.root / "graph" / f"{key}{SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def archive_with(path, header, members, **options):
    """Write a zip file with this header and these members."""
    with zipfile.ZipFile(path, "w", **options) as archive:
        archive.writestr("header.json", json.dumps(header))
        for name, content in members.items():
            archive.writestr(name, content)


def npy(array, **options):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, **options)
    return stream.getvalue()


HEADER = {"format": FORMAT, "kind": "graph", "key": "a", "arrays": ["x"], "scalars": {"s": 1}}
LYING_HEADER = npy(np.zeros(4)).replace(b"(4,)", b"(9,)")


@pytest.mark.parametrize(
    ("changes", "members"),
    [
        ({"format": 999}, {"x.npy": npy(np.zeros(4))}),
        ({"kind": "layout"}, {"x.npy": npy(np.zeros(4))}),
        ({"key": "b"}, {"x.npy": npy(np.zeros(4))}),
        ({"arrays": ["x", "y"]}, {"x.npy": npy(np.zeros(4))}),
        ({"arrays": []}, {"x.npy": npy(np.zeros(4))}),
        ({"arrays": {"x": 1}, "scalars": []}, {"x.npy": npy(np.zeros(4))}),
        ({"scalars": {"s": {"t": 1}}}, {"x.npy": npy(np.zeros(4))}),
        ({"scalars": {"s": [1, [{}]]}}, {"x.npy": npy(np.zeros(4))}),
        ({}, {"x.npy": b""}),
        ({}, {"x.npy": b"\x93NUMPY"}),
        ({}, {"x.npy": LYING_HEADER}),
        ({}, {"x.npy": npy(np.zeros(4)) + b"more"}),
        ({}, {"x.npy": npy(np.array([{}, None], dtype=object), allow_pickle=True)}),
        ({}, {"x.npy": npy(np.zeros(4)), "y.npy": npy(np.zeros(4))}),
    ],
)
def test_what_was_not_written_for_this_key_is_absent(changes, members, store, caplog):
    path = place(store)
    archive_with(path, HEADER | changes, members)
    assert store.load("graph", "a") is None
    assert len(caplog.records) == 1
    archive_with(path, HEADER, {"x.npy": npy(np.zeros(4))})
    assert store.load("graph", "a").arrays["x"].tolist() == [0] * 4  # only the changes were wrong


def test_an_artifact_under_another_name_is_absent(store):
    store.save("graph", "a", ARTIFACT)
    place(store, "b").write_bytes(place(store).read_bytes())
    assert store.load("graph", "b") is None
    assert_same(store.load("graph", "a"), ARTIFACT)


def test_foreign_archives_are_absent(store, caplog):
    np.savez(place(store), coords=np.zeros(3))
    assert store.load("graph", "a") is None
    place(store).write_bytes(b"PK")
    assert store.load("graph", "a") is None
    assert len(caplog.records) == 2


def test_a_file_that_unpacks_to_gigabytes_is_not_unpacked(store):
    path = place(store)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", json.dumps(HEADER))
        with archive.open("x.npy", "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    assert store.load("graph", "a") is None
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_members_that_share_their_bytes_are_not_read(store):
    """Members of a zip file can share bytes, and so hold more than its size together without being compressed."""
    names = [f"{number:04}" for number in range(1000)]
    archive_with(place(store, "one"), HEADER | {"arrays": names}, {"0000.npy": npy(np.zeros(10**5))})
    content = place(store, "one").read_bytes()
    header_entry = content.index(b"PK\x01\x02")
    entry, end = content.index(b"PK\x01\x02", header_entry + 4), content.index(b"PK\x05\x06")
    entries = [content[entry:end].replace(b"0000.npy", f"{name}.npy".encode()) for name in names]
    directory = content[header_entry:entry] + b"".join(entries)
    trailer = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1001, 1001, len(directory), header_entry, 0)
    place(store).write_bytes(content[:header_entry] + directory + trailer)
    with zipfile.ZipFile(place(store)) as archive:
        assert sum(member.file_size for member in archive.infolist()) > 500 * place(store).stat().st_size
    tracemalloc.start()
    assert store.load("graph", "a") is None
    assert tracemalloc.get_traced_memory()[1] < 10**7
    tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link to a device", "link to nothing"])
def test_what_is_no_file_is_absent_and_not_waited_for(kind, store):
    path = place(store)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"link to nothing": "nothing"}.get(kind, "/dev/zero"))
    assert store.load("graph", "a") is None
    store.save("graph", "a", ARTIFACT)
    if kind != "folder":
        assert_same(store.load("graph", "a"), ARTIFACT)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lists no open files")
def test_nothing_stays_open_where_a_folder_lies_in_the_place_of_a_file(store):
    place(store).mkdir()
    linux = Path("/proc/self/fd")
    listed = linux if linux.is_dir() else Path("/dev/fd")
    before = len(list(listed.iterdir()))
    for _ in range(20):
        assert store.load("graph", "a") is None
    assert len(list(listed.iterdir())) == before


@pytest.mark.parametrize("gone", ["file", "root"])
def test_what_vanishes_right_after_it_was_written_is_absent(gone, store, monkeypatch):
    def written_and_removed(path, *arguments):
        write(path, *arguments)
        shutil.rmtree(store.root) if gone == "root" else path.unlink()

    write = store_module._write
    monkeypatch.setattr(store_module, "_write", written_and_removed)
    store.save("graph", "a", ARTIFACT)
    assert store.load("graph", "a") is None
    monkeypatch.undo()
    store.save("graph", "a", ARTIFACT)
    assert_same(store.load("graph", "a"), ARTIFACT)


def test_pickles_are_not_written(store):
    objects = Artifact({"objects": np.array([{}, None], dtype=object)}, {})
    with pytest.raises(ValueError, match="allow_pickle"):
        store.save("graph", "a", objects)
    assert files(store) == []


@pytest.mark.parametrize("year", [1970, 1975, 2150, 2200])
def test_whatever_the_clock_says_what_was_just_saved_stays(year, store, monkeypatch):
    sized = Artifact({"block": np.zeros(10_000, np.uint8)}, {})
    small = Store(store.root, limit=35_000)
    for key in "abc":
        small.save("graph", key, sized)
    seconds = (year - 1970) * 365.25 * 86400
    monkeypatch.setattr(time, "time", lambda: seconds)
    monkeypatch.setattr(time, "time_ns", lambda: int(seconds * 1e9))

    def saved_by_a_wrong_clock(partial, path, replace=Path.replace):
        os.utime(partial, (seconds, seconds))
        return replace(partial, path)

    monkeypatch.setattr(Path, "replace", saved_by_a_wrong_clock)
    for saved in ("d", "e", "f"):
        small.save("graph", saved, sized)
        assert_same(small.load("graph", saved), sized)
    assert files(store) == [f"{key}{SUFFIX}" for key in "def"]
    monkeypatch.undo()
    for saved in ("g", "h"):  # the clock is right again
        small.save("graph", saved, sized)
        assert_same(small.load("graph", saved), sized)
    assert files(store) == [f"{key}{SUFFIX}" for key in "fgh"]


def test_a_full_disk_keeps_the_old_value_and_leaves_no_rest(store, caplog):
    resource = pytest.importorskip("resource", reason="a file size limit stands in for a full disk")
    store.save("graph", "a", ARTIFACT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        store.save("graph", "a", Artifact({"large": np.zeros(100_000)}, {}))
        store.save("graph", "b", Artifact({"large": np.zeros(100_000)}, {}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ["cannot be kept" in record.getMessage() for record in caplog.records] == [True]  # it is logged once
    assert files(store) == [f"a{SUFFIX}"]
    assert_same(store.load("graph", "a"), ARTIFACT)


@pytest.mark.parametrize("root", ["file", "file/store"])
def test_a_folder_that_cannot_be_made_is_only_logged_and_that_once(root, tmp_path, caplog):
    (tmp_path / "file").write_text("not a folder")
    store = Store(tmp_path / root)
    for key in "abc":
        assert store.load("graph", key) is None
        store.save("graph", key, ARTIFACT)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING and f"cannot be kept in {tmp_path / root}" in record.getMessage()


def test_a_folder_that_others_own_is_spoken_of_once_for_reading_and_once_for_writing(store, monkeypatch, caplog):
    def refused(path, *arguments):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(store_module, "read_artifact", refused)
    monkeypatch.setattr(store_module, "_write", refused)
    for key in "abc":
        assert store.load("graph", key) is None
        store.save("graph", key, ARTIFACT)
    assert [record.getMessage() for record in caplog.records] == [
        f"results cannot be {what} in {store.root}, and are computed again: Permission denied"
        for what in ("read", "kept")
    ]


def test_the_least_recently_used_go_first(store):
    sized = Artifact({"block": np.zeros(10_000, np.uint8)}, {})
    small = Store(store.root, limit=35_000)
    for age, key in enumerate("abc"):
        small.save("graph", key, sized)
        os.utime(store.root / "graph" / f"{key}{SUFFIX}", (age + 1, age + 1))
    assert small.load("graph", "a") is not None  # a is used last now, so b is the oldest
    small.save("layout", "d", sized)
    assert files(store) == [f"{key}{SUFFIX}" for key in "acd"]


def test_only_files_of_the_store_are_removed(store):
    mine = store.root / "photos" / "holiday.npz"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(bytes(50_000))
    left_by_a_killed_process = store.root / "photos" / f"a.x8f2k1{SUFFIX}"
    left_by_a_killed_process.write_bytes(bytes(50_000))
    Store(store.root, limit=0).save("graph", "a", ARTIFACT)
    assert files(store) == ["holiday.npz"]


HALFWAY = """
import os, sys, time
from pathlib import Path
import numpy as np
from embviz.storage.artifacts import FORMAT, Artifact
from embviz.storage.store import Store
def stop(descriptor):
    print("halfway", flush=True)
    time.sleep(60)
os.fsync = stop
Store(Path(sys.argv[1])).save("graph", "a", Artifact({"block": np.zeros(5)}, {}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_what_a_killed_process_left_goes_when_the_next_one_starts_and_not_while_it_lives(store):
    command = [sys.executable, "-c", HALFWAY, str(store.root)]
    writer = subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True)
    assert writer.stdout.readline() == "halfway\n"
    (half,) = files(store)
    store.load("graph", "b")
    assert files(store) == [half]
    writer.kill()
    writer.communicate()
    start = "import sys, pathlib, embviz.storage.store as s; s.Store(pathlib.Path(sys.argv[1])).load('a', 'b')"
    subprocess.run([sys.executable, "-c", start, str(store.root)], cwd=Path(__file__).parents[3], check=True)
    assert files(store) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks another variable")
@pytest.mark.parametrize("home", ["", "relative"])
def test_a_home_that_is_no_place_is_none(home, monkeypatch):
    monkeypatch.setenv("EMBVIZ_STORE_DIR", "~/store")
    monkeypatch.setenv("HOME", home)
    assert default_store().root is None


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_where_the_environment_says_no_home_the_caches_are_those_of_the_account(home, monkeypatch):
    pwd = pytest.importorskip("pwd")
    caches = Path(pwd.getpwuid(os.getuid()).pw_dir) / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("EMBVIZ_STORE_DIR")
    if home is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", home)
    assert default_store().root == caches / "embviz"
    monkeypatch.setattr(pwd, "getpwuid", lambda number: {}[number])
    assert default_store().root is None


def test_a_store_in_no_home_keeps_nothing_and_says_so_once(monkeypatch, caplog):
    monkeypatch.setenv("EMBVIZ_STORE_DIR", "~nobody-of-this-name/store")
    for _ in range(3):
        store = default_store()
        store.save("graph", "a", ARTIFACT)
        assert store.load("graph", "a") is None
    assert [record.getMessage() for record in caplog.records] == [
        "there is no folder ~nobody-of-this-name/store: results are not kept; set EMBVIZ_STORE_DIR to a folder"
    ]


WRITER = """
import sys, numpy as np
from pathlib import Path
from embviz.storage.artifacts import FORMAT, Artifact
from embviz.storage.store import Store
for turn in range(15):
    Store(Path(sys.argv[1])).save("graph", "a", Artifact({"block": np.full(50_000, int(sys.argv[2]))}, {}))
"""


def test_processes_that_write_the_same_key_never_show_a_mixture(store, caplog):
    first = Artifact({"block": np.full(50_000, 0)}, {})
    store.save("graph", "a", first)
    root = Path(__file__).parents[3]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(store.root), str(value)], cwd=root) for value in (1, 2)
    ]
    while any(writer.poll() is None for writer in writers):
        block = store.load("graph", "a").arrays["block"]
        assert block[0] in (0, 1, 2)
        assert (block == block[0]).all()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert files(store) == [f"a{SUFFIX}"]
    assert not caplog.records


def test_the_folder_is_chosen_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("EMBVIZ_STORE_DIR", str(tmp_path / "chosen"))
    assert default_store().root == tmp_path / "chosen"
    assert default_store() is default_store()


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        (Unix, {"XDG_CACHE_HOME": "/caches"}, Path("/caches/embviz")),
        (Unix, {}, Path.home() / ".cache" / "embviz"),
        (Unix, {"XDG_CACHE_HOME": ""}, Path.home() / ".cache" / "embviz"),
        (Unix, {"XDG_CACHE_HOME": "~/.cache"}, Path.home() / ".cache" / "embviz"),
        (Unix, {"XDG_CACHE_HOME": "caches"}, Path.home() / ".cache" / "embviz"),
        (MacOS, {}, Path.home() / "Library" / "Caches" / "embviz"),
        (Windows, {}, Path("/local/embviz")),
    ],
)
def test_otherwise_it_is_where_the_platform_keeps_caches(monkeypatch, platform, environment, folder):
    for name in ("EMBVIZ_STORE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(platformdirs, "PlatformDirs", platform)
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", {"CSIDL_LOCAL_APPDATA": "/local"}.get)
    assert default_store().root == folder
