"""The axes of PCA: components are listed with their shares of the variance, and choosing one computes nothing anew."""

import re

from playwright.sync_api import expect

from tests.e2e.projector_page import ProjectorPage


def test_an_axis_is_chosen_by_its_share_and_the_choice_survives_other_items(projector: ProjectorPage) -> None:
    page = projector.page
    choice = page.get_by_role("combobox", name="x · PC")
    expect(choice).to_have_value("1 · 14.9 %")
    before = projector.attribute("painted")
    projector.choose_listed(choice, re.compile(r"^3 · 11\.8 %$"))
    page.wait_for_function("before => document.querySelector('.embviz').dataset.painted !== before", arg=before)
    projector.wait_idle()
    expect(page.locator(".embviz-top")).to_contain_text("PCA 2D, components 3, 2 · under 0.1 s")
    projector.choose("Split", "Test")
    projector.wait_painted("539/2")
    expect(page.locator(".embviz-top")).to_contain_text("components 3, 2")
    expect(choice).to_have_value(re.compile(r"^3 · \d\d\.\d %$"))
    assert not page.locator(".stAlert").count()


def test_names_of_classes_and_columns_are_no_markup_in_the_titles_of_axes(projector: ProjectorPage) -> None:
    texts = ["H<sub>2</sub>O &amp; <b>", '<a href="https://example.org">$x$</a>']
    drawn = projector.page.evaluate(
        """async (axes) => {
          const urls = performance.getEntriesByType("resource").map(({ name }) => name);
          const at = (end) => urls.find((url) => url.endsWith(end));
          const { planarFigure } = await import(at("/plot/figures.js"));
          const { CONFIG, loadPlotly } = await import(at("/plot/plotly_library.js"));
          const plotly = await loadPlotly(at(".min.js"));
          const graph = document.body.appendChild(document.createElement("div"));
          const scene = { revision: "", coords: Float32Array.of(0, 0, 1, 1), dims: 2, axes, scaled: true, svg: null };
          const { data, layout } = planarFigure(scene, { text: "#000", border: "#000" }, { ranges: new Map() });
          await plotly.newPlot(graph, data, layout, CONFIG);
          const titles = [...graph.querySelectorAll(".xtitle, .ytitle")];
          const parts = titles.reduce((sum, title) => sum + title.childElementCount, 0);
          const found = [titles.map((title) => title.textContent), parts];
          graph.remove();
          return found;
        }""",
        texts,
    )
    assert drawn == [texts, 0]
