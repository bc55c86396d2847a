"""The request to the projector to draw a view."""

from dataclasses import dataclass

from embviz.alignment import Alignment
from embviz.coloring import Coloring
from embviz.dataset import Dataset, check_same_items
from embviz.items.texts import Texts
from embviz.neighbors.query import Neighborhood
from embviz.projection.specs import LinearSpec
from embviz.projection.titles import axis_titles, steps_of
from embviz.run import Run
from embviz.server import Shelf, live_runs, plotly_address
from embviz.ui.contract.addresses import coords_address, images_address, items_address, labels_message, lines_address
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.legend import coloring_message
from embviz.ui.contract.messages import CoordsAddress, LookMessage, NeighborsMessage, ProjectorRequest, RunMessage
from embviz.view import Forming, View


@dataclass(frozen=True, slots=True)
class Beside:
    """The relation of a pane to the others that it is compared with.

    Attributes
    ----------
    has_same_view
        Whether the pane is zoomed and turned together with the others. Pointer and focus are always shared.
    alignment
        The pane's layout aligned to that of the first pane, which is drawn instead; None draws the layout unaligned.
    """

    has_same_view: bool = False
    alignment: Alignment | None = None


def source_of(dataset: Dataset) -> str:
    """Key of the data that ids belong to: the same for all its splits, samples and layouts until it changes."""
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
    address: str = "",
    look: LookMessage | None = None,
    asks_look: str = "",
    labels: Texts | None = None,
    held: int | None = None,
    session: str = "",
    beside: Beside | None = None,
) -> ProjectorRequest:
    """The request to the projector to draw a view. It contains addresses of arrays; the arrays go onto the shelf.

    Parameters
    ----------
    pane
        Key of the pane.
    shown
        The view to draw.
    coloring
        Colors of its items; None for one color.
    highlighted
        Codes of the labels whose items keep their colors while others are dimmed; None dims nothing.
    focus
        What is pinned and selected.
    shelf
        Gets the arrays.
    run
        The run that computes the layout, or has computed it; None without one.
    neighborhood
        Neighborhood of the pinned item, to be marked; None marks none.
    is_asked
        Whether the sidebar asks for this view, and not for another one that is not there yet.
    begins
        Whether a run starts once this request has been drawn.
    is_at_work
        Whether a run is under way, which may not have a frame yet.
    address
        Query for the address of the page; empty leaves the address as it is.
    look
        Camera or axis ranges to restore; None leaves the view of the plot as it is.
    asks_look
        Key with which the browser is to answer its camera or axis ranges; empty asks for no answer.
    labels
        Texts beside pinned and selected points; None for none.
    held
        Id of the item that the pinned one is compared with; None if none is.
    session
        Key of the visitor's session.
    beside
        Relation to the other panes; None for a pane that shares nothing with them.

    Raises
    ------
    InputError
        If colors, labels, neighbors or an aligned layout belong to other items than the view's.
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
        "address": address,
        "look": look,
        "asksLook": asks_look,
        "items": items_address(dataset, shown.features, shelf),
        "coords": _coords(shown, told, None if beside is None else beside.alignment, shelf),
        "run": told,
        "lines": lines_address(dataset, shelf),
        "images": images_address(dataset, shelf),
        "coloring": None if coloring is None else coloring_message(coloring, shown, shelf),
        "highlighted": None if highlighted is None else list(highlighted),
        "labels": None if labels is None else labels_message(labels, dataset, shelf),
        "neighbors": None if neighborhood is None else _neighbors(dataset, neighborhood),
        "focus": focus.message(),
        "held": held,
        "session": session,
        "link": None if beside is None else "views" if beside.has_same_view else "focus",
    }


def _coords(shown: View | Forming, run: RunMessage | None, alignment: Alignment | None, shelf: Shelf) -> CoordsAddress:
    spec = shown.spec.projection
    if alignment is not None:
        check_same_items("aligned coordinates", alignment.items, shown.dataset)
        return {
            "revision": alignment.fingerprint,
            "url": coords_address(alignment, shelf),
            "dims": spec.n_components,
            "axes": [],  # turned axes are not components any more
            "scaled": False,
            "box": [*alignment.center.tolist(), alignment.half],
        }
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
        "scaled": isinstance(spec, LinearSpec),
        "box": None,
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
