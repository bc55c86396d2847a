"""Messages between Python and the tables of class pairs, under the same rules as `messages.py`."""

from typing import TypedDict


class HeatmapWords(TypedDict):
    """Words that a table of class pairs uses for a cell and for the ends of its legend.

    Attributes
    ----------
    between
        Word between the names of the two classes, such as ``and``.
    unit
        Words after the percentage that say what it is a share of.
    least, most
        Words at the two ends of the legend.
    """

    between: str
    unit: str
    least: str
    most: str


class HeatmapRequest(TypedDict):
    """Request to draw a table of class pairs; numbers are in percent, None where there is none.

    Attributes
    ----------
    names
        Names of all classes, by their codes.
    values, lows, highs
        Value of every two classes, such as the overlap index, and the ends of its interval.
    most
        Upper bound of the index where no neighbor was counted.
    pair
        Codes of the chosen classes.
    ranks
        For each pair that has an overlap: its codes, its rank, and the first and last rank that are possible.
    alike
        Codes of the pairs whose rank cannot be told from that of the chosen pair.
    """

    names: list[str]
    values: list[list[float | None]]
    lows: list[list[float | None]]
    highs: list[list[float | None]]
    most: list[list[float | None]]
    pair: list[int]
    ranks: list[list[int]]
    alike: list[list[int]]
    words: HeatmapWords


class HeatmapAnswers(TypedDict):
    """Message from the table of class pairs to Python: the codes of the two classes of the cell that was clicked."""

    pair: list[int]
