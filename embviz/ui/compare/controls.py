"""The small controls above a pane that is compared with the first one, and the view spec that they ask for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from embviz.datasets import DatasetInfo
from embviz.features.catalogue import feature_spaces
from embviz.features.features import classifier_of
from embviz.projection.preprocess.steps import can_reduce, preprocess_of, scaling_of, usual_reduction
from embviz.projection.specs import Columns, Pca, ProjectionSpec, Tsne, Umap
from embviz.projection.titles import METHODS, PARAMETERS, dimensions_title
from embviz.ui.compare.panes import COMPARED, Suggestion
from embviz.ui.first_picture import first_limit, first_perplexity, most_perplexity
from embviz.ui.pane import Pane
from embviz.ui.words import as_text
from embviz.view import ViewSpec

MOST_SEED = 2**32 - 1

WIDTHS: Mapping[str, int] = {"Method": 70, PARAMETERS["n_components"]: 50, "Split": 62, PARAMETERS["seed"]: 60}
"""Pixels in which the texts of a control fit; what is left is the room of the select of features."""

Option = TypeVar("Option", str, int)


def pane_spec_controls(pane: Pane, first: ViewSpec, info: DatasetInfo) -> ViewSpec:
    """Draw the controls of a pane; returns the view spec that they ask for, on the data of the first pane.

    A parameter without a control here has the value of the first pane if the methods are the same, else its default.
    A layer is of the classifier that the first pane's features are from, or of the default one if they are from none.
    """
    suggested = pane.kept(Suggestion)
    with st.container(key=pane.named("compare-controls"), horizontal=True, gap="xxsmall", wrap=False):
        method = _select(pane, "Method", COMPARED, suggested.method, METHODS)
        titles = {n: dimensions_title(n) for n in (2, 3)}
        dims = _select(pane, PARAMETERS["n_components"], [2, 3], first.projection.n_components, titles)
        spaces = {space.spec.name: space for space in feature_spaces(info, classifier_of(first.features))}
        names = {name: space.title for name, space in spaces.items()}
        space = spaces[_select(pane, "Features", list(spaces), first.features.name, names)]
        split = first.split
        if len(info.counts) > 1:
            split = _select(pane, "Split", list(info.counts), split, {each: each.capitalize() for each in info.counts})
        limit = _limit(first, split, info)
        n_items = limit or info.counts[split]
        spec = _spec_like(first.projection, method, dims, n_items, space.n_values)
        if not isinstance(spec, Pca):
            seed = st.number_input(
                as_text(PARAMETERS["seed"]),
                0,
                MOST_SEED,
                suggested.seed,
                step=1,
                key=pane.named("compare-seed"),
                icon=":material/casino:",
                help="Seed",
                label_visibility="collapsed",
                width=WIDTHS[PARAMETERS["seed"]],
            )
            spec = replace(spec, seed=int(seed))
    return ViewSpec(info.source, split, limit, space.spec, spec)


def _select(pane: Pane, name: str, options: list[Option], usual: Option, titles: Mapping[Option, str]) -> Option:
    """Draw a select that shows `usual` at first, and return its option; its label is hidden, which saves a line."""
    place = options.index(usual) if usual in options else 0
    chosen: Option = st.selectbox(
        as_text(name),
        options,
        place,
        key=pane.named(f"compare-{name.lower()}"),
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        width=WIDTHS.get(name, "stretch"),
    )
    return chosen


def _limit(first: ViewSpec, split: str, info: DatasetInfo) -> int | None:
    """Number of items of a split to show: as many as the first pane shows, if that shows a sample; None for all."""
    n = info.counts[split]
    if split == first.split:
        return first.limit
    limit = first.limit if first.limit is not None else first_limit(n)
    return limit if limit is not None and limit < n else None


def _spec_like(like: ProjectionSpec, method: str, dims: int, n_items: int, n_features: int) -> ProjectionSpec:
    """The spec of a layout by a method, with the parameters of `like` if that is by the same method and they fit.

    The scaling of vectors is taken over from any method, except from columns, whose scaling is not one of vectors.
    """
    scaling = None if isinstance(like, Columns) else scaling_of(like.preprocess)
    usual = preprocess_of(scaling, usual_reduction(n_items, n_features))
    match method, like:
        case "tsne", Tsne():
            perplexity = min(like.perplexity, float(most_perplexity(n_items)))
            kept = like.preprocess if can_reduce(n_items, n_features) else scaling
            return replace(like, n_components=dims, perplexity=perplexity, preprocess=kept)
        case "tsne", _:
            return Tsne(dims, perplexity=float(first_perplexity(n_items)), preprocess=usual)
        case "umap", Umap():
            kept = like.preprocess if can_reduce(n_items, n_features) else scaling
            neighbors = min(like.n_neighbors, _most_neighbors(n_items))
            return replace(like, n_components=dims, n_neighbors=neighbors, preprocess=kept)
        case "umap", _:
            return Umap(dims, n_neighbors=min(Umap().n_neighbors, _most_neighbors(n_items)), preprocess=usual)
        case _:
            is_same = isinstance(like, Pca) and like.n_components == dims
            return like if is_same else Pca(dims, preprocess=scaling)


def _most_neighbors(n_items: int) -> int:
    """The largest number of neighbors that UMAP can have among so many items, the item itself counted."""
    return max(2, n_items - 1)
