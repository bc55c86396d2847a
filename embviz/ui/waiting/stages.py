"""Stages of a computation and times in plain words, as shown beside a progress bar."""

from embviz.projection.titles import METHODS, STEPS

PLAIN = {
    "starting": "starting",
    "reading the data": "reading the data",
    "preprocessing": "preparing the vectors",
    "training the classifier": "training the classifier",
    "duplicates": "looking for equal items",
    "neighbor index": "sorting items for the search",
    "search cells": "sorting items for the search",
    "recall": "testing how exact the neighbors are",
    "neighbors": "finding neighbors",
    "loading kernels": "getting ready to compute",
    # True whether the code is kept on disk or, where that is not possible, only in this process.
    "compiling kernels": "compiling code (later computations reuse it)",
    "principal components": "finding principal components",
    "coordinates": "placing items along the components",
    "spectral start": "finding a starting layout",
    "affinities": "weighing the neighbors",
    f"{METHODS['umap']} graph": "weighing the neighbors",
    f"{METHODS['tsne']} affinities": "weighing the neighbors",
    **{METHODS[method]: "moving items to their neighbors" for method in STEPS},
    "class overlap": "comparing classes",
    "class pairs": "comparing classes",
    "local sets": "measuring distances between the classes",
    "spanning tree": "joining all items by the shortest lines",
    "permutations": "comparing with labels drawn at random",
    "ranks": "comparing neighbors here and in the data",
    "angles": "comparing angles between classes",
    "singularity": "computing singularity scores",
    "learning labels": "learning from the labels",
    "testing labels": "classifying items that were held out from training",
    "Writing parquet": "writing the table",
}
"""Name on the page for each stage that the pipeline reports."""

PARTS = {
    "training the classifier": "epoch",
    "learning labels": "epoch",
    "testing labels": "epoch",
    **{METHODS[method]: step for method, step in STEPS.items()},
}
"""Name of the units in which a stage counts, for stages that do not count items."""


def stage_in_words(stage: str, done: int, total: int) -> str:
    """A stage in plain words, and how far it is; a stage without a name in `PLAIN` is shown as it is.

    Details that a stage reports after " · " are kept at the end.

    Examples
    --------
    >>> stage_in_words("neighbors", 4096, 10_000)
    'finding neighbors · 4,096 of 10,000'
    >>> stage_in_words("training the classifier · accuracy 97.1 %", 2, 10)
    'training the classifier · epoch 3 of 10 · accuracy 97.1 %'
    >>> stage_in_words("Writing sprite.png", 0, 0)
    'Writing sprite.png'
    """
    name, _, said = stage.partition(" · ")
    parts = [PLAIN.get(name, name)]
    if total and name in PARTS:
        parts.append(f"{PARTS[name]} {min(done + 1, total):,} of {total:,}")
    elif total > 1:
        parts.append(f"{done:,} of {total:,}")
    return " · ".join(parts + ([said] if said else []))


def time_in_words(seconds: float) -> str:
    """A number of seconds in rough words, because it is only known roughly.

    Examples
    --------
    >>> [time_in_words(seconds) for seconds in (0.3, 7, 38, 64, 400, 4000)]
    ['a few seconds', 'about 5 s', 'about 40 s', 'about 1 min', 'about 7 min', 'more than an hour']
    """
    if seconds < 5:
        return "a few seconds"
    if seconds < 55:
        return f"about {5 * round(seconds / 5)} s"
    if seconds < 3600:
        return f"about {max(round(seconds / 60), 1)} min"
    return "more than an hour"
