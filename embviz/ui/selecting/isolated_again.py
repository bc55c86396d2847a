"""Isolated items as ids for an address or a bookmark, and their restoration from one."""

from dataclasses import dataclass, replace

import numpy as np

from embviz.arrays import Int64Array
from embviz.datasets import DatasetInfo
from embviz.items.id_set import IdSet, id_set
from embviz.items.isolated import FEWEST
from embviz.ui.current_view import AS_ASKED, State
from embviz.ui.pane import Pane
from embviz.ui.selecting.isolation import Isolation, Level, data_of
from embviz.ui.state.restoring import brought_back, data_name, restoring, say, wanted_of
from embviz.view import Forming, View, ViewSpec

NO_IDS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Unsure:
    """Whether it is not known yet if the data have all isolated items that were restored."""

    is_unsure: bool = False


def isolated_ids(pane: Pane) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Ids of the items laid out alone, and ids of the items isolated in that layout: a state's `alone` and `isolated`.

    The first is empty if all items are laid out, the second if all items of the layout are shown.
    """
    levels = pane.kept(Isolation).levels
    if not levels:
        return (), ()
    last = levels[-1]
    return (_ids(last.items), ()) if last.asked is None else (_ids(last.beneath), _ids(last.items))


def _ids(items: IdSet | None) -> tuple[int, ...]:
    return () if items is None else tuple(items.ids.tolist())


def lay_out_again(pane: Pane, info: DatasetInfo, split: str, limit: int | None) -> None:
    """Restore the items that are laid out alone, if any, and end the isolation of all others.

    It must be called before the controls are drawn whose limits depend on the number of items. It does nothing if no
    isolation is to be restored.
    """
    if not restoring().has_isolation:
        return
    wanted = wanted_of(info)
    alone = () if wanted is None else wanted.alone
    levels = (Level(id_set(list(alone)), None, None, (info.source, split, limit)),) if alone else ()
    pane.keep(Isolation(levels))


def isolate_again(pane: Pane, said: ViewSpec) -> None:
    """Restore which of the laid-out items are shown; must be called after the controls have been drawn."""
    found = restoring()
    if not found.has_isolation:
        return
    brought_back("isolation")
    levels, wanted = pane.kept(Isolation).levels, found.wanted
    if wanted is not None and wanted.isolated and wanted.data in ("", data_name(said.source)):
        beneath = levels[-1].items if levels else None
        levels = (*levels, Level(id_set(list(wanted.isolated)), said, beneath, data_of(said)))
    pane.keep(Isolation(levels))
    pane.keep(Unsure(bool(levels)))


def is_cut_down(pane: Pane, made: View | Forming | None, state: State) -> bool:
    """Whether the data lack isolated items that were restored; if so, isolates the rest, and a sentence says how many.

    If fewer than `FEWEST` items are left, none are isolated.

    Parameters
    ----------
    pane
        The pane in which the items are isolated.
    made, state
        The view and the state that `current_view` returned.
    """
    if not pane.kept(Unsure).is_unsure or state not in (*AS_ASKED, "failed"):
        return False
    pane.keep(Unsure())
    isolation = pane.kept(Isolation)
    laid_out = NO_IDS if made is None or state == "failed" else made.dataset.ids
    levels = tuple(_among(level, laid_out) for level in isolation.levels)
    if levels == isolation.levels:
        return False
    n_lost = max(len(level.items) - len(left.items) for level, left in zip(isolation.levels, levels, strict=True))
    if min(len(level.items) for level in levels) < FEWEST:
        say(f"The {len(isolation.levels[-1].items):,} isolated items cannot be shown here; you see all items.")
        levels = ()
    else:
        say(f"Not among these data: {n_lost:,} of the isolated items.")
    pane.keep(replace(isolation, levels=levels))
    return True


def _among(level: Level, ids: Int64Array) -> Level:
    """The level without the items whose ids are not among `ids`."""
    beneath = None if level.beneath is None else id_set(ids[level.beneath.rows_in(ids)])
    return replace(level, items=id_set(ids[level.items.rows_in(ids)]), beneath=beneath)
