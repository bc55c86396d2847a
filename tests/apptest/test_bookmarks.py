"""Bookmarks: what was saved is there again, for this visitor and for nobody else."""

import json

import pytest

from embviz.coloring import ColorBy
from embviz.features.features import Activations, Pixels
from embviz.projection.specs import Pca
from embviz.saved.bookmark_files import read_bookmarks
from embviz.saved.bookmarks import bookmarks_json, bookmarks_of
from embviz.ui.contract.focus import id_set
from embviz.ui.kept import journals
from embviz.ui.session import PROJECTOR
from tests.apptest.conftest import Page

FOCUS = {"serial": 1, "pinned": 5, "selected": id_set([3, 4, 9], 1797), "pair": None}


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBVIZ_STORE_DIR", str(tmp_path / "store"))
    return tmp_path / "store"


def visitor(monkeypatch, letter):
    """From now on pages are opened by this visitor's browser."""
    monkeypatch.setattr(journals, "visitor_in", lambda value: letter * 32)


def new_page():
    page = Page()
    page.test.session_state["method"] = "pca"
    page.test.session_state["tab"] = "Inspect"
    return page.open()


def save(page, name):
    page.control("bookmark-name").set_value(name)
    return page.click("Save")


def names(page):
    return page.control("bookmark-chosen").options


def test_a_bookmark_brings_all_of_it_back(page):
    page.open().choose("split-digits", "train").choose("dims", 3)
    page.answer(PROJECTOR, "focus", FOCUS | {"source": page.data(PROJECTOR)["source"]})
    page.choose("color-by", ColorBy("column", "split"))
    saved = save(page, "mine").data(PROJECTOR)
    page.choose("split-digits", "test").choose("dims", 2).choose("color-by", ColorBy("label")).show_tab("Export")
    page.answer(PROJECTOR, "focus", FOCUS | {"source": saved["source"], "serial": 2, "pinned": 8, "selected": None})
    page.click("Restore")
    now = page.data(PROJECTOR)
    assert now["address"] == saved["address"]
    assert {name for name in saved if saved[name] != now[name]} == {"focus", "look"}
    assert now["focus"] == saved["focus"] | {"serial": now["focus"]["serial"]}
    page.choose("dims", 2)
    assert page.asked.projection == Pca(), "it is brought back once, and does not stay in the way"


def test_a_bookmark_brings_back_what_was_isolated_the_labels_and_where_one_looked_from(page):
    page.open().choose("label-by", "id")
    page.answer(PROJECTOR, "focus", FOCUS | {"source": page.data(PROJECTOR)["source"]})
    saved = save(page.click("Isolate"), "mine").data(PROJECTOR)
    page.trigger(PROJECTOR, "look", {"key": saved["asksLook"], "camera": [-1, 2, 0.5, 3]})
    page.click("← Back").choose("label-by", "").choose("dims", 3)
    assert page.data(PROJECTOR)["look"] is None
    now = page.click("Restore").data(PROJECTOR)
    first = now["look"]
    assert first["camera"] == [-1, 2, 0.5, 3] and now["asksLook"] == ""
    assert {name for name in saved if saved[name] != now[name]} <= {"focus", "look", "asksLook"}
    assert now["items"]["count"] == 3 and now["labels"]["name"] == "id"
    again = page.click("Restore").data(PROJECTOR)["look"]
    assert again == first | {"key": again["key"]} and again["key"] != first["key"], "the browser is told anew"
    assert page.choose("dims", 3).data(PROJECTOR)["look"] is None, "it was of another layout"
    page.click("← Back")
    assert page.data(PROJECTOR)["items"]["count"] == 1797


def test_a_bookmark_brings_back_the_classifier_with_its_hidden_layers(page):
    logits = {sizes: Activations("logits", hidden_layer_sizes=sizes) for sizes in ((200,), (200, 100))}
    save(page.open().choose("features", "logits").choose("hidden-layers", 2), "deep")
    save(page.choose("hidden-layers", 1), "flat")
    deep, flat = page.control("bookmark-chosen").options
    for name, sizes in ((deep, (200, 100)), (flat, (200,)), (deep, (200, 100))):
        page.choose("bookmark-chosen", name)
        page.click("Restore")
        assert page.asked.features == logits[sizes]
        assert page.shown("hidden-layers") == len(sizes) and not page.test.warning
    assert page.choose("features", "pixels").asked.features == Pixels()
    assert page.click("Restore").asked.features == logits[200, 100], "its control was not on the page"
    assert page.choose("hidden-layers", 3).asked.features == Activations("logits", hidden_layer_sizes=(200, 100, 50))


def test_an_old_bookmark_of_a_classifier_means_one_hidden_layer_whatever_the_page_shows(page):
    deep = Activations("logits", hidden_layer_sizes=(200, 100))
    page.open().choose("features", "logits")
    save(page, "flat")
    assert "hidden" not in page.data(PROJECTOR)["address"], "as it was written before there were others"
    assert page.choose("hidden-layers", 2).asked.features == deep
    assert page.click("Restore").asked.features == Activations("logits")


@pytest.mark.parametrize(
    "answer", [{"camera": [1] * 9}, {"camera": [0, -1, 0, 1]}, {"camera": ["x"]}, {"key": "other"}]
)
def test_a_camera_that_cannot_be_or_of_another_bookmark_is_not_kept(page, answer):
    asked = save(page.open(), "mine").data(PROJECTOR)["asksLook"]
    page.trigger(PROJECTOR, "look", {"key": asked, "camera": [0, 1, 0, 1]} | answer)
    assert page.click("Restore").data(PROJECTOR)["look"]["camera"] == []


def test_a_bookmark_of_all_items_ends_an_isolation(page):
    save(page.open(), "all")
    page.answer(PROJECTOR, "focus", FOCUS | {"source": page.data(PROJECTOR)["source"]})
    page.click("Isolate").click("Restore")
    assert page.data(PROJECTOR)["items"]["count"] == 1797


def test_bookmarks_are_there_after_a_reload_and_not_on_the_page_of_others(monkeypatch):
    visitor(monkeypatch, "a")
    save(save(new_page(), "mine"), "mine")
    assert names(new_page()) == ["mine", "mine (2)"]
    visitor(monkeypatch, "b")
    other = save(new_page(), "mine")
    assert names(other) == ["mine"]
    other.click("Delete")
    visitor(monkeypatch, "a")
    assert names(new_page()) == ["mine", "mine (2)"]


def test_a_bookmark_is_renamed_and_deleted(monkeypatch):
    visitor(monkeypatch, "a")
    page = save(save(new_page(), "one"), "two")
    page.control("bookmark-name").set_value("  <b>2</b>  ")
    page.click("Rename")
    assert names(new_page()) == ["one", "\\<b>2\\</b>"]
    page.click("Delete")
    assert names(new_page()) == ["one"]
    page.click("Rename")
    assert page.errors == ["Write the new name first."]


def test_without_a_disk_a_bookmark_is_kept_until_one_leaves_and_that_is_said(store, monkeypatch):
    visitor(monkeypatch, "a")
    page = new_page()
    (store / "bookmarks").write_text("no folder")
    save(page, "mine")
    assert "Kept only until you leave the page" in page.text
    assert names(page) == ["mine"]


def test_the_file_of_all_bookmarks_has_them_all(store, monkeypatch):
    visitor(monkeypatch, "a")
    page = save(save(new_page(), "flat").choose("dims", 3), "far")
    assert "Download all" in [each.proto.label for each in page.test.get("download_button")]
    (path,) = (store / "bookmarks").glob("*.jsonl")
    kept = bookmarks_of(json.loads(line) for line in path.read_text().split("\n") if line)
    read = read_bookmarks(bookmarks_json(kept).encode()).bookmarks
    assert [(each.name, each.state.projection) for each in read] == [("flat", Pca()), ("far", Pca(n_components=3))]


def test_a_file_of_bookmarks_is_read_and_one_that_is_none_is_refused(monkeypatch):
    visitor(monkeypatch, "a")
    page = new_page()
    ends = {f"custom{end}Text": text for end, text in zip(("XLeft", "XRight", "YDown", "YUp"), "3456", strict=True)}
    custom = {"label": "Lines", "selectedProjection": "custom", "filteredPoints": [*range(100)], **ends}
    state = {"label": "Plane", "selectedProjection": "pca", "pcaComponentDimensions": [3, 0], "selectedPoints": [7]}
    (field,) = page.test.file_uploader
    field.set_value([("state.txt", json.dumps([custom, state]).encode(), "text/plain")])
    page.open()
    assert names(page) == ["Lines", "Plane"] and "TensorBoard has no seed" in page.text
    page.choose("bookmark-chosen", page.control("bookmark-chosen").options[0])
    page.click("Restore")
    assert page.view.projection.spec.directions[1].title == "label: 5 → label: 6"
    assert len(page.view.dataset) == 100 and not page.test.warning and not page.errors
    page.choose("bookmark-chosen", page.control("bookmark-chosen").options[1])
    assert page.click("Restore").asked.projection == Pca(axes=(4, 1))
    assert page.session.pane.focus.selected_ids().tolist() == [7]
    (field,) = page.test.file_uploader
    field.set_value([("state.txt", b"[1", "text/plain")])
    assert "the file is not JSON" in page.open().errors[0]
    assert names(page) == ["Lines", "Plane"]
