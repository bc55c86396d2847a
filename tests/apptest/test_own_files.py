"""Somebody's own files on the page: opened on by the command, with and without images and labels."""

import gc
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embviz.coloring import ColorBy
from embviz.datasets import Files, Named, Uploaded, source_named
from embviz.datasets.files.uses.wishes import NO_WISHES, Wishes
from embviz.datasets.own.started import VARIABLE, started_text
from embviz.features.features import Activations, NamedVectors, Pixels, Vectors
from embviz.projection.specs import Tsne
from embviz.ui.contract.focus import id_set
from embviz.ui.panels.overlap import PAIR
from embviz.ui.panels.panel import TABS
from tests.apptest.conftest import Page
from tests.unit.datasets.files.log_folders import SummaryWriter

N = 60
seen_before = pytest.mark.usefixtures("first_picture_is_there")
TABS_OF_THE_PAGE = ("Inspect", "Overlap", "Trust", "Export")


def opens_on(monkeypatch: pytest.MonkeyPatch, path: Path | str, wishes: Wishes = NO_WISHES) -> None:
    monkeypatch.setenv(VARIABLE, started_text(source_named(path, wishes)))


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    """Vectors without labels, as a table."""
    path = tmp_path / "vectors.csv"
    numbers = np.random.default_rng(0).normal(size=(N, 5))
    path.write_text("a,b,c,d,e\n" + "\n".join(",".join(f"{number:.4f}" for number in row) for row in numbers))
    return path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Images of two classes, half of them black above and half black below."""
    path = tmp_path / "images.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for place in range(N):
            pixels = np.random.default_rng(place).integers(0, 60, (8, 8), np.uint8)
            pixels[: 4 if place % 2 else 8, : 8 if place % 2 else 4] += 150
            packed = io.BytesIO()
            Image.fromarray(pixels).save(packed, "PNG")
            archive.writestr(f"{'up' if place % 2 else 'left'}/{place:03}.png", packed.getvalue())
    return path


def test_vectors_alone_are_laid_out_and_every_tab_says_what_it_needs(new_page, vectors, monkeypatch):
    opens_on(monkeypatch, vectors)
    new_page.open()
    view = new_page.view
    assert isinstance(view.spec.source, Files) and view.spec.features == Vectors()
    assert isinstance(view.spec.projection, Tsne) and len(view.dataset) == N
    assert new_page.control("dataset").options[0] == "vectors.csv"
    assert "5 columns of numbers side by side" in new_page.text
    data = new_page.data("projector")
    assert data["images"] is None and data["coloring"] is None
    for tab in TABS_OF_THE_PAGE:
        new_page.show_tab(tab)
        assert new_page.errors == []
    new_page.show_tab("Overlap")
    assert "it needs items with at least two different labels" in new_page.text


def test_images_with_labels_offer_pixels_and_the_classifier(new_page, images, monkeypatch):
    opens_on(monkeypatch, images)
    new_page.open()
    assert new_page.view.spec.features == Pixels() and new_page.view.dataset.class_names == ("left", "up")
    assert new_page.control("features").options == ["Pixels", "Classifier · hidden layer", "Classifier · logits"]
    new_page.choose("method", "pca").choose("features", "hidden").click("▶ Run")
    assert new_page.view.spec.features == Activations("hidden")
    assert new_page.view.features.test_accuracy == 1.0
    for tab in TABS_OF_THE_PAGE:
        new_page.show_tab(tab)
        assert new_page.errors == []


def test_each_set_of_vectors_is_offered(new_page, tmp_path, monkeypatch):
    path = tmp_path / "two.npz"
    rng = np.random.default_rng(0)
    np.savez(path, clip=rng.normal(size=(N, 6)), dino=rng.normal(size=(N, 4)))
    opens_on(monkeypatch, path)
    new_page.open()
    name = new_page.view.spec.features
    assert name == Vectors()
    (control,) = [each for each in new_page.test.selectbox if each.label == "Features"]
    assert control.options == ["Vectors · clip", "Vectors · dino"]
    new_page.choose(control.key, "vectors:dino").click("▶ Run")
    assert new_page.view.spec.features == NamedVectors("dino") and new_page.view.features.vectors.shape == (N, 4)


def test_each_tensor_of_a_log_folder_is_offered(new_page, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    for run, n in (("words", N), ("images", N // 2)):
        (tmp_path / run).mkdir()
        SummaryWriter(tmp_path / run).add_embedding(rng.normal(size=(n, 4)).astype(np.float32), [f"{run}"] * n)
    opens_on(monkeypatch, tmp_path)
    new_page.open()
    folder = tmp_path.name
    titles = [f"{folder}: images/default:00000", f"{folder}: words/default:00000"]
    assert new_page.control("dataset").options[:2] == titles
    assert len(new_page.view.dataset) == N // 2
    new_page.control("dataset").select(titles[1])
    new_page.open().click("▶ Run")
    dataset = new_page.view.dataset
    assert len(dataset) == N and dataset.class_names == ("words",) and dataset.name == titles[1]


def test_what_the_user_says_of_columns_counts(new_page, vectors, monkeypatch):
    opens_on(monkeypatch, vectors, Wishes(vectors="a,b"))
    assert new_page.open().view.features.vectors.shape == (N, 2)


def test_a_file_that_cannot_be_read_is_one_sentence_and_other_data_can_be_chosen(new_page, tmp_path, monkeypatch):
    path = tmp_path / "model.csv"
    path.write_bytes(b"\x80\x04\x95 pickled")
    opens_on(monkeypatch, path)
    new_page.open()
    (error,) = new_page.errors
    assert "model.csv" in error
    new_page.choose("dataset", "digits").click("▶ Run")
    assert new_page.errors == [] and new_page.view.spec.source == Named("digits")


@seen_before
def test_a_file_that_is_gone_takes_nothing_else_away(new_page, vectors, monkeypatch):
    opens_on(monkeypatch, vectors)
    vectors.unlink()
    new_page.open()
    (error,) = new_page.errors
    assert "vectors.csv" in error and new_page.view.spec.source == Named("digits")


@seen_before
def test_a_name_opens_that_dataset(new_page, monkeypatch):
    opens_on(monkeypatch, "digits")
    assert new_page.open().view.spec.source == Named("digits")


def test_the_tab_meanwhile_is_that_of_the_first_picture(new_page, vectors, monkeypatch):
    opens_on(monkeypatch, vectors)
    assert new_page.open().shown(TABS.key) == "Inspect"


def fields(page):
    """The fields for own files; that for bookmarks is another one."""
    return [each for each in page.test.file_uploader if "-dropped-" in each.key]


def dropped(page, *files):
    """The page with the dialog open and these files dropped on it."""
    page.click("Open your own files…")
    (uploader,) = fields(page)
    uploader.set_value([(name, content, "application/octet-stream") for name, content in files])
    return page.open()


@seen_before
def test_dropped_files_are_looked_at_then_loaded(new_page, images):
    new_page.open()
    dropped(new_page, ("images.zip", images.read_bytes()))
    assert "60 items" in new_page.text and "2 classes: left, up" in new_page.text
    assert new_page.view.spec.source == Named("digits")
    new_page.click("Load")
    source = new_page.view.spec.source
    assert isinstance(source, Uploaded) and new_page.view.dataset.title == "images.zip"
    assert len(new_page.view.dataset) == N and new_page.view.dataset.class_names == ("left", "up")
    assert not fields(new_page)
    assert new_page.control("dataset").options[0] == "images.zip"


@seen_before
def test_what_was_recognized_can_be_corrected(new_page, vectors):
    new_page.open()
    dropped(new_page, ("vectors.csv", vectors.read_bytes()))
    (control,) = new_page.test.multiselect
    control.set_value(["a", "c", "e"])
    new_page.open()
    (group,) = [each for each in new_page.test.selectbox if each.label == "Group"]
    group.set_value("b")
    new_page.open()
    assert new_page.errors == [] and "vectors a, 3 values" in new_page.text
    new_page.click("Load")
    assert new_page.view.features.vectors.shape == (N, 3) and new_page.view.dataset.group == "b"


@seen_before
def test_a_bad_file_is_one_sentence_in_the_dialog(new_page):
    new_page.open()
    dropped(new_page, ("model.pkl", b"\x80\x04\x95 pickled"))
    (error,) = new_page.errors
    assert "pickle" in error and "numpy.savez" in error
    (uploader,) = fields(new_page)
    uploader.set_value([("good.csv", b"a,b\n1,2\n3,4\n5,6\n", "text/csv")])
    new_page.open()
    assert new_page.errors == [] and "3 items" in new_page.text


@seen_before
def test_uploads_of_two_visitors_never_meet_and_go_with_their_sessions(new_page, vectors):
    folders = []
    pages = [new_page, Page()]
    for page, number in zip(pages, ("1", "2"), strict=True):
        page.open()
        dropped(page, ("same.csv", b"a,b\n" + b"\n".join(number.encode() + b",%d" % row for row in range(12))))
        page.click("Load")
        assert (page.view.dataset.vectors[:, 0] == int(number)).all()
        folders.append(page.view.spec.source.paths[0].parent)
    first, second = (page.view.spec.source for page in pages)
    assert first.key != second.key and first.paths != second.paths
    assert all(sum("same.csv" in title for title in page.control("dataset").options) == 1 for page in pages)
    del page, pages[1]
    gc.collect()
    assert folders[0].exists() and not folders[1].exists()


def test_the_columns_of_a_dropped_table_are_added_to_the_items_that_are_open(new_page, tmp_path):
    new_page.open().choose("method", "pca").choose("split-digits", "test").choose("limit-digits-test", "300")
    before, source = new_page.view, Named("digits")
    focus = {"source": source.key, "serial": 1, "pinned": int(before.dataset.ids[3]), "selected": None, "pair": None}
    focus["selected"] = id_set(before.dataset.ids[5:9].tolist(), 1797)
    shown = new_page.answer("projector", "focus", focus).data("projector")
    order = np.random.default_rng(0).permutation(1797)
    rows = "\n".join(f"{item}\t{item % 5}\tkind {item % 3}" for item in order)
    dropped(new_page, ("more.tsv", f"id\tnumber\tkind\n{rows}\n".encode()))
    assert "matched by 'id'" in new_page.text and new_page.errors == []
    new_page.click("Add its columns to Digits 8×8")
    after = new_page.view
    assert isinstance(after.spec.source, Uploaded) and after.dataset.title == "Digits 8×8 + more.tsv test"
    assert after.dataset.ids.tolist() == before.dataset.ids.tolist() and after.dataset.items == before.dataset.items
    assert after.dataset.metadata["number"].tolist() == (before.dataset.ids % 5).tolist()
    assert after.dataset.metadata["kind"].tolist() == [f"kind {item % 3}" for item in before.dataset.ids]
    assert after.projection.fingerprint == before.projection.fingerprint
    told = new_page.data("projector")
    assert told["coords"] == shown["coords"] and told["address"] == ""
    kept = ("pinned", "selected")
    assert [told["focus"][name] for name in kept] == [shown["focus"][name] for name in kept]
    assert told["focus"]["pinned"] == int(before.dataset.ids[3])
    legend = new_page.choose("color-by", ColorBy("column", "kind")).data("projector")["coloring"]
    assert [entry["name"] for entry in legend["entries"]] == ["kind 0", "kind 1", "kind 2"]
    assert {"number", "kind"} <= set(new_page.control("label-by").options)


def test_a_table_that_does_not_fit_says_so_below_what_it_is_by_itself(new_page):
    dropped(new_page.open(), ("more.tsv", b"size\n" + b"1\n" * 60))
    reason = "numbers of items differ: more has 60 rows, and digits 1,797 items"
    assert new_page.text.index("**60 items**") < new_page.text.index(reason)
    assert not [each for each in new_page.test.button if each.label.startswith("Add its columns")]


@seen_before
def test_of_sixty_classes_the_table_shows_the_chosen_ones_and_those_that_overlap_most(new_page, tmp_path, monkeypatch):
    """Classes 58 and 59 lie on each other; all others are far apart."""
    middles = np.array([1000.0 * min(code, 58) for code in range(60)]).repeat(12)
    numbers = np.random.default_rng(0).normal(size=(720, 3)) + middles[:, None]
    lines = [f"{each[0]},{each[1]},{each[2]},class {row // 12:02}" for row, each in enumerate(numbers)]
    path = tmp_path / "sixty.csv"
    path.write_text("\n".join(["a,b,c,label", *lines]))
    opens_on(monkeypatch, path)
    page = new_page.open().show_tab("Overlap")
    told = page.data("all-pairs")
    assert len(told["names"]) == len(told["values"]) == 40 and "Shown: 40 of 60 classes" in page.text
    assert {"class 01", "class 07", "class 58", "class 59"} <= {*told["names"]}, "1 and 7 are chosen at first"
    cell = [told["names"].index("class 59"), told["names"].index("class 58")]
    assert told["values"][cell[0]][cell[1]] > 10
    page.trigger("all-pairs", "pair", cell)
    assert page.data("projector")["highlighted"] == [59, 58]


@seen_before
def test_columns_called_as_what_every_dataset_has_can_be_chosen_beside_it(new_page, tmp_path, monkeypatch):
    rows = [f"{row % 7},{row % 5}.5,{'ab'[row % 2]},K{row % 3},L{row % 3}" for row in range(N)]
    path = tmp_path / "items.csv"
    path.write_text("\n".join(["x,y,label,Id,Class label", *rows]))
    opens_on(monkeypatch, path)
    page = new_page.open()
    for by, name in (("id", "id"), ("column:Id", "Id"), ("class", "class"), ("column:Class label", "Class label")):
        page.choose("label-by", by)
        assert page.data("projector")["labels"]["name"] == name
    for by, entry in ((ColorBy("column", "Class label"), "L0"), (ColorBy("label"), "a")):
        page.choose("color-by", by)
        assert page.data("projector")["coloring"]["entries"][0]["name"] == entry


@seen_before
def test_that_neighbors_of_other_groups_only_are_compared_is_kept_while_another_tab_is_open(
    new_page, tmp_path, monkeypatch
):
    numbers = np.random.default_rng(0).normal(size=(N, 2))
    rows = [f"{x:.4f},{y:.4f},{'ab'[row % 2]},w{row % 6}" for row, (x, y) in enumerate(numbers)]
    path = tmp_path / "grouped.csv"
    path.write_text("x,y,label,writer\n" + "\n".join(rows))
    opens_on(monkeypatch, path, Wishes(group="writer"))
    new_page.test.session_state["method"] = "pca"
    new_page.open().show_tab("Overlap")

    def is_on():
        (toggle,) = new_page.test.toggle
        assert toggle.label == "Compare with other writers only"
        assert (new_page.job(PAIR).result().in_features.others_chance is not None) is toggle.value
        return toggle.value

    assert not is_on()
    new_page.choose("others-only", True)
    assert is_on()
    new_page.show_tab("Export").show_tab("Overlap")
    assert is_on()
    new_page.choose("others-only", False).show_tab("Export").show_tab("Overlap")
    assert not is_on()
