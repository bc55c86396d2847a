"""The change of all class pairs' overlap by the layout: a table in the Overlap tab, computed when it is opened."""

import math

import numpy as np
import streamlit as st

from embviz.faithfulness import OverlapChange
from embviz.findings.trust import change_in_turn
from embviz.pipeline import readable_classes
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.panels.pairs.table import some_classes
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import as_html, filled
from embviz.view import View

CHANGE = Computation[OverlapChange]("change")
AGAIN = filled("Measure again")

FULL = 0.15
"""Change from which a cell has the full color."""

MORE, LESS = "217 119 6", "37 99 235"
"""Colors of cells where the layout shows more overlap than the data have, and less: readable on light and on dark."""


def change_section(view: View, k: int) -> None:
    """Draw the section; the table is computed when it is opened."""
    opened = st.expander("What this projection changes", key="change", on_change="rerun")
    if not opened.open:
        return
    names = view.dataset.class_names
    with opened:

        def work(progress: Progress) -> OverlapChange:
            return change_in_turn(view, k, store=default_store(), progress=progress)

        key = (view.dataset.fingerprint, view.features.fingerprint, view.projection.fingerprint)
        found = computed(CHANGE, key, work, again=AGAIN).value
        if found is not None:
            codes = readable_classes(np.abs(found.values)).tolist()
            st.html(change_html(found, names, codes))
            some_classes(len(codes), len(names), "change most")
            st.caption(
                "Overlap index in this layout minus that in feature space, in percentage points: orange where the "
                "layout shows more overlap than the data have, blue where it shows less."
            )


def change_html(found: OverlapChange, names: tuple[str, ...], codes: list[int]) -> str:
    """A table with a cell for every two of the classes with these codes."""
    head = "".join(f"<span>{as_html(name)}</span>" for name in ("", *(names[code] for code in codes)))
    values = found.values
    lines = [head]
    for a in codes:
        cells = [_cell(found, names, a, b, float(values[a, b])) for b in codes]
        lines.append(f"<span>{as_html(names[a])}</span>{''.join(cells)}")
    columns = f"grid-template-columns: repeat({len(codes) + 1}, minmax(0, 1fr))"
    return f'<div class="embviz-change" style="{columns}">{"".join(lines)}</div>'


def _cell(found: OverlapChange, names: tuple[str, ...], a: int, b: int, value: float) -> str:
    if math.isnan(value):
        return "<span></span>"
    strength = math.sqrt(min(1.0, abs(value) / FULL))
    before, after = 100 * found.in_features[a, b], 100 * found.in_layout[a, b]
    title = as_html(f"{names[a]} and {names[b]}: {before:.1f} % in feature space, {after:.1f} % here")
    said = f"{100 * value:.0f}" if abs(value) >= 0.0995 else f"{100 * value:.1f}"
    color = MORE if value > 0 else LESS
    return f'<b title="{title}" style="background: rgb({color} / {60 * strength:.0f}%)">{said}</b>'
