"""The Export tab: a TensorBoard projector folder as a zip, and the coordinates on screen as a file."""

from dataclasses import dataclass

import streamlit as st

from embviz.export import coordinates_bytes
from embviz.export.prepared import PreparedFiles, prepared_files
from embviz.features.features import IMAGE_FEATURES
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.panels.panel import Panel
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import as_text, filled
from embviz.view import Forming, View, features_in_turn

MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "npy": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Ordered:
    """What files were asked for last.

    Attributes
    ----------
    data, layout
        Fingerprints of the dataset and the layout on screen then; None if nothing was asked for, or it was cancelled.
    features
        Names of the features chosen then.
    """

    data: str | None = None
    layout: str | None = None
    features: tuple[str, ...] = ()


FILES = Computation[PreparedFiles]("export")


def export_panel(view: View | Forming) -> None:
    """Draw the tab."""
    if not isinstance(view, View):
        st.markdown("Files can be made **when the layout has formed**. Stop it to take it as it is.")
        return
    st.markdown("###### TensorBoard projector")
    st.markdown(
        "A folder that `tensorboard --logdir` opens as it is: vectors, labels, the images as a sprite sheet, "
        "and the layout on screen as a bookmark."
    )
    names = st.multiselect(
        "Features", _offered(view), default=[view.features.name], key=f"export-{view.features.fingerprint}"
    )
    if not names:
        st.caption("Choose at least one.")
        return
    order = Ordered(view.dataset.fingerprint, view.projection.fingerprint, tuple(names))
    if st.button("Prepare files", type="primary", width="stretch"):
        FILES.forget()
        session().keep(order)
    if session().kept(Ordered) == order:
        _prepared_files(view, order)
    st.markdown("###### Coordinates on screen")
    with st.container(horizontal=True):
        for suffix in ("csv", "parquet", "npy"):
            _coordinates_button(view, suffix)


def _offered(view: View) -> list[str]:
    """Names of the features that can be exported: those on screen first; a classifier is trained if need be."""
    made = list(IMAGE_FEATURES) if view.dataset.images is not None else []
    return list(dict.fromkeys([view.features.name, *made]))


def _prepared_files(view: View, order: Ordered) -> None:
    def work(progress: Progress) -> PreparedFiles:
        store = default_store()
        features = [features_in_turn(view, name, store=store, progress=progress) for name in order.features]
        return prepared_files(view.dataset, features, [view.projection], progress=progress)

    found = computed(FILES, order, work)
    if found.state == "cancelled":
        session().keep(Ordered())
        st.caption("Cancelled.")
    if found.value is None:
        return
    report = found.value.report
    st.download_button(
        filled("Download {name} ({size:.1f} MB)", name=report.path.name, size=report.total_bytes / 1e6),
        lambda: report.path.read_bytes(),
        report.path.name,
        "application/zip",
        width="stretch",
        on_click="ignore",
    )
    st.caption("Unpack it, then run there:")
    st.code(report.command, language="bash")
    for note in report.notes:
        st.caption(as_text(note))


def _coordinates_button(view: View, suffix: str) -> None:
    def content() -> bytes:
        return coordinates_bytes(f".{suffix}", view.dataset, view.projection)

    name = f"embviz-{view.projection.spec.method}-{view.projection.spec.n_components}d.{suffix}"
    st.download_button(
        as_text(suffix.upper()), content, name, MIME[suffix], on_click="ignore", key=f"coordinates-{suffix}"
    )


EXPORT = Panel("Export", export_panel)
