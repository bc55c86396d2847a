"""Values of two datasets never meet: every function that takes two of them knows whose they are, not how many."""

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable
from dataclasses import is_dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

import embviz
from embviz.alignment import alignment
from embviz.coloring import ColorBy, Coloring, label_coloring
from embviz.dataset import Dataset, subset
from embviz.datasets import Given, Named, dataset_of
from embviz.errors import DatasetError, InputError
from embviz.features import Features, Vectors, train_network
from embviz.items.id_set import id_set
from embviz.items.texts import texts_of
from embviz.layers import class_separation, pair_axis
from embviz.neighbors import NeighborGraph, with_even_ties
from embviz.neighbors.among import searched_rows
from embviz.neighbors.query import Neighborhood
from embviz.overlap import ClosestPairs, groups_of
from embviz.pipeline import neighborhood_of
from embviz.progress import no_progress
from embviz.projection import Columns, Directions, Pca, Tsne, Umap, project
from embviz.projection.directions.spec import Direction, End
from embviz.projection.pca import PrincipalComponents, first_components
from embviz.projection.placing.place import place
from embviz.projection.projection import Projection
from embviz.projection.run.steering import Steering
from embviz.server import Shelf
from embviz.storage.store import Store
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.requests import Beside
from embviz.view import Forming, Inputs, View, ViewSpec

N = 40
RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(N, 4))
LABELS = RNG.integers(0, 2, N)
IMAGES = RNG.integers(0, 256, (N, 4, 4))
UMAP = Umap(n_neighbors=5, n_epochs=3)
DIRECTIONS = Directions((Direction(End("0", "class"), End()), Direction(End("1", "class"), End())))
SUPERVISED = replace(UMAP, supervised=True)


def made(order: np.ndarray | None = None) -> Dataset:
    """The dataset, its items in another order if one is given; ids are 0 .. N - 1 all the same."""
    order = np.arange(N) if order is None else order
    return embviz.dataset_from_arrays(vectors=VECTORS[order], images=IMAGES[order], labels=LABELS[order])


def with_a_zero(array: np.ndarray) -> np.ndarray:
    changed = array.copy()
    changed[np.unravel_index(np.flatnonzero(array)[7], array.shape)] = 0
    return changed


MINE = made()
OTHERS = {
    "turned round": made(np.arange(N)[::-1]),
    "two items exchanged": made(np.r_[1, 0, 2:N]),
    "one number changed": replace(MINE, vectors=with_a_zero(MINE.vectors)),
    "one pixel changed": replace(MINE, images=with_a_zero(MINE.images)),
    "other ids": replace(MINE, ids=np.arange(N) + 1, n_source=N + 1),
    "a part": subset(MINE, np.arange(N - 1)),
}
SPEC = ViewSpec(Given(MINE), "all", None, Vectors(), Pca())
SHOWN = dataset_of(SPEC.source, "all")
FEATURES = embviz.vector_features(MINE)
LAYOUT = project(FEATURES, Pca())
GRAPH = embviz.neighbor_graph(FEATURES, 10)
COMPONENTS = first_components(FEATURES, 2)
PLACED = place(FEATURES, LAYOUT, laid_out=FEATURES)
CHECK = embviz.check_labels(FEATURES, MINE)
OUT = Path("out")
TABLE = Path("out.parquet")
PAGE = Path("out.html")


def public_functions():
    """Every function, method and dataclass of embviz by its name, except those of the page and the command line."""
    for info in pkgutil.walk_packages(embviz.__path__, "embviz."):
        computes = ".contract" in info.name or ".standalone" in info.name
        is_drawn = info.name.startswith("embviz.ui") and not computes
        if is_drawn or info.name.startswith("embviz.cli") or info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, found in vars(module).items():
            if name.startswith("_") or getattr(found, "__module__", None) != info.name:
                continue
            if inspect.isfunction(found):
                yield name, found
            elif inspect.isclass(found):
                methods = {each: method for each, method in vars(found).items() if inspect.isfunction(method)}
                yield from ((f"{name}.{each}", method) for each, method in methods.items() if each[0] != "_")
                if is_dataclass(found):
                    yield name, found


FUNCTIONS = dict(public_functions())

VALUES = {
    *(each for each in FUNCTIONS.values() if {"items", "dataset"} & getattr(each, "__dataclass_fields__", {}).keys()),
    *(Beside, NeighborGraph, PrincipalComponents, Steering, ViewSpec),
}
"""Classes whose values are of certain items: by a fingerprint of them, or of what they were made from."""


def takes_a_value(hint):
    """Whether a type hint allows a value, or several of them."""
    if isinstance(hint, type):
        return hint in VALUES
    return typing.get_origin(hint) is not Callable and any(map(takes_a_value, typing.get_args(hint)))


def values_taken(name, function):
    """Parameters that are values, the first one of which the others have to fit."""
    hints = typing.get_type_hints(
        function.__init__ if inspect.isclass(function) else function, localns={"pyarrow": pyarrow, "parquet": parquet}
    )
    own = [each.__name__ for each in VALUES if name.startswith(f"{each.__name__}.")]
    return own + [parameter for parameter, hint in hints.items() if parameter != "return" and takes_a_value(hint)]


MEETINGS = {
    f"{name}: {parameter}": function
    for name, function in FUNCTIONS.items()
    for parameter in values_taken(name, function)[1:]
}
"""Each public function that takes two values, once for every value but the first."""


def ended_run():
    steering = Steering()
    project(FEATURES, UMAP, steering=steering)
    steering.end()
    steering.go_on(more=5)
    return steering


def view(dataset=SHOWN, features=FEATURES, projection=LAYOUT):
    return View(SPEC, dataset, features, projection)


def read(other):
    """As `dataset_of` gives it of another source."""
    return dataset_of(Given(other), "all")


def vectors(other):
    return embviz.vector_features(other)


def of_other(other):
    return project(vectors(other), Pca())


def graph(other):
    return embviz.neighbor_graph(vectors(other), 10)


def components(other):
    return first_components(vectors(other), 2)


STORE = Store(None)
PAIR = (0, 1)
REDUCED = replace(UMAP, preprocess="pca-2")
OF_REDUCED = project(FEATURES, REDUCED)
ROWS, ROWS_FAR = searched_rows(FEATURES, 1), GRAPH.distances[:, 0].copy()
MEET = {
    "Forming: dataset": [lambda f, other: f(SPEC, read(other), vectors(other))],
    "Forming: features": [lambda f, other: f(SPEC, SHOWN, vectors(other))],
    "Inputs: features": [lambda f, other: f(MINE, vectors(other))],
    "NeighborGraph.check_made_from: vectors": [lambda f, other: f(GRAPH, vectors(other))],
    "Ground: laid_out": [lambda f, other: f(LAYOUT, vectors(other), None, None, None, ROWS, ROWS_FAR, None)],
    "PrincipalComponents.check_made_from: features": [lambda f, other: f(COMPONENTS, vectors(other), "euclidean", 2)],
    "Projection.check_made_from: features": [lambda f, other: f(LAYOUT, vectors(other))],
    "View: dataset": [
        lambda f, other: f(SPEC, read(other), vectors(other), of_other(other)),
        lambda f, other: f(SPEC, read(other), FEATURES, LAYOUT),
    ],
    "View: features": [lambda f, other: f(SPEC, SHOWN, vectors(other), LAYOUT)],
    "View: projection": [lambda f, other: f(SPEC, SHOWN, FEATURES, of_other(other))],
    "check_belonging: features": [lambda f, other: f(MINE, [vectors(other)], [])],
    "check_belonging: projections": [lambda f, other: f(MINE, [FEATURES], [of_other(other)])],
    "check_groups: vectors": [lambda f, other: f(groups_of(other, None), FEATURES, len(MINE))],
    "check_projector: features": [lambda f, other: f(OUT, MINE, [vectors(other)])],
    "check_projector: projections": [lambda f, other: f(OUT, MINE, [FEATURES], [of_other(other)])],
    "axis_request: dataset": [lambda f, other: f("left", pair_axis(FEATURES, MINE, PAIR), other, Shelf())],
    "class_overlap: groups": [lambda f, other: f(FEATURES, MINE, PAIR, space="vectors", groups=groups_of(other, None))],
    "class_overlap: labels": [
        lambda f, other: f(FEATURES, other, PAIR, space="vectors"),
        lambda f, other: f(LAYOUT, other, PAIR, space="layout"),
    ],
    "class_overlap_of: dataset": [
        lambda f, other: f(FEATURES, other, PAIR, 5, store=STORE),
        lambda f, other: f(LAYOUT, other, PAIR, 5, store=STORE),
    ],
    "class_separation: dataset": [lambda f, other: f(FEATURES, other, PAIR)],
    "class_separation: groups": [lambda f, other: f(FEATURES, MINE, PAIR, groups=groups_of(other, None))],
    "class_separation_of: dataset": [lambda f, other: f(FEATURES, other, PAIR, 5, store=STORE)],
    "closest_pairs: labels": [
        lambda f, other: f(FEATURES, other, PAIR),
        lambda f, other: f(LAYOUT, other, PAIR),
    ],
    "closest_pairs_of: dataset": [lambda f, other: f(FEATURES, other, PAIR, 5, store=STORE)],
    "column_headers: features": [lambda f, other: f(other, [FEATURES])],
    "coordinates_bytes: projection": [lambda f, other: f(".csv", other, LAYOUT)],
    "error_bounds: groups": [lambda f, other: f(FEATURES, MINE, PAIR, space="x", groups=groups_of(other, None))],
    "error_bounds: labels": [
        lambda f, other: f(FEATURES, other, PAIR, space="vectors"),
        lambda f, other: f(LAYOUT, other, PAIR, space="layout"),
    ],
    "error_bounds_of: dataset": [lambda f, other: f(FEATURES, other, PAIR, store=STORE)],
    "export_projector: features": [lambda f, other: f(OUT, other, [FEATURES])],
    "export_projector: projections": [lambda f, other: f(OUT, other, [vectors(other)], projections=[LAYOUT])],
    "export_zip: features": [lambda f, other: f(OUT, other, [FEATURES])],
    "export_zip: projections": [lambda f, other: f(OUT, other, [vectors(other)], projections=[LAYOUT])],
    "ground_of: components": [lambda f, other: f(OF_REDUCED, FEATURES, components=components(other))],
    "ground_of: graph": [lambda f, other: f(LAYOUT, FEATURES, graph=graph(other))],
    "ground_of: laid_out": [lambda f, other: f(LAYOUT, vectors(other))],
    "faithfulness_of: dataset": [lambda f, other: f(FEATURES, LAYOUT, other, 5, store=STORE)],
    "faithfulness_of: projection": [lambda f, other: f(FEATURES, of_other(other), MINE, 5, store=STORE)],
    "interop_parquet: features": [lambda f, other: f(TABLE, other, FEATURES, of_other(other))],
    "interop_parquet: neighbors": [lambda f, other: f(TABLE, MINE, FEATURES, LAYOUT, neighbors=graph(other))],
    "interop_parquet: projection": [lambda f, other: f(TABLE, MINE, FEATURES, of_other(other))],
    "lens_of_spaces: dataset": [lambda f, other: f([class_separation(vectors(other), other, PAIR)], MINE)],
    "corrected_overlaps_of: corrected": [lambda f, other: f(view(), read(other), PAIR, 5, store=STORE)],
    "doubts_of: dataset": [lambda f, other: f(CHECK, other, [0])],
    "has_label_check: dataset": [lambda f, other: f(FEATURES, other, store=STORE)],
    "evidence_of: dataset": [lambda f, other: f(FEATURES, other, group="", graph=None, progress=no_progress)],
    "evidence_of: graph": [lambda f, other: f(FEATURES, MINE, group="", graph=graph(other), progress=no_progress)],
    "check_labels: dataset": [lambda f, other: f(FEATURES, other)],
    "check_labels: graph": [lambda f, other: f(FEATURES, MINE, graph=graph(other))],
    "label_check_of: dataset": [lambda f, other: f(FEATURES, other, store=STORE)],
    "labeled_vectors: labels": [lambda f, other: f(FEATURES, other), lambda f, other: f(LAYOUT, other)],
    "layout_faithfulness: graph": [lambda f, other: f(FEATURES, LAYOUT, MINE, graph=graph(other))],
    "layout_faithfulness: labels": [lambda f, other: f(FEATURES, LAYOUT, other)],
    "layout_faithfulness: layout": [lambda f, other: f(FEATURES, of_other(other))],
    "edges_of_features: labels": [lambda f, other: f(FEATURES, SUPERVISED, other)],
    "layout_edges_of: dataset": [lambda f, other: f(FEATURES, LAYOUT.spec, other, store=STORE)],
    "ladder_of: dataset": [lambda f, other: f(FEATURES, LAYOUT, other, PAIR, 5, store=STORE)],
    "ladder_of: projection": [lambda f, other: f(FEATURES, of_other(other), MINE, PAIR, 5, store=STORE)],
    "manifest_json: features": [lambda f, other: f([], other, {"vectors": FEATURES}, [])],
    "manifest_json: projections": [lambda f, other: f([], MINE, {"vectors": FEATURES}, [of_other(other)])],
    "metadata_columns: features": [lambda f, other: f(other, [FEATURES])],
    "overlap_matrix: groups": [lambda f, other: f(FEATURES, MINE, 2, space="x", groups=groups_of(other, None))],
    "overlap_matrix: labels": [lambda f, other: f(FEATURES, other, 2, space="vectors")],
    "overlap_matrix: graph": [lambda f, other: f(FEATURES, MINE, 2, space="vectors", graph=graph(other))],
    "overlap_matrix_of: dataset": [lambda f, other: f(FEATURES, other, 5, store=STORE)],
    "pair_axis: dataset": [lambda f, other: f(FEATURES, other, PAIR)],
    "pair_axis: groups": [lambda f, other: f(FEATURES, MINE, PAIR, groups=groups_of(other, None))],
    "pair_axis_of: dataset": [lambda f, other: f(FEATURES, other, PAIR, store=STORE)],
    "pair_items: dataset": [lambda f, other: f(FEATURES, other, PAIR, None)],
    "pair_items: groups": [lambda f, other: f(FEATURES, MINE, PAIR, groups_of(other, None))],
    "place: components": [lambda f, other: f(FEATURES, OF_REDUCED, laid_out=FEATURES, components=components(other))],
    "place: graph": [lambda f, other: f(FEATURES, LAYOUT, laid_out=FEATURES, graph=graph(other))],
    "place: into": [lambda f, other: f(FEATURES, of_other(other), laid_out=FEATURES)],
    "place: laid_out": [lambda f, other: f(FEATURES, LAYOUT, laid_out=vectors(other))],
    "placed_of: into": [lambda f, other: f(FEATURES, of_other(other), FEATURES, store=STORE)],
    "placed_of: laid_out": [lambda f, other: f(FEATURES, LAYOUT, vectors(other), store=STORE)],
    "overlap_change_of: dataset": [lambda f, other: f(FEATURES, LAYOUT, other, 5, store=STORE)],
    "overlap_change_of: projection": [lambda f, other: f(FEATURES, of_other(other), MINE, 5, store=STORE)],
    "overlap_ladder: dataset": [lambda f, other: f(FEATURES, LAYOUT, other, PAIR)],
    "overlap_ladder: groups": [lambda f, other: f(FEATURES, LAYOUT, MINE, PAIR, groups=groups_of(other, None))],
    "overlap_ladder: layout": [lambda f, other: f(FEATURES, of_other(other), MINE, PAIR)],
    "prepared_files: features": [lambda f, other: f(other, [FEATURES], [])],
    "prepared_files: projections": [lambda f, other: f(MINE, [FEATURES], [of_other(other)])],
    "prepared_table: features": [lambda f, other: f(other, FEATURES, of_other(other), None)],
    "prepared_table: graph": [lambda f, other: f(MINE, FEATURES, LAYOUT, graph(other))],
    "prepared_table: projection": [lambda f, other: f(MINE, FEATURES, of_other(other), None)],
    "picture_title: features": [lambda f, other: f(other, FEATURES, of_other(other))],
    "picture_title: projection": [lambda f, other: f(MINE, FEATURES, of_other(other))],
    "html_page: coloring": [lambda f, other: f(view(), label_coloring(other), "")],
    "prepared_page: coloring": [lambda f, other: f(view(), label_coloring(other), "")],
    "write_page: coloring": [lambda f, other: f(PAGE, MINE, FEATURES, LAYOUT, label_coloring(other))],
    "write_page: features": [lambda f, other: f(PAGE, other, FEATURES, of_other(other))],
    "write_page: projection": [lambda f, other: f(PAGE, MINE, FEATURES, of_other(other))],
    "project: components": [
        lambda f, other: f(FEATURES, Pca(), components=components(other)),
        lambda f, other: f(FEATURES, UMAP, components=components(other)),
    ],
    "project: graph": [lambda f, other: f(FEATURES, UMAP, graph=graph(other))],
    "project: labels": [
        lambda f, other: f(FEATURES, SUPERVISED, labels=other),
        lambda f, other: f(FEATURES, UMAP, labels=other),
        lambda f, other: f(FEATURES, Pca(), labels=other),
    ],
    "project: steering": [lambda f, other: f(vectors(other), UMAP, steering=ended_run())],
    "projection_of: labels": [
        lambda f, other: f(FEATURES, SUPERVISED, labels=other, store=STORE),
        lambda f, other: f(FEATURES, UMAP, labels=other, store=STORE),
        lambda f, other: f(FEATURES, Pca(), labels=other, store=STORE),
    ],
    "projection_of: steering": [lambda f, other: f(vectors(other), UMAP, steering=ended_run(), store=STORE)],
    "column_coords: dataset": [lambda f, other: f(FEATURES, Columns((1, 2)), other)],
    "direction_coords: dataset": [lambda f, other: f(FEATURES, DIRECTIONS, other)],
    "isolated_parts: features": [lambda f, other: f(other, FEATURES, of_other(other), id_set([1, 2, 3]))],
    "isolated_parts: projection": [lambda f, other: f(MINE, FEATURES, of_other(other), id_set([1, 2, 3]))],
    "search_columns: features": [lambda f, other: f(MINE, vectors(other))],
    "items_address: features": [lambda f, other: f(MINE, vectors(other), Shelf())],
    "items_revision: features": [lambda f, other: f(MINE, vectors(other))],
    "coloring_message: shown": [lambda f, other: f(label_coloring(other), view(), Shelf())],
    "colors_body: shown": [lambda f, other: f(label_coloring(other), view(), Shelf())],
    "coloring_of: features": [lambda f, other: f(ColorBy(), MINE, vectors(other))],
    "colorings_offered: features": [lambda f, other: f(MINE, vectors(other))],
    "projector_request: coloring": [lambda f, other: f("pane", view(), label_coloring(other), None, Focus(), Shelf())],
    "projector_request: neighborhood": [
        lambda f, other: f(
            "pane", view(), None, None, Focus(), Shelf(), neighborhood=neighborhood_of(vectors(other), 0, 3)
        )
    ],
    "labels_message: dataset": [lambda f, other: f(texts_of(MINE, "id", MINE.ids), other, Shelf())],
    "projector_request: labels": [
        lambda f, other: f("pane", view(), None, None, Focus(), Shelf(), labels=texts_of(other, "id", other.ids))
    ],
    "projector_request: beside": [
        lambda f, other: f(
            "pane", view(), None, None, Focus(), Shelf(), beside=Beside(alignment=alignment(of_other(other), LAYOUT))
        )
    ],
    "reduced_features: components": [lambda f, other: f(FEATURES, REDUCED, components(other))],
    "renamed_columns: features": [lambda f, other: f(other, [FEATURES])],
    "selection_csv: projection": [lambda f, other: f(other, LAYOUT, np.array([0]))],
    "shared_projection: features": [
        lambda f, other: f(MINE, vectors(other), Pca(), STORE, no_progress),
        lambda f, other: f(MINE, vectors(other), UMAP, STORE, no_progress),
    ],
    "stored_class_overlap: dataset": [
        lambda f, other: f(FEATURES, other, PAIR, 5, store=STORE),
        lambda f, other: f(LAYOUT, other, PAIR, 5, store=STORE),
    ],
    "stored_closest_pairs: dataset": [lambda f, other: f(FEATURES, other, PAIR, 5, store=STORE)],
    "stored_error_bounds: dataset": [lambda f, other: f(FEATURES, other, PAIR, store=STORE)],
    "stored_faithfulness: dataset": [lambda f, other: f(FEATURES, LAYOUT, other, 5, store=STORE)],
    "stored_faithfulness: projection": [lambda f, other: f(FEATURES, of_other(other), MINE, 5, store=STORE)],
    "stability_of: dataset": [lambda f, other: f(FEATURES, Pca(), other, 5, store=STORE)],
    "stored_ladder: dataset": [lambda f, other: f(FEATURES, LAYOUT, other, PAIR, 5, store=STORE)],
    "stored_ladder: projection": [lambda f, other: f(FEATURES, of_other(other), MINE, PAIR, 5, store=STORE)],
    "stored_overlap_change: dataset": [lambda f, other: f(FEATURES, LAYOUT, other, 5, store=STORE)],
    "stored_overlap_change: projection": [lambda f, other: f(FEATURES, of_other(other), MINE, 5, store=STORE)],
    "stored_label_check: dataset": [lambda f, other: f(FEATURES, other, store=STORE)],
    "suspicious_groups: dataset": [lambda f, other: f(CHECK, other)],
    "stored_overlap_matrix: dataset": [lambda f, other: f(FEATURES, other, 5, store=STORE)],
    "stored_placed: into": [lambda f, other: f(FEATURES, of_other(other), FEATURES, store=STORE)],
    "stored_placed: laid_out": [lambda f, other: f(FEATURES, LAYOUT, vectors(other), store=STORE)],
    "stored_projection: labels": [
        lambda f, other: f(FEATURES, UMAP, labels=other, store=STORE),
        lambda f, other: f(FEATURES, Pca(), labels=other, store=STORE),
    ],
    "view_of: steering": [
        lambda f, other: f(
            ViewSpec(Given(other), "all", None, Vectors(), UMAP),
            compute=True,
            store=STORE,
            steering=ended_run(),
            on_forming=lambda forming: None,
        )
    ],
    "stored_stability: dataset": [lambda f, other: f(FEATURES, Pca(), other, 5, store=STORE)],
    "drawing_of: coloring": [lambda f, other: f(LAYOUT, label_coloring(other))],
    "drawing_of: dataset": [lambda f, other: f(LAYOUT, dataset=other)],
    "write_picture: dataset": [lambda f, other: f(Path("out.svg"), LAYOUT, dataset=other)],
    "write_picture: coloring": [lambda f, other: f(Path("out.svg"), LAYOUT, label_coloring(other))],
    "work_of: inputs": [lambda f, other: f(SPEC, Inputs(other, vectors(other)), store=STORE)],
    "with_even_ties: vectors": [lambda f, other: f(GRAPH, 5, vectors(other))],
    "write_contents: features": [lambda f, other: f(OUT, other, {"vectors": FEATURES}, [], {})],
    "write_contents: projections": [lambda f, other: f(OUT, MINE, {"vectors": FEATURES}, [of_other(other)], {})],
    "write_coordinates: projection": [lambda f, other: f(OUT.with_suffix(".csv"), other, LAYOUT)],
    "write_placed: new": [lambda f, other: f(TABLE, MINE, LAYOUT, other, PLACED)],
    "write_placed: placed": [
        lambda f, other: f(TABLE, MINE, LAYOUT, MINE, place(vectors(other), LAYOUT, laid_out=FEATURES)),
        lambda f, other: f(TABLE, other, of_other(other), MINE, PLACED),
    ],
    "write_placed: projection": [lambda f, other: f(TABLE, other, LAYOUT, MINE, PLACED)],
    "write_scores: projection": [lambda f, other: f(OUT.with_suffix(".csv"), other, LAYOUT, {})],
}
"""How each meets a value of other items. Called with the function and a dataset of those."""


def is_coloring(function):
    """Whether a function makes a coloring of a dataset and its features, as those in `KNOWN` of the colorings do."""
    hints = typing.get_type_hints(function)
    made = set(typing.get_args(hints.pop("return", None))) - {type(None)}
    return list(hints.values()) == [Dataset, Features] and set() < made <= set(typing.get_args(Coloring))


MEET |= {
    name: [lambda f, other: f(MINE, vectors(other))]
    for name, function in MEETINGS.items()
    if not inspect.isclass(function) and is_coloring(function)
}

OF_OTHER_ITEMS_BY_NATURE = {
    "alignment: reference": "two splits or samples of one source are laid over each other by the ids that are in both",
    "alignment_of: reference": "as `alignment`",
    "admission: graph": "it has no features to compare them with; `project`, which has, compares both",
    "train_network: test": "what a network is measured on is not what it has learned from; their classes are compared",
}


def test_each_function_that_takes_two_values_is_known_here():
    assert {Dataset, Features, Projection, Neighborhood, ClosestPairs, View, Forming, Inputs, Given} <= VALUES
    assert {"project: graph", "View: projection", "class_overlap: labels"} <= set(MEETINGS)
    known = set(MEET) | set(OF_OTHER_ITEMS_BY_NATURE)
    unknown, gone = sorted(set(MEETINGS) - known), sorted(known - set(MEETINGS))
    assert not unknown, f"{unknown}: compare them by `check_same_items`, and add a line to MEET"
    assert not gone, f"{gone} are gone, or take only one value now: take them out of MEET"


@pytest.mark.parametrize("name", MEET)
def test_values_of_two_datasets_never_meet(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where `OUT` is
    function = FUNCTIONS[name.partition(":")[0]]
    for title, other in OTHERS.items():
        for meet in MEET[name]:
            said = refusal(meet, function, other)
            assert said is not None, f"{title}: nothing is raised"
            assert re.search(REFUSED, said), title
    assert not list(tmp_path.iterdir())


def refusal(meet, function, other):
    """What the InputError says that a function raises when it meets other items; None if it raises nothing."""
    try:
        meet(function, other)
    except InputError as error:
        return str(error)
    return None


REFUSED = "|".join(
    [
        "the colors are of other items than the layout",
        "are of other items than dataset",
        "made from other vectors than these",
        "not those of the features",
        "the groups are of other items than the (vectors|dataset)",
        "groups must be of the 40 items measured, got 39",
        "not made from the features given",
        "not made from these features",
        "placed in another layout than this one",
        "the layout is of other items than the features",
        "graph must hold 10 euclidean neighbors of each of 40 items, got 10 euclidean ones of 39",
        "was not read from the source of the view",
        "a run of other features or labels",
        "needs 4 euclidean neighbors of each of 40 items, got 10 euclidean ones of each of 39",
        "graph must be the euclidean one of these 40 vectors, got a euclidean one of 39",
    ]
)


@pytest.mark.parametrize("name", [name for name in OTHERS if name not in ("a part", "one pixel changed")])
@pytest.mark.parametrize("from_array", [False, True])
def test_a_graph_of_other_vectors_is_refused(name, from_array):
    features = embviz.vector_features(OTHERS[name])
    graph = embviz.neighbor_graph(features.vectors if from_array else features, 10)
    if from_array and name == "other ids":  # of equal vectors
        assert project(FEATURES, UMAP, graph=graph).items == MINE.items
        return
    with pytest.raises(InputError, match="made from other vectors than these 40, or from them in another order"):
        project(FEATURES, UMAP, graph=graph)
    with pytest.raises(InputError, match="made from other vectors"):
        embviz.overlap_matrix(FEATURES, MINE, 2, space="vectors", graph=graph)


def test_a_graph_of_unknown_origin_is_refused_where_it_cannot_be_known_to_fit():
    graph = embviz.neighbor_graph(FEATURES, 10)
    by_hand = embviz.NeighborGraph(graph.indices, graph.distances, "euclidean")
    with pytest.raises(InputError, match="it is not known which vectors"):
        project(FEATURES, UMAP, graph=by_hand)


def test_a_graph_of_features_fits_their_array_too():
    graph = embviz.neighbor_graph(FEATURES, 10)
    of_array = embviz.overlap_matrix(FEATURES.vectors, MINE.labels, 2, 5, space="x", graph=graph)
    np.testing.assert_array_equal(of_array.crossing, embviz.overlap_matrix(FEATURES, MINE, 2, 5, space="x").crossing)
    with pytest.raises(InputError, match="made from other vectors"):
        embviz.overlap_matrix(FEATURES.vectors[::-1].copy(), MINE.labels, 2, 5, space="x", graph=graph)


def test_a_run_does_not_go_on_with_other_features_or_another_spec():
    steering = Steering()
    project(FEATURES, UMAP, steering=steering)
    steering.end()
    steering.go_on(more=5)
    for features, spec in ((embviz.vector_features(OTHERS["turned round"]), UMAP), (FEATURES, replace(UMAP, seed=1))):
        with pytest.raises(InputError, match="a run of other features or labels, or of another spec"):
            project(features, spec, steering=steering)


def test_a_network_gives_its_names_to_no_other_classes():
    network = train_network(MINE, MINE)
    others = replace(MINE, class_names=("shirt", "shoe"))
    with pytest.raises(DatasetError, match="has the classes shirt, shoe, but the network predicts 0, 1"):
        embviz.activation_features(others, network, "hidden")
    unlabeled = replace(MINE, labels=None, class_names=())
    assert len(embviz.activation_features(unlabeled, network, "hidden")) == N


def test_equal_data_made_twice_are_the_same_items(tmp_path):
    again = made()
    assert again.items == MINE.items and again.fingerprint == MINE.fingerprint
    embviz.export_projector(tmp_path / "out", again, [FEATURES], projections=[LAYOUT])
    graph = embviz.neighbor_graph(VECTORS.astype(np.float32), 10)
    assert project(FEATURES, UMAP, graph=graph, labels=again).items == again.items


def test_what_is_said_of_items_does_not_make_them_others(tmp_path):
    """Corrected labels, another name, more metadata: features and layouts made before still belong to them."""
    for changes in (
        {"labels": 1 - LABELS, "name": "corrected"},
        {"class_names": ("no", "yes")},
        {"metadata": {"writer": np.arange(N)}},
        {"split": "test", "n_split": N},
        {"source": Named("digits")},
    ):
        said = replace(MINE, **changes)
        assert said.items == MINE.items
        assert embviz.class_overlap(LAYOUT, said, (0, 1), space="layout").n == N
        embviz.write_coordinates(tmp_path / "layout.csv", said, LAYOUT)


@pytest.mark.parametrize("kind", ["features", "array", "coords"])
def test_arrays_and_values_measure_the_same(kind):
    vectors = {"features": FEATURES, "array": FEATURES.vectors, "coords": LAYOUT}[kind]
    plain = LAYOUT.coords if kind == "coords" else FEATURES.vectors
    assert embviz.class_overlap(vectors, MINE, (0, 1), space="x") == embviz.class_overlap(
        plain, MINE.labels, (0, 1), space="x"
    )


def test_labels_that_are_missing_are_said_to_be():
    unlabeled = embviz.dataset_from_arrays(vectors=VECTORS)
    with pytest.raises(InputError, match="has no labels"):
        embviz.class_overlap(embviz.vector_features(unlabeled), unlabeled, (0, 1), space="vectors")


def test_a_spec_that_uses_no_labels_takes_a_dataset_all_the_same():
    coords = project(FEATURES, Tsne(perplexity=3, max_iter=251), labels=MINE).coords
    np.testing.assert_array_equal(project(FEATURES, Tsne(perplexity=3, max_iter=251)).coords, coords)


def test_a_run_does_not_go_on_with_other_labels_or_from_another_start():
    steering = Steering()
    project(FEATURES, SUPERVISED, labels=MINE, steering=steering)
    steering.end()
    steering.go_on(more=5)
    with pytest.raises(InputError, match="other features or labels"):
        project(FEATURES, SUPERVISED, labels=np.arange(N) // 20, steering=steering)
    with pytest.raises(InputError, match="starts where it ended"):
        project(FEATURES, SUPERVISED, labels=MINE, steering=steering, start=LAYOUT.coords)
    assert project(FEATURES, SUPERVISED, labels=MINE, steering=steering).departure == "steered"


def test_neighbors_by_another_metric_start_no_layout():
    with pytest.raises(InputError, match="needs 4 cosine neighbors of each of 40 items, got 20 euclidean ones"):
        embviz.start_layout(embviz.neighbor_graph(FEATURES, 20), replace(UMAP, metric="cosine"), LAYOUT.coords)


def test_ties_are_not_looked_up_in_other_vectors():
    others = embviz.vector_features(OTHERS["turned round"])
    with pytest.raises(InputError, match="made from other vectors"):
        with_even_ties(embviz.neighbor_graph(FEATURES, 20), 10, others)


def test_a_view_holds_no_layout_of_other_features_and_no_items_of_another_source():
    features = replace(FEATURES, vectors=np.ascontiguousarray(FEATURES.vectors[:, ::-1]))
    with pytest.raises(InputError, match="not made from these features"):
        View(SPEC, SHOWN, features, LAYOUT)
    with pytest.raises(InputError, match="was not read from the source of the view"):
        View(SPEC, MINE, FEATURES, LAYOUT)
    with pytest.raises(InputError, match="was not read from the source of the view"):
        Forming(SPEC, MINE, FEATURES)


@pytest.mark.parametrize("spec", [SUPERVISED, replace(SUPERVISED, n_components=3)])
def test_a_class_called_minus_one_shapes_no_layout_in_silence(spec):
    """Among labels -1 is no class; a dataset made of such labels has one of that name."""
    labels = np.where(np.arange(N) % 3 == 0, -1, np.arange(N) % 3)
    dataset = embviz.dataset_from_arrays(vectors=VECTORS, labels=labels)
    with pytest.raises(InputError, match="has a class called -1, which among labels means an item without one"):
        project(embviz.vector_features(dataset), spec, labels=dataset)
    assert len(project(embviz.vector_features(dataset), spec, labels=labels)) == N
    assert len(project(embviz.vector_features(dataset), UMAP, labels=dataset)) == N


def test_pca_has_no_start():
    with pytest.raises(InputError, match="PCA has no start"):
        project(FEATURES, Pca(), start=LAYOUT.coords)
