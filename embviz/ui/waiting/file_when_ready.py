"""A button that has a file prepared, the progress of that, and a button that downloads the file."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from embviz.export.prepared import PreparedFile
from embviz.progress import Progress
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, filled

Order = TypeVar("Order")


def file_when_ready(
    label: Markdown,
    computation: Computation[PreparedFile],
    order: Order,
    work: Callable[[Progress], PreparedFile],
    mime: str,
) -> None:
    """Draw the button that has a file prepared, then its progress, then the button that downloads it.

    Parameters
    ----------
    label
        Label of the button.
    computation
        The computation of the file, whose progress is shown.
    order
        What the file would be made of now, as a value of a class that no other kind of file uses. That class without
        arguments gives the value that stands for no order.
    work
        Function that makes the file.
    mime
        Media type of the file.
    """
    if st.button(label, width="stretch"):
        computation.forget()
        session().keep(order)
    if session().kept(type(order)) != order:
        return
    found = computed(computation, order, work)
    if found.state == "cancelled":
        session().keep(type(order)())
        st.caption("Cancelled.")
    if found.value is not None:
        path = found.value.path
        st.download_button(
            filled("Download {name} ({size:.1f} MB)", name=path.name, size=path.stat().st_size / 1e6),
            lambda: path.read_bytes(),
            path.name,
            mime,
            width="stretch",
            on_click="ignore",
        )
