"""Files that change under a page that is open: what is shown is of the new ones, or a sentence says why not."""

import shutil

import numpy as np
import pytest

from embviz.datasets import load
from embviz.overlap import class_overlap, overlap_matrix
from embviz.ui.contract.focus import id_set
from embviz.ui.panels.pairs.shares import percent
from tests.unit.idx_files import write_split

LABELS = [1, 7] * 12
OTHER_LABELS = [1, 1, 7, 1] * 6


@pytest.fixture
def mnist(page, mnist_folder):
    """The page on MNIST's test items as `mnist_folder` makes them."""
    mnist_folder(LABELS)
    return page.open()


def counts(page):
    return {each["name"]: each["count"] for each in page.data("projector")["coloring"]["entries"] if each["count"]}


def test_the_page_shows_the_new_files_with_the_next_click_and_no_pin_of_the_old_ones(mnist, mnist_folder):
    told = mnist.data("projector")
    selected = id_set([60_001], told["items"]["idLimit"])
    focus = {"source": told["source"], "serial": 1, "pinned": 60_003, "selected": selected, "pair": None}
    mnist.answer("projector", "focus", focus)
    assert mnist.has("pinned") and mnist.open().data("projector")["items"] == told["items"]
    mnist_folder([*OTHER_LABELS, 1])
    mnist.open()
    assert (mnist.view.dataset.n_split, counts(mnist)) == (25, {"1": 19, "7": 6})
    assert mnist.shown("limit-mnist-test") == "All 25"
    assert "25 of 25" in mnist.text and mnist.data("projector")["isAsked"]
    assert not mnist.has("pinned") and mnist.data("projector")["focus"]["selected"] is None
    assert mnist.data("projector")["coords"] != told["coords"] and mnist.errors == []


def test_classes_are_measured_anew_when_only_the_labels_have_changed(mnist, mnist_folder):
    mnist.show_tab("Overlap")
    before = mnist.view
    mnist_folder(OTHER_LABELS)
    mnist.open()
    assert mnist.view.features is before.features, "the images are the same"
    labels = mnist.view.dataset.labels
    assert labels.tolist() == OTHER_LABELS
    spaces = {"In feature space": before.features.vectors, "In this projection": before.projection.coords}
    for title, vectors in spaces.items():
        index = class_overlap(vectors, labels, (1, 7), 10, space="").index
        assert index != class_overlap(vectors, before.dataset.labels, (1, 7), 10, space="").index
        assert f"<span>{title}</span><b>{percent(index)}</b>" in mnist.text
    matrix = overlap_matrix(before.features.vectors, labels, 10, 10, space="pixels")
    told = np.array(mnist.data("all-pairs")["values"], np.float64)
    np.testing.assert_allclose(told, 100 * matrix.index, rtol=1e-12)


def test_files_prepared_with_old_labels_are_not_offered_with_the_new_ones(mnist, mnist_folder):
    mnist.show_tab("Export").click("Prepare files")
    assert "Unpack it, then run in the folder where you unpacked it:" in mnist.text
    mnist_folder(OTHER_LABELS)
    mnist.open()
    assert "Unpack it, then run in the folder where you unpacked it:" not in mnist.text and mnist.errors == []


def test_the_frames_of_a_run_are_never_replayed_over_other_items(mnist, mnist_folder):
    mnist.choose("method", "umap").choose("epochs", "20").click("▶ Run")
    first = mnist.data("projector")
    assert first["run"] is not None and first["isAsked"]
    mnist_folder([*LABELS, 1])
    told = mnist.open().data("projector")
    assert (told["items"], told["run"], told["isAsked"]) == (first["items"], first["run"], False)
    assert "24 of 24" in mnist.text and "Run finds neighbors and lays out 25 items of MNIST test" in mnist.text
    told = mnist.click("▶ Run").data("projector")
    assert told["items"]["count"] == 25 and told["isAsked"] and mnist.errors == []
    assert told["run"] is not None and told["run"]["url"] != first["run"]["url"]


def test_a_choice_that_the_new_files_do_not_allow_is_put_back_and_one_they_allow_stays(mnist, mnist_folder, tmp_path):
    mnist.choose("limit-mnist-test", "20")
    mnist_folder([*LABELS, 1])
    assert mnist.open().shown("limit-mnist-test") == "20" and len(mnist.view.dataset) == 20
    mnist_folder(LABELS[:10])
    assert mnist.open().shown("limit-mnist-test") == "All 10" and len(mnist.view.dataset) == 10
    write_split(tmp_path, "train", np.zeros((4, 28, 28)), np.arange(4))
    assert mnist.open().choose("split-mnist", "train").view.dataset.split == "train"
    for path in tmp_path.glob("train-*"):
        path.unlink()
    mnist.open()
    assert mnist.view.dataset.title == "mnist test" and mnist.errors == []


def test_a_set_whose_files_are_gone_is_no_longer_offered_and_says_so(mnist, tmp_path):
    for path in tmp_path.glob("t10k-*"):
        path.unlink()
    mnist.open()
    assert mnist.shown("dataset") == "digits" and "Digits 8×8" in mnist.text and mnist.errors == []
    assert "Download MNIST (11 MB)" in [each.label for each in mnist.test.button]


def test_a_data_folder_that_goes_away_is_named_and_the_page_is_there_again_with_it(mnist, tmp_path):
    away = tmp_path.with_name("away")
    tmp_path.rename(away)
    (error,) = mnist.open().errors
    assert str(tmp_path) in error.replace("\\", "") and "which is not a folder" in error.replace("\\", "")
    shutil.move(away, tmp_path)
    assert mnist.open().errors == [] and "24 of 24" in mnist.text


def test_files_that_change_while_the_page_reads_them_are_one_sentence_and_the_last_picture_stays(
    mnist, mnist_folder, monkeypatch
):
    read, again = load.idx_items, iter([OTHER_LABELS])

    def interrupted(*arguments):
        found = read(*arguments)
        for labels in again:
            mnist_folder(labels)
        return found

    before = mnist.data("projector")
    monkeypatch.setattr(load, "idx_items", interrupted)
    mnist_folder([*LABELS, 1])
    (error,) = mnist.open().errors
    assert error == "the files of MNIST have changed meanwhile; try again when nothing writes to them any more"
    told = mnist.data("projector")
    assert (told["items"], told["isAsked"]) == (before["items"], False) and "24 of 24" in mnist.text
    mnist.click("↻ Try again")
    assert mnist.errors == [] and mnist.view.dataset.labels.tolist() == OTHER_LABELS
    assert mnist.data("projector")["isAsked"]
