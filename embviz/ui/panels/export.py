"""The Export tab: files for TensorBoard and other programs, a table with tags, a picture, a page, and coordinates."""

from dataclasses import dataclass

import streamlit as st

from embviz.export import coordinates_bytes, parameters_json
from embviz.export.prepared import PreparedFile, PreparedFiles, prepared_files, prepared_table
from embviz.export.scores import Scores, with_columns
from embviz.features.features import Pixels, classifier_of, layer_names
from embviz.findings.trust import scores_at_hand
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.kept.page_file import page_file
from embviz.ui.kept.picture import picture_files
from embviz.ui.kept.tags import tags_table, with_tags
from embviz.ui.panels.panel import Panel
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.waiting.file_when_ready import file_when_ready
from embviz.ui.words import as_text, filled
from embviz.view import Forming, View, features_in_turn, graph_in_turn

MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "npy": "application/octet-stream"}

TABLE_NEIGHBORS = 10
"""Neighbors of each item in the table."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The last request for the files of the TensorBoard projector.

    Attributes
    ----------
    data, layout
        Fingerprints of the dataset and the layout that the files are made of; None if no files were asked for, or their
        preparation was cancelled.
    features
        Names of the features that the visitor chose.
    scores
        Names of the items' scores that were known when the files were asked for.
    """

    data: str | None = None
    layout: str | None = None
    features: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderedTable:
    """The last request for a table: fingerprints of layout and data, None without request, and known scores."""

    layout: str | None = None
    data: str | None = None
    scores: tuple[str, ...] = ()


FILES = Computation[PreparedFiles]("export")
TABLE = Computation[PreparedFile]("table")


def export_panel(view: View | Forming) -> None:
    """Draw the Export tab."""
    if not isinstance(view, View):
        st.markdown("Files can be made **when the layout has formed**. Press Stop to export it as it is.")
        return
    _projector_folder(view)
    _table(view)
    tags_table(view)
    picture_files(view)
    page_file(view)
    st.markdown("###### Coordinates on screen")
    with st.container(horizontal=True):
        for suffix in ("csv", "parquet", "npy"):
            _coordinates_button(view, suffix)
        text, name = parameters_json(view.projection), f"{_layout_name(view)}.json"
        st.download_button("Parameters", text, name, "application/json", on_click="ignore", key="parameters")


def _projector_folder(view: View) -> None:
    st.markdown("###### TensorBoard projector")
    st.markdown(
        "A folder that `tensorboard --logdir` opens as it is: vectors, labels, the images as a sprite sheet, "
        "and the layout on screen as a bookmark."
    )
    names = st.multiselect(
        "Features", _offered(view), default=[view.features.name], key=f"export-{view.features.fingerprint}"
    )
    if not names:
        st.caption("Choose at least one kind of features.")
        return
    scores = scores_at_hand(view, default_store())
    tagged = with_tags(view).dataset
    order = ExportRequest(tagged.fingerprint, view.projection.fingerprint, tuple(names), tuple(scores))
    if st.button("Prepare files", type="primary", width="stretch"):
        FILES.forget()
        session().keep(order)
    if session().kept(ExportRequest) == order:
        _prepared_files(view, order, scores)


def _table(view: View) -> None:
    st.markdown("###### Table for other programs")
    st.markdown(
        "One parquet file that Hugging Face's `datasets`, embedding-atlas and pandas open: the layout on screen, "
        "labels, images, vectors and the nearest neighbors of every item."
    )
    scores = scores_at_hand(view, default_store())
    tagged = with_tags(view).dataset
    order = OrderedTable(view.projection.fingerprint, tagged.fingerprint, tuple(scores))

    def work(progress: Progress) -> PreparedFile:
        graph = graph_in_turn(view, TABLE_NEIGHBORS, store=default_store(), progress=progress)
        columns = with_columns(tagged, scores)
        return prepared_table(columns, view.features, view.projection, graph, progress=progress)

    file_when_ready(filled("Prepare table"), TABLE, order, work, MIME["parquet"])


def _offered(view: View) -> list[str]:
    """Names of the features that can be exported, the one on screen first. Exporting a layer may train a classifier."""
    layers = layer_names(classifier_of(view.spec.features))
    made = [Pixels().name, *layers] if view.dataset.images is not None else []
    return list(dict.fromkeys([view.features.name, *made]))


def _prepared_files(view: View, order: ExportRequest, scores: Scores) -> None:
    tagged = with_tags(view).dataset

    def work(progress: Progress) -> PreparedFiles:
        store = default_store()
        features = [features_in_turn(view, name, store=store, progress=progress) for name in order.features]
        return prepared_files(with_columns(tagged, scores), features, [view.projection], progress=progress)

    found = computed(FILES, order, work)
    if found.state == "cancelled":
        session().keep(ExportRequest())
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
    st.caption("Unpack it, then run in the folder where you unpacked it:")
    st.code(report.command, language="bash")
    for note in report.notes:
        st.caption(as_text(note))


def _coordinates_button(view: View, suffix: str) -> None:
    def content() -> bytes:
        return coordinates_bytes(f".{suffix}", view.dataset, view.projection)

    name, key = f"{_layout_name(view)}.{suffix}", f"coordinates-{suffix}"
    st.download_button(as_text(suffix.upper()), content, name, MIME[suffix], on_click="ignore", key=key)


def _layout_name(view: View) -> str:
    return f"embviz-{view.projection.spec.method}-{view.projection.spec.n_components}d"


EXPORT = Panel("Export", export_panel)
