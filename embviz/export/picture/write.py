"""Writing the picture of a layout to a file that ends in .png or .svg."""

from pathlib import Path

from embviz.checks.arguments import checked, path_of
from embviz.coloring import Coloring
from embviz.dataset import Dataset
from embviz.errors import InputError
from embviz.export.folder import real_path, replaced_file
from embviz.export.picture.drawing import Drawing, drawing_of
from embviz.export.picture.png import png_bytes
from embviz.export.picture.svg import svg_text
from embviz.projection.projection import Projection

SUFFIXES = (".png", ".svg")


def picture_suffix(path: str | Path) -> str:
    """The suffix of the file of a picture, in lower case: one of `SUFFIXES`.

    Raises
    ------
    InputError
        If the suffix is none of these.

    Examples
    --------
    >>> picture_suffix("layout.PNG")
    '.png'
    """
    file = path_of("path", path)
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"a picture goes into a {' or '.join(SUFFIXES)} file, got {file.name!r}; change the ending")
    return suffix


def picture_bytes(suffix: str, drawing: Drawing) -> bytes:
    """The content of the file of a drawing with this suffix."""
    return png_bytes(drawing) if suffix == ".png" else svg_text(drawing).encode()


@checked()
def write_picture(
    path: str | Path,
    projection: Projection,
    coloring: Coloring | None = None,
    *,
    dataset: Dataset | None = None,
    width: int = 1200,
    height: int = 900,
    dark: bool = False,
    title: str = "",
) -> Path:
    """Write the picture of a layout, as the page shows it; return the file's absolute path.

    Parameters
    ----------
    path
        Path that ends in ``.png`` or ``.svg``. An existing file is replaced once the new one is complete.
    projection
        The layout. A 3-D layout is seen from the page's initial camera direction.
    coloring
        Colors of the same items; None for one color.
    dataset
        The same items, to draw a line from each item to the next one in its sequence, if a column ``__seq_next__`` has
        the positions of next items; None for no lines.
    width, height
        Size in pixels, 200..6000.
    dark
        Whether to use the colors of the dark theme.
    title
        A line above the points.

    Raises
    ------
    InputError
        If the path has another ending, the size is out of range, or colors or dataset belong to other items
        than the layout.
    ExportError
        If the file cannot be written.
    """
    suffix = picture_suffix(path)
    drawing = drawing_of(projection, coloring, dataset=dataset, width=width, height=height, dark=dark, title=title)
    target = real_path(path_of("path", path))
    with replaced_file(target) as partial:
        partial.write_bytes(picture_bytes(suffix, drawing))
    return target
