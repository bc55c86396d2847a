"""More estimates of a pair, in a section to be opened: bounds of the Bayes error, and two measures of complexity."""

import streamlit as st

from embviz.bounds import ErrorBounds, Measure
from embviz.findings.pairs import bounds_of
from embviz.progress import Progress
from embviz.storage.store import default_store
from embviz.ui.panels.pairs.shares import percent, percent_or_most
from embviz.ui.waiting.computed import Computation, computed
from embviz.ui.words import Markdown, as_html, filled
from embviz.view import Forming, View

BOUNDS = Computation[ErrorBounds]("bounds")
AGAIN = filled("Estimate again")
ENDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Possible upper ends of the error axis: the smallest one above all bounds is used, so that small errors are seen."""
DIFFERENT = 0.05
"""Probability below which two classes are said to differ."""


def more_estimates(view: View | Forming, pair: tuple[int, int]) -> None:
    """Draw the section of the estimates, which are computed once the visitor opens it."""
    folded = st.expander(filled("More estimates"), key="more-estimates", on_change="rerun")
    if not folded.open:
        return
    with folded:
        labels = view.dataset.labels
        if labels is None or min((labels == code).sum() for code in pair) < 2:
            st.caption("More estimates need at least two items of each class.")
            return

        def work(progress: Progress) -> ErrorBounds:
            return bounds_of(view, pair, store=default_store(), progress=progress)

        key = view.dataset.fingerprint, view.features.fingerprint, pair
        bounds = computed(BOUNDS, key, work, again=AGAIN).value
        if bounds is not None:
            _drawn(view, bounds)


def _drawn(view: View | Forming, bounds: ErrorBounds) -> None:
    st.html(_error_axis(bounds))
    st.caption(
        "The lowest error rate that any classifier on these features can have for these two classes (Bayes error). Two "
        "estimates, each with its lower and its upper bound; few items or many features make both too high."
    )
    st.caption(_difference(view, bounds))
    st.html(_measures_axis(bounds))
    st.caption(_measures_sentence(bounds))


def _error_axis(bounds: ErrorBounds) -> str:
    nearest, tree = bounds.nearest_neighbor, bounds.henze_penrose
    most = nearest.error_at_most
    high = nearest.high if most is None else min(most, ENDS[-1])
    end = next((each for each in ENDS if each >= max(high, tree.high)), ENDS[-1])
    lines = [
        _line(
            "Nearest neighbor",
            "Bounds of Cover and Hart, from the share of items whose nearest neighbor is of the other class: "
            f"{percent_or_most(nearest.error, most)}.",
            f"{percent(nearest.low)} to {percent(high)}" if most is None else percent_or_most(high, high),
            (nearest.low / end, high / end),
        ),
        _line(
            "Shortest tree",
            f"Bounds of Henze and Penrose, from the {tree.cross_edges:,.0f} edges between the classes in the minimum "
            f"spanning tree of all items; random labels would give {tree.expected:,.0f} on average.",
            f"{percent(tree.low)} to {percent(tree.high)}",
            (tree.low / end, tree.high / end),
        ),
    ]
    title = "The error no classifier can avoid in this feature space"
    return _axis(title, lines, [percent(0), percent(end / 2), percent(end)])


def _measures_axis(bounds: ErrorBounds) -> str:
    sets = bounds.local_set_cardinality
    lines = [
        _measure_line(
            "N2",
            "Distance to the nearest item of the same class, divided by the sum of that and the distance to the "
            "nearest item of the other class.",
            bounds.n2,
            (0.0, 0.5),
        ),
        _measure_line(
            "Local sets",
            "Local set cardinality: 1 minus the share of pairs of items in which the second item is of the first one's "
            "class, and nearer to it than every item of the other class.",
            sets,
            (bounds.cardinality_apart, 1.0),
        ),
    ]
    return _axis("How far the two classes reach into each other", lines, ["apart", "mixed"])


def _measure_line(name: str, meaning: str, measure: Measure, ends: tuple[float, float]) -> str:
    """A line from `low` to `high`, or a point where there is no interval, between apart and mixed."""
    apart, mixed = ends
    values = [measure.value if each is None else each for each in (measure.low, measure.high)]
    low, high = (min(1.0, max(0.0, (value - apart) / (mixed - apart))) for value in values)
    said = "" if measure.low is None else f" 95 % confidence interval: {measure.low:.3f} to {measure.high:.3f}."
    return _line(name, meaning + said, f"{measure.value:.3f}", (low, high))


def _line(name: str, meaning: str, said: str, ends: tuple[float, float]) -> str:
    """HTML of a name, a line between two positions on the axis, 0..1, and the numbers in words."""
    low, high = (100 * end for end in ends)
    return (
        f'<div title="{as_html(meaning)}"><span>{as_html(name)}</span><b>{as_html(said)}</b>'
        f'<div><i style="left: {low:.2f}%; width: {high - low:.2f}%"></i></div></div>'
    )


def _axis(title: str, lines: list[str], ticks: list[str]) -> str:
    scale = "".join(f"<span>{as_html(tick)}</span>" for tick in ticks)
    return (
        f'<div class="embviz-axis"><strong>{as_html(title)}</strong>{"".join(lines)}'
        f'<div class="embviz-axis-scale">{scale}</div></div>'
    )


def _difference(view: View | Forming, bounds: ErrorBounds) -> Markdown:
    """Sentence on what the p-value means."""
    tree = bounds.henze_penrose
    a, b = (view.dataset.class_names[code] for code in bounds.classes)
    together = filled(", each {group}'s items of one class together", group=bounds.group) if bounds.group else ""
    told = (
        filled("the features tell {a} from {b}, however little.", a=a, b=b)
        if tree.p_value < DIFFERENT
        else filled("there is no evidence that the features tell {a} from {b}.", a=a, b=b)
    )
    return filled(
        "With labels given at random{together}, the tree would have as few edges between the classes in {share} of "
        "cases (p = {p:.3f}): {told}",
        together=together,
        share=percent(tree.p_value),
        p=tree.p_value,
        told=told,
    )


def _measures_sentence(bounds: ErrorBounds) -> Markdown:
    if bounds.missing:
        return filled("These two are not error rates. They have no interval: {reason}.", reason=bounds.missing)
    others = filled(", from other {group}s", group=bounds.group) if bounds.group else ""
    return filled(
        "These two are not error rates. Lines: 95 % confidence intervals, for the mean over samples of this "
        "size{others}.",
        others=others,
    )
