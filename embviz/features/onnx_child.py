"""The process in which a user's model runs: ``python -m embviz.features.onnx_child``."""

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, Float32Array, UInt8Array, is_finite, not_finite
from embviz.errors import DatasetError
from embviz.features.onnx_file import node_outputs, with_output
from embviz.features.onnx_input import ModelInput, batch_of, changes, model_input
from embviz.processes.child import RESULT, packed
from embviz.processes.inside import answers_to_parent, end_with_parent, progress_to_parent
from embviz.progress import Progress

_VALUES_AT_ONCE = 1 << 20
"""Pixels that the model is given at a time, where it takes any number of images."""
_SAMPLE = 2
"""Images that are run to see how large a layer is: with only one, a weight would look like a layer."""


def main() -> None:
    """Read a request from standard input; write progress to standard output, then a line of JSON and arrays."""
    answers = answers_to_parent()
    request = json.loads(sys.stdin.buffer.readline())
    model = sys.stdin.buffer.read(request["model_bytes"])
    try:
        said, arrays = _answered(request, model, progress_to_parent(answers))
    except MemoryError:
        said, arrays = {"error": "it needs more memory than it may take"}, []
    except DatasetError as error:
        said, arrays = {"error": str(error)}, []
    except Exception as error:  # onnxruntime has a class of its own for each way in which a model can be wrong
        if not type(error).__module__.startswith("onnxruntime"):
            raise
        said, arrays = {"error": f"onnxruntime says: {' '.join(str(error).split())[:300]}"}, []
    answers.write(RESULT)
    answers.write(json.dumps(said).encode() + b"\n")
    answers.write(packed(*arrays))
    answers.flush()


def _answered(request: Mapping[str, Any], model: bytes, progress: Progress) -> tuple[dict[str, Any], list[AnyArray]]:
    progress("loading onnxruntime", 0, 0)
    import onnxruntime

    _limit(request["memory_bytes"], request["seconds"])
    progress("loading the model", 0, 0)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    layer = request["layer"]
    names = [layer] if layer else [output.name for output in node_outputs(model, "the model")]
    for name in names:
        model = with_output(model, name)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    if len(inputs) != 1:
        raise DatasetError(f"it takes {len(inputs)} inputs ({', '.join(each.name for each in inputs)}), expected one")
    image_shape = tuple(request["image_shape"])
    wanted = model_input(inputs[0].shape, inputs[0].type, image_shape)

    def run(batch: UInt8Array) -> list[Any]:
        given = {inputs[0].name: batch_of(batch, wanted, request["mean"], request["std"])}
        return list(session.run(names, given))

    if layer is None:
        end_with_parent()
        sample = np.zeros((wanted.batch or _SAMPLE, *image_shape), np.uint8)
        return {"sizes": _sizes(names, run(sample), len(sample))}, []
    vectors = _activations(layer, run, _batches(request["n"], image_shape, wanted), wanted.batch, request, progress)
    return {"notes": changes(wanted, image_shape)}, [vectors]


def _limit(memory_bytes: int, seconds: int) -> None:
    """Limit memory and time of this process, and forbid it to write files, where the system can."""
    try:
        import resource
    except ImportError:  # Windows; the parent ends this process in time
        return
    limits = {
        resource.RLIMIT_DATA: memory_bytes,
        resource.RLIMIT_CPU: seconds * (os.cpu_count() or 1),
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _sizes(names: Sequence[str], values: Sequence[Any], n: int) -> dict[str, list[int]]:
    """Shape of the row of one image, by name, of each value that has a row for each of n images."""
    return {name: list(value.shape[1:]) for name, value in zip(names, values, strict=True) if _has_rows(value, n)}


def _has_rows(value: object, n: int) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.ndim > 0 and len(value) == n


def _batches(n: int, image_shape: tuple[int, ...], wanted: ModelInput) -> Iterator[UInt8Array]:
    """The images from standard input, as many at a time as the model takes; in the last batch there may be fewer."""
    size = math.prod(image_shape)
    at_once = wanted.batch or max(1, _VALUES_AT_ONCE // size)
    for start in range(0, n, at_once):
        count = min(at_once, n - start)
        data = sys.stdin.buffer.read(count * size)
        if len(data) < count * size:  # the parent is gone
            sys.exit(1)
        if start + count == n:
            end_with_parent()
        yield np.frombuffer(data, np.uint8).reshape(count, *image_shape)


def _activations(
    layer: str,
    run: Callable[[UInt8Array], list[Any]],
    batches: Iterator[UInt8Array],
    fixed: int,
    request: Mapping[str, Any],
    progress: Progress,
) -> Float32Array:
    """One row for each image. Batches are filled up to `fixed` images with black ones, unless `fixed` is 0."""
    n = request["n"]
    vectors = np.empty((0, 0), np.float32)
    done = 0
    progress("running the model", 0, n)
    for batch in batches:
        missing = np.zeros((max(0, fixed - len(batch)), *batch.shape[1:]), np.uint8)
        (value,) = run(np.concatenate([batch, missing]))
        if not _has_rows(value, len(batch) + len(missing)):
            shape = getattr(value, "shape", type(value).__name__)
            raise DatasetError(f"its layer {layer!r} has no row of numbers for each image, but {shape}; choose another")
        rows = value.reshape(len(value), -1)[: len(batch)]
        if not done:
            if 4 * n * rows.shape[1] > request["memory_bytes"]:
                raise DatasetError(
                    f"its layer {layer!r} has {rows.shape[1]:,} values per image, too many for {n:,} images; "
                    "choose a smaller layer, or fewer images"
                )
            vectors = np.empty((n, rows.shape[1]), np.float32)
        vectors[done : done + len(batch)] = rows
        done += len(batch)
        progress("running the model", done, n)
    if not is_finite(vectors):
        raise DatasetError(f"its layer {layer!r} gives values that are not finite: {not_finite(vectors)}")
    return vectors


if __name__ == "__main__":
    main()
