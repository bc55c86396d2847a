"""The picture on the Export tab: what is downloaded has the colors and the size that were chosen."""

import io

from PIL import Image

from embviz.coloring import ColorBy
from embviz.export.picture.drawing import drawing_of
from embviz.ui.kept import picture
from embviz.ui.session import PROJECTOR


def test_the_picture_has_the_size_and_the_colors_of_the_page(page, monkeypatch):
    made = []

    def kept(*given, **how):
        made.append(drawing_of(*given, **how))
        return made[-1]

    contents = {}
    monkeypatch.setattr(picture, "drawing_of", kept)
    monkeypatch.setattr(
        picture.st, "download_button", lambda label, content, name, *rest, **more: contents.update({name: content})
    )
    page.open().choose("color-by", ColorBy("column", "split")).show_tab("Export")
    page.choose("picture-width", 700).choose("picture-height", 400).choose("picture-dark", True)
    image = Image.open(io.BytesIO(contents["embviz-pca-2d.png"]()))
    assert image.size == (700, 400)
    legend = page.data(PROJECTOR)["coloring"]["entries"]
    assert [text.text for text in made[-1].texts[2:]] == [f"{each['name']}  {each['count']:,}" for each in legend]
    assert [dot.color for dot in made[-1].dots] == [each["color"]["dark"] for each in legend]
    assert contents["embviz-pca-2d.svg"]().startswith(b"<svg")
    assert len(made[-1].places) == 1797
