"""The commands of ``embviz``: each takes the options and returns what ``--json`` prints."""

import argparse
import os
import sys
import warnings
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NoReturn

from embviz.cli.activations import activations_of
from embviz.cli.exports import check_export, exported
from embviz.cli.overlaps import overlap_answer
from embviz.cli.pictures import picture_answer, picture_request
from embviz.cli.terminal import TerminalProgress, say
from embviz.errors import SpecError
from embviz.launch import page_script

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.features import Features
    from embviz.projection.projection import Projection
    from embviz.projection.specs import ProjectionSpec

FEATURES = ("pixels", "hidden", "logits", "vectors")
NAMED_VECTORS = "vectors:"
"""Those of `embviz.features.features`, which cannot be imported here: numpy takes longer than `--help` may."""

METHODS = ("pca", "tsne", "umap")

PARAMETERS = (
    "axes",
    "perplexity",
    "max_iter",
    "n_neighbors",
    "min_dist",
    "metric",
    "supervised",
    "init",
    "engine",
    "preprocess",
)
"""Options of `project` that not every method has."""

Answer = dict[str, Any]


def datasets(options: argparse.Namespace) -> Answer:
    """List the datasets that have a name."""
    from embviz.datasets import known_datasets

    return {
        "datasets": [
            {
                "name": info.name,
                "title": info.title,
                "counts": dict(info.counts),
                "image_shape": None if info.image_shape is None else list(info.image_shape),
                "on_machine": info.on_machine,
                "download_bytes": info.download_bytes,
                "problem": info.problem,
            }
            for info in known_datasets()
        ]
    }


def project(options: argparse.Namespace) -> Answer:
    """Lay a dataset out and write its coordinates."""
    from embviz.export.coordinates import coordinates_suffix, write_coordinates
    from embviz.projection.admission import admission
    from embviz.projection.specs import Pca
    from embviz.projection.titles import projection_title

    coordinates_suffix(options.out)  # what cannot work is said before anything is computed
    spec = _projection_spec(options)
    progress = TerminalProgress()
    dataset = _dataset(options, progress)
    admission(spec, len(dataset), labels=dataset)  # before a classifier is trained for it
    (features,) = _features(dataset, [options.features], progress)
    projection = _laid_out(options, spec, dataset, features, progress)
    out = write_coordinates(options.out, dataset, projection)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "method": options.method,
        "dims": options.dims,
        "preprocess": None if isinstance(projection.spec, Pca) else projection.spec.preprocess,
        "seed": options.seed,
        "title": projection_title(projection),
        "seconds": round(projection.seconds, 3),
        "neighbor_seconds": round(projection.neighbor_seconds, 3),
        "equal_items": projection.equal_items,
        "out": str(out),
    }


def overlap(options: argparse.Namespace) -> Answer:
    """Measure how much two classes overlap in feature space."""
    from embviz.pipeline import class_overlap_of
    from embviz.storage.store import default_store

    progress = TerminalProgress()
    dataset = _dataset(options, progress)
    if dataset.labels is None:
        raise SpecError(
            f"{dataset.name!r} has no labels, so there are no classes to compare; name their column: --labels"
        )
    a, b = options.classes
    codes = _class_code(a, dataset), _class_code(b, dataset)
    if a == b:
        raise SpecError(f"an overlap is between two different classes, got {a!r} twice; choose another one")
    (features,) = _features(dataset, [options.features], progress)
    found = class_overlap_of(
        features,
        dataset,
        codes,
        options.k,
        others_only=options.other_groups,
        store=default_store(),
        progress=progress,
    )
    return {"dataset": dataset.name, "split": dataset.split} | overlap_answer(found, [a, b])


def export(options: argparse.Namespace) -> Answer:
    """Write a folder for TensorBoard's Embedding Projector, one parquet file for other programs, or the images."""
    if options.to == "parquet" and options.method is None:
        options.method = "pca"
    check_export(options, [_option(name) for name in PARAMETERS if getattr(options, name) is not None])
    spec = None if options.method is None else _projection_spec(options)
    progress = TerminalProgress()
    dataset = _dataset(options, progress)
    names = [] if options.to == "images" else list(dict.fromkeys(options.features or [None]))
    features = _features(dataset, names, progress)
    projections = [_laid_out(options, spec, dataset, each, progress) for each in features if spec is not None]
    report = exported(options, dataset, features, projections, progress)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "features": [each.name for each in features],
        "out": str(report.path),
        "files": list(report.files),
        "bytes": report.total_bytes,
        "command": report.command,
        "notes": list(report.notes),
    }


def picture(options: argparse.Namespace) -> Answer:
    """Lay items out, and write the picture as PNG or SVG, with the colors and the legend of the page."""
    picture_request(options)
    spec, progress = _projection_spec(options), TerminalProgress()
    dataset = _dataset(options, progress)
    (features,) = _features(dataset, [options.features], progress)
    return picture_answer(options, dataset, features, _laid_out(options, spec, dataset, features, progress))


def activations(options: argparse.Namespace) -> Answer:
    """List the layers of an ONNX model, or write what one of them makes of each image."""
    progress = TerminalProgress()
    return activations_of(options, _dataset(options, progress), progress)


def app(options: argparse.Namespace) -> NoReturn:
    """Serve the page on your own file or folder, a dataset that has a name, or what is on the machine."""
    wishes = _wishes(options)
    if options.dataset is not None or any(wishes.values()):
        from embviz.datasets import Named, dataset_on_machine, download_dataset, source_named
        from embviz.datasets.files.uses.wishes import Wishes
        from embviz.datasets.own.started import VARIABLE, started_text

        if options.dataset is None and not (options.vectors or options.images):
            raise SpecError("there is no file to open; give one, or one as --vectors or --images")
        source = source_named(options.dataset, Wishes(**wishes))
        if isinstance(source, Named) and not dataset_on_machine(source.name):
            download_dataset(source.name, progress=TerminalProgress())
        os.environ[VARIABLE] = started_text(source)
    run = [sys.executable, "-P", "-m", "streamlit", "run"]  # -P: no module of the folder that it is started in
    command = [*run, str(page_script()), "--server.port", str(options.port), *options.streamlit]
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter and script, and what the user typed


def _wishes(options: argparse.Namespace) -> dict[str, Any]:
    return {name: getattr(options, name) for name in ("vectors", "labels", "images", "metadata", "group")}


def _dataset(options: argparse.Namespace, progress: TerminalProgress) -> "Dataset":
    from embviz.datasets import load_dataset

    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", UserWarning)
        dataset = load_dataset(options.dataset, options.split, options.limit, **_wishes(options), progress=progress)
    for warning in found:
        say(str(warning.message))
    return dataset


def _features(dataset: "Dataset", names: list[str | None], progress: TerminalProgress) -> list["Features"]:
    from embviz.features import feature_spec
    from embviz.pipeline import features_of
    from embviz.storage.store import default_store

    usual = "pixels" if dataset.images is not None else "vectors"
    specs = [feature_spec(name or usual) for name in names]
    return [features_of(dataset, spec, store=default_store(), progress=progress) for spec in specs]


def _laid_out(
    options: argparse.Namespace,
    spec: "ProjectionSpec",
    dataset: "Dataset",
    features: "Features",
    progress: TerminalProgress,
) -> "Projection":
    """The layout; reduced first where that is usual, unless the options say otherwise."""
    from embviz.pipeline import projection_of
    from embviz.projection.preprocess import usual_preprocess
    from embviz.projection.specs import Pca
    from embviz.storage.store import default_store

    if not isinstance(spec, Pca) and options.preprocess is None:
        spec = replace(spec, preprocess=usual_preprocess(*features.vectors.shape))
    return projection_of(features, spec, store=default_store(), labels=dataset, progress=progress)


def _projection_spec(options: argparse.Namespace) -> "ProjectionSpec":
    """The spec of the method asked for; a parameter of another method is refused, not dropped."""
    from embviz.projection.specs import Pca, Tsne, Umap

    kind: Any = {"pca": Pca, "tsne": Tsne, "umap": Umap}[options.method]
    given = {name: value for name in PARAMETERS if (value := getattr(options, name)) is not None}
    known = [field.name for field in fields(kind)]
    if foreign := [_option(name) for name in given if name not in known]:
        raise SpecError(f"{options.method} has no {' or '.join(foreign)}; leave that out or give another --method")
    if given.get("preprocess") == "none":
        given["preprocess"] = None
    spec: ProjectionSpec = kind(n_components=options.dims, seed=options.seed, **given)
    return spec


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _class_code(name: str, dataset: "Dataset") -> int:
    """The code of a class that has items in the dataset."""
    assert dataset.labels is not None, "asked before"
    present = [dataset.class_names[code] for code in sorted(set(dataset.labels.tolist()))]
    if name not in present:
        raise SpecError(f"class {name!r} has no items in {dataset.title}; choose from {', '.join(present)}")
    return dataset.class_names.index(name)


def datasets_text(answer: Answer) -> str:
    """One line per dataset."""
    lines = []
    for info in answer["datasets"]:
        counts = ", ".join(f"{split} {count:,}" for split, count in info["counts"].items())
        download = f"download of {info['download_bytes'] / 2**20:.0f} MB" if info["download_bytes"] else "not read"
        where = "on this machine" if info["on_machine"] else download
        shape = "×".join(str(side) for side in info["image_shape"])
        lines.append(f"{info['name']:14}  {info['title']:14}  {shape:6}  {counts:36}  {where}")
        if info["problem"]:
            lines.append(f"{'':14}  {info['problem']}")
    return "\n".join(lines)


def project_text(answer: Answer) -> str:
    """What was laid out, and where it is."""
    from embviz.projection.titles import equal_items_title, time_title

    time = time_title(answer["seconds"], answer["neighbor_seconds"])
    said = f"{answer['n']:,} items, {answer['title']} in {time}: {answer['out']}"
    equal = answer["equal_items"]
    return f"{said}\n{equal_items_title(equal)}" if equal else said


def export_text(answer: Answer) -> str:
    """What was written, what to know about it, and what to type next."""
    size = f"{answer['bytes'] / 1e6:.1f} MB"
    what = ", ".join(answer["features"]) or "images"
    lines = [f"{answer['n']:,} items, {what}: {answer['out']} ({size})", *answer["notes"], answer["command"]]
    return "\n".join(filter(None, lines))
