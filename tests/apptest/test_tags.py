"""Tags: a selection is tagged into a column, undone, colored by and taken away; the data stay as they are."""

import numpy as np
import pytest

from embviz.coloring import ColorBy
from embviz.datasets import Uploaded
from embviz.export import selection_csv
from embviz.storage.csv_text import read_csv
from embviz.ui.contract.focus import id_set
from embviz.ui.kept import journals
from embviz.ui.kept.tags import with_tags
from embviz.ui.session import PROJECTOR
from tests.apptest.conftest import Page

TAG = ColorBy("column", "tag")


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBVIZ_STORE_DIR", str(tmp_path / "store"))
    return tmp_path / "store"


def visitor(monkeypatch, letter):
    """From now on pages are run by this visitor's browser."""
    monkeypatch.setattr(journals, "visitor_in", lambda value: letter * 32)


def new_page():
    page = Page()
    page.test.session_state["method"] = "pca"
    page.test.session_state["tab"] = "Inspect"
    return page.open()


def selected(page, ids, serial=1):
    source = page.data(PROJECTOR)["source"]
    focus = {"source": source, "serial": serial, "pinned": None, "selected": id_set(ids, 1797), "pair": None}
    return page.answer(PROJECTOR, "focus", focus)


def tag(page, value, column="tag"):
    page.choose("tag-column", column).choose("tag-value", value)
    page.control("tag-give").click()
    return page.open()


def counts(page):
    """Of each entry in the legend."""
    return {entry["name"]: entry["count"] for entry in page.data(PROJECTOR)["coloring"]["entries"]}


def test_a_tag_is_a_column_to_color_by_and_the_last_one_counts():
    page = selected(new_page(), [1, 2, 3])
    before = page.data(PROJECTOR)
    tag(page, "odd")
    assert page.data(PROJECTOR) == before, "nothing moves, nothing is fetched, nothing else is colored"
    page.choose("color-by", TAG)
    assert counts(page) == {"odd": 3, "no value": 1794}
    tag(selected(page, [3, 4], serial=2), "even")
    assert counts(page) == {"even": 2, "odd": 2, "no value": 1793}
    page.click("Undo tag")
    assert counts(page) == {"odd": 3, "no value": 1794}
    page.click("Undo tag")
    assert page.data(PROJECTOR)["coloring"]["name"] == "class"
    assert "Undo tag" not in [button.label for button in page.test.button]
    assert "tag" not in page.view.dataset.metadata


def test_tags_are_in_the_files_and_survive_a_reload_and_another_split(monkeypatch):
    visitor(monkeypatch, "a")
    tag(selected(new_page(), [0, 1, 1300]), "=1+1", column="my note")
    page = new_page().choose("color-by", ColorBy("column", "my note"))
    assert counts(page) == {"=1+1": 3, "no value": 1794}
    page.choose("split-digits", "test")
    assert counts(page) == {"=1+1": 2, "no value": 537}
    assert "my note: 2 of these items tagged" in page.show_tab("Export").text


def test_the_table_has_tags_as_they_were_written(monkeypatch):
    page = tag(selected(new_page(), [5, 7]), "=1+1")
    view = page.view
    monkeypatch.setattr("embviz.ui.kept.tags.session", lambda: page.session)
    monkeypatch.setattr("embviz.ui.kept.journals.session", lambda: page.session)
    table = read_csv(selection_csv(with_tags(view).dataset, view.projection, np.arange(len(view.dataset))))
    assert [item for item, text in zip(table["id"], table["tag"], strict=True) if text == "=1+1"] == ["5", "7"]
    assert table["label"][0] == view.dataset.class_names[view.dataset.labels[0]]


def test_two_visitors_see_each_others_tags_and_undo_their_own(monkeypatch):
    visitor(monkeypatch, "a")
    one = tag(selected(new_page(), [1, 2]), "mine")
    visitor(monkeypatch, "b")
    other = tag(selected(new_page(), [2, 3]), "yours")
    assert counts(other.choose("color-by", TAG)) == {"mine": 1, "yours": 2, "no value": 1794}
    visitor(monkeypatch, "a")
    one.choose("color-by", TAG).click("Undo tag")
    assert counts(one) == {"yours": 2, "no value": 1795}
    assert "Undo tag" not in [button.label for button in one.test.button]


@pytest.mark.parametrize(
    ("column", "said"), [("split", "have a column 'split' of their own"), ("id", "'id' is empty or reserved")]
)
def test_a_column_that_is_taken_is_refused_in_a_sentence(column, said):
    offered_before = new_page().open().control("color-by").options
    page = tag(selected(new_page(), [1]), "x", column=column)
    assert said in page.errors[0].replace("\\", "")
    assert page.control("color-by").options == offered_before


def test_without_a_disk_tags_are_there_until_one_leaves_and_that_is_said(store):
    page = selected(new_page(), [1, 2])
    (store / "tags").write_text("no folder")
    tag(page, "odd")
    assert "Kept only until you leave the page" in page.errors[0]
    assert counts(page.choose("color-by", TAG))["odd"] == 2


def test_tags_of_an_upload_are_written_nowhere(tmp_path, store, monkeypatch):
    from embviz.datasets.files.uses.roles import Roles

    session = Page().session
    monkeypatch.setattr(journals, "session", lambda: session)
    source = Uploaded((tmp_path / "a.npy",), Roles(), "a.npy", "stamp")
    assert journals.tags_journal(source).path is None
    assert journals.tags_journal(source) is journals.tags_journal(source)


def test_scores_can_be_colored_by_after_items_were_tagged():
    page = tag(selected(new_page(), [1, 2]), "odd")
    page.show_tab("Trust").click("Color items by neighbors kept")
    assert page.shown("color-by") == ColorBy("score", "neighbor_recall", "values")
    assert page.data(PROJECTOR)["coloring"]["name"] == "Neighbors kept"
    assert {"Neighbors kept", "tag"} <= set(page.control("color-by").options)


def test_tags_are_written_beside_points():
    page = tag(selected(new_page(), [1, 2]), "odd")
    page.choose("label-by", "column:tag")
    assert page.data(PROJECTOR)["labels"]["name"] == "tag"


def test_panes_that_are_compared_are_colored_by_a_tag_too():
    page = tag(selected(new_page(), [1, 2]), "odd").choose("color-by", TAG).click("Compare")
    assert page.data(f"{PROJECTOR}-2")["coloring"]["name"] == page.data(PROJECTOR)["coloring"]["name"] == "tag"
