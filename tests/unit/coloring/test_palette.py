"""Colors: seen on both grounds told apart by every kind of color vision, often-confused digits most of all."""

import re
import tomllib
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from embviz.arrays import Float64Array
from embviz.coloring.palette import CATEGORIES, MISSING, OTHER, SCALE, Color
from embviz.server import FRONTEND

ROOT = Path(__file__).parents[3]
GROUNDS = {"light": "#ffffff", "dark": "#0f1216"}
"""What the points are drawn on."""

# Linear sRGB as people without one kind of cone see it (Machado, Oliveira and Fernandes, 2009, severity 1.0).
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# Oklab (Ottosson, 2020): linear sRGB to cone responses, and their cube roots to lightness and two hues.
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# Linear sRGB to CIE XYZ under D65, and the white of that light (IEC 61966-2-1).
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])

# Petroff's ten (2021, arXiv 2107.02270), ordered so that digits often confused are far apart.
PETROFF = ["#717581", "#ffa90e", "#e76300", "#94a4a2", "#a96b59", "#bd1f01", "#b9ac70", "#3f90da", "#832db6", "#92dadd"]
GRAYS = [0, 3]
OFTEN_CONFUSED = {(1, 7): 50, (4, 9): 33, (3, 5): 31, (3, 8): 34, (5, 8): 28, (7, 9): 17}
"""Least distance of each pair; Petroff's ten have 50.7, 34.0, 31.9, 35.0, 28.6 and 17.5."""
LEAST_DISTANCE = 11.0
LEAST_CONTRAST = 3.0
"""What WCAG 2.2 asks of graphics."""


def linear(colors: list[str]) -> Float64Array:
    srgb = np.array([[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in colors]) / 255
    return np.asarray(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4))


def lab(colors: list[str], vision: str = "normal") -> Float64Array:
    """CIELAB of the colors as somebody of that vision sees them."""
    share = np.clip(linear(colors) @ VISIONS[vision].T, 0, 1) @ XYZ.T / WHITE
    f = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def lch(colors: list[str]) -> Float64Array:
    """Lightness, chroma and hue in degrees, of Oklab."""
    lightness, a, b = (np.cbrt(linear(colors) @ CONES.T) @ OKLAB.T).T
    return np.stack([lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a))], axis=1)


def ciede2000(one: Float64Array, other: Float64Array) -> float:
    """Distance of two places in CIELAB (Sharma, Wu and Dalal, 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    gray = 0.5 * (1 - np.sqrt(1 / (1 + (25 / max((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2, 1e-9)) ** 7)))
    a1, a2 = a1 * (1 + gray), a2 * (1 + gray)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = np.radians(h1 + turn / 2) if c1 * c2 else np.radians(h1 + h2)
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * np.cos(hue - np.radians(30)) + 0.24 * np.cos(2 * hue)
    t += 0.32 * np.cos(3 * hue + np.radians(6)) - 0.2 * np.cos(4 * hue - np.radians(63))
    in_lightness = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2))
    in_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    in_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2) / (1 + 0.015 * chroma * t)
    blue = np.exp(-((((np.degrees(hue) % 360) - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(1 / (1 + (25 / max(chroma, 1e-9)) ** 7)) * np.sin(np.radians(60 * blue))
    return float(np.sqrt(in_lightness**2 + in_chroma**2 + in_hue**2 + rotation * in_chroma * in_hue))


def distances(colors: list[str], vision: str) -> Float64Array:
    places = lab(colors, vision)
    return np.array([[ciede2000(one, other) for other in places] for one in places])


def contrasts(colors: list[str], ground: str) -> Float64Array:
    """As WCAG 2 defines it: 1 of a color with itself, 21 of black with white."""
    ours, grounds = (linear(each) @ [0.2126, 0.7152, 0.0722] + 0.05 for each in (colors, [ground]))
    return np.asarray(np.maximum(ours, grounds) / np.minimum(ours, grounds))


def on(ground: str, count: int = 10) -> list[str]:
    return shades(CATEGORIES[:count], ground)


def shades(colors: Iterable[Color], ground: str) -> list[str]:
    return [getattr(color, ground) for color in colors]


def dimmed_on(ground: str) -> str:
    """The color of items that are dimmed, as the page's script has it."""
    found = re.search(r"dimmed: dark \? \[(.+?)\] : \[(.+?)\]", (FRONTEND / "state" / "theme.js").read_text())
    assert found is not None
    return "#" + "".join(f"{int(channel, 16):02x}" for channel in found[1 if ground == "dark" else 2].split(", "))


@pytest.mark.parametrize("vision", VISIONS)
def test_gray_looks_the_same_to_everybody(vision: str) -> None:
    grays = ["#000000", "#808080", "#ffffff"]
    np.testing.assert_allclose(lab(grays, vision), lab(grays), atol=1e-2)


def test_distance_and_contrast_are_those_of_the_standards() -> None:
    """Three pairs of the table of Sharma, Wu and Dalal; black and white."""
    for one, other, expected in [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ]:
        assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
    assert contrasts(["#000000"], "#ffffff") == pytest.approx(21)


def test_the_grounds_are_those_of_the_page() -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
    assert {ground: theme[ground]["backgroundColor"] for ground in GROUNDS} == GROUNDS


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_color_is_seen_on_its_ground(ground: str) -> None:
    assert contrasts(on(ground, 62), GROUNDS[ground]).min() >= LEAST_CONTRAST


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("vision", VISIONS)
def test_ten_classes_are_told_apart(ground: str, vision: str) -> None:
    apart = distances(on(ground), vision)
    assert apart[np.triu_indices(10, 1)].min() >= LEAST_DISTANCE
    for (one, other), least in OFTEN_CONFUSED.items():
        assert apart[one, other] >= least


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("vision", VISIONS)
def test_no_class_looks_like_items_that_are_dimmed(ground: str, vision: str) -> None:
    assert distances([dimmed_on(ground), *on(ground)], vision)[0, 1:].min() >= 15


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_class_keeps_the_hue_that_petroff_gave_it(ground: str) -> None:
    (_, chroma, hue), (_, _, published) = lch(on(ground)).T, lch(PETROFF).T
    drift = np.abs((hue - published + 180) % 360 - 180)
    assert np.delete(drift, GRAYS).max() <= 15
    assert chroma[GRAYS].max() <= 0.035 < np.delete(chroma, GRAYS).min()


@pytest.mark.parametrize("ground", GROUNDS)
def test_as_many_categories_as_emnist_has_are_told_apart(ground: str) -> None:
    """By normal vision: no palette of so many colors does it for the others."""
    assert len(CATEGORIES) == 62
    apart = distances([dimmed_on(ground), *shades((MISSING, OTHER), ground), *on(ground, 62)], "normal")
    assert apart[3:, 3:][np.triu_indices(62, 1)].min() >= 10
    assert apart[:3, 13:].min() >= 10


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_number_is_seen_and_a_higher_one_stands_out_more(ground: str) -> None:
    scale = shades(SCALE, ground)
    assert contrasts(scale, GROUNDS[ground]).min() >= LEAST_CONTRAST
    assert (np.diff(contrasts(scale, GROUNDS[ground])) > 0).all()


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("vision", VISIONS)
def test_equal_steps_of_a_number_are_seen_by_everybody(ground: str, vision: str) -> None:
    places = lab(shades(SCALE, ground), vision)
    steps = np.array([ciede2000(one, other) for one, other in pairwise(places)])
    assert steps.min() >= 4
    if vision == "normal":
        assert steps.max() / steps.min() < 1.4, "and are about equally far apart"


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("vision", VISIONS)
def test_what_is_missing_or_other_looks_like_no_category(ground: str, vision: str) -> None:
    apart = distances([*shades((MISSING, OTHER), ground), *on(ground)], vision)
    assert apart[0, 1] >= 20
    assert apart[0, 2:].min() >= 7 and apart[1, 2:].min() >= 5
    numbers = distances([*shades((MISSING,), ground), *shades(SCALE, ground)], vision)
    assert numbers[0, 1:].min() >= 7
    assert contrasts(shades((MISSING, OTHER), ground), GROUNDS[ground]).min() >= LEAST_CONTRAST
