"""Messages between Python and the Layers tab's small maps and axis, as those of `messages.py` in every respect."""

from typing import TypedDict

from embviz.ui.contract.messages import ColorMessage


class MapMessage(TypedDict):
    """A small map: what it is of, and where the coordinates are, x and y of each item as float32."""

    title: str
    url: str


class MapsRequest(TypedDict):
    """What the small maps of two classes are told to show.

    Attributes
    ----------
    items
        Address of int32: the ids of all items, then the class of each, 0 or 1.
    colors
        Of the two classes.
    pinned
        Id of the pinned item, if it is one of them.
    """

    pane: str
    maps: list[MapMessage]
    items: str
    count: int
    colors: list[ColorMessage]
    pinned: int | None


class MarkMessage(TypedDict):
    """An item that is marked on an axis: where it lies, and its class, 0 or 1."""

    id: int
    name: str
    score: float
    side: int


class WeightsAddress(TypedDict):
    """Where the weights of the pixels are, float32, and the size of the image that they make."""

    url: str
    height: int
    width: int
    channels: int


class AxisRequest(TypedDict):
    """What the picture of an axis is told to show.

    Attributes
    ----------
    names, colors
        Of the two classes.
    scores, sides
        Addresses: where each item lies, float32, and its class, int32.
    """

    pane: str
    names: list[str]
    colors: list[ColorMessage]
    count: int
    scores: str
    sides: str
    marks: list[MarkMessage]
    weights: WeightsAddress | None


class MapsAnswers(TypedDict):
    """Message from the small maps to Python: the id of the item that was clicked, as a list of one."""

    picked: list[int]


class AxisAnswers(TypedDict):
    """Message from the picture of an axis to Python: the same as `MapsAnswers`."""

    picked: list[int]
