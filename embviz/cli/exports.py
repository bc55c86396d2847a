"""The command `export`: write a folder for TensorBoard, one parquet file for other programs, or a zip of the images."""

import argparse
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.dataset import Dataset
    from embviz.export import ExportReport
    from embviz.features import Features
    from embviz.projection.projection import Projection

TARGETS = ("tensorboard", "parquet", "images")

NEIGHBORS = 10
"""Neighbors of each item in a parquet file if ``--k`` is left out."""


def check_export(options: argparse.Namespace, layout_options: Iterable[str]) -> None:
    """Raise an error for options that do not apply to the export target, before anything is computed.

    Parameters
    ----------
    options
        The parsed options of `export`; `method` is None if no layout is exported.
    layout_options
        Names of the given options that set parameters of a layout.

    Raises
    ------
    SpecError
        If an option does not apply, or vectors of several kinds are requested for one parquet file.
    """
    from embviz.export.interop import interop_path

    useless = [*layout_options] if options.method is None or options.to == "images" else []
    useless += ["--method"] if options.method and options.to == "images" else []
    useless += ["--features"] if options.features and options.to == "images" else []
    useless += ["--k"] if options.k is not None and options.to != "parquet" else []
    useless += ["--overwrite"] if options.overwrite and options.to != "tensorboard" else []
    if useless:
        advice = ", or give a --method" if options.to == "tensorboard" and options.method is None else ""
        raise SpecError(f"export --to {options.to} has no use for {', '.join(useless)}; leave that out{advice}")
    if options.to == "parquet":
        interop_path(options.out)
        if len(set(options.features or ())) > 1:
            raise SpecError(f"a parquet file has one kind of vectors, got {', '.join(options.features)}; choose one")


def exported(
    options: argparse.Namespace,
    dataset: "Dataset",
    features: "list[Features]",
    projections: "list[Projection]",
    progress: TerminalProgress,
) -> "ExportReport":
    """Write the files asked for; `projections` are the layouts of the features, in their order, or empty for none."""
    from embviz.export import export_projector, interop_parquet, write_images
    from embviz.pipeline import graph_of
    from embviz.storage.store import default_store

    if options.to == "tensorboard":
        return export_projector(
            options.out, dataset, features, projections=projections, overwrite=options.overwrite, progress=progress
        )
    if options.to == "images":
        return _report(write_images(options.out, dataset, progress=progress), "")
    (vectors,), (layout,) = features, projections
    k = NEIGHBORS if options.k is None else options.k
    graph = graph_of(vectors, k, store=default_store(), progress=progress)
    path = interop_parquet(options.out, dataset, vectors, layout, neighbors=graph, progress=progress)
    return _report(path, _atlas_command(path, dataset, layout))


def _report(path: Path, command: str) -> "ExportReport":
    from embviz.export import ExportReport

    return ExportReport(path, (path.name,), path.stat().st_size, command, ())


def _atlas_command(path: Path, dataset: "Dataset", layout: "Projection") -> str:
    """Command that opens the file in embedding-atlas."""
    axes = "xyz"[: layout.spec.n_components]
    image = [] if dataset.images is None else ["--image", "image"]
    options = [part for axis in axes for part in (f"--{axis}", axis)]
    return shlex.join(["embedding-atlas", str(path), *options, "--neighbors", "neighbors", *image])
