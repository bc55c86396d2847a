"""What the stability of a layout says, in one sentence."""

from embviz.projection.specs import LinearSpec, ProjectionSpec
from embviz.projection.titles import METHODS
from embviz.stability.stability import Stability


def verdict(found: Stability, spec: ProjectionSpec) -> str:
    """How much of its neighbors an item keeps with another seed, and how many items move.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.projection.specs import Pca, Tsne
    >>> verdict(Stability(10, (0, 1, 2, 3, 4), np.array([0.9, 0.8, 0.3, 0.6])), Tsne())
    "Of an item's neighbors, 5 seeds of t-SNE agree on 65 %; 1 of 4 items keeps less than half of its neighbors."
    >>> verdict(Stability(10, (0, 1), np.ones(4)), Pca())
    'PCA has no chance in it: every seed gives the same layout.'
    """
    if isinstance(spec, LinearSpec) and found.mean == 1:
        return f"{METHODS[spec.method]} has no chance in it: every seed gives the same layout."
    n_moving, n = found.n_moving, len(found)
    keep = "keeps less than half of its" if n_moving == 1 else "keep less than half of their"
    moving = f"{n_moving:,} of {n:,} items {keep} neighbors"
    if not n_moving:
        moving = f"none of {n:,} items keeps less than half"
    of_seeds = f"{len(found.seeds)} seeds of {METHODS[spec.method]}"
    return f"Of an item's neighbors, {of_seeds} agree on {100 * found.mean:.0f} %; {moving}."
