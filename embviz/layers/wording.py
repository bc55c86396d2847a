"""The sentence on the layer that separates two classes, and names of feature spaces, for page and command line."""

from embviz.features.catalogue import layer_title
from embviz.features.features import NAMED_VECTORS
from embviz.layers.lens import LayerLens

APART = 0.01
"""Classes are called apart if the upper end of the interval of their overlap index is below this."""


def parting_said(lens: LayerLens, names: tuple[str, str]) -> str:
    """A sentence on the feature space that separates two classes: where their overlap falls most from the space before.

    If none can be named, the sentence says why.
    """
    a, b = names
    first, step = lens.spaces[0].overlap, lens.parting
    index = {each.space: f"{100 * each.overlap.index:.1f} %" for each in lens.spaces}
    if first.index_interval is None:
        reason = first.spread.missing if first.spread else "it was not measured"
        return f"Where {a} and {b} come apart cannot be told: {reason}, so there are no intervals."
    if first.index_interval.high < APART:
        high = f"{100 * first.index_interval.high:.2f} %"
        space = space_title(first.space)
        return f"{a} and {b} are apart from the start: in {space} they overlap by at most {high} of mixed."
    if len(lens.spaces) == 1:
        space = space_title(first.space)
        return f"{a} and {b} overlap by {index[first.space]} of mixed in {space}; there is no other space to compare."
    if step is not None:
        fall = f"overlap falls from {index[step.before]} in {space_title(step.before)} to {index[step.after]}"
        return f"{a} and {b} come apart in {space_title(step.after)}: {fall}."
    rising = [each for each in lens.steps if each.is_sure]
    if rising:
        step = max(rising, key=lambda each: each.change)
        before, after = (f"{index[name]} ({space_title(name)})" for name in (step.before, step.after))
        return f"{a} and {b} come apart nowhere: overlap grows from {before} to {after}."
    return f"Where {a} and {b} come apart cannot be told: the intervals are wider than the changes of their overlap."


def space_name(name: str) -> str:
    """Name of a feature space below a picture.

    Examples
    --------
    >>> space_name("hidden"), space_name("hidden-2"), space_name("vectors:clip")
    ('hidden layer', 'hidden layer 2', 'clip')
    """
    return name.removeprefix(NAMED_VECTORS) if name.startswith(NAMED_VECTORS) else layer_title(name)


def space_title(name: str) -> str:
    """Name of a feature space within a sentence.

    Examples
    --------
    >>> space_title("pixels"), space_title("hidden-2"), space_title("logits"), space_title("vectors:clip")
    ('the pixels', 'hidden layer 2', 'the logits', 'clip')
    """
    title = space_name(name)
    return title if name.startswith(NAMED_VECTORS) or title[-1:].isdecimal() else f"the {title}"
