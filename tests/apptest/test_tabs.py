"""The tabs of the right column show the library's own numbers."""

import zipfile

import numpy as np
import pytest
from pyarrow import parquet

import embviz.export.prepared
import embviz.ui.panels.export
import embviz.ui.panels.inspect
from embviz.bounds import error_bounds
from embviz.errors import Cancelled, InputError
from embviz.overlap import class_overlap, closest_pairs, overlap_matrix
from embviz.ui.contract.focus import id_set
from embviz.ui.kept.page_file import PAGE
from embviz.ui.panels.export import FILES, TABLE
from embviz.ui.panels.overlap import MATRIX, PAIR
from embviz.ui.panels.pairs.estimates import BOUNDS
from embviz.ui.panels.pairs.shares import percent
from embviz.ui.session import PROJECTOR
from embviz.ui.waiting.computed import Started
from tests.unit.ui.standalone.parts import page_in


@pytest.fixture
def overlap_tab(page):
    return page.open().show_tab("Overlap")


def test_the_overlap_tab_shows_the_librarys_numbers_for_1_and_7(overlap_tab):
    view = overlap_tab.view
    labels = view.dataset.labels
    for title, vectors in (
        ("In feature space", view.features.vectors),
        ("In this projection", view.projection.coords),
    ):
        index = class_overlap(vectors, labels, (1, 7), 10, space="").index
        assert f"<span>{title}</span><b>{percent(index)}</b>" in overlap_tab.text
    rate = class_overlap(view.features.vectors, labels, (1, 7), 10, space="").rate
    assert f"About **{1000 * rate:.0f} in 1,000** neighbors of a 1 or 7 belong to the other class" in overlap_tab.text


def test_the_interval_is_the_librarys(overlap_tab):
    view = overlap_tab.view
    interval = class_overlap(view.features, view.dataset, (1, 7), 10, space="").index_interval
    low, high = percent(interval.low), percent(interval.high)
    assert (
        f"95\xa0% confidence interval in feature space: {low} to {high}, for the mean over samples of this size"
        in overlap_tab.text
    )
    assert not overlap_tab.test.toggle, "the digits have no groups to leave out"


def test_a_pair_of_few_items_is_said_with_what_a_visitor_can_do(overlap_tab, mnist_folder):
    mnist_folder([3] * 5 + [5] * 4)
    page = overlap_tab.open()
    page.choose("dataset", "mnist")
    said = "k must be in 1..8 for classes 3 and 5, which have 9 items together, got 10; show more items or choose other"
    assert any(said in each for each in page.errors)
    assert f"The two classes have no rank: {said}" in page.text


def test_the_heat_map_is_the_librarys_matrix(overlap_tab):
    view = overlap_tab.view
    told = overlap_tab.data("all-pairs")
    matrix = overlap_matrix(view.features, view.dataset.labels, 10, 10, space="pixels")
    np.testing.assert_allclose(np.array(told["values"], np.float64), 100 * matrix.index, rtol=1e-12)
    assert told["names"] == list("0123456789") and told["pair"] == [1, 7]


def test_cells_have_the_librarys_intervals_and_ranks(overlap_tab):
    view = overlap_tab.view
    told = overlap_tab.data("all-pairs")
    matrix = overlap_matrix(view.features, view.dataset, 10, 10, space="pixels")
    for a, b in ((1, 7), (3, 9), (0, 1)):
        found = class_overlap(view.features, view.dataset, (a, b), 10, space="pixels")
        ends = told["lows"][a][b], told["highs"][a][b]
        interval = found.index_interval
        assert ends == pytest.approx((100 * interval.low, 100 * interval.high), abs=1e-9)
        most = found.index_at_most
        assert told["most"][a][b] == (None if most is None else pytest.approx(100 * most))
    assert told["most"][0][1] is not None, "no neighbor crosses between 0 and 1"
    assert told["lows"][3][3] is None
    ranks = {(a, b): tuple(rest) for a, b, *rest in told["ranks"]}
    assert ranks[1, 7] == (matrix.ranks.place(1, 7) + 1, *matrix.ranks.between(1, 7))
    assert [tuple(each) for each in told["alike"]] == matrix.ranks.not_told_from(1, 7)
    rank, low, high = ranks[1, 7]
    assert f"By overlap 1 and 7 have rank {rank} of 45 pairs; ranks {low} to {high} are possible" in overlap_tab.text


def test_where_no_neighbor_crosses_the_page_says_at_most(overlap_tab):
    overlap_tab.trigger("all-pairs", "pair", [0, 1])
    view = overlap_tab.view
    found = class_overlap(view.features, view.dataset, (0, 1), 10, space="pixels")
    assert found.rate == 0
    assert f"<span>In feature space</span><b>at most {percent(found.index_at_most)}</b>" in overlap_tab.text
    assert f"No such neighbor was seen, so at most **{1000 * found.rate_at_most:.0f} in 1,000**" in overlap_tab.text


def test_more_estimates_are_the_librarys_and_come_only_when_asked_for(overlap_tab):
    assert not overlap_tab.job(BOUNDS)
    overlap_tab.test.session_state["more-estimates"] = True
    overlap_tab.open()
    view = overlap_tab.view
    found = error_bounds(view.features, view.dataset, (1, 7), space="pixels")
    nearest, tree = found.nearest_neighbor, found.henze_penrose
    assert "The error no classifier can avoid in this feature space" in overlap_tab.text
    assert nearest.error == 0, "so it is said what it is at most"
    assert f"<b>at most {percent(nearest.error_at_most)}</b>" in overlap_tab.text
    assert f"<b>{percent(tree.low)} to {percent(tree.high)}</b>" in overlap_tab.text
    assert f"<b>{found.n2.value:.3f}</b>" in overlap_tab.text
    assert f"<b>{found.local_set_cardinality.value:.3f}</b>" in overlap_tab.text
    assert f"95 % confidence interval: {found.n2.low:.3f} to {found.n2.high:.3f}" in overlap_tab.text
    assert f"(p = {tree.p_value:.3f})" in overlap_tab.text
    assert overlap_tab.errors == []


def test_the_two_classes_are_highlighted_while_the_tab_is_open(overlap_tab):
    assert overlap_tab.data("projector")["highlighted"] == [1, 7]
    assert overlap_tab.show_tab("Inspect").data("projector")["highlighted"] is None


def test_classes_chosen_in_the_lists_or_in_the_heat_map_are_compared_everywhere(overlap_tab):
    overlap_tab.choose("pair-a-0", "3")
    assert overlap_tab.data("all-pairs")["pair"] == overlap_tab.data("projector")["highlighted"] == [3, 7]
    overlap_tab.trigger("all-pairs", "pair", [9, 8])
    assert overlap_tab.data("all-pairs")["pair"] == overlap_tab.data("projector")["highlighted"] == [9, 8]
    assert "neighbors of a 9 or 8" in overlap_tab.text
    overlap_tab.choose("pair-b-1", "9")  # the same class twice is no pair
    assert overlap_tab.data("all-pairs")["pair"] == [9, 8]


def test_a_cell_that_is_not_there_cannot_be_chosen(overlap_tab):
    for cell in ([3, 3], [3], [3, 10], [1, 2, 3], "37", {"a": 3}):
        overlap_tab.trigger("all-pairs", "pair", cell)
        assert overlap_tab.data("all-pairs")["pair"] == [1, 7]
        assert overlap_tab.errors == []


def test_the_closest_pairs_are_the_librarys_and_are_looked_at_beside_what_is_pinned_and_selected(overlap_tab):
    view = overlap_tab.view
    ids = view.dataset.ids
    closest = closest_pairs(view.features.vectors, view.dataset.labels, (1, 7), 12)
    pairs = [[int(ids[a]), int(ids[b])] for a, b in zip(closest.rows_a, closest.rows_b, strict=True)]
    assert [card["ids"] for card in overlap_tab.data("closest")["cards"]] == pairs
    source = overlap_tab.data("projector")["source"]
    kept = {"source": source, "serial": 1, "pinned": 5, "selected": id_set([3, 8], 1797)}
    overlap_tab.answer("projector", "focus", kept | {"pair": None})
    overlap_tab.trigger("closest", "picked", pairs[3])
    assert overlap_tab.data("projector")["focus"] == kept | {"serial": 2, "pair": pairs[3]}


@pytest.mark.parametrize(("what", "shown"), [(PAIR, "closest"), (MATRIX, "all-pairs")], ids=["pair", "matrix"])
@pytest.mark.parametrize(
    ("error", "said"),
    [(Cancelled("stopped as asked"), []), (InputError("no *room*; make some"), [r"no \*room\*; make some"])],
)
def test_a_measurement_that_was_cancelled_or_failed_can_be_started_again(overlap_tab, what, shown, error, said):
    def end(progress):
        raise error

    latest = overlap_tab.session.kept(Started).of(what)
    key = latest.key
    latest.forget()
    latest.job_for(key, end)
    overlap_tab.open()
    assert overlap_tab.errors == said and not overlap_tab.has(shown)
    overlap_tab.click("Measure again")
    assert overlap_tab.errors == [] and overlap_tab.has(shown)


def test_only_classes_with_items_are_compared(page, mnist_folder):
    mnist_folder([3, 5] * 12)
    page.open().show_tab("Overlap")
    assert page.errors == []
    assert page.data("projector")["highlighted"] == [3, 5]


def test_one_class_has_nothing_to_be_compared_with(page, mnist_folder):
    mnist_folder([3] * 12)
    page.open().show_tab("Overlap")
    assert "it needs items with at least two different labels" in page.text
    assert page.data("projector")["highlighted"] is None


def test_the_export_tab_prepares_a_zip_of_what_is_on_screen(page):
    page.open().choose("limit-digits-all", "100").show_tab("Export").click("Prepare files")
    prepared = page.job(FILES).result()
    with zipfile.ZipFile(prepared.report.path) as archive:
        names = {name.split("/")[1] for name in archive.namelist()}
    assert {"projector_config.pbtxt", "tensor-pixels.bytes", "sprite.png", "bookmarks-pixels.json"} <= names
    assert prepared.report.command in [each.value for each in page.test.code]


def test_the_export_tab_prepares_a_table_and_a_page_of_what_is_on_screen(page):
    page.open().choose("limit-digits-all", "100").show_tab("Export").click("Prepare table")
    prepared = page.job(TABLE).result()
    columns = parquet.read_table(prepared.path).to_pydict()
    view = page.view
    assert columns["id"] == view.dataset.ids.tolist()
    assert np.array_equal(np.array([columns["x"], columns["y"]], np.float32).T, view.projection.coords)
    assert {len(each["ids"]) for each in columns["neighbors"]} == {10}
    page.click("Prepare page")
    in_file = page_in(page.job(PAGE).result().path)
    coords = in_file.array("coords").view(np.float32)
    assert np.array_equal(coords.reshape(-1, 2), view.projection.coords)
    assert in_file.told["title"].startswith("Digits 8×8 all · 100 of 1,797 · pixels · PCA 2D")
    shown = page.data(PROJECTOR)["coloring"]
    assert in_file.told["request"]["coloring"]["entries"] == shown["entries"]
    labels = [each.label for each in page.test.get("download_button")]
    assert sum("Download embviz-digits" in label for label in labels) == 2


def test_the_images_of_a_selection_can_be_taken_away_unless_they_are_too_many(page, monkeypatch):
    def images_button():
        return next(each for each in page.test.get("download_button") if each.label == "Images")

    page.open().choose("limit-digits-all", "100")
    dataset = page.view.dataset
    mask = id_set(dataset.ids[[3, 8]].tolist(), 1797)
    source = page.data("projector")["source"]
    focus = {"source": source, "pinned": None, "selected": mask, "pair": None}
    page.answer("projector", "focus", focus | {"serial": 1})
    assert not images_button().disabled
    monkeypatch.setattr(embviz.ui.panels.inspect, "MOST_PACKED", 1)
    page.answer("projector", "focus", focus | {"serial": 2})
    assert images_button().disabled


def test_an_export_that_was_cancelled_is_said_once_and_can_be_prepared(page, monkeypatch):
    def end(*arguments, **options):
        raise Cancelled("stopped as asked")

    page.open().choose("limit-digits-all", "100").show_tab("Export")
    with monkeypatch.context() as patched:
        patched.setattr(embviz.export.prepared, "export_zip", end)
        page.click("Prepare files")
    assert "Cancelled." in page.text and page.errors == []
    page.open()
    assert "Cancelled." not in page.text and "Unpack it, then run in the folder where you unpacked it:" not in page.text
    assert "Unpack it, then run in the folder where you unpacked it:" in page.click("Prepare files").text


def test_an_export_of_nothing_is_not_offered(page):
    page.open().show_tab("Export")
    page.choose(f"export-{page.view.features.fingerprint}", [])
    assert "Choose at least one kind of features." in page.text
    assert "Prepare files" not in [each.label for each in page.test.button]
