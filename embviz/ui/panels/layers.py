"""The Layers tab: how far two classes are apart from pixels to logits, and along the straight line between them."""

from dataclasses import dataclass, replace

import streamlit as st

from embviz.dataset import Dataset
from embviz.findings.layers import axis_of, lens_of
from embviz.items.names import item_name
from embviz.layers import Accuracy, LayerLens, PairAxis
from embviz.layers.wording import parting_said, space_name
from embviz.overlap import Interval
from embviz.progress import Progress
from embviz.server import shelf
from embviz.storage.store import default_store
from embviz.ui.component import axis, gallery, maps
from embviz.ui.contract.addresses import images_address
from embviz.ui.contract.gallery_messages import GalleryCard
from embviz.ui.contract.layers import MOST_MARKS, axis_request, maps_request
from embviz.ui.focus import current_focus, pin
from embviz.ui.panels.pairs.choice import K, chosen_pair, others_only_chosen, pair_controls, say_no_pair
from embviz.ui.panels.panel import Highlight, Panel
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_html, as_text, filled, joined
from embviz.view import Forming, View

MOST_CARDS = 12
"""Largest number of items on the wrong side of the axis that are shown as images."""

LENS = Computation[LayerLens]("lens")
AXIS = Computation[PairAxis]("axis")
AGAIN = filled("Look again")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether the visitor has asked to compare the layers (`lens`), and for the axis; both follow the chosen pair."""

    lens: bool = False
    axis: bool = False


def layers_panel(view: View | Forming) -> None:
    """Draw the Layers tab."""
    pair = chosen_pair(view)
    if pair is None:
        say_no_pair()
        return
    pair_controls(view, pair)
    st.markdown("###### Where the classes come apart")
    if session().kept(Asked).lens:
        _lens(view, pair)
    else:
        _offer(
            filled("Look into every layer"),
            "lens",
            filled("Compares the pair in pixels and in each layer of a small classifier, trained first if needed."),
        )
    st.markdown(filled("###### The line between the classes · {space}", space=view.features.name))
    if session().kept(Asked).axis:
        _axis(view, pair)
    else:
        _offer(
            filled("Draw the line"),
            "axis",
            filled("Shows the direction in which the two classes differ most, and the items on the wrong side."),
        )


def _offer(label: Markdown, what: str, says: Markdown) -> None:
    st.caption(says)
    st.button(label, width="stretch", on_click=_ask_for, args=(what,))


def _ask_for(what: str) -> None:
    """Keep that a field of `Asked` was asked for; two may be clicked before the page is drawn again."""
    session().keep(replace(session().kept(Asked), **{what: True}))


def _lens(view: View | Forming, pair: tuple[int, int]) -> None:
    others_only = others_only_chosen(view)

    def work(progress: Progress) -> LayerLens:
        return lens_of(view, pair, K, others_only=others_only, store=default_store(), progress=progress)

    key = (view.spec.source, view.dataset.fingerprint, view.spec.features, pair, others_only)
    lens = computed(LENS, key, work, again=AGAIN).value
    if lens is None:
        return
    dataset = view.dataset
    names = dataset.class_names[pair[0]], dataset.class_names[pair[1]]
    st.markdown(as_text(parting_said(lens, names)))
    if lens.is_seen:
        st.caption("The classifier was trained on some of these items: new items would be less far apart.")
    first = lens.spaces[0]
    request = maps_request(session().pane.key, lens, dataset, current_focus(dataset).pinned, shelf)
    maps("maps", request, dataset.ids[first.rows], lambda item: pin(dataset, item))
    st.caption("Each map: the first two principal components. Point at an item to see it in all maps.")
    with st.expander("All numbers"):
        st.html(_table(lens))
        st.caption(_definitions(lens))


def _table(lens: LayerLens) -> str:
    head = "".join(f"<th>{title}</th>" for title in ("", "Overlap", "Neighbors right", "Plane right"))
    lines = [
        f"<tr><th>{as_html(space_name(each.space))}</th>"
        f"{_cell(each.overlap.index, each.overlap.index_interval)}"
        f"{_accuracy_cell(each.neighbors)}{_accuracy_cell(each.probe)}</tr>"
        for each in lens.spaces
    ]
    return f'<table class="embviz-table"><tr>{head}</tr>{"".join(lines)}</table>'


def _accuracy_cell(found: Accuracy) -> str:
    return _cell(found.value, found.interval, found.spread.missing)


def _cell(share: float | None, interval: Interval | None, missing: str = "") -> str:
    value = "–" if share is None else f"{100 * share:.1f}\xa0%"
    between = "" if interval is None else f"<span>{100 * interval.low:.1f} to {100 * interval.high:.1f}</span>"
    return f'<td title="{as_html(missing)}">{value}{between}</td>'


def _definitions(lens: LayerLens) -> Markdown:
    group = lens.spaces[0].neighbors.spread.group
    others = filled(" in other {group}s", group=group) if group else ""
    return filled(
        "Overlap: in percent of the overlap of thoroughly mixed classes. Neighbors right: how often most of an item's "
        "{k} nearest neighbors{others} are of its class. Plane right: how often a logistic regression, fitted to other "
        "items, tells an item's class. By chance, 50 % are right. Below each number: its 95 % confidence interval.",
        k=lens.spaces[0].overlap.k,
        others=others,
    )


def _axis(view: View | Forming, pair: tuple[int, int]) -> None:
    dataset = view.dataset

    def work(progress: Progress) -> PairAxis:
        return axis_of(view, pair, store=default_store(), progress=progress)

    found = computed(AXIS, (dataset.fingerprint, view.features.fingerprint, pair), work, again=AGAIN).value
    if found is None:
        return
    a, b = (dataset.class_names[code] for code in pair)
    n_crossing = len(found.crossing)
    st.markdown(
        filled(
            "Along the line from {a} to {b}, **{n:,} of {all:,}** items lie nearer to the other class's mean than to "
            "their own.",
            n=n_crossing,
            all=len(found.rows),
            a=a,
            b=b,
        )
    )
    request = axis_request(session().pane.key, found, dataset, shelf)
    axis("axis", request, dataset.ids[found.rows], lambda item: pin(dataset, item))
    st.caption(_axis_caption(found, has_weights=request["weights"] is not None))
    if n_crossing:
        st.markdown("###### Furthest on the other class's side")
        cards = [_card(dataset, int(row)) for row in found.crossing[:MOST_CARDS]]
        gallery("crossing", images_address(dataset, shelf), cards, lambda ids: pin(dataset, ids[0]))


def _axis_caption(found: PairAxis, *, has_weights: bool) -> Markdown:
    interval = found.accuracy.interval
    assert interval is not None, "an axis has folds"
    said = [
        filled(
            "Each item is placed along a line that was fitted to other items. Of {covers}, {low:.1f} to {high:.1f} % "
            "would be on the side of their class (95 % confidence interval).",
            covers=interval.covers.partition(", judged")[0],
            low=100 * interval.low,
            high=100 * interval.high,
        )
    ]
    if has_weights:
        said.append(
            filled(
                "Each pixel has the color of the class that a bright value there speaks for; stronger weights are more "
                "opaque."
            )
        )
    if len(found.crossing) > MOST_MARKS:
        said.append(filled("The {n} items furthest on the other class's side are marked.", n=MOST_MARKS))
    return joined(" ", said)


def _card(dataset: Dataset, row: int) -> GalleryCard:
    assert dataset.labels is not None, "there are two classes"
    item = int(dataset.ids[row])
    title = dataset.class_names[dataset.labels[row]]
    return {"ids": [item], "name": item_name(item, dataset.splits), "title": title, "caption": "", "differs": False}


LAYERS = Panel("Layers", layers_panel, lambda view: Highlight(classes=chosen_pair(view)))
