"""Types of the JSON messages between Python and the page's components, the same as in `frontend/state/messages.js`.

A test compares the two files, and sends every message through both. Messages contain no arrays, but addresses to fetch
arrays from: `addresses.py` says what is in those.
"""

from typing import Literal, TypedDict

from embviz.ui.contract.color_messages import ColoringMessage


class ItemsAddress(TypedDict):
    """Address of the items' ids, labels and predictions.

    Attributes
    ----------
    revision
        Text that names the content of an array: equal revisions mean equal arrays, here and in the messages below.
    url
        Address relative to the server's base, as all addresses are.
    count
        Number of items.
    idLimit
        A number above all ids.
    splits
        Name and first id of each split, where there are any.
    names
        Names of the classes, by the codes of labels and predictions.
    """

    revision: str
    url: str
    count: int
    idLimit: int
    splits: list[list[str | int]]
    names: list[str]


class CoordsAddress(TypedDict):
    """Address of the coordinates, and how their axes are drawn.

    Attributes
    ----------
    url
        Address of the coordinates; None while the layout forms.
    dims
        Number of dimensions, 2 or 3.
    axes
        Titles of the axes; empty if the axes have no meaning.
    scaled
        Whether the axes carry numbers.
    box
        For axes without numbers: the center of the box that the coordinates are drawn into, then half of its side.
        None for the smallest box that contains them.
    """

    revision: str
    url: str | None
    dims: int
    axes: list[str]
    scaled: bool
    box: list[float] | None


class LinesAddress(TypedDict):
    """Address of the lines between items: the ids of each line's two items."""

    revision: str
    url: str


class ImagesAddress(TypedDict):
    """Addresses of the images, one for each part of them, and the size of an image in pixels.

    Attributes
    ----------
    firsts
        Lowest id of each part, ascending, where a part is fetched when one of its images is asked for; None where all
        are fetched at once.
    """

    revision: str
    urls: list[str]
    firsts: list[int] | None
    height: int
    width: int
    channels: int


class RunMessage(TypedDict):
    """The run that computes the coordinates, or has computed them.

    Attributes
    ----------
    place
        Key under which the page keeps its zoom. It stays the same when the run is continued later.
    unit
        Name of the run's steps.
    more
        Number of steps that one press adds; 0 where the run can no longer be continued.
    """

    url: str
    place: str
    unit: str
    more: int


class LabelsMessage(TypedDict):
    """Texts that items are labeled with: their name, and the address of the text of each item."""

    name: str
    revision: str
    url: str


class NeighborsMessage(TypedDict):
    """The neighbors of the pinned item, whose id is `of`, nearest first."""

    of: int
    ids: list[int]
    distances: list[float]


class FocusMessage(TypedDict):
    """Pinned, selected and compared items: `Focus` as JSON. Both sides may change it; the higher serial is newer."""

    source: str
    serial: int
    pinned: int | None
    selected: str | None
    pair: list[int] | None


class LookMessage(TypedDict):
    """The camera (3-D) or axis ranges (2-D) of a plot: to be restored, or as an answer the present ones.

    Attributes
    ----------
    key
        Text that is new in each request, so that the browser follows it once; an answer repeats the request's key.
    camera
        In 2-D the 4 ends of the axes, in 3-D 9 coordinates of eye, center and up; empty for the home view.
    """

    key: str
    camera: list[float]


class ProjectorRequest(TypedDict):
    """Request to the projector to draw a view.

    Attributes
    ----------
    pane
        Key of the pane that the request is for.
    plotly
        Address of plotly.js.
    source
        Key of the data that the ids belong to.
    begins
        Whether Python starts a run once this request has been drawn.
    isAtWork
        Whether a run is under way, which may not have a frame yet.
    isAsked
        Whether the view is the one that the sidebar asks for; otherwise it is an earlier one that is still drawn.
    address
        Query for the address of the page, to which the browser adds the camera; empty leaves the address as it is.
    look
        Camera or axis ranges to restore; None leaves the view of the plot as it is.
    asksLook
        Key with which the browser is to answer its camera or axis ranges; empty asks for no answer.
    lines
        Lines between items; None if no column says which item comes next.
    coloring
        Colors of the items; None if all have one color.
    highlighted
        Codes of the labels whose items keep their colors while others are dimmed; None dims nothing.
    labels
        Texts beside points; None if items are not labeled in the plot.
    held
        Id of the item that is compared with the pinned one; None if none is.
    session
        Key of the visitor's session; a new one does not know what was pinned and selected before.
    link
        What the pane shares with the other panes. ``focus``: pointer, focus and hidden classes; ``views``: the view of
        the plot, too; None: nothing.
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
    lines: LinesAddress | None
    images: ImagesAddress | None
    coloring: ColoringMessage | None
    highlighted: list[int] | None
    labels: LabelsMessage | None
    neighbors: NeighborsMessage | None
    focus: FocusMessage
    held: int | None
    session: str
    link: Literal["focus", "views"] | None


class ProjectorAnswers(TypedDict):
    """Messages from the projector to Python; each key is sent separately.

    Attributes
    ----------
    focus
        What is pinned and selected. Python keeps it until it changes; every other message counts once.
    more
        The visitor asks for more steps of a run that has ended.
    begin
        The plot of a request that `begins` a run has been drawn.
    over
        A run has ended, or the server no longer knows it.
    look
        Camera or axis ranges, if the request asks for them; without numbers if an earlier view is still drawn.
    """

    focus: FocusMessage
    more: Literal[True]
    begin: Literal[True]
    over: Literal[True]
    look: LookMessage
