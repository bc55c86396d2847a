"""Colors of categories and of numbers on light and dark pages; the first ten and the scale suit every color vision."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Color:
    """A color for a light page and one for a dark page, as ``#rrggbb``."""

    light: str
    dark: str


# The hues are those of Petroff's ten colors (2021, arXiv 2107.02270), ordered so that digits often confused (4/9,
# 3/5/8, 1/7) are far apart. Petroff's own colors are too light for a white page (contrast 1.6) or too dark for a black
# one (2.7). An annealing search in Oklch found the colors nearest to them with these properties: a contrast of 3.05 to
# the page; a difference of 12 in CIEDE2000 between any two, with normal vision and with protanopia, deuteranopia and
# tritanopia as simulated by Machado et al. (2009); digits often confused as far apart as in Petroff's colors; hues
# turned by at most 12 degrees. The tests check these properties with a little slack.
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


# Each color is the one farthest, in CIEDE2000 and on either page, from all colors before it, from dimmed items and from
# the grays below: 10 at least. The light and the dark color of a pair have the same hue but differ in lightness.
_LIGHT = (
    "#b671f9 #0a5505 #f71f86 #1fa914 #49031c #6a5407 #09524a #199473 #042244 #341c02 #202402 #697b0d #893b69 "
    "#7291d3 #fb5c53 #a67297 #02262b #c81bc9 #c5164a #0b4f65 #505572 #bc8570 #410341 #6f3b05 #3d6f4e #565841 "
    "#5c1203 #153ead #837158 #a2670c #187d9f #7b9a71 #7a303b #b08e13 #301c20 #775892 #fa3fd4 #158535 #695240 "
    "#827ea7 #8820f7 #859c14 #16817d #463a1c #303f30 #576775 #424e05 #475a57 #53332b #5e3f55 #090e71 #5c9d94"
)
_DARK = (
    "#c78ffb #13790b #fa2f8a #2ad41c #fdb6c2 #7f650a #12756b #1eaa85 #b4c8fc #fdd1b0 #d8fa26 #7b9011 #a3477e "
    "#4d689d #fa3e40 #b988ab #1c94a5 #e821e9 #cb174c #2cc6fa #9195b6 #c79e8e #fee3fb #9d5609 #7edc9e #686a4f "
    "#fb866a #707af9 #988467 #bc7810 #15708f #728f68 #da7b85 #fed569 #8b5b64 #7a5c94 #fb76db #1a9b3f #7e634e "
    "#c9c7d9 #dfbbfc #5f6f0b #24bab4 #f8eace #d9f2d9 #92aac0 #a8c31c #566d69 #dbc4be #cfafc4 #5e49f7 #549289"
)
CATEGORIES = TEN + tuple(map(Color, _LIGHT.split(), _DARK.split()))
"""Colors of categories in their order. People of normal vision tell all 62 apart, everybody the first ten."""

OTHER = Color("#808080", "#888888")
"""Color of the categories for which there are no colors left."""
MISSING = Color("#404040", "#f5f5f5")
"""Color of items without a value: the gray that is farthest from the colors of categories."""

# Numbers from low to high: away from the background in lightness, so that high numbers stand out on either page and for
# every kind of color vision. A search in CIELAB chose where the hue begins and ends; the tests check its goals.
SCALE = tuple(
    map(
        Color,
        ("#73a112", "#32993b", "#078863", "#0c7670", "#0c626f", "#074e69", "#003869", "#1e1e71", "#3d0050"),
        ("#2a66b2", "#127fb0", "#1896af", "#19afad", "#14c798", "#6ad96d", "#c1e154", "#fde38b", "#ffebd1"),
    )
)
"""Colors of numbers at equal steps from the lowest to the highest; in between, colors are interpolated."""
