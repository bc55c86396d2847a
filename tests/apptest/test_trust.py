"""The Trust tab, and the ladder of the Overlap tab: the library's numbers, when they are asked for and not before."""

import zipfile

import numpy as np
import pytest
from pyarrow import parquet

from embviz.coloring import ColorBy
from embviz.faithfulness import layout_faithfulness, overlap_ladder, verdict
from embviz.neighbors import neighbor_graph
from embviz.overlap import overlap_matrix
from embviz.pipeline import stability_of
from embviz.stability import verdict as stability_verdict
from embviz.storage.store import Store
from embviz.ui.panels.export import FILES, TABLE
from embviz.ui.panels.pairs.change import CHANGE
from embviz.ui.panels.pairs.ladder import LADDER
from embviz.ui.panels.trust import STABILITY


@pytest.fixture
def trust_tab(page):
    return page.open().show_tab("Trust")


def faithful(view, k=10):
    graph = neighbor_graph(view.features, k, ties="even")
    return layout_faithfulness(view.features, view.projection, view.dataset, k, graph=graph)


def test_the_tab_shows_the_librarys_means(trust_tab):
    found = faithful(trust_tab.view)
    titles = {"corrected_recall": "Kept", "trustworthiness": "Trustworthiness", "continuity": "Continuity"}
    for name, title in titles.items():
        assert f"<span>{title}</span>" in trust_tab.text
        assert f"<b>{100 * found.means[name]:.1f}\xa0%</b>" in trust_tab.text
    assert f"**{10 * found.means['neighbor_recall']:.1f}** are among its 10 nearest in this layout" in trust_tab.text
    assert f"count as wrong: **{100 * found.means['class_trustworthiness']:.1f}\xa0%**" in trust_tab.text
    assert f"nearest neighbors of **{found.hubness.max()}** items; the average over all items is 10." in trust_tab.text


def test_the_line_above_the_plot_says_it_once_it_is_known(page):
    page.open()
    assert "trustworthiness" not in page.text
    page.show_tab("Trust").show_tab("Inspect")
    assert f"trustworthiness {faithful(page.view).means['trustworthiness']:.3f}" in page.text


def test_other_seeds_are_laid_out_when_asked_for(page, tmp_path):
    page.open().choose("split-digits", "test").choose("method", "umap")
    page.click("▶ Run").open().show_tab("Trust")
    assert page.job(STABILITY) is None
    page.click("Compute layouts with four other seeds").open()
    view = page.view
    found = stability_of(view.features, view.projection.spec, view.dataset, 10, store=Store(tmp_path / "ours"))
    assert stability_verdict(found, view.projection.spec) in page.text


def test_the_stability_of_pca_is_said_without_asking(trust_tab):
    assert "PCA is not random: every seed gives the same layout." in trust_tab.text


def test_the_ladder_is_measured_when_it_is_opened(page):
    page.open().show_tab("Overlap")
    assert page.job(LADDER) is None
    page.test.session_state["ladder"] = True  # AppTest opens no expander by itself
    page.open()
    view = page.view
    found = overlap_ladder(view.features, view.projection, view.dataset, (1, 7))
    assert f"**{verdict(found, view.projection.spec)}**" in page.text
    for title, index in zip(("Feature space", "Projection"), found.indices, strict=True):
        assert f"<span>{title}</span>" in page.text
        assert f"<b>{100 * index:.1f}\xa0%</b>" in page.text


def test_exports_have_the_scores_that_are_known(page):
    page.open().show_tab("Trust").show_tab("Export")
    page.click("Prepare files").click("Prepare table")
    with zipfile.ZipFile(page.job(FILES).result().report.path) as folder:
        (name,) = [name for name in folder.namelist() if name.endswith("metadata.tsv")]
        header = folder.read(name).decode().splitlines()[0].split("\t")
    assert {"trustworthiness", "neighbor_recall", "hubness"} <= set(header)
    table = parquet.read_table(page.job(TABLE).result().path)
    np.testing.assert_array_equal(np.array(table["continuity"]), faithful(page.view).continuity)


def test_items_are_colored_by_a_score_once_it_is_measured(page):
    page.open()
    assert "Neighbors kept" not in page.control("color-by").options
    page.show_tab("Trust").click("Color items by neighbors kept")
    assert page.shown("color-by") == ColorBy("score", "neighbor_recall", "values")
    values = np.unique(faithful(page.view).neighbor_recall)
    assert page.data("projector")["coloring"]["name"] == "Neighbors kept"
    legend = page.data("projector")["coloring"]["scale"]
    assert (legend["low"], legend["high"]) == (values.min(), values.max())
    page.show_tab("Inspect").choose("dims", 3)
    assert page.shown("color-by") == ColorBy("label"), "of another layout it is not known"


def test_the_table_of_changes_is_the_librarys(page):
    page.open().show_tab("Overlap")
    assert page.job(CHANGE) is None
    page.test.session_state["change"] = True
    page.open()
    view = page.view
    tables = [
        overlap_matrix(space, view.dataset, 10, 10, space="x").index for space in (view.features, view.projection)
    ]
    for a, b in ((1, 7), (4, 9)):
        before, after = (100 * table[a, b] for table in tables)
        said = f"{after - before:.0f}" if abs(after - before) >= 9.95 else f"{after - before:.1f}"
        assert f'"{a} and {b}: {before:.1f} % in feature space, {after:.1f} % here"' in page.text
        assert f">{said}</b>" in page.text
