"""The picture of the layout on screen as a file, in a chosen size, with the colors and the legend of the page."""

import streamlit as st

from embviz.export.picture.drawing import LEAST, MOST, drawing_of
from embviz.export.picture.title import picture_title
from embviz.export.picture.write import picture_bytes
from embviz.ui.kept.tags import with_tags
from embviz.ui.sidebar.color import coloring_like
from embviz.ui.words import as_text
from embviz.view import View

MIME = {".png": "image/png", ".svg": "image/svg+xml"}


def picture_files(view: View) -> None:
    """Draw the choice of a size, and buttons that download the picture."""
    st.markdown("###### Picture")
    left, middle, right = st.columns([1, 1, 1.2], gap="small", vertical_alignment="bottom")
    width = left.number_input("Width", LEAST, MOST, 1200, 100, key="picture-width")
    height = middle.number_input("Height", LEAST, MOST, 900, 100, key="picture-height")
    dark = right.toggle("Dark", key="picture-dark")
    coloring = coloring_like(view, with_tags(view).dataset)

    def content(suffix: str) -> bytes:
        data = f"{view.spec.source.title} {view.dataset.split}".strip()
        title = picture_title(view.dataset, view.features, view.projection, data)
        drawing = drawing_of(
            view.projection, coloring, dataset=view.dataset, width=width, height=height, dark=dark, title=title
        )
        return picture_bytes(suffix, drawing)

    with st.container(horizontal=True):
        for suffix in MIME:
            spec = view.projection.spec
            st.download_button(
                as_text(suffix[1:].upper()),
                lambda suffix=suffix: content(suffix),  # type: ignore[misc]  # each its own
                f"embviz-{spec.method}-{spec.n_components}d{suffix}",
                MIME[suffix],
                key=f"picture{suffix}",
                on_click="ignore",
            )
    st.caption("The picture has all items at full opacity. A 3-D layout is seen from the initial angle of the plot.")
