"""Messages between Python and the Layers tab's small maps and axis, under the same rules as `messages.py`."""

from typing import TypedDict

from embviz.ui.contract.color_messages import ColorMessage


class MapMessage(TypedDict):
    """A small map: its title, and the address of x and y of each item as float32."""

    title: str
    url: str


class MapsRequest(TypedDict):
    """Request to draw small maps of two classes, one for each feature space.

    Attributes
    ----------
    items
        Address of int32: the ids of all items, then the class of each, 0 or 1.
    colors
        Colors of the two classes.
    pinned
        Id of the pinned item if it is on the maps; else None.
    """

    pane: str
    maps: list[MapMessage]
    items: str
    count: int
    colors: list[ColorMessage]
    pinned: int | None


class MarkMessage(TypedDict):
    """An item that is marked on an axis: its id and name, its score along the axis, and its class, 0 or 1."""

    id: int
    name: str
    score: float
    side: int


class WeightsAddress(TypedDict):
    """Address of the weights of the pixels, float32, and the size of the image that they form."""

    url: str
    height: int
    width: int
    channels: int


class AxisRequest(TypedDict):
    """Request to draw the picture of an axis between two classes.

    Attributes
    ----------
    names, colors
        Names and colors of the two classes.
    scores, sides
        Addresses of each item's score along the axis, float32, and of its class, 0 or 1, int32.
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
    """Message from the picture of an axis to Python: the id of the item that was clicked, as a list of one."""

    picked: list[int]
