"""Class colors that can be told apart with every kind of color vision, on a light and on a dark page."""

import colorsys
from dataclasses import dataclass

LUMINANCES = {"light": (0.28, 0.17, 0.09), "dark": (0.16, 0.33, 0.6)}
"""Luminances, 0..1, of colors after the tenth, in turn: contrasts of 3.2 to 12 with the page (#ffffff, #0f1216)."""
GOLDEN_ANGLE = 0.381966
"""Step in hue from one color after the tenth to the next, as a share of the color circle."""


@dataclass(frozen=True, slots=True)
class ClassColor:
    """The color of one class on a light and on a dark page, as ``#rrggbb``."""

    light: str
    dark: str


# The hues are those of Petroff's ten colors (2021, arXiv 2107.02270), ordered so that digits often confused (4/9,
# 3/5/8, 1/7) are far apart. Petroff's own colors are too light for a white page (contrast 1.6) or too dark for a black
# one (2.7). An annealing search in Oklch found the colors nearest to them with these properties: a contrast of 3.05 to
# the page; a difference of 12 in CIEDE2000 between any two, with normal vision and with protanopia, deuteranopia and
# tritanopia as simulated by Machado et al. (2009); digits often confused as far apart as in Petroff's colors; hues
# turned by at most 12 degrees. The tests check these properties with a little slack.
TEN = (
    ClassColor("#687670", "#7a727d"),
    ClassColor("#da7c05", "#ffa913"),
    ClassColor("#c83f05", "#e76300"),
    ClassColor("#879791", "#9eada9"),
    ClassColor("#995c49", "#a96b59"),
    ClassColor("#a00200", "#bf1f01"),
    ClassColor("#9e9465", "#b9ac71"),
    ClassColor("#2368b3", "#418fda"),
    ClassColor("#61008f", "#8a38c2"),
    ClassColor("#01a2b8", "#91dadd"),
)


def class_colors(count: int) -> list[ClassColor]:
    """One color per class: the ten of `TEN`, then hues a golden angle apart with three luminances and five saturations.

    Beyond about 20 classes not all colors can be told apart; no palette can do that.

    Examples
    --------
    >>> class_colors(2)[1]
    ClassColor(light='#da7c05', dark='#ffa913')
    >>> len(set(class_colors(47)))
    47
    """
    return [TEN[code] if code < len(TEN) else _golden_color(code) for code in range(count)]


def _golden_color(code: int) -> ClassColor:
    hue = code * GOLDEN_ANGLE % 1
    saturation = 0.45 + 0.08 * (code // 3 % 5)
    light, dark = (_color_of(hue, saturation, LUMINANCES[ground][code % 3]) for ground in ("light", "dark"))
    return ClassColor(light, dark)


def _color_of(hue: float, saturation: float, luminance: float) -> str:
    """The color of the given hue, saturation and luminance, all 0..1; its lightness is found by bisection."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if _luminance(colorsys.hls_to_rgb(hue, middle, saturation)) < luminance else (low, middle)
        )
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, low, saturation))


def _luminance(channels: tuple[float, float, float]) -> float:
    """Relative luminance of an sRGB color as WCAG 2 defines it: 0 for black, 1 for white."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
