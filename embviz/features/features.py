"""The `Features` value: one float32 vector per item, and how the vectors were made."""

import re
from dataclasses import dataclass, field

import numpy as np

from embviz.arrays import Float32Array, Int64Array, fingerprint, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range, checked
from embviz.errors import InputError, SpecError

HIDDEN_LAYER_SIZES = (200,)
"""Units of each hidden layer of the default classifier."""
MOST_HIDDEN_LAYERS, MOST_UNITS = 8, 2000
"""Largest classifier that is trained: scikit-learn trains on the processor, and more would take hours."""


def layer_names(hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES) -> tuple[str, ...]:
    """Names of the layers of a classifier with these hidden layers, from the images to the classes.

    Examples
    --------
    >>> layer_names((200,)), layer_names((200, 100))
    (('hidden', 'logits'), ('hidden-1', 'hidden-2', 'logits'))
    """
    count = len(hidden_layer_sizes)
    hidden = ("hidden",) if count == 1 else tuple(f"hidden-{place}" for place in range(1, count + 1))
    return (*hidden, "logits")


IMAGE_FEATURES = ("pixels", *layer_names())
"""Names of the features that are computed from images, with the default classifier."""
FEATURE_NAMES = (*IMAGE_FEATURES, "vectors")
LAYER = re.compile(r"hidden(-\d+)?|logits")
"""Pattern of the names of layers, of any classifier."""
NAMED_VECTORS = "vectors:"
"""Prefix in the names of further vectors."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """Spec of pixel features: the pixels of an image, row by row, 0..1."""

    @property
    def name(self) -> str:
        """Name on the command line, in files and on the page."""
        return "pixels"


@dataclass(frozen=True, slots=True)
class Vectors:
    """Spec of the vectors that a dataset came with."""

    @property
    def name(self) -> str:
        """Name on the command line, in files and on the page."""
        return "vectors"


@dataclass(frozen=True, slots=True)
class NamedVectors:
    """Spec of further vectors that a dataset came with: another feature space of the same items.

    Attributes
    ----------
    vectors
        Name of the vectors in `Dataset.more_vectors`.
    """

    vectors: str

    def __post_init__(self) -> None:
        check_fields(self, SpecError)

    @property
    def name(self) -> str:
        """Name on the command line, in files and on the page."""
        return f"{NAMED_VECTORS}{self.vectors}"


@dataclass(frozen=True, slots=True, repr=False)
class Activations:
    """Spec of the activations of one layer of the classifier.

    Attributes
    ----------
    layer
        One of `layer_names`: ``hidden`` (after ReLU) or ``logits`` (one per class, before softmax); where there are
        several hidden layers, ``hidden-1`` is the first.
    seed
        Random seed of the classifier's training, 0 .. 2**32 - 1.
    hidden_layer_sizes
        Units of each hidden layer, as scikit-learn calls it.
    """

    layer: str = "hidden"
    seed: int = 0
    hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        check_hidden_layer_sizes(self.hidden_layer_sizes)
        names = layer_names(self.hidden_layer_sizes)
        if self.layer not in names:
            deeper = "; hidden_layer_sizes says how many hidden layers there are" if "hidden" in self.layer else ""
            raise SpecError(f"layer must be one of {', '.join(names)}, got {self.layer!r}{deeper}")
        if not 0 <= self.seed < 2**32:
            raise SpecError(f"seed must be in 0..{2**32 - 1}, got {self.seed}")

    def __repr__(self) -> str:
        """The fields; sizes only if they are not the default: fingerprints of stored results are made of this."""
        sizes = f", hidden_layer_sizes={self.hidden_layer_sizes}"
        shown = "" if self.hidden_layer_sizes == HIDDEN_LAYER_SIZES else sizes
        return f"Activations(layer={self.layer!r}, seed={self.seed}{shown})"

    @property
    def name(self) -> str:
        """Name on the command line, in files and on the page."""
        return self.layer


def check_hidden_layer_sizes(sizes: tuple[int, ...]) -> None:
    """Refuse hidden layers that no classifier is trained with.

    Raises
    ------
    SpecError
        If there are none or too many, or one has no units or too many.
    """
    if not 1 <= len(sizes) <= MOST_HIDDEN_LAYERS or not all(1 <= size <= MOST_UNITS for size in sizes):
        raise SpecError(
            f"hidden_layer_sizes must be 1 to {MOST_HIDDEN_LAYERS} numbers in 1..{MOST_UNITS:,}, "
            f"got {', '.join(map(str, sizes[:10])) or 'none'}"
        )


FeatureSpec = Pixels | Vectors | NamedVectors | Activations


def classifier_of(spec: "FeatureSpec | Scaled | Reduced") -> tuple[int, ...]:
    """Hidden layer sizes of the classifier that these features are from; of the default one for other features."""
    return spec.hidden_layer_sizes if isinstance(spec, Activations) else HIDDEN_LAYER_SIZES


@dataclass(frozen=True, slots=True)
class Scaled:
    """Spec of features that are shifted or scaled before they are laid out.

    Attributes
    ----------
    of
        Spec of the features that were scaled.
    scaling
        The scaling, named as in a layout spec's `preprocess`, such as ``unit``.
    """

    of: "FeatureSpec | Scaled | Reduced"
    scaling: str

    @property
    def name(self) -> str:
        """Name by which messages call these features."""
        return f"{self.of.name} ({self.scaling})"


@dataclass(frozen=True, slots=True)
class Reduced:
    """Spec of the first principal components of features: the space in which a layout searches its neighbors.

    Attributes
    ----------
    of
        Spec of the features whose components are taken; they may be `Scaled`.
    preprocess
        Number of components that are kept, written as in a layout spec's `preprocess`: ``pca-50`` for 50.
    metric
        ``euclidean``, or ``cosine`` for components of the unit vectors.
    """

    of: "FeatureSpec | Scaled | Reduced"
    preprocess: str
    metric: str

    @property
    def name(self) -> str:
        """Name by which messages call these features."""
        return f"{self.of.name} ({self.preprocess})"


@checked(SpecError)
def feature_spec(name: str, seed: int = 0, hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES) -> FeatureSpec:
    """Spec of the features with this name; seed and hidden layers are the classifier's, if the features need one.

    Raises
    ------
    SpecError
        If there are no features with this name.

    Examples
    --------
    >>> feature_spec("pixels"), feature_spec("hidden", seed=7), feature_spec("vectors:clip")
    (Pixels(), Activations(layer='hidden', seed=7), NamedVectors(vectors='clip'))
    """
    match name:
        case "pixels":
            return Pixels()
        case "vectors":
            return Vectors()
        case _ if LAYER.fullmatch(name):
            return Activations(name, seed, hidden_layer_sizes)
        case _ if name.startswith(NAMED_VECTORS):
            return NamedVectors(name.removeprefix(NAMED_VECTORS))
        case _:
            raise SpecError(f"features must be one of {', '.join(FEATURE_NAMES)}, got {name!r}")


@dataclass(frozen=True, eq=False, slots=True, repr=False, weakref_slot=True)
class Features:
    """One vector per item of a dataset, in the dataset's order.

    Not a layout: these are the high-dimensional vectors from which layouts and statistics are computed.

    Attributes
    ----------
    vectors
        float32, shape (n, d), finite.
    ids
        int64, shape (n,): ids of the dataset's items.
    spec
        How the vectors were made.
    items
        Fingerprint of the dataset's items: `Dataset.items`.
    predictions
        int64, shape (n,): code of the class that the network predicts for each item; None without a network.
    test_accuracy
        Share of the test items that the network classifies correctly, 0..1; None without a network.
    network
        Fingerprint of the network; empty without one.
    class_names
        One name per code in `predictions`; empty without a network.
    content
        Fingerprint of the array of vectors.
    fingerprint
        Hash of items, spec, network, ids and vectors: differs between any two features that are not the same.
    """

    vectors: Float32Array
    ids: Int64Array
    spec: FeatureSpec | Scaled | Reduced
    items: str
    predictions: Int64Array | None = None
    test_accuracy: float | None = None
    network: str = ""
    class_names: tuple[str, ...] = ()
    content: str = field(init=False)
    fingerprint: str = field(init=False)

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        n = len(self.ids)
        object.__setattr__(self, "vectors", frozen_array(f"{self.name} vectors", self.vectors, np.float32, (n, None)))
        object.__setattr__(self, "ids", frozen_array("ids", self.ids, np.int64, (n,)))
        if self.predictions is not None:
            object.__setattr__(self, "predictions", frozen_array("predictions", self.predictions, np.int64, (n,)))
            _check_codes(self.predictions, self.class_names)
        check_range("test_accuracy", self.test_accuracy, 0, 1)
        object.__setattr__(self, "content", fingerprint(self.vectors))
        made_of = (self.items, repr(self.spec), self.network, self.ids, self.content)
        object.__setattr__(self, "fingerprint", fingerprint(*made_of))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def name(self) -> str:
        """Name of the space: ``pixels``, a layer such as ``hidden``, ``vectors``, or ``vectors:`` and a name."""
        return self.spec.name


def _check_codes(predictions: Int64Array, class_names: tuple[str, ...]) -> None:
    if len(predictions) and not 0 <= predictions.min() <= predictions.max() < len(class_names):
        raise InputError(
            f"predictions must be codes of the {len(class_names)} class names, "
            f"got {predictions.min()}..{predictions.max()}; give class_names, one per code"
        )
