"""Data, features, layout and classes as the options of a command ask for them."""

import argparse
import warnings
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from embviz.cli.terminal import TerminalProgress, say
from embviz.errors import SpecError

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.features import Features, FeatureSpec
    from embviz.projection.projection import Projection
    from embviz.projection.specs import ProjectionSpec, Tsne, Umap


PARAMETERS = (
    "axes",
    "perplexity",
    "max_iter",
    "n_neighbors",
    "min_dist",
    "metric",
    "supervised",
    "label_strength",
    "ignored_label",
    "init",
    "engine",
    "preprocess",
)
"""Options of layouts that only some methods take."""

NAMING_AXES = ("directions", "columns")
"""Methods whose axes are named by the options, and can be checked only once the items are known."""

NOTHING = "none"
"""Last step of ``--preprocess`` that keeps vectors from being reduced, however many there are."""


def wishes_given(options: argparse.Namespace) -> dict[str, Any]:
    """The options on the user's own data, by the names of `load_dataset`'s parameters."""
    return {name: getattr(options, name) for name in ("vectors", "labels", "images", "metadata", "group", "tensor")}


def dataset_given(options: argparse.Namespace, progress: TerminalProgress) -> "Dataset":
    """The dataset that the options ask for; warnings about it go to stderr."""
    from embviz.datasets import load_dataset

    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", UserWarning)
        split = "test" if options.split is None else options.split
        dataset = load_dataset(options.dataset, split, options.limit, **wishes_given(options), progress=progress)
    for warning in found:
        say(str(warning.message))
    return dataset


def features_given(
    options: argparse.Namespace, dataset: "Dataset", names: list[str | None], progress: TerminalProgress
) -> list["Features"]:
    """The features with these names; None stands for pixels if there are images, else for the vectors."""
    from embviz.pipeline import features_of
    from embviz.storage.store import default_store

    usual = "pixels" if dataset.images is not None else "vectors"
    specs = feature_specs_given(options, [name or usual for name in names])
    return [features_of(dataset, spec, store=default_store(), progress=progress) for spec in specs]


def feature_specs_given(options: argparse.Namespace, names: Iterable[str]) -> "list[FeatureSpec]":
    """The specs of the features with these names.

    Raises
    ------
    SpecError
        If a name is unknown, or sizes of hidden layers are given and none of the features is of a classifier.
    """
    from embviz.features import Activations, feature_spec
    from embviz.features.features import HIDDEN_LAYER_SIZES

    sizes = tuple(options.hidden_layer_sizes or HIDDEN_LAYER_SIZES)
    specs = [feature_spec(name, hidden_layer_sizes=sizes) for name in names]
    if options.hidden_layer_sizes and not any(isinstance(spec, Activations) for spec in specs):
        raise SpecError(
            "--hidden-layer-sizes needs features of a classifier; leave it out, or choose one of its layers, such as "
            "--features logits"
        )
    return specs


def layout_given(
    options: argparse.Namespace,
    spec: "ProjectionSpec",
    dataset: "Dataset",
    features: "Features",
    progress: TerminalProgress,
) -> "Projection":
    """The layout by a spec; large sets of vectors are reduced by PCA first, unless the options say otherwise."""
    from embviz.pipeline import projection_of
    from embviz.projection.specs import LinearSpec
    from embviz.storage.store import default_store

    if not isinstance(spec, LinearSpec):
        spec = usually_reduced(options, spec, *features.vectors.shape)
    return projection_of(features, spec, store=default_store(), labels=dataset, progress=progress)


def usually_reduced(options: argparse.Namespace, spec: "Tsne | Umap", n_items: int, n_features: int) -> "Tsne | Umap":
    """The spec with the `usual_reduction` added, unless ``--preprocess`` names a reduction or ``none``."""
    from embviz.projection.preprocess.steps import components_kept, preprocess_of, usual_reduction

    if components_kept(spec.preprocess) is not None or (options.preprocess or "").endswith(NOTHING):
        return spec
    return replace(spec, preprocess=preprocess_of(spec.preprocess, usual_reduction(n_items, n_features)))


def spec_given(options: argparse.Namespace) -> "ProjectionSpec | None":
    """The spec of the method asked for; None if its axes depend on the items, see `axes_spec`.

    Raises
    ------
    SpecError
        If an option of another method is given, which would have no effect.
    """
    from embviz.projection.specs import Columns, Directions, Pca, Tsne, Umap

    kinds: dict[str, Any] = {"pca": Pca, "tsne": Tsne, "umap": Umap, "directions": Directions, "columns": Columns}
    kind = kinds[options.method]
    given = {name: value for name in PARAMETERS if (value := getattr(options, name)) is not None}
    known = [field.name for field in fields(kind)] + (["axes"] if kind is Columns else [])
    if options.direction and kind is not Directions:
        raise SpecError(f"{options.method} has no --direction; leave that out or give --method directions")
    if foreign := [option_of(name) for name in given if name not in known]:
        raise SpecError(f"{options.method} has no {' or '.join(foreign)}; leave that out or give another --method")
    if options.method in NAMING_AXES:
        return None
    given["preprocess"] = preprocess_given(options)
    if options.axes is not None:
        given["axes"] = _components_given(options.axes)
    dims = options.dims or min(3, max(2, len(given.get("axes", ()))))
    spec: ProjectionSpec = kind(n_components=dims, seed=options.seed, **given)
    return spec


def _components_given(axes: list[str]) -> tuple[int, ...]:
    if not all(text.isdecimal() and len(text) < 10 for text in axes):
        raise SpecError(f"--axes of pca are numbers of components, counted from 1, got {' '.join(axes)!r:.80}")
    return tuple(map(int, axes))


def preprocess_given(options: argparse.Namespace) -> str | None:
    """The preprocessing as a spec names it, without the word ``none`` for no reduction; None for no preprocessing."""
    said = (options.preprocess or NOTHING).removesuffix(f"+{NOTHING}")
    return None if said == NOTHING else said


def option_of(name: str) -> str:
    """An option as it is typed: its name with hyphens."""
    return f"--{name.replace('_', '-')}"


def check_labels_given(dataset: "Dataset") -> None:
    """Refuse data without labels for a command that compares classes.

    Raises
    ------
    SpecError
        If the dataset has no labels.
    """
    if dataset.labels is None:
        raise SpecError(
            f"{dataset.name!r} has no labels, so there are no classes to compare; name their column: --labels"
        )


def pair_given(options: argparse.Namespace, dataset: "Dataset") -> tuple[int, int]:
    """Codes of the two classes that ``--classes`` names.

    Raises
    ------
    SpecError
        If there are no labels, the classes are the same, or one has no items.
    """
    check_labels_given(dataset)
    a, b = options.classes
    codes = _class_code(a, dataset), _class_code(b, dataset)
    if a == b:
        raise SpecError(f"--classes must be two different classes, got {a!r} twice; choose another one")
    return codes


def _class_code(name: str, dataset: "Dataset") -> int:
    assert dataset.labels is not None, "asked before"
    present = [dataset.class_names[code] for code in sorted(set(dataset.labels.tolist()))]
    if name not in present:
        raise SpecError(f"class {name!r} has no items in {dataset.title}; choose from {', '.join(present)}")
    return dataset.class_names.index(name)
