"""Drawings as PNG images, drawn by Pillow three times as large and scaled down, so that edges are smooth."""

import io

from embviz.export.picture.drawing import STROKE, TEXT, Drawing

_TIMES = 3
_MOST_PIXELS = 60_000_000
"""Largest number of pixels of the enlarged drawing; larger pictures are enlarged less, so edges are less smooth."""


def png_bytes(drawing: Drawing) -> bytes:
    """The content of a PNG file of the drawing's size."""
    from PIL import Image, ImageDraw, ImageFont

    times = next(
        times for times in (_TIMES, 2, 1) if times == 1 or times**2 * drawing.width * drawing.height < _MOST_PIXELS
    )
    large = Image.new("RGB", (drawing.width * times, drawing.height * times), drawing.ground)
    pencil = ImageDraw.Draw(large)
    codes, radius = drawing.codes.tolist(), drawing.diameter / 2 * times
    for ends, code in zip(drawing.places[drawing.lines] * times, drawing.codes[drawing.lines[:, 0]], strict=True):
        pencil.line(ends.ravel().tolist(), fill=drawing.line_colors[code], width=round(STROKE * times))
    for row, (x, y) in zip(drawing.order.tolist(), (drawing.places[drawing.order] * times).tolist(), strict=True):
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=drawing.colors[codes[row]])
    for dot in drawing.dots:
        x, y, radius = dot.x * times, dot.y * times, 5 * times
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=dot.color)
    picture = large.resize((drawing.width, drawing.height), Image.Resampling.BOX) if times > 1 else large
    pencil = ImageDraw.Draw(picture)
    font = ImageFont.load_default(TEXT)
    for text in drawing.texts:
        pencil.text((text.x, text.y), text.text.replace("\n", " "), fill=drawing.ink, font=font, anchor="ls")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
