"""Drawings as SVG text, which other programs can edit: circles, lines and texts, without scripts."""

import html
import re

from embviz.export.picture.drawing import STROKE, TEXT, Drawing

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""


def svg_text(drawing: Drawing) -> str:
    """The drawing as the text of an SVG file.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.export.picture.drawing import drawing_of
    >>> from embviz.projection.projection import Projection
    >>> from embviz.projection.specs import Umap
    >>> flat = Projection(np.zeros((1, 2), np.float32), np.arange(1), Umap(), source="", items="a", seconds=0)
    >>> svg_text(drawing_of(flat, title="<b>")).count("&lt;b&gt;")
    1
    """
    places = drawing.places.round(2)
    codes, radius = drawing.codes.tolist(), round(drawing.diameter / 2, 2)
    styles = "".join(f".c{code}{{fill:{color}}}" for code, color in enumerate(drawing.colors))
    ends = places[drawing.lines].reshape(-1, 4).tolist()
    strokes = [drawing.line_colors[code] for code in drawing.codes[drawing.lines[:, 0]].tolist()]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" height="{drawing.height}" '
        f'viewBox="0 0 {drawing.width} {drawing.height}">',
        f"<style>text{{font:{TEXT}px sans-serif;fill:{drawing.ink};white-space:pre}}{styles}</style>",
        f'<rect width="100%" height="100%" fill="{drawing.ground}"/>',
        *(
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{color}" stroke-width="{STROKE}"/>'
            for color, (x1, y1, x2, y2) in zip(strokes, ends, strict=True)
        ),
        "<g>",
        *(
            f'<circle class="c{codes[row]}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'
            for row, (x, y) in zip(drawing.order.tolist(), places[drawing.order].tolist(), strict=True)
        ),
        "</g>",
        *(f'<circle cx="{dot.x:g}" cy="{dot.y:g}" r="5" fill="{dot.color}"/>' for dot in drawing.dots),
        *(f'<text x="{text.x:g}" y="{text.y:g}">{_written(text.text)}</text>' for text in drawing.texts),
        "</svg>\n",
    ]
    return "\n".join(lines)


def _written(text: str) -> str:
    return html.escape(_FORBIDDEN.sub("\ufffd", text))
