"""The choice of the principal components that PCA shows, each with its share of the variance once that is known."""

from dataclasses import dataclass

import streamlit as st

from embviz.arrays import Float64Array
from embviz.datasets import DataSource
from embviz.features.features import FeatureSpec
from embviz.items.isolated import Isolated
from embviz.pipeline.components import shares_at_hand
from embviz.projection.specs import Pca
from embviz.projection.titles import share_title
from embviz.ui.selecting.isolation import laid_out_items
from embviz.ui.session import Control, session
from embviz.ui.state.restoring import first_shown
from embviz.ui.words import Markdown, filled
from embviz.view import ViewSpec

MOST_COMPONENTS = 20
"""Largest number of principal components offered for an axis."""


@dataclass(frozen=True, slots=True)
class ListedAxes:
    """Whether the choices of axes were last drawn with the components' shares of the variance."""

    have_shares: bool = False


def axes_control(dims: int, n_components: int, shares: Float64Array | None) -> Pca:
    """The spec of PCA with the axes chosen now; draws the choices.

    `shares` are the components' shares of the variance, 0..1, if they are known.
    """
    session().keep(ListedAxes(shares is not None))
    if n_components < dims:
        return Pca(n_components=dims)  # computing it gives an error that says that there are too few components
    axes: list[int] = []
    for axis in "xyz"[:dims]:
        key = f"pc-{axis}-{n_components}"
        free = [component for component in range(1, min(MOST_COMPONENTS, n_components) + 1) if component not in axes]
        first = first_shown(key, "xyz".index(axis) + 1, free.__contains__, value_key=f"pc-{axis}")
        default = free.index(first) if first in free else 0
        axes.append(_axis_control(axis, free, default, key, shares))
    return Pca(n_components=dims, axes=tuple(axes))


def known_shares(
    source: DataSource, split: str, limit: int | None, features: FeatureSpec, preprocess: str | None
) -> Float64Array | None:
    """The principal components' shares of the variance, 0..1, as far as they are known without computing anything.

    None if the features are not those of the last view, or their shares with this scaling are not in memory.
    """
    view = session().pane.view
    items = laid_out_items(session().pane, source, split, limit)
    asked = (source, split, limit, features, None if items is None else Isolated(items))
    if view is None:
        return None
    made = (view.spec.source, view.spec.split, view.spec.limit, view.spec.features, view.spec.isolated)
    if made != asked:
        return None
    shares, shown = view.projection.explained_variance_ratio, view.spec.projection.preprocess
    return shares if shares is not None and shown == preprocess else shares_at_hand(view.features, preprocess)


def shares_came_late(spec: ViewSpec) -> bool:
    """Whether the choices of axes were drawn without shares of the variance, but these are known by now."""
    if not isinstance(spec.projection, Pca) or session().kept(ListedAxes).have_shares:
        return False
    asked = spec.source, spec.split, spec.limit, spec.features, spec.projection.preprocess
    return known_shares(*asked) is not None


def _axis_control(axis: str, free: list[int], default: int, key: str, shares: Float64Array | None) -> int:
    """The component chosen for an axis; a choice made before shares were known still counts, although labels change."""

    def said(component: int | str) -> str:
        number = _component(component)
        return str(number) if shares is None else f"{number} · {share_title(shares[number - 1])}"

    control = Control[int | str](key)
    said_before = control.value_or(None)
    if said_before is not None:
        chosen = _component(said_before)
        default = free.index(chosen) if chosen in free else default
        control.show(free[default])
    name: Markdown = filled("{axis} · PC", axis=axis)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):  # three side by side are too narrow
        st.caption(name, width="content")
        return _component(st.selectbox(name, free, default, key=key, format_func=said, label_visibility="collapsed"))


def _component(said: int | str) -> int:
    """The number of a component, from the label by which the browser names it: ``3``, or ``3 · 6.1 %``."""
    return int(str(said).split(" ")[0])
