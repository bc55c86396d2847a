"""What items can be colored by: the choices that are offered, and the coloring of each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from embviz.arrays import AnyArray
from embviz.coloring.coloring import Coloring, Kind
from embviz.coloring.columns import column_coloring, correctness_coloring, label_coloring, prediction_coloring
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.features.features import Features


@dataclass(frozen=True, slots=True)
class Known:
    """A property that items can be colored by without a long computation, such as their label.

    Attributes
    ----------
    title
        Name of the property on the page.
    is_there
        Function that tells whether these items have the property; called in every run of the page, so it must be fast.
    made
        Function that returns the coloring, None if the items do not have the property. It must not take more than a
        tenth of a second for 100,000 items.
    """

    title: str
    is_there: Callable[[Dataset, Features], bool]
    made: Callable[[Dataset, Features], Coloring | None]


KNOWN: Mapping[str, Known] = {
    "label": Known(
        title="Class label",
        is_there=lambda dataset, features: dataset.labels is not None,
        made=lambda dataset, features: label_coloring(dataset),
    ),
    "prediction": Known(
        title="Prediction",
        is_there=lambda dataset, features: features.predictions is not None,
        made=lambda dataset, features: prediction_coloring(features),
    ),
    "correctness": Known(
        title="Right or wrong",
        is_there=lambda dataset, features: dataset.labels is not None and features.predictions is not None,
        made=correctness_coloring,
    ),
}
"""Properties to color by, by their names in addresses and on the command line, in the order of the page."""

CHOICES = (*KNOWN, "column", "score", "nothing")
"""All values of `ColorBy.what`."""


@dataclass(frozen=True, slots=True)
class ColorBy:
    """Choice of what the points are colored by.

    Attributes
    ----------
    what
        One of `CHOICES`: a name of `KNOWN`, a metadata ``column``, a measured ``score``, or ``nothing``, which is one
        color for all.
    column
        Name of the column or the score; empty for the others.
    kind
        ``categories``, ``values`` or None, as in `column_coloring`.

    Raises
    ------
    InputError
        If there is no such choice.
    """

    what: str = "label"
    column: str = ""
    kind: Kind | None = None

    def __post_init__(self) -> None:
        if self.what not in CHOICES:
            raise InputError(f"color must be {', '.join(CHOICES)}, got {self.what!r:.60}")


def colorings_offered(dataset: Dataset, features: Features, scores: Iterable[str] = ()) -> list[ColorBy]:
    """The choices of a color for these items, the default first; empty if one color for all is the only choice.

    The default is the label; if there are no labels, the prediction; if there is neither, one color for all. `scores`
    are the names of the scores that were measured.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.features.features import Pixels
    >>> toy = Dataset(name="toy", split="", ids=np.arange(2), n_source=2, n_split=2, metadata={"age": np.array([3, 5])})
    >>> pixels = Features(np.zeros((2, 1), np.float32), toy.ids, Pixels(), toy.items)
    >>> offered = colorings_offered(toy, pixels)
    >>> offered[0], ColorBy("column", "age") in offered
    (ColorBy(what='nothing', column='', kind=None), True)
    """
    check_same_items("features", features.items, dataset)
    found = [ColorBy(what) for what, known in KNOWN.items() if known.is_there(dataset, features)]
    found += [ColorBy("column", name) for name in dataset.metadata]
    found += [ColorBy("score", name, "values") for name in scores]
    if dataset.labels is not None or features.predictions is not None:
        return [*found, ColorBy("nothing")]
    return [ColorBy("nothing"), *found] if found else []


def coloring_of(
    by: ColorBy, dataset: Dataset, features: Features, scores: Mapping[str, AnyArray] | None = None
) -> Coloring | None:
    """Coloring of these items; None means one color for all, also if the items lack the label, column or score.

    `scores` are the measured scores by name, one number for each item.
    """
    check_same_items("features", features.items, dataset)
    if by.what in KNOWN:
        return KNOWN[by.what].made(dataset, features)
    values = {"column": dataset.metadata, "score": scores or {}}.get(by.what, {}).get(by.column)
    return None if values is None else column_coloring(dataset, by.column, values, by.kind)
