"""Color by: another column changes the colors and the legend, and nothing else."""

import numpy as np
import pytest

from embviz.coloring import KNOWN, ColorBy
from embviz.datasets import load
from embviz.datasets.named.digits import digits_dataset
from embviz.ui import plot
from embviz.ui.sidebar.color_offer import KEPT, MadeColorings
from tests.columns import with_columns

SPLIT = ColorBy("column", "split")
PINNED = {"source": "digits/1797", "serial": 1, "pinned": 5, "selected": "Aw==", "pair": None}


@pytest.fixture
def digits(page):
    return page.open()


def test_the_class_labels_are_colored_at_first(digits):
    first, *others, last = digits.control("color-by").options
    assert (first, last) == ("Class label", "One color") and "split" in others
    coloring = digits.data("projector")["coloring"]
    assert (coloring["name"], coloring["kind"]) == ("class", "categories")
    assert [entry["name"] for entry in coloring["entries"]] == list("0123456789")


def test_other_colors_move_nothing_lose_nothing_and_compute_nothing(digits):
    before = digits.answer("projector", "focus", PINNED).data("projector")
    jobs = digits.jobs()
    after = digits.choose("color-by", SPLIT).data("projector")
    assert (after["coloring"]["name"], [entry["name"] for entry in after["coloring"]["entries"]]) == (
        "split",
        ["test", "train"],
    )
    assert sum(entry["count"] for entry in after["coloring"]["entries"]) == 1797
    assert {name for name in before if after[name] != before[name]} == {"address", "coloring"}
    assert digits.jobs() == jobs
    assert digits.choose("color-by", ColorBy("label")).data("projector") == before


def test_what_a_classifier_knows_is_offered_with_its_features_and_kept_for_them(digits):
    digits.choose("features", "hidden").click("▶ Run")
    assert digits.control("color-by").options[:3] == ["Class label", "Prediction", "Right or wrong"]
    right, wrong = digits.choose("color-by", ColorBy("correctness")).data("projector")["coloring"]["entries"]
    view = digits.view
    n_wrong = int((view.features.predictions != view.dataset.labels).sum())
    assert (right["name"], wrong["name"], wrong["count"]) == ("right", "wrong", n_wrong)
    assert digits.choose("features", "pixels").data("projector")["coloring"]["name"] == "class"
    assert digits.choose("features", "hidden").data("projector")["coloring"]["name"] == "right or wrong"


def test_everything_that_is_known_of_the_items_is_offered_and_shown(digits):
    digits.choose("features", "hidden").click("▶ Run")
    view = digits.view
    for what, known in KNOWN.items():
        assert known.is_there(view.dataset, view.features) == (known.title in digits.control("color-by").options)
        if known.is_there(view.dataset, view.features):
            shown = digits.choose("color-by", ColorBy(what)).data("projector")["coloring"]
            assert shown["name"] == known.made(view.dataset, view.features).name


def test_the_overlap_tab_highlights_its_classes_in_any_color(digits):
    before = digits.show_tab("Overlap").data("projector")
    assert before["highlighted"] == [1, 7]
    assert digits.choose("color-by", SPLIT).data("projector")["highlighted"] == [1, 7]


def test_few_colorings_are_kept(digits):
    for split in ("train", "test", "all", "train", "test", "all"):
        digits.choose("split-digits", split)
    made = digits.session.kept(MadeColorings).made
    assert 0 < len(made) <= KEPT and made[-1][0][1] == digits.view.dataset.fingerprint
    drawn = [made[0] for made in digits.session.pane.kept(plot.Drawn).made]
    assert 0 < len(drawn) <= plot.KEPT and drawn[-1] is made[-1][1]


def test_what_the_browser_still_has_from_before_a_restart_is_colored(page):
    page.test.session_state["color-by"] = SPLIT
    assert page.open().data("projector")["coloring"]["name"] == "split"
    assert page.choose("split-digits", "train").data("projector")["coloring"]["name"] == "split"


def test_numbers_have_a_scale_or_a_color_each(page, monkeypatch):
    monkeypatch.setattr(load, "digits_dataset", lambda split: with_columns(digits_dataset(split)))
    page.open().choose("color-by", ColorBy("column", "ink"))
    ink = page.view.dataset.metadata["ink"]
    on_scale = page.data("projector")["coloring"]
    assert (on_scale["kind"], on_scale["scale"]["low"]) == ("values", np.nanmin(ink))
    apart = page.choose("categories-ink", True).data("projector")["coloring"]
    assert (apart["kind"], apart["scale"]) == ("categories", None)
    assert sum(entry["count"] for entry in apart["entries"]) == len(ink)
    assert page.choose("categories-ink", False).data("projector")["coloring"] == on_scale
    page.choose("color-by", ColorBy("column", "writer"))
    assert [toggle.label for toggle in page.test.toggle] == [], "text is categories in any case"
