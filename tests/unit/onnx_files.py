"""ONNX files of small models, for tests that read and run them: written field by field, without any package."""

import numpy as np

FLOAT, UINT8, INT64, BOOL = 1, 2, 7, 9
"""Types of numbers, as ONNX counts them."""


def varint(value: int) -> bytes:
    """A whole number, seven bits per byte."""
    data = b""
    while value > 0x7F:
        data += bytes([value & 0x7F | 0x80])
        value >>= 7
    return data + bytes([value])


def number(field: int, value: int) -> bytes:
    """A field that is a whole number."""
    return varint(field << 3) + varint(value)


def message(field: int, *parts: bytes) -> bytes:
    """A field that is a text, bytes, or a message of other fields."""
    content = b"".join(parts)
    return varint(field << 3 | 2) + varint(len(content)) + content


def tensor(field: int, name: str, array: np.ndarray, *more: bytes) -> bytes:
    """A field that is an array of numbers."""
    types = {np.dtype(np.float32): FLOAT, np.dtype(np.int64): INT64}
    dims = b"".join(number(1, size) for size in array.shape)
    return message(
        field, dims, number(2, types[array.dtype]), message(8, name.encode()), message(9, array.tobytes()), *more
    )


def value(field: int, name: str, shape: tuple[int | str, ...], kind: int = FLOAT) -> bytes:
    """An input or output; a size that is a text may vary."""
    dims = [message(1, number(1, size) if isinstance(size, int) else message(2, size.encode())) for size in shape]
    return message(field, message(1, name.encode()), message(2, message(1, number(1, kind), message(2, *dims))))


def node(operation: str, inputs: list[str], outputs: list[str], *attributes: bytes) -> bytes:
    """A step of a graph."""
    named = [message(1, each.encode()) for each in inputs] + [message(2, each.encode()) for each in outputs]
    return message(1, *named, message(4, operation.encode()), *attributes)


def model(*graph: bytes, opset: int = 17) -> bytes:
    """A file with one graph."""
    return number(1, 8) + message(7, *graph, message(2, b"g")) + message(8, message(1, b""), number(2, opset))


def chosen_pixels(shape: tuple[int | str, ...], pixels: list[int], n_values: int, kind: int = FLOAT) -> bytes:
    """A model whose layer ``chosen`` has some values of its flattened input, and ``out`` twice the positive ones."""
    weights = np.zeros((n_values, len(pixels)), np.float32)
    weights[pixels, range(len(pixels))] = 1
    to_floats = [node("Cast", ["image"], ["floats"], attribute("to", FLOAT))] if kind != FLOAT else []
    return model(
        *to_floats,
        node("Flatten", ["floats" if to_floats else "image"], ["flat"]),
        node("MatMul", ["flat", "weights"], ["chosen"]),
        node("Relu", ["chosen"], ["positive"]),
        node("Add", ["positive", "positive"], ["out"]),
        tensor(5, "weights", weights),
        value(11, "image", shape, kind),
        value(12, "out", ("batch", len(pixels))),
    )


def attribute(name: str, number_: int) -> bytes:
    """A setting of a node that is a whole number."""
    return message(5, message(1, name.encode()), number(3, number_), number(20, 2))


def subgraph(name: str, *graph: bytes) -> bytes:
    """A setting of a node that is a graph."""
    return message(5, message(1, name.encode()), message(6, *graph, message(2, name.encode())), number(20, 5))


def endless() -> bytes:
    """A model that counts to 10**15 before it answers."""
    body = subgraph(
        "body",
        node("Identity", ["go_on"], ["go_on_still"]),
        node("Add", ["x", "x"], ["y"]),
        value(11, "turn", (), INT64),
        value(11, "go_on", (), BOOL),
        value(11, "x", ("batch", 96)),
        value(12, "go_on_still", (), BOOL),
        value(12, "y", ("batch", 96)),
    )
    return model(
        node("Flatten", ["image"], ["flat"]),
        node("Loop", ["turns", "", "flat"], ["out"], body),
        tensor(5, "turns", np.array(10**15)),
        value(11, "image", ("batch", 1, 12, 8)),
        value(12, "out", ("batch", 96)),
    )


def greedy() -> bytes:
    """A model that makes an image 10**8 times as wide."""
    return model(
        node("Flatten", ["image"], ["flat"]),
        node("Tile", ["flat", "repeats"], ["out"]),
        tensor(5, "repeats", np.array([1, 10**8])),
        value(11, "image", ("batch", 1, 12, 8)),
        value(12, "out", ("batch", "wide")),
    )
