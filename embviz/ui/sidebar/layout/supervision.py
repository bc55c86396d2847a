"""The choice of whether labels shape a layout: a toggle, and how strongly and without which class where they do."""

from typing import Any

import streamlit as st

from embviz.datasets import DatasetInfo
from embviz.projection.specs import USUAL_STRENGTH
from embviz.projection.titles import PARAMETERS
from embviz.ui.session import Control
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import as_text


def supervision_control(info: DatasetInfo) -> dict[str, Any]:
    """The fields of a spec that say how labels shape it, the same by t-SNE and UMAP; empty if they do not."""
    supervised = len(info.class_names) > 1 and st.toggle(
        as_text(PARAMETERS["supervised"]),
        first_shown("supervised", False),
        key="supervised",
        help="Neighbors with different labels hardly attract each other.",
    )
    if not supervised:
        return {}
    st.caption("Labels shape this layout: classes come apart whether or not the features tell them apart.")
    strength = st.slider(
        as_text(PARAMETERS["label_strength"]),
        1,
        100,
        first_shown("label-strength", int(USUAL_STRENGTH), range(1, 101).__contains__),
        key="label-strength",
        format="%d %%",
        help="How little neighbors with different labels attract each other: 50 % is usual; at 100 % they do not.",
    )
    names = info.class_names
    control = Control[str | None](f"ignored-label-{info.name}")
    first = first_shown(control.key, None, (None, *names).__contains__, value_key="ignored-label")
    said = control.value_or(first)
    control.show(said if said in names else None)  # not by the index: only a select that has none can be emptied
    ignored = st.selectbox(
        as_text(PARAMETERS["ignored_label"]),
        names,
        None,
        key=control.key,
        placeholder="None",
        help="Items of this class count as if they had no label: only their features decide where they go.",
    )
    return {"supervised": True, "label_strength": float(strength), "ignored_label": ignored}
