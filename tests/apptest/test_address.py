"""The address of the page: it says what is shown, and brings it back for somebody else."""

from urllib.parse import unquote_plus

import numpy as np
import pytest

from embviz.coloring import ColorBy
from embviz.datasets import load, source_named
from embviz.datasets.named.digits import digits_dataset
from embviz.datasets.own.started import VARIABLE, started_text
from embviz.features.features import Activations
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.saved.view_state import ViewState, view_state_from_text, view_state_text
from embviz.ui.contract.focus import id_set
from embviz.ui.session import PROJECTOR
from tests.apptest.conftest import Page
from tests.columns import with_columns

PINNED = {"serial": 1, "pinned": 5, "selected": id_set([3, 4, 9], 1797), "pair": None}


def opened(address: str) -> Page:
    page = Page()
    for name, value in [part.split("=") for part in address.split("&")]:
        before = page.test.query_params.get(name, [])
        page.test.query_params[name] = [*([before] if isinstance(before, str) else before), unquote_plus(value)]
    return page.open()


def address(page: Page) -> str:
    return page.data(PROJECTOR)["address"]


def test_a_page_that_nothing_was_chosen_on_says_what_it_shows(page):
    state = view_state_from_text(address(page.open()))
    assert state == ViewState(Pca(), data="digits", split="all", features="pixels", tab="Inspect")


def test_whoever_opens_the_address_sees_the_same(page):
    page.open().choose("split-digits", "train").choose("dims", 3).choose("pc-x-64", 4)
    page.answer(PROJECTOR, "focus", PINNED | {"source": page.data(PROJECTOR)["source"]})
    page.choose("color-by", ColorBy("column", "split")).show_tab("Export")
    other = opened(address(page))
    assert other.asked == page.asked and other.view.spec == page.view.spec
    ours, theirs = page.data(PROJECTOR), other.data(PROJECTOR)
    assert theirs["focus"] == ours["focus"]
    assert theirs["coloring"] == ours["coloring"]
    assert theirs["address"] == ours["address"]
    assert other.shown("tab") == "Export"
    assert not other.test.warning


@pytest.mark.parametrize(
    "spec",
    [
        Tsne(n_components=3, perplexity=47, early_exaggeration=8.5, learning_rate=300, max_iter=400, seed=7),
        Tsne(metric="cosine", init="random", engine="reference", preprocess="pca-50", seed=2**32 - 1),
        Tsne(supervised=True, label_strength=80, ignored_label="3"),
        Umap(n_neighbors=40, min_dist=0.25, spread=2, n_epochs=30, metric="cosine", supervised=True, init="pca"),
        Umap(engine="reference", preprocess="unit+pca-50"),
        Pca(n_components=3, axes=(3, 1, 20), preprocess="center+unit"),
    ],
    ids=lambda spec: repr(spec)[:20],
)
def test_every_parameter_of_a_layout_comes_back(spec):
    state = ViewState(spec, data="digits", split="train", limit=300, features="pixels", tab="Inspect")
    page = opened(view_state_text(state))
    assert (page.asked.projection, page.asked.split, page.asked.limit) == (spec, "train", 300)
    assert view_state_from_text(address(page)) == state
    assert not page.test.warning


@pytest.mark.parametrize(
    ("query", "features"),
    [
        ("features=logits&hidden=200,100", Activations("logits", hidden_layer_sizes=(200, 100))),
        ("features=hidden-2&hidden=200,100", Activations("hidden-2", hidden_layer_sizes=(200, 100))),
        ("features=hidden-2&hidden=200,100,50", Activations("hidden-2", hidden_layer_sizes=(200, 100, 50))),
        ("features=logits", Activations("logits")),
    ],
)
def test_the_classifier_comes_back_with_its_hidden_layers(query, features):
    page = opened(f"data=digits&split=test&{query}&method=pca&dims=2&seed=0&tab=Inspect")
    assert page.asked.features == features
    assert query in address(page) and ("hidden=" in address(page)) == ("hidden=" in query)
    assert not page.test.warning
    page.choose("hidden-layers", 1).choose("features", "logits")
    assert page.asked.features == Activations("logits"), "what is chosen afterwards counts"


def test_whoever_opens_the_address_of_a_deeper_classifier_sees_the_same(page):
    page.open().choose("features", "logits").choose("hidden-layers", 2)
    other = opened(address(page))
    assert other.asked.features == page.asked.features == Activations("logits", hidden_layer_sizes=(200, 100))
    assert address(other) == address(page)


def test_after_a_restart_of_the_server_the_hidden_layers_shown_are_those_laid_out(page):
    """The browser then tells the new server what was chosen, and the address that the page was opened with."""
    page.open().choose("features", "logits").choose("hidden-layers", 3)
    other = Page()
    for name, value in (("features", "logits"), ("hidden", "200,100"), ("method", "pca")):
        other.test.query_params[name] = value
    other.test._run(page.test._tree.get_widget_states())
    assert other.shown("hidden-layers") == 3
    assert other.asked.features == Activations("logits", hidden_layer_sizes=(200, 100, 50))
    assert "hidden=200,100,50" in address(other)


def test_what_is_chosen_afterwards_counts(page):
    opened_page = opened("data=digits&split=test&method=pca&dims=3&pinned=2")
    opened_page.choose("split-digits", "train").choose("dims", 2)
    state = view_state_from_text(address(opened_page))
    assert (state.split, state.projection, state.pinned) == ("train", Pca(), 2)


def check_warning(hostile, said):
    """Check that the page says what is wrong with an address, shows something, and then lets it be."""
    page = opened(hostile)
    (warning,) = [each.value for each in page.test.warning]
    assert said in warning
    assert page.data(PROJECTOR)["items"]["count"] > 0 and not page.errors
    page.choose("method", "pca").choose("dims", 3)
    assert not page.test.warning, "it is said until something else is asked for"


def test_the_tab_that_an_address_names_is_open_also_while_the_first_picture_forms():
    page = opened("data=digits&split=all&method=tsne&dims=2&seed=0&tab=Trust")
    assert page.shown("tab") == "Trust" and "Of an item's 10 nearest neighbors" in page.text


def test_an_address_that_cannot_be_is_said_while_the_first_picture_forms():
    check_warning("method=magic", "method must be one of")


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        ("method=magic", "method must be one of"),
        ("data=digits&method=tsne&perplexity=-3", "perplexity must be at least"),
        ("data=digits&method=pca&seed=x", "seed cannot be"),
        ("data=digits&method=pca&preprocess=spherize", "preprocess must be None, one of center, unit,"),
        ("data=digits&method=pca&pinned=-1", "ids must not be negative"),
        ("data=digits&method=pca&selected=0-99999999", "ids must be in ranges"),
        ("data=digits&method=pca&data=mnist", "data is in the address 2 times"),
        ("data=/etc/passwd&method=pca", "These data are not here"),
        ("data=file-0123abcd&method=pca", "a file or arrays that this page was not started with"),
        ("data=digits&method=pca&features=<b>", "features \\<b> is not possible here"),
        ("data=digits&method=pca&features=logits&hidden=2000", "hidden layers 2000 is not possible here"),
        ("data=digits&method=pca&features=hidden-2", "features hidden-2 is not possible here"),
        ("data=digits&method=pca&features=hidden-3&hidden=200,100", "features hidden-3 is not possible here"),
        ("data=digits&method=pca&features=logits&hidden=two", "hidden cannot be 'two'"),
        ("data=digits&method=pca&features=logits&hidden=200,0", "numbers in 1..2,000, got 200, 0"),
        ("data=digits&method=pca&hidden=2&hidden=2", "hidden is in the address 2 times"),
        ("data=digits&method=pca&split=none", "split none is not possible"),
        ("data=digits&split=test&items=200&method=tsne&perplexity=90", "perplexity 90 is not possible here"),
        ("data=digits&method=pca&pinned=99999", "Not among these data: 1 of the pinned and selected items"),
        ("data=digits&method=umap&supervised=yes&ignored=x", "ignored label x is not possible here"),
        ("data=digits&method=pca&color=column&column=nothing", "color by 'nothing' is not possible here"),
        ("data=digits&method=pca&label=column:nothing", "label by 'nothing' is not possible here"),
        (
            "data=digits&method=pca&isolated=99990-99999",
            "The 10 isolated items cannot be shown here; you see all items.",
        ),
        ("data=digits&method=pca&alone=1796-1805", "The 10 isolated items cannot be shown here; you see all items."),
        ("data=digits&method=pca&alone=1297-1799", "Not among these data: 3 of the isolated items."),
        ("data=digits&method=pca&alone=0-9&isolated=0-9.999999999", "ids must be 200,000,000 at most"),
    ],
)
def test_an_address_that_cannot_be_gives_a_sentence_and_a_page(hostile, said, first_picture_is_there):
    check_warning(hostile, said)


def test_an_address_of_nothing_of_ours_changes_nothing(page):
    assert not opened("embed=true&utm_source=x&method=pca").test.warning


def test_items_that_are_laid_out_alone_and_isolated_among_these_come_back_step_by_step(page):
    source = page.open().data(PROJECTOR)["source"]
    for serial, ids in enumerate((range(100), range(50, 70)), 1):
        focus = PINNED | {"source": source, "serial": serial, "selected": id_set(list(ids), 1797)}
        page.answer(PROJECTOR, "focus", focus).click("Isolate")
        if serial == 1:
            page.click("Lay out anew")
    page.choose("label-by", "id")
    assert "alone=0-99&isolated=50-69" in address(page) and "label=id" in address(page)
    other = opened(address(page))
    ours, theirs = page.data(PROJECTOR), other.data(PROJECTOR)
    assert all(theirs[name] == ours[name] for name in ("items", "coords", "labels", "address"))
    assert not other.test.warning
    assert [other.click("← Back").data(PROJECTOR)["items"]["count"] for _ in range(2)] == [100, 1797]


def test_where_one_looks_from_is_told_once_its_layout_is_shown_and_not_for_another(page):
    query = address(page.open().choose("dims", 3))
    camera = "1_1_1_0_0_0_0_0_1"
    assert opened(f"{query}&camera={camera}").data(PROJECTOR)["look"]["camera"] == [1, 1, 1, 0, 0, 0, 0, 0, 1]
    assert opened(f"{query}&camera=0_1_0_1").data(PROJECTOR)["look"]["camera"] == []
    other = opened(f"{query.replace('dims=3', 'dims=3&axes=2,3,1')}&camera={camera}")
    assert other.choose("dims", 2).data(PROJECTOR)["look"] is None


def test_a_selection_too_long_for_an_address_is_left_out_of_it(page):
    page.open()
    every_other = id_set(np.arange(0, 1797, 2), 1797)
    source = page.data(PROJECTOR)["source"]
    page.answer(PROJECTOR, "focus", PINNED | {"source": source, "selected": every_other})
    state = view_state_from_text(address(page))
    assert (state.pinned, state.selected) == (5, ())


def test_numbers_as_categories_come_back(page, monkeypatch):
    monkeypatch.setattr(load, "digits_dataset", lambda split: with_columns(digits_dataset(split)))
    page.open().choose("color-by", ColorBy("column", "ink")).choose("categories-ink", True)
    other = opened(address(page))
    assert other.data(PROJECTOR)["coloring"] == page.data(PROJECTOR)["coloring"]
    assert other.data(PROJECTOR)["coloring"]["kind"] == "categories"


def test_a_file_is_in_the_address_without_its_path_and_comes_back(new_page, tmp_path, monkeypatch):
    path = tmp_path / "secret-name.csv"
    numbers = np.random.default_rng(0).normal(size=(60, 5))
    path.write_text("a,b,c,d,e\n" + "\n".join(",".join(f"{number:.4f}" for number in row) for row in numbers))
    monkeypatch.setenv(VARIABLE, started_text(source_named(path)))
    new_page.open().choose("method", "pca").choose("dims", 3)
    query = address(new_page)
    assert "secret" not in query and "tmp" not in query
    other = opened(query)
    assert other.asked == new_page.asked and not other.test.warning
    monkeypatch.delenv(VARIABLE)
    (warning,) = [each.value for each in opened(query).test.warning]
    assert "a file or arrays that this page was not started with" in warning
