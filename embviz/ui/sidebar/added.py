"""Data that got further columns: what was chosen, pinned and selected of them before stays."""

from dataclasses import replace

from embviz.datasets import DatasetInfo
from embviz.ui.session import Control, session


def keep_choices(before: DatasetInfo, after: DatasetInfo) -> None:
    """Have split, number of items, features and focus stay as they are when the same items are shown with more columns.

    The items and their ids must be the same in both.
    """
    keys = ["split-{}", "features-{}", *(f"limit-{{}}-{split}" for split in before.counts)]
    for key in keys:
        chosen = Control[object](key.format(before.name)).value_or(None)
        if chosen is not None:
            Control[object](key.format(after.name)).show(chosen)
    pane = session().pane
    if pane.focus.source == before.source.key:
        pane.focus = replace(pane.focus, source=after.source.key, serial=pane.focus.serial + 1)
