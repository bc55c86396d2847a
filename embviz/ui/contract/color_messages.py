"""Types of the JSON messages about colors and the legend, the same as in `frontend/state/messages.js`."""

from typing import Literal, TypedDict


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
    """The color scale of numbers: the lowest, the highest, and colors at equal steps between them.

    Dates are seconds since 1970; `unit` says how exactly they are told.
    """

    low: float
    high: float
    unit: Literal["number", "day", "minute", "second"]
    colors: list[ColorMessage]


class ColoringMessage(TypedDict):
    """The coloring of the items: `Coloring` as JSON.

    Attributes
    ----------
    name
        Title of the legend.
    isTold
        Whether the tooltip says an item's value beside its label and prediction.
    url
        Address of the code of each item's category; or, for `kind` values, of each item's number scaled so that the
        lowest finite one is 0 and the highest is 1, and NaN where there is none.
    entries
        Entries of the legend in the order of their codes; items without a value, if there are any, last.
    scale
        Color scale of numbers; None where there are no numbers.
    """

    name: str
    kind: Literal["categories", "values"]
    isTold: bool
    revision: str
    url: str
    entries: list[LegendEntry]
    scale: ScaleMessage | None


class RecoloringRequest(TypedDict):
    """Where a pane finds other colors for what it shows, sooner than from a request that the page's script makes.

    Attributes
    ----------
    pane
        Key of the pane.
    items
        Revision of the items that are colored; a pane that shows others by now waits for its own request.
    select
        Key of the select whose options are the titles of the colors.
    url
        Address of the colors, without the title that is to follow.
    chosen
        Address of the colors that have been chosen; None while the page's script runs, whose request has them.
    """

    pane: str
    items: str
    select: str
    url: str
    chosen: str | None


class RecoloringAnswers(TypedDict):
    """Answer to a `RecoloringRequest`: the pane has the colors, so that the rest of the page may follow."""

    painted: Literal[True]
