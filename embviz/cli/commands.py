"""The commands of ``embviz``: each takes the options and returns what ``--json`` prints."""

import argparse
import os
import sys
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, NoReturn

from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError
from embviz.launch import page_script

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.features import Features
    from embviz.projection.specs import ProjectionSpec

FEATURES = ("pixels", "hidden", "logits")
"""Those of `IMAGE_FEATURES`, which cannot be imported here: numpy takes longer than `--help` may."""

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
                "image_shape": list(info.image_shape),
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
    from embviz.pipeline import projection_of
    from embviz.projection.admission import admission
    from embviz.projection.preprocess import usual_preprocess
    from embviz.projection.specs import Pca
    from embviz.projection.titles import projection_title
    from embviz.storage.store import default_store

    coordinates_suffix(options.out)  # what cannot work is said before anything is computed
    spec = _projection_spec(options)
    progress = TerminalProgress()
    dataset = _dataset(options, progress)
    admission(spec, len(dataset), labels=dataset)  # before a classifier is trained for it
    (features,) = _features(dataset, [options.features], progress)
    if not isinstance(spec, Pca) and options.preprocess is None:
        spec = replace(spec, preprocess=usual_preprocess(*features.vectors.shape))
    projection = projection_of(features, spec, store=default_store(), labels=dataset, progress=progress)
    out = write_coordinates(options.out, dataset, projection)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "method": options.method,
        "dims": options.dims,
        "preprocess": None if isinstance(spec, Pca) else spec.preprocess,
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
        raise SpecError(f"dataset {dataset.name!r} has no labels, so there are no classes to compare")
    a, b = options.classes
    codes = _class_code(a, dataset), _class_code(b, dataset)
    if a == b:
        raise SpecError(f"an overlap is between two different classes, got {a!r} twice; choose another one")
    (features,) = _features(dataset, [options.features], progress)
    group = None if options.group == "none" else options.group
    found = class_overlap_of(
        features,
        dataset,
        codes,
        options.k,
        group=group,
        others_only=options.other_groups,
        store=default_store(),
        progress=progress,
    )
    spread = found.spread
    assert spread is not None, "a pair is measured with its spread"
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": found.n,
        "space": found.space,
        "classes": [a, b],
        "k": found.k,
        "rate": found.rate,
        "chance": found.chance,
        "index": found.index,
        "group": spread.group or None,
        "other_groups_only": options.other_groups,
        "standard_error": spread.rate_error,
        "interval": None if found.interval is None else asdict(found.interval),
        "index_interval": None if found.index_interval is None else asdict(found.index_interval),
        "no_interval": spread.missing or None,
    }


def export(options: argparse.Namespace) -> Answer:
    """Write a folder that TensorBoard's Embedding Projector opens."""
    from embviz.export import export_projector

    progress = TerminalProgress()
    dataset = _dataset(options, progress)
    features = _features(dataset, list(dict.fromkeys(options.features or ["pixels"])), progress)
    report = export_projector(options.out, dataset, features, overwrite=options.overwrite, progress=progress)
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


def app(options: argparse.Namespace) -> NoReturn:
    """Serve the page, as `streamlit run app.py` does."""
    more: list[str] = options.streamlit
    if more and not more[0].startswith("--"):
        raise SpecError(
            f"app takes no {more[0]!r}; data are chosen on the page, options of `streamlit run` stand after --"
        )
    run = [sys.executable, "-P", "-m", "streamlit", "run"]  # -P: no module of the folder that it is started in
    command = [*run, str(page_script()), "--server.port", str(options.port), *more]
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter and script, and what the user typed


def _dataset(options: argparse.Namespace, progress: TerminalProgress) -> "Dataset":
    from embviz.datasets import load_dataset

    return load_dataset(options.dataset, options.split, options.limit, progress=progress)


def _features(dataset: "Dataset", names: list[str], progress: TerminalProgress) -> list["Features"]:
    from embviz.features import feature_spec
    from embviz.pipeline import features_of
    from embviz.storage.store import default_store

    return [features_of(dataset, feature_spec(name), store=default_store(), progress=progress) for name in names]


def _projection_spec(options: argparse.Namespace) -> "ProjectionSpec":
    """The spec of the method asked for; a parameter of another method is refused, not dropped."""
    from embviz.projection.specs import Pca, Tsne, Umap

    kind: Any = {"pca": Pca, "tsne": Tsne, "umap": Umap}[options.method]
    given = {name: value for name in PARAMETERS if (value := getattr(options, name)) is not None}
    known = [field.name for field in fields(kind)]
    if foreign := [f"--{name.replace('_', '-')}" for name in given if name not in known]:
        raise SpecError(f"{options.method} has no {' or '.join(foreign)}; leave that out or give another --method")
    if given.get("preprocess") == "none":
        given["preprocess"] = None
    spec: ProjectionSpec = kind(n_components=options.dims, seed=options.seed, **given)
    return spec


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


def overlap_text(answer: Answer) -> str:
    """The index, what it is made of, and how to read it."""
    a, b = answer["classes"]
    return (
        f"{a} and {b} in {answer['space']}: overlap index {answer['index']:.2%} "
        f"(rate {answer['rate']:.2%}, chance {answer['chance']:.2%}, k {answer['k']}, {answer['n']:,} items)\n"
        f"{_interval_text(answer)}\n"
        "0 %: the classes never meet. 100 %: thoroughly mixed."
    )


def _interval_text(answer: Answer) -> str:
    """What other samples would show, or why that is not known."""
    interval = answer["index_interval"]
    if interval is None:
        return f"There is no interval: {answer['no_interval']}."
    others = "Another" + interval["covers"].removeprefix("another") + ("," if answer["group"] else "")
    return f"{others} would show {interval['low']:.2%} to {interval['high']:.2%} (95 % interval)."


def export_text(answer: Answer) -> str:
    """What was written, what to know about it, and what to type next."""
    size = f"{answer['bytes'] / 1e6:.1f} MB"
    return "\n".join(
        [
            f"{answer['n']:,} items, {', '.join(answer['features'])}: {answer['out']} ({size})",
            *answer["notes"],
            answer["command"],
        ]
    )
