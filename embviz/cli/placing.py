"""What `place` prints: what was placed into which layout, where it is, and how much of it does not seem to belong."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.projection.placing.placed import Placed
    from embviz.projection.projection import Projection


def placed_answer(
    laid_out: "Dataset", projection: "Projection", new: "Dataset", placed: "Placed", out: Path
) -> dict[str, Any]:
    """What `--json` prints of items that were placed and written."""
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
    """What was placed, where it is, and how much of it is far from what was laid out."""
    far, n = answer["far"], answer["n"]
    said = f"{n:,} items placed among {answer['into_n']:,}, {answer['title']}, in {answer['seconds']:.1f} s"
    return (
        f"{said}: {answer['out']}\n"
        f"{far:,} of them ({far / n:.1%}) are farther from every laid-out item than 99 % of these are from each other; "
        "of items that are like them, about 1 % would be."
    )
