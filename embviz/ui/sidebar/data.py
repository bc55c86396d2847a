"""The choice of data in the sidebar: the dataset, its split, and how many items."""

import streamlit as st

from embviz.datasets import DatasetInfo, Files
from embviz.datasets.own.preview import Preview
from embviz.library import shared_preview
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.first_picture import first_limit, first_split
from embviz.ui.offered import offered
from embviz.ui.session import Control, session
from embviz.ui.sidebar.download import Download, download_control
from embviz.ui.sidebar.number_field import Allowed, refuse, show_refusal, take_back_refusal, written
from embviz.ui.sidebar.upload import just_loaded, loaded_uploads, upload_control
from embviz.ui.state.control_values import limit_text
from embviz.ui.state.restoring import first_shown, is_bookmark_due, wanted_dataset
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import as_text, filled

STOPS = (100, 200, 500, 1000, 2000, 5000, 10_000)
"""Numbers of items that are offered to choose from; any other number can be typed."""

LOOK = Computation[Preview]("look")


def dataset_control() -> DatasetInfo | None:
    """Draw the choice of a dataset; returns its facts, or None while files are being read or if they cannot be read.

    A dataset that is not on the machine is offered for download instead.
    """
    choice = offered(loaded_uploads())
    titles = choice.titles
    control = Control[str]("dataset")
    wanted = wanted_dataset(choice)
    restored = wanted if is_bookmark_due() else None
    chosen = just_loaded() or _just_downloaded() or restored or control.value_or(None)
    shown = chosen if chosen in titles else wanted or choice.first
    if chosen is not None:  # otherwise the browser decides, which still has the choice made before a restart
        control.show(shown)
    here = list(titles)
    name = st.selectbox("Dataset", here, here.index(shown), key=control.key, format_func=titles.__getitem__)
    if choice.problem:
        st.error(as_text(choice.problem))
    infos = choice.named.values()
    for problem in dict.fromkeys(info.problem for info in infos if info.problem):
        problem_titles = ", ".join(info.title for info in infos if info.problem == problem)
        st.warning(filled("{titles}: {problem}", titles=problem_titles, problem=problem))
    missing = [info for info in infos if info.download_bytes and not info.on_machine]
    below = st.container()
    upload_control()
    if missing:
        download_control(missing)
    if name in choice.uploads:
        return choice.uploads[name]
    with below:
        return _info_of_files(choice.files[name]) if name in choice.files else choice.named[name]


def _info_of_files(source: Files) -> DatasetInfo | None:
    """The facts of the dataset in files, None until they are read; draws what was recognized, or the progress."""

    def look(progress: Progress) -> Preview:
        return shared_preview(source, default_store(), progress)

    found = computed(LOOK, source, look, again=filled("Open again"))
    if found.value is None:
        return None
    if found.value.said:
        with st.expander("What was recognized"):
            for sentence in found.value.said:
                st.caption(as_text(sentence))
    return found.value.info


def _just_downloaded() -> str | None:
    """Name of the dataset whose download has ended since the last run of the page, to be chosen now; else None."""
    visitor = session()
    name = visitor.kept(Download).ended
    if name is not None:
        visitor.keep(Download())
    return name


def split_control(info: DatasetInfo) -> str:
    """The split of the dataset that is chosen; draws the choice."""
    first = [split for split in ("test", "train") if split in info.counts]
    splits = [*first, *(split for split in info.counts if split not in first)]
    key = f"split-{info.name}"
    shown = first_shown(key, first_split(info), splits.__contains__)
    if len(splits) == 1:
        return splits[0]
    chosen = st.segmented_control(
        "Split",
        splits,
        default=shown,
        required=True,
        key=key,
        format_func=lambda split: as_text(split.capitalize()),
        width="stretch",
    )
    return str(chosen)


def items_control(info: DatasetInfo, split: str) -> int | None:
    """The number of items to show, or None for all of them; draws the choice."""
    n = info.counts[split]
    key, all_items, allowed = f"limit-{info.name}-{split}", limit_text(None, n), Allowed(min(2, n), n, whole=True)
    control = Control[str](key)
    usual = limit_text(first_limit(n), n)
    first = first_shown(key, usual, lambda text: text == all_items or allowed.number_of(text) is not None)
    shown = control.value_or(first)
    if shown != all_items and allowed.number_of(shown) is None:  # chosen when there were more or other items
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
        help="A random sample, always the same, that keeps the share of each class. Choose or type how many.",
    )
    used = control.value  # not `shown`, because after a restart the browser still has what was chosen before
    show_refusal(key)
    number = allowed.number_of(used)
    return None if number is None else int(number)
