"""The command `activations`: list the layers of a user's model, or write the output of one layer for each image."""

import argparse
from typing import TYPE_CHECKING, Any

from embviz.cli.terminal import TerminalProgress
from embviz.errors import SpecError

if TYPE_CHECKING:  # these import numpy, which takes longer than `--help` may
    from embviz.arrays import AnyArray
    from embviz.dataset import Dataset
    from embviz.features.onnx import OnnxActivations

Answer = dict[str, Any]


def activations_of(options: argparse.Namespace, dataset: "Dataset", progress: TerminalProgress) -> Answer:
    """The JSON answer: the layers of the model or, with ``--layer``, the file that was written.

    Raises
    ------
    SpecError
        If the dataset has no images, only one of a layer and a file is given, or the file does not end in .npz.
    """
    from pathlib import Path

    from embviz.features.onnx import Limits
    from embviz.pipeline import onnx_activations, onnx_layers

    if (options.layer is None) != (options.out is None):
        raise SpecError("--layer and --out belong together; give both, or neither to list the layers")
    if options.out and not options.out.lower().endswith(".npz"):
        raise SpecError(f"activations go into an .npz file, got {options.out!r}; change the ending")
    if dataset.images is None:
        raise SpecError(f"dataset {dataset.name!r} has no images to give to the model; choose another one")
    limits = Limits(seconds=options.seconds)
    model = Path(options.model)
    if options.layer is None:
        layers = onnx_layers(model, dataset.images.shape[1:], limits=limits, progress=progress)
        named = [{"name": each.name, "operation": each.operation, "shape": list(each.shape)} for each in layers]
        return {"model": options.model, "layers": named}
    found = onnx_activations(
        model, dataset.images, options.layer, mean=options.mean, std=options.std, limits=limits, progress=progress
    )
    n, d = found.vectors.shape
    out = _written(options.out, dataset, found)
    return {
        "model": options.model,
        "layer": options.layer,
        "n": n,
        "d": d,
        "notes": list(found.notes),
        "out": out,
    }


def activations_text(answer: Answer) -> str:
    """The answer as text: the layers, one per line; or what was written and the command that opens it."""
    if "layers" in answer:
        rows = [(each["name"], each["operation"], " × ".join(map(str, each["shape"]))) for each in answer["layers"]]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
        return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)
    written = f"{answer['n']:,} items, {answer['d']:,} values each: {answer['out']}"
    return "\n".join([written, *answer["notes"], f"python -m embviz app {answer['out']}"])


def _written(out: str, dataset: "Dataset", found: "OnnxActivations") -> str:
    """Write vectors, images, labels and columns into one .npz file that embviz opens; returns its path."""
    import zipfile

    import numpy as np

    from embviz.checks.arguments import path_of
    from embviz.export.folder import real_path, replaced_file

    assert dataset.images is not None, "the model was given them"
    arrays: dict[str, AnyArray] = {"vectors": found.vectors, "images": dataset.images}
    if dataset.labels is not None:
        arrays["labels"] = np.array(dataset.class_names)[dataset.labels]
    arrays |= {name: column for name, column in dataset.metadata.items() if name not in arrays and "/" not in name}
    target = real_path(path_of("out", out))
    with replaced_file(target) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():  # not numpy.savez, which lets no array be called "file"
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    return str(target)
