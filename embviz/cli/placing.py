"""The command `place`: the split that is laid out, and the output, with how many new items lie far from the layout."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embviz.cli.given import option_of, wishes_given
from embviz.errors import SpecError

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.projection.placing.placed import Placed
    from embviz.projection.projection import Projection


def split_laid_out(options: argparse.Namespace, new: "Dataset") -> str:
    """The split to lay out: as ``--into-split`` says, else train if the new items' source has it and is the same."""
    from embviz.datasets import Named, source_named
    from embviz.datasets.files.uses.wishes import Wishes

    if options.into_split:
        return str(options.into_split)
    is_same = source_named(options.into, Wishes(**wishes_given(options))) == new.source
    has_train = isinstance(new.source, Named) or "train" in dict(new.splits)  # the splits of digits have no first ids
    return "train" if is_same and has_train else "all"


def check_columns_of_both(options: argparse.Namespace) -> None:
    """Refuse files of vectors, labels, images or metadata: the new items and the laid-out ones cannot both have them.

    Raises
    ------
    SpecError
        If an option on the user's own data names a file.
    """
    for name, wish in wishes_given(options).items():
        if wish is not None and Path(wish).expanduser().exists():
            raise SpecError(
                f"{option_of(name)} of place is a column that the new and the laid-out items have, and {wish!r:.80} "
                "is a file; put all of the new items into one file or folder, and all of the others into another"
            )


def check_something_new(laid_out: "Dataset", new: "Dataset") -> None:
    """Refuse to place items of which every one is laid out.

    Raises
    ------
    SpecError
        If this is so.
    """
    if new.source == laid_out.source and set(new.ids.tolist()) <= set(laid_out.ids.tolist()):
        raise SpecError(
            f"all items of {new.title} to be placed are in the layout already; name other items: another DATASET or "
            "--into, or other splits with --split and --into-split"
        )


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
