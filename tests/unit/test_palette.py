"""Class colors: told apart by every kind of color vision, often-confused digits most of all."""

import numpy as np
import pytest

from embviz.arrays import Float64Array
from embviz.ui.palette import PETROFF, class_colors

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
OFTEN_CONFUSED = [(4, 9), (3, 5), (3, 8), (5, 8), (1, 7), (7, 9)]
LEAST_DISTANCE = 0.06
"""In Oklab, where black and white are 1 apart."""


def oklab(colors: list[str], vision: str = "normal") -> Float64Array:
    srgb = np.array([[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in colors]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ VISIONS[vision].T, 0, 1)
    return np.cbrt(seen @ CONES.T) @ OKLAB.T


def distances(colors: list[str], vision: str) -> Float64Array:
    places = oklab(colors, vision)
    return np.linalg.norm(places[:, None] - places[None], axis=2)


def of_pairs(square: Float64Array) -> Float64Array:
    return square[np.triu_indices(len(square), 1)]


@pytest.mark.parametrize("vision", VISIONS)
def test_gray_looks_the_same_to_everybody(vision: str) -> None:
    grays = ["#000000", "#808080", "#ffffff"]
    np.testing.assert_allclose(oklab(grays, vision), oklab(grays), atol=1e-5)


def test_black_and_white_are_one_apart() -> None:
    assert distances(["#000000", "#ffffff"], "normal")[0, 1] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("vision", VISIONS)
def test_ten_classes_are_told_apart(vision: str) -> None:
    assert of_pairs(distances(class_colors(10), vision)).min() >= LEAST_DISTANCE


@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia"])
@pytest.mark.parametrize(("one", "other"), OFTEN_CONFUSED)
def test_often_confused_digits_are_farther_apart_than_most_pairs(vision: str, one: int, other: int) -> None:
    apart = distances(class_colors(10), vision)
    assert apart[one, other] > np.median(of_pairs(apart))


def test_the_ten_are_petroffs_in_an_order_of_our_own() -> None:
    published = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6"]
    published += ["#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"]
    assert sorted(PETROFF) == sorted(published)


def test_a_class_keeps_its_color_when_others_come() -> None:
    assert class_colors(47)[:10] == class_colors(10)


def test_every_class_has_a_color_of_its_own() -> None:
    colors = class_colors(200)
    assert len(set(colors)) == 200
    assert all(len(color) == 7 and int(color[1:], 16) >= 0 for color in colors)


def test_no_class_needs_no_color() -> None:
    assert class_colors(0) == []
