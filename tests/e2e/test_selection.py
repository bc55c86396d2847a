"""Lasso and box: the page, Python and an independent count select the same items."""

import csv
import io
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from embviz.datasets import load_dataset
from embviz.features import activation_features, train_network

DIGITS = load_dataset("digits", "all")


def plot_box(projector):
    box = projector.page.locator(".embviz-stage").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, min(box["width"], box["height"]) / 4


def ids_in_box(projector, left, top, right, bottom):
    places = projector.places()
    return {item for item, (x, y) in places.items() if left <= x <= right and top <= y <= bottom}


def select_box(projector):
    x, y, r = plot_box(projector)
    inside = ids_in_box(projector, x - r, y - r, x + r, y + r)
    projector.page.get_by_role("button", name="Box").click()
    projector.drag([(x - r, y - r), (x, y), (x + r, y + r)])
    return inside


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_box_counts_agree_on_page_in_python_and_by_hand(projector, dims):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"/{dims[0]}/")
    inside = select_box(projector)
    assert len(inside) > 50
    assert projector.attribute("selected") == str(len(inside))
    projector.page.get_by_role("heading", name=f"{len(inside):,} selected").wait_for()


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_lasso_selects_what_lies_inside_the_outline(projector, dims):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"/{dims[0]}/")
    x, y, r = plot_box(projector)
    angles = np.linspace(0, 2 * np.pi, 60)
    places = projector.places()
    projector.page.get_by_role("button", name="Lasso").click()
    projector.drag([(x + r * np.cos(angle), y + r * np.sin(angle)) for angle in angles])
    count = int(projector.attribute("selected"))
    distances = [np.hypot(px - x, py - y) for px, py in places.values()]
    # The outline is a polygon inside the circle, so items very near to the circle may be on either side.
    assert sum(d < 0.98 * r for d in distances) <= count <= sum(d < 1.01 * r for d in distances)
    projector.page.get_by_role("heading", name=f"{count:,} selected").wait_for()


def test_csv_holds_exactly_the_selected_items_with_their_labels(projector):
    inside = select_box(projector)
    projector.page.get_by_role("heading", name=f"{len(inside):,} selected").wait_for()
    with projector.page.expect_download() as download:
        projector.page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    assert {int(row["id"]) for row in rows} == inside
    labels = dict(zip(DIGITS.ids.tolist(), DIGITS.labels.tolist(), strict=True))
    assert all(int(row["label"]) == labels[int(row["id"])] for row in rows)


def test_hidden_classes_are_not_selected(projector):
    projector.page.locator('.embviz-chip[data-code="1"]').click()
    inside = select_box(projector)
    ones = set(DIGITS.ids[DIGITS.labels == 1].tolist())
    assert not inside & ones
    assert projector.attribute("selected") == str(len(inside))


def test_clear_selection_shows_everything_again_and_keeps_the_focus_in_the_toolbar(projector):
    inside = select_box(projector)
    clear, undo = (projector.page.locator(f'[data-tool="{name}"]') for name in ("clear", "undo"))
    clear.press("Enter")
    assert projector.attribute("selected") == "0"
    expect(undo).to_be_focused()
    projector.page.get_by_role("heading", name="selected").wait_for(state="detached")
    undo.press("Enter")
    undo.press("Enter")
    assert projector.attribute("selected") == "0"
    expect(undo).to_be_hidden()
    expect(projector.page.locator('[data-tool="reset"]')).to_be_focused()
    projector.page.keyboard.press("Control+Shift+z")
    wait_selected(projector, inside)


def wait_selected(projector, ids):
    projector.page.wait_for_selector(f'.embviz[data-selected="{len(ids)}"]', state="attached")


def test_shift_adds_and_alt_takes_away(projector):
    page, inside = projector.page, select_box(projector)
    x, y, r = plot_box(projector)
    right, lower = ids_in_box(projector, x, y - r, x + 2 * r, y + r), ids_in_box(projector, x - r, y, x + r, y + r)
    page.keyboard.down("Shift")
    projector.drag([(x, y - r), (x + r, y), (x + 2 * r, y + r)])
    page.keyboard.up("Shift")
    wait_selected(projector, inside | right)
    page.keyboard.down("Alt")
    projector.drag([(x - r, y), (x, y + r / 2), (x + r, y + r)])
    page.keyboard.up("Alt")
    wait_selected(projector, (inside | right) - lower)
    assert len((inside | right) - lower) < len(inside | right)
    page.get_by_role("heading", name=f"{len((inside | right) - lower):,} selected").wait_for()


def test_a_stray_click_costs_no_selection_and_what_was_cleared_comes_back(projector):
    page, inside = projector.page, select_box(projector)
    stage = page.locator(".embviz-stage").bounding_box()
    page.mouse.click(stage["x"] + 8, stage["y"] + 8)
    wait_selected(projector, inside)
    page.keyboard.press("Escape")
    wait_selected(projector, [])
    page.keyboard.press("Control+z")
    wait_selected(projector, inside)
    page.keyboard.press("Control+Shift+z")
    wait_selected(projector, [])
    page.keyboard.press("Control+z")
    page.get_by_role("heading", name=f"{len(inside):,} selected").wait_for()
    page.locator('[data-testid="stButton"]').get_by_role("button", name="Clear selection").click()  # the panel's
    wait_selected(projector, [])
    page.locator('[data-tool="undo"]').click()
    wait_selected(projector, inside)


def test_keys_pressed_in_a_field_change_no_selection(projector):
    (item,) = projector.isolated_ids(1)
    projector.page.mouse.click(*projector.places()[item])
    inside = select_box(projector)
    projector.wait_idle()
    field = projector.page.get_by_role("spinbutton", name="Neighbors")
    field.press("Escape")
    field.press("Control+z")
    wait_selected(projector, inside)
    assert projector.attribute("pinned") == str(item)


def test_the_gallery_begins_with_the_rarest_class_and_a_count_narrows_it_by_keyboard(projector):
    inside = select_box(projector)
    labels = dict(zip(DIGITS.ids.tolist(), DIGITS.labels.tolist(), strict=True))
    counts = np.bincount([labels[item] for item in inside], minlength=10)
    gallery = projector.page.locator(".st-key-selection .embviz-card")
    gallery.first.wait_for()
    shown = [labels[int(card.get_attribute("data-ids"))] for card in gallery.all()]
    assert [counts[label] for label in shown] == sorted(counts[label] for label in shown)
    most = int(counts.argmax())
    count = projector.page.locator('[data-testid="stButtonGroup"] button').last
    expect(count).to_have_text(f"{most} {counts[most]}")
    count.focus()
    count.press("Enter")
    expect(gallery.first.locator("b")).to_have_text(str(most))
    assert len(gallery.all()) == min(counts[most], 120)
    assert projector.attribute("selected") == str(len(inside))


def test_one_click_selects_what_the_classifier_got_wrong(projector):
    page = projector.page
    expect(page.locator(".embviz-chip-wrong")).to_be_hidden()
    projector.choose_listed("Features", re.compile("hidden layer"))
    projector.run_if_asked()
    network = train_network(load_dataset("digits", "train"), load_dataset("digits", "test"))
    wrong = DIGITS.ids[activation_features(DIGITS, network, "hidden").predictions != DIGITS.labels]
    page.get_by_role("button", name=f"wrong: {len(wrong)}").click()
    wait_selected(projector, wrong)
    page.get_by_role("heading", name=f"{len(wrong)} selected").wait_for()
    cards = page.locator(".st-key-selection .embviz-card")
    expect(cards).to_have_count(min(len(wrong), 120))
    assert {int(card.get_attribute("data-ids")) for card in cards.all()} <= set(wrong.tolist())


def assert_marked(projector, item, neighbors):
    """Check that each neighbor has a ring around its point, and a line from the pinned item."""
    stage, places = projector.page.locator(".embviz-stage").bounding_box(), projector.wait_still()
    rings = projector.page.locator(".embviz-marks circle")
    expect(rings).to_have_count(len(neighbors))
    marked = {int(ring.get_attribute("data-id")): ring for ring in rings.all()}
    assert set(marked) == neighbors
    for neighbor, ring in marked.items():
        center = [stage["x"] + float(ring.get_attribute("cx")), stage["y"] + float(ring.get_attribute("cy"))]
        np.testing.assert_allclose(center, places[neighbor], atol=1.5)
    expect(projector.page.locator(".embviz-marks line")).to_have_count(len(neighbors))


@pytest.mark.parametrize("dims", ["2D", "3D"])
def test_click_pins_the_item_and_shows_its_nearest_neighbors(projector, dims):
    projector.choose("Dimensions", dims)
    projector.wait_painted(f"/{dims[0]}/")
    (item,) = projector.isolated_ids(1)
    projector.page.mouse.click(*projector.places()[item])
    assert projector.attribute("pinned") == str(item)
    projector.page.get_by_text(f"id {item}", exact=False).first.wait_for()
    cards = projector.page.locator(".embviz-gallery").nth(1).locator(".embviz-card")
    cards.nth(11).wait_for()
    vectors = DIGITS.images.reshape(len(DIGITS), -1) / np.float64(255)
    distances = np.linalg.norm(vectors - vectors[item], axis=1)
    distances[item] = np.inf
    nearest = set(np.argsort(distances)[:12].tolist())
    assert {int(card.get_attribute("data-ids")) for card in cards.all()} == nearest
    assert_marked(projector, item, nearest)
    neighbor = int(cards.first.get_attribute("data-ids"))
    cards.first.click()
    projector.page.wait_for_selector(f'.embviz[data-pinned="{neighbor}"]', state="attached")
    projector.wait_idle()
    projector.page.get_by_role("button", name="← Back").click()
    projector.page.wait_for_selector(f'.embviz[data-pinned="{item}"]', state="attached")


def test_what_a_card_is_pointed_at_with_is_shown_at_its_point(projector):
    (item,) = projector.isolated_ids(1)
    projector.page.mouse.click(*projector.places()[item])
    card = projector.page.locator(".st-key-neighbors .embviz-card").nth(3)
    neighbor = int(card.get_attribute("data-ids"))
    projector.wait_idle()
    requests = []
    projector.page.on("request", lambda request: requests.append(request.url))
    card.hover()
    tooltip = projector.page.locator(f'.embviz-tooltip[data-id="{neighbor}"][data-drawn="true"]')
    expect(tooltip).to_be_visible()
    ring = projector.page.locator(".embviz-ring-hover").bounding_box()
    center = [ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2]
    np.testing.assert_allclose(center, projector.places()[neighbor], atol=1.5)
    gallery = projector.page.locator(".st-key-neighbors").bounding_box()
    box = tooltip.bounding_box()
    assert box["x"] + box["width"] <= gallery["x"], "the cards stay in sight"
    assert requests == []
    projector.page.mouse.move(5, 5)
    expect(tooltip).to_be_hidden()
    projector.page.locator(f'.embviz-chip[data-code="{DIGITS.labels[neighbor]}"]').click()  # hides its point
    card.hover()
    expect(tooltip).to_be_visible()
    expect(projector.page.locator(".embviz-ring-hover")).to_be_hidden()


def test_many_neighbors_have_rings_and_no_lines(projector):
    (item,) = projector.isolated_ids(1)
    projector.page.mouse.click(*projector.places()[item])
    field = projector.page.get_by_role("spinbutton", name="Neighbors")
    field.fill("50")
    field.press("Enter")
    expect(projector.page.locator(".embviz-marks circle")).to_have_count(50)
    expect(projector.page.locator(".embviz-marks line")).to_have_count(0)
    field.blur()
    projector.page.keyboard.press("Escape")
    expect(projector.page.locator(".embviz-marks circle")).to_have_count(0)
