"""Every message between Python and the page's components, as JSON has it; `frontend/state/messages.js` says the same.

A test compares the two files, and sends every message through both. Arrays are not in messages, but addresses to fetch
them from: `addresses.py` says what is in those.
"""

from typing import Literal, TypedDict


class ItemsAddress(TypedDict):
    """Where the items are: their ids, labels and predictions.

    Attributes
    ----------
    revision
        The same where the array is the same, here and in what follows.
    url
        Relative to the server's base, as all addresses are.
    count
        How many items there are.
    idLimit
        What all their ids are below.
    splits
        Name and first id of each split, where there are any.
    names
        Those of labels and predictions, by their codes.
    """

    revision: str
    url: str
    count: int
    idLimit: int
    splits: list[list[str | int]]
    names: list[str]


class CoordsAddress(TypedDict):
    """Where the coordinates are.

    Attributes
    ----------
    url
        None while they form.
    dims
        2 or 3.
    axes
        Their titles; none where axes mean nothing.
    scaled
        Whether axes carry numbers.
    box
        Of coordinates without numbers: the center of the box that they are drawn into, and half of its side; None for
        the box that they just fill.
    """

    revision: str
    url: str | None
    dims: int
    axes: list[str]
    scaled: bool
    box: list[float] | None


class ImagesAddress(TypedDict):
    """Where the images are, and their size in pixels; each address of `urls` has a part of them."""

    revision: str
    urls: list[str]
    height: int
    width: int
    channels: int


class RunMessage(TypedDict):
    """The run in which the coordinates form, or have formed.

    Attributes
    ----------
    place
        What the page keeps its zoom under, also when the run goes on later.
    unit
        What its steps are called.
    more
        How many steps one press adds; 0 where the run can no longer go on.
    """

    url: str
    place: str
    unit: str
    more: int


class ColorMessage(TypedDict):
    """A color for a light page and one for a dark page, as ``#rrggbb``."""

    light: str
    dark: str


class LegendEntry(TypedDict):
    """A category in the legend; the code of items without a value is -1."""

    code: int
    name: str
    count: int
    color: ColorMessage


class ScaleMessage(TypedDict):
    """The lowest number and the highest, and colors at equal steps between them."""

    low: float
    high: float
    colors: list[ColorMessage]


class ColoringMessage(TypedDict):
    """What the items are colored by: `Coloring` as JSON.

    Attributes
    ----------
    name
        Title of the legend.
    isTold
        Whether it is to be said of an item beside its label and prediction.
    url
        Of the code of each item's category; or, for `kind` values, of where each item's number is between the lowest
        finite one, 0, and the highest, 1, and NaN where there is none.
    entries
        In the order of their codes; items without a value, if there are any, last.
    scale
        None where there are no numbers.
    """

    name: str
    kind: Literal["categories", "values"]
    isTold: bool
    revision: str
    url: str
    entries: list[LegendEntry]
    scale: ScaleMessage | None


class LabelsMessage(TypedDict):
    """What items are labeled with: its name, and where the text of each item is."""

    name: str
    revision: str
    url: str


class NeighborsMessage(TypedDict):
    """The neighbors of the pinned item, whose id is `of`, nearest first."""

    of: int
    ids: list[int]
    distances: list[float]


class FocusMessage(TypedDict):
    """What is pinned, selected and compared: `Focus` as JSON. Both sides may change it; the higher serial is newer."""

    source: str
    serial: int
    pinned: int | None
    selected: str | None
    pair: list[int] | None


class LookMessage(TypedDict):
    """From where the browser is to look, once; or, as an answer, from where it does.

    Attributes
    ----------
    key
        Another one each time that this is asked for, or was.
    camera
        In 2-D the 4 ends of the axes, in 3-D 9 coordinates of eye, center and up; none for the usual view.
    """

    key: str
    camera: list[float]


class ProjectorRequest(TypedDict):
    """What the projector is told to show.

    Attributes
    ----------
    pane
        Key of the pane that it is for.
    plotly
        Where plotly.js is.
    source
        Which data the ids belong to.
    begins
        Whether a run begins when this has been drawn.
    isAtWork
        Whether a run is under way, which may not have a frame yet.
    isAsked
        Whether this is what the sidebar asks for, and does not only stand for that.
    address
        The query that the address of the page gets, to which the camera is added; empty where it stays as it is.
    look
        None where nothing is to be brought back.
    asksLook
        Key of the answer that is to say from where the browser looks; empty where nobody asks.
    coloring
        None where all items have one color.
    highlighted
        Codes of labels.
    labels
        None where items are not labeled in the plot.
    held
        Id of the item that is compared with the pinned one.
    link
        What it has in common with the other panes of the page that are linked: pointer, focus and hidden classes, or
        also the view of the plot; None for nothing.
    """

    pane: str
    plotly: str
    source: str
    begins: bool
    isAtWork: bool
    isAsked: bool
    address: str
    look: LookMessage | None
    asksLook: str
    items: ItemsAddress
    coords: CoordsAddress
    run: RunMessage | None
    images: ImagesAddress | None
    coloring: ColoringMessage | None
    highlighted: list[int] | None
    labels: LabelsMessage | None
    neighbors: NeighborsMessage | None
    focus: FocusMessage
    held: int | None
    link: Literal["focus", "views"] | None


class ProjectorAnswers(TypedDict):
    """Messages from the projector to Python; each key is sent separately.

    Attributes
    ----------
    focus
        What is pinned and selected. It is kept until it changes; the other messages count once.
    more
        The visitor asks for more steps of a run that has ended.
    begin
        The plot of a request that `begins` a run has been drawn.
    over
        A run has ended, or the server no longer knows it.
    look
        From where the browser looks, if the request asks for it; no numbers also where something else is drawn.
    """

    focus: FocusMessage
    more: Literal[True]
    begin: Literal[True]
    over: Literal[True]
    look: LookMessage
