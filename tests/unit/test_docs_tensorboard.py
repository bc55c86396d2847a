"""docs/tensorboard.md names every control of TensorBoard's projector, as TensorBoard's own page calls it."""

import re
from pathlib import Path

import pytest
from tensorboard.plugins import projector

PAGE = (Path(projector.__file__).parent / "tf_projector_plugin" / "projector_binary.js").read_text(encoding="utf-8")
DOCS = (Path(__file__).parents[2] / "docs" / "tensorboard.md").read_text(encoding="utf-8")

NO_CONTROLS = {
    *("Path to projector config", "Test your shareable URL", "Your shareable URL"),  # in the dialog of Publish
    *("Choose a TSV metadata file", "Choose a TSV tensor file"),  # in the dialog of Load
    "State ",  # what a bookmark is called at first
    *("Principal component analysis", "Uniform manifold approximation and projection"),  # said of the tabs
    "Linear projection of two custom vectors",
}
"""Labels and titles of things that have no row of their own."""
TEXTS = (
    *("Bookmarks", "Bounding box selection", "Checkpoint:", "Clear selection", "COSINE", "Custom", "Dimension:"),
    *("Distance", "Download the metadata with applied modifications", "Edit current selection"),
    *("Enable/disable 3D labels mode", "Enable/disable night mode", "Enable/disable regex mode.", "EUCLIDEAN"),
    *(
        "Help with interaction controls.",
        "Isolate selection",
        "Iteration:",
        "Learning rate",
        "Load a TSV file",
        "Metadata",
    ),
    *("MinDist", "Nearest points in the original space", "Neighbors", "PCA", "PCA is approximate.", "Perplexity"),
    *(
        "Points:",
        "Publish",
        "Reset zoom to fit all points",
        "Show all data",
        "show images",
        "Spherize data",
        "Supervise",
    ),
    *("t-SNE", "Total variance", "UMAP", "Use categorical coloring", "Variance (%)", "2D controls", "3D controls"),
)
"""Of buttons, switches and headings whose text is in no attribute."""
ATTRIBUTES = set(re.findall(r'\b(?:label|title)="([A-Z][^"<>\[\]{}]{2,60})"', PAGE)) - NO_CONTROLS


def test_the_page_of_tensorboard_is_what_was_read() -> None:
    assert len(ATTRIBUTES) > 15
    assert not [text for text in TEXTS if text not in PAGE]


@pytest.mark.parametrize("control", sorted({*ATTRIBUTES, *TEXTS}))
def test_every_control_has_a_row(control: str) -> None:
    rows = [line.split("|")[1] for line in DOCS.splitlines() if line.startswith("|")]
    headings = [line for line in DOCS.splitlines() if line.startswith("## ")]
    assert any(control.casefold() in text.casefold() for text in (*rows, *headings)), control
