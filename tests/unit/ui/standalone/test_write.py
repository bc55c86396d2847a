"""A view in an HTML file: all of it is there, exactly; no text of the data is HTML; nothing is fetched."""

import base64
import json
import re
from dataclasses import replace

import numpy as np
import pytest

import embviz
from embviz.coloring import ColorBy, coloring_of, label_coloring
from embviz.errors import Cancelled, InputError
from embviz.ui.standalone.scripts import import_map
from embviz.ui.standalone.small_images import with_small_images
from embviz.ui.standalone.write import write_page
from tests.unit.ui.standalone.parts import Page, page_in

RNG = np.random.default_rng(0)
N = 30
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "{nonce}{told}",
    "]]>&amp;",
]


def made(**changes):
    dataset = embviz.dataset_from_arrays(
        vectors=RNG.normal(size=(N, 4)),
        images=RNG.integers(0, 256, (N, 9, 12)),
        labels=[HOSTILE[row % len(HOSTILE)] for row in range(N)],
        metadata=[{"<b>column</b>": HOSTILE[row % 2], "age": row / 7} for row in range(N)],
        name="<i>toy</i>",
    )
    return replace(dataset, ids=dataset.ids * 3 + 5, n_source=200, **changes)


def written(tmp_path, dataset, coloring=None, dims=2, **options) -> Page:
    features = embviz.vector_features(dataset)
    layout = embviz.project(features, embviz.Pca(n_components=dims))
    page = page_in(write_page(tmp_path / "a.html", dataset, features, layout, coloring, **options))
    assert page.array("coords").view(np.float32).reshape(N, dims).tolist() == layout.coords.tolist()
    return page


@pytest.mark.parametrize("dims", [2, 3])
def test_items_coordinates_images_and_colors_are_in_it_to_the_last_bit(tmp_path, dims):
    dataset = made()
    page = written(tmp_path, dataset, label_coloring(dataset), dims)
    ids, labels, predictions = page.array("items").view(np.int32).reshape(3, N)
    assert ids.tolist() == dataset.ids.tolist() and labels.tolist() == dataset.labels.tolist()
    assert set(predictions) == {-1}
    assert page.told["request"]["items"]["names"] == list(dataset.class_names)
    assert page.array("coloring").view(np.int8).tolist() == dataset.labels.tolist()
    (images,) = page.images()
    assert (
        images[4 : 4 + 4 * N] == dataset.ids.astype(np.int32).tobytes()
        and images[4 + 4 * N :] == dataset.images.tobytes()
    )
    assert page.told["request"]["coords"]["dims"] == dims and len(page.told["request"]["coords"]["axes"]) == dims


def test_the_lines_of_a_sequence_are_in_it(tmp_path):
    dataset = made()
    nexts = np.append(dataset.ids[1:], -1)
    page = written(tmp_path, replace(dataset, metadata={"__seq_next__": nexts}))
    assert page.array("lines").view(np.int32).reshape(-1, 2).tolist() == np.c_[dataset.ids, nexts][:-1].tolist()
    assert written(tmp_path, dataset).told["request"]["lines"] is None


def test_texts_of_the_data_are_in_json_alone_and_end_no_script(tmp_path):
    dataset = made()
    by = coloring_of(ColorBy("column", "<b>column</b>"), dataset, embviz.vector_features(dataset))
    page = written(tmp_path, dataset, by, title="<title></title>{told}")
    assert page.told["title"] == "<title></title>{told}"
    assert {each["name"] for each in page.told["request"]["coloring"]["entries"]} == set(HOSTILE[:2])
    assert page.told["request"]["coloring"]["name"] == "<b>column</b>"
    for text in (*HOSTILE[:3], "<b>column", "<i>toy"):
        assert text not in page.source
    assert page.tags == {"html", "head", "meta", "title", "style", "script", "body", "noscript", "p"}
    assert len(page.running) == 2 and not page.handlers


def test_nothing_in_it_leads_elsewhere_and_its_policy_forbids_it(tmp_path):
    page = written(tmp_path, made())
    assert not page.addresses, "no tag fetches anything"
    policy = dict(part.split(" ", 1) for part in page.policy.split("; "))
    nonce = policy["script-src"].removeprefix("'nonce-").removesuffix("'")
    assert policy["default-src"] == "'none'" and policy["connect-src"] == "blob:" and policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == f"'nonce-{nonce}'"
    assert {attributes.get("nonce") for attributes, _ in page.running} == {nonce}
    assert nonce not in json.dumps(page.told)
    for text in (page.source, *scripts().values()):
        assert not re.search(r"(?<![\w/])https?://(?!www\.w3\.org/2000/svg)", text)


def scripts():
    imports = json.loads(import_map())["imports"]
    return {name: base64.b64decode(address.partition(",")[2]).decode() for name, address in imports.items()}


def test_every_script_that_one_imports_is_there_under_the_name_it_uses():
    found = scripts()
    imported = {name for text in found.values() for name in re.findall(r'\bfrom\s*"([^"]+)"', text)}
    assert imported | {"embviz/standalone.js"} == set(found)
    assert not any("plotly" in name for name in found)


def test_a_page_is_the_same_for_the_same_view_and_says_how_far_it_is(tmp_path):
    dataset, told = made(), []
    first = written(tmp_path, dataset, progress=lambda *at: told.append(at)).source
    assert told[-1][1] == told[-1][2] - 1 and {stage for stage, _, _ in told} == {"writing the page"}
    assert written(tmp_path, dataset).source == first

    def stop(*_):
        raise Cancelled("enough")

    (tmp_path / "a.html").unlink()
    with pytest.raises(Cancelled):
        written(tmp_path, dataset, progress=stop)
    assert not list(tmp_path.iterdir())


def test_numbers_gaps_and_no_colors_at_all(tmp_path):
    dataset = made(images=None, labels=None, class_names=())
    by = coloring_of(ColorBy("column", "age"), dataset, embviz.vector_features(dataset))
    page = written(tmp_path, dataset, by)
    places = page.array("coloring").view(np.float32)
    assert places.argsort().tolist() == list(range(N)) and (places[0], places[-1]) == (0, 1)
    assert page.told["request"]["coloring"]["scale"]["high"] == pytest.approx(29 / 7)
    assert page.told["request"]["images"] is None
    assert written(tmp_path, dataset).told["request"]["coloring"] is None


def test_another_ending_is_refused(tmp_path):
    dataset = made()
    features = embviz.vector_features(dataset)
    with pytest.raises(InputError, match=r"goes into an \.html file, got 'a\.png'"):
        write_page(tmp_path / "a.png", dataset, features, embviz.project(features, embviz.Pca()))


class TestSmallImages:
    def test_they_are_means_of_squares_and_it_is_said(self):
        dataset = made()
        small, said = with_small_images(
            replace(dataset, images=np.kron(dataset.images, np.ones((1, 2, 2), np.uint8))), N * 108
        )
        assert np.array_equal(small.images, dataset.images)
        assert said == "Images are shown in 9 × 12 of 18 × 24 pixels, to keep the file small."
        colors = np.repeat(np.kron(dataset.images, np.ones((1, 3, 3), np.uint8))[..., None], 3, axis=3)
        small, _ = with_small_images(replace(dataset, images=colors), N * 3 * 108)
        assert np.array_equal(small.images, np.repeat(dataset.images[..., None], 3, axis=3))

    @pytest.mark.parametrize("most", [1, 1000, 100_000])
    def test_they_never_take_more_than_they_may(self, most):
        dataset = replace(made(), images=RNG.integers(0, 256, (N, 40, 31), np.uint8))
        small, said = with_small_images(dataset, most)
        assert (0 if small.images is None else small.images.nbytes) <= most
        assert bool(said) == (dataset.images.nbytes > most)

    def test_small_ones_stay_as_they_are_and_tiny_ones_are_left_out(self):
        dataset = made()
        assert with_small_images(dataset) == (dataset, "")
        small, said = with_small_images(dataset, 100)
        assert (
            small.images is None and said == "Images are left out: 30 of 9 × 12 pixels would make the file too large."
        )
