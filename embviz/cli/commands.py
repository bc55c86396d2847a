"""The commands of ``embviz``: each takes the options and returns what ``--json`` prints."""

import argparse
import os
import sys
from typing import Any, NoReturn

from embviz.cli.activations import activations_of
from embviz.cli.axes import axes_spec
from embviz.cli.clusters import check_cluster_options, cluster_answer, cluster_text
from embviz.cli.exports import check_export, exported
from embviz.cli.given import (
    NAMING_AXES,
    PARAMETERS,
    check_labels_given,
    dataset_given,
    features_given,
    layout_given,
    option_of,
    pair_given,
    spec_given,
    wishes_given,
)
from embviz.cli.measuring.labels import check_label_options, checked_labels
from embviz.cli.measuring.overlaps import bounds_answer, overlap_answer, table_answer
from embviz.cli.pictures import check_picture, picture_answer
from embviz.cli.placing import check_columns_of_both, check_something_new, placed_answer, split_laid_out
from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError
from embviz.processes.launch import page_script

FEATURES = ("pixels", "hidden", "logits", "vectors")
NAMED_VECTORS = "vectors:"
LAYER = r"hidden(-\d+)?|logits"
"""Pattern of the layers' names, a copy from `embviz.features.features`, whose import takes longer than `--help` may."""

PLACING = ("pca", "tsne", "umap")
METHODS = (*PLACING, *NAMING_AXES)
"""All methods of layouts; `PLACING` are those into whose layouts items can be placed."""

Answer = dict[str, Any]


def datasets(options: argparse.Namespace) -> Answer:
    """List the datasets that can be given by name, and which of them are on this machine."""
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
    """Lay out a dataset and write its coordinates; with --cluster, more items than one machine holds."""
    check_cluster_options(options)
    if options.cluster is not None:
        return cluster_answer(options)
    from embviz.export.coordinates import coordinates_suffix, write_coordinates
    from embviz.projection.admission import admission
    from embviz.projection.titles import projection_title

    coordinates_suffix(options.out)  # refuses what cannot work before anything is computed
    asked = spec_given(options)
    progress = TerminalProgress()
    dataset = dataset_given(options, progress)
    spec = asked or axes_spec(options, dataset)
    admission(spec, len(dataset), labels=dataset)  # before a classifier is trained for it
    (features,) = features_given(options, dataset, [options.features], progress)
    projection = layout_given(options, spec, dataset, features, progress)
    out = write_coordinates(options.out, dataset, projection)
    return {
        "dataset": dataset.name,
        "split": dataset.split,
        "n": len(dataset),
        "method": options.method,
        "dims": spec.n_components,
        "preprocess": projection.spec.preprocess,
        "seed": options.seed,
        "title": projection_title(projection),
        "seconds": round(projection.seconds, 3),
        "neighbor_seconds": round(projection.neighbor_seconds, 3),
        "equal_items": projection.equal_items,
        "out": str(out),
    }


def place(options: argparse.Namespace) -> Answer:
    """Place new items into the finished layout of other items, and write the coordinates of both."""
    from embviz.export.placed import placed_suffix, write_placed
    from embviz.pipeline import placed_of
    from embviz.projection.admission import admission
    from embviz.storage.store import default_store

    placed_suffix(options.out)  # refuses what cannot work before anything is computed
    check_columns_of_both(options)
    spec = spec_given(options)
    progress = TerminalProgress()
    new = dataset_given(options, progress)
    others = {"dataset": options.into, "split": split_laid_out(options, new), "limit": options.into_limit}
    laid_out = dataset_given(argparse.Namespace(**vars(options) | others), progress)
    check_something_new(laid_out, new)
    assert spec is not None, "those that depend on the items are not offered"
    admission(spec, len(laid_out), labels=laid_out)  # before a classifier is trained for it
    (features,), (ours,) = (features_given(options, each, [options.features], progress) for each in (laid_out, new))
    projection = layout_given(options, spec, laid_out, features, progress)
    placed = placed_of(ours, projection, features, store=default_store(), progress=progress)
    out = write_placed(options.out, laid_out, projection, new, placed)
    return placed_answer(laid_out, projection, new, placed, out)


def overlap(options: argparse.Namespace) -> Answer:
    """Measure how much two classes, or all pairs of classes, overlap in feature space."""
    from embviz.pipeline import class_overlap_of, error_bounds_of, overlap_matrix_of
    from embviz.storage.store import default_store

    progress = TerminalProgress()
    dataset = dataset_given(options, progress)
    about = {"dataset": dataset.name, "split": dataset.split}
    if options.classes == ["all"]:
        check_labels_given(dataset)
        (features,) = features_given(options, dataset, [options.features], progress)
        matrix = overlap_matrix_of(
            features, dataset, options.k, others_only=options.other_groups, store=default_store(), progress=progress
        )
        return about | table_answer(matrix, list(dataset.class_names))
    if len(options.classes) != 2:
        raise SpecError(f"--classes: expected 2 arguments, or the word all, got {' '.join(options.classes)!r}")
    codes = pair_given(options, dataset)
    (features,) = features_given(options, dataset, [options.features], progress)
    found = class_overlap_of(
        features,
        dataset,
        codes,
        options.k,
        others_only=options.other_groups,
        store=default_store(),
        progress=progress,
    )
    too_few = min(found.n_per_class) < 2
    bounds = None if too_few else error_bounds_of(features, dataset, codes, store=default_store(), progress=progress)
    return about | overlap_answer(found, options.classes) | bounds_answer(bounds)


def check_labels(options: argparse.Namespace) -> Answer:
    """List labels that are probably wrong, worst first."""
    check_label_options(options)
    progress = TerminalProgress()
    dataset = dataset_given(options, progress)
    if dataset.labels is None:
        raise SpecError(f"{dataset.name!r} has no labels to check; name their column: --labels")
    (features,) = features_given(options, dataset, [options.features], progress)
    return checked_labels(options, dataset, features, progress)


def export(options: argparse.Namespace) -> Answer:
    """Write a folder for TensorBoard's Embedding Projector, one parquet file for other programs, or the images."""
    if options.to == "parquet" and options.method is None:
        options.method = "pca"
    given = [name for name in (*PARAMETERS, "direction", "dims") if getattr(options, name) is not None]
    check_export(options, [option_of(name) for name in given])
    spec = None if options.method is None else spec_given(options)
    progress = TerminalProgress()
    dataset = dataset_given(options, progress)
    if options.method in NAMING_AXES:
        spec = axes_spec(options, dataset)
    names = [] if options.to == "images" else list(dict.fromkeys(options.features or [None]))
    features = features_given(options, dataset, names, progress)
    projections = [layout_given(options, spec, dataset, each, progress) for each in features if spec is not None]
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
    """Lay out a dataset and draw it as a PNG or SVG file, or as an HTML page that needs no server and no network."""
    check_picture(options)
    asked, progress = spec_given(options), TerminalProgress()
    dataset = dataset_given(options, progress)
    spec = asked or axes_spec(options, dataset)
    (features,) = features_given(options, dataset, [options.features], progress)
    projection = layout_given(options, spec, dataset, features, progress)
    return picture_answer(options, dataset, features, projection, progress)


def activations(options: argparse.Namespace) -> Answer:
    """List the layers of an ONNX model, or write the output of one of them for each image."""
    progress = TerminalProgress()
    return activations_of(options, dataset_given(options, progress), progress)


def app(options: argparse.Namespace) -> NoReturn:
    """Serve the page on your own file or folder, on a dataset given by name, or on the datasets on this machine."""
    wishes = wishes_given(options)
    if options.dataset is not None or any(wishes.values()):
        from embviz.datasets import Named, dataset_on_machine, download_dataset, source_named
        from embviz.datasets.files.uses.wishes import Wishes
        from embviz.datasets.own.started import VARIABLE, started_text

        if options.dataset is None and not (options.vectors or options.images):
            raise SpecError("there is no file to open; give one, or name one with --vectors or --images")
        source = source_named(options.dataset, Wishes(**wishes))
        if isinstance(source, Named) and not dataset_on_machine(source.name):
            download_dataset(source.name, progress=TerminalProgress())
        os.environ[VARIABLE] = started_text(source)
    run = [sys.executable, "-P", "-m", "streamlit", "run"]  # -P: no module of the folder that it is started in
    command = [*run, str(page_script()), "--server.port", str(options.port), *options.streamlit]
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter and script, and what the user typed


def datasets_text(answer: Answer) -> str:
    """The answer as text: one line per dataset."""
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
    """The answer as text: what was laid out, how long that took, and the file."""
    if "partitions" in answer:
        return cluster_text(answer)
    from embviz.projection.titles import equal_items_title, time_title

    time = time_title(answer["seconds"], answer["neighbor_seconds"])
    said = f"{answer['n']:,} items, {answer['title']} in {time}: {answer['out']}"
    equal = answer["equal_items"]
    return f"{said}\n{equal_items_title(equal)}" if equal else said


def export_text(answer: Answer) -> str:
    """The answer as text: what was written, notes on it, and the command to type next."""
    size = f"{answer['bytes'] / 1e6:.1f} MB"
    what = ", ".join(answer["features"]) or "images"
    lines = [f"{answer['n']:,} items, {what}: {answer['out']} ({size})", *answer["notes"], answer["command"]]
    return "\n".join(filter(None, lines))
