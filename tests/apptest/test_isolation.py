"""Isolating a selection: what is shown then, how it is laid out anew, and that Back and other data end it."""

import gzip

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from embviz.datasets import load_dataset
from embviz.export import coordinates_bytes
from embviz.projection.specs import Tsne
from embviz.server import shelf
from embviz.ui.contract.focus import id_set
from embviz.ui.panels.overlap import PAIR
from embviz.ui.selecting.isolation import Isolation, LastPart

DIGITS = load_dataset("digits", "all")
N = len(DIGITS)


def select(page, ids):
    focus = page.data("projector")["focus"]
    told = {**focus, "serial": focus["serial"] + 1, "selected": id_set(list(ids), N) if len(ids) else None}
    return page.answer("projector", "focus", told)


def fetched(url):
    """What the browser gets at an address."""
    return shelf.get(*url.split("/")[-2:])


def told_items(page):
    """Ids, labels and coordinates as the browser fetches them."""
    told = page.data("projector")
    items = np.frombuffer(fetched(told["items"]["url"]), np.int32).reshape(3, -1)
    coords = np.frombuffer(fetched(told["coords"]["url"]), np.float32)
    return items[0], items[1], coords.reshape(len(items[0]), -1)


SEVENS = DIGITS.ids[DIGITS.labels == 7]


def test_isolated_items_stay_where_they_are_and_everything_is_of_them_alone(page):
    page.open()
    ids, _, before = told_items(page)
    select(page, SEVENS).click("Isolate")
    shown, labels, coords = told_items(page)
    assert shown.tolist() == SEVENS.tolist() and set(labels.tolist()) == {7}
    assert np.array_equal(coords, before[np.isin(ids, SEVENS)])
    assert f"{len(SEVENS)} of {N:,} isolated" in page.text.replace("</span>", "").replace("<span>", "")
    assert f"**{len(SEVENS)} isolated**" in page.text
    counts = {entry["name"]: entry["count"] for entry in page.data("projector")["coloring"]["entries"]}
    assert counts["7"] == len(SEVENS) and sum(counts.values()) == len(SEVENS)
    assert page.data("projector")["focus"]["selected"] is None
    page.click("← Back")
    assert told_items(page)[0].tolist() == ids.tolist() and "isolated" not in page.text


def test_lay_out_anew_is_a_layout_of_these_items_alone(page):
    select(page.open(), SEVENS).click("Isolate").click("Lay out anew")
    assert page.view.dataset.ids.tolist() == SEVENS.tolist()
    assert page.view.spec.isolated is not None and not page.view.spec.isolated.keeps_places
    assert told_items(page)[0].tolist() == SEVENS.tolist()
    shares = page.view.projection.explained_variance_ratio
    assert f"PC 1 ({100 * shares[0]:.1f} %)" in page.data("projector")["coords"]["axes"]
    assert page.control("pc-x-64").options[0] == f"1 · {100 * shares[0]:.1f} %"
    coords = told_items(page)[2].astype(np.float64)
    assert np.abs(coords.mean(axis=0)).max() < 1e-3, "components of these items alone are centered on them"
    page.click("← Back")
    assert len(told_items(page)[0]) == N


def test_another_layout_while_items_are_isolated_is_of_them_and_fields_know_how_many_there_are(page):
    select(page.open(), SEVENS[:40]).click("Isolate").choose("method", "tsne")
    assert page.asked.isolated.ids.ids.tolist() == SEVENS[:40].tolist()
    assert isinstance(page.asked.projection, Tsne) and page.control("perplexity").max == 13
    assert len(told_items(page)[0]) == 40, "until it is there the items are shown where they were"
    page.click("▶ Run")
    assert page.errors == [] and page.view.projection.spec.perplexity <= 13
    assert told_items(page)[0].tolist() == SEVENS[:40].tolist()


def test_back_brings_back_what_the_perplexity_was(page):
    page.open().choose("method", "tsne").choose("perplexity", 50)
    select(page, SEVENS[:40]).click("Isolate").choose("dims", 3)
    assert page.shown("perplexity") <= 13
    page.click("← Back")
    assert len(told_items(page)[0]) == N and page.shown("perplexity") == 50


def test_other_data_end_the_isolation(page):
    select(page.open(), SEVENS).click("Isolate").choose("limit-digits-all", "500")
    assert len(told_items(page)[0]) == 500 and page.session.pane.kept(Isolation).levels == ()
    assert "isolated**" not in page.text


def test_the_same_isolated_twice_and_back_step_by_step(page):
    sevens, few = SEVENS.tolist(), SEVENS[:5].tolist()
    select(page.open(), sevens).click("Isolate")
    select(page, few).click("Isolate")
    assert told_items(page)[0].tolist() == few
    assert told_items(page.click("← Back"))[0].tolist() == sevens
    assert len(told_items(page.click("← Back"))[0]) == N


@pytest.mark.parametrize("ids", [SEVENS[:1], DIGITS.ids])
def test_one_item_alone_and_all_cannot_be_isolated(page, ids):
    select(page.open(), ids)
    assert page.button("Isolate").disabled


def test_overlap_and_coordinates_are_of_the_isolated_items(page):
    some = DIGITS.ids[np.isin(DIGITS.labels, [1, 7])]
    select(page.open(), some).click("Isolate").show_tab("Overlap")
    assert page.errors == []
    part = page.session.pane.kept(LastPart).part
    found = page.job(PAIR).result().in_features
    assert found.n_per_class == tuple(np.bincount(part.dataset.labels)[list(found.classes)])
    assert sum(found.n_per_class) == len(some)
    written = coordinates_bytes(".csv", part.dataset, part.projection).decode().splitlines()
    assert len(written) == len(some) + 1


def test_random_walks_keep_ids_images_labels_places_and_counts_together(page):
    """Select, isolate, lay out anew, back, sample: what the browser gets belongs together after every step."""
    rng = np.random.default_rng(5)
    page.open()
    for _ in range(25):
        step = rng.choice(["select", "isolate", "anew", "back", "sample", "clear"])
        buttons = {button.label: button for button in page.test.button}
        if step == "select":
            shown = told_items(page)[0]
            select(page, rng.choice(shown, max(1, len(shown) // 3), replace=False))
        elif step == "isolate" and "Isolate" in buttons and not buttons["Isolate"].disabled:
            page.click("Isolate")
        elif step == "anew" and "Lay out anew" in buttons:
            page.click("Lay out anew")
        elif step == "back" and "← Back" in buttons:
            page.click("← Back")
        elif step == "sample" and rng.random() < 0.3:
            page.choose("limit-digits-all", str(rng.choice(["500", "1,000", "All 1,797"])))
        elif step == "clear":
            select(page, [])
        ids, labels, coords = told_items(page)
        rows = np.searchsorted(DIGITS.ids, ids)
        assert DIGITS.ids[rows].tolist() == ids.tolist() and len(set(ids.tolist())) == len(ids)
        assert labels.tolist() == DIGITS.labels[rows].tolist()
        assert len(coords) == len(ids) and page.errors == []
        assert f"{len(ids):,} of" in page.text
        told = page.data("projector")
        assert told["items"]["count"] == len(ids) == sum(each["count"] for each in told["coloring"]["entries"])
        for url in told["images"]["urls"][:1]:
            assert images_of(fetched(url)) == {
                int(item): DIGITS.images[row].tobytes() for item, row in zip(ids, rows, strict=False)
            }


def images_of(body):
    content = gzip.decompress(body)
    count = int(np.frombuffer(content, np.int32, 1)[0])
    ids = np.frombuffer(content, np.int32, count, 4)
    pixels = np.frombuffer(content, np.uint8, offset=4 + 4 * count).reshape(count, -1)
    return {int(item): row.tobytes() for item, row in zip(ids, pixels, strict=True)}


def test_of_one_class_alone_the_overlap_tab_says_what_it_needs(page):
    select(page.open(), SEVENS).click("Isolate").show_tab("Overlap")
    assert told_items(page)[0].tolist() == SEVENS.tolist()
    page.show_tab("Export").show_tab("Inspect")
    assert page.errors == []


def test_nothing_is_isolated_in_a_plot_of_other_data_than_the_controls_ask_for(page):
    page.open().choose("method", "tsne").choose("perplexity", 12).click("▶ Run")
    select(page, SEVENS)
    page.choose("split-digits", "test")
    assert page.asked.split == "test" and page.view.dataset.split == "all", "the earlier plot is still shown"
    assert page.button("Isolate").disabled
    page.run(WidgetState(id=page.button("Isolate").proto.id, trigger_value=True))  # clicked just before
    assert "isolated" not in page.text and told_items(page)[0].tolist() == DIGITS.ids.tolist()


def test_trust_of_isolated_items_is_of_their_places_and_offers_no_other_seeds(page):
    page.open().choose("method", "tsne").click("▶ Run")
    select(page, SEVENS[:50]).click("Isolate").show_tab("Trust")
    assert not page.errors and "Of an item's 10 nearest neighbors" in page.text
    assert "Isolated items keep their places" in page.text
    assert "Compute layouts with four other seeds" not in [button.label for button in page.test.button]
