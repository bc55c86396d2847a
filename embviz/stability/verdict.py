"""The verdict on the `Stability` of a layout, in one sentence."""

from embviz.projection.specs import LinearSpec, ProjectionSpec
from embviz.projection.titles import METHODS
from embviz.stability.stability import Stability


def verdict(found: Stability, spec: ProjectionSpec) -> str:
    """The sentence that says how many neighbors the seeds agree on, and how many items move.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.projection.specs import Pca, Tsne
    >>> verdict(Stability(10, (0, 1, 2, 3, 4), np.array([0.9, 0.8, 0.3, 0.6])), Tsne())
    "Of an item's neighbors, 5 seeds of t-SNE agree on 65 %; for 1 of 4 items they agree on less than half."
    >>> verdict(Stability(10, (0, 1), np.ones(4)), Pca())
    'PCA is not random: every seed gives the same layout.'
    """
    if isinstance(spec, LinearSpec) and found.mean == 1:
        return f"{METHODS[spec.method]} is not random: every seed gives the same layout."
    n_moving, n = found.n_moving, len(found)
    moving = f"for {n_moving:,} of {n:,} items they agree on less than half"
    if not n_moving:
        moving = f"for none of {n:,} items do they agree on less than half"
    of_seeds = f"{len(found.seeds)} seeds of {METHODS[spec.method]}"
    return f"Of an item's neighbors, {of_seeds} agree on {100 * found.mean:.0f} %; {moving}."
