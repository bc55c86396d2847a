"""The components of the page: registered, mounted, and their answers checked."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import streamlit as st

from embviz.arrays import Int64Array
from embviz.errors import ProtocolError
from embviz.server import frontend_version
from embviz.ui.contract.answers import class_pair_from_json, focus_from_json, ids_from_json, look_from_json
from embviz.ui.contract.color_messages import RecoloringRequest
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.gallery_messages import GalleryCard, GalleryRequest
from embviz.ui.contract.layer_messages import AxisRequest, MapsRequest
from embviz.ui.contract.messages import ImagesAddress, LookMessage, ProjectorRequest
from embviz.ui.contract.table_messages import HeatmapRequest
from embviz.ui.session import Control, session

CARD_GAP, CARD_EDGES, CARD_LINE, CARD_BAR = 6, 10, 15, 5
"""Heights in a gallery in CSS pixels, as in style.css: between two cards, above and below a card's content, a line of
text, a bar."""
CELL_HEIGHT, CELL_GAP, HEATMAP_LEGEND = 22, 2, 24
"""Heights in the heat map, likewise: a cell, the gap between two cells, the legend."""

Answers = Control[Mapping[str, object]]
"""A component as a control: its value is the component's answers, by name."""

logger = logging.getLogger(__name__)


def projector(
    request: ProjectorRequest,
    on_focus: Callable[[Focus], None],
    on_more: Callable[[], None],
    on_begin: Callable[[], None],
    on_look: Callable[[LookMessage], None],
) -> None:
    """Mount the projector of the pane that the request names.

    The callbacks are called before the page runs again: `on_focus` when something was pinned or selected, `on_more`
    when the visitor continues a run that has ended, and `on_begin` when the browser has drawn a request that `begins` a
    run. The run waits for that drawing, because both need the processors. `on_look` gets the camera or axis ranges
    that the request asks for by its `asksLook`.

    The page also runs again when the run that the projector shows has ended, or is lost because the server was
    restarted. The browser triggers this and not a timer of Streamlit, because a timer that is due while a button is
    pressed delivers the press twice.
    """
    pane = request["pane"]

    @_refusals_logged(pane)
    def answered() -> None:
        answer = Answers(pane).value.get("focus")
        if answer is not None:
            on_focus(focus_from_json(answer, request["source"], request["items"]["idLimit"]))

    @_refusals_logged(pane)
    def looked() -> None:
        on_look(look_from_json(Answers(pane).value["look"]))

    _component("index", "embviz", frontend_version())(
        key=pane,
        data=[request],
        on_focus_change=answered,
        on_more_change=on_more,
        on_begin_change=on_begin,
        on_over_change=lambda: None,
        on_look_change=looked,
    )


def recoloring(key: str, request: RecoloringRequest, on_painted: Callable[[], None]) -> None:
    """Mount what gives a pane other colors before any script has run, as soon as an option is pressed.

    It takes no room. `on_painted` is called when the pane has the colors that the request says are chosen, before the
    fragment that this is mounted in runs again.
    """
    _component("recoloring", "embviz-recoloring", frontend_version())(
        key=key, data=[request], on_painted_change=on_painted
    )


def gallery(
    key: str,
    images: ImagesAddress | None,
    cards: list[GalleryCard],
    on_pick: Callable[[list[int]], None],
    *,
    image_size: int = 36,
    columns: int = 6,
    bars: list[float] | None = None,
    is_difference: bool = False,
) -> None:
    """Mount cards with one or two images; `on_pick` gets the ids of a clicked card, before the page runs again.

    `image_size` is in CSS pixels; `bars` are lengths from 0 to 1, one for each card; with `is_difference` a card of two
    items shows the difference of their images. The height of the cards is reserved before they are drawn, so that
    nothing below moves. The item under the pointer is marked in the pane that the tabs are about.
    """

    @_refusals_logged(key)
    def picked() -> None:
        ids = ids_from_json(Answers(key).value["picked"], 2)
        if any(ids == card["ids"] for card in cards):  # else it was a card of an earlier request
            on_pick(ids)

    size = image_size if images else 0
    card_height = max((_card_height(card, size, 1 if is_difference else len(card["ids"])) for card in cards), default=0)
    card_height += CARD_BAR if bars else 0
    lines = -(-len(cards) // columns)
    request: GalleryRequest = {
        "pane": session().pane.key,
        "images": images,
        "cards": cards,
        "bars": bars,
        "isDifference": is_difference,
        "imageSize": image_size,
        "columns": columns,
        "cardHeight": card_height,
    }
    _component("gallery", "embviz-gallery", frontend_version())(
        key=key, data=[request], on_picked_change=picked, height=max(1, lines * card_height + (lines - 1) * CARD_GAP)
    )


def _card_height(card: GalleryCard, image_size: int, n_images: int) -> int:
    lines = bool(card["title"]) + bool(card["caption"])
    return CARD_EDGES + n_images * image_size + lines * CARD_LINE


def heatmap(key: str, request: HeatmapRequest, on_pair: Callable[[tuple[int, int]], None]) -> None:
    """Mount a table of class pairs; `on_pair` gets the class codes of a clicked cell."""
    n_classes = len(request["names"])

    @_refusals_logged(key)
    def chosen() -> None:
        on_pair(class_pair_from_json(Answers(key).value["pair"], n_classes))

    height = (n_classes + 1) * (CELL_HEIGHT + CELL_GAP) - CELL_GAP + HEATMAP_LEGEND
    _component("heatmap", "embviz-heatmap", frontend_version())(
        key=key, data=[request], on_pair_change=chosen, height=height
    )


def maps(key: str, request: MapsRequest, ids: Int64Array, on_pick: Callable[[int], None]) -> None:
    """Mount small maps of items with these ids; `on_pick` gets the id of a clicked item, before the page runs again."""
    _item_picture("maps", key, request, ids, on_pick)


def axis(key: str, request: AxisRequest, ids: Int64Array, on_pick: Callable[[int], None]) -> None:
    """Mount the picture of an axis with items of these ids; `on_pick` gets the id of a clicked item."""
    _item_picture("axis", key, request, ids, on_pick)


def _item_picture(
    module: str, key: str, request: MapsRequest | AxisRequest, ids: Int64Array, on_pick: Callable[[int], None]
) -> None:
    @_refusals_logged(key)
    def picked() -> None:
        found = ids_from_json(Answers(key).value["picked"], 1)
        if not found or found[0] not in ids:
            raise ProtocolError(f"expected the id of an item in the picture, got {found}")
        on_pick(found[0])

    _component(module, f"embviz-{module}", frontend_version())(key=key, data=[request], on_picked_change=picked)


@contextmanager
def _refusals_logged(key: str) -> Iterator[None]:
    """Drop and log an answer that breaks the contract, so that it does not cost the visitor the page."""
    try:
        yield
    except ProtocolError as error:
        logger.warning("dropped an answer of %s: %s", key, error)


@cache
def _component(module: str, css_class: str, version: str) -> Any:
    """A Streamlit component whose few lines import our module from a route, so that no package has to be installed.

    The browser takes the base address from Streamlit's script: behind a proxy the server may not know it. Data
    are given as the only element of a list: in a dictionary Streamlit would look for data frames, at every run of the
    script, and would import pandas for it, which takes seconds while the first page is waiting.
    """
    loader = (
        "const own = document.querySelector('script[type=module][src*=\"/static/js/\"]');\n"
        'const base = new URL("../../", own.src).href;\n'
        f'const module = await import(new URL("embviz/js/{version}/{module}.js", base).href);\n'
        "export default (component) => module.default({ ...component, data: component.data[0] }, base);\n"
    )
    html = f'<div class="{css_class}"></div>'
    return st.components.v2.component(f"embviz_{module}", js=loader, html=html, isolate_styles=False)
