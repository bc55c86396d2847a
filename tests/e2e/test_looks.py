"""Colors, room and print: in both themes, in windows of several sizes, and if the system replaces colors."""

import re

import pytest

from embviz.coloring.palette import TEN

SWATCHES = "[...document.querySelectorAll('.embviz-chip i')].map(i => getComputedStyle(i).backgroundColor)"
INK = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const found = {};
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) found[data.slice(at, at + 3).join(' ')] = true;
  }
  return Object.keys(found);
}"""


def rgb(color):
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def copied_colors(projector):
    """Colors of the points that are drawn, read from the copy that is made for printing."""
    projector.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    found = projector.page.locator("canvas.embviz-copy").evaluate(INK)
    projector.page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert projector.page.locator("canvas.embviz-copy").count() == 0
    return set(found)


def test_classes_have_the_colors_of_the_theme_shown_without_another_run_of_ours(projector):
    page = projector.page
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        colors = [rgb(getattr(color, theme)) for color in TEN]
        expected = [f"rgb({', '.join(map(str, color))})" for color in colors]
        page.wait_for_function(f"expected => String({SWATCHES}) === String(expected)", arg=expected)
        projector.wait_idle()
        projector.wait_still()
        assert {" ".join(map(str, color)) for color in colors} <= copied_colors(projector)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900)])
def test_ten_classes_of_thousands_are_one_row(projector, width, height):
    page = projector.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => document.querySelectorAll('.embviz-chip span').forEach(e => { e.textContent = '7,877'; })")
    page.evaluate("() => document.querySelectorAll('.embviz-chip span').forEach(e => { e.dataset.brief = '7.9k'; })")
    chips = page.locator(".embviz-chip[data-code]")
    tops = chips.evaluate_all("chips => chips.map(chip => chip.getBoundingClientRect().y)")
    assert len(tops) == 10 and len(set(tops)) == 1


@pytest.mark.parametrize(("width", "left_out"), [(1440, False), (960, True)])
def test_a_narrow_window_leaves_parts_of_the_top_line_to_its_tooltip(projector, width, left_out):
    page = projector.page
    page.set_viewport_size({"width": width, "height": 720})
    line = page.locator(".embviz-top > span")
    whole = line.get_attribute("title")
    assert whole.startswith("Digits 8×8 all · 1,797 of 1,797 · pixels 64-d · PCA 2D")
    assert line.evaluate("e => e.scrollWidth <= e.clientWidth"), "nothing is cut off"
    shown = line.inner_text()
    assert ("pixels" not in shown) == left_out and "PCA 2D" in shown
    assert left_out or shown == whole


def test_on_paper_are_title_plot_and_legend_on_one_sheet(projector):
    page = projector.page
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert sheets == 1
    page.emulate_media(media="print")
    for shown in (".embviz-top", ".embviz-graph", ".embviz-legend"):
        assert page.locator(shown).is_visible()
    for hidden in (".stSidebar", ".embviz-toolbar", ".st-key-findings", ".stAppHeader"):
        assert page.locator(hidden).is_hidden()


def test_where_a_system_has_its_own_colors_swatches_and_what_is_pressed_stay_visible(projector):
    page = projector.page
    before = page.evaluate(SWATCHES)
    page.emulate_media(forced_colors="active")
    assert page.evaluate(SWATCHES) == before
    ground = "e => getComputedStyle(e).backgroundColor"
    pressed, other = (page.get_by_role("button", name=name, exact=True).evaluate(ground) for name in ("Pan", "Lasso"))
    assert pressed != other
    chosen, other = (page.get_by_role("radio", name=name, exact=True).evaluate(ground) for name in ("PCA", "t-SNE"))
    assert chosen != other
