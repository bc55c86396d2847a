"""Colors of categories and of numbers, for every kind of color vision, on a light page and on a dark one."""

import colorsys
from dataclasses import dataclass

LUMINANCES = {"light": (0.28, 0.17, 0.09), "dark": (0.16, 0.33, 0.6)}
"""Of the colors from the eleventh on, in turn: contrasts of 3.2 to 12 with the ground (#ffffff, #0f1216)."""
GOLDEN_ANGLE = 0.381966


@dataclass(frozen=True, slots=True)
class Color:
    """A color for a light page and one for a dark page, as ``#rrggbb``."""

    light: str
    dark: str


# The hues of Petroff's ten (2021, arXiv 2107.02270), ordered so that digits often confused (4/9, 3/5/8, 1/7) are apart.
# Petroff's own colors are too light for a white page (1.6:1) or too dark for a black one (2.7:1). Each table is what an
# annealing search in Oklch found nearest to them with a contrast of 3.05 to the ground, 12 in CIEDE2000 between any two
# (normal vision, and protanopia, deuteranopia and tritanopia as Machado et al. simulate them, 2009), digits often
# confused as far apart as before, and hues turned by 12 degrees at most. The tests hold the formulas.
TEN = (
    Color("#687670", "#7a727d"),
    Color("#da7c05", "#ffa913"),
    Color("#c83f05", "#e76300"),
    Color("#879791", "#9eada9"),
    Color("#995c49", "#a96b59"),
    Color("#a00200", "#bf1f01"),
    Color("#9e9465", "#b9ac71"),
    Color("#2368b3", "#418fda"),
    Color("#61008f", "#8a38c2"),
    Color("#01a2b8", "#91dadd"),
)


OTHER = Color("#808080", "#888888")
"""Of the categories for which there are no colors left."""
MISSING = Color("#404040", "#f5f5f5")
"""Of items without a value: the gray that is farthest from the colors of categories."""

# Numbers from low to high: away from the ground in lightness, so that high numbers stand out on either page, and for
# every kind of color vision. A search in CIELAB over where the hue begins and ends; the tests hold what it sought.
SCALE = tuple(
    map(
        Color,
        ("#73a112", "#32993b", "#078863", "#0c7670", "#0c626f", "#074e69", "#003869", "#1e1e71", "#3d0050"),
        ("#2a66b2", "#127fb0", "#1896af", "#19afad", "#14c798", "#6ad96d", "#c1e154", "#fde38b", "#ffebd1"),
    )
)
"""Colors of numbers at equal steps from the lowest to the highest; between them one goes straight."""


def category_colors(count: int) -> list[Color]:
    """One color per category: the ten, then hues a golden angle apart in three lightnesses and five saturations.

    Not all distinguishable beyond about 20 categories; no palette is.

    Examples
    --------
    >>> category_colors(2)[1]
    Color(light='#da7c05', dark='#ffa913')
    >>> len(set(category_colors(47)))
    47
    """
    return [TEN[code] if code < len(TEN) else _golden_color(code) for code in range(count)]


def _golden_color(code: int) -> Color:
    hue = code * GOLDEN_ANGLE % 1
    saturation = 0.45 + 0.08 * (code // 3 % 5)
    light, dark = (_color_of(hue, saturation, LUMINANCES[ground][code % 3]) for ground in ("light", "dark"))
    return Color(light, dark)


def _color_of(hue: float, saturation: float, luminance: float) -> str:
    """The color of that hue which shines so bright: the lightness is found by halving."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if _luminance(colorsys.hls_to_rgb(hue, middle, saturation)) < luminance else (low, middle)
        )
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, low, saturation))


def _luminance(channels: tuple[float, float, float]) -> float:
    """How bright sRGB is to the eye, black 0 and white 1 (WCAG 2's relative luminance)."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
