"""Class colors that stay apart for every kind of color vision."""

import colorsys

# Petroff's ten (2021, arXiv 2107.02270), ordered so that digits often confused (4/9, 3/5/8, 1/7, 7/9) are far
# apart in Oklab for normal vision and for simulated protanopia and deuteranopia (Machado et al., 2009).
PETROFF = (
    "#717581",
    "#ffa90e",
    "#e76300",
    "#94a4a2",
    "#a96b59",
    "#bd1f01",
    "#b9ac70",
    "#3f90da",
    "#832db6",
    "#92dadd",
)
GOLDEN_ANGLE = 0.381966


def class_colors(count: int) -> list[str]:
    """One color per class: Petroff's ten, then hues a golden angle apart in three lightnesses.

    Not all distinguishable beyond about 20 classes; no palette is.

    Examples
    --------
    >>> class_colors(2)
    ['#717581', '#ffa90e']
    >>> len(set(class_colors(47)))
    47
    """
    return [PETROFF[code] if code < len(PETROFF) else _golden_color(code) for code in range(count)]


def _golden_color(code: int) -> str:
    channels = colorsys.hls_to_rgb(code * GOLDEN_ANGLE % 1, (0.42, 0.56, 0.7)[code % 3], 0.6)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
