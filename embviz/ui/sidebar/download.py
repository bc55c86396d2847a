"""Datasets that are not on the machine: offered, fetched, and what to do when that does not work."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from embviz.datasets import DatasetInfo, download_dataset
from embviz.errors import DownloadError, EmbvizError
from embviz.launch import start_command
from embviz.progress import Progress
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_html, as_text, filled

FILES = """train-images-idx3-ubyte.gz
train-labels-idx1-ubyte.gz
t10k-images-idx3-ubyte.gz
t10k-labels-idx1-ubyte.gz"""
"""What the files are called, also those of the other sets."""

DOWNLOAD = Computation[bool]("download")


@dataclass(frozen=True, slots=True)
class Download:
    """What is remembered of downloading.

    Attributes
    ----------
    wanted
        Name of the dataset that is being fetched, or could not be; None if there is none, or its failure was dismissed.
    told
        The error that has been shown as a toast.
    ended
        Name of the dataset that has just been fetched, until it is chosen.
    """

    wanted: str | None = None
    told: EmbvizError | None = None
    ended: str | None = None


def download_control(missing: list[DatasetInfo]) -> None:
    """Offer MNIST itself; its family is one click further away."""
    family = [info for info in missing if info.name != "mnist"]
    for info in missing:
        if info not in family:
            _download_button(info)
    outcome = st.container()  # above the list, which covers what is below it while open
    if family:
        with st.popover("More datasets", width="stretch"):
            for info in family:
                _download_button(info)
    wanted = next((info for info in missing if info.name == session().kept(Download).wanted), None)
    if wanted is not None:
        with outcome:
            _watch_download(wanted)


def _download_button(info: DatasetInfo) -> None:
    label: Markdown = filled("Download {title} ({size:.0f} MB)", title=info.title, size=info.download_bytes / 2**20)
    if st.button(label, key=f"download-{info.name}", width="stretch"):
        DOWNLOAD.forget()
        session().keep(Download(wanted=info.name))


def _watch_download(wanted: DatasetInfo) -> None:
    work = partial(_downloaded, wanted.name)
    found = computed(DOWNLOAD, wanted.name, work, failed=lambda error: _failure(wanted, error))
    if found.state == "cancelled":
        _dismiss()
        st.toast(filled("The download of {title} was cancelled.", title=wanted.title))
    if found.state == "done":
        session().keep(Download(ended=wanted.name))
        st.rerun()


def _downloaded(name: str, progress: Progress) -> bool:
    download_dataset(name, progress=progress)
    return True


def _failure(wanted: DatasetInfo, error: EmbvizError) -> None:
    """One line and what can be done; a toast too, because on a phone the sidebar is closed."""
    reason = error.reason if isinstance(error, DownloadError) else str(error)
    sentence = f"{wanted.title} was not downloaded: {reason}."
    download = session().kept(Download)
    if download.told is not error:
        session().keep(replace(download, told=error))
        st.toast(as_text(sentence), icon=":material/cloud_off:", duration="long")
    with st.container(key="download-failed"):
        st.html(f'<p class="embviz-refusal" role="alert">{as_html(sentence)}</p>')
        with st.container(horizontal=True, gap="small"):
            st.button("Try again", on_click=DOWNLOAD.forget)
            st.button("Dismiss", on_click=_dismiss)
        with st.popover("How to use local files", width="stretch"):
            _local_files(wanted, error)


def _dismiss() -> None:
    DOWNLOAD.forget()
    session().keep(Download())


def _local_files(wanted: DatasetInfo, error: EmbvizError) -> None:
    st.markdown(filled("Put the four files of {title} into a folder, packed or not:", title=wanted.title))
    st.code(FILES, language=None)
    st.markdown("Then start the page with that folder:")
    variable = "EMBVIZ_DATA_DIR=/path/to/folder"
    st.code(f"{variable} {start_command()}", language=None)
    if wanted.name != "mnist":
        st.markdown(filled("They go into a folder `{name}` inside of it.", name=wanted.name))
    st.caption(as_text(f"What went wrong: {error}."))
