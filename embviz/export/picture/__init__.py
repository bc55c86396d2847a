"""The picture of a layout as a file: the same points, colors and legend as on the page, as PNG or SVG."""
