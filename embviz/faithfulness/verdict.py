"""The verdict on a `Ladder`, in one sentence: whether a layout hides or invents overlap of two classes, and how."""

from embviz.faithfulness.ladder import Ladder, Step
from embviz.projection.specs import ProjectionSpec
from embviz.projection.titles import METHODS

STEPS = ("weighing the neighbors", "placing the items")
"""Names of a method's two steps: from the features to its weighted edges, and from these to the layout."""

LITTLE = 0.1
"""Share of the larger overlap below which a change is called small, even if it is significant."""

PARTS = {1 / 10: "a tenth", 1 / 4: "a quarter", 1 / 3: "a third", 1 / 2: "half"}
PARTS |= {2 / 3: "two thirds", 3 / 4: "three quarters", 9 / 10: "nine tenths", 1: "all"}
"""Shares, and their names in words."""


def verdict(ladder: Ladder, spec: ProjectionSpec) -> str:
    """The sentence that says which step hides or invents overlap, or that no step changes it significantly.

    Examples
    --------
    >>> from embviz.projection.specs import Pca, Umap
    >>> rungs = ("features", "edges", "layout")
    >>> hidden = Ladder((1, 7), 10, (300, 300), rungs, (0.3, 0.28, 0.1), (0.02,) * 3, (0.02, 0.02), 0.02, 600)
    >>> verdict(hidden, Umap())
    'UMAP hides two thirds of the overlap, by placing the items.'
    >>> same = Ladder((1, 7), 10, (300, 300), ("features", "layout"), (0.3, 0.31), (0.02,) * 2, (0.02,), 0.02, 600)
    >>> verdict(same, Pca())
    'No step changes the overlap significantly (95 % confidence).'
    """
    method, steps, whole = METHODS[spec.method], ladder.steps, ladder.whole
    if ladder.missing:
        return f"No step can be told from chance: {ladder.missing}."
    moves = [step.after - step.before if step.is_clear else 0.0 for step in steps]
    if not whole.is_clear:
        if not any(moves):
            return "No step changes the overlap significantly (95 % confidence)."
        said = [f"{name} {'adds to' if move > 0 else 'lowers'} it" for name, move in _named(moves) if move]
        return f"{method} shows about as much overlap as the data have; on the way {', and '.join(said)}."
    change = whole.after - whole.before
    if abs(change) < LITTLE * max(whole.before, whole.after):
        return f"{method} changes the overlap by less than a tenth."
    said_of_all = f"{method} {_hides(whole) if change < 0 else _invents(whole)}"
    name, move = max(_named(moves), key=lambda named: named[1] * change)
    return f"{said_of_all}, by {name}." if len(steps) > 1 and move * change > 0 else f"{said_of_all}."


def _named(moves: list[float]) -> list[tuple[str, float]]:
    return list(zip(STEPS, moves, strict=True)) if len(moves) == len(STEPS) else [(STEPS[-1], moves[0])]


def _hides(step: Step) -> str:
    share = 1 - step.after / step.before
    return f"hides {PARTS[min(PARTS, key=lambda part: abs(part - share))]} of the overlap"


def _invents(step: Step) -> str:
    if step.before == 0:
        return "invents overlap where the data have none"
    times = step.after / step.before
    return (
        f"invents overlap: it shows {times:.1f} times that of the data"
        if times < 9.95
        else (f"invents overlap: it shows {times:.0f} times that of the data")
    )
