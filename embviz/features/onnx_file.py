"""Reader of ONNX files that needs no other package: outputs of the nodes, and whether all weights are in the file.

The file is a message of Protocol Buffers: fields with a number each, nested. Only fields that are needed are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from embviz.errors import DatasetError

_GRAPH, _FUNCTION = 7, 25
"""Field numbers in a model."""
_NODE, _INITIALIZER, _OUTPUT, _SPARSE_INITIALIZER = 1, 5, 12, 15
"""Field numbers in a graph."""
_FUNCTION_NODE = 7
"""Field number in a function."""
_NODE_OUTPUT, _OPERATION, _ATTRIBUTE = 2, 4, 5
"""Field numbers in a node."""
_TENSORS, _GRAPHS, _SPARSE_TENSORS = (5, 10), (6, 11), (22, 23)
"""Field numbers in an attribute, each for one and for several."""
_SPARSE_PARTS = (1, 2)
"""Field numbers in a sparse tensor: tensors of values and of indices."""
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
"""Field numbers in a tensor."""
_NAME = 1
"""Field number in an output."""
_DEEPEST = 32
"""Most levels of graphs in attributes of nodes of graphs."""
_ADVICE = "give an ONNX file that torch.onnx.export or tf2onnx wrote"


@dataclass(frozen=True, slots=True)
class NodeOutput:
    """A value that a node of a model computes: its name, and the operation of the node."""

    name: str
    operation: str


def node_outputs(model: bytes, where: str) -> tuple[NodeOutput, ...]:
    """Outputs of the nodes of a model's graph, in the order of the computation.

    Parameters
    ----------
    model
        The whole file.
    where
        What to call it in a message.

    Raises
    ------
    DatasetError
        If it is not an ONNX file, or one that keeps weights in other files.
    """
    outputs: list[NodeOutput] = []
    try:
        for number, part in _fields(memoryview(model)):
            nodes = _parts(part, _NODE if number == _GRAPH else _FUNCTION_NODE) if number in (_GRAPH, _FUNCTION) else []
            if any(_node_leads_out(node, 0) for node in nodes) or (number == _GRAPH and _weights_lead_out(part)):
                raise DatasetError(
                    f"{where} keeps weights in other files, which are not read; save it as one file: "
                    "torch.onnx.export takes external_data=False"
                )
            if number == _GRAPH:
                outputs += [output for node in nodes for output in _outputs_of(node)]
    except _NoMessageError as error:
        raise DatasetError(f"{where} is not an ONNX file; {_ADVICE}") from error
    if not outputs:
        raise DatasetError(f"{where} holds no model; {_ADVICE}")
    return tuple(outputs)


def with_output(model: bytes, name: str) -> bytes:
    """The model with one more output: a value that one of its nodes computes.

    A message that goes on after its end is merged with what came before, so nothing in the file has to be changed.

    Parameters
    ----------
    model
        The whole file; `node_outputs` lists the output.
    name
        Name of the output.
    """
    graphs = [part for number, part in _fields(memoryview(model)) if number == _GRAPH]
    known = [_text(part) for graph in graphs for output in _parts(graph, _OUTPUT) for part in _parts(output, _NAME)]
    return model if name in known else model + _tagged(_GRAPH, _tagged(_OUTPUT, _tagged(_NAME, name.encode())))


class _NoMessageError(Exception):
    """What is read is not a message of Protocol Buffers."""


def _outputs_of(node: memoryview) -> list[NodeOutput]:
    operation = "".join(map(_text, _parts(node, _OPERATION)))
    return [NodeOutput(name, operation) for name in map(_text, _parts(node, _NODE_OUTPUT)) if name]


def _weights_lead_out(graph: memoryview) -> bool:
    """Whether an initial tensor of a graph is kept in another file."""
    return any(map(_is_elsewhere, _parts(graph, _INITIALIZER))) or any(
        _is_elsewhere(tensor)
        for sparse in _parts(graph, _SPARSE_INITIALIZER)
        for tensor in _parts(sparse, *_SPARSE_PARTS)
    )


def _node_leads_out(node: memoryview, depth: int) -> bool:
    """Whether a tensor in a node's attributes, or in the graphs there, is kept in another file."""
    if depth > _DEEPEST:
        raise _NoMessageError
    for attribute in _parts(node, _ATTRIBUTE):
        sparse = [part for tensor in _parts(attribute, *_SPARSE_TENSORS) for part in _parts(tensor, *_SPARSE_PARTS)]
        if any(map(_is_elsewhere, [*_parts(attribute, *_TENSORS), *sparse])):
            return True
        for graph in _parts(attribute, *_GRAPHS):
            if _weights_lead_out(graph) or any(_node_leads_out(each, depth + 1) for each in _parts(graph, _NODE)):
                return True
    return False


def _is_elsewhere(tensor: memoryview) -> bool:
    return any(
        number == _EXTERNAL_DATA or (number == _DATA_LOCATION and bytes(part) != bytes(1))
        for number, part in _fields(tensor)
    )


def _parts(message: memoryview, *numbers: int) -> list[memoryview]:
    """The content of the fields with these numbers."""
    return [part for number, part in _fields(message) if number in numbers]


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and content of each field of a message; the content of a number is its encoded bytes."""
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        if not tag >> 3:
            raise _NoMessageError
        match tag & 7:
            case 0:
                start = at
                _, at = _number(message, at)
            case 1:
                start, at = at, at + 8
            case 2:
                length, start = _number(message, at)
                at = start + length
            case 5:
                start, at = at, at + 4
            case _:
                raise _NoMessageError
        if at > len(message):
            raise _NoMessageError
        yield tag >> 3, message[start:at]


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """The whole number that begins at byte `at`, with seven bits per byte, and the byte at which it ends."""
    value = 0
    for place, byte in enumerate(message[at : at + 10]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise _NoMessageError


def _text(part: memoryview) -> str:
    try:
        return str(part, "utf-8")
    except UnicodeError as error:
        raise _NoMessageError from error


def _tagged(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    low = bytes([value & 0x7F | (0x80 if value > 0x7F else 0)])
    return low + _varint(value >> 7) if value > 0x7F else low
