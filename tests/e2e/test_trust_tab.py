"""In a browser: the Trust tab, the ladder of a pair and the colors of a score show what the library computes."""

import numpy as np
from playwright.sync_api import expect

from embviz import Pca, class_overlap, layout_faithfulness, load_dataset, neighbor_graph, pixel_features, project
from embviz.faithfulness import overlap_ladder, verdict

DIGITS = load_dataset("digits", "all")
PIXELS = pixel_features(DIGITS)
LAYOUT = project(PIXELS, Pca())


def test_the_trust_tab_has_the_librarys_means_and_colors_items_by_them(projector):
    page = projector.page
    page.get_by_role("tab", name="Trust").click()
    expect(page.locator(".embviz-bars b")).to_have_count(3)
    found = layout_faithfulness(PIXELS, LAYOUT, DIGITS, graph=neighbor_graph(PIXELS, 10, ties="even"))
    means = [found.means[name] for name in ("corrected_recall", "trustworthiness", "continuity")]
    assert page.locator(".embviz-bars b").all_text_contents() == [f"{100 * mean:.1f}\xa0%" for mean in means]
    expect(page.locator(".embviz-top")).to_contain_text(f"trustworthiness {found.means['trustworthiness']:.3f}")
    page.get_by_role("button", name="Color items by neighbors kept").click()
    legend = page.locator(".embviz-legend")
    expect(legend).to_contain_text(f"{found.neighbor_recall.max():g}")
    projector.wait_idle()


def test_the_ladder_of_a_pair_is_measured_when_it_is_opened(projector):
    page = projector.page
    page.get_by_role("tab", name="Overlap").click()
    page.locator(".embviz-numbers b").first.wait_for()
    assert page.locator(".embviz-bars").count() == 0
    projector.unfold(page.get_by_text("Where does this overlap arise?"))
    expect(page.locator(".embviz-bars b")).to_have_count(2)
    ladder = overlap_ladder(PIXELS, LAYOUT, DIGITS, (1, 7))
    shown = page.locator(".embviz-bars b").all_text_contents()
    assert shown == [f"{100 * index:.1f}\xa0%" for index in ladder.indices]
    for line, interval in zip(page.locator(".embviz-bars > div").all(), ladder.intervals, strict=True):
        between = f"{100 * interval.low:.1f} to {100 * interval.high:.1f}\xa0%"
        assert f"95 % confidence interval: {between}" in line.get_attribute("title")
    expect(page.get_by_text(verdict(ladder, Pca()))).to_be_visible()
    in_layout = class_overlap(LAYOUT, DIGITS, (1, 7), space="x")
    np.testing.assert_allclose(ladder.indices[-1], in_layout.index)
    projector.wait_idle()
