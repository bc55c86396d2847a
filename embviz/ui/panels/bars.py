"""HTML of numbers of one kind below each other, each with a bar, so that they can be compared by eye."""

from collections.abc import Sequence
from dataclasses import dataclass

from embviz.ui.words import as_html


@dataclass(frozen=True, slots=True)
class Bar:
    """One number with its bar.

    Attributes
    ----------
    title
        Name of the number.
    share
        The number, 0 or more; 1 is 100 %.
    explained
        Text of the tooltip.
    mark
        Begin and end of a line over the bar: an interval, or a mark where both are the same; None for no line.
    """

    title: str
    share: float
    explained: str
    mark: tuple[float, float] | None = None


def bars_html(bars: Sequence[Bar], longest: float | None = None) -> str:
    """HTML of the bars; `longest` is the number that a bar of full length stands for, the largest there is if None."""
    ends = [end for bar in bars if bar.mark is not None for end in bar.mark]
    whole = max([*(bar.share for bar in bars), *ends, 1e-9]) if longest is None else longest
    return f'<div class="embviz-bars">{"".join(_line(bar, whole) for bar in bars)}</div>'


def _line(bar: Bar, whole: float) -> str:
    drawn = f'<i style="width:{_length(bar.share, whole)}"></i>'
    if bar.mark is not None:
        low, high = bar.mark
        drawn += f'<s style="left:{_length(low, whole)};width:{_length(high - low, whole)}"></s>'
    return (
        f'<div title="{as_html(bar.explained)}"><span>{as_html(bar.title)}</span>'
        f'<span class="embviz-bar">{drawn}</span><b>{100 * bar.share:.1f}\xa0%</b></div>'
    )


def _length(share: float, whole: float) -> str:
    return f"{100 * max(share, 0.0) / whole:.2f}%"
