"""The `ViewSpec` value: the data, features and layout that a page is asked to show."""

from dataclasses import dataclass

from embviz.datasets import DataSource
from embviz.features.features import FeatureSpec
from embviz.items.isolated import Isolated
from embviz.projection.specs import ProjectionSpec


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """Data, features and layout that are asked for: cache key and provenance of a `View`.

    Attributes
    ----------
    source
        Source of the data, with its stamp: if the data change, so does the spec.
    split
        ``train``, ``test`` or ``all``.
    limit
        Most items to show, or None for all of the split.
    features
        Spec of the vectors to lay out.
    projection
        Spec of the layout.
    isolated
        The items shown without all others; None to show all items.
    """

    source: DataSource
    split: str
    limit: int | None
    features: FeatureSpec
    projection: ProjectionSpec
    isolated: Isolated | None = None
