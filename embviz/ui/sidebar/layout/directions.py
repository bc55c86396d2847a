"""The choice of directions for a custom layout: for each axis, the items at its start and those at its end."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embviz.datasets import DatasetInfo
from embviz.items.id_set import id_set
from embviz.projection.directions.spec import Direction, Directions, End
from embviz.search import Query
from embviz.ui.selecting.found import Answer
from embviz.ui.session import Control, session
from embviz.ui.state.restoring import first_shown, wanted_of
from embviz.ui.words import filled

SELECTED = "selected items"
"""The option that takes the items selected when it is chosen as one end of a direction."""

LONGEST = 40
"""Most characters of an end's name that is taken from a search."""


@dataclass(frozen=True, slots=True)
class KeptEnds:
    """Ends made of selections, each as it was when it was chosen, of the items of one source."""

    source: str = ""
    ends: tuple[End, ...] = ()


def can_direct(info: DatasetInfo) -> bool:
    """Whether there are two ends to choose: classes, or items that were selected."""
    return len(info.class_names) > 1 or len(_ends(info)) > 1 or _has_selection(info)


def directions_control(info: DatasetInfo, dims: int) -> Directions:
    """The directions chosen now; draws two selects for each axis.

    The selected items can be chosen as an end, which keeps these items when the selection changes later.
    """
    ends = _ends(info)
    found = []
    for axis, name in enumerate("xyz"[:dims]):
        left, right = st.columns(2, gap="small")
        with left:
            start = _end_control(info, f"{name} from", f"from-{name}-{info.name}", ends, 2 * axis, None)
        with right:
            end = _end_control(info, "to", f"to-{name}-{info.name}", ends, 2 * axis + 1, start)
        found.append(Direction(ends[start], ends[end]))
    st.caption("Each axis leads from the mean of some items to the mean of others; its middle is 0.")
    return Directions(tuple(found))


def _end_control(
    info: DatasetInfo, label: str, key: str, ends: dict[str, End], usual: int, other_than: str | None
) -> str:
    free = [name for name in ends if name != other_than]
    offered = [*free, *([SELECTED] if _has_selection(info) else [])]
    control = Control[str](key)
    said = control.value_or(None)
    if said is not None and said not in offered:
        control.show(free[0])

    def changed() -> None:
        if control.value == SELECTED:
            control.show(_kept_selection(info))

    name = first_shown(key, list(ends)[usual % len(ends)], free.__contains__)
    place = free.index(name) if name in free else 0
    chosen = st.selectbox(filled("{label}", label=label), offered, place, key=key, on_change=changed)
    return chosen if chosen in ends else free[place]


def _ends(info: DatasetInfo) -> dict[str, End]:
    """The ends that can be chosen, by name."""
    kept = session().kept(KeptEnds)
    made = [End(name, "class") for name in info.class_names]
    made += kept.ends if kept.source == info.source.key else ()
    made += _ends_brought_back(info)
    return {end.name: end for end in [*made, End()]}


def _ends_brought_back(info: DatasetInfo) -> list[End]:
    """Ends made of selections in these data that an address or a bookmark contains."""
    wanted = wanted_of(info)
    if wanted is None or not isinstance(wanted.projection, Directions):
        return []
    ends = [end for each in wanted.projection.directions for end in (each.start, each.end)]
    return [end for end in ends if end.kind == "chosen"]


def _has_selection(info: DatasetInfo) -> bool:
    focus = session().pane.focus
    return focus.source == info.source.key and focus.selected is not None


def _kept_selection(info: DatasetInfo) -> str:
    """Make an end of the items that are selected now; returns its name."""
    ids, taken = session().pane.focus.selected_ids(), _ends(info)
    answer = session().kept(Answer)
    sought = answer.key[0] if answer.key is not None else None
    name = f"{len(ids):,} selected"
    if isinstance(sought, Query) and answer.ids is not None and np.array_equal(np.sort(answer.ids), ids):
        name = sought.text.strip()[:LONGEST]
    kept = session().kept(KeptEnds)
    before = kept.ends if kept.source == info.source.key else ()
    for end in before:
        if end.ids == id_set(ids):
            return end.name
    number, free = 1, name
    while free in taken or free == SELECTED:
        number, free = number + 1, f"{name} ({number + 1})"
    session().keep(KeptEnds(info.source.key, (*before, End(free, "chosen", id_set(ids)))))
    return free
