"""The browser contract: only ids cross it, addresses name content, and answers are checked."""

import base64
import gc
import gzip
import json
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embviz.dataset import Dataset, Source, subset
from embviz.datasets import Files, Named
from embviz.datasets.files.uses.wishes import NO_WISHES
from embviz.errors import InputError, ProtocolError
from embviz.features.features import Features, Pixels
from embviz.neighbors.query import Neighborhood
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap
from embviz.server import Shelf
from embviz.ui.contract import contract
from embviz.ui.contract.contract import (
    Focus,
    axis_titles,
    focus_from_json,
    id_set,
    ids_from_json,
    images_address,
    projector_request,
    source_of,
)
from embviz.view import View, ViewSpec

IDS = np.array([40, 7, 99, 12])
SOURCE = Named("mnist", stamp="as it was")


def toy_dataset(**changes: Any) -> Dataset:
    dataset = Dataset(
        name="toy",
        split="test",
        ids=IDS.copy(),
        n_source=100,
        n_split=50,
        images=np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3),
        labels=np.array([2, 0, 2, 1]),
        class_names=("zero", "one", "two"),
        source=SOURCE,
    )
    return replace(dataset, **changes)


def toy_view(dataset: Dataset, spec: ProjectionSpec | None = None, predictions: list[int] | None = None) -> View:
    n = len(dataset)
    spec = spec or Pca(2)
    features = Features(
        vectors=np.zeros((n, 6), np.float32),
        ids=dataset.ids,
        spec=Pixels(),
        items=dataset.items,
        predictions=None if predictions is None else np.array(predictions),
        network=repr(predictions),
        class_names=() if predictions is None else dataset.class_names,
    )
    projection = Projection(
        coords=np.arange(n * spec.n_components, dtype=np.float32).reshape(n, -1),
        ids=dataset.ids,
        spec=spec,
        source=features.fingerprint,
        items=dataset.items,
        seconds=0.1,
        explained_variance_ratio=np.array([0.5, 0.25, 0.0966, 0.0004]) if isinstance(spec, Pca) else None,
    )
    return View(ViewSpec(SOURCE, "test", None, Pixels(), spec), dataset, features, projection)


def fetched(shelf: Shelf, address: str) -> bytes:
    """The body at an address, unpacked as a browser does."""
    secret, key = address.split("/")[2:]
    body = shelf.get(secret, key)
    assert body is not None
    return gzip.decompress(body) if key.endswith(".gz") else body


def request_of(view: View, shelf: Shelf) -> dict[str, Any]:
    return projector_request(view, None, Focus(), shelf)


def test_items_are_ids_codes_and_predictions_in_the_order_of_the_coordinates() -> None:
    shelf = Shelf()
    view = toy_view(toy_dataset(), predictions=[2, 0, 1, 1])
    request = request_of(view, shelf)
    columns = np.frombuffer(fetched(shelf, request["items"]["url"]), "<i4").reshape(3, -1)
    assert columns.tolist() == [IDS.tolist(), [2, 0, 2, 1], [2, 0, 1, 1]]
    assert (request["items"]["count"], request["items"]["idLimit"]) == (4, 100)
    coords = np.frombuffer(fetched(shelf, request["coords"]["url"]), "<f4").reshape(4, 2)
    np.testing.assert_array_equal(coords, view.projection.coords)


def test_items_without_label_or_prediction_have_minus_one() -> None:
    shelf = Shelf()
    view = toy_view(toy_dataset(labels=None, class_names=()))
    request = request_of(view, shelf)
    columns = np.frombuffer(fetched(shelf, request["items"]["url"]), "<i4").reshape(3, -1)
    assert columns[1:].tolist() == [[-1] * 4, [-1] * 4]
    assert request["classes"] == []


@pytest.mark.parametrize("chunk_items", [1, 3, 4, 5])
def test_every_image_travels_with_its_id(chunk_items: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "CHUNK_ITEMS", chunk_items)
    shelf, dataset = Shelf(), toy_dataset()
    address = images_address(dataset, shelf)
    assert address is not None
    assert len(address["urls"]) == -(-len(dataset) // chunk_items)
    images: dict[int, np.ndarray] = {}
    for url in address["urls"]:
        body = fetched(shelf, url)
        count = int(np.frombuffer(body, "<i4", 1)[0])
        ids = np.frombuffer(body, "<i4", count, offset=4)
        pixels = np.frombuffer(body, np.uint8, offset=4 + 4 * count)
        images |= dict(zip(ids.tolist(), pixels.reshape(count, address["height"], address["width"]), strict=True))
    assert sorted(images) == sorted(IDS)
    for row, own_id in enumerate(IDS.tolist()):
        np.testing.assert_array_equal(images[own_id], dataset.images[row])


def test_colored_images_have_three_channels_and_no_images_no_address() -> None:
    colored = toy_dataset(images=np.zeros((4, 5, 6, 3), np.uint8))
    address = images_address(colored, Shelf())
    assert address is not None
    assert (address["height"], address["width"], address["channels"]) == (5, 6, 3)
    assert images_address(toy_dataset(images=None, vectors=np.ones((4, 2), np.float32)), Shelf()) is None


def test_a_class_has_its_name_color_and_count_even_where_it_is_empty() -> None:
    classes = request_of(toy_view(subset(toy_dataset(), np.array([0, 1, 2]))), Shelf())["classes"]
    assert [(known["name"], known["count"]) for known in classes] == [("zero", 1), ("one", 0), ("two", 2)]
    for ground in ("light", "dark"):
        assert len({known["color"][ground] for known in classes}) == 3


def test_a_request_is_json_and_holds_no_array() -> None:
    focus = Focus("toy/100", 3, 40, id_set([40], 100), (7, 12))
    near = Neighborhood(0, np.array([2, 1]), np.array([0.5, 1], np.float32), "cosine", toy_dataset().items)
    request = projector_request(toy_view(toy_dataset()), (1, 2), focus, Shelf(), neighborhood=near)
    assert json.loads(json.dumps(request)) == request
    assert request["highlighted"] == [1, 2]
    told = {"source": "toy/100", "serial": 3, "pinned": 40, "selected": id_set([40], 100), "pair": [7, 12]}
    assert request["focus"] == told
    assert request["neighbors"] == {"of": 40, "ids": [99, 7], "distances": [0.5, 1.0]}
    assert len(json.dumps(request)) < 2000


def test_the_page_is_told_where_splits_begin_and_no_name_of_an_item() -> None:
    splits = (("train", 0), ("test", 40))
    request = request_of(toy_view(toy_dataset(splits=splits)), Shelf())
    assert request["items"]["splits"] == [["train", 0], ["test", 40]]
    assert request_of(toy_view(toy_dataset()), Shelf())["items"]["splits"] == []


def test_what_is_sent_is_gone_with_the_view_and_nothing_is_held_for_it() -> None:
    shelf, view = Shelf(), toy_view(toy_dataset())
    request = request_of(view, shelf)
    gone = [weakref.ref(part) for part in (view.dataset, view.features, view.projection)]
    for url in (request["items"]["url"], request["coords"]["url"], *request["images"]["urls"]):
        assert fetched(shelf, url)
    del view
    gc.collect()
    assert [part() for part in gone] == [None, None, None] and shelf.n_bytes == 0


def test_the_same_view_has_the_same_addresses() -> None:
    shelf = Shelf()
    assert request_of(toy_view(toy_dataset()), shelf) == request_of(toy_view(toy_dataset()), shelf)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("items", toy_view(subset(toy_dataset(), np.array([1, 0, 2, 3])))),
        ("items", toy_view(toy_dataset(labels=np.array([0, 0, 2, 1])))),
        ("items", toy_view(toy_dataset(), predictions=[0, 0, 0, 0])),
        ("coords", toy_view(toy_dataset(), Pca(3))),
        ("coords", toy_view(subset(toy_dataset(), np.array([1, 0, 2, 3])))),
        ("images", toy_view(toy_dataset(images=np.zeros((4, 2, 3), np.uint8)))),
        ("images", toy_view(subset(toy_dataset(), np.array([1, 0, 2, 3])))),
    ],
)
def test_other_content_has_another_revision(part: str, other: View) -> None:
    shelf = Shelf()
    known, new = request_of(toy_view(toy_dataset()), shelf)[part], request_of(other, shelf)[part]
    assert known["revision"] != new["revision"]
    addresses = [set(found.get("urls", [found.get("url")])) for found in (known, new)]
    assert not addresses[0] & addresses[1]


def test_other_labels_alone_leave_coordinates_as_they_are() -> None:
    shelf = Shelf()
    relabeled = toy_view(toy_dataset(labels=np.array([0, 0, 2, 1])))
    assert request_of(toy_view(toy_dataset()), shelf)["coords"] == request_of(relabeled, shelf)["coords"]


@pytest.mark.parametrize(
    ("spec", "titles"),
    [
        (Pca(2), ["PC 1 (50.0 %)", "PC 2 (25.0 %)"]),
        (Pca(3), ["PC 1 (50.0 %)", "PC 2 (25.0 %)", "PC 3 (9.7 %)"]),
        (Pca(2, axes=(4, 1)), ["PC 4 (0.0 %)", "PC 1 (50.0 %)"]),
        (Tsne(2), []),
        (Umap(3), []),
    ],
)
def test_axes_that_mean_something_are_titled_with_their_share_of_the_variance(
    spec: ProjectionSpec, titles: list[str]
) -> None:
    assert axis_titles(toy_view(toy_dataset(), spec).projection) == titles


def test_only_the_axes_of_pca_mean_something() -> None:
    scaled = [
        request_of(toy_view(toy_dataset(), spec), Shelf())["coords"]["scaled"] for spec in (Pca(), Tsne(), Umap())
    ]
    assert scaled == [True, False, False]


def test_ids_mean_the_same_in_every_part_of_a_source() -> None:
    dataset = toy_dataset()
    part = replace(subset(dataset, np.array([2])), split="train", n_split=10)
    assert source_of(part) == source_of(dataset)


@pytest.mark.parametrize(
    "other",
    [Named("kmnist", SOURCE.stamp), Named("mnist", "as it is now"), Files((Path("/mnist"),), NO_WISHES, SOURCE.stamp)],
)
def test_ids_mean_something_else_in_another_source(other: Source) -> None:
    assert source_of(toy_dataset(source=other)) != source_of(toy_dataset())


def test_neighbors_of_other_items_are_not_marked() -> None:
    near = Neighborhood(0, np.array([2, 1]), np.array([0.5, 1], np.float32), "cosine", toy_dataset().items)
    with pytest.raises(InputError, match="neighbors are of other items"):
        other = toy_view(subset(toy_dataset(), np.array([1, 0, 2, 3])))
        projector_request(other, None, Focus(), Shelf(), neighborhood=near)


def test_an_id_set_has_the_bit_of_each_id() -> None:
    assert base64.b64decode(id_set([0, 9, 10], 17)) == bytes([0b1, 0b110, 0])


def test_an_id_beyond_the_limit_is_a_bug_that_shows() -> None:
    with pytest.raises(IndexError):
        id_set([10], 10)


def test_nothing_selected_means_no_ids() -> None:
    assert Focus().selected_ids().tolist() == []
    assert Focus(selected=id_set([], 10)).selected_ids().tolist() == []


ANSWER = {"source": "toy/100", "serial": 4, "pinned": 7, "selected": "Aw==", "pair": [3, 9]}


def test_an_answer_of_the_page_is_its_focus() -> None:
    focus = focus_from_json(ANSWER, "toy/100", 100)
    assert focus == Focus("toy/100", 4, 7, "Aw==", (3, 9))
    assert focus.selected_ids().tolist() == [0, 1]
    nothing = ANSWER | {"pinned": None, "selected": None, "pair": None}
    assert focus_from_json(nothing, "toy/100", 100) == Focus("toy/100", 4)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "focus",
        {},
        {key: value for key, value in ANSWER.items() if key != "selected"},
        ANSWER | {"more": 1},
        ANSWER | {"source": None},
        ANSWER | {"serial": -1},
        ANSWER | {"serial": 1.0},
        ANSWER | {"serial": True},
        ANSWER | {"serial": "4"},
        ANSWER | {"serial": 10**5000},
        ANSWER | {"serial": 2**53},
        ANSWER | {"pinned": 10**5000},
        ANSWER | {"source": "toy/101"},
        ANSWER | {"source": 10**5000},
        ANSWER | {"source": "toy/" + "9" * 5000},
        ANSWER | {"pinned": -1},
        ANSWER | {"pinned": False},
        ANSWER | {"pinned": [7]},
        ANSWER | {"selected": "no base64!"},
        ANSWER | {"selected": "Aw="},
        ANSWER | {"selected": "é"},
        ANSWER | {"selected": [0, 1]},
        ANSWER | {"selected": 3},
        ANSWER | {"selected": True},
        ANSWER | {"pair": 3},
        ANSWER | {"pair": [3]},
        ANSWER | {"pair": [3, 3]},
        ANSWER | {"pair": [3, 4, 5]},
        ANSWER | {"pair": [3, -1]},
        ANSWER | {"pair": "34"},
    ],
)
def test_a_malformed_focus_is_refused(answer: object) -> None:
    with pytest.raises(ProtocolError):
        focus_from_json(answer, "toy/100", 100)


def test_what_is_refused_is_quoted_but_not_at_length() -> None:
    with pytest.raises(ProtocolError) as refused:
        focus_from_json(ANSWER | {"source": "x" * 10_000}, "toy/100", 100)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("id_limit", [1, 8, 9, 24, 25, 1797, 70_000])
def test_a_selection_longer_than_one_of_all_items_is_refused_before_it_is_decoded(
    id_limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = id_set(range(id_limit), id_limit)
    assert focus_from_json(ANSWER | {"selected": everything}, "toy/100", id_limit).selected == everything
    monkeypatch.setattr(base64, "b64decode", lambda *arguments, **options: pytest.fail("it was decoded"))
    for longer in (everything + "AAAA", "A" * 12_000_000):
        with pytest.raises(ProtocolError):
            focus_from_json(ANSWER | {"selected": longer}, "toy/100", id_limit)


def test_ids_of_a_card_are_counts() -> None:
    assert ids_from_json([3, 0], 2) == [3, 0]
    assert ids_from_json([], 2) == []


@pytest.mark.parametrize("answer", [None, 3, "31", {"0": 3}, [1.0], [-1], [True], ["3"], [[3]], [1, 2, 3], [10**5000]])
def test_anything_else_is_not_a_list_of_ids(answer: object) -> None:
    with pytest.raises(ProtocolError):
        ids_from_json(answer, 2)
