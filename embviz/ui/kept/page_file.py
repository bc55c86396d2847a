"""The section of the Export tab that saves the layout on screen as one HTML file, which opens without embviz."""

from dataclasses import dataclass

import streamlit as st

from embviz.export.picture.title import picture_title
from embviz.export.prepared import PreparedFile
from embviz.progress import Progress
from embviz.ui.kept.tags import with_tags
from embviz.ui.sidebar.color import coloring_like
from embviz.ui.standalone.write import prepared_page
from embviz.ui.waiting.computed import Computation
from embviz.ui.waiting.file_when_ready import file_when_ready
from embviz.ui.words import filled
from embviz.view import View

PAGE = Computation[PreparedFile]("page-file")


@dataclass(frozen=True, slots=True)
class OrderedPage:
    """The last request for a page: fingerprints of layout, None without request, and coloring, None for one color."""

    layout: str | None = None
    coloring: str | None = None


def page_file(view: View) -> None:
    """Draw the button that prepares the file, and the one that downloads it."""
    st.markdown("###### Page to share")
    st.markdown(
        "One HTML file that any browser opens, without embviz, a server or a network: these points with their images, "
        "zoom and legend. It is light or dark, as the reader's system is set."
    )
    coloring = coloring_like(view, with_tags(view).dataset)
    order = OrderedPage(view.projection.fingerprint, None if coloring is None else coloring.fingerprint)

    def work(progress: Progress) -> PreparedFile:
        data = f"{view.spec.source.title} {view.dataset.split}".strip()
        title = picture_title(view.dataset, view.features, view.projection, data)
        return prepared_page(view, coloring, title, progress=progress)

    file_when_ready(filled("Prepare page"), PAGE, order, work, "text/html")
