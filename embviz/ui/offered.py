"""The datasets that a visitor can choose: uploads, files that the page was started with, and named datasets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from embviz.datasets import DatasetInfo, Files, Given, Named, known_datasets
from embviz.datasets.own.handed import given_info
from embviz.datasets.own.preview import name_of
from embviz.datasets.own.started import started_source
from embviz.datasets.own.tensors import tensor_sources
from embviz.errors import DatasetError
from embviz.ui.words import told_apart


@dataclass(frozen=True, eq=False, slots=True)
class Offered:
    """The datasets that a visitor can choose, each under a unique name.

    Attributes
    ----------
    named
        The datasets known by name, on the machine or to be downloaded, and the one with which Python opened the page.
    files
        Files that the page was started with, not read yet. A TensorBoard log folder has one entry for each set of items
        that its tensors have.
    uploads
        The data that this visitor uploaded and loaded, the newest first.
    first
        Name of the dataset that the page opens with.
    problem
        Sentence on why the page could not open the files that it was started with; empty if it could.
    """

    named: Mapping[str, DatasetInfo]
    files: Mapping[str, Files]
    uploads: Mapping[str, DatasetInfo]
    first: str
    problem: str

    @property
    def titles(self) -> dict[str, str]:
        """Titles of all data that can be shown now, by name: the visitor's own files first. Titles are unique."""
        titles = {name: info.title for name, info in self.uploads.items()}
        titles |= {name: source.title for name, source in self.files.items()}
        titles |= {name: info.title for name, info in self.named.items() if info.on_machine}
        unique = told_apart(dict(reversed(titles.items())))
        return {name: unique[name] for name in titles}


def offered(uploads: Iterable[DatasetInfo] = ()) -> Offered:
    """The datasets that can be chosen now.

    If the files that the page was started with are gone, `problem` says so, and all other datasets are offered.

    Parameters
    ----------
    uploads
        The data that this visitor uploaded, the newest first.

    Raises
    ------
    DatasetError
        If ``EMBVIZ_DATA_DIR`` is set to something that is not a folder.
    """
    named = {info.name: info for info in known_datasets()}
    started, problem = None, ""
    try:
        started = started_source()
    except DatasetError as error:
        problem = str(error)
    files: dict[str, Files] = {}
    here = [name for name, info in named.items() if info.on_machine]
    first = "mnist" if "mnist" in here else here[0]
    if isinstance(started, Named):
        named[started.name] = replace(named[started.name], source=started)
        first = started.name if started.name in here else first
    elif isinstance(started, Given):
        info = given_info(started)
        first = info.name
        named = {first: info} | named
    elif started is not None:
        sources = tensor_sources(started)
        files = {name_of(source): source for source in sources}
        first = name_of(sources[0])
    return Offered(named, files, {info.name: info for info in uploads}, first, problem)
