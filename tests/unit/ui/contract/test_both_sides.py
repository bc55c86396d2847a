"""Both sides of the contract mean the same: every message goes from Python through the page's scripts and back."""

import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np
import pytest

from embviz.alignment import alignment
from embviz.coloring import column_coloring, label_coloring
from embviz.coloring.palette import MISSING, SCALE
from embviz.datasets import dataset_from_arrays
from embviz.features import pixel_features
from embviz.features.features import Pixels
from embviz.items.texts import texts_of
from embviz.jobs.clock import Clock
from embviz.layers import class_separation, layer_lens, pair_axis
from embviz.neighbors.query import Neighborhood
from embviz.overlap import overlap_matrix
from embviz.projection.run.steering import Steering
from embviz.projection.specs import Pca, Tsne
from embviz.run import Run
from embviz.server import Shelf, live_runs
from embviz.server.live import WISHES
from embviz.server.news import STATES, NewsHeader
from embviz.ui import component
from embviz.ui.contract import color_messages, gallery_messages, layer_messages, messages, table_messages
from embviz.ui.contract.answers import class_pair_from_json, focus_from_json, ids_from_json
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.contract.layers import axis_request, maps_request
from embviz.ui.contract.legend import coloring_message, colors_body
from embviz.ui.contract.requests import Beside, projector_request
from embviz.ui.panels.labels.confusion import table_request
from embviz.ui.panels.pairs.table import table_request as overlap_table_request
from embviz.ui.session import PROJECTOR
from embviz.view import Forming, ViewSpec
from tests.unit.asgi import get
from tests.unit.ui.contract.views import SOURCE, fetched, toy_dataset, toy_view

ECHO = Path(__file__).parents[3] / "js" / "echo_contract.mjs"
MODULES = (messages, color_messages, gallery_messages, layer_messages, table_messages)
MESSAGES = {name: each for module in MODULES for name, each in vars(module).items() if is_typeddict(each)}
Message = dict[str, Any]


def read_by_the_page(node: str, **sent: Any) -> Message:
    """What `echo_contract.mjs` says of what Python sends."""
    whole = {"messages": [], "arrays": None, "run": None, "focus": None, "idSets": []} | sent
    outcome = subprocess.run([node, str(ECHO)], input=json.dumps(whole), capture_output=True, text=True, timeout=60)
    assert outcome.returncode == 0, outcome.stderr
    read: Message = json.loads(outcome.stdout)
    return read


def as_text(body: bytes) -> str:
    return base64.b64encode(body).decode()


# ---- the same types on both sides


def javascript_of(hint: Any) -> str:
    """A type of Python's as JSDoc has it."""
    origin, options = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return " | ".join(map(javascript_of, options))
    if origin is list:
        each = javascript_of(options[0])
        return f"({each})[]" if get_origin(options[0]) in (UnionType, Union) else f"{each}[]"
    if origin is Literal:
        return " | ".join(map(json.dumps, options))
    known = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}
    return str(hint.__name__) if is_typeddict(hint) else known[hint]


def loosened(type_: str) -> str:
    """A type of JSDoc's without the length of its lists, which ours do not say."""
    return type_.replace("[number, number]", "number[]").replace("[string, number][]", "(string | number)[][]")


def test_both_sides_say_the_same_of_every_message(node: str) -> None:
    typedefs = read_by_the_page(node)["typedefs"]
    ours = {
        name: {field: javascript_of(hint) for field, hint in get_type_hints(each).items()}
        for name, each in MESSAGES.items()
    }
    theirs = {name: {field: loosened(type_) for field, type_ in typedefs[name].items()} for name in ours}
    assert ours == theirs
    assert set(typedefs) == set(ours)


def test_the_states_and_wishes_of_a_run_are_those_of_the_server(node: str) -> None:
    read = read_by_the_page(node)
    assert read["states"] == list(STATES)
    assert set(read["wishes"]) == set(WISHES)


# ---- every message is of its type on both sides


def faults_of(value: object, hint: Any, where: str) -> list[str]:
    """What is wrong with a value of that type."""
    options = get_args(hint)
    if is_typeddict(hint):
        hints = get_type_hints(hint)
        if not isinstance(value, dict) or set(value) != set(hints):
            return [f"{where} must have {sorted(hints)}, got {value}"]
        return [fault for name, each in hints.items() for fault in faults_of(value[name], each, f"{where}.{name}")]
    if get_origin(hint) in (UnionType, Union):
        found = [faults_of(value, option, where) for option in options]
        return [] if [] in found else [fault for each in found for fault in each]
    if get_origin(hint) is list:
        if not isinstance(value, list):
            return [f"{where} must be a list, got {value}"]
        return [fault for at, part in enumerate(value) for fault in faults_of(part, options[0], f"{where}[{at}]")]
    if get_origin(hint) is Literal:
        return [] if value in options else [f"{where} must be one of {options}, got {value}"]
    return [] if type(value) is hint else [f"{where} must be {hint}, got {value}"]


def mounted(monkeypatch: pytest.MonkeyPatch, mount: Any, *arguments: Any, **more: Any) -> Message:
    """What a component is mounted with."""
    found: list[Message] = []
    monkeypatch.setattr(component, "_component", lambda *names: lambda **given: found.append(given))
    mount(*arguments, **more)
    return found[0]


def layers_requests(shelf: Shelf) -> tuple[layer_messages.MapsRequest, layer_messages.AxisRequest]:
    """What the small maps and the axis of two classes are told, with marks and weights."""
    images = np.random.default_rng(0).integers(0, 256, (40, 2, 3), dtype=np.uint8)
    dataset = dataset_from_arrays(images=images, labels=["a", "b"] * 20)
    features = pixel_features(dataset)
    lens = layer_lens([class_separation(features, dataset, (0, 1), 3)])
    axis = axis_request(PROJECTOR, pair_axis(features, dataset, (0, 1)), dataset, shelf)
    assert axis["marks"] and axis["weights"]
    return maps_request(PROJECTOR, lens, dataset, 5, shelf), axis


def overlaps_request() -> table_messages.HeatmapRequest:
    """A table of overlaps with intervals and ranks."""
    line = np.array([[0], [1], [2], [2], [50], [51], [90]], np.float32)  # mixed, apart, and one item alone
    matrix = overlap_matrix(line, np.array([0, 0, 0, 1, 1, 1, 2]), 4, 1, space="line")
    return overlap_table_request(matrix, ["a", "b", "c", "d"], (0, 1), [0, 1, 2, 3])


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Message]]:
    """Messages of each kind as Streamlit is given them, and between them every field with and without a value."""
    dataset = toy_dataset(splits=(("train", 0), ("test", 40)), metadata={"__seq_next__": np.array([7, 99, 12, -1])})
    shelf, view = Shelf(), toy_view(dataset, predictions=[2, 0, 1, 1])
    near = Neighborhood(0, np.array([2, 1]), np.array([0.5, 1], np.float32), "cosine", view.dataset.items)
    focus = Focus("toy/100", 3, 40, id_set([40], 100), (7, 12))
    run = Run(view.spec, lambda run, clock: view)
    laid = alignment(view.projection, toy_view(view.dataset, Tsne()).projection)
    full = projector_request(
        PROJECTOR,
        view,
        label_coloring(view.dataset),
        (1, 2),
        focus,
        shelf,
        run,
        near,
        labels=texts_of(view.dataset, "id", view.dataset.ids),
        held=7,
        beside=Beside(True, laid),
        look={"key": "a", "camera": [0.0, 1.5, -1.0, 2.0]},
        asks_look="b",
    )
    bare = toy_dataset(images=None, labels=None, class_names=(), vectors=np.ones((4, 2), np.float32))
    empty = projector_request(PROJECTOR, toy_view(bare), None, None, Focus(), shelf)
    spec = ViewSpec(SOURCE, "test", None, view.features.spec, Tsne(3))
    forming = Forming(spec, view.dataset, view.features)
    scores = column_coloring(view.dataset, "score", np.array([0.5, np.nan, 3, -2]))
    begun = projector_request(PROJECTOR, forming, scores, None, focus, shelf, run, begins=True, is_asked=False)
    cards: list[gallery_messages.GalleryCard] = [
        {"ids": ids, "name": "7 and 9", "title": "7", "caption": "0.5", "differs": True} for ids in ([7], [7, 9])
    ]
    maps, axis = layers_requests(shelf)
    recolored: color_messages.RecoloringRequest = {"pane": "p", "items": "r", "select": "s", "url": "u", "chosen": "c"}
    calls: list[tuple[str, Any, tuple[Any, ...]]] = [
        ("Recoloring", component.recoloring, ("key", recolored, print)),
        ("Recoloring", component.recoloring, ("key", recolored | {"chosen": None}, print)),
        ("Projector", component.projector, (full, print, print, print, print)),
        ("Projector", component.projector, (empty, print, print, print, print)),
        ("Projector", component.projector, (begun, print, print, print, print)),
        ("Gallery", component.gallery, ("key", full["images"], cards, print)),
        ("Gallery", partial(component.gallery, bars=[0.5, 1.0], is_difference=True), ("key", None, cards, print)),
        ("Gallery", component.gallery, ("key", None, [], print)),
        ("Maps", component.maps, ("key", maps, view.dataset.ids, print)),
        ("Axis", component.axis, ("key", axis, view.dataset.ids, print)),
        ("Axis", component.axis, ("key", axis | {"weights": None}, view.dataset.ids, print)),
        ("Heatmap", component.heatmap, ("key", overlaps_request(), print)),
        ("Heatmap", component.heatmap, ("key", table_request(["a", "b"], [[None, 3.5], [1.0, None]], (0, 1)), print)),
    ]
    found = []
    for kind, mount, arguments in calls:
        given = mounted(monkeypatch, mount, *arguments)
        heard = {name[3:-7] for name in given if name.startswith("on_")}
        assert heard == set(MESSAGES[f"{kind}Answers"].__annotations__), "Python listens to every answer"
        found.append((f"{kind}Request", json.loads(json.dumps(given["data"][0]))))
    return found


def broken(message: Any) -> Iterator[Any]:
    """The message without one of its fields, at any depth, and with one too many."""
    if isinstance(message, dict):
        yield {**message, "extra": 1}
        for name, part in message.items():
            yield {other: each for other, each in message.items() if other != name}
            yield from ({**message, name: worse} for worse in broken(part))
    if isinstance(message, list):
        for at, part in enumerate(message):
            for worse in broken(part):
                yield [*message[:at], worse, *message[at + 1 :]]


def test_every_message_is_of_its_type_on_both_sides(node: str, sent: list[tuple[str, Message]]) -> None:
    assert [faults_of(message, MESSAGES[name], name) for name, message in sent] == [[]] * len(sent)
    read = read_by_the_page(node, messages=[{"type": name, "message": message} for name, message in sent])
    assert read["faults"] == [[]] * len(sent)


def test_a_field_that_is_missing_or_one_too_many_is_noticed_on_both_sides(
    node: str, sent: list[tuple[str, Message]]
) -> None:
    worse = [(name, other) for name, message in sent for other in broken(message)]
    assert len(worse) > 100
    assert all(faults_of(message, MESSAGES[name], name) for name, message in worse)
    read = read_by_the_page(node, messages=[{"type": name, "message": message} for name, message in worse])
    assert all(read["faults"])


def test_a_value_of_another_type_is_noticed_on_both_sides(node: str, sent: list[tuple[str, Message]]) -> None:
    _, whole = sent[0]
    worse = []
    for name in whole:
        other = deepcopy(whole)
        other[name] = {"not": "this"}
        worse.append(other)
    assert all(faults_of(message, messages.ProjectorRequest, "") for message in worse)
    read = read_by_the_page(node, messages=[{"type": "ProjectorRequest", "message": message} for message in worse])
    assert all(read["faults"])


# ---- arrays, news and answers


def hex_of(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def test_the_page_reads_the_arrays_that_python_puts_on_the_shelf(node: str) -> None:
    rng = np.random.default_rng(0)
    n, n_source = 200, 70_001
    ids = rng.choice(n_source, n, replace=False)
    labels, predictions = rng.integers(0, 3, (2, n))
    images = rng.integers(0, 256, (n, 2, 3, 3), dtype=np.uint8)
    nexts = {"__seq_next__": np.where(np.arange(n) % 3, np.roll(ids, -1), -1)}
    dataset = toy_dataset(ids=ids, labels=labels, images=images, n_source=n_source, n_split=n_source, metadata=nexts)
    view, shelf = toy_view(dataset, Pca(3), predictions.tolist()), Shelf()
    request = projector_request(PROJECTOR, view, None, None, Focus(), shelf)
    addressed = request["images"]
    writers, scores = rng.integers(0, 100, n).astype("<U3"), rng.normal(size=n)
    writers[:3], scores[:4] = "", [np.nan, np.inf, -np.inf, 5]
    columns = {"writer": writers, "score": scores}
    colorings = [column_coloring(dataset, name, column) for name, column in columns.items()]
    colored = [coloring_message(each, view, shelf) for each in colorings]
    assert addressed is not None and request["coords"]["url"] is not None and request["lines"] is not None
    read = read_by_the_page(
        node,
        arrays={
            "items": as_text(fetched(shelf, request["items"]["url"])),
            "coords": as_text(fetched(shelf, request["coords"]["url"])),
            "count": request["items"]["count"],
            "dims": request["coords"]["dims"],
            "colorings": [{"message": each, "body": as_text(fetched(shelf, each["url"]))} for each in colored],
            "colors": [as_text(colors_body(each, view, shelf)) for each in (*colorings, None)],
            "lines": as_text(fetched(shelf, request["lines"]["url"])),
            "images": [as_text(fetched(shelf, url)) for url in addressed["urls"]],
            "imageSize": addressed["height"] * addressed["width"] * addressed["channels"],
        },
    )["arrays"]
    assert (read["ids"], read["rows"]) == (ids.tolist(), list(range(n)))
    assert (read["labels"], read["predictions"]) == (labels.tolist(), predictions.tolist())
    assert np.array_equal(np.array(read["coords"], np.float32), view.projection.coords.reshape(-1))
    assert read["lines"] == [row for at in range(n) if at % 3 for row in (at, (at + 1) % n)]
    by_writer, by_score = read["colorings"]
    at_once = [as_text(fetched(shelf, each["url"])) for each in colored]
    assert [each["coloring"] for each in read["colors"]] == [*colored, None]
    assert [each["content"] for each in read["colors"]] == [*at_once, ""]
    kept, missing = colored[0]["entries"][:-2], {"": "no value"}
    named = missing | {entry["name"]: entry["name"] for entry in kept}
    assert by_writer["names"] == [named.get(writer, colored[0]["entries"][-2]["name"]) for writer in writers.tolist()]
    assert by_writer["codesIn"] == [*range(63), -1] and by_score["codesIn"] == [0, -1]
    assert by_score["names"][:4] == ["no value", "∞", "−∞", "5"] and by_score["codes"][:4] == [-1, 0, 0, 0]
    said = [float(name.replace("−", "-")) for name in by_score["names"][4:]]
    np.testing.assert_allclose(said, scores[4:], rtol=1e-4, atol=1e-5)
    low, high = hex_of(SCALE[0].light), hex_of(SCALE[-1].light)
    assert by_score["colors"][:4] == [hex_of(MISSING.light), high, low, high]
    assert by_writer["colors"][0] == hex_of(MISSING.light)
    assert dict(read["images"]) == {int(ids[row]): images[row].reshape(-1).tolist() for row in range(n)}


@pytest.fixture
def run() -> Iterator[tuple[Steering, str]]:
    """A run that has begun, and its address."""
    over = threading.Event()

    def work(run: Run, clock: Clock) -> Any:
        while not over.wait(0.01):
            clock("forming", 0, 0)

    begun = Run(ViewSpec(SOURCE, "test", None, Pixels(), Tsne()), work)
    yield begun.steering, "/" + live_runs.put(begun)
    over.set()
    begun.job.wait(20)


def test_the_page_reads_the_news_and_frames_of_a_run(node: str, run: tuple[Steering, str]) -> None:
    steering, address = run
    shown = [np.array([[1, 2], [3, 4]], np.float32), np.array([[5, 6], [7, 8.5]], np.float32)]
    bodies = [get(f"{address}?after=-1").body]
    for done, coords in enumerate(shown, start=10):
        steering.show(coords, done, 750, None if done == 10 else 0.5)
        bodies.append(get(f"{address}?after={done - 10}").body)
    steering.pause()
    bodies.append(get(f"{address}?after=2&state={STATES.index('running')}").body)
    read = read_by_the_page(
        node,
        run={
            "news": list(map(as_text, bodies)),
            "frames": as_text(get(f"{address}/frames").body),
            "frame": as_text(get(f"{address}/frames/2").body),
            "count": 2,
            "dims": 2,
        },
    )["run"]
    told = [(news["serial"], news["done"], news["total"], news["state"], news["divergence"]) for news in read["news"]]
    assert told == [
        (0, 0, 0, "starting", None),
        (1, 10, 750, "running", None),
        (2, 11, 750, "running", 0.5),
        (2, 11, 750, "paused", 0.5),
    ]
    assert [news["coords"] for news in read["news"]] == [None, [1, 2, 3, 4], [5, 6, 7, 8.5], None]
    assert {"state", "coords", *NewsHeader._fields} == set(read["news"][0])
    assert read["frames"] == {"serials": [1, 2], "steps": [10, 11]}
    np.testing.assert_allclose(read["frame"], [5, 6, 7, 8.5], atol=1e-3)  # kept in 16 bits


def test_python_takes_over_what_the_page_says_was_pinned_selected_and_compared(node: str) -> None:
    before = Focus("toy/100", 3, 40, id_set([40], 100))
    told = read_by_the_page(node, focus={"focus": before.message(), "ids": [7, 12, 99], "idLimit": 100})["told"]
    assert all(faults_of(message, messages.FocusMessage, "") == [] for message in told)
    read = [focus_from_json(message, "toy/100", 100) for message in told]
    assert [(focus.serial, focus.pinned, focus.selected_ids().tolist(), focus.pair) for focus in read] == [
        (4, 7, [40], None),
        (5, 7, [7, 12, 99], None),
        (6, 7, [7, 12, 99], (7, 12)),
        (7, 7, [7, 12, 99], None),
        (8, 7, [], None),
        (9, 7, [7, 12, 99], None),
    ]


def test_both_sides_write_sets_of_ids_alike(node: str) -> None:
    rng = np.random.default_rng(0)
    sizes = ((0, 1), (1, 8), (5, 9), (30_000, 70_001))
    sets = [(rng.choice(limit, size, replace=False), limit) for size, limit in sizes]
    read = read_by_the_page(node, idSets=[{"text": id_set(ids, limit), "idLimit": limit} for ids, limit in sets])
    for (ids, limit), answer in zip(sets, read["idSets"], strict=True):
        assert answer == {"ids": sorted(ids.tolist()), "encoded": id_set(ids, limit)}


def test_what_a_click_on_a_card_or_a_cell_answers_is_read() -> None:
    """A card answers with its ids, a cell with its codes: `gallery.js` and `heatmap.js` are checked by their types."""
    picked: gallery_messages.GalleryAnswers = {"picked": [7, 9]}
    chosen: table_messages.HeatmapAnswers = {"pair": [1, 0]}
    assert ids_from_json(picked["picked"], 2) == [7, 9]
    assert class_pair_from_json(chosen["pair"], 2) == (1, 0)
