"""Pictures of layouts as PNG or SVG files: the same points, colors and legend as on the page."""
