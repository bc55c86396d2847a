"""Two items side by side in the Inspect tab: the one that is held and the pinned one, and how they differ."""

import numpy as np
import streamlit as st

from embviz.arrays import AnyArray
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.items.names import item_name
from embviz.neighbors.distances import METRICS
from embviz.pipeline import distance_of
from embviz.server import shelf
from embviz.ui.component import gallery
from embviz.ui.contract.addresses import images_address
from embviz.ui.contract.gallery_messages import GalleryCard
from embviz.ui.focus import exchange, hold
from embviz.ui.words import as_html, filled, three_digits
from embviz.view import Forming, View

SAME, DIFFERENT = "the same", "another"


def draw_two_items(view: View | Forming, held: int, pinned: int) -> None:
    """Draw two items, given by their rows: images, the difference of these, distances, and every column."""
    dataset = view.dataset
    st.markdown("###### Held and pinned")
    images = images_address(dataset, shelf)
    if images is not None:
        ids = [int(dataset.ids[row]) for row in (held, pinned)]
        name = " and ".join(item_name(item, dataset.splits) for item in ids)
        left, middle, right = st.columns(3, gap="small")
        for place, title, shown in ((left, "held", ids[:1]), (middle, "pinned", ids[1:]), (right, "difference", ids)):
            card: GalleryCard = {"ids": shown, "name": name, "title": title, "caption": "", "differs": False}
            is_difference = len(shown) == 2
            with place:
                gallery(
                    f"two-{title}",
                    images,
                    [card],
                    lambda ids: None,
                    image_size=84,
                    columns=1,
                    is_difference=is_difference,
                )
        st.caption(
            "The difference of gray images is orange where the held image is brighter, blue where the pinned one is. "
            "The difference of color images is gray where both are equal."
        )
    lines = [_line(*line) for line in differences(view, held, pinned)]
    head = "<tr><th></th><th>held</th><th>pinned</th><th>difference</th></tr>"
    st.html(f'<table class="embviz-two">{head}{"".join(lines)}</table>')
    with st.container(horizontal=True):
        st.button("⇄ Exchange", on_click=exchange, args=(dataset,), help="Pin the held one, and hold the pinned one")
        st.button("Let go", on_click=hold, args=(dataset, None), help="Stop holding the held one; the pinned one stays")
    st.caption(
        filled("Distances in {features}: {said}.", features=view.features.name, said=_distances(view, held, pinned))
    )


def differences(view: View | Forming, held: int, pinned: int) -> list[tuple[str, str, str, str]]:
    """The facts of two items: for each its name, its value for both items, and the difference, as text."""
    dataset, features = view.dataset, view.features
    facts: list[tuple[str, AnyArray]] = [("id", dataset.ids)]
    names = np.array(dataset.class_names)
    if dataset.labels is not None:
        facts.append(("label", names[dataset.labels]))
    if features.predictions is not None:
        facts.append(("predicted", np.array(features.class_names)[features.predictions]))
    facts += dataset.metadata.items()
    return [
        (name, _said(column[held]), _said(column[pinned]), _difference(name, column, held, pinned))
        for name, column in facts
    ]


def _difference(name: str, column: AnyArray, held: int, pinned: int) -> str:
    first, second = column[held], column[pinned]
    if name == "id" or column.dtype.kind not in "iuf":
        return SAME if first == second else DIFFERENT
    step = float(second) - float(first)
    return SAME if step == 0 else f"{step:+,.4g}".replace("-", "−")


def _said(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _line(name: str, held: str, pinned: str, difference: str) -> str:
    kind = ' class="embviz-same"' if difference == SAME else ""
    cells = "".join(f"<td>{as_html(cell)}</td>" for cell in (held, pinned, difference))
    return f"<tr{kind}><th>{as_html(name)}</th>{cells}</tr>"


def _distances(view: View | Forming, held: int, pinned: int) -> str:
    said = []
    for metric in METRICS:
        try:
            said.append(f"{three_digits(distance_of(view.features, held, pinned, metric))} {metric}")
        except SpecError:
            said.append(f"no {metric} distance, because one of the vectors is zero")
    return ", ".join(said)


def hold_button(dataset: Dataset, item: int) -> None:
    """Draw the button that holds an item."""
    st.button(
        "Hold",
        on_click=hold,
        args=(dataset, item),
        help="Keep this item in sight: the item that you pin next is shown beside it",
    )
