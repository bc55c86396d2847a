"""The page from the outside: what the controls ask for is shown, and what does not work is said."""

import gzip
import time

import numpy as np
import pytest

import embviz.ui.sidebar.number_field
import embviz.ui.waiting.computed
import embviz.view
from embviz.datasets import Named, load_dataset
from embviz.errors import Cancelled
from embviz.features.features import Activations, Pixels
from embviz.progress import no_progress
from embviz.projection.run.wishes import MORE
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.projection.titles import time_title
from embviz.server import shelf
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.messages import ProjectorRequest
from embviz.view import ViewSpec, turns


def body(address):
    """The bytes a browser would fetch."""
    *_, secret, key = address.split("/")
    return shelf.get(secret, key)


def test_the_page_opens_on_all_digits(page):
    page.open()
    assert 'title="Digits 8×8 all · 1,797 of 1,797 · pixels 64-d · PCA 2D, components 1, 2 · ' in page.text
    assert page.errors == []


def test_the_plot_is_told_what_is_shown_in_json_and_addresses(page):
    page.open()
    told = page.data("projector")
    assert set(told) == ProjectorRequest.__required_keys__
    assert told["run"] is None
    assert told["items"]["count"] == sum(each["count"] for each in told["coloring"]["entries"]) == 1797
    assert body(told["coords"]["url"]) == page.view.projection.coords.tobytes()
    digits = load_dataset("digits", "all")
    ids, labels, predictions = np.frombuffer(body(told["items"]["url"]), np.int32).reshape(3, -1)
    assert np.array_equal(ids, digits.ids) and np.array_equal(labels, digits.labels) and (predictions == -1).all()
    assert np.array_equal(np.frombuffer(body(told["coloring"]["url"]), np.int8), digits.labels)
    (chunk,) = [gzip.decompress(body(url)) for url in told["images"]["urls"]]
    assert chunk == np.int32(1797).tobytes() + ids.tobytes() + digits.images.tobytes()


def asked_for(split="all", limit=None, features=Pixels(), projection=Pca()):  # noqa: B008  # frozen values
    return ViewSpec(Named("digits"), split, limit, features, projection)


@pytest.mark.parametrize(
    ("choices", "spec"),
    [
        ({"split-digits": "test"}, asked_for(split="test")),
        ({"split-digits": "train"}, asked_for(split="train")),
        ({"limit-digits-all": "300"}, asked_for(limit=300)),
        ({"limit-digits-all": "1,000"}, asked_for(limit=1000)),
        ({"limit-digits-all": "all"}, asked_for()),
        ({"features": "hidden"}, asked_for(features=Activations("hidden"))),
        ({"features": "logits"}, asked_for(features=Activations("logits"))),
        (
            {"features": "hidden", "hidden-layers": 2},
            asked_for(features=Activations("hidden-2", hidden_layer_sizes=(200, 100))),
        ),
        (
            {"features": "logits", "hidden-layers": 3},
            asked_for(features=Activations("logits", hidden_layer_sizes=(200, 100, 50))),
        ),
        ({"features": "hidden", "hidden-layers": 2, "features ": "pixels"}, asked_for()),
        ({"dims": 3}, asked_for(projection=Pca(3))),
        ({"pc-x-64": 4, "pc-y-64": 1}, asked_for(projection=Pca(axes=(4, 1)))),
        ({"pc-x-64": 2}, asked_for(projection=Pca(axes=(2, 1)))),
        ({"method": "tsne", "perplexity": 50, "iterations": 300}, asked_for(projection=Tsne(2, 50, max_iter=300))),
        (
            {"method": "tsne", "exaggeration": "4", "seed": "7"},
            asked_for(projection=Tsne(early_exaggeration=4, seed=7)),
        ),
        (
            {"method": "tsne", "dims": 3, "learning-rate": "200", "tsne-metric": "cosine"},
            asked_for(projection=Tsne(3, learning_rate=200, metric="cosine")),
        ),
        ({"method": "tsne", "preprocess": True}, asked_for(projection=Tsne(preprocess="pca-50"))),
        (
            {"method": "umap", "preprocess": True, "scaling": "unit"},
            asked_for(projection=Umap(preprocess="unit+pca-50")),
        ),
        (
            {
                "method": "umap",
                "supervised": True,
                "method ": "tsne",
                "label-strength": 80,
                "ignored-label-digits": "7",
            },
            asked_for(projection=Tsne(supervised=True, label_strength=80, ignored_label="7")),
        ),
        ({"scaling": "standardize", "pc-x-64": 4}, asked_for(projection=Pca(axes=(4, 2), preprocess="standardize"))),
        ({"method": "umap", "n-neighbors": 30, "min-dist": 0.5}, asked_for(projection=Umap(2, 30, 0.5))),
        (
            {"method": "umap", "dims": 3, "spread": "2", "epochs": "100", "umap-metric": "cosine", "seed": "7"},
            asked_for(projection=Umap(3, spread=2, n_epochs=100, metric="cosine", seed=7)),
        ),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_controls_ask_for_what_they_say(page, choices, spec):
    page.open()
    assert page.asked == asked_for()
    for key, value in choices.items():
        page.choose(key.strip(), value)  # a key with a blank is a second choice in the same control
    assert page.asked == spec
    assert page.errors == []


def test_how_labels_shape_a_layout_is_asked_only_where_they_do(page):
    def keys():
        return {getattr(each, "key", None) for each in page.test._tree}

    page.open().choose("method", "tsne")
    own, advanced = {"label-strength", "ignored-label-digits"}, "tsne-engine"
    assert "supervised" in keys() and advanced in keys() and not own & keys()
    page.choose("supervised", True)
    assert own <= keys() and advanced not in keys(), "no library's t-SNE is supervised"
    assert page.control("ignored-label-digits").options == list("0123456789")
    assert "classes come apart whether or not the features tell them apart" in " ".join(page.test.caption.values)
    assert page.asked.projection == Tsne(supervised=True)
    page.choose("ignored-label-digits", "4")
    assert page.asked.projection == Tsne(supervised=True, ignored_label="4")
    page.choose("ignored-label-digits", None)
    assert page.asked.projection == Tsne(supervised=True)
    page.choose("ignored-label-digits", "4").choose("supervised", False)
    assert page.asked.projection == Tsne() and not own & keys()


@pytest.mark.parametrize(
    ("method", "key", "usual", "refused", "allowed"),
    [
        (
            "pca",
            "limit-digits-all",
            "All 1,797",
            ["1", "1,798", "-5", "2.5", "many", ""],
            "a whole number from 2 to 1,797",
        ),
        (
            "tsne",
            "seed",
            "0",
            ["-5", "abc", "1.5", "9" * 400, ""],
            "a whole number from 0 to 4,294,967,295",
        ),
        ("tsne", "exaggeration", "12", ["0.5", "1001", "nan", "1,5"], "a number from 1 to 1,000"),
        ("tsne", "learning-rate", "", ["0", "-1", "inf", "2e6"], "a number from 0.01 to 1,000,000"),
        ("umap", "spread", "1", ["0", "11", "[1](x)"], "a number from 1 to 10"),
        ("umap", "epochs", "", ["0", "5001", "10.5"], "a whole number from 1 to 5,000"),
    ],
)
def test_a_field_shows_what_is_used_and_says_why_it_is_not_what_was_typed(page, method, key, usual, refused, allowed):
    page.open().choose("method", method)
    before = page.asked
    for text in refused:
        page.choose(key, text)
        assert page.shown(key) == usual and page.asked == before
        assert f"{allowed}; it is {usual or 'automatic'} as before." in page.text
    page.choose(key, "3")
    assert page.shown(key) == "3" and page.asked != before and "as before" not in page.text
    page.choose(key, "x")
    assert page.shown(key) == "3" and "; it is 3 as before." in page.text
    if not usual:
        page.choose(key, " ")
        assert page.shown(key) == "" and page.asked == before


def test_why_a_number_was_refused_is_said_until_it_can_have_been_read(page, monkeypatch):
    page.open().choose("method", "tsne").choose("seed", "-5").choose("dims", 3)
    assert "“-5” is not a whole number" in page.text
    monkeypatch.setattr(embviz.ui.sidebar.number_field, "READING_SECONDS", -1.0)
    page.run()
    assert "“-5” is not a whole number" not in page.text


def test_of_a_large_split_a_part_is_shown_first_and_any_part_can_be_typed(page, mnist_folder):
    mnist_folder([1, 7] * 10_001)
    page.open()
    assert page.shown("limit-mnist-test") == "10,000" and page.asked.limit == 10_000 == len(page.view.dataset)
    (control,) = [each for each in page.test.selectbox if each.key == "limit-mnist-test"]
    offered = ["100", "200", "500", "1,000", "2,000", "5,000", "10,000", "All 20,002"]
    assert control.options == offered
    page.choose("limit-mnist-test", "300")
    (control,) = [each for each in page.test.selectbox if each.key == "limit-mnist-test"]
    assert control.options == [*offered[:2], "300", *offered[2:]] and len(page.view.dataset) == 300
    page.choose("limit-mnist-test", "20002")
    assert page.shown("limit-mnist-test") == "All 20,002" and page.asked.limit is None


def test_pca_of_a_sample_is_shown_at_once(page):
    page.open().choose("limit-digits-all", "300").choose("dims", 3).choose("pc-z-64", 5)
    assert 'title="Digits 8×8 all · 300 of 1,797 · pixels 64-d · PCA 3D, components 1, 2, 5 · ' in page.text
    coords = page.data("projector")["coords"]
    assert coords["dims"] == 3 and [title.split(" (")[0] for title in coords["axes"]] == ["PC 1", "PC 2", "PC 5"]
    assert len(page.view.dataset) == page.data("projector")["items"]["count"] == 300


def options(page, key):
    (box,) = [each for each in page.test.selectbox if each.key == key]
    return box.options, box.value


def test_axes_are_listed_with_their_share_of_the_variance_and_stay_chosen_when_it_becomes_known(page):
    page.open()
    shares = 100 * page.view.projection.explained_variance_ratio
    listed, chosen = options(page, "pc-x-64")
    assert listed == [f"{component} · {shares[component - 1]:.1f} %" for component in range(1, 21)] and chosen == 1
    page.choose("pc-x-64", 3)
    (split,) = [each for each in page.test._tree if getattr(each, "key", None) == "split-digits"]
    split.set_value("test")  # other items, whose shares are not known when the sidebar is drawn
    page.run()
    assert page.open().asked.projection == Pca(axes=(3, 2))
    shares = 100 * page.view.projection.explained_variance_ratio
    assert options(page, "pc-x-64") == ([f"{pc} · {shares[pc - 1]:.1f} %" for pc in range(1, 21)], 3)
    page.choose("method", "umap").click("▶ Run").choose("method", "pca")
    assert options(page, "pc-x-64")[0][0] == f"1 · {shares[0]:.1f} %"
    assert not page.test.warning and page.errors == []


def test_large_sets_are_reduced_unless_one_says_otherwise(page, monkeypatch):
    monkeypatch.setattr("embviz.projection.preprocess.steps.LARGE", 100)
    page.open().choose("limit-digits-all", "100").choose("method", "umap")
    assert page.asked.projection == Umap()
    page.choose("limit-digits-all", "200")
    assert page.asked.projection == Umap(preprocess="pca-50")
    assert page.choose("scaling", "center+unit").asked.projection == Umap(preprocess="center+unit+pca-50")
    page.choose("scaling", "none").click("▶ Run")
    assert " · UMAP 2D, PCA to 50, 15 neighbors, min_dist 0.1, seed 0 · " in page.text
    waited = page.view.projection
    said = time_title(waited.seconds, waited.neighbor_seconds)
    assert f"Shown · {said} · " in page.text and f'seed 0 · {said}"' in page.text
    assert page.choose("preprocess-large", False).asked.projection == Umap()
    assert page.choose("features", "logits").asked.projection == Umap()  # of ten numbers nothing is left out


def test_what_takes_long_waits_for_run_and_is_kept(page):
    page.open().choose("limit-digits-all", "100")
    before = page.data("projector")
    page.choose("features", "hidden").choose("method", "tsne").choose("perplexity", 5).choose("iterations", 300)
    asked = {"isAsked": False, "address": page.data("projector")["address"]}
    assert before["isAsked"] and page.data("projector") == before | asked
    assert "Run trains the classifier, finds neighbors and lays out 100 items of Digits 8×8: t-SNE 2D" in page.text
    page.click("▶ Run")
    assert "hidden 200-d (test accuracy 9" in page.text
    assert "t-SNE 2D, perplexity 5, 300 iterations, seed 0" in page.text
    assert " · 300 iterations · KL " in page.text
    assert page.data("projector")["coords"]["axes"] == []
    shown = page.data("projector")
    page.choose("method", "pca").choose("method", "tsne").choose("perplexity", 5).choose("iterations", 300)
    assert page.data("projector") == shown


def started(page):
    """The page after Run was pressed once, whatever is under way."""
    page.button("▶ Run").click()
    page.run()
    return page


def test_what_is_cancelled_leaves_the_last_layout_and_offers_to_run_again(page, monkeypatch):
    monkeypatch.setattr(
        embviz.ui.waiting.computed, "PATIENCE", 0.0
    )  # else it might be done, or to be seen, before it is asked
    page.open().choose("features", "logits").choose("method", "umap")
    before = page.data("projector")
    started(page)
    assert page.test.get("progress") and page.data("projector")["isAtWork"], "a restarted server can say what was lost"
    page.click("Cancel")
    assert page.data("projector") == before | {"isAsked": False}
    assert "▶ Run" in [each.label for each in page.test.button]
    assert page.errors == []


def forming(page):
    """The page with a layout that forms, and stands still as soon as it could."""
    page.open().choose("method", "tsne").choose("iterations", 2000)
    started(page)
    while not page.is_forming:
        page.run()
    page.wish("pause")
    return page


def test_a_forming_layout_is_shown_by_the_address_of_its_frames(page):
    before = page.open().data("projector")
    told = forming(page).data("projector")
    run = told["run"]["url"]
    assert told["coords"] == {
        "revision": run,
        "url": None,
        "dims": 2,
        "axes": [],
        "scaled": False,
        "box": None,
    }
    assert told["items"] == before["items"] and told["run"]["unit"] == "iteration"
    assert told["run"]["more"] == MORE and told["isAsked"]
    live = page.live_run()
    assert live.steering.state == "paused"
    assert live.steering.newest.total == 2000
    page.wish("stop")
    after = page.open().data("projector")
    assert after["run"] == told["run"] and after["coords"]["url"] is not None
    assert page.view.projection.coords.shape == (1797, 2)
    page.choose("method", "pca")
    assert page.data("projector")["run"] is None


def test_what_is_asked_of_a_forming_layout_reaches_it_and_starts_no_other(page):
    address = forming(page).data("projector")["run"]["url"]
    live = page.live_run()
    page.wish("more")
    page.wish("perturb")
    for _ in range(2000):
        if live.steering.newest.total == 2250:
            break
        time.sleep(0.01)
    assert live.steering.newest.total == 2250
    assert live.steering.state == "paused"
    page.wish("resume")
    assert live.steering.state == "running"
    assert page.data("projector")["run"]["url"] == address
    page.wish("stop")
    page.open()
    assert page.view.projection.iterations > 0 and page.errors == []


@pytest.mark.parametrize(("key", "number"), [("run-learning-rate", 300.0), ("run-exaggeration", 4.0)])
def test_a_number_changed_while_it_forms_reaches_it_and_emptied_is_as_planned(page, key, number):
    steering = forming(page).live_run().steering
    name = key.removeprefix("run-").replace("-", "_")

    def enter(text):
        (field,) = [each for each in page.test.text_input if each.key == key]
        field.set_value(text)
        page.run()

    enter(f"{number:g}")
    assert getattr(steering, name) == number
    enter("-1")
    assert page.shown(key) == f"{number:g}" and "“-1” is not a number from " in page.text
    assert getattr(steering, name) == number
    enter("")
    assert getattr(steering, name) is None and steering.state == "paused"
    page.wish("stop")
    page.open()
    assert page.errors == []


def test_how_long_a_layout_took_is_said_before_the_next_of_its_kind_and_of_no_other(page):
    page.open().choose("method", "tsne").choose("iterations", 300)
    assert "It takes" not in page.text, "nobody knows"
    page.click("▶ Run").choose("seed", "1")
    assert "Run lays out 1,797 items of Digits 8×8: t-SNE 2D" in page.text, page.text
    assert "300 iterations, seed 1. It takes" in page.text
    page.choose("method", "umap")
    assert "Run lays out" in page.text and "It takes" not in page.text


def test_what_is_asked_for_and_not_there_is_not_what_is_drawn(page):
    assert page.open().data("projector")["isAsked"]
    page.choose("method", "umap").choose("split-digits", "test")
    assert "Digits 8×8 all" in page.text and "items of Digits 8×8 test" in page.text
    assert not page.data("projector")["isAsked"]
    page.choose("method", "pca")
    assert page.data("projector")["isAsked"] and "Not computed yet" not in page.text


def test_a_page_that_begins_with_what_is_not_there_draws_principal_components_meanwhile(page):
    page.test.session_state["method"] = "tsne"
    page.test.session_state["features"] = "hidden"
    page.open()
    assert "pixels 64-d · PCA 2D" in page.text and "Run trains the classifier" in page.text
    assert not page.data("projector")["isAsked"] and page.data("projector")["coords"]["url"]


def test_a_run_that_nobody_followed_says_why_it_stopped(page):
    live = forming(page).live_run()
    live.job.watch(0.0)
    live.job.wait(60)
    page.run()
    assert "did not ask for its progress" in page.test.warning[0].value
    assert "▶ Run" in [each.label for each in page.test.button] and page.errors == []


def test_a_run_that_ends_with_an_error_can_be_tried_again(page):
    steering = forming(page).live_run().steering
    steering.wish(learning_rate=1e6)
    page.wish("resume")
    page.open()
    (error,) = page.errors
    assert "diverged" in error and page.data("projector")["run"] is None
    page.click("↻ Try again")
    assert page.errors == [] and page.view.projection.iterations == 2000


def test_a_run_without_enough_memory_says_so_and_can_be_tried_again(page, monkeypatch):
    def too_large(*arguments, **options):
        raise MemoryError("Unable to allocate 3.1 TiB")

    page.open().choose("method", "tsne").choose("iterations", 300)
    monkeypatch.setattr(embviz.view, "projection_of", too_large)
    page.click("▶ Run")
    (error,) = page.errors
    assert "not enough memory" in error and "fewer items" in error
    monkeypatch.undo()
    page.click("↻ Try again")
    assert page.errors == [] and page.view.projection.iterations == 300


def test_a_run_that_has_ended_goes_on_and_another_wish_forgets_it(page):
    page.open().choose("method", "tsne").choose("iterations", 300)
    page.click("▶ Run")
    first = page.view.projection
    old = page.data("projector")["run"]
    page.trigger("projector", "more", True)
    assert (first.iterations, page.view.projection.iterations) == (300, 550)
    assert page.view.projection.kl_divergence < first.kl_divergence
    told = page.data("projector")["run"]
    assert told["url"] != old["url"] and told["place"] == old["place"], "zoom stays"
    page.choose("method", "pca").choose("method", "tsne").choose("iterations", 300)
    np.testing.assert_array_equal(page.view.projection.coords, first.coords)
    assert page.data("projector")["run"] is None, "its frames are not those of what is stored"


def test_cancel_while_a_run_waits_to_go_on_leaves_the_layout_it_had(page, monkeypatch):
    page.open().choose("method", "tsne").choose("iterations", 300)
    page.click("▶ Run")
    longer = page.trigger("projector", "more", True).view
    told = page.data("projector")
    monkeypatch.setattr(embviz.ui.waiting.computed, "PATIENCE", 0)
    with turns.turn(no_progress), turns.turn(no_progress):
        page.tell("projector", "more", True)
        assert page.button("Cancel") and not page.data("projector")["isAsked"]
        page.click("Cancel")
    assert page.view is longer and page.data("projector") == told
    assert "Not computed yet" not in page.text and "550 iterations" in page.text
    page.trigger("projector", "more", True)
    assert page.view.projection.iterations == 800


def test_while_a_layout_forms_the_tabs_say_what_has_to_wait(page):
    source = forming(page).data("projector")["source"]
    page.session.pane.focus = Focus(source, 1, 7)
    page.run()
    assert "id 7" in page.text and "CSV" not in [each.label for each in page.test.get("download_button")]
    page.test.session_state["tab"] = "Export"
    page.run()
    assert "Files can be made **when the layout has formed**" in page.text
    page.test.session_state["tab"] = "Overlap"
    page.run()
    for job in page.jobs()[1:]:
        job.wait()
    page.run()
    assert "when it has formed" in page.text and "In feature space" in page.text
    page.wish("stop")
    page.open()
    assert "when it has formed" not in page.text


def test_another_run_of_the_same_visitor_stops_the_first(page):
    address = forming(page).data("projector")["run"]["url"]
    job = page.live_run().job
    page.choose("seed", "1")
    job.wait()
    with pytest.raises(Cancelled):
        job.result()
    started(page)
    while not page.is_forming:
        page.run()
    assert page.data("projector")["run"]["url"] != address
    page.wish("stop")
    page.open()


@pytest.mark.parametrize(
    "labels", [[7], [1, 7], [1] * 7, [3, 5] * 8], ids=["1 item", "2 items", "1 class", "2 classes"]
)
def test_the_smallest_data_never_break_the_page(page, mnist_folder, labels):
    mnist_folder(labels)
    page.open()
    for tab in ("Overlap", "Export"):
        page.show_tab(tab)
    for dims in (2, 3):
        page.choose("dims", dims)
        for method in ("tsne", "umap", "pca"):
            page.choose("method", method)


@pytest.mark.parametrize(
    ("labels", "choices", "sentence"),
    [
        ([7], {}, "PCA needs at least 2 items, got 1; show more items"),
        (
            [1, 7],
            {"dims": 3},
            "2 items with vectors of 784 have 2 principal components, got axes 1, 2, 3; use n_components=2",
        ),
        (
            [1, 7] * 4,
            {"method": "tsne"},
            "perplexity 3 needs at least 10 items, got 8; use perplexity <= 2 or more items",
        ),
        ([1, 7], {"method": "umap"}, "n_neighbors 3 needs at least 4 items, got 2; show more items"),
    ],
    ids=["too few for PCA", "too few for 3-D", "perplexity too large", "too many neighbors"],
)
def test_what_does_not_fit_the_data_is_said_in_the_words_of_the_library(page, mnist_folder, labels, choices, sentence):
    mnist_folder(labels)
    page.open()
    for key, value in choices.items():
        page.choose(key, value)
    assert page.errors == [sentence]


def test_an_error_of_a_run_leaves_the_last_view_and_another_choice_takes_it_away(page, mnist_folder):
    mnist_folder([1, 7] * 10)
    page.open().choose("method", "umap").choose("umap-metric", "cosine").click("▶ Run")
    (error,) = page.errors
    assert error.startswith("1 of 20 vectors are all zero (row 19) and have no direction")
    assert "PCA 2D" in page.text and page.has("projector")
    page.choose("umap-metric", "euclidean")
    assert page.errors == []


def test_a_data_folder_that_is_none_is_named(page, tmp_path, monkeypatch):
    monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path / "nothing"))
    (error,) = page.open().errors
    assert "nothing' which is not a folder" in error.replace(",", "")


def test_a_damaged_file_is_named(page, mnist_folder):
    file = mnist_folder([1, 7] * 10) / "t10k-images-idx3-ubyte"
    file.write_bytes(file.read_bytes()[:-1])
    (error,) = page.open().errors
    assert str(file) in error
