"""What `show` makes of the data it is given, and what it refuses, without a server."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest

import embviz
from embviz.annotations import tag_event
from embviz.errors import InputError, MissingDependencyError, PageError
from embviz.showing import server as servers
from embviz.showing.exchange import tags_journal_in, tell_selected
from embviz.showing.show import shown_dataset
from tests.unit.test_wrong_arguments import ZOO

RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(6, 4)).astype(np.float32)
IMAGES = RNG.integers(0, 256, (6, 3, 5), np.uint8)


def test_arrays_a_dict_of_them_images_alone_a_table_and_a_dataset_are_shown():
    plain = shown_dataset(VECTORS, list("aabbcc"), None, [{"n": row} for row in range(6)], None)
    assert np.array_equal(plain.vectors, VECTORS)
    assert plain.class_names == ("a", "b", "c") and plain.metadata["n"].tolist() == list(range(6))
    several = shown_dataset({"first": VECTORS, "second": VECTORS[:, :2]}, None, IMAGES, None, "mine")
    assert several.name == "mine" and np.array_equal(several.images, IMAGES)
    assert {name: each.shape for name, each in several.more_vectors.items()} == {"second": (6, 2)}
    assert shown_dataset(None, None, IMAGES, None, None).vectors is None
    table = pandas.DataFrame({"v": list(VECTORS), "kind": list("xyxyxy")})
    assert shown_dataset(table, "kind", None, None, None).class_names == ("x", "y")
    assert shown_dataset(plain, None, None, None, None) is plain
    assert shown_dataset(plain, None, None, None, "renamed").name == "renamed"


@pytest.mark.parametrize(
    ("data", "labels", "metadata", "said"),
    [
        ("digits", None, None, "load_dataset"),
        ({}, None, None, "at least one set"),
        ({"a": VECTORS, "b": VECTORS[:3]}, None, None, "6"),
        ({"a": VECTORS, 5: VECTORS}, None, None, "a name of vectors must be a text"),
        (embviz.dataset_from_arrays(vectors=VECTORS), list("aabbcc"), None, "leave these out"),
        (pandas.DataFrame({"v": list(VECTORS)}), None, [{}] * 6, "leave metadata out"),
        (pandas.DataFrame({"v": list(VECTORS)}), ["a"] * 6, None, "labels must be a text"),
        (None, None, None, "vectors=, images= or both"),
        (np.zeros((0, 3)), None, None, "no items"),
    ],
)
def test_what_does_not_go_together_is_refused(data, labels, metadata, said):
    with pytest.raises(InputError, match=said):
        shown_dataset(data, labels, None, metadata, None)


@pytest.mark.parametrize("argument", ["data", "labels", "images", "metadata", "name", "port", "open_browser"])
def test_whatever_is_given_is_taken_or_refused_in_our_words(argument, monkeypatch):
    def stopped(*_):
        raise PageError("the page could not be started")

    monkeypatch.setattr("embviz.showing.session.started_server", stopped)
    for given in ZOO:
        value = iter([1, 2]) if given == "an iterator" else ZOO[given]
        with pytest.raises(embviz.EmbvizError) as error:
            embviz.show(**({"data": VECTORS} | {argument: value}))
        assert len(str(error.value)) < 600, given


@pytest.fixture
def opened(monkeypatch):
    """Addresses that a browser was asked to open; what is served is a process that waits for the end of its input."""
    addresses = []

    def waiting(folder, key, port):
        return subprocess.Popen(
            [sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    monkeypatch.setattr("embviz.showing.session.started_server", waiting)
    monkeypatch.setattr("webbrowser.open", addresses.append)
    return addresses


def test_a_page_is_open_until_it_is_closed_and_says_then_what_was_told_last(opened, capsys):
    with embviz.show(VECTORS, name="mine") as page:
        assert opened == [page.address] and capsys.readouterr().out == f"embviz shows mine, 6 items: {page.address}\n"
        folder = page._folder.path
        assert page.is_open and page.address in repr(page) and page.annotations == embviz.Annotations()
        tell_selected(folder, np.array([2, 4]))
        tags_journal_in(folder).append(tag_event(embviz.Tag("kind", "odd", (1,)), "a", "me"))
        assert page.selected_ids.tolist() == [2, 4]
    page.close()  # once more does nothing
    assert not page.is_open and repr(page) == "PageSession('mine', closed)" and not folder.exists()
    assert page.selected_ids.tolist() == [2, 4] and page.annotations.columns == ("kind",)


def test_the_example_in_the_readme(opened):
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (example,) = [block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "embviz.show" in block]
    names = {"embviz": embviz, "vectors": VECTORS, "labels": list("aabbcc")}
    exec(example, names)
    assert len(opened) == 1 and names["chosen"].shape == (0, 4) and not names["page"].is_open


class TestServer:
    def test_a_port_that_is_taken_or_none_is_refused(self):
        with servers.socket.socket() as other:
            other.bind((servers.HOST, 0))
            other.listen()
            with pytest.raises(InputError, match=r"cannot be used .* free one"):
                servers.checked_port(other.getsockname()[1])
        for port in (0, -1, 65_536):
            with pytest.raises(InputError, match=r"1\.\.65535"):
                servers.checked_port(port)
        assert servers.checked_port(None) > 0

    def test_without_streamlit_it_is_said_what_to_install(self, tmp_path, monkeypatch):
        monkeypatch.setattr(servers, "find_spec", lambda name: None)
        with pytest.raises(MissingDependencyError, match="pip install streamlit"):
            servers.started_server(tmp_path, "key", 1)

    def test_a_server_that_ends_says_its_last_words_and_leaves_nothing(self, tmp_path, monkeypatch):
        script = tmp_path / "app.py"
        script.write_text("")
        monkeypatch.setattr(servers, "page_script", lambda: script)
        monkeypatch.setattr(servers.sys, "executable", "/bin/echo")  # prints its arguments, and ends
        made = embviz.dataset_from_arrays(vectors=VECTORS)
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr("tempfile.tempdir", None)
        with pytest.raises(PageError, match=r"could not be started: .*page_process.*; try again"):
            embviz.PageSession(replace(made, name="mine"))
        assert [each.name for each in tmp_path.iterdir()] == ["app.py"]
