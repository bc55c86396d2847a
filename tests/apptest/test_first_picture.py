"""What is shown to a visitor who has chosen nothing."""

import subprocess
import sys
import threading

import pytest

import embviz.view
from embviz.errors import InputError
from embviz.projection.specs import Pca, Tsne
from tests.apptest.conftest import APP, Page


def test_a_layout_that_is_not_there_is_computed_unasked_over_principal_components(new_page, monkeypatch):
    may_begin = threading.Event()
    before_layouts(monkeypatch, may_begin.wait)
    new_page.run()
    while new_page.test.get("progress"):
        new_page.run()
    assert new_page.begins and "Not computed yet" not in new_page.text
    new_page.tell("projector", "begin", True)
    assert not new_page.begins
    assert "PCA 2D" in new_page.text and "Not computed yet" not in new_page.text
    assert new_page.data("projector")["coords"]["url"] and not new_page.data("projector")["isAsked"]
    assert new_page.asked.projection == Tsne()
    may_begin.set()
    new_page.open()
    assert new_page.view.projection.spec == Tsne()
    assert new_page.shown("tab") == "Inspect"


def test_a_layout_that_is_there_is_shown_with_classes_1_and_7(new_page):
    new_page.open()
    later = Page()
    later.run()
    assert later.view.projection.spec == Tsne()
    assert later.shown("tab") == "Overlap"
    assert later.data("projector")["highlighted"] == [1, 7]
    assert later.data("projector")["run"] is None


NEW_SERVER = """
import sys
from tests.apptest.conftest import Page
page = Page().open().show_tab("Overlap")
print(page.data("closest")["cards"], page.text, sep="\\n")
print("imported:", *sorted({"scipy", "faiss"} & set(sys.modules)))
"""


def test_a_server_that_starts_with_everything_stored_searches_no_neighbors():
    def shown_and_imported():
        ran = subprocess.run(
            [sys.executable, "-c", NEW_SERVER], cwd=APP.parent, capture_output=True, text=True, check=True
        )
        *shown, imported = ran.stdout.splitlines()
        return shown, imported

    first, second = shown_and_imported(), shown_and_imported()
    assert first[0] == second[0] and any("About **" in line for line in second[0])
    assert (first[1], second[1]) == ("imported: faiss scipy", "imported:")


@pytest.mark.parametrize("labels", [[3], [3, 4], [0, 1, 7, 0, 1, 7, 1, 7, 1]], ids=len)
def test_of_too_few_items_for_any_perplexity_principal_components_are_shown(new_page, mnist_folder, labels):
    mnist_folder(labels)
    new_page.open()
    assert new_page.shown("method") == "pca"


def test_as_few_items_as_fit_are_laid_out(new_page, mnist_folder):
    mnist_folder([1, 7] * 5)
    new_page.open()
    assert new_page.errors == []
    assert new_page.view.projection.spec == Tsne(perplexity=3)


def test_what_was_chosen_before_a_restart_is_not_computed_unasked(new_page):
    new_page.test.session_state["split-digits"] = "train"
    new_page.open()
    assert "Not computed yet" in new_page.text
    assert "PCA 2D" in new_page.text


def test_who_chooses_something_just_before_it_begins_gets_that_and_no_run(new_page):
    new_page.run()
    while new_page.test.get("progress"):
        new_page.run()
    new_page.control("method").set_value("umap")
    new_page.tell("projector", "begin", True)
    new_page.open()
    assert new_page.shown("method") == "umap" and "Not computed yet" in new_page.text


def test_once_something_else_was_shown_nothing_is_computed_unasked(page):
    page.open()
    page.choose("method", "tsne")
    assert "Not computed yet" in page.text
    assert page.view.projection.spec == Pca()


def test_a_layout_that_fails_leaves_principal_components_and_says_why(new_page, monkeypatch):
    def fail():
        raise InputError("the disk is on fire; put it out")

    before_layouts(monkeypatch, fail)
    new_page.open()
    assert new_page.errors == ["the disk is on fire; put it out"]
    assert new_page.view.projection.spec == Pca()
    assert new_page.button("↻ Try again")


def before_layouts(monkeypatch, first):
    """Let all layouts but PCA call `first`."""
    projection_of = embviz.view.projection_of

    def after_first(features, spec, **options):
        if not isinstance(spec, Pca):
            first()
        return projection_of(features, spec, **options)

    monkeypatch.setattr(embviz.view, "projection_of", after_first)
