"""A visitor's own files: dropped in a dialog, previewed, corrected and loaded; they are deleted with the session."""

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embviz.arrays import fingerprint
from embviz.datasets import DatasetInfo
from embviz.datasets.files.uses.wishes import Wishes
from embviz.datasets.own.addition import Addition, addition_of
from embviz.datasets.own.preview import Corrections, Preview, preview_of_upload
from embviz.datasets.own.upload import MOST_BYTES, Upload, upload_of
from embviz.errors import EmbvizError
from embviz.progress import Progress
from embviz.ui.current_view import begin
from embviz.ui.session import session
from embviz.ui.sidebar.added import keep_choices
from embviz.ui.sidebar.corrections import corrections_control
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_text, filled, joined

MOST_NAMED = 8
"""Largest number of classes that are named in the summary of files that are not loaded yet."""

ADDITION = Computation[Addition]("addition")
FIRST_LOOK = Computation[Preview]("first-look")
CORRECTED = Computation[Preview]("corrected")


@dataclass(frozen=True, eq=False, slots=True)
class Dialog:
    """The dialog for own files.

    Attributes
    ----------
    is_open
        Whether it is drawn.
    times
        Number of times it was opened: part of its controls' keys, so that each time they are drawn anew.
    files
        Ids by which Streamlit knows the files that were dropped last.
    upload
        These files; None if there are none, or they cannot be taken.
    problem
        Why they cannot be taken; None if they can.
    """

    is_open: bool = False
    times: int = 0
    files: tuple[str, ...] = ()
    upload: Upload | None = None
    problem: EmbvizError | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Loaded:
    """The data that the visitor has loaded, the last ones first.

    Attributes
    ----------
    uploads
        The files, which lie on the disk as long as they are held here.
    infos
        Facts of each dataset in them.
    chosen
        Name of the dataset that the page is to choose next; None once it has.
    """

    uploads: tuple[Upload, ...] = ()
    infos: tuple[DatasetInfo, ...] = ()
    chosen: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class DataShown:
    """Facts of the data that the page shows; None before it has shown any."""

    info: DatasetInfo | None = None


def loaded_uploads() -> tuple[DatasetInfo, ...]:
    """Facts of the datasets that the visitor has loaded, the last one first."""
    return session().kept(Loaded).infos


def just_loaded() -> str | None:
    """Name of the data that were loaded since the last run of the page, to be chosen now; None if none were."""
    loaded = session().kept(Loaded)
    session().keep(replace(loaded, chosen=None))
    return loaded.chosen


def upload_control() -> None:
    """Draw the button for own files, and the dialog while it is open."""
    st.button("Open your own files…", key="open-own", width="stretch", on_click=_open)
    if session().kept(Dialog).is_open:
        _dialog()


def _open() -> None:
    before = session().kept(Dialog)
    session().keep(Dialog(is_open=True, times=before.times + 1))


def _close() -> None:
    ADDITION.forget()
    FIRST_LOOK.forget()
    CORRECTED.forget()
    session().keep(Dialog(times=session().kept(Dialog).times))


@st.dialog("Open your own files", width="large", on_dismiss=_close)
def _dialog() -> None:
    from embviz.datasets.files.opening.readers import KNOWN  # late, because readers import Pillow

    dialog = session().kept(Dialog)
    is_folder = st.toggle("A whole folder", key=f"folder-{dialog.times}")
    given = st.file_uploader(
        filled(
            "Vectors, images and labels of the same items: {known}. Up to {size:,.0f} MB. Only you see them, and they "
            "are deleted when you leave.",
            known=KNOWN,
            size=MOST_BYTES / 1e6,
        ),
        accept_multiple_files="directory" if is_folder else True,
        key=f"{'folder' if is_folder else 'files'}-dropped-{dialog.times}",
    )
    ids = tuple(each.file_id for each in given)
    if ids != dialog.files:
        ADDITION.forget()
        FIRST_LOOK.forget()
        CORRECTED.forget()
        upload, problem = None, None
        try:
            upload = upload_of([(each.name, each, each.size) for each in given]) if given else None
        except EmbvizError as error:
            problem = error
        dialog = replace(dialog, files=ids, upload=upload, problem=problem)
        session().keep(dialog)
    if dialog.problem is not None:
        st.error(as_text(dialog.problem))
    if dialog.upload is not None:
        look, below = st.container(), st.container()
        with look:
            if not _is_addition(dialog.upload, below):
                _look(dialog.upload)


def _is_addition(upload: Upload, below: DeltaGenerator) -> bool:
    """Whether files can only be added to the data that are open; draws what they would add, and the button for it.

    If they cannot be added, but can be opened by themselves, as most visitors will want, the reason is drawn `below`.
    """
    from embviz.datasets.files.opening.readers import TABLE_ENDINGS  # late, because readers import Pillow

    opened = session().kept(DataShown).info
    is_table = len(upload.paths) == 1 and upload.paths[0].suffix.lower() in (*TABLE_ENDINGS, ".parquet")
    if opened is None or not is_table:
        return False

    def look(progress: Progress) -> Addition:
        return addition_of(upload, opened, progress=progress)

    found = computed(ADDITION, (upload.stamp, opened.source), look, again=filled("Look again")).value
    if found is None:
        return True  # they are still looked through, or cannot be read
    info = found.info
    if found.said:
        with below if info is None and found.has_items else st.container():
            st.caption(as_text(found.said))
    if info is not None and st.button(
        filled("Add its columns to {title}", title=opened.title), key=f"add-{upload.stamp}", width="stretch"
    ):
        keep_choices(opened, info)
        _load(upload, info)
        st.rerun()
    return info is not None and not found.has_items


def _look(upload: Upload) -> None:
    """Draw what was recognized in files, controls that correct it, and the button that loads them."""
    tensor = _tensor_control(upload)
    as_is = Corrections(Wishes(tensor=tensor))

    def look(progress: Progress) -> Preview:
        return preview_of_upload(upload, as_is, progress=progress)

    first = computed(FIRST_LOOK, (upload.stamp, tensor), look, again=filled("Look again")).value
    if first is None:
        return
    place = st.container()
    with st.expander("Correct it"):
        corrections = corrections_control(first, fingerprint(upload.stamp, tensor or ""), as_is)

    def look_again(progress: Progress) -> Preview:
        return preview_of_upload(upload, corrections, progress=progress)

    with place:
        preview = computed(CORRECTED, (upload.stamp, corrections), look_again).value
        if preview is not None:
            _preview(preview)
    is_pressed = st.button("Load", type="primary", width="stretch", disabled=preview is None)
    if is_pressed and preview is not None:
        _load(upload, preview.info)
        st.rerun()  # the whole page: by itself only the dialog would be drawn anew


def _tensor_control(upload: Upload) -> str | None:
    """The tensor chosen from a log folder; None, and no choice drawn, unless it has several, of different items."""
    names = upload.tensors
    return st.selectbox("Tensor", names, key=f"tensor-{upload.stamp}") if len(names) > 1 else None


def _load(upload: Upload, info: DatasetInfo) -> None:
    loaded = session().kept(Loaded)
    session().keep(Loaded((upload, *loaded.uploads), (info, *loaded.infos), info.name))
    _close()
    begin(session().pane)


def _preview(preview: Preview) -> None:
    st.markdown(_summary(preview.info))
    if preview.images is not None:
        captions: list[str] = [as_text(title) for title in preview.titles]
        st.image(list(preview.images), caption=captions or None, width=64)
    with st.container(gap=None):
        for sentence in preview.said:
            st.caption(as_text(sentence))


def _summary(info: DatasetInfo) -> Markdown:
    """A summary of the dataset to be loaded: number of items, sizes, and class names."""
    n = info.counts["all"] if "all" in info.counts else sum(info.counts.values())
    said = [filled("**{n:,} items**", n=n)]
    said += [filled("{split} {n:,}", split=split, n=n) for split, n in info.counts.items() if split != "all"]
    if info.image_shape is not None:
        height, width, *channels = info.image_shape
        color = filled(" in color") if channels else filled("")
        said.append(filled("images {height} × {width}{color}", height=height, width=width, color=color))
    said += [
        filled("vectors {name}, one value", name=name)
        if n == 1
        else filled("vectors {name}, {n:,} values", name=name, n=n)
        for name, n in info.vectors
    ]
    if info.class_names:
        names = ", ".join(info.class_names[:MOST_NAMED]) + (", …" if len(info.class_names) > MOST_NAMED else "")
        said.append(filled("{n:,} classes: {names}", n=len(info.class_names), names=names))
    else:
        said.append(filled("no labels"))
    return joined(" · ", said)
