"""``python -m embviz picture``: the file that was asked for, in the colors that were asked for."""

import json
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from embviz.coloring.palette import CATEGORIES

SVG = "{http://www.w3.org/2000/svg}"


def test_a_png_of_the_size_asked_for(cli, tmp_path):
    path = tmp_path / "layout.png"
    code, printed, _ = cli("picture", "digits", "--size", "640x480", "--dark", "--out", str(path), "--json")
    answer = json.loads(printed)
    with Image.open(path) as image:
        assert code == 0 and image.size == (640, 480) == (answer["width"], answer["height"])
    assert (answer["n"], answer["color"], answer["title"]) == (539, "class", "PCA 2D, components 1, 2")
    assert answer["out"] == str(path) and answer["bytes"] == path.stat().st_size


def test_an_svg_has_a_circle_for_each_item_and_the_colors_of_the_page(cli, tmp_path):
    path = tmp_path / "layout.svg"
    code, printed, _ = cli("picture", "digits", "--dims", "3", "--color", "split", "--split", "all", "--out", str(path))
    assert code == 0 and "1,797 items, PCA 3D, components 1, 2, 3, colored by split" in printed
    root = ET.parse(path).getroot()  # we wrote it
    (points,) = root.findall(f"{SVG}g")
    assert len(points) == 1797
    legend = [each.get("fill") for each in root.findall(f"{SVG}circle")]
    assert legend == [color.light for color in CATEGORIES[:2]]


def test_a_page_is_made_of_the_same_items_and_colors(cli, tmp_path):
    path = tmp_path / "layout.HTML"
    code, printed, _ = cli("picture", "digits", "--color", "split", "--out", str(path), "--json")
    answer = json.loads(printed)
    assert code == 0 and (answer["n"], answer["color"], answer["width"]) == (539, "split", None)
    text = path.read_text()
    assert answer["bytes"] == path.stat().st_size and text.startswith("<!doctype html>")
    assert "digits test \\u00b7 539 of 539 \\u00b7 pixels \\u00b7 PCA 2D, components 1, 2" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--out", "layout.jpg"), "--out ends in .png, .svg or .html"),
        (("--out", "layout.png", "--size", "large"), "--size is width x height in 200..6000 pixels"),
        (("--out", "layout.png", "--size", "99999x2"), "--size is width x height in 200..6000 pixels"),
        (("--out", "layout.html", "--size", "640x480"), "leave out --size and --dark"),
        (("--out", "layout.html", "--dark"), "leave out --size and --dark"),
        (("--out", "layout.png", "--color", "writer"), "cannot be colored by 'writer'; they have label"),
        (("--out", "layout.png", "--perplexity", "5"), "pca has no --perplexity"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(cli, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, _, said = cli("picture", "digits", *arguments)
    assert code == 2 and message in said.splitlines()[-1]
    assert not list(tmp_path.iterdir())
