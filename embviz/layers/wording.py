"""What a layer lens and a pair axis say, in one sentence: the same on the page and on the command line."""

from dataclasses import dataclass

from embviz.features.catalogue import layer_title
from embviz.features.features import NAMED_VECTORS
from embviz.layers.lens import LayerLens, LayerStep

APART = 0.01
"""Classes whose index is surely below this are called apart."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of ours, with places for names that are not ours.

    Attributes
    ----------
    template
        The sentence; places are in braces, as for `str.format`.
    values
        Name and value for each place.
    """

    template: str
    values: tuple[tuple[str, str | float], ...]

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))


def parting_said(lens: LayerLens, names: tuple[str, str]) -> Said:
    """Where the two classes of these names come apart, or why that cannot be told."""
    pair = (("a", names[0]), ("b", names[1]))
    first, step = lens.spaces[0].overlap, lens.parting
    if first.index_interval is None:
        reason = first.spread.missing if first.spread else ""
        template = "Where {a} and {b} come apart cannot be told: {reason}, so there are no intervals."
        return Said(template, (*pair, ("reason", reason)))
    if first.index_interval.high < APART:
        template = "{a} and {b} are apart from the start: in {space} they overlap by at most {high:.2f} % of mixed."
        return Said(template, (*pair, ("space", space_title(first.space)), ("high", 100 * first.index_interval.high)))
    if len(lens.spaces) == 1:
        template = "{a} and {b} overlap by {index:.1f} % of mixed in {space}; there is no other space to compare."
        return Said(template, (*pair, ("index", 100 * first.index), ("space", space_title(first.space))))
    if step is not None:
        template = "{a} and {b} come apart in {after}: overlap falls from {high:.1f} % in {before} to {low:.1f} %."
        return Said(template, (*pair, *_ends(lens, step)))
    rising = [each for each in lens.steps if each.is_sure]
    if rising:
        step = max(rising, key=lambda each: each.change)
        template = (
            "{a} and {b} come apart nowhere: overlap grows from {high:.1f} % ({before}) to {low:.1f} % ({after})."
        )
        return Said(template, (*pair, *_ends(lens, step)))
    template = "Where {a} and {b} come apart cannot be told: the intervals are wider than the changes of their overlap."
    return Said(template, pair)


def _ends(lens: LayerLens, step: LayerStep) -> tuple[tuple[str, str | float], ...]:
    index = {each.space: 100 * each.overlap.index for each in lens.spaces}
    titles = (("before", space_title(step.before)), ("after", space_title(step.after)))
    return (*titles, ("high", index[step.before]), ("low", index[step.after]))


def space_title(name: str) -> str:
    """What a feature space is called in a sentence.

    Examples
    --------
    >>> space_title("pixels"), space_title("hidden-2"), space_title("logits"), space_title("vectors:clip")
    ('the pixels', 'hidden layer 2', 'the logits', 'clip')
    """
    if name.startswith(NAMED_VECTORS):
        return name.removeprefix(NAMED_VECTORS)
    title = layer_title(name)
    return title if title[-1].isdecimal() else f"the {title}"
