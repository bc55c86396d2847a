"""Messages of the tables of class pairs, as `messages.py` has those of the other components."""

from typing import TypedDict


class HeatmapWords(TypedDict):
    """How a table of class pairs speaks of a cell and of its colors.

    Attributes
    ----------
    between
        Stands between the names of the two classes: ``and``.
    unit
        What the percentage is of.
    least, most
        What stands at the two ends of the legend.
    """

    between: str
    unit: str
    least: str
    most: str


class HeatmapRequest(TypedDict):
    """What the table of class pairs is told to show; numbers are in percent, None where there is none.

    Attributes
    ----------
    names
        Those of all classes, by their codes.
    values, lows, highs
        Overlap index of every two classes, and the ends of its interval.
    most
        What the index is at most where no neighbor was counted.
    pair
        Codes of the chosen classes.
    ranks
        For each pair that has an overlap: its codes, its rank, and the first and last rank that are possible.
    alike
        The pairs that cannot be told in rank from the chosen one.
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
