"""Somebody's own files on the page: opened on by the command, with and without images and labels."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embviz.datasets import Files, Named, source_named
from embviz.datasets.files.uses.wishes import NO_WISHES, Wishes
from embviz.datasets.started import VARIABLE, started_text
from embviz.features.features import Activations, NamedVectors, Pixels, Vectors
from embviz.projection.specs import Tsne
from embviz.ui.panels.panel import TABS

N = 60
TABS_OF_THE_PAGE = ("Inspect", "Overlap", "Export")


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
    assert data["images"] is None and data["classes"] == []
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
    name = new_page.session.view.spec.features
    assert name == Vectors()
    (control,) = [each for each in new_page.test.selectbox if each.label == "Features"]
    assert control.options == ["Vectors · clip", "Vectors · dino"]
    new_page.choose(control.key, "vectors:dino").click("▶ Run")
    assert new_page.view.spec.features == NamedVectors("dino") and new_page.view.features.vectors.shape == (N, 4)


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


def test_a_file_that_is_gone_takes_nothing_else_away(new_page, vectors, monkeypatch):
    opens_on(monkeypatch, vectors)
    vectors.unlink()
    new_page.open()
    (error,) = new_page.errors
    assert "vectors.csv" in error and new_page.view.spec.source == Named("digits")


def test_a_name_opens_that_dataset(new_page, monkeypatch):
    opens_on(monkeypatch, "digits")
    assert new_page.open().view.spec.source == Named("digits")


def test_the_tab_meanwhile_is_that_of_the_first_picture(new_page, vectors, monkeypatch):
    opens_on(monkeypatch, vectors)
    assert new_page.open().shown(TABS.key) == "Inspect"
