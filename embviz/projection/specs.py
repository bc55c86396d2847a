"""Specs of layouts: one frozen value per method that serves as cache key, page state and provenance."""

import math
from dataclasses import dataclass

from embviz.checks.arguments import check_fields
from embviz.checks.columns import whole_text
from embviz.errors import SpecError
from embviz.neighbors import METRICS as METRICS
from embviz.projection.columns.spec import Columns as Columns
from embviz.projection.directions.spec import Directions as Directions
from embviz.projection.preprocess.steps import check_scaling, components_kept

ENGINES = ("embviz", "reference")
"""What computes a layout: embviz's optimizers, which can be watched and steered, or scikit-learn and umap-learn."""

STARTS = ("pca", "spectral", "random")
"""Starting coordinates of a layout: principal components, Laplacian eigenmaps of the neighbor graph, or noise."""

EXAGGERATED_ITERATIONS = 250
"""Number of iterations with early exaggeration, with which t-SNE begins."""

USUAL_STRENGTH = 50.0
"""How strongly labels shape a supervised layout, in percent, unless something else is asked for; as in umap-learn."""

TSNE_START_WIDTH = 1e-4
"""Standard deviation of t-SNE's start (Kobak and Berens, 2019): from a wide start items cannot pass each other."""


@dataclass(frozen=True, slots=True)
class Pca:
    """Spec of a layout by exact principal components.

    Attributes
    ----------
    n_components
        Number of dimensions of the layout, 2 or 3.
    axes
        Principal components for x, y (and z), counted from 1 as on the page; the first ones if empty.
    preprocess
        Preprocessing of the vectors: ``center``, ``unit``, ``center+unit`` or ``standardize``, see `scaling`; None
        takes them as they are.
    seed
        Not used, because nothing in PCA is random; there so that every spec has a seed.
    """

    n_components: int = 2
    axes: tuple[int, ...] = ()
    preprocess: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        _check_dimensions(self.n_components)
        check_scaling("PCA", self.preprocess)
        _check_seed(self.seed)
        axes = self.axes or tuple(range(1, self.n_components + 1))
        if len(axes) != self.n_components or len(set(axes)) != len(axes) or min(axes) < 1:
            raise SpecError(f"axes must be {self.n_components} different components counted from 1, got {self.axes}")
        object.__setattr__(self, "axes", axes)

    @property
    def method(self) -> str:
        """Name of the method on the command line."""
        return "pca"


@dataclass(frozen=True, slots=True)
class Tsne:
    """Spec of t-distributed stochastic neighbor embedding (van der Maaten and Hinton, 2008).

    Attributes
    ----------
    n_components
        Number of dimensions of the layout, 2 or 3.
    perplexity
        Effective number of neighbors of an item, >= 2; 3 times as many are searched.
    early_exaggeration
        Factor on attraction in the first 250 iterations, 1 .. 1000.
    learning_rate
        Step size, up to 1e6; None is n / early_exaggeration, at least 50 (Belkina et al., 2019), four
        times scikit-learn's "auto".
    max_iter
        Number of iterations, > 250; the first 250 have the early exaggeration.
    metric
        ``euclidean`` or ``cosine``: the distance by which neighbors are found.
    init
        ``pca``, ``spectral`` or ``random``: the starting coordinates.
    engine
        ``embviz``, or ``reference`` for scikit-learn itself.
    preprocess
        Preprocessing of the vectors: ``center``, ``unit``, ``center+unit`` or ``standardize``, see `scaling`;
        ``pca-50`` searches neighbors in the space of the first 50 principal components, faster for many items and long
        vectors, see `reduced_features`; ``unit+pca-50`` does one after the other. None takes the vectors as they are.
    seed
        Seed of everything random: the same seed gives the same layout on one machine.
    supervised
        Whether labels shape the layout; if so, classes come apart even if the features do not tell them apart.
    label_strength, ignored_label
        As in `Umap`.
    """

    n_components: int = 2
    perplexity: float = 30.0
    early_exaggeration: float = 12.0
    learning_rate: float | None = None
    max_iter: int = 750
    metric: str = "euclidean"
    init: str = "pca"
    engine: str = "embviz"
    preprocess: str | None = None
    seed: int = 0
    supervised: bool = False
    label_strength: float = USUAL_STRENGTH
    ignored_label: str | None = None

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        _check_dimensions(self.n_components)
        _check_choice("metric", self.metric, METRICS)
        _check_seed(self.seed)
        _check_choice("init", self.init, STARTS)
        _check_choice("engine", self.engine, ENGINES)
        components_kept(self.preprocess)  # refuses what it cannot be
        _check_supervision(self)
        _check_at_least("perplexity", self.perplexity, 2)
        check_exaggeration("early_exaggeration", self.early_exaggeration)
        _check_at_least("max_iter", self.max_iter, 251)
        if self.learning_rate is not None:
            check_learning_rate(self.learning_rate)

    @property
    def method(self) -> str:
        """Name of the method on the command line."""
        return "tsne"


@dataclass(frozen=True, slots=True)
class Umap:
    """Spec of uniform manifold approximation and projection (McInnes, Healy and Melville, 2018).

    Attributes
    ----------
    n_components
        Number of dimensions of the layout, 2 or 3.
    n_neighbors
        Number of neighbors that an item is joined to, >= 2; as in umap-learn, the item itself counts as one.
    min_dist
        Smallest distance of neighbors that the layout aims for, 0 .. spread.
    spread
        Scale of the distances between neighbors in the layout, 0.001 .. 1000.
    n_epochs
        Passes over the graph, >= 1; None is umap-learn's choice (500 up to 10,000 items, else 200).
    metric
        ``euclidean`` or ``cosine``: the distance by which neighbors are found.
    supervised
        Whether labels shape the layout; if so, classes come apart even if the features do not tell them apart.
    init
        ``pca``, ``spectral`` or ``random``: the starting coordinates.
    engine
        ``embviz``, or ``reference`` for umap-learn itself.
    preprocess
        Preprocessing of the vectors: ``center``, ``unit``, ``center+unit`` or ``standardize``, see `scaling`;
        ``pca-50`` searches neighbors in the space of the first 50 principal components, faster for many items and long
        vectors, see `reduced_features`; ``unit+pca-50`` does one after the other. None takes the vectors as they are.
    seed
        Seed of everything random: the same seed gives the same layout on one machine.
    label_strength
        How strongly labels shape a supervised layout, in percent, 1 .. 100: 100 times umap-learn's ``target_weight``.
    ignored_label
        Name of a class whose items are as if they had no label in a supervised layout; None for no class.
    """

    n_components: int = 2
    n_neighbors: int = 15
    min_dist: float = 0.1
    spread: float = 1.0
    n_epochs: int | None = None
    metric: str = "euclidean"
    supervised: bool = False
    init: str = "spectral"
    engine: str = "embviz"
    preprocess: str | None = None
    seed: int = 0
    label_strength: float = USUAL_STRENGTH
    ignored_label: str | None = None

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        _check_dimensions(self.n_components)
        _check_choice("metric", self.metric, METRICS)
        _check_seed(self.seed)
        _check_choice("init", self.init, STARTS)
        _check_choice("engine", self.engine, ENGINES)
        components_kept(self.preprocess)  # refuses what it cannot be
        _check_supervision(self)
        _check_at_least("n_neighbors", self.n_neighbors, 2)
        if not 0.001 <= self.spread <= 1000:
            raise SpecError(f"spread must be in 0.001..1000, got {self.spread:g}")
        if not 0 <= self.min_dist <= self.spread:
            raise SpecError(f"min_dist must be in 0..{self.spread:g} (the spread), got {self.min_dist:g}")
        if self.n_epochs is not None:
            _check_at_least("n_epochs", self.n_epochs, 1)

    @property
    def method(self) -> str:
        """Name of the method on the command line."""
        return "umap"


LinearSpec = Pca | Directions | Columns
"""Specs of layouts computed in one step from features or columns: exact, nothing random, no frames to watch."""

ProjectionSpec = LinearSpec | Tsne | Umap


def automatic_epochs(n_items: int) -> int:
    """Number of epochs that umap-learn chooses: 500 for up to 10,000 items, 200 for more."""
    return 500 if n_items <= 10_000 else 200


def check_learning_rate(rate: float) -> None:
    """Refuse a learning rate that is out of range.

    Raises
    ------
    SpecError
        If the rate is not above 0 and at most 1e6.
    """
    if not 0 < rate <= 1e6:
        raise SpecError(
            f"learning_rate must be above 0 and at most 1e6, got {rate:g}; leave it out for the automatic one"
        )


def check_exaggeration(name: str, factor: float) -> None:
    """Refuse a factor on attraction that is out of range; `name` is its name in the message.

    Raises
    ------
    SpecError
        If the factor is not in 1..1000.
    """
    if not 1 <= factor <= 1000:
        raise SpecError(f"{name} must be in 1..1000, got {factor:g}")


def _check_supervision(spec: Tsne | Umap) -> None:
    if spec.supervised and spec.engine == "reference":
        raise SpecError("supervised is for engine 'embviz' only; use that, or leave supervised off")
    if not 1 <= spec.label_strength <= 100:
        raise SpecError(
            f"label_strength must be in 1..100 percent, got {spec.label_strength:g}; for none leave supervised off"
        )
    if not spec.supervised and (spec.label_strength, spec.ignored_label) != (USUAL_STRENGTH, None):
        raise SpecError(
            "label_strength and ignored_label are for supervised layouts; give supervised, or leave them out"
        )
    if spec.ignored_label is not None:
        whole_text("ignored_label", spec.ignored_label)


def _check_dimensions(n_components: int) -> None:
    if n_components not in (2, 3):
        raise SpecError(f"n_components must be 2 or 3, got {n_components}")


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SpecError(f"{name} must be one of {', '.join(choices)}, got {value!r}")


def _check_seed(seed: int) -> None:
    if not 0 <= seed < 2**32:
        raise SpecError(f"seed must be in 0..{2**32 - 1}, got {seed}")


def _check_at_least(name: str, value: float, least: float) -> None:
    if not least <= value < math.inf:
        raise SpecError(f"{name} must be at least {least:g}, got {value:g}")
