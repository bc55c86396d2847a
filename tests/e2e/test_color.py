"""Color by: every point has the color of its own value, and nothing else changes."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from embviz.coloring import CategoryColoring, column_coloring, label_coloring
from embviz.coloring.coloring import MOST_CATEGORIES
from embviz.coloring.palette import MISSING, SCALE
from embviz.datasets import load_dataset
from tests.columns import N_WITHOUT, N_WRITERS, with_columns
from tests.e2e.projector_page import ProjectorPage
from tests.e2e.servers import ROOT, served

DIGITS = with_columns(load_dataset("digits", "all"))
WITH_COLUMNS = """import embviz.datasets.load as load
from embviz.datasets.named.digits import digits_dataset
from tests.columns import with_columns

load.digits_dataset = lambda split: with_columns(digits_dataset(split))
from embviz.ui import first_picture

first_picture.FEWEST_FOR_TSNE, first_picture.FIRST_TAB = 10**6, "Inspect"
"""

BEHIND = """
import time
from pathlib import Path

from {module} import {function} as _in_time
import {module} as held


def late(*given, **named):
    while Path("{hold}").exists():
        time.sleep(0.02)
    return _in_time(*given, **named)


held.{function} = late
"""
"""Holds the script back where it calls a function, as long as there is a file."""


@pytest.fixture(scope="module")
def address(compiled_kernels, tmp_path_factory):
    home = tmp_path_factory.mktemp("columns")
    script = home / "app.py"
    script.write_text(WITH_COLUMNS + (ROOT / "app.py").read_text())
    with served(home, script=script) as found:
        yield found


@pytest.fixture
def colored(page, address):
    return ProjectorPage(page, address).open()


def color_by(projector, name, legend):
    projector.choose_listed("Color by", name)
    expect(projector.page.locator(".embviz-legend-title")).to_contain_text(legend)


def channels(color):
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def expected_color(coloring, row):
    if isinstance(coloring, CategoryColoring):
        code = coloring.codes[row]
        return channels((MISSING if code < 0 else coloring.colors[code]).light)
    place = coloring.places()[row]
    if np.isnan(place):
        return channels(MISSING.light)
    steps = np.linspace(0, 1, len(SCALE))
    return [
        np.interp(place, steps, channel) for channel in zip(*(channels(color.light) for color in SCALE), strict=True)
    ]


def drawn_color(projector, item):
    """Of the middle of the item's point."""
    x, y = projector.places()[item]
    clip = {"x": round(x) - 1, "y": round(y) - 1, "width": 3, "height": 3}
    shot = Image.open(io.BytesIO(projector.page.screenshot(clip=clip))).convert("RGB")
    return shot.getpixel((1, 1))


def assert_drawn_as(projector, coloring):
    projector.page.mouse.move(0, 0)  # no ring is in the way
    for item in projector.isolated_ids(12):
        row = int(np.flatnonzero(DIGITS.ids == item)[0])
        np.testing.assert_allclose(drawn_color(projector, item), expected_color(coloring, row), atol=3)


def test_every_point_has_the_color_of_its_value_and_none_moves(colored):
    places = colored.wait_still()
    assert_drawn_as(colored, label_coloring(DIGITS))
    color_by(colored, "ink", "ink")
    assert colored.wait_still() == places
    assert_drawn_as(colored, column_coloring(DIGITS, "ink", DIGITS.metadata["ink"]))
    color_by(colored, "writer", "writer")  # whose legend needs more rows, so that the plot is lower
    colored.wait_still()
    assert_drawn_as(colored, column_coloring(DIGITS, "writer", DIGITS.metadata["writer"]))
    color_by(colored, "Class label", "class")
    assert colored.wait_still() == places
    assert_drawn_as(colored, label_coloring(DIGITS))


def test_the_legend_has_an_entry_for_the_rest_and_one_for_nothing(colored):
    color_by(colored, "writer", "writer")
    names = colored.page.locator(".embviz-chip[data-code] b").all_inner_texts()
    assert len(names) == MOST_CATEGORIES + 2
    assert names[-2:] == [f"{N_WRITERS - MOST_CATEGORIES} others", "no value"]
    without = colored.page.locator('.embviz-chip[data-code="-1"]')
    without.dblclick()
    assert sorted(colored.places()) == list(range(N_WITHOUT))
    without.dblclick()
    assert len(colored.places()) == len(DIGITS)


def test_a_scale_says_its_range_and_items_without_a_number_can_be_hidden(colored):
    color_by(colored, "ink", "ink")
    ink = DIGITS.metadata["ink"]
    ends = colored.page.locator(".embviz-legend-title b").all_inner_texts()
    np.testing.assert_allclose([float(end) for end in ends], [np.nanmin(ink), np.nanmax(ink)], rtol=1e-5)
    colored.page.locator('.embviz-chip[data-code="-1"]').click()
    assert set(colored.places()) == set(DIGITS.ids[~np.isnan(ink)].tolist())


def test_the_tooltip_says_what_the_color_means(colored):
    color_by(colored, "ink", "ink")
    (item,) = colored.isolated_ids(1)
    row = int(np.flatnonzero(DIGITS.ids == item)[0])
    colored.tooltip_pixels(item)
    fact = colored.page.locator(".embviz-tooltip").inner_text()
    name, said = fact.rsplit(": ", 1)
    assert name.endswith("ink")
    np.testing.assert_allclose(float(said), DIGITS.metadata["ink"][row], rtol=1e-5)


def test_what_is_hidden_pinned_and_selected_stays_with_its_column(colored):
    page = colored.page
    page.locator('.embviz-chip[data-code="3"]').click()
    left = set(colored.places())
    item = colored.isolated_ids(1)[0]
    page.mouse.click(*colored.places()[item])
    page.wait_for_selector(f'.embviz[data-pinned="{item}"]', state="attached")
    color_by(colored, "writer", "writer")
    assert set(colored.places()) == set(DIGITS.ids.tolist()), "nothing of this column is hidden"
    assert colored.attribute("pinned") == str(item)
    color_by(colored, "Class label", "class")
    assert set(colored.places()) == left


def test_two_classes_are_highlighted_in_any_color(colored):
    color_by(colored, "writer", "writer")
    colored.page.get_by_role("tab", name="Overlap").click()
    expect(colored.page.locator(".embviz-status")).to_contain_text("1 and 7 highlighted")
    colored.wait_idle()
    others = int((~np.isin(DIGITS.labels, [1, 7])).sum())
    expect(colored.page.locator(".embviz-status")).to_contain_text(f"{others:,} others dimmed")


@pytest.mark.parametrize(
    ("module", "function", "chosen_by"),
    [("embviz.ui.sidebar.color", "recoloring", "pointer"), ("embviz.ui.main", "draw_plot", "keyboard")],
)
def test_points_and_legend_have_their_colors_before_the_script_has_run_and_the_rest_follows(
    page, serve, compiled_kernels, tmp_path, module, function, chosen_by
):
    hold, script = tmp_path / "hold", tmp_path / "app.py"
    behind = BEHIND.format(module=module, function=function, hold=hold.as_posix())
    script.write_text(WITH_COLUMNS + behind + (ROOT / "app.py").read_text())
    projector = ProjectorPage(page, serve(tmp_path, script=script)).open()
    by_ink = column_coloring(DIGITS, "ink", DIGITS.metadata["ink"])
    hold.touch()
    select = page.get_by_role("combobox", name="Color by").first
    projector.open_list(select)
    if chosen_by == "pointer":
        page.get_by_role("option", name="ink", exact=True).click()
    else:
        select.press_sequentially("ink")
        select.press("Enter")
    expect(page.locator(".embviz-legend-title")).to_contain_text("ink")
    assert_drawn_as(projector, by_ink)
    assert "ink" not in page.url
    hold.unlink()
    expect(page).to_have_url(re.compile("column=ink"))
    projector.wait_idle()
    assert_drawn_as(projector, by_ink)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".embviz-legend")).to_have_count(2)
    projector.wait_idle()
    projector.choose_listed("Color by", "writer")
    for title in page.locator(".embviz-legend-title").all():
        expect(title).to_contain_text("writer")
