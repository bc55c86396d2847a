"""The picture of a layout: every item once, at its place, in its color; nothing of a name runs."""

import io
import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from embviz.coloring import CategoryColoring, ValueColoring
from embviz.coloring.palette import CATEGORIES, MISSING
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import InputError
from embviz.export import write_picture
from embviz.export.picture.drawing import drawing_of
from embviz.export.picture.png import png_bytes
from embviz.export.picture.svg import svg_text
from embviz.projection.projection import Projection
from embviz.projection.specs import Umap

SVG = "{http://www.w3.org/2000/svg}"


def layout(coords):
    coords = np.array(coords, np.float32)
    return Projection(coords, np.arange(len(coords)), Umap(n_components=coords.shape[1]), "", items="a", seconds=0)


def categories(codes, names=("one", "two")):
    return CategoryColoring("class", np.array(codes, np.int32), names, 0, "a")


def drawn(drawing):
    """Fill and place of each circle among the points of the SVG text, in the order of drawing."""
    root = ET.fromstring(svg_text(drawing))  # we wrote it
    (points,) = root.findall(f"{SVG}g")
    classes = {f"c{code}": color for code, color in enumerate(drawing.colors)}
    return [(classes[each.get("class")], float(each.get("cx")), float(each.get("cy"))) for each in points]


def test_lines_are_below_the_points_between_the_two_places_in_the_color_of_the_first():
    rows = [{"__seq_next__": after} for after in (1, 3, 0, 9)]
    dataset = dataset_from_arrays(vectors=np.eye(4), metadata=rows)
    made = layout([[0, 0], [0, 1], [1, 0], [1, 1]])
    flat = Projection(made.coords, made.ids, made.spec, "", items=dataset.items, seconds=0)
    coloring = CategoryColoring("class", np.array([0, 1, 1, 0], np.int32), ("one", "two"), 0, dataset.items)
    drawing = drawing_of(flat, coloring, dataset=dataset, width=400, height=400)
    root = ET.fromstring(svg_text(drawing))
    lines = root.findall(f"{SVG}line")
    assert list(root).index(lines[-1]) < list(root).index(root.find(f"{SVG}g"))
    ends = [[float(line.get(name)) for name in ("x1", "y1", "x2", "y2")] for line in lines]
    np.testing.assert_allclose(ends, drawing.places[[[0, 1], [1, 3], [2, 0]]].reshape(3, 4), atol=0.01)
    image = np.array(Image.open(io.BytesIO(png_bytes(drawing))), int)
    for line, code in zip(lines, (0, 1, 1), strict=True):
        color = [int(CATEGORIES[code].light[at : at + 2], 16) for at in (1, 3, 5)]
        said = [int(line.get("stroke")[at : at + 2], 16) for at in (1, 3, 5)]
        np.testing.assert_allclose(said, 0.75 * np.array(color) + 0.25 * 255, atol=1)
        x, y = np.mean([ends[lines.index(line)][:2], ends[lines.index(line)][2:]], axis=0).round().astype(int)
        near = image[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3)
        assert np.abs(near - said).sum(axis=1).min() < 30 and np.abs(near - 255).sum(axis=1).min() == 0
    assert "<line" not in svg_text(drawing_of(flat, coloring))


COORDS = st.sampled_from((2, 3)).flatmap(
    lambda dims: st.lists(
        st.lists(st.floats(-1e6, 1e6, width=32), min_size=dims, max_size=dims), min_size=1, max_size=30
    )
)


@settings(max_examples=100)
@given(COORDS, st.integers(200, 900), st.integers(200, 900), st.data())
def test_every_item_is_drawn_once_inside_in_its_color(coords, width, height, data):
    codes = data.draw(st.lists(st.integers(-1, 1), min_size=len(coords), max_size=len(coords)))
    drawing = drawing_of(layout(coords), categories(codes), width=width, height=height, title="title")
    colors = {0: CATEGORIES[0].light, 1: CATEGORIES[1].light, -1: MISSING.light}
    found = drawn(drawing)
    assert Counter(color for color, _, _ in found) == Counter(colors[code] for code in codes)
    assert all(0 < x < width and 0 < y < height for _, x, y in found)
    assert sorted(drawing.order.tolist()) == list(range(len(coords)))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=2, max_size=20, unique=True))
def test_distances_keep_their_proportions_and_up_is_up(coords):
    flat = layout(coords)
    places = drawing_of(flat, width=500, height=300).places * [1, -1]
    exact = flat.coords.astype(float)
    scale = np.ptp(places) / max(np.ptp(exact), 1e-9) if len(coords) > 1 else 1
    ours = np.linalg.norm(places[:, None] - places[None], axis=2)
    theirs = np.linalg.norm(exact[:, None] - exact[None], axis=2)
    if theirs.max() > 1e-3:
        scale = ours.max() / theirs.max()
        np.testing.assert_allclose(ours, theirs * scale, atol=1e-3 * ours.max())
        np.testing.assert_allclose(places - places[0], (exact - exact[0]) * scale, atol=1e-3 * ours.max())


def test_a_png_has_the_color_of_an_item_at_its_place_and_the_size_asked_for():
    flat = layout([[0, 0], [4, 0], [0, 4], [4, 4]])
    for dark in (False, True):
        drawing = drawing_of(flat, categories([0, 1, 0, -1]), width=320, height=300, dark=dark)
        image = Image.open(io.BytesIO(png_bytes(drawing))).convert("RGB")
        assert image.size == (320, 300)
        for (x, y), code in zip(drawing.places, [0, 1, 0, 2], strict=True):
            color = drawing.colors[code]
            assert image.getpixel((round(x), round(y))) == tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


def test_numbers_go_from_one_end_of_the_scale_to_the_other():
    scores = ValueColoring("score", np.array([0.0, 5, 10, np.nan, np.inf, -np.inf]), "a")
    drawing = drawing_of(layout(np.arange(12).reshape(6, 2)), scores)
    assert drawing.codes.tolist() == [0, 32, 63, 64, 63, 0]
    assert [text.text for text in drawing.texts] == ["score  0", "10", "no value  1"]


def test_the_legend_says_what_is_there_and_takes_a_third_at_most():
    names = tuple(f"class number {number} with a rather long name that ends somewhere" for number in range(60))
    drawing = drawing_of(
        layout(np.random.default_rng(0).normal(size=(60, 2))), categories(range(60), names), height=300
    )
    assert drawing.places[:, 1].max() < min(dot.y for dot in drawing.dots)
    assert min(dot.y for dot in drawing.dots) > 190
    assert [text.text for text in drawing_of(layout([[0, 0]]), categories([1])).texts] == ["two  1"]


def test_names_are_shown_as_they_are_and_nothing_runs():
    hostile = ("<script>alert(1)</script>", '"]]>&\x00\ud800')
    drawing = drawing_of(layout([[0, 0], [1, 1]]), categories([0, 1], hostile), title="</svg><b onload=x>")
    root = ET.fromstring(svg_text(drawing))  # it is what is tested
    assert {each.tag for each in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "style", "rect", "g", "circle", "text")
    }
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert texts[0] == "</svg><b onload=x>" and texts[1].startswith("<script>")
    png_bytes(drawing)


@pytest.mark.parametrize("name", ["layout.png", "layout.SVG"])
def test_a_file_is_written(tmp_path, name):
    path = write_picture(tmp_path / name, layout([[0, 0], [1, 1]]), width=300, height=200)
    assert path.read_bytes()[:4] in (b"\x89PNG", b"<svg")


def test_what_cannot_be_drawn_is_refused(tmp_path):
    with pytest.raises(InputError, match="change the ending"):
        write_picture(tmp_path / "layout.jpg", layout([[0, 0]]))
    with pytest.raises(InputError, match="width and height"):
        write_picture(tmp_path / "layout.png", layout([[0, 0]]), width=10**6)
    with pytest.raises(InputError, match="other items"):
        drawing_of(layout([[0, 0]]), CategoryColoring("class", np.zeros(1, np.int32), ("a",), 0, "b"))
