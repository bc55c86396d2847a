"""The `PageSession` of a page opened from Python: its address, what is selected and tagged on it, and its end."""

import atexit
import subprocess
from types import TracebackType
from typing import Self

from embviz.annotations import Annotations
from embviz.arrays import Int64Array
from embviz.dataset import Dataset
from embviz.datasets.own.handed import hand_over, handed_bytes
from embviz.errors import ExportError
from embviz.showing.exchange import told_annotations, told_selected
from embviz.showing.key import PARAMETER, new_key
from embviz.showing.server import HOST, checked_port, end_server, started_server
from embviz.storage.scratch import ScratchFolder

_ROOM = 10_000_000
"""Bytes on the disk that are reserved for what the page writes beside the data."""


class PageSession:
    """A page that shows a dataset, served by a process of its own as long as the session is open.

    `embviz.show` returns it. The session ends with `close`, with its ``with`` block, or with Python, and not when the
    last variable that refers to it is gone. Until then the data are in a folder that only the user of this process can
    read. `selected_ids` and `annotations` are read anew at each access; after the end they keep their last values.

    Parameters
    ----------
    dataset
        The items to show.
    port
        Port of this machine to serve the page on; None for a free one.

    Attributes
    ----------
    dataset
        The items that the page shows; `selected_ids` and `annotations` are about them.
    address
        Address of the page. It contains a key without which nobody else on this machine can open the page.

    Raises
    ------
    InputError
        If the port cannot be used.
    ExportError
        If the data cannot be written.
    MissingDependencyError
        If Streamlit is not installed.
    PageError
        If the server does not start.
    """

    def __init__(self, dataset: Dataset, port: int | None = None) -> None:
        port = checked_port(port)
        self.dataset = dataset
        self._last: tuple[Int64Array, Annotations] | None = None
        self._folder = ScratchFolder(handed_bytes(dataset) + _ROOM)
        try:
            hand_over(dataset, self._folder.path)
            key = new_key(self._folder.path)
            self._server: subprocess.Popen[bytes] = started_server(self._folder.path, key, port)
        except BaseException as error:
            self._folder.remove()
            if isinstance(error, OSError):
                reason = error.strerror or error
                raise ExportError(f"the data cannot be handed to the page ({reason}); make room") from error
            raise
        self.address = f"http://{HOST}:{port}/?{PARAMETER}={key}"
        atexit.register(self.close)  # this also keeps the session alive until then

    @property
    def is_open(self) -> bool:
        """Whether the page is served."""
        return self._last is None and self._server.poll() is None

    @property
    def selected_ids(self) -> Int64Array:
        """int64, ascending: ids of the items that a visitor of the page selected last; empty if nothing is selected.

        The ids of data from arrays are row numbers. For a dataset with other ids, the rows are
        ``np.flatnonzero(np.isin(dataset.ids, page.selected_ids))``.
        """
        return told_selected(self._folder.path) if self._last is None else self._last[0]

    @property
    def annotations(self) -> Annotations:
        """The tags that visitors of the page gave; `embviz.annotated` adds them to the dataset as columns."""
        return told_annotations(self._folder.path) if self._last is None else self._last[1]

    def close(self) -> None:
        """End the server and remove the data; does nothing if the session has been closed before."""
        if self._last is None:
            self._last = self.selected_ids, self.annotations  # before the server removes the folder
            end_server(self._server)
            self._folder.remove()
            atexit.unregister(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = self.address if self.is_open else "closed"
        return f"PageSession({self.dataset.title!r}, {state})"
