"""Which data: the dataset, the split, and how many items of it."""

import streamlit as st

from embviz.datasets import DatasetInfo, known_datasets
from embviz.ui.first_picture import first_dataset, first_limit, first_split
from embviz.ui.session import Control, session
from embviz.ui.sidebar.download import Download, download_control
from embviz.ui.sidebar.number_field import Allowed, refuse, show_refusal, take_back_refusal, written
from embviz.ui.words import filled

STOPS = (100, 200, 500, 1000, 2000, 5000, 10_000)
"""How many items are offered; any other number can be typed."""


def dataset_control() -> DatasetInfo:
    """The dataset chosen; one that is not on the machine is offered for download instead."""
    infos = {info.name: info for info in known_datasets()}
    here = [name for name, info in infos.items() if info.on_machine]
    default = first_dataset(infos.values())
    control = Control[str]("dataset")
    chosen = _just_downloaded() or control.value_or(None)
    shown = chosen if chosen in here else default
    if chosen is not None:  # else the browser may know better: it still has what was chosen before a restart
        control.show(shown)
    name = st.selectbox("Dataset", here, here.index(shown), key=control.key, format_func=lambda name: infos[name].title)
    for problem in dict.fromkeys(info.problem for info in infos.values() if info.problem):
        titles = ", ".join(info.title for info in infos.values() if info.problem == problem)
        st.warning(filled("{titles}: {problem}", titles=titles, problem=problem))
    missing = [info for info in infos.values() if info.download_bytes and not info.on_machine]
    if missing:
        download_control(missing)
    return infos[name]


def _just_downloaded() -> str | None:
    """The dataset whose download has ended since the page ran last: it is chosen, once."""
    visitor = session()
    name = visitor.kept(Download).ended
    if name is not None:
        visitor.keep(Download())
    return name


def split_control(info: DatasetInfo) -> str:
    """The part of the dataset chosen."""
    splits = [split for split in ("test", "train", "all") if split in info.counts]
    chosen = st.segmented_control(
        "Split",
        splits,
        default=first_split(info.name),
        required=True,
        key=f"split-{info.name}",
        format_func=str.capitalize,
        width="stretch",
    )
    return str(chosen)


def items_control(info: DatasetInfo, split: str) -> int | None:
    """How many items to show, or None for all of them."""
    n = info.counts[split]
    key, all_items, allowed = f"limit-{info.name}-{split}", f"All {n:,}", Allowed(min(2, n), n, whole=True)
    control = Control[str](key)
    limit = first_limit(n)
    shown = control.value_or(all_items if limit is None else written(limit))
    if shown != all_items and allowed.number_of(shown) is None:  # there were more items, or other ones, before
        shown = all_items
        control.show(shown)

    def changed() -> None:
        text = control.value
        number = n if text.strip().casefold() in ("all", all_items.casefold()) else allowed.number_of(text)
        if number is None:
            control.show(used)
            refuse(key, text, allowed, used)
        else:
            control.show(all_items if number == n else written(number))
            take_back_refusal(key)

    numbers = {*(stop for stop in STOPS if stop < n), allowed.number_of(shown) or n}
    offered = [*(written(number) for number in sorted(numbers) if number < n), all_items]
    st.selectbox(
        "Items",
        offered,
        offered.index(shown) if shown in offered else len(offered) - 1,
        key=key,
        accept_new_options=True,
        filter_mode="prefix",
        on_change=changed,
        help="A seeded sample that keeps the share of each class. Choose how many, or type any number.",
    )
    used = control.value  # after a restart the browser knows better
    show_refusal(key)
    number = allowed.number_of(used)
    return None if number is None else int(number)
