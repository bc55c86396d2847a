"""Write a view into one HTML file, which anybody can open without embviz."""

from dataclasses import replace
from pathlib import Path
from typing import cast

from embviz.checks.arguments import checked, path_of
from embviz.coloring import Coloring
from embviz.dataset import Dataset
from embviz.datasets import Given
from embviz.errors import InputError
from embviz.export.folder import real_path, replaced_file
from embviz.export.picture.title import picture_title
from embviz.export.prepared import PreparedFile, file_turns, stem_of
from embviz.features.features import Features, FeatureSpec
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.storage.scratch import ScratchFolder
from embviz.ui.standalone.html_page import html_page
from embviz.view import View, ViewSpec

SUFFIX = ".html"


@checked()
def write_page(
    path: str | Path,
    dataset: Dataset,
    features: Features,
    projection: Projection,
    coloring: Coloring | None = None,
    *,
    title: str = "",
    progress: Progress = no_progress,
) -> Path:
    """Write one HTML file that shows a layout, without embviz, a server or a network; returns its absolute path.

    Points can be hovered (image, label, id), zoomed, moved and, in 3-D, turned; a click in the legend hides a class, a
    double click isolates it. The page is light or dark, as the reader's system is set. The file contains no vectors
    and no metadata columns, except the values that the items are colored by, and which item is the next of each.

    Parameters
    ----------
    path
        Path that ends in ``.html``. An existing file is replaced once the new one is complete.
    dataset
        The items. Their images are in the file, made smaller if they take more than 64 MB.
    features
        The features that were laid out.
    projection
        The layout of these features.
    coloring
        Colors of the dataset's items; None for one color.
    title
        A line above the plot; if empty, data, features and method with its parameters.
    progress
        Called while it is written.

    Raises
    ------
    InputError
        If the path does not end in ``.html``, or features, layout or colors belong to other items than the dataset's.
    ExportError
        If the file cannot be written.
    Cancelled
        If `progress` raised it.
    """
    page_suffix(path)
    source = Given(dataset)
    spec = ViewSpec(source, "all", None, cast(FeatureSpec, features.spec), projection.spec)  # also of reduced ones
    view = View(spec, replace(dataset, source=source), features, projection)
    title = title or picture_title(dataset, features, projection)
    text = html_page(view, coloring, title, progress=progress)
    target = real_path(path_of("path", path))
    with replaced_file(target) as partial:
        partial.write_text(text, encoding="utf-8")
    return target


def page_suffix(path: str | Path) -> str:
    """The suffix of the file, which can only be `SUFFIX`.

    Raises
    ------
    InputError
        If the path does not end in ``.html``.

    Examples
    --------
    >>> page_suffix("layout.HTML")
    '.html'
    """
    file = path_of("path", path)
    if file.suffix.lower() != SUFFIX:
        raise InputError(f"a page goes into an {SUFFIX} file, got {file.name!r}; change the ending")
    return SUFFIX


def prepared_page(
    view: View, coloring: Coloring | None, title: str, *, progress: Progress = no_progress
) -> PreparedFile:
    """File of `html_page`, named after the dataset; it is written when it is the visitor's turn.

    Raises
    ------
    InputError
        If the colors belong to other items.
    ExportError
        If there is no room for the file, or it cannot be written.
    Cancelled
        If `progress` raised it.
    """
    with file_turns.turn(progress):
        text = html_page(view, coloring, title, progress=progress)
        folder = ScratchFolder(len(text))
        path = folder.path / f"{stem_of(view.dataset)}{SUFFIX}"
        path.write_text(text, encoding="utf-8")
    return PreparedFile(path, folder)
