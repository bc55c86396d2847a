"""An ONNX file is read field by field: what its nodes compute, and whether its weights are in it."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.errors import DatasetError
from embviz.features.onnx_file import NodeOutput, node_outputs, with_output
from tests.unit.onnx_files import (
    attribute,
    chosen_pixels,
    endless,
    message,
    model,
    node,
    number,
    subgraph,
    tensor,
    value,
)

MODEL = chosen_pixels(("batch", 1, 12, 8), [18, 19], 96)
WEIGHTS = np.ones((2, 2), np.float32)


def test_nodes_are_told_in_order_with_their_operation() -> None:
    assert node_outputs(MODEL, "m") == (
        NodeOutput("flat", "Flatten"),
        NodeOutput("chosen", "MatMul"),
        NodeOutput("positive", "Relu"),
        NodeOutput("out", "Add"),
    )


def test_nodes_of_graphs_in_nodes_are_not_told() -> None:
    assert [output.name for output in node_outputs(endless(), "m")] == ["flat", "out"]


def test_a_node_may_have_several_outputs_and_leave_some_out() -> None:
    assert [output.name for output in node_outputs(model(node("Split", ["x"], ["a", "", "b"])), "m")] == ["a", "b"]


def test_an_output_is_added_once() -> None:
    added = with_output(MODEL, "chosen")
    assert added.startswith(MODEL) and b"chosen" in added[len(MODEL) :]
    assert with_output(added, "chosen") == added and with_output(MODEL, "out") == MODEL
    assert node_outputs(added, "m") == node_outputs(MODEL, "m")


elsewhere = [number(14, 1)], [message(13, message(1, b"location"), message(2, b"../../etc/passwd"))]


@pytest.mark.parametrize("how", elsewhere)
@pytest.mark.parametrize(
    "place",
    [
        lambda weights: [weights(5)],
        lambda weights: [message(15, weights(1))],
        lambda weights: [message(15, weights(2))],
        lambda weights: [node("Constant", [], ["y"], message(5, message(1, b"value"), weights(5)))],
        lambda weights: [node("Constant", [], ["y"], message(5, message(1, b"values"), weights(10)))],
        lambda weights: [node("Constant", [], ["y"], message(5, message(1, b"sparse"), message(22, weights(1))))],
        lambda weights: [node("If", ["x"], ["y"], subgraph("then", weights(5)))],
        lambda weights: [node("If", ["x"], ["y"], subgraph("a", node("If", [], ["z"], subgraph("b", weights(5)))))],
    ],
)
def test_weights_in_other_files_are_refused_wherever_they_are(place, how: list[bytes]) -> None:
    graph = place(lambda field: tensor(field, "w", WEIGHTS, *how))
    with pytest.raises(DatasetError, match="m keeps weights in other files, which are not read; save it as one file"):
        node_outputs(model(node("Relu", ["x"], ["out"]), *graph), "m")


def test_weights_of_functions_in_other_files_are_refused() -> None:
    inner = message(7, *[message(5, message(1, b"value"), tensor(5, "w", WEIGHTS, number(14, 1)))])
    with pytest.raises(DatasetError, match="keeps weights in other files"):
        node_outputs(MODEL + message(25, inner), "m")


def test_weights_that_are_said_to_be_in_the_file_are_read() -> None:
    graph = [node("Relu", ["x"], ["out"]), tensor(5, "w", WEIGHTS, number(14, 0))]
    assert node_outputs(model(*graph), "m") == (NodeOutput("out", "Relu"),)


def nested(depth: int) -> bytes:
    inner = node("Relu", ["x"], ["y"])
    for _ in range(depth):
        inner = node("If", ["x"], ["y"], subgraph("then", inner))
    return model(inner)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no model"),
        (model(), "holds no model"),
        (model(value(11, "x", (1, 2)), tensor(5, "w", WEIGHTS)), "holds no model"),
        (b"<!DOCTYPE html>", "is not an ONNX file"),
        (b"\x80\x04\x95\x10" + bytes(20), "is not an ONNX file"),
        (b"PK\x03\x04" + bytes(30), "is not an ONNX file"),
        (b"\x89HDF\r\n\x1a\n" + bytes(30), "is not an ONNX file"),
        (MODEL[:-1], "is not an ONNX file"),
        (MODEL[: len(MODEL) // 2], "is not an ONNX file"),
        (b"\x3a" + b"\xff" * 12, "is not an ONNX file"),
        (b"\x3a\xff\xff\xff\xff\x07", "is not an ONNX file"),
        (b"\x3b\x3c", "is not an ONNX file"),
        (model(message(1, message(2, b"\xff\xfe"), message(4, b"Relu"))), "is not an ONNX file"),
        (nested(100), "is not an ONNX file"),
    ],
)
def test_what_is_no_model_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(DatasetError, match=rf"^m {sentence}.*; give an ONNX file"):
        node_outputs(content, "m")


def test_graphs_in_graphs_are_read_to_some_depth() -> None:
    assert node_outputs(nested(20), "m") == (NodeOutput("y", "If"),)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(MODEL) - 1))
    damaged = MODEL[:position] + data.draw(st.binary(max_size=20)) + MODEL[position + data.draw(st.integers(0, 20)) :]
    try:
        outputs = node_outputs(damaged, "m")
    except DatasetError:
        return
    assert outputs and all(output.name for output in outputs)


def test_attributes_that_are_numbers_are_passed_over() -> None:
    assert node_outputs(model(node("Cast", ["x"], ["y"], attribute("to", 1))), "m") == (NodeOutput("y", "Cast"),)
