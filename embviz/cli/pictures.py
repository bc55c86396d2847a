"""The command `picture`: draw a layout as a picture, or as an HTML page, with the colors asked for."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.coloring import Coloring
    from embviz.dataset import Dataset
    from embviz.features import Features
    from embviz.projection.projection import Projection

_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})", re.ASCII)
_USUAL = "1200x900"
_PAGE = ".html"


def check_picture(options: argparse.Namespace) -> None:
    """Refuse a file or size that cannot be written, before anything is computed.

    Raises
    ------
    InputError
        If the file has another ending than pictures and pages have, or the size is not allowed.
    """
    from embviz.export.picture.write import SUFFIXES

    suffix = Path(options.out).suffix.lower()
    if suffix not in (*SUFFIXES, _PAGE):
        endings = ", ".join(SUFFIXES)
        raise SpecError(f"--out ends in {endings} or {_PAGE}, got {Path(options.out).name!r}; change the ending")
    if suffix == _PAGE and (options.size or options.dark):
        raise SpecError("a page fits its window, and is dark where its reader's system is; leave out --size and --dark")
    _size(options)


def _size(options: argparse.Namespace) -> tuple[int, int]:
    from embviz.export.picture.drawing import LEAST, MOST

    asked = options.size or _USUAL
    found = _SIZE.fullmatch(asked)
    if found is None or not all(LEAST <= int(side) <= MOST for side in found.groups()):
        raise SpecError(f"--size is width x height in {LEAST}..{MOST} pixels, such as {_USUAL}, got {asked!r}")
    return int(found[1]), int(found[2])


def picture_answer(
    options: argparse.Namespace,
    dataset: "Dataset",
    features: "Features",
    projection: "Projection",
    progress: TerminalProgress,
) -> dict[str, Any]:
    """Write the picture or page; returns the JSON answer."""
    from embviz.projection.titles import projection_title

    coloring = _coloring(options.color, dataset, features)
    is_page = Path(options.out).suffix.lower() == _PAGE
    size: tuple[int, int] | tuple[None, None] = (None, None) if is_page else _size(options)
    if is_page:
        from embviz.ui.standalone.write import write_page

        out = write_page(options.out, dataset, features, projection, coloring, progress=progress)
    else:
        from embviz.export import write_picture
        from embviz.export.picture.title import picture_title

        width, height = _size(options)
        title = picture_title(dataset, features, projection)
        out = write_picture(
            options.out,
            projection,
            coloring,
            dataset=dataset,
            width=width,
            height=height,
            dark=options.dark,
            title=title,
        )
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "title": projection_title(projection),
        "color": None if coloring is None else coloring.name,
        "width": size[0],
        "height": size[1],
        "out": str(out),
        "bytes": out.stat().st_size,
    }


def _coloring(asked: str | None, dataset: "Dataset", features: "Features") -> "Coloring | None":
    from embviz.coloring import ColorBy, coloring_of, colorings_offered

    nothing = ColorBy("nothing")
    offered = colorings_offered(dataset, features) or [nothing]
    by_name = {by.column or by.what: by for by in reversed(offered)} | {"none": nothing}
    if asked is not None and asked not in by_name:
        names = ", ".join(by.column or by.what for by in offered if by != nothing) or "nothing to color by"
        raise SpecError(f"these items cannot be colored by {asked!r}; they have {names}, or give --color none")
    return coloring_of(offered[0] if asked is None else by_name[asked], dataset, features)


def picture_text(answer: dict[str, Any]) -> str:
    """The answer as text: what was drawn, the colors, and the file."""
    color = f", colored by {answer['color']}" if answer["color"] else ""
    sides = f"{answer['width']} x {answer['height']}, " if answer["width"] else ""
    return f"{answer['n']:,} items, {answer['title']}{color}: {answer['out']} ({sides}{answer['bytes'] / 1e6:.1f} MB)"
