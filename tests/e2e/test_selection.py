"""Lasso and box: what the page counts is what Python counts, and what an oracle counts."""

import csv
import io

import numpy as np
import pytest

from embviz.datasets import load_dataset

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
    # the outline is a polygon inside the circle: what is clearly inside counts, what is clearly outside does not
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


def test_clear_selection_shows_everything_again(projector):
    select_box(projector)
    projector.page.locator('[data-tool="clear"]').click()
    assert projector.attribute("selected") == "0"
    projector.page.get_by_role("heading", name="selected").wait_for(state="detached")


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
    neighbor = int(cards.first.get_attribute("data-ids"))
    cards.first.click()
    projector.page.wait_for_selector(f'.embviz[data-pinned="{neighbor}"]', state="attached")
