"""Titles of layouts in words, for the page, files, commands and errors: method, parameters and result."""

from collections.abc import Mapping
from dataclasses import fields

from embviz.projection.preprocess.steps import components_kept, scaling_of
from embviz.projection.projection import Projection
from embviz.projection.specs import USUAL_STRENGTH, Columns, Directions, Pca, ProjectionSpec, Tsne, Umap

METHODS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP", "directions": "Custom", "columns": "Columns"}
LIBRARIES = {"tsne": "scikit-learn", "umap": "umap-learn"}
STEPS = {"tsne": "iteration", "umap": "epoch"}
SCALINGS = {
    "center": "centered",
    "unit": "unit length",
    "center+unit": "centered, unit length",
    "standardize": "standardized",
}
STARTS = {"pca": "PCA", "spectral": "spectral", "random": "random"}

PARAMETERS: Mapping[str, str] = {
    "n_components": "Dimensions",
    "perplexity": "Perplexity",
    "early_exaggeration": "Early exaggeration",
    "learning_rate": "Learning rate",
    "max_iter": "Iterations",
    "n_neighbors": "Neighbors",
    "min_dist": "Minimum distance",
    "spread": "Spread",
    "n_epochs": "Epochs",
    "metric": "Metric",
    "supervised": "Supervised by labels",
    "label_strength": "Label strength",
    "ignored_label": "Ignored label",
    "init": "Start",
    "engine": "Engine",
    "preprocess": "Preprocess",
    "seed": "Seed",
    "exaggeration": "Exaggeration",
}
"""Labels of the controls of spec fields, and of numbers that may be changed while a layout forms."""

_ALWAYS_SAID = ("axes", "perplexity", "n_neighbors", "min_dist")
"""Fields that a title always names; others only if they differ from the default. The seed, always named, is last."""

_SAID = {
    "perplexity": "perplexity {}",
    "n_neighbors": "{} neighbors",
    "min_dist": "min_dist {}",
    "axes": "components {}",
    "early_exaggeration": "early exaggeration {}",
    "learning_rate": "learning rate {}",
    "max_iter": "{} iterations",
    "n_epochs": "{} epochs",
    "spread": "spread {}",
    "metric": "{} distances",
    "init": "{} start",
}
"""Wording of a field and its value in a title."""


def method_title(spec: ProjectionSpec) -> str:
    """Title of the method, with the number of dimensions.

    Examples
    --------
    >>> method_title(Tsne(n_components=3))
    't-SNE 3D'
    """
    return f"{METHODS[spec.method]} {dimensions_title(spec.n_components)}"


def dimensions_title(n_components: int) -> str:
    """Title of a number of dimensions: ``2D``."""
    return f"{n_components}D"


def spec_title(spec: ProjectionSpec) -> str:
    """Title of a spec, different for any two specs.

    Examples
    --------
    >>> spec_title(Tsne(perplexity=30)), spec_title(Pca(n_components=3, axes=(1, 2, 4)))
    ('t-SNE 2D, perplexity 30, seed 0', 'PCA 3D, components 1, 2, 4')
    >>> spec_title(Umap(supervised=True, metric="cosine", init="pca"))
    'UMAP 2D, 15 neighbors, min_dist 0.1, cosine distances, shaped by labels, PCA start, seed 0'
    >>> spec_title(Tsne(engine="reference", preprocess="pca-50"))
    't-SNE 2D, PCA to 50, perplexity 30, seed 0, by scikit-learn'
    """
    parts = [method_title(spec)]
    if spec.preprocess is not None:
        parts.append(preprocess_title(spec.preprocess))
    if isinstance(spec, Directions):
        return ", ".join([*parts, *(direction.title for direction in spec.directions)])
    if isinstance(spec, Columns):
        return ", ".join([*parts, *spec.titles])
    usual = type(spec)()
    for field in fields(spec):
        value = getattr(spec, field.name)
        if field.name in _ALWAYS_SAID or (field.name in _SAID and value != getattr(usual, field.name)):
            parts.append(_SAID[field.name].format(_value(value)))
        if not isinstance(spec, Pca) and field.name == "supervised" and spec.supervised:
            parts.append(supervision_title(spec))
    if spec.seed or not isinstance(spec, Pca):
        parts.append(f"seed {spec.seed}")
    if not isinstance(spec, Pca) and spec.engine != "embviz":
        parts.append(f"by {engine_title(spec.method, spec.engine)}")
    return ", ".join(parts)


def supervision_title(spec: Tsne | Umap) -> str:
    """How labels shape a supervised layout.

    Examples
    --------
    >>> supervision_title(Umap(supervised=True)), supervision_title(Tsne(supervised=True, label_strength=80))
    ('shaped by labels', 'shaped by labels at 80 %')
    >>> supervision_title(Tsne(supervised=True, ignored_label="7"))
    'shaped by labels, ignoring 7'
    """
    strength = "" if spec.label_strength == USUAL_STRENGTH else f" at {_value(spec.label_strength)} %"
    return f"shaped by labels{strength}" + ("" if spec.ignored_label is None else f", ignoring {spec.ignored_label}")


def engine_title(method: str, engine: str) -> str:
    """Name of the engine: a library, or embviz.

    Examples
    --------
    >>> engine_title("tsne", "reference"), engine_title("tsne", "embviz")
    ('scikit-learn', 'embviz')
    """
    return LIBRARIES[method] if engine == "reference" else engine


def preprocess_title(preprocess: str) -> str:
    """Title of the preprocessing of the vectors.

    Examples
    --------
    >>> preprocess_title("pca-50"), preprocess_title("center+unit+pca-50")
    ('PCA to 50', 'centered, unit length, PCA to 50')
    """
    scaling, kept = scaling_of(preprocess), components_kept(preprocess)
    parts = [] if scaling is None else [SCALINGS[scaling]]
    return ", ".join(parts if kept is None else [*parts, f"{METHODS['pca']} to {kept}"])


def projection_title(projection: Projection) -> str:
    """Title of a layout: the title of its spec and, if the layout departs from the spec, the reason."""
    title = spec_title(projection.spec)
    if not projection.departure:
        return title
    made = f"{title}, {projection.departure}"
    if projection.iterations is None:
        return made
    return f"{made} ({steps_title(projection.spec, projection.iterations)})"


def outcome_titles(projection: Projection) -> list[str]:
    """Titles of the result: iterations, KL divergence, items at distance 0 from others, share of the variance."""
    said = []
    if projection.iterations is not None:
        said.append(steps_title(projection.spec, projection.iterations))
    if projection.kl_divergence is not None:
        said.append(f"KL {projection.kl_divergence:.2f}")
    if projection.equal_items:
        said.append(equal_items_title(projection.equal_items))
    if projection.explained_variance_ratio is not None and isinstance(projection.spec, Pca):
        share = sum(float(projection.explained_variance_ratio[axis - 1]) for axis in projection.spec.axes)
        said.append(f"{share_title(share)} of the variance")
    return said


def missing_title(n_items: int) -> str:
    """Title of the number of items without a value in a column that is an axis; empty if there are none.

    Examples
    --------
    >>> missing_title(1), missing_title(0)
    ('1 item without a value', '')
    """
    return f"{n_items:,} item{'' if n_items == 1 else 's'} without a value" if n_items else ""


def equal_items_title(n_items: int) -> str:
    """Title of the number of items at distance 0 from others, whose relative positions are chance."""
    return f"{n_items:,} items at distance 0 from others, drawn apart by chance"


def axis_titles(projection: Projection) -> list[str]:
    """Titles of the axes: component and share, direction, or column; empty for t-SNE and UMAP: axes mean nothing."""
    if isinstance(projection.spec, Directions):
        return [direction.title for direction in projection.spec.directions]
    if isinstance(projection.spec, Columns):
        return list(projection.spec.titles)
    if not isinstance(projection.spec, Pca):
        return []
    shares = projection.explained_variance_ratio
    assert shares is not None, "a PCA knows its variances"
    return [f"PC {axis} ({share_title(shares[axis - 1])})" for axis in projection.spec.axes]


def share_title(share: float) -> str:
    """Title of a share of the variance, in percent.

    Examples
    --------
    >>> share_title(0.0967)
    '9.7 %'
    """
    return f"{100 * share:.1f} %"


def time_title(seconds: float, neighbor_seconds: float) -> str:
    """Title of the time that a layout took, and its neighbor search if there was one.

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
    """Name of one step of a layout: epoch for UMAP, iteration for others."""
    return STEPS.get(spec.method, STEPS["tsne"])


def steps_title(spec: ProjectionSpec, n: int) -> str:
    """Title of a number of steps of a layout.

    Examples
    --------
    >>> steps_title(Tsne(), 1000), steps_title(Umap(), 1)
    ('1,000 iterations', '1 epoch')
    """
    return f"{n:,} {steps_of(spec)}{'' if n == 1 else 's'}"


def planned_rate_title(spec: Tsne | Umap) -> str:
    """The step size that the spec asks for, shown in a field that is left empty."""
    if isinstance(spec, Umap):
        return "1, falling"
    return "automatic" if spec.learning_rate is None else _value(spec.learning_rate)


def planned_exaggeration_title(spec: Tsne) -> str:
    """The factor on attraction that the spec asks for, shown in a field that is left empty.

    Examples
    --------
    >>> planned_exaggeration_title(Tsne())
    '12, then 1'
    """
    return f"{_value(spec.early_exaggeration)}, then 1"


def _value(value: object) -> str:
    """The shortest text that identifies a value: 30 for 30.0."""
    if isinstance(value, tuple):
        return ", ".join(map(_value, value))
    return STARTS.get(str(value), str(value)).removesuffix(".0")
