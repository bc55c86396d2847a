"""What the projector is told to show, made of a view."""

from embviz.coloring import Coloring
from embviz.dataset import Dataset, check_same_items
from embviz.neighbors.query import Neighborhood
from embviz.projection.specs import Pca
from embviz.projection.titles import axis_titles, steps_of
from embviz.run import Run
from embviz.server import Shelf, live_runs, plotly_address
from embviz.ui.contract.addresses import coords_address, images_address, items_address
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.legend import coloring_message
from embviz.ui.contract.messages import CoordsAddress, NeighborsMessage, ProjectorRequest, RunMessage
from embviz.view import Forming, View


def source_of(dataset: Dataset) -> str:
    """Which data ids belong to: the same for every split, sample and layout of one source, until its data change."""
    assert dataset.source is not None, "what a view shows comes from a source"
    return dataset.source.key


def projector_request(
    pane: str,
    shown: View | Forming,
    coloring: Coloring | None,
    highlighted: tuple[int, int] | None,
    focus: Focus,
    shelf: Shelf,
    run: Run | None = None,
    neighborhood: Neighborhood | None = None,
    *,
    is_asked: bool = True,
    begins: bool = False,
    is_at_work: bool = False,
) -> ProjectorRequest:
    """What the projector is told to show; arrays go onto the shelf, only their addresses are in it.

    `pane` is the key of the one that it is for; `coloring` is None where all items have one color; `highlighted` are
    codes of labels; `run` is the one in which the layout forms, or has formed; `neighborhood` that of the pinned item,
    to be marked; `is_asked` says whether it is what the sidebar asks for, `begins` whether a run begins when it has
    been drawn, `is_at_work` whether one is under way, which may not have a frame yet.
    """
    dataset = shown.dataset
    told = None if run is None else _run(run)
    return {
        "pane": pane,
        "plotly": plotly_address(),
        "source": source_of(dataset),
        "begins": begins,
        "isAtWork": is_at_work,
        "isAsked": is_asked,
        "items": items_address(dataset, shown.features, shelf),
        "coords": _coords(shown, told, shelf),
        "run": told,
        "images": images_address(dataset, shelf),
        "coloring": None if coloring is None else coloring_message(coloring, shown, shelf),
        "highlighted": None if highlighted is None else list(highlighted),
        "neighbors": None if neighborhood is None else _neighbors(dataset, neighborhood),
        "focus": focus.message(),
    }


def _coords(shown: View | Forming, run: RunMessage | None, shelf: Shelf) -> CoordsAddress:
    spec = shown.spec.projection
    if isinstance(shown, View):
        revision, axes = shown.projection.fingerprint, axis_titles(shown.projection)
        url: str | None = coords_address(shown.projection, shelf)
    else:
        assert run is not None, "a layout that is forming has a run"
        revision, url, axes = run["url"], None, []
    return {
        "revision": revision,
        "url": url,
        "dims": spec.n_components,
        "axes": axes,
        "scaled": isinstance(spec, Pca),
    }


def _run(run: Run) -> RunMessage:
    unit = steps_of(run.spec.projection)
    return {"url": live_runs.put(run), "place": run.place, "unit": unit, "more": run.more}


def _neighbors(dataset: Dataset, found: Neighborhood) -> NeighborsMessage:
    check_same_items("neighbors", found.items, dataset)
    return {
        "of": int(dataset.ids[found.row]),
        "ids": dataset.ids[found.rows].tolist(),
        "distances": found.distances.tolist(),
    }
