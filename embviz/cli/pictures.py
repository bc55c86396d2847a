"""What `picture` writes: the picture of a layout, colored by what is asked for."""

import argparse
import re
from typing import TYPE_CHECKING, Any

from embviz.errors import SpecError

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.coloring import Coloring
    from embviz.dataset import Dataset
    from embviz.features import Features
    from embviz.projection.projection import Projection

_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})", re.ASCII)


def picture_request(options: argparse.Namespace) -> tuple[int, int]:
    """The size that is asked for; refuses what cannot be written, before anything is computed.

    Raises
    ------
    InputError
        If the file ends otherwise than a picture, or the size is none.
    """
    from embviz.export.picture.drawing import LEAST, MOST
    from embviz.export.picture.write import picture_suffix

    picture_suffix(options.out)
    found = _SIZE.fullmatch(options.size)
    if found is None or not all(LEAST <= int(side) <= MOST for side in found.groups()):
        raise SpecError(f"--size is width x height in {LEAST}..{MOST} pixels, such as 1200x900, got {options.size!r}")
    return int(found[1]), int(found[2])


def picture_answer(
    options: argparse.Namespace, dataset: "Dataset", features: "Features", projection: "Projection"
) -> dict[str, Any]:
    """Write the picture, and say what is in it."""
    from embviz.export import write_picture
    from embviz.projection.titles import projection_title

    coloring = _coloring(options.color, dataset, features)
    width, height = picture_request(options)
    title = (
        f"{dataset.title} · {len(dataset):,} of {dataset.n_split:,} · {features.name} · {projection_title(projection)}"
    )
    out = write_picture(options.out, projection, coloring, width=width, height=height, dark=options.dark, title=title)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "title": projection_title(projection),
        "color": None if coloring is None else coloring.name,
        "width": width,
        "height": height,
        "out": str(out),
        "bytes": out.stat().st_size,
    }


def _coloring(asked: str | None, dataset: "Dataset", features: "Features") -> "Coloring | None":
    from embviz.coloring import ColorBy, coloring_of

    if asked == "none" or (asked is None and dataset.labels is None):
        return None
    by = ColorBy("column", asked or "")
    match asked:
        case None | "label":
            by = ColorBy("label")
        case "prediction":
            by = ColorBy("prediction")
        case "correctness":
            by = ColorBy("correctness")
    coloring = coloring_of(by, dataset, features)
    if coloring is None:
        columns = ", ".join(dataset.metadata) or "no columns"
        raise SpecError(f"these items cannot be colored by {asked!r}; they have {columns}, or give --color none")
    return coloring


def picture_text(answer: dict[str, Any]) -> str:
    """What was drawn, and where it is."""
    color = f", colored by {answer['color']}" if answer["color"] else ""
    size = f"{answer['width']} x {answer['height']}, {answer['bytes'] / 1e6:.1f} MB"
    return f"{answer['n']:,} items, {answer['title']}{color}: {answer['out']} ({size})"
