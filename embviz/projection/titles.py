"""A layout in words: the method and every parameter that makes it another one than usual."""

from dataclasses import fields

from embviz.projection.preprocess import components_kept
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap

METHODS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
LIBRARIES = {"tsne": "scikit-learn", "umap": "umap-learn"}

_WORDS = {
    "early_exaggeration": "early exaggeration {}",
    "learning_rate": "learning rate {}",
    "max_iter": "{} iterations",
    "n_epochs": "{} epochs",
    "spread": "spread {}",
    "metric": "{} distances",
    "init": "{} start",
    "supervised": "shaped by labels",
}
"""How a field is said if its value is not the usual one."""


def spec_title(spec: ProjectionSpec) -> str:
    """The layout asked for, in words that differ for any two specs.

    Examples
    --------
    >>> spec_title(Tsne(perplexity=30)), spec_title(Pca(n_components=3, axes=(1, 2, 4)))
    ('t-SNE 2D, perplexity 30, seed 0', 'PCA 3D, components 1, 2, 4')
    >>> spec_title(Umap(supervised=True, metric="cosine"))
    'UMAP 2D, 15 neighbors, min_dist 0.1, cosine distances, shaped by labels, seed 0'
    >>> spec_title(Tsne(engine="reference", preprocess="pca-50"))
    't-SNE 2D, PCA to 50, perplexity 30, seed 0, by scikit-learn'
    """
    method = f"{METHODS[spec.method]} {spec.n_components}D"
    match spec:
        case Pca(axes=axes):
            said = [f"components {', '.join(map(str, axes))}"]
            return ", ".join([method, *said, *([f"seed {spec.seed}"] if spec.seed else [])])
        case Tsne(perplexity=perplexity):
            said = [f"perplexity {_number(perplexity)}"]
        case Umap(n_neighbors=n_neighbors, min_dist=min_dist):
            said = [f"{n_neighbors} neighbors", f"min_dist {_number(min_dist)}"]
    usual = type(spec)()
    for field in fields(spec):
        value = getattr(spec, field.name)
        if field.name in _WORDS and value != getattr(usual, field.name):
            said.append(_WORDS[field.name].format(_number(value)))
    by = [] if spec.engine == "embviz" else [f"by {LIBRARIES[spec.method]}"]
    before = [] if spec.preprocess is None else [f"PCA to {components_kept(spec.preprocess)}"]
    return ", ".join([method, *before, *said, f"seed {spec.seed}", *by])


def projection_title(projection: Projection) -> str:
    """The layout made: what was asked for, and what came of it if somebody had a hand in it."""
    title = spec_title(projection.spec)
    if not projection.departure:
        return title
    return f"{title}, {projection.departure} ({projection.iterations} {steps_of(projection.spec)}s)"


def time_title(seconds: float, neighbor_seconds: float) -> str:
    """What one waited for a layout, and for its neighbors if they had to be looked up.

    Examples
    --------
    >>> time_title(51.5, 12), time_title(51.5, 0)
    ('51.5 s + 12.0 s neighbors', '51.5 s')
    >>> time_title(0.01, 0)
    'under 0.1 s'
    """
    own = f"{seconds:.1f} s" if seconds >= 0.05 else "under 0.1 s"
    return own + (f" + {neighbor_seconds:.1f} s neighbors" if neighbor_seconds >= 0.05 else "")


def steps_of(spec: ProjectionSpec) -> str:
    """What the steps of a layout are called."""
    return "epoch" if isinstance(spec, Umap) else "iteration"


def _number(value: object) -> str:
    """The shortest text that tells a number from all others: 30 for 30.0."""
    return str(value).removesuffix(".0")
