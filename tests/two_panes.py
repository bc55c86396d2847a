"""A page with two panes side by side, as one that compares would have them; embviz itself shows one so far.

It has a gallery that is about the left one. Run by tests: ``streamlit run tests/two_panes.py``.
"""

import streamlit as st

from embviz.coloring import label_coloring
from embviz.datasets import source_named
from embviz.features.features import Pixels
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.server import FRONTEND, routes, shelf
from embviz.ui.component import gallery
from embviz.ui.contract.addresses import images_address
from embviz.ui.current_view import current_view
from embviz.ui.focus import pin
from embviz.ui.pane import Pane
from embviz.ui.panels.items.cards import item_card
from embviz.ui.plot import draw_plot
from embviz.ui.session import session
from embviz.view import ViewSpec

LAYOUTS = {
    "PCA": Pca(),
    "PCA 3D": Pca(n_components=3),
    "t-SNE": Tsne(max_iter=1_000_000),
    "short t-SNE": Tsne(max_iter=300),
    "UMAP": Umap(n_epochs=1_000_000),
}


def main() -> None:
    """Render both panes, each with its own choice of a layout, and the gallery."""
    st.set_page_config(layout="wide")
    for style in ("style.css", "page.css"):
        st.html(FRONTEND / style)
    panes = st.session_state.setdefault("panes", (Pane("left"), Pane("right")))
    session().pane = panes[0]
    first = None
    for pane, column in zip(panes, st.columns(2), strict=True):
        with column:
            asked = st.segmented_control(
                pane.key, list(LAYOUTS), default="PCA", required=True, key=pane.named("layout")
            )
            spec = ViewSpec(source_named("digits"), "test", None, Pixels(), LAYOUTS[str(asked)])
            with st.container(key=pane.named("middle")):
                with st.container(key=pane.named("notice")):
                    shown, state = current_view(pane, spec)
                if shown is not None:
                    draw_plot(pane, spec, shown, state, label_coloring(shown.dataset))
            first = first or shown
    if first is not None:
        cards = [item_card(first.dataset, row, caption="") for row in range(6)]
        gallery("gallery", images_address(first.dataset, shelf), cards, lambda ids: pin(first.dataset, ids[0]))


if __name__ == "__main__":
    main()
else:
    app = st.App(__file__, routes=routes(st.get_option("server.baseUrlPath")))
