"""The output of the command `place`: the file, and how many new items lie far from all items of the layout."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.projection.placing.placed import Placed
    from embviz.projection.projection import Projection


def placed_answer(
    laid_out: "Dataset", projection: "Projection", new: "Dataset", placed: "Placed", out: Path
) -> dict[str, Any]:
    """The JSON answer of `place` on items that were placed and written."""
    from embviz.projection.titles import projection_title

    spec = projection.spec
    return {
        "dataset": new.name,
        "split": new.split,
        "n": len(new),
        "into": laid_out.name,
        "into_split": laid_out.split,
        "into_n": len(laid_out),
        "method": spec.method,
        "dims": spec.n_components,
        "preprocess": spec.preprocess,
        "seed": spec.seed,
        "title": projection_title(projection),
        "seconds": round(placed.seconds, 3),
        "layout_seconds": round(projection.seconds, 3),
        "far": int(placed.is_far.sum()),
        "out": str(out),
    }


def placed_text(answer: dict[str, Any]) -> str:
    """The answer as text: what was placed, the file, and how many items are far from all laid-out ones."""
    far, n = answer["far"], answer["n"]
    said = f"{n:,} items placed among {answer['into_n']:,}, {answer['title']}, in {answer['seconds']:.1f} s"
    return (
        f"{said}: {answer['out']}\n"
        f"{far:,} placed items ({far / n:.1%}) are farther from their nearest laid-out item than 99 % of the "
        "laid-out items are from their nearest neighbor; about 1 % would be if they were like the laid-out items."
    )
