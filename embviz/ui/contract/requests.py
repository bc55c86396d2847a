"""What the projector is told to show, made of a view."""

from dataclasses import dataclass

from embviz.coloring import Coloring
from embviz.dataset import Dataset, check_same_items
from embviz.neighbors.query import Neighborhood
from embviz.projection.projection import Projection
from embviz.projection.run.wishes import MORE
from embviz.projection.specs import Pca
from embviz.projection.titles import steps_of
from embviz.server import Shelf, plotly_address
from embviz.ui.contract.addresses import coords_address, images_address, items_address
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.legend import coloring_message
from embviz.ui.contract.messages import CoordsAddress, NeighborsMessage, ProjectorRequest, RunMessage
from embviz.view import Forming, View


def source_of(dataset: Dataset) -> str:
    """Which data ids belong to: the same for every split, sample and layout of one source, until its data change."""
    assert dataset.source is not None, "what a view shows comes from a source"
    return dataset.source.key


@dataclass(frozen=True, slots=True)
class RunAddress:
    """Where the frames of a run are.

    Attributes
    ----------
    url
        Relative to the server's base.
    place
        What the page keeps its zoom under: the same for a run that goes on after its end, whose url is another one.
    more
        How many steps one press adds; 0 where the run has ended and can no longer go on.
    """

    url: str
    place: str
    more: int = MORE


def projector_request(
    shown: View | Forming,
    coloring: Coloring | None,
    highlighted: tuple[int, int] | None,
    focus: Focus,
    shelf: Shelf,
    run: RunAddress | None = None,
    neighborhood: Neighborhood | None = None,
    *,
    is_asked: bool = True,
    begins: bool = False,
) -> ProjectorRequest:
    """What the projector is told to show; arrays go onto the shelf, only their addresses are in it.

    `coloring` is None where all items have one color; `highlighted` are codes of labels; `run` is the one in which the
    layout forms, or has formed; `neighborhood` that of the pinned item, to be marked; `is_asked` says whether it is
    what the sidebar asks for, `begins` whether a run begins when it has been drawn.
    """
    dataset = shown.dataset
    return {
        "plotly": plotly_address(),
        "source": source_of(dataset),
        "begins": begins,
        "isAsked": is_asked,
        "items": items_address(dataset, shown.features, shelf),
        "coords": _coords(shown, run, shelf),
        "run": None if run is None else _run(shown, run),
        "images": images_address(dataset, shelf),
        "coloring": None if coloring is None else coloring_message(coloring, shown, shelf),
        "highlighted": None if highlighted is None else list(highlighted),
        "neighbors": None if neighborhood is None else _neighbors(dataset, neighborhood),
        "focus": focus.message(),
    }


def _coords(shown: View | Forming, run: RunAddress | None, shelf: Shelf) -> CoordsAddress:
    spec = shown.spec.projection
    if isinstance(shown, View):
        revision, axes = shown.projection.fingerprint, axis_titles(shown.projection)
        url: str | None = coords_address(shown.projection, shelf)
    else:
        assert run is not None, "a layout that is forming has an address"
        revision, url, axes = run.url, None, []
    return {
        "revision": revision,
        "url": url,
        "dims": spec.n_components,
        "axes": axes,
        "scaled": isinstance(spec, Pca),
    }


def axis_titles(projection: Projection) -> list[str]:
    """Titles of the axes: a component and its share of the variance. None where axes mean nothing: t-SNE, UMAP."""
    if not isinstance(projection.spec, Pca):
        return []
    shares = projection.explained_variance_ratio
    assert shares is not None, "a PCA knows its variances"
    return [f"PC {axis} ({shares[axis - 1]:.1%})".replace("%", " %") for axis in projection.spec.axes]


def _run(shown: View | Forming, run: RunAddress) -> RunMessage:
    return {"url": run.url, "place": run.place, "unit": steps_of(shown.spec.projection), "more": run.more}


def _neighbors(dataset: Dataset, found: Neighborhood) -> NeighborsMessage:
    check_same_items("neighbors", found.items, dataset)
    return {
        "of": int(dataset.ids[found.row]),
        "ids": dataset.ids[found.rows].tolist(),
        "distances": found.distances.tolist(),
    }
