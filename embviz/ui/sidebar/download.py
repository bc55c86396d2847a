"""Downloads of datasets that are not on the machine: buttons, progress, and help when a download fails."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from embviz.datasets import DatasetInfo, download_dataset
from embviz.errors import DownloadError, EmbvizError
from embviz.processes.launch import start_command
from embviz.progress import Progress
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_html, as_text, filled

FILES = """train-images-idx3-ubyte.gz
train-labels-idx1-ubyte.gz
t10k-images-idx3-ubyte.gz
t10k-labels-idx1-ubyte.gz"""
"""Names of the four files of MNIST, and of every dataset of its family."""

DOWNLOAD = Computation[bool]("download")


@dataclass(frozen=True, slots=True)
class Download:
    """The state of a download that the page remembers.

    Attributes
    ----------
    wanted
        Name of the dataset that is being fetched or could not be fetched; None if none is, or the user dismissed it.
    told
        The last error that was shown as a toast, so that it is shown once; None if none was.
    ended
        Name of the dataset that has just been fetched, until the page has chosen it.
    """

    wanted: str | None = None
    told: EmbvizError | None = None
    ended: str | None = None


def download_control(missing: list[DatasetInfo]) -> None:
    """Draw a button to download MNIST, a menu with other datasets of its family, and the state of a download."""
    family = [info for info in missing if info.name != "mnist"]
    for info in missing:
        if info not in family:
            _download_button(info)
    outcome = st.container()  # above the menu, because an open menu covers what is below it
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
    """Draw what went wrong with a download, and what can be done; a toast too, as on a phone the sidebar is closed."""
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
    st.markdown(
        filled("Put these four files of {title} into a folder, compressed as here or uncompressed:", title=wanted.title)
    )
    st.code(FILES, language=None)
    st.markdown("Then start the page with that folder:")
    variable = "EMBVIZ_DATA_DIR=/path/to/folder"
    st.code(f"{variable} {start_command()}", language=None)
    if wanted.name != "mnist":
        st.markdown(filled("In that folder, the four files go into a folder `{name}`.", name=wanted.name))
    st.caption(as_text(f"What went wrong: {error}."))
