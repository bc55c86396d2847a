"""The Export tab: a TensorBoard projector folder as a zip, and the coordinates on screen as a file."""

from dataclasses import dataclass

import streamlit as st

from embviz.export import ExportReport, coordinates_bytes, export_zip
from embviz.export.names import tensor_name
from embviz.features import feature_spec
from embviz.features.features import IMAGE_FEATURES
from embviz.pipeline import features_of
from embviz.progress import Progress
from embviz.storage.scratch import ScratchFolder
from embviz.storage.store import default_store
from embviz.ui.panels.panel import Panel
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import as_text, filled
from embviz.view import Forming, View

MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "npy": "application/octet-stream"}

ROOM = 64 * 2**20
"""Bytes of disk space reserved for metadata and bookmarks, more than they need."""


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """A finished zip, and the folder that holds it, which is deleted when the visitor has left."""

    report: ExportReport
    folder: ScratchFolder


@dataclass(frozen=True, slots=True)
class Ordered:
    """The files that the visitor asked for last.

    Attributes
    ----------
    layout
        Fingerprint of the layout that was on screen; None if no files were asked for, or they were cancelled.
    features
        Names of the features that were chosen.
    """

    layout: str | None = None
    features: tuple[str, ...] = ()


FILES = Computation[Prepared]("export")


def export_panel(view: View | Forming) -> None:
    """Draw the Export tab."""
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
    order = Ordered(view.projection.fingerprint, tuple(names))
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
    """Names of the features that can be exported, those on screen first; some train a classifier when exported."""
    made = list(IMAGE_FEATURES) if view.dataset.images is not None else []
    return list(dict.fromkeys([view.features.name, *made]))


def _prepared_files(view: View, order: Ordered) -> None:
    found = computed(FILES, order, lambda progress: _prepared(view, order.features, progress))
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


def _prepared(view: View, names: tuple[str, ...], progress: Progress) -> Prepared:
    features = [
        view.features
        if name == view.features.name
        else features_of(view.dataset, feature_spec(name), store=default_store(), progress=progress)
        for name in names
    ]
    images = 0 if view.dataset.images is None else view.dataset.images.nbytes
    vectors = sum(each.vectors.nbytes for each in features)
    folder = ScratchFolder(2 * (images + vectors) + ROOM)  # twice, because a folder is written and then zipped
    path = folder.path / f"embviz-{tensor_name(view.dataset.title.replace(' ', '-'))}.zip"
    report = export_zip(path, view.dataset, features, projections=[view.projection], progress=progress)
    return Prepared(report, folder)


def _coordinates_button(view: View, suffix: str) -> None:
    def content() -> bytes:
        return coordinates_bytes(f".{suffix}", view.dataset, view.projection)

    name = f"embviz-{view.projection.spec.method}-{view.projection.spec.n_components}d.{suffix}"
    st.download_button(
        as_text(suffix.upper()), content, name, MIME[suffix], on_click="ignore", key=f"coordinates-{suffix}"
    )


EXPORT = Panel("Export", export_panel)
