"""The files that a visitor takes away: whole, and prepared in turn."""

import zipfile

import pytest

from embviz.datasets import Named
from embviz.errors import Cancelled
from embviz.export.prepared import PreparedFiles, file_turns, prepared_files
from embviz.features import Pixels
from embviz.progress import no_progress
from embviz.projection import Pca
from embviz.storage.store import Store
from embviz.view import View, ViewSpec, features_in_turn, turns, view_of


@pytest.fixture
def store(own_store) -> Store:
    return Store(own_store)


@pytest.fixture
def view(store) -> View:
    return view_of(ViewSpec(Named("digits"), "test", 60, Pixels(), Pca()), compute=True, store=store)


@pytest.fixture
def one_epoch(monkeypatch):
    """A classifier that is quickly trained."""
    monkeypatch.setattr("embviz.features.network.EPOCHS", 1)


@pytest.fixture
def impatient():
    """Progress that stops whoever waits for others, and keeps what was said then."""
    said = []

    def progress(stage, done, total):
        if stage.endswith("before you"):
            said.append(stage)
            raise Cancelled("stopped as asked")

    progress.said = said
    return progress


def prepared(view, names, store, progress=no_progress) -> PreparedFiles:
    """As the Export tab has it."""
    features = [features_in_turn(view, name, store=store, progress=progress) for name in names]
    return prepared_files(view.dataset, features, [view.projection], progress=progress)


def test_the_zip_holds_the_features_asked_for_and_the_layout(view, store, one_epoch):
    made = prepared(view, ["pixels", "logits"], store)
    with zipfile.ZipFile(made.report.path) as archive:
        names = {name.split("/")[1] for name in archive.namelist()}
    assert {"tensor-pixels.bytes", "tensor-logits.bytes", "bookmarks-pixels.json"} <= names
    assert made.report.path.is_relative_to(made.folder.path)
    path = made.report.path
    del made
    assert not path.exists()


def test_a_classifier_for_the_files_is_trained_in_turn_with_the_layouts_and_only_once(
    view, store, impatient, one_epoch
):
    with turns.turn(no_progress), turns.turn(no_progress):
        assert prepared(view, ["pixels"], store, impatient)
        with pytest.raises(Cancelled):
            prepared(view, ["pixels", "hidden"], store, impatient)
        assert impatient.said == ["2 others before you"]
    assert prepared(view, ["pixels", "hidden"], store)
    with turns.turn(no_progress), turns.turn(no_progress):
        assert prepared(view, ["pixels", "hidden"], store, impatient)
        assert prepared(view, ["pixels", "logits"], store, impatient)  # of the same classifier
    assert (turns.n_working, turns.n_waiting) == (0, 0)


def test_files_are_written_for_one_visitor_after_the_other(view, store, impatient):
    with file_turns.turn(no_progress), pytest.raises(Cancelled):
        prepared(view, ["pixels"], store, impatient)
    assert impatient.said == ["1 other before you"]
    assert prepared(view, ["pixels"], store, impatient)
    assert (file_turns.n_working, file_turns.n_waiting) == (0, 0)
