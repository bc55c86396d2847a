"""What the projector is sent: only ids cross, and addresses name content."""

import gc
import json
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embviz.coloring import label_coloring
from embviz.dataset import Source, subset
from embviz.datasets import Files, Named
from embviz.datasets.files.uses.wishes import NO_WISHES
from embviz.errors import InputError
from embviz.neighbors.query import Neighborhood
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap
from embviz.server import Shelf
from embviz.ui.contract import addresses
from embviz.ui.contract.addresses import images_address
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.contract.messages import ProjectorRequest
from embviz.ui.contract.requests import axis_titles, projector_request, source_of
from embviz.ui.session import PROJECTOR
from embviz.view import View
from tests.unit.ui.contract.views import IDS, SOURCE, fetched, toy_dataset, toy_view


def request_of(view: View, shelf: Shelf) -> ProjectorRequest:
    return projector_request(PROJECTOR, view, label_coloring(view.dataset), None, Focus(), shelf)


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
    assert request["coloring"] is None and request["items"]["names"] == []


def test_lines_are_pairs_of_ids_and_there_are_none_without_a_column_of_next_items() -> None:
    shelf = Shelf()
    sequence = toy_dataset(metadata={"__seq_next__": np.array([7.0, 12, np.nan, 3])})
    lines = request_of(toy_view(sequence), shelf)["lines"]
    assert lines is not None
    assert np.frombuffer(fetched(shelf, lines["url"]), "<i4").reshape(-1, 2).tolist() == [[40, 7], [7, 12]]
    assert request_of(toy_view(toy_dataset(metadata={"next": np.arange(4)})), shelf)["lines"] is None


@pytest.mark.parametrize("chunk_items", [1, 3, 4, 5])
def test_every_image_travels_with_its_id(chunk_items: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "CHUNK_ITEMS", chunk_items)
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


def test_parts_of_many_images_are_found_by_the_lowest_id_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(addresses, "FEWER_ITEMS", 3)
    shelf, dataset = Shelf(), toy_dataset()
    address = images_address(dataset, shelf)
    assert address is not None
    in_order = sorted(IDS.tolist())
    assert address["firsts"] == in_order[::3]
    for at, url in enumerate(address["urls"]):
        body = fetched(shelf, url)
        count = int(np.frombuffer(body, "<i4", 1)[0])
        ids = np.frombuffer(body, "<i4", count, offset=4).tolist()
        assert ids == in_order[3 * at : 3 * at + 3]
        rows = [IDS.tolist().index(own_id) for own_id in ids]
        assert dataset.images is not None
        assert body[4 + 4 * count :] == dataset.images[rows].tobytes()


def test_colored_images_have_three_channels_and_no_images_no_address() -> None:
    colored = toy_dataset(images=np.zeros((4, 5, 6, 3), np.uint8))
    address = images_address(colored, Shelf())
    assert address is not None
    assert (address["height"], address["width"], address["channels"]) == (5, 6, 3)
    assert images_address(toy_dataset(images=None, vectors=np.ones((4, 2), np.float32)), Shelf()) is None


def test_a_request_is_json_and_holds_no_array() -> None:
    focus = Focus("toy/100", 3, 40, id_set([40], 100), (7, 12))
    near = Neighborhood(0, np.array([2, 1]), np.array([0.5, 1], np.float32), "cosine", toy_dataset().items)
    request = projector_request(PROJECTOR, toy_view(toy_dataset()), None, (1, 2), focus, Shelf(), neighborhood=near)
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


def test_colors_of_other_items_are_refused() -> None:
    view = toy_view(toy_dataset())
    other = label_coloring(subset(view.dataset, np.array([1, 0, 2, 3])))
    with pytest.raises(InputError, match="colors are of other items"):
        projector_request(PROJECTOR, view, other, None, Focus(), Shelf())


def test_the_same_view_has_the_same_addresses() -> None:
    shelf = Shelf()
    assert request_of(toy_view(toy_dataset()), shelf) == request_of(toy_view(toy_dataset()), shelf)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("coloring", toy_view(subset(toy_dataset(), np.array([1, 0, 2, 3])))),
        ("coloring", toy_view(toy_dataset(labels=np.array([0, 0, 2, 1])))),
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
        projector_request(PROJECTOR, other, None, None, Focus(), Shelf(), neighborhood=near)
