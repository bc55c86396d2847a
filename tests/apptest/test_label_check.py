"""The Label check tab: begun on a click, the numbers are the library's, decisions last, the dataset never changes."""

import io
import json
import shutil

import numpy as np
import pytest

import embviz.findings.labels
import embviz.ui.panels.labels.exports
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import ExportError
from embviz.label_check import KINDS, check_labels
from embviz.label_check.decisions import decisions_in, decisions_path
from embviz.label_check.reasons import doubts_of
from embviz.storage.store import default_store
from embviz.ui.panels.labels import decisions
from embviz.ui.panels.labels.decisions import decide, lines_of, unsaved_reason
from embviz.ui.session import Session
from embviz.ui.sidebar.color_offer import MadeColorings
from tests.apptest.conftest import Page


@pytest.fixture
def opened(page):
    return page.open().show_tab("Label check")


@pytest.fixture(scope="session")  # of a module's only as long as no other module's tests come between
def checked_store(tmp_path_factory):
    """A folder with what the page keeps after the labels of the digits were checked once."""
    folder = tmp_path_factory.mktemp("checked")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("EMBVIZ_STORE_DIR", str(folder))
        page = Page()
        page.test.session_state["method"], page.test.session_state["tab"] = "pca", "Label check"
        page.open().click("Check labels")
    return folder


@pytest.fixture
def queue(opened, checked_store, own_store, monkeypatch):
    def computed_again(*arguments, **options):
        raise AssertionError("it is in the store")

    shutil.copytree(checked_store, own_store, dirs_exist_ok=True)
    monkeypatch.setattr(embviz.findings.labels, "label_check_of", computed_again)
    return opened.click("Check labels")


@pytest.fixture
def another():
    """The page of another visitor, who has chosen what the first one has."""
    page = Page()
    page.test.session_state["method"] = "pca"
    page.test.session_state["tab"] = "Inspect"
    yield page
    for job in page.jobs():
        job.cancel()
        job.wait()


CHECKED = {}


def check_of(view):
    """What the library says of what is shown; all pages of this module show the same at first."""
    if view.dataset.fingerprint not in CHECKED:
        CHECKED[view.dataset.fingerprint] = check_labels(view.features, view.dataset)
    return CHECKED[view.dataset.fingerprint]


def worst(page, place=0):
    """What the library says of the worst label, or of one further down."""
    view = page.view
    check = check_of(view)
    rows = [row for row in check.worst_first.tolist() if check.is_suspect[row]]
    return doubts_of(check, view.dataset, rows[place : place + 1])[0]


def press(page, name):
    (button,) = [each for each in page.test.button if each.label.startswith(name)]
    button.click()
    return page.open()


def log_of(page):
    return decisions_in(decisions_path(page.view.dataset, default_store()))


def test_nothing_is_computed_because_the_tab_is_opened(opened):
    assert "probably wrong" in opened.text
    assert not opened.has("doubted")


def test_the_numbers_are_the_librarys(queue):
    check = check_of(queue.view)
    assert f"<b>{100 * check.wrong.share:.1f}\xa0%</b>" in queue.text
    interval = check.wrong.interval
    assert f"{100 * interval.low:.1f} to {100 * interval.high:.1f}\xa0%" in queue.text
    n = int((check.kind == KINDS.index("probably mislabeled")).sum())
    assert f"<b>{n:,}</b>" in queue.text


def test_the_worst_label_comes_first_with_its_neighbors(queue):
    doubt = worst(queue)
    assert queue.data("doubted")["cards"][0]["ids"] == [doubt.id]
    assert f"labeled **{doubt.label}**" in queue.text and f"looks like **{doubt.suggested}**" in queue.text
    check = check_of(queue.view)
    row = int(np.flatnonzero(queue.view.dataset.ids == doubt.id)[0])
    expected = queue.view.dataset.ids[check.neighbors[row]].tolist()
    assert [card["ids"][0] for card in queue.data("doubted-neighbors")["cards"]] == expected


def test_each_verdict_goes_into_the_log_and_the_next_item_comes(queue):
    before = queue.view.dataset.fingerprint
    for place, (name, verdict) in enumerate((("Keep", "keep"), ("Relabel", "relabel"), ("Unsure", "unsure"))):
        doubt = worst(queue, place)
        assert queue.data("doubted")["cards"][0]["ids"] == [doubt.id]
        press(queue, name)
        made = log_of(queue)[-1]
        assert (made.id, made.label, made.verdict) == (doubt.id, doubt.label, verdict)
        assert made.new == (doubt.suggested if verdict == "relabel" else "")
    assert "3 of " in queue.text
    assert queue.view.dataset.fingerprint == before


def test_undo_brings_the_item_back(queue):
    first = queue.data("doubted")["cards"][0]["ids"]
    press(queue, "Relabel")
    assert queue.data("doubted")["cards"][0]["ids"] != first
    press(queue, "Undo")
    assert queue.data("doubted")["cards"][0]["ids"] == first
    assert log_of(queue)[-1].verdict == "withdrawn"
    assert not [each for each in queue.test.button if each.label.startswith("Undo")]


def test_another_class_than_the_suggested_one_can_be_chosen(queue):
    doubt = worst(queue)
    other = next(name for name in "0123456789" if name not in (doubt.label, doubt.suggested))
    queue.choose(f"new-label-{doubt.id}", other)
    press(queue, f"Relabel {other}")
    assert log_of(queue)[-1].new == other


def test_only_one_kind_is_shown_if_it_is_chosen(queue):
    check = check_of(queue.view)
    kind = KINDS[check.kind[check.worst_first[check.is_suspect[check.worst_first]]][-1]]
    queue.choose("label-kind", kind)
    item = queue.data("doubted")["cards"][0]["ids"][0]
    row = int(np.flatnonzero(queue.view.dataset.ids == item)[0])
    assert KINDS[check.kind[row]] == kind


def test_the_chosen_kind_is_kept_while_another_tab_is_open(queue):
    check = check_of(queue.view)
    kind = KINDS[check.kind[check.worst_first[check.is_suspect[check.worst_first]]][-1]]
    first = queue.choose("label-kind", kind).data("doubted")["cards"][0]["ids"]
    queue.show_tab("Export").show_tab("Label check")
    assert queue.shown("label-kind") == kind and queue.data("doubted")["cards"][0]["ids"] == first
    queue.choose("label-kind", "all").show_tab("Export").show_tab("Label check")
    assert queue.shown("label-kind") == "all"


def test_progress_is_kept_for_another_visit_without_a_click(queue, another):
    press(queue, "Unsure")
    shown = queue.data("doubted")["cards"][0]["ids"]
    another.open().show_tab("Label check")
    assert another.data("doubted")["cards"][0]["ids"] == shown
    assert "1 of " in another.text


def test_two_visitors_see_each_others_decisions_and_undo_their_own_first(queue, another):
    first = worst(queue)
    press(queue, "Unsure")
    another.open().show_tab("Label check")
    press(another, "Keep")
    press(queue, "Undo")
    assert queue.data("doubted")["cards"][0]["ids"] == [first.id]
    assert [each.verdict for each in log_of(queue)] == ["unsure", "keep", "withdrawn"]


def test_a_full_disk_is_said_and_loses_no_decision(queue, monkeypatch):
    def full(path, lines):
        raise ExportError("the decision cannot be kept in x: No space left on device")

    first = queue.data("doubted")["cards"][0]["ids"]
    with monkeypatch.context() as context:
        context.setattr(decisions, "add_decisions", full)
        press(queue, "Keep")
    assert any("No space left on device" in each.value for each in queue.test.warning)
    assert queue.data("doubted")["cards"][0]["ids"] != first
    assert log_of(queue) == []
    press(queue, "Keep")
    assert len(log_of(queue)) == 2
    assert not queue.test.warning


def test_decisions_that_could_not_be_saved_outlast_a_decision_about_other_data(own_store, monkeypatch):
    def full(path, lines):
        raise ExportError("the decision cannot be kept: No space left on device")

    one = dataset_from_arrays(vectors=np.eye(3, dtype=np.float32), labels=["a", "b", "b"])
    other = dataset_from_arrays(vectors=np.eye(3, dtype=np.float32) + 1, labels=["a", "b", "b"])
    visitor = Session()
    monkeypatch.setattr(decisions, "session", lambda: visitor)
    with monkeypatch.context() as context:
        context.setattr(decisions, "add_decisions", full)
        decide(one, 1, "b", "keep")
        decide(one, 2, "b", "unsure")
        decide(other, 0, "a", "keep")
    assert [each.verdict for each in lines_of(one)] == ["keep", "unsure"] and unsaved_reason(one)
    decide(one, 0, "a", "keep")
    assert [each.id for each in decisions_in(decisions_path(one, default_store()))] == [1, 2, 0]
    assert not unsaved_reason(one) and unsaved_reason(other)


def test_the_files_hold_the_decisions_and_the_corrected_labels(queue, monkeypatch):
    offered = {}

    def download_button(label, data, name, mime, **options):
        offered[name] = data()

    monkeypatch.setattr(embviz.ui.panels.labels.exports.st, "download_button", download_button)
    doubt = worst(queue)
    press(queue, "Relabel")
    lines = offered["embviz-decisions.csv"].decode().splitlines()
    assert lines[0] == "id,label,verdict,new,at"
    assert lines[1].startswith(f"{doubt.id},{doubt.label},relabel,{doubt.suggested},")
    assert json.loads(offered["embviz-decisions.jsonl"])["id"] == doubt.id
    assert offered["embviz-labels.csv"].decode().splitlines()[0] == "id,label,suggested,score,kind,reason"
    found = np.load(io.BytesIO(offered["embviz-corrected-labels.npz"]), allow_pickle=False)
    dataset = queue.view.dataset
    changed = found["labels"] != dataset.labels
    assert found["ids"][changed].tolist() == [doubt.id]
    assert found["class_names"][found["labels"][changed]].tolist() == [doubt.suggested]


def test_overlap_with_corrected_labels_is_the_librarys(queue):
    from dataclasses import replace

    from embviz import class_overlap

    doubt = worst(queue)
    press(queue, "Relabel")
    press(queue, f"Overlap of {doubt.label} and {doubt.suggested}")
    dataset, features = queue.view.dataset, queue.view.features
    pair = tuple(dataset.class_names.index(name) for name in (doubt.label, doubt.suggested))
    labels = dataset.labels.copy()
    labels[dataset.ids == doubt.id] = pair[1]
    for each in (dataset, replace(dataset, labels=labels)):
        index = class_overlap(features, each, pair, 10, space="pixels").index
        assert f"<b>{100 * index:.2f}\xa0%</b>" in queue.text


def test_the_confusion_matrix_is_made_on_a_click_and_a_cell_selects_its_items(page):
    page.open().show_tab("Overlap")
    assert not page.has("confusion-held-out")
    page.click("Train and test classifiers")
    view = page.view
    check = check_of(view)
    labels, told = view.dataset.labels, page.data("confusion-held-out")["values"]
    a, b = next((a, b) for a in range(10) for b in range(10) if a != b and told[a][b])
    is_there = (labels == a) & (check.held_out == b)
    assert told[a][b] == pytest.approx(100 * is_there.sum() / (labels == a).sum())
    page.trigger("confusion-held-out", "pair", [a, b])
    assert page.session.pane.focus.is_selected().nonzero()[0].tolist() == sorted(view.dataset.ids[is_there].tolist())


def test_the_score_is_offered_as_a_color_once_it_is_there(queue):
    from embviz.coloring import ColorBy

    by = ColorBy("score", "label_doubt", "values")
    queue.open()
    assert "Label in doubt" in queue.control("color-by").options
    queue.choose("color-by", by)
    check = check_of(queue.view)
    assert queue.session.kept(MadeColorings).made[-1][1].range == (check.score.min(), check.score.max())
